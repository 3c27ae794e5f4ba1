"""What the person says themselves: it comes before everything that is computed, and needs no rule to be believed."""

from collections.abc import Mapping
from typing import Any

from pathways.detection.facts import Facts
from pathways.detection.finding import ALERT, CRITICAL, QUIET, Finding, Findings
from pathways.detection.rule import Family, rule
from pathways.workflows.dates import ONE_DAY
from pathways.workflows.entry import Entry, is_two_way_contact

RULE_OF = {"help_asked": "help_asked", "appointment_answered": "appointment_declined"}
"""What the person said → the signal it raises, as a contact that answers names it."""


@rule(
    "help_asked",
    "Demande d’aide",
    family=Family.CONTACT,
    about_the_person=True,
    raised_by=2,
    despite_objection=True,
    levels=(CRITICAL,),
    closes="Un échange noté qui y répond, ou tout échange d’un jour suivant.",
    source="Alerte précoce, R16 : la parole d’une personne passe avant tout calcul",
    after={"help_asked"},
)
def help_asked(facts: Facts, settings: Mapping[str, Any]) -> Findings:
    """The person asked for help on their own page; somebody speaks with them, and says that it answers if it is the same day."""
    last = facts.pathway.last("help_asked")
    if last is None or any(_answers(contact, last) for contact in facts.pathway.contacts):
        return QUIET
    values = {"on": last.occurred_on, "topic": last.data.get("topic") or "other"}
    return Findings((Finding(f"{last.occurred_on}", CRITICAL, evidence=(last,), values=values),))


@rule(
    "appointment_declined",
    "Rendez-vous à déplacer",
    family=Family.CONTACT,
    about_the_person=True,
    raised_by=2,
    despite_objection=True,
    levels=(ALERT,),
    closes="Un échange noté qui y répond, ou tout échange d’un jour suivant ; le jour du rendez-vous passé.",
    source="Demande de la personne",
    after={"appointment_answered"},
)
def appointment_declined(facts: Facts, settings: Mapping[str, Any]) -> Findings:
    """The person said they will not come, or want another day, until somebody spoke with them or the day is past."""
    last = facts.pathway.last("appointment_answered")
    if last is None or last.data.get("answer") not in {"move", "cancelled"}:
        return QUIET
    planned = last.data["for"]
    if facts.day > planned or any(_answers(contact, last) for contact in facts.pathway.contacts):
        return QUIET
    values = {"on": last.occurred_on, "for": planned, "answer": last.data["answer"]}
    return Findings((Finding(f"{planned}", ALERT, evidence=(last,), values=values),), again_on=planned + ONE_DAY)


def _answers(contact: Entry, asked: Entry) -> bool:
    """Somebody spoke with the person about it, or at all on a later day."""
    if not is_two_way_contact(contact) or contact.occurred_on < asked.occurred_on:
        return False
    return contact.occurred_on > asked.occurred_on or RULE_OF[asked.type] in (contact.data.get("resolves") or ())
