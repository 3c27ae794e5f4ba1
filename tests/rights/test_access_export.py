"""Everything held on somebody, and each signal explained in three layers."""

from __future__ import annotations

import functools
import json
import operator
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import typst

from pathways import clock, db
from pathways.db import Base
from pathways.exchange.access_export import as_json, as_pdf, everything_about
from pathways.exchange.access_export.gathering import LEFT_OUT, tables_about_a_person
from pathways.exchange.access_export.schema import schema
from pathways.models import (
    AlertAction,
    Disclosure,
    ExternalId,
    FeedRecord,
    FeedRun,
    HandOver,
    MissedRupture,
    Person,
    Request,
    RequestStep,
    RetentionNotice,
)
from pathways.operations.agreements import note_agreement
from pathways.operations.rights import note_information, receive_request
from pathways.operations.thresholds import choose
from pathways.sharing.information import VERSION
from pathways.sharing.visibility import Reader
from pathways.workflows.requests import QUESTIONS
from tests.databases import ROOT
from tests.factories import AlertFactory, JournalEntryFactory, OrganisationFactory, SignalFactory, UserFactory, days_ago
from tests.rights.json_schema import faults

OURS, THEIRS = "XQOURS une phrase", "XQTHEIRS une phrase"
HANGING = frozenset({"group_member", "enrolment_state", "feed_refusal"})


@pytest.fixture
def held(fatou):
    JournalEntryFactory(person=fatou.person, organisation=fatou.ml, payload={"channel": "phone", "note": OURS})
    JournalEntryFactory(person=fatou.person, organisation=fatou.cfa, payload={"channel": "sms", "note": THEIRS})
    SignalFactory(
        person=fatou.person, rule="contract_broken", details={"on": days_ago(3).isoformat(), "reason": "INAPTITUDE"},
        evidence=[{"entry": 1, "type": "contract_broken", "on": days_ago(3).isoformat(), "organisation": fatou.cfa.id}],
        enrolment_id=fatou.course.id, family="contract", rule_version="1",
    )
    AlertFactory(person=fatou.person, organisation=fatou.ml)
    reader = Reader(fatou.ml.id, clock.today(), kind=fatou.ml.kind)
    with db.acting_for(fatou.ml.id, fatou.claire.id):
        return everything_about(fatou.person.id, reader)


def test_every_table_that_names_a_person_is_in_it_or_left_out_with_a_reason():
    named = {table.name for table in Base.metadata.sorted_tables if "person_id" in table.c}
    exported = {table.name for table in tables_about_a_person()}

    assert named <= exported | set(LEFT_OUT)
    assert all(LEFT_OUT.values())


def test_it_holds_identity_steps_journal_links_signals_and_alerts(held):
    assert held["person"]["family_name"] == "Diallo"
    assert {"enrolment", "journal_entry", "link", "signal", "alert"} <= set(held["tables"])
    assert {each["scheme"] for each in held["tables"]["enrolment"]} == {"PACEA", "APPRENTISSAGE"}
    assert {each["organisation"] for each in held["tables"]["journal_entry"]} == {"Mission locale du Pays de Retz", "CFA de Rezé"}


def test_ones_own_notes_are_handed_over_and_those_of_others_are_said_to_exist(held):
    text = as_json(held).decode()

    assert OURS in text
    assert THEIRS not in text
    assert "à demander à l’organisme" in text


def test_what_was_taken_back_says_so_and_a_sheet_says_its_version(held, fatou):
    wrong = JournalEntryFactory(person=fatou.person, organisation=fatou.ml, payload={"channel": "visit"})
    JournalEntryFactory(retracting=wrong, organisation=fatou.ml)
    note_information(fatou.person.id, easy=False, channel="hand", **fatou.by)
    with db.acting_for(fatou.ml.id, fatou.claire.id):
        tables = everything_about(fatou.person.id, Reader(fatou.ml.id, clock.today(), kind=fatou.ml.kind))["tables"]

    assert [each["payload"]["channel"] for each in tables["journal_entry"] if each.get("taken_back")] == ["visit"]
    assert [each["version"] for each in tables["information_given"]] == [VERSION]


