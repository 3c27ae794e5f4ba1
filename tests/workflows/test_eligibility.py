"""Who may enter what, when, and beside what: yes, no with every reason, or unknown with what to ask."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.operations.eligible import answers, invented
from pathways.workflows.conditions import CONDITIONS
from pathways.workflows.eligibility import Answer, eligibility, reasons_to_enter
from pathways.workflows.entry import Entry
from pathways.workflows.fold import pathway
from pathways.workflows.predicates import negation
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.together import STRICTNESS, Verdict, refused_together, rows, together

TODAY = date(2026, 3, 2)


def somebody(born=date(2006, 5, 14), *, on=TODAY, entries=(), **conditions):
    known = [*invented({"born": born} if born else {}, conditions, on), *entries]
    return pathway(known, on, on)


def asked(scheme, who=None, on=TODAY, **details):
    return eligibility(SCHEMES[scheme], who or somebody(on=on), on, details)


def against(found):
    return [reason.code for reason in found.against]


def entry(number, kind, on, scheme="PACEA", **data):
    return Entry(number, kind, on, on, "ml", "mission_locale", scheme.lower(), scheme, data)


def test_what_is_not_known_is_asked_for_and_refuses_nobody():
    found = asked("PACEA")

    assert found.answer is Answer.UNKNOWN
    assert [each.asks for each in found.unknown] == [("at_risk_of_exclusion",), ("job_seeker",)]
    assert not found.against


def test_what_is_known_already_is_not_asked_again():
    found = asked("PSAD", somebody(date(2007, 2, 1)))

    assert [each.asks for each in found.unknown] == [("below_aimed_diploma",)]


def test_a_known_no_refuses_whatever_is_still_unknown():
    found = asked("PACEA", somebody(date(1999, 1, 1)))

    assert found.answer is Answer.NO
    assert against(found) == ["age_above_26"]
    assert found.against[0].values["source"] == "CT L5131-4, R5131-8 à R5131-13, D5411-14-1"


def test_everything_known_and_true_opens():
    assert asked("PACEA", somebody(at_risk_of_exclusion=True, job_seeker=True)).answer is Answer.YES


def test_every_reason_is_given_at_once():
    found = asked("CEJ", somebody(date(1999, 1, 1), student=True, hard_access_to_durable_job=False))

    assert against(found) == ["age_above_26", "condition_not_met", "condition_not_met"]


def test_the_rules_are_those_of_the_day():
    young = somebody(date(2001, 1, 1), on=date(2022, 2, 28), at_risk_of_exclusion=True)

    assert asked("PACEA", young, date(2022, 2, 28)).answer is Answer.YES  # registration is asked from 2025 on
    assert against(asked("GJ", young, date(2022, 3, 1))) == ["scheme_closed"]
    assert asked("GJ", young, date(2022, 3, 1)).against[0].values["propose"] == "CEJ"
    assert against(asked("CEJ", young, date(2022, 2, 28))) == ["scheme_not_open"]


def test_somebody_recognised_as_disabled_enters_a_cej_up_to_30():
    at_28 = date(1998, 1, 1)
    recognised = somebody(at_28, entries=[Entry("r", "rqth_renewed", TODAY, TODAY, data={"until": date(2027, 1, 1)})])

    assert against(asked("CEJ", somebody(at_28))) == ["age_above_26"]
    assert against(asked("CEJ", recognised)) == []


def test_registration_follows_its_last_event():
    left = Entry("a", "ft_deregistered", date(2026, 1, 5), date(2026, 1, 5))
    back = Entry("b", "ft_registered", date(2026, 2, 5), date(2026, 2, 5))

    assert "not_registered" in against(asked("CE_FT", somebody(entries=[left])))
    assert asked("CE_FT", somebody(entries=[left, back])).answer is Answer.YES


def test_a_cej_that_just_ended_closes_the_next_one_for_six_months_unless_circumstances_are_special():
    story = [
        entry("1", "engagement_signed", date(2025, 6, 2), "CEJ"),
        entry("2", "closed", date(2025, 12, 1), "CEJ", outcome="DEMENAGEMENT"),
    ]
    ready = {"hard_access_to_durable_job": True, "job_seeker": True, "student": False}

    unsaid = somebody(entries=story, **ready)
    assert asked("CEJ", unsaid).answer is Answer.UNKNOWN
    assert [reason.code for reason in reasons_to_enter(SCHEMES["CEJ"], unsaid, TODAY, {})] == ["too_soon_after"]
    assert "too_soon_after" in against(asked("CEJ", somebody(entries=story, special_circumstances=False, **ready)))
    assert asked("CEJ", somebody(entries=story, special_circumstances=True, **ready)).answer is Answer.YES
    later = date(2026, 6, 1)
    assert asked("CEJ", somebody(entries=story, on=later, **ready), later).answer is Answer.YES


def test_the_last_statement_of_a_condition_counts_from_its_day_on():
    said = [
        Entry("1", "condition_stated", date(2026, 1, 5), date(2026, 1, 5), data={"condition": "volunteer", "holds": True}),
        Entry("2", "condition_stated", date(2026, 2, 5), date(2026, 2, 5), data={"condition": "volunteer", "holds": False}),
    ]

    assert "condition_not_met" in against(asked("GLOBAL", somebody(entries=said)))
    assert "condition_not_met" not in against(asked("GLOBAL", somebody(on=date(2026, 1, 20), entries=said), date(2026, 1, 20)))


def test_a_running_accompaniment_refuses_one_that_does_not_go_with_it_and_says_what_to_do():
    who = somebody(entries=[entry("1", "engagement_signed", date(2026, 1, 5))])

    (reason,) = asked("CEJ", who).against
    assert reason.code == "not_concurrent"
    assert reason.values["schemes"] == ("PACEA", "CEJ")
    assert reason.values["do"] == "close_first"


# --- the table of schemes held together ----------------------------------------------------------------------------------


def test_the_table_reads_the_same_both_ways_round():
    names = [row[0] for row in rows()][1:]
    for one in names:
        for other in names:
            assert together(one, other, TODAY) == together(other, one, TODAY)


def test_the_stricter_of_two_cells_holds():
    assert together("PACEA", "EPIDE", TODAY).verdict is Verdict.WARNING
    assert STRICTNESS.index(Verdict.WARNING) < STRICTNESS.index(Verdict.REFUSED)


def test_a_footnote_gives_the_days_between_which_a_cell_holds():
    assert not refused_together("PACEA", "GJ", date(2022, 2, 28))
    assert refused_together("PACEA", "GJ", date(2022, 3, 1))


def test_every_scheme_is_held_as_a_row_or_column_of_the_table_or_as_itself():
    heading, *body = rows()
    known = {*heading[1:], *(row[0] for row in body)}

    assert {scheme.held_as for scheme in SCHEMES.values() if scheme.held_as != scheme.code} <= known
    assert {row[0] for row in body} | set(heading[1:]) >= {"PACEA", "CEJ", "GLOBAL", "AIJ", "VAE", "CREATION"}


# --- three values ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("holds", "contrary"), [(True, False), (False, True), (None, None)])
def test_the_contrary_of_the_unknown_is_unknown(holds, contrary):
    assert negation(holds) is contrary


STATED = st.dictionaries(st.sampled_from(sorted(CONDITIONS)), st.booleans(), max_size=12)
BORN = st.none() | st.dates(date(1950, 1, 1), date(2015, 1, 1))


@given(BORN, STATED, st.dates(date(2012, 1, 1), date(2027, 1, 1)))
def test_for_anybody_on_any_day_every_scheme_has_an_answer_that_agrees_with_its_parts(born, stated, on):
    for each in answers(invented({"born": born} if born else {}, stated, on), on).found:
        assert each.answer is (Answer.NO if each.against else Answer.UNKNOWN if each.unknown else Answer.YES)
        assert all(reason.values.get("source") for reason in each.against)
        assert (each.version is None) == (each.scheme.version(on) is None)


@given(BORN, STATED, st.sampled_from(sorted(CONDITIONS)), st.booleans(), st.dates(date(2017, 1, 1), date(2027, 1, 1)))
def test_one_more_answer_never_turns_a_no_into_something_unknown(born, stated, condition, holds, on):
    identity = {"born": born} if born else {}
    before = answers(invented(identity, stated, on), on)
    after = answers(invented(identity, {**stated, condition: stated.get(condition, holds)}, on), on)

    for one, other in zip(before.found, after.found, strict=True):
        if one.answer is not Answer.UNKNOWN:
            assert other.answer is not Answer.UNKNOWN
