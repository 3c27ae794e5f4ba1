"""What is wrong is refused with its file, row, column and code; the rest is kept."""

import pytest

from pathways.exchange.tables.faults import NotTables
from tests.exchange.tables.conftest import asked, said

NIR = "2060544109001" + f"{97 - 2060544109001 % 97:02d}"
ML = "0f5a6c1e-0001-4a00-8000-000000000001"
LE_GOFF, OEUVRARD = "1b7d2e90-0001-4b00-8000-000000000001", "1b7d2e90-0002-4b00-8000-000000000002"
PACEA = "2c8e3fa1-0001-4c00-8000-000000000001"
NOBODY = "1b7d2e90-0009-4b00-8000-000000000009"


@pytest.mark.parametrize(
    ("file", "row", "column", "value", "code"),
    [
        ("persons", 2, "family_name", "", "field_missing"),
        ("persons", 2, "family_name", "  ", "field_missing"),
        ("persons", 2, "family_name", "x" * 201, "too_long"),
        ("persons", 2, "family_name", "Le\x07Goff", "control_character"),
        ("persons", 2, "family_name", f"Le Goff {NIR}", "nir_refused"),
        ("external_ids", 2, "person", "17", "invalid_reference"),
        ("persons", 2, "birth_date", "31/02/2006", "invalid_day"),
        ("persons", 2, "birth_date", "2006-02-31", "invalid_day"),
        ("persons", 2, "birth_date", "20060228", "invalid_day"),
        ("persons", 2, "birth_date", "1806-02-28", "day_out_of_range"),
        ("persons", 2, "birth_date", "2026-03-03", "day_to_come"),
        ("persons", 2, "sex", "f", "unknown_code"),
        ("persons", 2, "commune", "Nantes", "invalid_form"),
        ("persons", 2, "merged_into", LE_GOFF, "merged_into_itself"),
        ("persons", 2, "merged_into", NOBODY, "unknown_reference"),
        ("organisations", 2, "siret", "123", "invalid_form"),
        ("organisations", 4, "uai", "440001M", "invalid_form"),
        ("organisations", 3, "code", "44109S00", "identifier_taken"),
        ("organisations", 2, "has_account", "oui", "invalid_form"),
        ("external_ids", 3, "value", "2 06 05 44 109 001 08", "nir_refused"),
        ("external_ids", 3, "value", NIR[:13], "nir_refused"),
        ("external_ids", 3, "person", NOBODY, "unknown_reference"),
        ("enrolments", 2, "scheme", "PACEA2", "unknown_code"),
        ("enrolments", 2, "lead_organisation", NOBODY, "unknown_reference"),
        ("links", 2, "role", "boss", "unknown_code"),
        ("links", 5, "ended_recorded_at", "", "incomplete_end"),
        ("links", 5, "ended_on", "2025-08-31", "ends_before_it_starts"),
        ("links", 3, "enrolment", PACEA, "not_this_person"),
        ("entries", 5, "type", "teleported", "unknown_code"),
        ("entries", 5, "occurred_on", "31/02/2026", "invalid_day"),
        ("entries", 5, "recorded_at", "2025-11-20", "invalid_moment"),
        ("entries", 5, "recorded_at", "2025-11-20T25:00:00Z", "invalid_moment"),
        ("entries", 5, "recorded_at", "2025-11-20T10:00:00", "moment_without_zone"),
        ("entries", 5, "recorded_at", "2027-11-20T10:00:00Z", "moment_to_come"),
        ("entries", 5, "entry", "rappeler lundi", "invalid_form"),
        ("entries", 5, "details", "{channel: phone}", "invalid_json"),
        ("entries", 5, "details", "[1]", "invalid_json"),
        ("entries", 5, "details", '{"channel": NaN}', "invalid_json"),
        ("entries", 5, "details", '{"channel": "\\u0000"}', "control_character"),
        ("entries", 5, "details", '{"channel": "\\ud800"}', "control_character"),
        ("entries", 5, "details", '{"colour": "red"}', "unknown_detail"),
        ("entries", 4, "details", '{"n": 1}', "detail_missing"),
        ("entries", 4, "details", '{"n": "un", "planned_end": "2026-01-15"}', "invalid_detail"),
        ("entries", 5, "details", f'{{"note": "son numéro {NIR}"}}', "nir_refused"),
        ("entries", 12, "details", '{"start": "2025-09-08", "employer": 17}', "invalid_detail"),
        ("entries", 12, "details", f'{{"start": "2025-09-08", "employer": "{NOBODY}"}}', "unknown_reference"),
        ("entries", 5, "enrolment", "2c8e3fa1-0002-4c00-8000-000000000002", "not_this_person"),
        ("entries", 5, "retracts", "le-goff-1", "retraction_mismatch"),
        ("entries", 7, "retracts", "", "retraction_mismatch"),
        ("entries", 7, "retracts", "le-goff-99", "unknown_reference"),
        ("entries", 7, "retracts", "le-goff-6", "retracts_later_entry"),
        ("settings", 2, "value", "thirty", "invalid_json"),
        ("settings", 2, "valid_from", "1/9/2025", "invalid_day"),
    ],
)
def test_a_bad_cell_is_refused_by_name_and_everything_else_is_kept(
    own_database, tables, imported, file, row, column, value, code
):
    done, refused = imported(tables.cell(file, row, column, value).write())

    every_row = sum(map(len, tables.rows.values()))
    first = [each for each in refused if each.code != "depends_on_refused_row"]
    assert [(each.file, each.row, each.code) for each in first] == [(f"{file}.csv", row, code)]
    assert str(first[0]).startswith(f"{file}.csv row {row}, {column}: {code} -- ") or not first[0].column
    assert NIR not in str(first[0])
    assert sum(statuses.get("new", 0) for statuses in done.rows.values()) == every_row - len(refused)


