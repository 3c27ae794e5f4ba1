"""The social security number is refused wherever it can be typed, and appears nowhere afterwards."""

from __future__ import annotations

import inspect
import io
import json
import pkgutil
from importlib import import_module

import pytest
import sqlalchemy as sa
from wtforms import PasswordField, SelectField, StringField, TextAreaField
from wtforms.fields.core import UnboundField

import pathways.forms
from pathways import clock
from pathways.errors import Refused
from pathways.exchange.tables.cells import Faulty, read_cell
from pathways.exchange.tables.layout import TABLES
from pathways.forms.base import BaseForm
from pathways.forms.screening import NOT_TYPED
from pathways.models import FeedRecord, JournalEntry
from pathways.schemas.entries import read_details
from pathways.workflows.events import EVENTS
from pathways.workflows.nir import anywhere, holds_a_nir
from tests.factories import OrganisationFactory
from tests.scene import build
from tests.views.conftest import app, client, sign_in, submit, token  # noqa: F401 -- fixtures of the pages


def keyed(number: str) -> str:
    return f"{number}{97 - int(number.replace('2A', '19').replace('2B', '18')) % 97:02d}"


PLAIN = keyed("1850578006084")
CORSICAN = keyed("285052A006084")
SPACED = f"1 85 05 78 006 084 {PLAIN[-2:]}"
DOTTED = f"1.85.05.78.006.084.{PLAIN[-2:]}"
WAYS = [
    PLAIN, CORSICAN, keyed("285052B006084"), SPACED, DOTTED, f"Son n° est le {SPACED}.", f"nir:{CORSICAN.lower()}",
    "1850578006084", "1 85 05 78 006 084", "".join(chr(0xFF10 + int(digit)) for digit in PLAIN), f"{PLAIN[:6]}\u200b{PLAIN[6:]}",
    "".join(chr(0x660 + int(digit)) for digit in PLAIN), f"1850578006084 (clé {PLAIN[-2:]})", f"1850578006084\u202f{PLAIN[-2:]}",
]
NOT_ONE = [
    "73282932000074", "732 829 320 00074", "02 40 12 34 56 ou 06 12 34 56 78", "044202309012", "12345678901", "999992312345",
    f"{PLAIN[:-2]}{(int(PLAIN[-2:]) + 1) % 97:02d}", "du 2026-03-02 au 2026-04-05", "+33639980123",
    "6f1c2c5e-9a51-4a51-8d0e-185057800608", f"d32a7d0{PLAIN}7c9a6d75647", "a1850578006084ff",
]  # fmt: skip


@pytest.mark.parametrize("written", WAYS)
def test_it_is_recognised_however_it_is_written(written):
    assert holds_a_nir(written)
    assert anywhere({"note": [written]})
    assert anywhere({written: 1})


@pytest.mark.parametrize("written", NOT_ONE)
def test_other_numbers_are_not_taken_for_one(written):
    assert not holds_a_nir(written)


def typed_fields():
    """Every field of text of every form class, by the module, class and name."""
    for module in pkgutil.iter_modules(pathways.forms.__path__):
        for name, form in inspect.getmembers(import_module(f"pathways.forms.{module.name}"), inspect.isclass):
            if issubclass(form, BaseForm) and form is not BaseForm and form.__module__.endswith(module.name):
                for field_name, field in vars(form).items():
                    text = isinstance(field, UnboundField) and issubclass(field.field_class, (StringField, TextAreaField))
                    if text and not issubclass(field.field_class, PasswordField):
                        yield pytest.param(form, field_name, id=f"{module.name}.{name}.{field_name}")


@pytest.mark.parametrize(("form", "field"), [*typed_fields()])
def test_every_field_of_text_refuses_it_and_shows_it_no_more(app, form, field):  # noqa: F811 -- fixture
    from pathways.views.screening import screen

    if field in NOT_TYPED:
        pytest.skip("a sign of ours, never typed")
    with app.test_request_context("/"):
        name = form()[field].name
    for written in (PLAIN, SPACED, CORSICAN):
        with app.test_request_context("/", method="POST", data={name: written}):
            screen()
            made = form()
            for each in made:
                if isinstance(each, SelectField) and each.choices is None:
                    each.choices = []
            assert not made.validate(), field
            assert "sécurité sociale" in made[field].errors[0]
            assert written not in str(made[field]())
            assert written not in str(made.data)


