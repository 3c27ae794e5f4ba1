"""What a form sends, without the social security numbers typed in it: they are neither kept, nor shown again, nor logged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from pathways.workflows.nir import holds_a_nir

NOT_TYPED = frozenset({"csrf_token", "token", "seen", "anyway", "password", "old", "new", "again"})
"""Fields that hold random signs of ours, or a secret that is kept as a hash alone."""
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What no text of ours may hold: PostgreSQL refuses the first of them, and nobody types the others."""
_HIDES = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\t\r\n]")


class NumberTyped(Exception):
    """A page read, by itself, a field in which a social security number was typed."""


class Screened(ImmutableMultiDict[str, str]):
    """What was sent, minus ``refused``: the fields with a number in them. Whoever reads one of these is stopped."""

    refused: frozenset[str]
    cleaned: MultiDict[str, str]

    def getlist(self, key: str, *args: Any) -> list[Any]:
        self._stop([key])
        return super().getlist(key, *args)

    def __getitem__(self, key: str) -> str:
        self._stop([key])
        return super().__getitem__(key)

    def items(self, multi: bool = False) -> Iterable[tuple[str, str]]:  # type: ignore[override]  # as werkzeug has it
        self._stop(self)
        return super().items(multi)

    def lists(self) -> Iterable[tuple[str, list[str]]]:
        self._stop(self)
        return super().lists()

    def values(self) -> Iterable[str]:  # type: ignore[override]  # as werkzeug has it
        self._stop(self)
        return super().values()

    def _stop(self, keys: Iterable[str]) -> None:
        if self.refused.intersection(keys):
            raise NumberTyped


def screened(sent: MultiDict[str, str]) -> Screened | None:
    """The fields without the numbers typed in them; None when there are none."""
    given = list(sent.items(multi=True))
    refused = frozenset(name for name, value in given if name not in NOT_TYPED and (holds_a_nir(value) or holds_a_nir(name)))
    if not refused:
        return None
    cleaned = [(name, "" if name in refused else value) for name, value in given]
    found = Screened(cleaned)
    found.refused, found.cleaned = refused, MultiDict(cleaned)
    return found


def is_text(value: str) -> bool:
    """Without characters that no text may hold."""
    return _NO_TEXT.search(value) is None


def as_text(sent: MultiDict[str, str]) -> Any:
    """The same values, without such characters; the same object when there are none."""
    pairs = list(sent.items(multi=True))
    if all(is_text(each) for pair in pairs for each in pair):
        return sent
    return ImmutableMultiDict([(_NO_TEXT.sub("", name), _NO_TEXT.sub("", value)) for name, value in pairs])


def file_name(given: str | None, most: int = 200) -> str:
    """The name of a file somebody sends, as it may be shown: no folder, no character that hides or turns others."""
    name = re.split(r"[\\/]", given or "")[-1]
    return _HIDES.sub("", _NO_TEXT.sub("", name)).strip()[-most:]
