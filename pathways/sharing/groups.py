"""The sharing matrix (`matrix`) applied to journal entries: which group each belongs to, and what of it a reader is shown.

Between organisations travel states, codes, themes and dates; free text stays with its author's organisation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pathways.sharing.matrix import MATRIX, Cell, Place, place_of
from pathways.sharing.matrix import Group as Group  # noqa: PLC0414 -- known here by everybody
from pathways.workflows.actors import Kind
from pathways.workflows.conditions import CONDITIONS, About
from pathways.workflows.events import EVENTS
from pathways.workflows.obstacle_codes import HEALTH
from pathways.workflows.obstacle_codes import PROTECTED as PROTECTED_CODES


class Access(StrEnum):
    """How much of an entry is shown. ``THEME``: that it exists, its day and its theme."""

    ALL = "all"
    THEME = "theme"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Bond:
    """What the reading organisation is to one person. ``agreed``: the groups the person agreed to share with it."""

    kind: Kind
    leads: bool
    agreed: frozenset[Group] = frozenset()

    @property
    def place(self) -> Place:
        return place_of(self.kind, leads=self.leads)

    def reads(self, group: Group) -> bool:
        """All that is known of the group, whoever declared it."""
        return MATRIX[self.place][group] is Cell.ALL


@dataclass(frozen=True, slots=True)
class Standing:
    """What the reading organisation is to one entry. ``author``: it declared it; ``own_step``: it has a part in the step."""

    bond: Bond
    author: bool
    own_step: bool


_CONTRACT = {
    "seeking_employer",
    "cfa_entered_without_contract",
    "left_without_contract",
    "work_contract_signed",
    "work_contract_started",
    "work_contract_renewed",
    "work_contract_ended",
    "contract_checkin",
    "company_days_total",
    "contract_broken",
    "employer_insolvency",
    "employer_insolvency_closed",
    "absence_reported",
    "pass_issued",
    "pass_suspended",
    "pass_resumed",
}
_TRAINING = {
    "quote_requested",
    "quote_submitted",
    "accepted_by_person",
    "funded",
    "employer_commitment",
    "preliminary_assessment",
    "trial",
    "prescribed",
    "admitted",
    "waitlisted",
    "not_selected",
    "cancelled",
    "entered",
    "extended",
    "attendance",
    "paused",
    "dropped",
    "excluded",
    "completed",
    "certification_result",
    "body_closed",
    "calendar_stated",
    "school_exit",
}
_PROJECT = {
    "registered", "feasibility", "admissibility_pending", "admissible", "not_admissible", "vae_step", "jury_planned", "validated",
    "partly_validated", "refused", "vae_plan", "abandoned", "project_evaluation", "entrepreneur_training", "fundraising",
    "created", "post_creation", "business_closed",
}
GROUP_OF: Mapping[str, Group] = (
    dict.fromkeys(EVENTS, Group.ADMINISTRATIVE)
    | dict.fromkeys(_CONTRACT, Group.CONTRACT)
    | dict.fromkeys(_TRAINING | _PROJECT, Group.TRAINING)
    | dict.fromkeys(("contact", "contact_attempt", "appointment", "help_asked", "appointment_answered"), Group.APPOINTMENTS)
    | dict.fromkeys(("obstacle", "obstacle_action", "obstacle_lifted", "condition_stated", "eligibility_declared"), Group.SOCIAL)
    | dict.fromkeys(("risk_flag", "risk_flag_closed"), Group.SIGNALS)
    | dict.fromkeys(("discordance_settled", "correction_requested", "entry_confirmed"), Group.SIGNALS)
    | dict.fromkeys(("followup", "closed"), Group.OUTCOMES)
    | dict.fromkeys(("suspended", "resumed", "commission_decision"), Group.FINANCIAL)
    | {
        "identity_stated": Group.IDENTITY,
        "deceased": Group.IDENTITY,
        "rqth_renewed": Group.HEALTH,
        "obligation_exempted": Group.HEALTH,
        "suspended_sick": Group.HEALTH,
    }
)

FREE_TEXT = frozenset({"note"})
PROTECTED_REASONS = (
    frozenset({"SANTE", "SANTE_LONGUE", "MATERNITE", "INAPTITUDE", "ESAT", HEALTH})
    | PROTECTED_CODES
    | {code for code, condition in CONDITIONS.items() if condition.about is About.HEALTH}
)
"""Codes that say something of somebody's health: shown to their author's organisation alone."""
UNSAID = "motif_protege"
"""What others read in the place of a protected reason or result: that there is one."""


def access_to(event: str, standing: Standing) -> Access:
    """How much of an entry of that type somebody in that standing reads."""
    if standing.author:
        return Access.ALL
    return access_to_group(GROUP_OF.get(event, Group.ADMINISTRATIVE), standing)


def access_to_group(group: Group, standing: Standing) -> Access:
    """How much of a group declared by another organisation somebody in that standing reads."""
    match MATRIX[standing.bond.place][group]:
        case Cell.ALL:
            return Access.ALL
        case Cell.AGREED if group in standing.bond.agreed:
            return Access.THEME
        case Cell.OWN | Cell.DATES if standing.own_step:
            return Access.ALL
        case Cell.DATES:
            return Access.THEME
        case _:
            return Access.NONE


def shown_details(event: str, payload: Mapping[str, Any], standing: Standing) -> dict[str, Any]:
    """The details of an entry that this reader may see, in the order of the event's page."""
    access = access_to(event, standing)
    if access is Access.NONE:
        return {}
    known = EVENTS[event].fields if event in EVENTS else {}
    names = [name for name in (*known, *(each for each in payload if each not in known)) if name in payload]
    if standing.author:
        return {name: payload[name] for name in names}
    if access is Access.THEME:
        names = [name for name in names if name == "theme"]
    free = {name for name, spec in known.items() if spec.kind in {"text", "data"}} | FREE_TEXT
    if event == "identity_stated":
        free -= {"family_name", "given_name"}
    return {
        name: UNSAID if is_protected(payload[name]) else _unprotected(payload[name])
        for name in names
        if name not in free and (name in _WHY or not is_protected(payload[name]))
    }


