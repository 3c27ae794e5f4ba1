"""Somebody whose record holds one mark in every group of fields, on a step of one's own, on another's and on none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Enrolment, JournalEntry, LinkRole, Organisation, Person, Role
from pathways.sharing.roles import FUNDERS, OPENS_RECORDS, roles_for
from pathways.workflows.actors import ACCOMPANYING, TRAINING_BODIES, Kind
from tests.factories import EnrolmentFactory, LinkFactory, OrganisationFactory, PersonFactory
from tests.scene import account

OWN, OTHER, NONE = "own", "other", "none"
"""Where a mark stands: a step the reader has a part in, one it has none in, no step at all."""
NUMBER = {OWN: 3, OTHER: 2, NONE: 0}
NOTE = "une phrase écrite pour soi"
PHONE, EMAIL, RECOGNISED = "06 99 88 77 66", "xqc@exemple.fr", "24 novembre 2031"


def mark(letter: str, where: str) -> str:
    """What stands for that group there. A mark of health is a day, since the events of that group hold nothing else."""
    return f"2{NUMBER[where]} décembre 2031" if letter == "H" else f"XQ{letter}{NUMBER[where]}"


def entries(where: str) -> list[tuple[str, dict]]:
    """One event of each group, its mark in a field that is shown as it stands."""
    day = clock.today().isoformat()
    return [
        ("prolongation_granted", {"decider": mark("A", where)}),
        ("obstacle", {"theme": f"{mark('S', where)}T", "severity": "fort", "value": f"{mark('S', where)}V"}),
        ("rqth_renewed", {"until": f"2031-12-2{NUMBER[where]}"}),
        ("entered", {"certification": mark("T", where)}),
        ("contract_broken", {"broken_on": day, "reason": mark("K", where)}),
        ("contact", {"channel": mark("R", where), "note": f"{mark('N', where)} {NOTE}"}),
        ("risk_flag", {"dimension": mark("G", where), "level": 2}),
        ("followup", {"month": 1, "situation": mark("O", where)}),
        ("suspended", {"reason": mark("F", where)}),
    ]


@dataclass
class Marked:
    """The person, the reader's organisation, and the step it has a part in."""

    person: Person
    organisation: Organisation
    step: Enrolment

    def user(self, role: Role | None = None):
        """Somebody of the reader's organisation, with a role that opens records unless told."""
        reading = [each for each in roles_for(self.organisation.kind) if each in OPENS_RECORDS]
        role = role or next(iter(reading), Role.OBSERVATEUR_AGREGATS)
        return account(self.organisation, "Lectrice", f"{self.organisation.id}.{role}@exemple.fr", role)


def link_role(kind: Kind) -> LinkRole:
    if kind in ACCOMPANYING:
        return LinkRole.CO_REFERENT
    return LinkRole.OPERATOR if kind in TRAINING_BODIES else LinkRole.FUNDER if kind in FUNDERS else LinkRole.PARTNER


def marked(kind: Kind, *, leads: bool = False, ended_days_ago: int | None = None, linked: bool = True) -> Marked:
    """A person with every mark, declared by others, and an organisation of that kind with a part in one step of theirs."""
    referent, body = OrganisationFactory(town="Référente"), OrganisationFactory(training_body=True, town="Autre organisme")
    reader = OrganisationFactory(kind=kind, town=f"Lecteur {kind.value}")
    person = PersonFactory(
        family_name="XQI", given_name="Marquée", phone="+33699887766", email=EMAIL, rqth_until=clock.today().replace(2031, 11, 24)
    )
    LinkFactory(person=person, organisation=referent, started_on=clock.today() - timedelta(days=300))
    other = EnrolmentFactory(person=person, lead=body, in_training=True)
    own = EnrolmentFactory(person=person, lead=referent, in_training=True)
    if linked:
        LinkFactory(
            person=person, organisation=reader, role=LinkRole.REFERENT if leads else link_role(kind),
            enrolment_id=own.id, ended_days_ago=ended_days_ago,
        )
    steps = {OWN: own.id, OTHER: other.id, NONE: None}
    rows = [
        {
            "person_id": person.id, "organisation_id": referent.id, "type": event, "payload": payload, "source": "screen",
            "enrolment_id": step, "occurred_on": clock.today() - timedelta(days=9),
            "recorded_at": clock.noon(clock.today() - timedelta(days=9)),
        }
        for where, step in steps.items()
        for event, payload in entries(where)
    ]
    with db.as_system(), db.atomic() as session:
        session.execute(sa.insert(JournalEntry), rows)
    return Marked(person, reader, own)