def test_what_another_organisation_wrote_of_an_alert_is_asked_there(fatou):
    for body, said in ((fatou.ml, OURS), (fatou.cfa, THEIRS)):
        alert = AlertFactory(person=fatou.person, organisation=body, closed_today=True)
        with db.as_system(), db.atomic() as session:
            session.add(AlertAction(alert_id=alert.id, kind="closed", reason=said))
    with db.acting_for(fatou.ml.id, fatou.claire.id):
        text = as_json(everything_about(fatou.person.id, Reader(fatou.ml.id, clock.today(), kind=fatou.ml.kind))).decode()

    assert OURS in text
    assert THEIRS not in text


def test_each_signal_is_explained_in_three_layers(held):
    (signal,) = held["signals_explained"]

    assert signal["sentence"].startswith("Contrat rompu le")
    assert signal["facts"] == [{"on": days_ago(3).isoformat(), "event": "Contrat rompu", "declared_by": "CFA de Rezé"}]
    assert signal["rule"]["version"] == "1"
    assert "ne change ni un état" in signal["rule"]["does_not"]


def test_no_key_and_no_name_of_a_professional_is_in_it(held):
    text = as_json(held).decode()

    assert "Claire Moreau" not in text
    assert not re.search(r'"(?:user_id|person_id|organisation_id|token_hash)"', text)


def test_the_document_can_be_read_and_what_people_write_is_not_markup(held):
    held["tables"]["journal_entry"][0]["payload"]["note"] = '#panic() *gras* $x$ #import "/etc/passwd"'
    made = as_pdf(held)

    assert made.startswith(b"%PDF")
    assert len(made) > 5_000


def test_the_answer_of_the_page_is_the_file_and_is_logged(held, fatou, sign_in, session):
    client = sign_in(fatou.claire)
    url = f"/personnes/{fatou.person.public_id}/droits"
    key = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(url).text)[0]
    answer = client.post(f"{url}/export.json", data={"csrf_token": key})

    assert answer.mimetype == "application/json"
    assert json.loads(answer.data)["format"] == "pathways-access-2"
    assert "Diallo" not in answer.headers["Content-Disposition"]
    assert session.scalar(sa.select(sa.func.count()).where(Disclosure.what == "rights.export")) == 1
    assert client.post(f"{url}/export.exe", data={"csrf_token": key}).status_code == 404


def test_typst_is_there_as_pinned():
    assert typst.compile(b"Bonjour", format="pdf").startswith(b"%PDF")


# --- the schema


def rich(fatou) -> None:
    """Something in every table that may say anything of somebody."""
    person, by = fatou.person.id, fatou.by
    note_information(person, easy=True, channel="hand", **by)
    note_agreement(person, fatou.cfa.public_id, "S", **by)
    receive_request(person, "access", OURS, **by)
    wrong = JournalEntryFactory(person=fatou.person, organisation=fatou.ml, payload={"channel": "visit"})
    JournalEntryFactory(retracting=wrong, organisation=fatou.ml)
    alert = AlertFactory(person=fatou.person, organisation=fatou.ml, owner=fatou.claire, family="attendance")
    SignalFactory(person=fatou.person, rule="contract_broken_no_employer", family="contract", enrolment_id=fatou.course.id)
    today = clock.today()
    with db.as_system(), db.atomic() as session:
        run = FeedRun(organisation_id=fatou.cfa.id, file_name="effectifs.json")
        session.add(run)
        session.flush()
        # A trigger keeps what changed, whatever the town was.
        elsewhere = sa.case((Person.commune == "44109", "49007"), else_="44109")
        session.execute(sa.update(Person).where(Person.id == person).values(commune=elsewhere, sex="F"))
        session.add_all([
            AlertAction(alert_id=alert.id, kind="taken"),
            Disclosure(
                at=clock.now(), user_id=fatou.claire.id, organisation_id=fatou.ml.id, person_id=person, what="person.show",
                groups=["I"],
            ),
            ExternalId(person_id=person, system="ine", value="1234567890A"),
            FeedRecord(
                organisation_id=fatou.cfa.id, school_year="2025-2026", learner="7", person_id=person, sender_id=fatou.cfa.id,
                run_id=run.id, content={"nom": "Diallo"},
            ),
            HandOver(
                entry_id=wrong.id, person_id=person, enrolment_id=fatou.pacea.id, kind="transfer", stage="sent",
                sender_id=fatou.ml.id, receiver_id=fatou.cfa.id, asked_by_id=fatou.ml.id, sent_on=today,
                awaits_id=fatou.cfa.id,
            ),
            asked := Request(
                person_id=person, question="call", asker_id=fatou.ml.id, asked_id=fatou.cfa.id, user_id=fatou.claire.id,
                due_on=today,
            ),
            MissedRupture(
                person_id=person, enrolment_id=fatou.pacea.id, organisation_id=fatou.ml.id, formal_on=today, effective_on=today,
                found_on=today,
            ),
            RetentionNotice(
                person_id=person, rule="pathway", last_on=today - timedelta(days=700), announced_on=today,
                due_on=today + timedelta(days=30),
            ),
        ])  # fmt: skip
        session.flush()
        session.add(
            RequestStep(
                request_id=asked.id, person_id=person, organisation_id=fatou.cfa.id, user_id=fatou.claire.id,
                kind="answered", reply=QUESTIONS["call"].replies[0].code,
            )
        )  # fmt: skip