def text_details():
    for name, event in EVENTS.items():
        for detail, spec in event.fields.items():
            if spec.kind in {"text", "code", "codes", "data", "organisation", "colleague"}:
                yield pytest.param(name, detail, spec.kind, id=f"{name}.{detail}")


@pytest.mark.parametrize(("event", "detail", "kind"), [*text_details()])
def test_every_detail_of_text_of_every_event_refuses_it(event, detail, kind):
    for written in (PLAIN, SPACED, DOTTED, CORSICAN):
        given = {"codes": [written], "data": {"a": {"b": [written]}}}.get(kind, written)
        with pytest.raises(Refused) as refusal:
            read_details(event, {detail: given})
        reasons = {reason.values.get("field"): reason.code for reason in refusal.value.reasons}
        assert reasons[detail] in {"nir_refused", "field_invalid"}
        assert written not in str(refusal.value)


@pytest.mark.parametrize(("table", "column"), [(t.name, c.name) for t in TABLES.values() for c in t.read])
def test_every_column_of_the_tables_refuses_it_and_its_refusal_does_not_repeat_it(table, column):
    for written in (PLAIN, SPACED, CORSICAN, json.dumps([PLAIN]), json.dumps({"note": SPACED})):
        with pytest.raises(Faulty) as refusal:
            read_cell(TABLES[table].by_name[column], written, clock.now())
        assert refusal.value.code == "nir_refused"
        assert written not in str(refusal.value.values)


def test_escapes_do_not_hide_it():
    escaped = '{"note": "' + "".join(f"\\u{ord(letter):04x}" for letter in PLAIN) + '"}'

    with pytest.raises(Faulty) as refusal:
        read_cell(TABLES["entries"].by_name["details"], escaped, clock.now())
    assert refusal.value.code == "nir_refused"


@pytest.fixture
def scene(session, frozen_clock):
    return build()


def test_an_address_or_a_search_that_holds_it_is_refused_without_repeating_it(scene, sign_in, caplog):  # noqa: F811 -- fixture
    browser = sign_in(scene.counsellor)
    for url in (f"/structure?q={PLAIN}", f"/structure?q={SPACED.replace(' ', '+')}", f"/{PLAIN}",
                f"/personnes/nouvelle?x={CORSICAN}", f"/connexion?next=/{PLAIN}", f"/structure?{PLAIN}=1"):  # fmt: skip
        answer = browser.get(url)
        assert answer.status_code == 422, url
        assert PLAIN not in answer.text
        assert SPACED not in answer.text
        assert "sécurité sociale" in answer.text
    assert PLAIN not in caplog.text


def test_a_person_is_not_created_with_it_and_the_rest_of_the_form_stays(scene, sign_in, caplog):  # noqa: F811 -- fixture
    browser = sign_in(scene.counsellor)
    answer = submit(browser, "/personnes/nouvelle", family_name="Durand", given_name=f"Paul {PLAIN}", birth_date="2005-05-05",
                    phone=SPACED)  # fmt: skip

    assert answer.status_code == 422
    assert "Durand" in answer.text
    assert "sécurité sociale" in answer.text
    assert PLAIN not in answer.text + caplog.text
    assert SPACED not in answer.text + caplog.text


def test_a_page_that_reads_a_field_by_itself_is_stopped(scene, sign_in):  # noqa: F811 -- fixture
    browser = sign_in(scene.counsellor)
    sent = {"csrf_token": token(browser.get("/seance-collective")), "q": PLAIN}
    answer = browser.post("/seance-collective", data=sent)

    assert answer.status_code == 422
    assert PLAIN not in answer.text


def test_the_feed_takes_its_own_field_and_never_keeps_it(session):
    from pathways.schemas.dossiers_apprenants.payload import read_row

    row = read_row({"nir_apprenant": PLAIN, "nom_apprenant": f"Dupont {PLAIN}", "prenom_apprenant": CORSICAN})

    assert row.has_nir
    assert PLAIN not in str(row.values)
    assert CORSICAN not in str(row.values)
    assert OrganisationFactory().id
    assert session.scalars(sa.select(JournalEntry.id)).all() == []
    assert session.scalars(sa.select(FeedRecord.id)).all() == []


def test_a_file_named_after_it_is_refused(scene, sign_in):  # noqa: F811 -- fixture
    browser = sign_in(scene.trainer)
    sent = {"csrf_token": token(browser.get("/fichiers-recus/")), "act": "try", "file": (io.BytesIO(b"[]"), f"{PLAIN}.json")}
    answer = browser.post("/fichiers-recus/", data=sent, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert PLAIN not in answer.text


