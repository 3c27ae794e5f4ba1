"""One fact about many, and silent feeds, as one person's evaluation reads them."""

from dataclasses import replace
from datetime import date, timedelta

from pathways.detection.circumstances import Circumstances, Incident, Span, Told, silences
from pathways.detection.settings import Settings
from pathways.workflows.incidents import CLOSED, INSOLVENCY, OUTAGE
from tests.journal import Journal, day


def told(*versions):
    """``(known, starts, ends)``, a fourth truth: withdrawn."""
    return tuple(Told(*(each and day(each) for each in version[:3]), withdrawn=len(version) > 3) for version in versions)


def knowing(*incidents, silent=None):
    return replace(Settings(), circumstances=Circumstances(incidents, silent))


def outage(*versions):
    return Incident("panne", OUTAGE, frozenset({"of"}), told(*versions))


def admitted(settings):
    """Expected to enter on 3 March: without news, not entered on 6 March."""
    journal = Journal(visa="PRF_VISA_METIERS", settings=settings)
    journal.on("2025-02-03", "prescribed", "visa", to="of")
    journal.on("2025-02-10", "admitted", "visa", planned_start="2025-03-03")
    return journal


def hired(settings=None, employer="49123456700012"):
    journal = Journal(app="APPRENTISSAGE", settings=settings)
    journal.on("2025-01-06", "work_contract_signed", "app", start="2025-01-13", planned_end="2026-08-31", employer=employer)
    journal.on("2025-01-13", "work_contract_started", "app", employer=employer, planned_end="2026-08-31")
    return journal


def failing(*versions, siren="491234567", organisations=(), name="", ref="a"):
    return Incident(ref, INSOLVENCY, frozenset(organisations), told(*versions), siren, name)


# --- silent feeds


def test_without_an_outage_the_missing_entry_shows():
    assert admitted(Settings()).shown("entry_no_show", "2025-03-31") == ["alert 2025-03-06 →"]


def test_during_an_outage_the_clock_opens_nothing_and_the_day_after_it_does():
    journal = admitted(knowing(outage(("2025-03-04", "2025-03-04", "2025-03-14"))))

    assert journal.shown("entry_no_show", "2025-03-14") == []
    assert journal.shown("entry_no_show", "2025-03-31") == ["alert 2025-03-15 →"]


def test_what_was_open_stays_open_through_the_outage():
    journal = admitted(knowing(outage(("2025-03-10", "2025-03-10", "2025-03-14"))))

    assert journal.shown("entry_no_show", "2025-03-31") == ["alert 2025-03-06 →"]


def test_a_declared_fact_still_closes_during_the_outage():
    journal = admitted(knowing(outage(("2025-03-10", "2025-03-10", None))))
    journal.on("2025-03-12", "entered", "visa")

    assert journal.shown("entry_no_show", "2025-03-31") == ["alert 2025-03-06 → 2025-03-12"]


def test_after_the_outage_what_is_then_known_decides():
    journal = admitted(knowing(outage(("2025-03-04", "2025-03-04", "2025-03-14"))))
    journal.on("2025-03-03", "entered", "visa", known="2025-03-15")

    assert journal.shown("entry_no_show", "2025-03-31") == []


def test_an_outage_acts_from_the_day_it_is_known_and_takes_back_what_it_had_raised():
    journal = admitted(knowing(outage(("2025-03-08", "2025-03-04", None))))

    assert journal.shown("entry_no_show", "2025-03-31") == ["alert 2025-03-06 → 2025-03-08 (corrected)"]


def test_an_outage_that_was_withdrawn_no_longer_holds_anything():
    journal = admitted(knowing(outage(("2025-03-04", "2025-03-04", None), ("2025-03-10", "2025-03-04", None, True))))

    assert journal.shown("entry_no_show", "2025-03-31") == ["alert 2025-03-10 →"]


def test_the_clock_does_not_move_between_a_silence_and_the_outage_that_follows_it():
    silent = {"of": (Span(date(2025, 3, 5), date(2025, 3, 9)),)}
    journal = admitted(knowing(outage(("2025-03-10", "2025-03-10", "2025-03-20")), silent=silent))

    assert journal.shown("entry_no_show", "2025-03-31") == ["alert 2025-03-21 →"]


def test_the_outage_of_another_body_holds_nothing_back():
    other = Incident("panne", OUTAGE, frozenset({"of2"}), told(("2025-03-04", "2025-03-04", None)))

    assert admitted(knowing(other)).shown("entry_no_show", "2025-03-31") == ["alert 2025-03-06 →"]


def test_a_feed_is_silent_after_more_days_than_it_is_given_until_the_next_file():
    first, last = date(2025, 3, 3), date(2025, 3, 24)

    assert silences([first, last], lambda _day: 7) == (
        Span(date(2025, 3, 11), date(2025, 3, 23)),
        Span(date(2025, 4, 1)),
    )
    assert silences([first, first + timedelta(days=7)], lambda _day: 7)[0].first == date(2025, 3, 18)


