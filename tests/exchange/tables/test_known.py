"""A second file about what is already here: added to, corrected where that is safe, never edited."""

from tests.exchange.tables.conftest import asked, said

LE_GOFF = "1b7d2e90-0001-4b00-8000-000000000001"
OEUVRARD = "1b7d2e90-0002-4b00-8000-000000000002"
SILENT = """
    select distinct rule from signal join person on person.id = person_id
    where rule = 'contact_silence' and closed_on is null and sex = 'F'
"""


def test_only_what_is_new_is_added_and_it_counts_from_then_on(own_database, tables, imported):
    imported(tables.write())
    assert asked("select state from enrolment where scheme = 'CSP'") == [("accepted",)]
    tables.copy("entries", 9, entry="oeuvrard-4", type="csp_prebilan_done", occurred_on="2025-10-20",
                recorded_at="2026-03-02T08:00:00Z")  # fmt: skip

    done, refused = imported(tables.write())

    assert refused == []
    assert done.rows["entries.csv"] == {"new": 1, "unchanged": 12}
    assert done.rows["persons.csv"] == {"unchanged": 3}
    assert asked("select source, imported_at > recorded_at, reference from journal_entry where reference = 'oeuvrard-4'") == [
        ("import", True, "oeuvrard-4")
    ]


def test_an_entry_is_never_edited(own_database, tables, imported):
    imported(tables.write())
    tables.cell("entries", 5, "occurred_on", "2025-11-19").cell("entries", 6, "details", '{"channel": "visite"}')

    _, refused = imported(tables.write())

    assert said(refused) == ["entries:5 - entry_differs", "entries:6 - entry_differs"]
    assert refused[0].values == {"fields": "occurred_on"}
    assert refused[1].values == {"fields": "details"}
    assert asked("select occurred_on::text from journal_entry where reference = 'le-goff-4'") == [("2025-11-20",)]


def test_another_name_is_refused_until_an_entry_declares_it(own_database, tables, imported):
    imported(tables.write())
    tables.cell("persons", 2, "family_name", "Le Goff-Diallo").cell("persons", 2, "commune", "44184")

    _, refused = imported(tables.write())

    assert said(refused)[0] == "persons:2 - person_differs"
    assert "another family_name, commune; declare the change as an entry « identity_stated »" in str(refused[0])

    tables.copy("entries", 2, entry="le-goff-7", occurred_on="2026-03-01", recorded_at="2026-03-01T09:00:00Z",
                details='{"family_name": "Le Goff-Diallo", "commune": "44184"}')  # fmt: skip
    done, refused = imported(tables.write())

    assert refused == []
    assert done.rows["persons.csv"] == {"updated": 1, "unchanged": 2}
    assert asked("select family_name, commune, search_key from person where sex = 'F'") == [
        ("Le Goff-Diallo", "44184", "anaelle le goff diallo")
    ]


def test_a_telephone_is_corrected_and_an_empty_cell_takes_nothing_away(own_database, tables, imported):
    imported(tables.write())
    tables.cell("persons", 2, "phone", "'+33639980999").cell("persons", 2, "email", "")
    tables.cell("organisations", 2, "name", "ML Estuaire")

    done, refused = imported(tables.write())

    assert refused == []
    assert done.rows["persons.csv"]["updated"] == done.rows["organisations.csv"]["updated"] == 1
    assert asked("select phone, email from person where sex = 'F'") == [("+33639980999", "anaelle@example.org")]
    assert ("ML Estuaire",) in asked("select name from organisation")


def test_what_an_organisation_or_a_step_is_does_not_change(own_database, tables, imported):
    imported(tables.write())
    tables.cell("organisations", 4, "kind", "organisme_formation").cell("enrolments", 3, "rules_on", "2025-10-07")
    tables.cell("external_ids", 3, "person", LE_GOFF)

    _, refused = imported(tables.write())

    codes = {(each.file, each.code) for each in refused if each.code != "depends_on_refused_row"}
    assert codes == {
        ("organisations.csv", "organisation_differs"), ("enrolments.csv", "enrolment_differs"),
        ("external_ids.csv", "external_id_taken"),
    }  # fmt: skip


def test_an_organisation_known_under_another_reference_is_named(own_database, tables, imported):
    imported(tables.write())
    other = "0f5a6c1e-0009-4a00-8000-000000000009"
    tables.copy("organisations", 2, organisation=other)

    _, refused = imported(tables.write())

    assert {each.code for each in refused} == {"identifier_taken"}
    assert "use its reference « 0f5a6c1e-0001-4a00-8000-000000000001 »" in str(refused[0])


def test_a_link_ends_once(own_database, tables, imported):
    imported(tables.write())
    tables.cell("links", 2, "ended_on", "2026-02-28").cell("links", 2, "ended_recorded_at", "2026-03-01T09:00:00Z")
    done, refused = imported(tables.write())

    assert refused == []
    assert done.rows["links.csv"] == {"updated": 1, "unchanged": 3}
    assert asked("select ended_on::text from link where role = 'referent' and started_on = '2025-09-15'") == [("2026-02-28",)]

    tables.cell("links", 2, "ended_on", "2026-02-27")
    assert said(imported(tables.write())[1]) == ["links:2 ended_on link_differs"]


def test_a_threshold_keeps_its_value(own_database, tables, imported):
    imported(tables.write())

    assert said(imported(tables.cell("settings", 2, "value", "20").write())[1]) == ["settings:2 value setting_differs"]


def test_a_new_threshold_is_applied_to_everybody_who_was_here(own_database, tables, imported):
    imported(tables.cell("settings", 2, "value", "400").write())
    assert asked(SILENT) == []
    tables.copy("settings", 2, value="30", recorded_at="2026-03-02T08:00:00Z", valid_from="2026-03-02")

    imported(tables.write())

    assert asked(SILENT) == [("contact_silence",)]


def test_a_person_who_turned_out_to_be_another_keeps_their_entries(own_database, tables, imported, exported):
    imported(tables.cell("persons", 2, "merged_into", OEUVRARD).write())

    became = "select other.public_id::text from person join person as other on other.id = person.merged_into"
    assert asked(became) == [(OEUVRARD,)]
    assert asked("select count(*) from journal_entry where person_id = (select id from person where sex = 'F')") == [(6,)]


def test_two_schools_of_one_siret_are_told_apart_by_their_uai(own_database, tables, imported):
    tables.cell("organisations", 4, "siret", "13002526500013")
    office = tables.copy("organisations", 4, organisation="0f5a6c1e-0009-4a00-8000-000000000009", uai="")
    imported(tables.write())

    done, refused = imported(tables.cell("organisations", 4, "uai", "").write())

    assert refused == []
    assert done.rows["organisations.csv"] == {"unchanged": office - 1}
