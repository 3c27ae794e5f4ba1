"""The form of one event type, built from the fields its type declares (``workflows.events``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms import Field as FormField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from pathways.forms.base import BaseForm, Codes, Day, Days, Decimal, Note, Number, choice
from pathways.forms.half_days import HalfDays
from pathways.forms.naming_others import ColleagueField, NameField, OrganisationField
from pathways.queries.organisations import Member, Offer
from pathways.sharing import naming
from pathways.sharing.language import _
from pathways.workflows import outcomes
from pathways.workflows.actors import EMP
from pathways.workflows.dates import monday_of
from pathways.workflows.events import EVENTS, Field
from pathways.workflows.outcomes import Category

MAX_CODE = 80
MAX_NUMBER = 100_000
FEW = 8
"""Up to so many choices are shown at once: one click instead of two."""
NOT_ON_SCREEN = frozenset({"data", "entry"})
"""Nested details and references to entries: only feeds, and operations, give them."""
ONLY_OFFERED = frozenset({"resolves", "session_ref", "incident"})
"""Codes one chooses among those the page offers, or that only an operation gives: never typed."""
OF_A_PAGE_OF_THEIRS = frozenset({
    ("contact", "result"), ("contact", "themes"), ("contact_attempt", "after_rupture"), ("appointment", "kind"),
})
"""Details asked where they mean something (a rupture, a summons): here only to correct an entry that has them."""
FIELD = "d_"
"""Prefix of the details' names in the form: a detail may be called ``data`` or ``errors``."""
CERTIFICATION = re.compile(r"(RNCP|RS)\d{2,6}")

WEEK_STARTS = frozenset({"from", "monday"})
"""Days that begin a week: this week's Monday unless told otherwise."""

SIMPLE: Mapping[str, Callable[..., Any]] = {
    "date": Day,
    "dates": Days,
    "int": Number,
    "float": Decimal,
    "flag": BooleanField,
    "halves": HalfDays,
    "codes": Codes,
}
RESULTS = frozenset(outcomes.TRAINING_RESULTS)
LEFT_EARLY = frozenset({code for code, (category, _label) in outcomes.OUTCOMES.items()}) - {"ARRIVE_A_TERME", "SAISIE_ERREUR"}
NEVER_FOR: Mapping[str, frozenset[str]] = {
    "closed": RESULTS | {"SANS_EMPLOYEUR", "EXCLUSION", "SAISIE_ERREUR"},
    "dropped": frozenset(outcomes.EXITS) - LEFT_EARLY | {"EXCLUSION"},
    "excluded": frozenset(outcomes.EXITS) - {"EXCLUSION", "NON_RESPECT_ENGAGEMENTS"},
    "completed": frozenset(outcomes.EXITS) - RESULTS,
    "left_without_contract": frozenset(outcomes.EXITS) - LEFT_EARLY,
    "work_contract_ended": RESULTS | {"EXCLUSION", "SAISIE_ERREUR", "ABANDON", "INJOIGNABLE", "NON_RESPECT_ENGAGEMENTS"},
}
"""Results of the common list that make no sense for a kind of exit: they are not offered on screen."""
CATEGORIES: Mapping[Category, str] = {
    Category.DURABLE_JOB: "Emploi durable",
    Category.TRANSITION_JOB: "Emploi de transition",
    Category.WORK_STUDY: "Alternance",
    Category.POSITIVE: "Autre sortie positive",
    Category.NEUTRAL: "Sans effet sur le bilan",
    Category.NEGATIVE: "Autre sortie",
    Category.NEUTRALISED: "Retiré du bilan",
}

Choices = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Around:
    """What the form needs to know of where it is filled in.

    ``offers``: the organisations offered for a detail. ``defaults``: what stands in a detail before anything is typed, in the
    detail's own type. ``choices``: values offered for list details. ``codes``: the codes offered for a detail, with their
    labels, where the step's own rules name them. ``members``: the colleagues offered; None where nobody is to be named.
    ``occurred_on``: the day that stands there, today if None.
    """

    offers: Mapping[str, Offer] = field(default_factory=dict)
    members: Sequence[Member] | None = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    choices: Choices = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    occurred_on: date | None = None


class EventForm(BaseForm):
    """The day it happened, then the details. Made by ``event_form``."""

    event: str
    occurred_on = Day("Date", validators=[InputRequired("Indiquez la date.")])

    @property
    def details(self) -> list[FormField]:
        """The fields of the details, in the order of the event type."""
        return [field for field in self if field.name.startswith(FIELD)]

    @property
    def answers(self) -> dict[str, Any]:
        """What was typed, as the operation reads it: days as ISO text, nothing for what was left empty."""
        given = {field.name.removeprefix(FIELD): as_text(getattr(field, "answer", field.data)) for field in self.details}
        return {
            name: value for name, value in given.items() if value is not None and value is not False and value not in ("", [])
        }