def test_what_depends_on_a_refused_row_says_which_one(own_database, tables, imported):
    done, refused = imported(tables.cell("persons", 2, "birth_date", "31/02/2006").write())

    assert said(refused)[0] == "persons:2 birth_date invalid_day"
    others = [each for each in refused if each.code == "depends_on_refused_row"]
    assert {(each.values["file"], each.values["row"]) for each in others} >= {("persons.csv", 2)}
    assert done.rows["entries.csv"] == {"new": 6, "refused": 6}
    assert asked("select family_name from person order by 1") == [("N’Diaye",), ("Œuvrard",)]
    assert "it depends on row 2 of persons.csv" in str(others[0])


def test_a_person_whose_reference_cannot_be_read_is_unknown_to_the_other_files(own_database, tables, imported):
    _, refused = imported(tables.cell("persons", 2, "person", "17").write())

    assert said(refused)[0] == "persons:2 person invalid_reference"
    assert {each.code for each in refused[1:]} == {"unknown_reference"}


def test_the_retraction_of_a_refused_entry_is_refused_and_so_on(own_database, tables, imported):
    again = tables.copy("entries", 7, entry="le-goff-7", retracts="le-goff-6", recorded_at="2025-11-25T09:00:00Z")

    _, refused = imported(tables.cell("entries", 6, "occurred_on", "hier").write())

    assert said(refused) == [
        "entries:6 occurred_on invalid_day", "entries:7 retracts depends_on_refused_row",
        f"entries:{again} retracts depends_on_refused_row",
    ]  # fmt: skip


def test_an_entry_is_retracted_once(own_database, tables, imported):
    again = tables.copy("entries", 7, entry="le-goff-7")

    _, refused = imported(tables.write())

    assert said(refused) == [f"entries:{again} retracts already_retracted"]


def test_the_same_record_twice_is_kept_once(own_database, tables, imported):
    numbers = [tables.copy(name, 2) for name in ("persons", "external_ids", "enrolments", "links", "entries", "settings")]

    _, refused = imported(tables.write())

    assert [each.row for each in refused] == numbers
    assert {(each.code, each.values["first"]) for each in refused} == {("duplicate_row", 2)}