def test_a_body_that_never_sent_a_file_is_never_silent():
    assert silences([], lambda _day: 7) == ()


def test_a_longer_patience_from_some_day_on_ends_a_silence_and_begins_it_later():
    change = date(2025, 3, 13)

    found = silences([date(2025, 3, 3)], lambda on: 14 if on >= change else 7, [change])

    assert found == (Span(date(2025, 3, 11), date(2025, 3, 12)), Span(date(2025, 3, 18)))


# --- one fact about many


def test_an_employer_that_fails_is_told_to_everybody_it_employs_once():
    journal = hired(knowing(failing(("2025-03-05", "2025-03-03", None)), failing(("2025-03-07", "2025-03-03", None), ref="b")))

    assert journal.shown("employer_distress", "2025-06-30") == ["alert 2025-03-05 →"]


def test_it_ends_with_the_procedure():
    journal = hired(knowing(failing(("2025-03-05", "2025-03-03", None), ("2025-04-02", "2025-03-03", "2025-04-10"))))

    assert journal.shown("employer_distress", "2025-06-30") == ["alert 2025-03-05 → 2025-04-11"]


def test_it_ends_with_the_contract():
    journal = hired(knowing(failing(("2025-03-05", "2025-03-03", None))))
    journal.on("2025-03-20", "contract_broken", "app", broken_on="2025-03-21", reason="LIQUIDATION_EMPLOYEUR")

    assert journal.shown("employer_distress", "2025-06-30") == ["alert 2025-03-05 → 2025-03-21"]


def test_a_contract_declared_later_is_concerned_too():
    settings = knowing(failing(("2024-12-20", "2024-12-20", None)))

    assert hired(settings).shown("employer_distress", "2025-06-30") == ["alert 2025-01-06 →"]


def test_an_entry_that_only_repeats_the_incident_is_not_a_second_signal():
    journal = hired(knowing(failing(("2025-03-05", "2025-03-03", None), ("2025-04-02", "2025-03-03", None, True))))
    journal.on("2025-03-05", "employer_insolvency", "app", kind="liquidation", incident="a")

    assert journal.shown("employer_distress", "2025-06-30") == ["alert 2025-03-05 → 2025-04-02 (corrected)"]


def test_said_of_one_contract_first_it_stays_the_same_signal():
    journal = hired(knowing(failing(("2025-03-05", "2025-03-03", None))))
    journal.on("2025-03-01", "employer_insolvency", "app", kind="redressement")

    assert journal.shown("employer_distress", "2025-06-30") == ["alert 2025-03-01 →"]


def test_employers_are_recognised_by_number_siren_or_name():
    by_siren, by_number = failing(("2025-03-05", "2025-03-03", None)), failing(siren=None, organisations={7})
    by_name = failing(siren=None, name="Garage de l’Erdre")

    assert by_siren.names("49123456700020")
    assert by_siren.names("491 234 567 00012")
    assert not by_siren.names("49123456800012")
    assert by_number.names(7)
    assert not by_number.names(8)
    assert by_name.names("GARAGE DE L'ERDRE")
    assert not by_name.names("Garage de la Loire")
    assert not by_name.names(None)


def test_a_body_that_closes_is_told_to_its_trainees_until_they_go_on_elsewhere():
    closed = Incident("c", CLOSED, frozenset({"of"}), told(("2025-03-05", "2025-03-03", None)))
    journal = Journal(visa="PRF_VISA_METIERS", other="PRF_VISA_METIERS", settings=knowing(closed))
    journal.on("2025-01-06", "admitted", "visa", planned_start="2025-01-13")
    journal.on("2025-01-13", "entered", "visa", planned_end="2025-09-30")

    assert journal.shown("body_closed", "2025-03-31") == ["alert 2025-03-05 →"]
    journal.on("2025-04-07", "admitted", "other", planned_start="2025-04-14", by="of2")
    journal.on("2025-04-14", "entered", "other", planned_end="2025-09-30", by="of2")
    assert journal.shown("body_closed", "2025-06-30") == ["alert 2025-03-05 → 2025-04-14"]


def test_a_body_that_closes_says_nothing_of_those_who_had_left():
    closed = Incident("c", CLOSED, frozenset({"of"}), told(("2025-03-05", "2025-03-03", None)))
    journal = Journal(visa="PRF_VISA_METIERS", settings=knowing(closed))
    journal.on("2025-01-13", "entered", "visa", planned_end="2025-09-30")
    journal.on("2025-02-28", "dropped", "visa")

    assert journal.shown("body_closed", "2025-06-30") == []


def test_a_closing_told_of_one_step_alone_shows_as_well():
    journal = Journal(visa="PRF_VISA_METIERS")
    journal.on("2025-01-13", "entered", "visa", planned_end="2025-09-30")
    journal.on("2025-03-03", "body_closed", "visa")

    assert journal.shown("body_closed", "2025-06-30") == ["alert 2025-03-03 →"]
