"""What the person reads of requests about them, and that they go with the record."""

from __future__ import annotations

import json
from datetime import timedelta

import psycopg
import sqlalchemy as sa

from pathways import clock, db
from pathways.exchange.access_export import as_json, as_pdf, everything_about
from pathways.models import Request, RequestStep
from pathways.operations.erasure import erase_persons
from pathways.operations.requests import answer
from pathways.sharing.visibility import Reader
from tests.requests.conftest import Asking


def test_the_person_reads_who_asked_whom_what_and_the_reply(asking):
    number = asking.ask("present")
    with db.acting_for(asking.body.id, asking.karim.id):
        answer(number, "gone", clock.today() - timedelta(days=4), **asking.by_body)
    with db.acting_for(asking.ml.id, asking.claire.id):
        held = everything_about(asking.person.id, Reader(asking.ml.id, clock.today(), kind=asking.ml.kind))

    (request,), (step,) = held["tables"]["request"], held["tables"]["request_step"]
    assert (request["question"], request["asker"], request["asked"]) == ("present", asking.ml.name, asking.body.name)
    assert (step["kind"], step["reply"], step["organisation"]) == ("answered", "gone", asking.body.name)
    assert "Claire Moreau" not in json.dumps([request, step])
    assert as_json(held)
    assert as_pdf(held).startswith(b"%PDF")


def test_they_are_erased_with_the_record_and_by_the_eraser_alone(own_database, frozen_clock):
    asking = Asking()
    number = asking.ask("present")
    with db.acting_for(asking.body.id, asking.karim.id):
        answer(number, "present", **asking.by_body)
    with psycopg.connect(own_database.eraser_url, autocommit=True) as connection:
        connection.execute("SELECT set_config('app.scope', 'system', false)")
        assert connection.execute("SELECT id, person_id FROM request").fetchall() == [(number, asking.person.id)]
    person_id = asking.person.id
    db.remove()
    engine = sa.create_engine(own_database.eraser_url)
    with sa.orm.Session(engine) as session, session.begin():
        session.execute(sa.text("SELECT set_config('app.scope', 'system', true)"))
        erase_persons(session, [person_id], clock.today())
    engine.dispose()

    with db.as_system(), db.atomic() as session:
        assert session.scalars(sa.select(Request.id)).all() == []
        assert session.scalars(sa.select(RequestStep.id)).all() == []