def exported(fatou):
    with db.acting_for(fatou.ml.id, fatou.claire.id):
        held = everything_about(fatou.person.id, Reader(fatou.ml.id, clock.today(), kind=fatou.ml.kind))
    return json.loads(as_json(held))


def test_the_export_of_somebody_with_everything_is_what_the_published_schema_says(held, fatou):
    rich(fatou)
    published = json.loads((ROOT / "docs" / "access-export.schema.json").read_text())
    document = exported(fatou)

    assert {table.name for table in tables_about_a_person()} == set(document["tables"])
    assert list(faults(document, published)) == []


@pytest.mark.parametrize(("path", "value", "said"), [
    (("made_on",), "hier", "no day"),
    (("person", "user_id"), 3, "not announced"),
    (("tables", "signal", 0, "level"), "grave", "none of"),
    (("tables", "journal_entry", 0, "recorded_at"), "2026-03-02", "not like"),
    (("signals_explained", 0, "rule", "thresholds"), ["contact_silence.days"], "no object"),
])  # fmt: skip
def test_the_schema_refuses_what_is_not_so(held, path, value, said):
    document = json.loads(as_json(held))
    *way, last = path
    functools.reduce(operator.getitem, way, document)[last] = value

    assert any(said in fault for fault in faults(document, schema()))


def test_a_number_is_not_taken_for_the_organisation_of_that_number(fatou):
    number = 900_000
    OrganisationFactory(id=number)
    AlertFactory(person=fatou.person, organisation=fatou.ml, owner=UserFactory(id=number))
    (alert,) = exported(fatou)["tables"]["alert"]

    assert alert["organisation"] == "Mission locale du Pays de Retz"
    assert "owner" not in alert


def test_thresholds_are_told_with_the_value_of_the_day_the_signal_showed(fatou, frozen_clock):
    of_the_cfa = fatou.by | {"organisation_id": fatou.cfa.id}
    for months, chosen in ((1, days_ago(40)), (6, days_ago(0))):  # before the signal, and after it
        with clock.at(chosen):
            choose("contract_broken_early.months", [months], valid_from=chosen, reason="essai", **of_the_cfa)
    SignalFactory(
        person=fatou.person, rule="contract_broken_early", family="contract", enrolment_id=fatou.course.id,
        details={"on": days_ago(3).isoformat()}, shown_on=days_ago(3),
    )
    (signal,) = exported(fatou)["signals_explained"]
    (threshold,) = signal["rule"]["thresholds"]

    assert threshold["name"] == "contract_broken_early.months"
    assert threshold["value"] == 1
    assert threshold["sentence"].startswith("seuil\u00a0: 1 mois (")
