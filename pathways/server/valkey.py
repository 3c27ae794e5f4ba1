"""Valkey as our child: a unix socket, an append-only file, no port.

Every write is on the disk before its client reads the answer: neither kill -9 nor a power cut loses what was acknowledged.
(``everysec`` would not do: while a flush is under way in the background it keeps writes in memory for up to two seconds.)
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Mapping
from pathlib import Path

from pathways.server.errors import ServerError
from pathways.server.folder import LONGEST_SOCKET
from pathways.server.process import Child, Program

DURABLE: Mapping[str, str] = {"appendonly": "yes", "appendfsync": "always"}
FAST: Mapping[str, str] = {"appendonly": "no"}
ALWAYS: Mapping[str, str] = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",
    "databases": "16",
    "maxmemory-policy": "noeviction",
    "daemonize": "no",
    "loglevel": "notice",
}


class ValkeyServer:
    """One queue server and its folder."""

    name = "valkey"

    def __init__(self, binary: str, folder: Path, sockets: Path, *, log: Path, switches: Mapping[str, str] = DURABLE) -> None:
        self.binary = binary
        self.folder = folder
        self.socket = sockets / "valkey.sock"
        self.log = log
        self.switches = switches

    def url(self, database: int = 0) -> str:
        return f"unix://{self.socket}?db={database}"

    def prepare(self) -> None:
        """Before every start: the socket's path is short enough, and the one a crash left is gone."""
        if len(os.fsencode(self.socket)) > LONGEST_SOCKET:
            raise ServerError(f"The socket {self.socket} has too long a path.", "See docs/operations.md.")
        self.socket.unlink(missing_ok=True)

    def program(self) -> Program:
        settings = {**ALWAYS, **self.switches, "unixsocket": str(self.socket), "dir": str(self.folder)}
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        return Program(
            name=self.name,
            argv=(self.binary, *options),
            log=self.log,
            stop_signal=signal.SIGTERM,
            death_signal=signal.SIGTERM,
        )

    def ready(self, child: Child) -> bool:
        """It answers PING; while it reads its file it answers LOADING."""
        if child.exit_code() is not None:
            return False
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1.0)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False