def test_an_organisation_named_in_details_is_the_one_of_the_file(own_database, tables, imported, exported):
    details = f'{{"start": "2025-09-08", "employer": "{ML}"}}'
    _, refused = imported(tables.cell("entries", 12, "details", details).write())

    assert refused == []
    assert asked(
        "select (e.payload ->> 'employer')::bigint = o.id, jsonb_typeof(e.payload -> 'employer') from journal_entry as e, "
        "organisation as o where e.type = 'work_contract_signed' and o.kind = 'mission_locale'"
    ) == [(True, "number")]
    assert f'""employer"": ""{ML}""' in (exported() / "entries.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "row", "code"),
    [
        (lambda text: text.replace(b"Moussa", b"Mo\x00ussa"), 4, "control_character"),
        (lambda text: text.replace("Anaëlle".encode(), "Anaëlle".encode("latin-1")), 2, "bad_encoding"),
        (lambda text: text.replace(b"Moussa,", b"Moussa,,"), 4, "ragged_row"),
        (lambda text: text.replace(b"Moussa", b'"Mous"sa'), 4, "unreadable_row"),
        (lambda text: text.replace(b"Moussa", b"M" * 70_000), 4, "too_long"),
    ],
)
def test_a_spoilt_row_is_refused_and_the_others_are_kept(own_database, tables, imported, change, row, code):
    _, refused = imported(tables.text("persons", change))

    assert (refused[0].file, refused[0].row, refused[0].code) == ("persons.csv", row, code)
    assert asked("select count(*) from person") == [(2,)]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text.replace(b"\r\n", b"\n"),
        lambda text: text + b"\r\n\r\n",
        lambda text: text.replace(b"N\xe2\x80\x99Diaye", b'"N\xe2\x80\x99Diaye"'),
    ],
    ids=["byte order mark", "line feeds", "blank lines", "quotes"],
)
def test_what_programs_add_by_themselves_is_no_fault(own_database, tables, imported, change):
    assert imported(tables.text("persons", change))[1] == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace(b",", b";"), "separated by semicolons; expected commas"),
        (lambda text: text.replace(b",", b"\t"), "separated by tabs; expected commas"),
        (lambda text: text.replace(b"family_name", b"nom", 1), "persons.csv: the header lacks family_name"),
        (lambda text: text.replace(b"family_name", b"given_name", 1), "the header lacks family_name"),
        (lambda text: text.replace(b"phone", b"email", 1), "the header has email twice"),
        (lambda text: text.decode().encode("utf-16"), "the file is UTF-16"),
        (lambda _text: b"", "the header lacks person, family_name, given_name"),
        (lambda text: text.replace(b"Moussa", b'"Moussa'), "row 4: a double quote is opened and never closed"),
    ],
)
def test_a_file_that_is_not_the_table_stops_everything(own_database, tables, imported, change, told):
    with pytest.raises(NotTables, match=told):
        imported(tables.text("persons", change))

    assert asked("select count(*) from organisation") == [(0,)]


def test_a_missing_file_or_folder_is_named(own_database, tables, imported, tmp_path):
    (tables.write() / "entries.csv").unlink()

    with pytest.raises(NotTables, match=r"entries\.csv: the file is missing"):
        imported(tables.folder)
    with pytest.raises(NotTables, match="no such folder"):
        imported(tmp_path / "nowhere")


def test_files_that_bring_nothing_may_be_left_out(own_database, tables, imported):
    for name in ("external_ids", "settings"):
        (tables.write() / f"{name}.csv").unlink()

    assert imported(tables.folder)[1] == []


def test_nothing_is_written_on_a_dry_run_and_the_same_is_told(own_database, tables, imported):
    tables.cell("persons", 2, "birth_date", "31/02/2006").cell("entries", 12, "details", "{}")
    dry = imported(tables.write(), dry_run=True)

    assert asked("select count(*) from person") == asked("select count(*) from organisation") == [(0,)]
    real = imported(tables.folder)
    assert dry[0].rows == real[0].rows
    assert list(map(str, dry[1])) == list(map(str, real[1]))
