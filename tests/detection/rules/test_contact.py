"""Signals of contact, day by day."""

from datetime import date

import pytest

from pathways.detection.settings import Setting, Settings
from tests.journal import Journal

UNTIL = "2025-12-31"


def accompanied(scheme="CEJ", on="2025-01-06", **more):
    """Accompanied from a Monday on, nobody heard since."""
    journal = Journal(step=scheme, **more)
    journal.on(on, "accompaniment_started" if scheme in {"CSP", "GLOBAL"} else "engagement_signed", "step")
    return journal


# missed appointments


def test_a_missed_appointment_shows_that_day_until_the_next_one_seen():
    journal = accompanied()
    journal.on("2025-01-14", "appointment", "step", status="noshow")
    journal.on("2025-01-20", "appointment", "step", status="excused")
    journal.on("2025-01-28", "appointment", "step", status="seen")

    assert journal.shown("missed_appointment", UNTIL) == ["info 2025-01-14 → 2025-01-28"]


@pytest.mark.parametrize("status", ["seen", "excused", "revoked", "planned", "to_complete"])
def test_only_a_no_show_is_missed(status):
    journal = accompanied()
    journal.on("2025-01-14", "appointment", "step", status=status)

    assert journal.shown("missed_appointment", UNTIL) == []


def test_each_missed_appointment_is_a_signal_of_its_own():
    journal = accompanied()
    journal.on("2025-01-14", "appointment", "step", status="noshow")
    journal.on("2025-02-24", "appointment", "step", status="noshow")

    assert journal.shown("missed_appointment", "2025-03-31") == ["info 2025-01-14 →", "info 2025-02-24 →"]


@pytest.mark.parametrize(
    ("days", "shown"),
    [
        (["2025-01-14", "2025-02-12"], ["alert 2025-02-12 →"]),
        (["2025-01-14", "2025-02-13"], []),
        (["2025-01-14", "2025-02-12", "2025-03-14"], ["alert 2025-02-12 →", "critical 2025-03-14 →"]),
        (["2025-01-14", "2025-02-12", "2025-03-15"], ["alert 2025-02-12 →"]),
        (["2025-01-14", "2025-02-13", "2025-03-14"], ["alert 2025-03-14 →", "critical 2025-03-14 →"]),
    ],
)
def test_two_no_shows_within_30_days_then_three_within_60(days, shown):
    journal = accompanied()
    for missed in days:
        journal.on(missed, "appointment", "step", status="noshow")

    assert journal.shown("repeated_no_show", "2025-04-30") == shown


def test_an_appointment_seen_closes_it_and_restarts_the_count():
    journal = accompanied()
    for missed in ("2025-01-14", "2025-01-21"):
        journal.on(missed, "appointment", "step", status="noshow")
    journal.on("2025-01-23", "appointment", "step", status="seen")
    journal.on("2025-01-28", "appointment", "step", status="noshow")

    assert journal.shown("repeated_no_show", "2025-03-31") == ["alert 2025-01-21 → 2025-01-23"]


def test_a_contact_by_telephone_does_not_make_up_for_two_no_shows():
    journal = accompanied()
    for missed in ("2025-01-14", "2025-01-21"):
        journal.on(missed, "appointment", "step", status="noshow")
    journal.on("2025-01-23", "contact", "step")

    assert journal.shown("repeated_no_show", "2025-03-31") == ["alert 2025-01-21 →"]


# silence


@pytest.mark.parametrize(
    ("scheme", "shown"),
    [
        ("CEJ", ["watch 2025-01-21 →", "alert 2025-02-04 →"]),
        ("CSP", ["watch 2025-02-11 →", "alert 2025-03-18 →"]),
        ("PACEA", ["watch 2025-02-21 →", "alert 2025-04-07 →"]),
        ("GLOBAL", ["watch 2025-02-21 →", "alert 2025-04-07 →"]),
        ("CE_FT", ["watch 2025-04-07 →", "alert 2025-07-06 →"]),
    ],
)
def test_silence_counts_from_the_signature_with_the_days_of_each_scheme(scheme, shown):
    assert accompanied(scheme).shown("contact_silence", "2025-08-31") == shown


def test_silence_in_a_ppae_was_three_months():
    assert accompanied("PPAE", on="2024-01-08").shown("contact_silence", "2024-07-31") == [
        "watch 2024-04-08 →", "alert 2024-07-07 →",
    ]


def test_silence_in_a_garantie_jeunes_is_two_weeks():
    journal = accompanied("GJ", on="2020-01-06")

    assert journal.shown("contact_silence", "2020-02-10") == ["watch 2020-01-21 →", "alert 2020-02-04 →"]


@pytest.mark.parametrize(
    ("event", "data"),
    [("contact", {}), ("appointment", {"status": "seen"}), ("contact_attempt", {"channel": "phone", "result": "reached"})],
)
def test_somebody_spoken_with_closes_the_silence_and_restarts_it(event, data):
    journal = accompanied("PACEA")
    journal.on("2025-03-03", event, "step", **data)

    assert journal.shown("contact_silence", "2025-05-31") == ["watch 2025-02-21 → 2025-03-03", "watch 2025-04-18 →"]


