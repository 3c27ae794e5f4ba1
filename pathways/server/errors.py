"""What goes wrong on the server side, always with the way out."""

from __future__ import annotations


class ServerError(Exception):
    """Something the person at the keyboard has to mend. ``mend`` says how, in one or two lines."""

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(f"{what}\n  {mend}" if mend else what)
        self.what = what
        self.mend = mend


class AlreadyRunning(ServerError):
    """Somebody else holds the data folder."""
