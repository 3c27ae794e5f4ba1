"""Every operation on somebody, asked for by an organisation that does not see them: refused, and nothing is written."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import uuid
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from pathways import clock, db, operations
from pathways.errors import NotVisible, Refused
from pathways.models import Kind, Role
from pathways.operations.agreements import note_agreement, revoke_agreement
from pathways.operations.alerts import close_alert, hand_alert, pause_alert, reopen_alert, resume_alert, take_alert
from pathways.operations.attendance import Typed, record_week
from pathways.operations.collective import Attendance, record_session
from pathways.operations.correction import Correction, correct, effect_of
from pathways.operations.declaring import Asked, declare_together
from pathways.operations.discordances import ask_to_check, confirm_entry, settle
from pathways.operations.dossier import check_visible, open_dossier, open_dossiers
from pathways.operations.eligible import eligible, opening, state_conditions
from pathways.operations.feeds import put_away, take_up
from pathways.operations.flags import raise_flag
from pathways.operations.groups import Described, add_members, create_group, leave_group
from pathways.operations.handing_over import accept, acknowledge, answer, bags, refuse, withdraw
from pathways.operations.identifiers import keep_numbers
from pathways.operations.merging import join
from pathways.operations.own_page import living_link, make_link, revoke_links
from pathways.operations.possibilities import possible_events
from pathways.operations.preview import preview
from pathways.operations.reassigning import reassign_alerts, reassign_persons
from pathways.operations.recording import Draft, record_entries, record_event
from pathways.operations.requests import Addressee, ask
from pathways.operations.rights import note_information, receive_request, withdraw_objection
from pathways.operations.undo import take_back
from pathways.sharing.visibility import Reader
from tests.factories import AlertFactory, LinkFactory, PersonFactory
from tests.walls.marked import marked


@dataclass
class Case:
    """A stranger's organisation and user, and the numbers of somebody else's person."""

    person: int
    other: int
    step: int
    entry: int
    alert: int
    alert_public: uuid.UUID
    link: int
    group: int
    org: int
    user: int
    today: date

    @property
    def by(self):
        return {"organisation_id": self.org, "user_id": self.user}

    @property
    def draft(self):
        return Draft("contact", self.today, {"channel": "phone"}, self.step, None)


TRIED = {
    note_agreement: lambda c: note_agreement(c.person, c.alert_public, "S", **c.by),
    revoke_agreement: lambda c: revoke_agreement(c.person, c.alert_public, **c.by),
    make_link: lambda c: make_link(c.person, **c.by),
    revoke_links: lambda c: revoke_links(c.person, organisation_id=c.org),
    living_link: lambda c: living_link(c.person, c.org),
    note_information: lambda c: note_information(c.person, easy=False, channel="hand", **c.by),
    receive_request: lambda c: receive_request(c.person, "access", "", **c.by),
    withdraw_objection: lambda c: withdraw_objection(c.person, **c.by),
    add_members: lambda c: add_members(c.group, [c.step], organisation_id=c.org),
    leave_group: lambda c: leave_group(c.group, c.step, organisation_id=c.org),
    take_alert: lambda c: take_alert(c.alert, **c.by),
    hand_alert: lambda c: hand_alert(c.alert, to_user_id=c.user, **c.by),
    close_alert: lambda c: close_alert(c.alert, outcome="contact_reestablished", **c.by),
    reopen_alert: lambda c: reopen_alert(c.alert, **c.by),
    pause_alert: lambda c: pause_alert(c.alert, until=c.today + timedelta(days=3), reason="waiting_reply", **c.by),
    resume_alert: lambda c: resume_alert(c.alert, **c.by),
    record_week: lambda c: record_week(
        [Typed(c.person, c.step, "PRF_VISA_METIERS", ("",) * 14, ("P",) * 10 + ("",) * 4)], c.today, **c.by
    ).declared.entries,
    record_session: lambda c: record_session([Attendance(c.person, c.step, "seen")], kind="atelier", on=c.today, **c.by),
    correct: lambda c: correct(Correction(c.entry, "error", c.draft), person_id=c.person, **c.by),
    effect_of: lambda c: effect_of(Correction(c.entry, "error", c.draft), person_id=c.person, organisation_id=c.org),
    declare_together: lambda c: declare_together([Asked(c.person, c.step, "contact", c.today, {})], **c.by),
    settle: lambda c: settle(person_id=c.person, kind="two_leads", on=c.today, entries=[c.entry], reason="x", **c.by),
    ask_to_check: lambda c: ask_to_check(person_id=c.person, entry=c.entry, reason="x", **c.by),
    confirm_entry: lambda c: confirm_entry(person_id=c.person, entry=c.entry, **c.by),
    check_visible: lambda c: check_visible([c.person], c.org),
    open_dossier: lambda c: open_dossier(c.person, c.org, c.today),
    open_dossiers: lambda c: open_dossiers([c.person], c.org, c.today),
    eligible: lambda c: eligible(c.person, c.org, c.today, leads=False),
    opening: lambda c: opening(c.person, c.org, "PACEA", c.today, leads=False),
    state_conditions: lambda c: state_conditions(c.person, {"student": True}, on=c.today, **c.by),
    take_up: lambda c: take_up([c.alert_public], **c.by),
    put_away: lambda c: put_away([c.alert_public], outcome="contact_reestablished", **c.by),
    raise_flag: lambda c: raise_flag(c.person, c.step, dimension="sante", level=2, **c.by),
    ask: lambda c: ask(c.person, Addressee(c.alert_public), "call", **c.by),
    bags: lambda c: bags(c.person, c.org, "PACEA", c.step),
    keep_numbers: lambda c: keep_numbers(c.person, {"ine": "1234567890A"}, Reader(c.org, c.today, c.user)),
    join: lambda c: join(c.person, c.other, confirmed=True, **c.by),
    possible_events: lambda c: possible_events(person_id=c.person, organisation_id=c.org, on=c.today),
    preview: lambda c: preview([c.draft], person_id=c.person, organisation_id=c.org),
    reassign_alerts: lambda c: reassign_alerts([(c.alert_public, 1)], to_user_id=c.user, reason="absence", **c.by),
    reassign_persons: lambda c: reassign_persons(
        [c.link], from_user_id=c.user, to_user_id=c.user, reason="absence", with_alerts=True, **c.by),
    record_event: lambda c: record_event(
        person_id=c.person, type="contact", occurred_on=c.today, data={}, enrolment_id=c.step, **c.by),
    record_entries: lambda c: record_entries([c.draft], person_id=c.person, **c.by),
    take_back: lambda c: take_back([c.entry], **c.by),
}
BY_A_PASSAGE = {accept, acknowledge, answer, refuse, withdraw}
"""They take the number of a hand-over: tests/operations/test_handing_over.py tries them from elsewhere."""
NUMBERS = {
    "person_id", "person_ids", "persons", "enrolment_id", "alert_id", "alerts", "entries", "kept_id", "links", "asked", "drafts",
}
"""Parameters that name somebody, or what is known of them."""
WITHIN = {"note_acts", "journal_rows", "open_enrolment", "propose", "propose_many", "undo_persons", "undo", "record_and_link"}
"""Steps of other operations, called with what those have opened already; undoing takes numbers of one's own acts."""