@pytest.mark.parametrize(
    ("event", "data"),
    [
        ("contact_attempt", {"channel": "phone", "result": "failed"}),
        ("appointment", {"status": "noshow"}),
        ("phase_started", {"n": 1, "planned_end": "2025-06-30"}),
        ("phase_reviewed", {"n": 1}),
        ("assessment", {}),
    ],
)
def test_an_attempt_a_review_or_an_assessment_is_not_a_contact(event, data):
    journal = accompanied("PACEA")
    journal.on("2025-02-03", event, "step", **data)

    assert journal.shown("contact_silence", "2025-03-31") == ["watch 2025-02-21 →"]


def test_nothing_is_silent_while_oriented_or_assessing():
    journal = Journal(step="PACEA")
    journal.on("2024-01-08", "assessment", "step")

    assert journal.shown("contact_silence", "2024-12-31") == []


def test_a_contact_by_another_accompanying_body_counts_one_by_the_training_body_does_not():
    for by, step, shown in (("ft", "other", ["watch 2025-03-20 →"]), ("of", "visa", ["watch 2025-02-21 →"])):
        journal = accompanied("PACEA", other="CE_FT", visa="PRF_VISA_METIERS")
        journal.on("2025-02-02", "contact", step, by=by)

        assert journal.shown("contact_silence", "2025-03-31", "step") == shown


def test_only_the_lead_accompaniment_may_be_silent():
    journal = accompanied("CE_FT", pacea="PACEA")
    journal.on("2025-02-03", "engagement_signed", "pacea")
    journal.on("2025-06-02", "closed", "pacea", outcome="EMPLOI_CDI")

    assert journal.shown("contact_silence", "2025-06-30", "pacea") == [
        "watch 2025-03-21 → 2025-06-02", "alert 2025-05-05 → 2025-06-02",
    ]
    assert journal.shown("contact_silence", "2025-06-30", "step") == ["watch 2025-06-02 →"]


def test_silence_is_twice_as_long_while_in_a_course_and_shrinks_the_day_after_its_planned_end():
    journal = accompanied("PACEA", visa="PRF_VISA_METIERS")
    journal.on("2025-01-13", "entered", "visa", planned_end="2025-03-14")

    assert journal.shown("contact_silence", "2025-04-30") == ["watch 2025-03-15 →", "alert 2025-04-07 →"]


def test_a_course_that_goes_on_doubles_both_levels():
    journal = accompanied("PACEA", visa="PRF_VISA_METIERS")
    journal.on("2025-01-13", "entered", "visa", planned_end="2025-12-19")

    assert journal.shown("contact_silence", "2025-11-30") == ["watch 2025-04-07 →", "alert 2025-07-06 →"]


def test_a_contact_announced_for_later_does_not_break_the_silence_before_its_day():
    journal = accompanied("CEJ")
    journal.on("2025-01-27", "contact", "step", known="2025-01-20")

    assert journal.shown("contact_silence", "2025-02-05") == ["watch 2025-01-21 → 2025-01-27"]


def test_closing_the_accompaniment_ends_the_silence():
    journal = accompanied("CEJ")
    journal.on("2025-01-30", "closed", "step", outcome="DEMENAGEMENT")

    assert journal.shown("contact_silence", UNTIL) == ["watch 2025-01-21 → 2025-01-30"]


def test_an_organisation_may_set_its_own_days_from_a_day_on():
    stricter = Setting("contact_silence.days", 30, date(2025, 2, 10), date(2025, 2, 10), organisation="ml")
    elsewhere = Setting("contact_silence.days", 5, date(2025, 1, 1), date(2025, 1, 1), organisation="ml2")
    journal = accompanied("PACEA", settings=Settings.of([stricter, elsewhere]))

    assert journal.shown("contact_silence", "2025-03-08") == ["watch 2025-02-10 →", "alert 2025-03-08 →"]


# referents, transfers, obstacles


def test_the_eighth_day_without_referent_shows_until_one_is_named():
    journal = accompanied("PACEA")
    journal.on("2025-02-03", "referent_left", "step")
    journal.on("2025-02-20", "referent_named", "step")

    assert journal.shown("referent_missing", UNTIL) == ["watch 2025-02-11 → 2025-02-20"]


def test_nobody_is_missing_while_nobody_left():
    assert accompanied("PACEA").shown("referent_missing", UNTIL) == []


def test_a_successor_named_within_the_week_or_by_a_transfer_keeps_it_silent():
    named = accompanied("PACEA")
    named.on("2025-01-06", "referent_named", "step")
    named.on("2025-02-03", "referent_left", "step")
    named.on("2025-02-10", "referent_named", "step")
    moved = accompanied("PACEA")
    moved.on("2025-01-06", "referent_named", "step")
    moved.on("2025-02-03", "referent_left", "step")
    moved.on("2025-02-05", "transfer_accepted", "step", by="ml2")

    assert named.shown("referent_missing", UNTIL) == moved.shown("referent_missing", UNTIL) == []


