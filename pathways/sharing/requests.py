"""Requests between organisations in words: what is asked, what was replied."""

from __future__ import annotations

from datetime import date

from pathways.sharing.language import _, long_day
from pathways.workflows.requests import QUESTIONS, REPLIES, Reply


def question_said(code: str) -> str:
    """The question; its code for one that is no longer in the catalogue."""
    return _(QUESTIONS[code].label) if code in QUESTIONS else code


def reply_said(code: str, on: date | None = None) -> str:
    """The reply with its day; its code for one that is no longer in the catalogue."""
    if code not in REPLIES:
        return code
    return _(REPLIES[code].said).format(day=_a_day(on))


def reply_label(reply: Reply) -> str:
    """What stands on its button."""
    return _(reply.label)


def _a_day(on: date | None) -> str:
    return long_day(on) if on else ""
