"""What the schemes of one family share: their states and the lines of their workflows (domain sheet B0)."""

from collections.abc import Iterable

from pathways.workflows import guards
from pathways.workflows.actors import (
    ACCOMPANYING,
    CONTRACT_BODIES,
    HANDED_TO,
    PRESCRIBERS,
    REFERENT,
    TRAINING_BODIES,
    Actor,
)
from pathways.workflows.definition import START, Guard, Line, note, on
from pathways.workflows.entry import Entry
from pathways.workflows.outcomes import NOT_A_RUPTURE
from pathways.workflows.scheme import Family
from pathways.workflows.states import State as S

ACCOMPANIMENT = Family(
    "accompaniment",
    "Accompagnement",
    active=frozenset({S.SIGNED, S.ACTIVE, S.EXTERNAL_COURSE, S.SUSPENDED, S.WORK_PERIOD, S.SUSPENDED_SICK}),
    structuring=False,
)
TRAINING = Family(
    "training", "Formation", active=frozenset({S.TRIAL, S.IN_TRAINING, S.PAUSED}), confirmed=frozenset({S.ADMITTED}),
    at_death=S.DROPPED_OUT,
)
CONTRACT = Family(
    "contract",
    "Contrat",
    active=frozenset({S.PROBATION, S.IN_CONTRACT, S.BROKEN_CONTINUING_CFA, S.CFA_WITHOUT_CONTRACT}),
    confirmed=frozenset({S.CONTRACT_SIGNED}),
    at_death=S.BROKEN_CLOSED,
)

IMMERSION = Family(
    "immersion", "Immersion", active=frozenset({S.IN_IMMERSION}), confirmed=frozenset({S.AGREED}), at_death=S.BROKEN
)
ADVICE = Family("advice", "Conseil", active=frozenset(), structuring=False)
VALIDATION = Family(
    "validation",
    "Validation des acquis",
    active=frozenset({S.REGISTERED, S.FEASIBILITY, S.ADMISSIBILITY_PENDING, S.ADMISSIBLE, S.JURY_PLANNED}),
    structuring=False,
    at_death=S.ABANDONED,
)
CREATION = Family(
    "creation",
    "Création d’entreprise",
    active=frozenset({
        S.PROJECT_EVALUATION, S.ENTREPRENEUR_TRAINING, S.FUNDRAISING, S.CREATED, S.POST_CREATION, S.PAUSED,
    }),
)
LEAVERS = Family("leavers", "Jeunes sortis de scolarité", active=frozenset(), structuring=False)

OPEN_ACCOMPANIMENT = frozenset({S.ORIENTED, S.ASSESSING, S.ACTIVE, S.EXTERNAL_COURSE, S.SUSPENDED})
"""Open states of an accompaniment that is active from its signature; PACEA adds the wait for its first phase."""


SANCTIONS = (
    "Depuis le 1er juin 2025, dix jours pour répondre avant une sanction et décision dans les quinze jours "
    "(CT R5412-7, R5412-7-1)."
)
SIGN_AFTER_ASSESSMENT = "Le contrat est signé dans le mois qui suit le diagnostic (CT R5131-9, 2017-2024)."
SIGN_AFTER_ORIENTATION = "Le contrat d’engagement est signé dans le mois de la notification de l’orientation (CT D5411-14-1)."


def is_a_rupture(entry: Entry) -> bool:
    """The contract broke, rather than ending early for a diploma or a better job."""
    return entry.data.get("reason") not in NOT_A_RUPTURE


def is_a_success(entry: Entry) -> bool:
    return not is_a_rupture(entry)


def followed(also: Iterable[Actor] = ()) -> list[Line]:
    """What a body that follows somebody declares without moving the step; ``also``: bodies that do so in this scheme."""
    accompanying = ACCOMPANYING | frozenset(also)
    followers = accompanying | TRAINING_BODIES | {REFERENT}
    return [
        note("contact_attempt", by=followers),
        note("contact", by=followers),
        note("appointment", by=followers),
        note("obstacle", by=accompanying),
        note("obstacle_action", by=accompanying),
        note("obstacle_lifted", by=accompanying),
        note("risk_flag_closed", by=followers),
        note("followup", by=followers),
    ]


def handed_over() -> list[Line]:
    """What becomes of a hand-over: the organisation it was sent to answers, the one that sent it may take it back."""
    return [
        note("hand_over_acknowledged", by=HANDED_TO, needs=[guards.hand_over_is_pending]),
        note("hand_over_accepted", by=HANDED_TO, needs=[guards.hand_over_is_pending]),
        note("hand_over_refused", by=HANDED_TO, needs=[guards.hand_over_is_pending]),
        note("hand_over_withdrawn", by=HANDED_TO, needs=[guards.passage_may_be_withdrawn]),
    ]


def led(prolonging: Guard = guards.within_the_longest_duration, also: Iterable[Actor] = ()) -> list[Line]:
    """The life of the link between an accompaniment and its referent organisation.

    ``prolonging``: what a prolongation needs; ``also``: who grants one besides the referent.
    """
    return [
        note("referent_named", by=REFERENT),
        note("referent_left", by=REFERENT),
        note("transfer_requested", by=ACCOMPANYING, needs=[guards.transfer_may_be_asked]),
        note("transfer_accepted", by=ACCOMPANYING, needs=[guards.transfer_is_pending]),
        note("transfer_refused", by=ACCOMPANYING, needs=[guards.transfer_is_pending]),
        note("transfer_withdrawn", by=ACCOMPANYING, needs=[guards.passage_may_be_withdrawn]),
        note("handed_over", by=REFERENT, needs=[guards.not_handed_over_already]),
        *handed_over(),
        note("prolongation_requested", by=REFERENT),
        note("prolongation_granted", by={REFERENT, *also}, needs=[prolonging]),
    ]