def test_what_is_answered_the_very_day_leaves_nothing_open():
    journal = accompanied("PACEA")
    for event, more in (
        ("referent_left", {}), ("referent_named", {}),
        ("transfer_requested", {"to": "ml2"}), ("transfer_accepted", {"by": "ml2"}),
        ("obstacle", {"theme": "logement", "severity": "bloquant"}), ("obstacle_action", {"theme": "logement"}),
    ):
        journal.on("2025-02-03", event, "step", **more)

    for rule in ("referent_missing", "transfer_pending", "obstacle_unaddressed"):
        assert journal.shown(rule, UNTIL) == []


@pytest.mark.parametrize("answer", ["transfer_accepted", "transfer_refused"])
def test_a_transfer_waits_from_the_sixteenth_day_until_it_is_answered(answer):
    journal = accompanied("PACEA")
    journal.on("2025-02-03", "transfer_requested", "step", to="ml2")
    journal.on("2025-02-24", answer, "step", by="ml2")

    assert journal.shown("transfer_pending", UNTIL) == ["alert 2025-02-19 → 2025-02-24"]


def test_a_transfer_accepted_on_the_fifteenth_day_is_never_pending():
    journal = accompanied("PACEA")
    journal.on("2025-02-03", "transfer_requested", "step", to="ml2")
    journal.on("2025-02-18", "transfer_accepted", "step", by="ml2")

    assert journal.shown("transfer_pending", UNTIL) == []


def test_a_blocking_obstacle_shows_on_day_31_until_somebody_acts_on_its_theme():
    journal = accompanied("PACEA")
    journal.on("2025-02-03", "obstacle", "step", theme="logement", severity="bloquant")
    journal.on("2025-02-10", "obstacle_action", "step", theme="mobilite")
    journal.on("2025-03-24", "obstacle_action", "step", theme="logement")

    assert journal.shown("obstacle_unaddressed", UNTIL) == ["alert 2025-03-06 → 2025-03-24"]


@pytest.mark.parametrize("severity", ["genant", "fort"])
def test_an_obstacle_that_does_not_block_is_not_a_signal(severity):
    journal = accompanied("PACEA")
    journal.on("2025-02-03", "obstacle", "step", theme="logement", severity=severity)

    assert journal.shown("obstacle_unaddressed", UNTIL) == []


def test_an_action_within_the_month_keeps_the_obstacle_silent():
    journal = accompanied("PACEA")
    journal.on("2025-02-03", "obstacle", "step", theme="logement", severity="bloquant")
    journal.on("2025-03-05", "obstacle_action", "step", theme="logement")

    assert journal.shown("obstacle_unaddressed", UNTIL) == []


# two who accompany together


def a_pair():
    """A counsellor of France Travail signs on 6 January 2025; a social worker joins on the 13th."""
    journal = Journal(step="GLOBAL")
    journal.on("2025-01-06", "accompaniment_started", "step")
    journal.on("2025-01-13", "contact", "step", by="cd")
    return journal


def test_one_of_the_pair_silent_for_more_than_60_days_shows_until_they_speak_with_the_person():
    journal = a_pair()
    journal.every(14, "2025-01-20", "2025-05-26", "contact", "step")
    journal.on("2025-03-24", "contact", "step", by="cd")

    assert journal.shown("pair_silent", "2025-05-31") == ["watch 2025-03-15 → 2025-03-24", "watch 2025-05-24 →"]


def test_each_of_the_two_may_be_the_silent_one():
    journal = a_pair()
    journal.every(14, "2025-01-27", "2025-05-26", "contact", "step", by="cd")

    assert journal.shown("pair_silent", "2025-04-30") == ["watch 2025-03-08 →"]
    assert journal.shown("contact_silence", "2025-04-30") == []


def test_a_contact_on_the_sixtieth_day_keeps_the_pair_silent():
    journal = a_pair()
    journal.every(14, "2025-01-20", "2025-04-28", "contact", "step")
    journal.on("2025-03-14", "contact", "step", by="cd")

    assert journal.shown("pair_silent", "2025-04-30") == []


def test_a_partner_named_from_the_first_day_may_be_silent_without_having_spoken():
    journal = Journal(step="GLOBAL")
    journal.on("2025-01-06", "accompaniment_started", "step", partner="cd")
    journal.every(14, "2025-01-20", "2025-03-31", "contact", "step")

    assert journal.shown("pair_silent", "2025-03-31") == ["watch 2025-03-08 →"]


def test_one_alone_is_no_pair():
    journal = Journal(step="GLOBAL")
    journal.on("2025-01-06", "accompaniment_started", "step")

    assert journal.shown("pair_silent", UNTIL) == []