_WHY = frozenset({"reason", "outcome"})
"""Details of which others learn that there is one: the person left, or the contract broke, for a reason they do not read."""


def is_protected(value: Any) -> bool:
    """The code says something of somebody's health."""
    return isinstance(value, str) and value in PROTECTED_REASONS


def shown_outcome(code: str | None, *, own: bool) -> str | None:
    """The result of a step as somebody reads it who declared it (``own``) or who did not."""
    return code if own or not is_protected(code) else UNSAID


def _unprotected(value: Any) -> Any:
    """A list of codes without the protected ones."""
    return [each for each in value if not is_protected(each)] if isinstance(value, list) else value


PERSON_PAGE = (
    Group.IDENTITY,
    Group.CONTACT,
    Group.ADMINISTRATIVE,
    Group.TRAINING,
    Group.CONTRACT,
    Group.APPOINTMENTS,
    Group.SIGNALS,
    Group.OUTCOMES,
)
CASELOAD = (Group.IDENTITY, Group.ADMINISTRATIVE, Group.SIGNALS)


# --- signals ------------------------------------------------------------------------------------------------------------

VEILED = "veiled"
"""In the place of the rule of a signal whose very name its reader may not know."""
GROUP_OF_RULE: Mapping[str, Group] = {"obstacle_unaddressed": Group.SOCIAL, "rqth_expiring": Group.HEALTH}
"""Signals that say by their name what the matrix keeps apart. The others are of the group of signals alone."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader is told of a signal: its rule, or that there is one; and the values its sentence may say."""

    rule: str
    values: Mapping[str, Any]


def told(rule: str, values: Mapping[str, Any], standing: Standing) -> Told:
    """``standing``: author when every entry the signal rests on is the reader’s own. Nobody else is told a protected reason."""
    if standing.author:
        return Told(rule, values)
    group = GROUP_OF_RULE.get(rule)
    if group is not None and access_to_group(group, standing) is Access.NONE:
        return Told(VEILED, {})
    return Told(rule, {name: UNSAID if is_protected(value) else _unprotected(value) for name, value in values.items()})
