"""A group described; trainees chosen for a group, an entry, an exit, an answer to a positioning."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any, ClassVar

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional, StopValidation, ValidationError

from pathways.forms.base import BaseForm, Day, choice
from pathways.operations.groups import Described
from pathways.queries.groups import SCHEMES_OF_BODIES, Filters
from pathways.sharing import naming
from pathways.sharing.language import N_, _
from pathways.workflows import outcomes

LONGEST_NAME, LONGEST_SEARCH = 80, 100
TRAINEE_STATES = {"": N_("Présents et admis"), "presents": N_("Présents"), "admis": N_("Admis"), "sortis": N_("Sortis")}
NO_GROUP = "aucun"


def _stripped(text: str | None) -> str | None:
    return text.strip() if text else text


class NeededWhen:
    """Something must be answered once another answer calls for it; else it may stay empty, and the page does not show it."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __init__(self, field: str, answers: AbstractSet[str], message: str) -> None:
        self.field, self.answers, self.message = field, answers, message

    def __call__(self, form: Any, field: Any) -> None:
        if form[self.field].data in self.answers and not field.data:
            raise StopValidation(_(self.message))


class GroupForm(BaseForm):
    """What one says of a group. ``offer`` gives the schemes and the colleagues to choose from."""

    name = StringField(
        "Nom",
        filters=[_stripped],
        validators=[InputRequired("Donnez un nom au groupe."), Length(max=LONGEST_NAME)],
        render_kw={"maxlength": LONGEST_NAME, "placeholder": "Session CAP cuisine 2026"},
    )
    scheme = SelectField("Dispositif", validators=[InputRequired("Choisissez le dispositif.")])
    starts_on = Day("Premier jour", validators=[InputRequired("Indiquez le premier jour.")])
    ends_on = Day("Dernier jour", validators=[Optional()])
    trainer = SelectField("Formateur référent", validators=[Optional()])
    place = StringField("Lieu", filters=[_stripped], validators=[Optional(), Length(max=LONGEST_NAME)])
    version = HiddenField()

    def offer(self, trainers: Iterable[tuple[int, str]], kept: str | None = None) -> None:
        """``kept``: the scheme a group already has, which stays even if no longer usual."""
        codes = dict.fromkeys([*([kept] if kept else []), *SCHEMES_OF_BODIES])
        names = sorted(((naming.scheme(code), code) for code in codes), key=lambda each: each[0].casefold())
        self.scheme.choices = [choice("", _("Choisir…")), *(choice(code, name) for name, code in names)]
        self.trainer.choices = [choice("", "–"), *(choice(str(user), name) for user, name in trainers)]

    @property
    def described(self) -> Described:
        assert self.name.data
        assert self.starts_on.data
        return Described(
            self.name.data,
            self.scheme.data,
            self.starts_on.data,
            self.ends_on.data,
            int(self.trainer.data) if self.trainer.data else None,
            self.place.data or None,
        )


class Steps(SelectMultipleField):
    """The public ids of the steps ticked in a list; what is not one is refused."""

    def pre_validate(self, _form: Any) -> None:
        """The query says which of them the reader may act on."""
        for value in self.data or ():
            try:
                uuid.UUID(value)
            except ValueError as unread:
                raise ValidationError(_("Cette ligne n’existe plus : rechargez la page.")) from unread

    @property
    def answer(self) -> list[uuid.UUID]:
        return [uuid.UUID(value) for value in self.data or ()]


class ChosenForm(BaseForm):
    """Trainees ticked in a list, at least one."""

    steps = Steps("Stagiaires", choices=[], validate_choice=False)

    def validate_steps(self, field: Steps) -> None:
        if not field.data:
            raise ValidationError(_("Cochez au moins une personne."))


class AddForm(ChosenForm):
    """Into a group: an existing one, or the one of the address."""

    group = SelectField("Groupe", validators=[Optional()], validate_choice=False)


class ProposalForm(BaseForm):
    """The scheme and the dates of a proposed group."""

    scheme = HiddenField(validators=[InputRequired()])
    starts_on = Day("Premier jour", validators=[InputRequired()])
    ends_on = Day("Dernier jour", validators=[Optional()])


class EntryForm(ChosenForm):
    """The real entry of those ticked."""

    on = Day("Entrés le", validators=[InputRequired("Indiquez le jour d’entrée.")])
    planned_end = Day("Fin prévue", validators=[Optional()])


COMPLETED, DROPPED, EXCLUDED = "completed", "dropped", "excluded"
EXITS: Mapping[str, str] = {COMPLETED: N_("Formation terminée"), DROPPED: N_("Abandon"), EXCLUDED: N_("Exclusion")}
RESULT_OF_REASON = {"CONTRAT_ALTERNANCE": "ALTERNANCE_APPRENTISSAGE", "AUTRE_FORMATION": "FORMATION_QUALIFIANTE"}