def event_form(event: str, *, today: date, around: Around | None = None) -> EventForm:
    """The form for that event, dated ``today`` unless told otherwise."""
    around = around or Around()
    fields = {
        FIELD + name: _field(event, name, spec, today, around)
        for name, spec in EVENTS[event].fields.items()
        if spec.kind not in NOT_ON_SCREEN
        and not (name in ONLY_OFFERED and not around.choices.get(name))
        and not ((event, name) in OF_A_PAGE_OF_THEIRS and name not in around.defaults)
        and not (spec.kind == "colleague" and around.members is None)
    }
    before = {FIELD + name: _before(EVENTS[event].fields[name], value) for name, value in around.defaults.items()}
    data = before | {"occurred_on": around.occurred_on or today}
    made: EventForm = type(f"{event}_form", (EventForm,), {"event": event, **fields})(data=data)
    return made


def as_text(value: Any) -> Any:
    """A detail as JSON would carry it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [as_text(each) for each in value]
    return value.strip() if isinstance(value, str) else value


def _before(spec: Field, value: Any) -> Any:
    """A detail as its field shows it."""
    if spec.kind == "dates":
        return "\n".join(f"{day:%d/%m/%Y}" for day in value)
    return ", ".join(value) if spec.kind == "codes" and isinstance(value, list) else value


def _field(event: str, name: str, spec: Field, today: date, around: Around) -> Any:
    """The field of one detail. A kind that needs no special care is a short text."""
    label = _(spec.label)
    presence: list[Any] = [InputRequired(_("À renseigner."))] if spec.required else [Optional()]
    suggested = around.codes.get(name) or naming.SUGGESTED.get((event, name))
    if suggested or spec.kind == "choice":
        offered = replace(spec, choices=suggested) if suggested and spec.kind != "codes" else spec
        if not (suggested and spec.kind == "codes"):
            return _choice(event, offered, label, presence, around.defaults.get(name))
    listed = [(code, _(text)) for code, text in (spec.choices or {}).items()] if spec.kind == "codes" else []
    if offered_here := around.choices.get(name) or listed:
        return _several(label, offered_here)
    if spec.kind in {"organisation", "colleague"}:
        return _naming(name, spec, label, presence, around)
    if spec.kind in SIMPLE:
        default = {"default": monday_of(today)} if name in WEEK_STARTS else {}
        bounds = [NumberRange(0, MAX_NUMBER, _("Écrivez un nombre positif."))] if spec.kind in {"int", "float"} else []
        return SIMPLE[spec.kind](label, validators=[*presence, *bounds], **default)
    if name == "note":
        return Note(label)
    more = [_certification] if name == "certification" else []
    return StringField(label, validators=[*presence, *more, Length(max=MAX_CODE)], render_kw={"maxlength": MAX_CODE})


def _naming(name: str, spec: Field, label: str, presence: list[Any], around: Around) -> Any:
    if spec.kind == "colleague":
        return ColleagueField(label, around.members or (), validators=presence)
    offer = around.offers.get(name, Offer())
    return NameField(label, offer, validators=[*presence, Length(max=MAX_CODE)]) if EMP in spec.among else OrganisationField(
        label, offer, validators=presence
    )


def _certification(_form: Any, field: Any) -> None:
    """A number of the national register; one that came from elsewhere may stay as it is."""
    typed = re.sub(r"\s", "", field.data or "").upper()
    if typed and typed != (field.object_data or "").upper() and not CERTIFICATION.fullmatch(typed):
        raise ValidationError(_("Écrivez le numéro comme RNCP37948 ou RS6989."))
    field.data = typed or None


def _several(label: str, offered: Sequence[tuple[str, str]]) -> Any:
    choices = [choice(code, text) for code, text in offered]
    return SelectMultipleField(label, choices=choices, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())


def _choice(event: str, spec: Field, label: str, presence: list[Any], before: Any) -> Any:
    known = spec.choices or {}
    if spec.choices is outcomes.EXITS:
        known = {code: text for code, text in known.items() if code not in NEVER_FOR.get(event, ()) or code == before}
    if isinstance(before, str) and before and before not in known:
        known = {**known, before: before}
    if len(known) <= FEW and (spec.required or spec.choices is naming.CHANNELS):
        return RadioField(label, choices=[choice(code, _(text)) for code, text in known.items()], validators=presence)
    return SelectField(label, choices=[choice("", _("Choisir…")), *_grouped(known)], validators=presence)


def _grouped(known: Mapping[str, str]) -> Iterable[Any]:
    """A long list of results by what they count as; any other list as it is."""
    for code, text in known.items():
        category = outcomes.OUTCOMES.get(code, (None, ""))[0] if len(known) > 2 * FEW else None
        said = _("{category} : {result}").format(category=_(CATEGORIES[category]), result=_(text)) if category else _(text)
        yield choice(code, said)


class RetractionForm(BaseForm):
    """Taking back what one's own organisation declared: why, of a closed list."""

    reason = RadioField(
        "Motif de l’annulation",
        choices=[choice(code, label) for code, label in outcomes.RETRACTION_REASONS.items()],
        validators=[InputRequired("Choisissez un motif.")],
    )


class CorrectionReason(RetractionForm):
    """Why it is corrected: another person's entry is taken back, not corrected."""

    reason = RadioField(
        "Motif de la correction",
        choices=[choice(code, label) for code, label in outcomes.RETRACTION_REASONS.items() if code != "mauvaise_personne"],
        validators=[InputRequired("Choisissez un motif.")],
    )
