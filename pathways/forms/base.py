"""What every form shares: French messages, the token against forged requests, and refusals shown beside what was typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto, _is_submitted
from werkzeug.datastructures import CombinedMultiDict
from wtforms import DateField, FloatField, IntegerField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Length, Optional

from pathways.sharing import language
from pathways.sharing.language import N_, _

LONGEST_NOTE = 4_000
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)
NUMBER_TYPED = N_("Un numéro de sécurité sociale a été saisi ici : il ne doit jamais l’être. Il a été retiré.")


def choice(code: str, label: str) -> Any:
    """One entry of a list of choices."""
    return SelectChoice(code, label)


class BaseForm(FlaskForm):
    """A form in French. ``refusals``: why the operation said no, in sentences."""

    class Meta(FlaskForm.Meta):
        @property
        def locales(self) -> list[str]:
            """Of the library's own messages."""
            return ["fr_FR", "fr"] if language.locale() == language.SOURCE else ["en"]

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:  # noqa: ARG002 -- the library's signature
            """What a browser sends, without the numbers nobody may type; never a JSON body, which may hold anything."""
            if formdata is not _Auto:
                return formdata
            if not _is_submitted():
                return None
            sent: Any = getattr(request.form, "cleaned", request.form)
            return CombinedMultiDict([request.files, sent]) if request.files else sent or None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refusals: list[str] = []
        self.refused: frozenset[str] = getattr(request.form, "refused", frozenset()) & {field.name for field in self}
        for field in self:
            _speak(field)
            if field.name in self.refused:
                field.errors = [_(NUMBER_TYPED)]

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field as it says, and none with a social security number in it."""
        good = super().validate(extra_validators)
        for field in self:
            if field.name in self.refused:
                field.errors = [_(NUMBER_TYPED)]
        return bool(good) and not self.refused

    def refuse(self, sentences: Iterable[str]) -> None:
        self.refusals = list(sentences)

    @property
    def status(self) -> int:
        """422 once something was wrong with what was sent, else 200."""
        return 422 if self.refusals or (self.is_submitted() and self.errors) else 200


def _speak(field: Any) -> None:
    """What a form class says in French is said in the reader's language: labels are translated where they are drawn, the
    choices and the example of a field here.
    """
    if getattr(field, "choices", None):
        field.choices = [replace(each, label=_(each.label)) if isinstance(each, SelectChoice) else each for each in field.choices]
    if example := (field.render_kw or {}).get("placeholder"):
        field.render_kw = field.render_kw | {"placeholder": _(example)}


class Day(DateField):
    """A day, picked or typed as 03/02/2026 or 2026-02-03."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, format=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not any(value.strip() for value in valuelist):
            return  # whether it may be left empty is for the validators to say
        try:
            super().process_formdata(valuelist)
        except ValueError as unread:
            raise ValueError(_("Cette date n’existe pas : écrivez-la comme 03/02/2026.")) from unread
        if self.data is not None and not is_of_our_time(self.data):
            self.data = None
            raise ValueError(_("Cette date n’existe pas : écrivez-la comme 03/02/2026."))


class Days(TextAreaField):
    """Several days, one per line or separated by commas; ``data`` stays what was typed, ``answer`` is what it says."""

    answer: list[date]

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.answer = []
        words = (self.data or "").replace(",", " ").replace(";", " ").split()
        self.answer = [read_day(word) for word in words]


class Codes(StringField):
    """Several short codes separated by commas; ``data`` stays what was typed, ``answer`` is what it says."""

    @property
    def answer(self) -> list[str]:
        return [word.strip() for word in (self.data or "").split(",") if word.strip()]


def is_of_our_time(day: date) -> bool:
    """A day one can reckon from, as the journal accepts it: nobody means the year 1 or 9999."""
    return FIRST_DAY <= day <= LAST_DAY


def read_day(word: str) -> date:
    """A day typed as 03/02/2026 or 2026-02-03. ValueError otherwise."""
    try:
        if "/" in word:
            day, month, year = (int(part) for part in word.split("/"))
            found = date(year, month, day)
        else:
            found = date.fromisoformat(word)
        if not is_of_our_time(found):
            raise ValueError(word)  # noqa: TRY301 -- worded with the others below
    except ValueError as unread:
        raise ValueError(_("« {word} » n’est pas une date : écrivez-la comme 03/02/2026.").format(word=word)) from unread
    return found


class Number(IntegerField):
    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as unread:
            raise ValueError(_("Écrivez un nombre entier.")) from unread


class Decimal(FloatField):
    """A number with a decimal comma or point."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.replace(",", ".").replace("\u202f", "") for value in valuelist])
        except ValueError as unread:
            raise ValueError(_("Écrivez un nombre, par exemple 12,5.")) from unread


class Note(TextAreaField):
    """Free text; it stays inside the organisation that wrote it."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, validators=[Optional(), Length(max=LONGEST_NOTE)], **kwargs)
