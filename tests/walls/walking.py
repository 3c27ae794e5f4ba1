"""Every page of the application, with the numbers of one person's record wherever an address asks for one."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import url_for

from pathways import db
from pathways.models import JournalEntry
from pathways.views import gate
from tests.views.test_access import ARGUMENTS
from tests.walls.marked import Marked

OF_A_PERSON = frozenset({"person"})
"""Arguments of an address that name somebody."""


class Answer(NamedTuple):
    """What came back from one address."""

    rule: Any
    access: str
    method: str
    status: int
    text: str

    @property
    def names_somebody(self) -> bool:
        return bool(OF_A_PERSON & self.rule.arguments)


def walk(app, client, case: Marked, method: str = "GET", **form: str) -> Iterator[Answer]:
    """Asks for every page that takes ``method``, as whoever is signed in."""
    with db.as_system(), db.atomic() as session:
        entry = session.scalar(sa.select(sa.func.min(JournalEntry.id)).where(JournalEntry.person_id == case.person.id))
    known = ARGUMENTS | {"person": case.person.public_id, "step": case.step.public_id, "entry": entry, "theme": "XQS3T"}
    for rule in app.url_map.iter_rules():
        if rule.endpoint in gate.STATIC or method not in rule.methods or rule.endpoint in LEAVES:
            continue
        with app.test_request_context():
            url = url_for(rule.endpoint, **{name: known.get(name, uuid.uuid4()) for name in rule.arguments})
        answer = client.open(url, method=method, data=form)
        access = gate.declared_access(app.view_functions[rule.endpoint])
        yield Answer(rule, str(access), method, answer.status_code, answer.text)


LEAVES = frozenset({"auth.sign_out", "auth.choose"})
"""Pages after which one is somebody else, or nobody."""
