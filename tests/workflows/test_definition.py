"""A page that could strand somebody is refused when it is imported, and says why."""

from itertools import pairwise

import pytest

from pathways.workflows.actors import ML, REFERENT
from pathways.workflows.definition import START, FaultyWorkflow, Workflow, at, note, on, when
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.states import State as S

SIGNS = on("engagement_signed", START, S.ACTIVE, by=ML)
LEAVES = on("closed", S.ACTIVE, S.CLOSED, by={ML, REFERENT})


def page(*lines, final=(S.CLOSED,)):
    return Workflow("PAGE", final=final, lines=lines)


def never(step, pathway):
    return None


def given_a_reason(entry):
    return "reason" in entry.data


def test_a_sound_page_is_accepted():
    sound = page(SIGNS, LEAVES, note("contact", by=ML), at("cap", never, S.ACTIVE, S.CLOSED))

    assert sound.states == {S.ACTIVE, S.CLOSED}
    assert sound.events == ("engagement_signed", "closed", "contact")


@pytest.mark.parametrize(
    ("lines", "final", "fault"),
    [
        ([SIGNS, LEAVES, on("engagment_signed", START, S.ACTIVE, by=ML)], {S.CLOSED}, "unknown event 'engagment_signed'"),
        ([SIGNS, LEAVES, note("chat", by=ML)], {S.CLOSED}, "unknown event 'chat'"),
        ([SIGNS, LEAVES, when("hired", S.ACTIVE, S.CLOSED, of={"EMPLOI"})], {S.CLOSED}, "unknown event 'hired'"),
        ([SIGNS, LEAVES, on("resumed", S.SUSPENDED, S.ACTIVE, by=ML)], {S.CLOSED}, "unreachable: suspended"),
        ([SIGNS, LEAVES], {S.CLOSED, S.DECLINED}, "unreachable: declined"),
        ([SIGNS, LEAVES, on("suspended", S.ACTIVE, S.SUSPENDED, by=ML)], {S.CLOSED}, "no way out of suspended"),
        (
            [SIGNS, LEAVES, on("suspended", {S.ACTIVE, S.SUSPENDED}, S.SUSPENDED, by=ML)],
            {S.CLOSED},
            "no way out of suspended",
        ),
        ([SIGNS, LEAVES, on("resumed", S.CLOSED, S.ACTIVE, by=ML)], {S.CLOSED}, "a move leaves the final state closed"),
        ([SIGNS, LEAVES, at("again", never, S.CLOSED, S.ACTIVE)], {S.CLOSED}, "a move leaves the final state closed"),
        ([SIGNS, LEAVES, on("suspended", S.ACTIVE, S.CLOSED, by=())], {S.CLOSED}, "nobody may declare 'suspended'"),
        ([SIGNS, LEAVES, note("contact", by=())], {S.CLOSED}, "nobody may declare 'contact'"),
        (
            [SIGNS, LEAVES, on("closed", S.ACTIVE, S.DECLINED, by=ML)],
            {S.CLOSED, S.DECLINED},
            "'closed' from active moves to two states",
        ),
        (
            [SIGNS, LEAVES, on("engagement_signed", START, S.CLOSED, by=ML)],
            {S.CLOSED},
            "'engagement_signed' from the start moves to two states",
        ),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else None,
)
def test_a_faulty_page_is_refused_with_its_fault(lines, final, fault):
    with pytest.raises(FaultyWorkflow) as refused:
        page(*lines, final=final)

    assert str(refused.value) == f"PAGE: {fault}"


def test_every_fault_is_told_at_once():
    with pytest.raises(FaultyWorkflow) as refused:
        page(SIGNS, LEAVES, note("chat", by=()), on("resumed", S.SUSPENDED, S.ACTIVE, by=ML))

    assert str(refused.value) == "PAGE: unknown event 'chat'; nobody may declare 'chat'; unreachable: suspended"


def test_what_an_event_contains_may_decide_between_two_moves():
    reason = on("closed", S.ACTIVE, S.DECLINED, by=ML, given=given_a_reason)

    assert page(SIGNS, reason, LEAVES, final={S.CLOSED, S.DECLINED}).final == {S.CLOSED, S.DECLINED}


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=lambda scheme: scheme.code)
def test_a_page_of_the_catalogue_counts_states_of_its_own_only(scheme):
    family, states = scheme.family, scheme.workflow.states

    assert family.active - scheme.workflow.final == family.active
    assert scheme.workflow.final <= states
    assert {version.valid_from for version in scheme.versions}, scheme.code
    for one, following in pairwise(scheme.versions):
        assert one.valid_to is not None
        assert one.valid_to < following.valid_from