def opening(by: Iterable[Actor], signed: S) -> list[Line]:
    """From orientation to a signed contract; ``signed`` is where the signature leads."""
    may_enter = [guards.may_enter, guards.only_one_open]
    may_begin = [*may_enter, guards.may_be_held]
    by = frozenset(by)
    return [
        on("orientation_notified", START, S.ORIENTED, by=by, needs=may_enter),
        note("orientation_notified", by=by, during={S.ORIENTED, S.ASSESSING}),
        on("assessment", {START, S.ORIENTED}, S.ASSESSING, by=by, needs=may_enter),
        note("assessment", by=by),
        on("engagement_signed", {START, S.ORIENTED, S.ASSESSING}, signed, by=by,
           needs=[*may_begin, guards.representative_signs_for_a_minor]),
        on("accompaniment_started", {START, S.ORIENTED, S.ASSESSING}, signed, by=by, needs=may_begin),
        on("declined", {S.ORIENTED, S.ASSESSING}, S.DECLINED, by=REFERENT),
    ]


def interruptions(running: Iterable[S] = (S.ACTIVE,)) -> list[Line]:
    """An external course or a suspension, and back."""
    running = frozenset(running)
    return [
        on("external_course_started", running, S.EXTERNAL_COURSE, by=REFERENT),
        on("external_course_ended", S.EXTERNAL_COURSE, S.ACTIVE, by=REFERENT),
        on("suspended", running, S.SUSPENDED, by=REFERENT),
        on("resumed", S.SUSPENDED, S.ACTIVE, by=REFERENT),
    ]


def training_lines(*, before: Iterable[S] = (), trial: bool = False) -> list[Line]:
    """From prescription to exit: the body declares the real entry, interruption and exit (CT L6121-5).

    ``before``: states of the file that comes first, from which the course may begin as well. ``trial``: it begins by one.
    """
    ahead, waiting, bodies = {START, *before}, {S.PRESCRIBED, S.WAITLISTED}, TRAINING_BODIES
    tried = {S.TRIAL} if trial else set()
    running = {*tried, S.IN_TRAINING, S.PAUSED}
    begins = [on("trial", {*ahead, *waiting, S.ADMITTED}, S.TRIAL, by=bodies, needs=[guards.has_begun])] if trial else []
    return [
        on("prescribed", ahead, S.PRESCRIBED, by=PRESCRIBERS, needs=[guards.may_enter, guards.may_be_held]),
        on("waitlisted", {*ahead, S.PRESCRIBED}, S.WAITLISTED, by=bodies),
        on("not_selected", waiting, S.NOT_SELECTED, by=bodies),
        on("admitted", {*ahead, *waiting}, S.ADMITTED, by=bodies),
        note("admitted", by=bodies, during={S.ADMITTED}),
        *begins,
        on("entered", {*ahead, *waiting, S.ADMITTED, *tried}, S.IN_TRAINING, by=bodies, needs=[guards.has_begun]),
        note("extended", by=bodies, during={S.ADMITTED, *running}),
        on("resumed", S.PAUSED, S.IN_TRAINING, by=bodies | {REFERENT}),
        note("attendance", by=bodies),
        note("risk_flag", by=bodies, during=running),
        *followed(),
        on("paused", S.IN_TRAINING, S.PAUSED, by=bodies | {REFERENT}),
        on("completed", running, S.COMPLETED, by=bodies),
        on("dropped", running, S.DROPPED_OUT, by=bodies),
        on("excluded", running, S.EXCLUDED, by=bodies),
        on("cancelled", {*before, *waiting, S.ADMITTED}, S.CANCELLED, by=bodies | PRESCRIBERS),
        note("certification_result", by=bodies),
        note("body_closed", by=bodies | PRESCRIBERS),
        note("calendar_stated", by=bodies | ACCOMPANYING),
    ]


TRAINING_FINAL = frozenset({S.NOT_SELECTED, S.CANCELLED, S.COMPLETED, S.DROPPED_OUT, S.EXCLUDED})


def contract_lines(running: S, by: Iterable[Actor] = CONTRACT_BODIES, breaking: Iterable[Guard] = ()) -> list[Line]:
    """An ordinary work contract from signature to its end.

    ``running``: where its first day leads; ``breaking``: what a break needs besides not coming before the start.
    """
    by = frozenset(by) | {REFERENT}
    begun = {running, S.IN_CONTRACT}
    breaking = [guards.break_is_not_before_the_start, *breaking]
    return [
        on("work_contract_signed", START, S.CONTRACT_SIGNED, by=by, needs=[guards.may_enter]),
        on("work_contract_started", START, running, by=by, needs=[guards.may_enter]),
        on("work_contract_started", S.CONTRACT_SIGNED, running, by=by),
        on("cancelled", S.CONTRACT_SIGNED, S.CANCELLED, by=by),
        note("work_contract_renewed", by=by, during=begun, needs=[guards.may_be_renewed]),
        note("contract_checkin", by=by),
        note("company_days_total", by=by),
        note("calendar_stated", by=by),
        note("employer_insolvency", by=by),
        note("employer_insolvency_closed", by=by),
        *followed(),
        on("contract_broken", begun | {S.CONTRACT_SIGNED}, S.COMPLETED, by=by, given=is_a_success, needs=breaking),
        on("contract_broken", begun | {S.CONTRACT_SIGNED}, S.BROKEN_CLOSED, by=by, given=is_a_rupture, needs=breaking),
        on("work_contract_ended", begun, S.COMPLETED, by=by),
    ]


CONTRACT_FINAL = frozenset({S.CANCELLED, S.COMPLETED, S.BROKEN_CLOSED})