def public_operations():
    for module in pkgutil.iter_modules(operations.__path__):
        found = importlib.import_module(f"{operations.__name__}.{module.name}")
        for name, function in inspect.getmembers(found, inspect.isfunction):
            if function.__module__ == found.__name__ and not name.startswith("_"):
                yield function


def test_every_operation_on_somebody_is_tried():
    on_somebody = {
        named(function)
        for function in public_operations()
        if NUMBERS & set(inspect.signature(function).parameters) and "organisation_id" in inspect.signature(function).parameters
        and function not in TRIED and function not in BY_A_PASSAGE and function.__name__ not in WITHIN
    }
    assert on_somebody == set()


def everything_about(person_id: int) -> dict[str, str]:
    """A digest of every row of every table that names this person."""
    tables = sa.text(
        "select table_name from information_schema.columns where table_schema = 'public' and column_name = 'person_id' "
        "and table_name <> 'disclosure'"
    )
    session = db.session()
    found = {}
    for table in [*session.scalars(tables), "person"]:
        key = "id" if table == "person" else "person_id"
        digest = sa.text(f"select md5(coalesce(string_agg(t::text, '' order by t::text), '')) from {table} t where {key} = :id")
        found[table] = session.scalar(digest, {"id": person_id})
    return found


@pytest.fixture
def case(session, frozen_clock):
    theirs = marked(Kind.MISSION_LOCALE, leads=True)
    stranger = marked(Kind.MISSION_LOCALE, linked=False)
    user = stranger.user(Role.RESPONSABLE_STRUCTURE)
    link = LinkFactory(person=theirs.person, organisation=theirs.organisation, role="partner")
    alert = AlertFactory(person=theirs.person, organisation=theirs.organisation)
    entry = session.scalar(sa.text("select min(id) from journal_entry where person_id = :id"), {"id": theirs.person.id})
    with db.as_system():
        create_group(Described("Groupe", "PRF_VISA_METIERS", clock.today()), organisation_id=stranger.organisation.id)
        group = session.scalar(sa.text("select max(id) from training_group"))
    mine = PersonFactory(followed_by=stranger.organisation)
    return Case(
        theirs.person.id, mine.id, theirs.step.id, entry, alert.id, alert.public_id, link.id, group, stranger.organisation.id,
        user.id, clock.today(),
    )


def named(function) -> str:
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


@pytest.mark.parametrize("operation", TRIED, ids=named)
def test_a_stranger_does_nothing_to_somebody(operation, case, session):
    before = everything_about(case.person)
    refused = False
    with db.acting_for(case.org, case.user):
        try:
            with db.atomic():
                answer = TRIED[operation](case)
        except (NotVisible, Refused):
            refused = True
    session.expire_all()

    assert everything_about(case.person) == before
    assert refused or not answer
