"""An export for one organisation: what its pages show of whom it accompanies, and a line in the log for each person."""

import json

import pytest

from pathways import clock, db
from pathways.cli.export_tables import reader_for
from pathways.exchange.tables.writing import NotExported, export_tables
from tests.exchange.tables.conftest import AS_OF, asked, read, silently

ML, FT, CFA = (f"0f5a6c1e-000{n}-4a00-8000-00000000000{n}" for n in (1, 2, 3))
LE_GOFF, OEUVRARD, NDIAYE = (f"1b7d2e90-000{n}-4b00-8000-00000000000{n}" for n in (1, 2, 3))


@pytest.fixture
def shared(own_database, tables, imported, tmp_path):
    """``shared(organisation)``: the folder exported for it, from the example with some more to hide."""
    tables.copy("links", 2, organisation=CFA, role="partner", enrolment="")
    tables.copy("entries", 5, entry="le-goff-8", type="obstacle", details='{"theme": "logement", "severity": "bloquant"}')
    imported(tables.write())

    def export(organisation):
        with clock.at(AS_OF):
            export_tables(tmp_path / organisation, reader=reader_for(organisation), tell=silently)
        return tmp_path / organisation

    return export


def events(folder, person):
    return [row["type"] for row in read(folder, "entries") if row["person"] == person]


def test_an_organisation_gets_the_persons_it_accompanies(shared):
    folder = shared("44109S00")

    assert [row["person"] for row in read(folder, "persons")] == [LE_GOFF]
    assert events(folder, LE_GOFF)[-1] == "obstacle"
    assert {row["organisation"] for row in read(folder, "organisations")} == {ML, CFA}
    assert read(folder, "external_ids") == []


def test_its_own_notes_are_in_it(shared):
    notes = [json.loads(row["details"]).get("note") for row in read(shared(ML), "entries")]

    assert "Rappeler lundi, après 17 h" in notes


def test_another_organisation_reads_neither_notes_nor_what_is_social_nor_others_steps(shared):
    folder = shared(CFA)

    assert [row["person"] for row in read(folder, "persons")] == [LE_GOFF, NDIAYE]
    assert events(folder, LE_GOFF) == ["identity_stated"]
    assert [row["scheme"] for row in read(folder, "enrolments")] == ["APPRENTISSAGE"]
    assert "Rappeler" not in (folder / "entries.csv").read_text(encoding="utf-8")
    assert [row["name"] for row in read(folder, "settings")] == []


def test_every_person_handed_out_is_in_the_log(shared):
    shared(CFA)

    logged = asked(
        "select p.public_id::text, d.what, d.groups, o.public_id::text from disclosure as d "
        "join person as p on p.id = d.person_id join organisation as o on o.id = d.organisation_id order by 1"
    )
    assert logged == [
        (LE_GOFF, "export.tables", ["A", "C", "I"], CFA),
        (NDIAYE, "export.tables", ["A", "C", "I", "K"], CFA),
    ]


def test_the_operators_export_has_everybody_and_every_note(shared, exported):
    folder = exported()

    assert len(read(folder, "persons")) == 3
    assert "Rappeler" in (folder / "entries.csv").read_text(encoding="utf-8")
    assert asked("select 1 from disclosure") == []


def test_what_an_organisation_got_is_its_own_to_import(shared, another_database, imported):
    folder = shared(ML)

    another_database()
    assert imported(folder)[1] == []


def test_an_organisation_nobody_knows_or_a_folder_in_use_is_refused(shared, tmp_path):
    folder = shared(FT)

    with pytest.raises(NotExported, match="0 organisations are called 12345"):
        reader_for("12345")
    with pytest.raises(NotExported, match=r"is not empty \(enrolments\.csv"):
        shared(FT)
    assert oct(folder.stat().st_mode)[-3:] == "700"
    assert oct((folder / "persons.csv").stat().st_mode)[-3:] == "600"
    db.remove()