class ExitForm(ChosenForm):
    """How those ticked left: at the end with a result, or before with a reason."""

    how = RadioField("Sortie", validators=[InputRequired("Indiquez comment ils sont sortis.")])
    on = Day("Déclarée le", validators=[InputRequired("Indiquez le jour de la sortie.")])
    last_day = Day("Dernier jour de présence", validators=[Optional()])
    result = SelectField("Résultat", validators=[NeededWhen("how", {COMPLETED}, "Choisissez le résultat."), Optional()])
    reason = SelectField("Motif", validators=[NeededWhen("how", {DROPPED, EXCLUDED}, "Choisissez le motif."), Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.how.choices = [choice(code, _(label)) for code, label in EXITS.items()]
        results = [choice(code, _(label)) for code, label in outcomes.TRAINING_RESULTS.items()]
        self.result.choices = [choice("", _("Choisir…")), *results]
        reasons = [choice(code, _(label)) for code, label in outcomes.INTERRUPTION_REASONS.items()]
        self.reason.choices = [choice("", _("Choisir…")), *reasons]

    def details(self, event: str) -> dict[str, Any]:
        """What the declaration says; the outcome follows from the result, or from the reason where that names one."""
        last = (self.last_day.data or self.on.data or date.min).isoformat()
        if event == COMPLETED:
            return {"outcome": self.result.data, "last_day": last}
        usual = "EXCLUSION" if event == EXCLUDED else "ABANDON"
        return {"outcome": RESULT_OF_REASON.get(self.reason.data, usual), "reason": self.reason.data, "last_day": last}


ADMITTED, WAITLISTED, NOT_SELECTED, ENTERED, CANCELLED = "admitted", "waitlisted", "not_selected", "entered", "cancelled"
ANSWERS: Mapping[str, str] = {
    ADMITTED: N_("Admis"),
    WAITLISTED: N_("Liste d’attente"),
    NOT_SELECTED: N_("Non retenu"),
}
AFTER_ADMISSION: Mapping[str, str] = {ENTERED: N_("Entré en formation"), CANCELLED: N_("Ne viendra pas")}


class AnswerForm(ChosenForm):
    """The answer to those ticked. ``ask`` says which answers the tab offers."""

    answer = RadioField("Réponse", validators=[InputRequired("Choisissez une réponse.")])
    on = Day("Jour de la réponse", validators=[InputRequired("Indiquez le jour de la réponse.")])
    planned_start = Day(
        "Début prévu", validators=[NeededWhen("answer", {ADMITTED}, "Indiquez quand la formation commence."), Optional()]
    )
    planned_end = Day("Fin prévue", validators=[Optional()])
    reason = SelectField(
        "Motif", validators=[NeededWhen("answer", {NOT_SELECTED, CANCELLED}, "Choisissez le motif."), Optional()]
    )

    def ask(self, answers: Mapping[str, str]) -> None:
        self.answer.choices = [choice(code, _(label)) for code, label in answers.items()]
        reasons = [choice(code, _(label)) for code, label in naming.NOT_SELECTED.items()]
        self.reason.choices = [choice("", _("Choisir…")), *reasons]

    def validate_planned_end(self, field: Any) -> None:
        if field.data and self.planned_start.data and field.data < self.planned_start.data:
            raise ValidationError(_("La fin ne peut pas précéder le début."))

    def details(self) -> dict[str, Any]:
        """What the declaration says, for the answer chosen."""
        if self.answer.data == ADMITTED:
            dates = {"planned_start": self.planned_start.data, "planned_end": self.planned_end.data}
            return {name: each.isoformat() for name, each in dates.items() if each}
        if self.answer.data == ENTERED:
            return {"planned_end": self.planned_end.data.isoformat()} if self.planned_end.data else {}
        return {} if self.answer.data == WAITLISTED else {"reason": self.reason.data}


def read_filters(query: Mapping[str, str]) -> Filters:
    """The filters an address asks for; what is not on the list of choices is ignored."""
    state, group, scheme = query.get("etat", ""), query.get("groupe", ""), query.get("dispositif", "")
    return Filters(
        query.get("q", "").strip()[:LONGEST_SEARCH],
        state if state in TRAINEE_STATES else "",
        group if group == NO_GROUP or _is_public_id(group) else "",
        scheme if scheme in SCHEMES_OF_BODIES else "",
    )


def as_query(filters: Filters) -> dict[str, str]:
    """The filters as an address carries them, without what is usual."""
    asked = {"q": filters.search, "etat": filters.state, "groupe": filters.group, "dispositif": filters.scheme}
    return {name: value for name, value in asked.items() if value}


def _is_public_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
