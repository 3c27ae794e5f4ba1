"""Asking another organisation, answering it, and what the list of requests shows, as an address says it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from pathways.forms.base import BaseForm, Day, choice
from pathways.queries.requests import ALL, ANSWERED, OVERDUE, RECEIVED, SENT, WAITING, WITHDRAWN, Filters, Partner
from pathways.sharing.language import N_, _, long_day, ngettext
from pathways.sharing.requests import question_said
from pathways.workflows.requests import DEADLINES, QUESTIONS, due_on

SIDES: Mapping[str, str] = {RECEIVED: "recues", SENT: "envoyees"}
STATES: Mapping[str, str] = {
    WAITING: "en-attente", OVERDUE: "en-retard", ANSWERED: "repondues", WITHDRAWN: "retirees", ALL: "toutes",
}  # fmt: skip
STATE_LABELS: Mapping[str, str] = {
    WAITING: N_("En attente"), OVERDUE: N_("En retard"), ANSWERED: N_("Répondues"), WITHDRAWN: N_("Retirées"), ALL: N_("Toutes"),
}  # fmt: skip
MINE = "moi"


def read_filters(args: Mapping[str, str]) -> Filters:
    """What the address asks for; what it does not say, or says wrongly, is what waits among what was received."""
    sides = {word: side for side, word in SIDES.items()}
    states = {word: state for state, word in STATES.items()}
    asked = args.get("objet", "")
    return Filters(
        sides.get(args.get("sens", ""), RECEIVED),
        states.get(args.get("etat", ""), WAITING),
        asked if asked in QUESTIONS else "",
        args.get("pour") == MINE,
    )


def as_query(filters: Filters) -> dict[str, str]:
    """The same in an address, without what goes without saying."""
    said = {
        "sens": "" if filters.side == RECEIVED else SIDES[filters.side],
        "etat": "" if filters.state == WAITING else STATES[filters.state],
        "objet": filters.question,
        "pour": MINE if filters.mine else "",
    }
    return {name: word for name, word in said.items() if word}


class AskForm(BaseForm):
    """One question to one organisation. ``offer`` gives it what may be asked there before it is read."""

    question = RadioField("Votre demande", validators=[InputRequired("Choisissez une demande.")])
    user_asked = SelectField("À qui", validators=[Optional()])
    due_in = SelectField("Réponse attendue", validators=[Optional()])

    def offer(self, partner: Partner, today: date) -> None:
        self.question.choices = [choice(each.code, question_said(each.code)) for each in partner.questions]
        people = sorted(partner.people.items(), key=lambda each: each[1])
        self.user_asked.choices = [choice("", _("Toute l’équipe")), *(choice(public_id, name) for public_id, name in people)]
        said = [(n, ngettext("sous {n} jour ouvré", "sous {n} jours ouvrés", n).format(n=n)) for n in DEADLINES]
        dated = _("{delay}, le {day} au plus tard")
        self.due_in.choices = [
            choice("", _usual(partner)),
            *(choice(str(n), dated.format(delay=delay, day=long_day(due_on(today, n)))) for n, delay in said),
        ]


def _usual(partner: Partner) -> str:
    """What the deadline is unless one is chosen."""
    usual = [each.due_in for each in partner.questions]
    said = _("Délai habituel ({least} à {most} jours ouvrés selon la demande)")
    return said.format(least=min(usual), most=max(usual))


class AnswerForm(BaseForm):
    """One of the replies of a question, with its day where it has one."""

    reply = RadioField("Votre réponse", validators=[InputRequired("Choisissez une réponse.")], validate_choice=False, choices=[])
    on = Day("Date", validators=[Optional()])
