"""Thresholds: defaults by signal, their values by scheme, and the dated rows by which an organisation sets its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from pathways.detection.circumstances import Circumstances
from pathways.workflows.entry import Ref
from pathways.workflows.schemes import SCHEMES

DEFAULTS: Mapping[str, Any] = {
    "contact_silence.days": None,
    "contact_silence.factor": 2,
    "contact_silence.alert_factor": 2,
    "repeated_no_show.alert": (2, 30),
    "repeated_no_show.critical": (3, 60),
    "signature_overdue.months": 1,
    "first_phase_overdue.months": 1,
    "phase_review_overdue.days": 7,
    "cap_approaching.days": (60, 30),
    "cap_approaching.cap_days": 120,
    "age_limit_approaching.days": (90, 30),
    "entry_delay.watch": 30,
    "entry_delay.alert": 60,
    "entry_no_show.days": 3,
    "rhythm_broken.share": 1.5,
    "rhythm_broken.days": 21,
    "rhythm_broken.planned": 3,
    "unjustified_absence.days": 2,
    "unjustified_absence.half_days": 3,
    "unjustified_absence.half_days_in_trial": 3,
    "unjustified_absence.window": 14,
    "absence_streak_critical.days": 5,
    "absence_rate_high.rate": 0.10,
    "absence_rate_high.weeks": 4,
    "exit_without_plan.days": 30,
    "exit_without_plan.planned_days": 60,
    "no_solution_gap.watch": 30,
    "no_solution_gap.alert": 90,
    "no_solution_gap.confirmed_within": 60,
    "minor_without_solution.days": 15,
    "post_exit_followup_overdue.months": (1, 3, 6),
    "post_exit_followup_overdue.before": 31,
    "post_exit_followup_overdue.tolerance": 15,
    "apprentice_no_visit.company_days": 30,
    "apprentice_probation_end_soon.company_days": 35,
    "contract_broken_no_employer.days": (45, 90, 150),
    "contract_broken_early.months": 3,
    "no_employer_found.days": 60,
    "adequacy_review_overdue.months": 2,
    "training_action_missing.months": 3,
    "exit_interview_missing.days": 60,
    "exit_interview_missing.months": 3,
    "job_followup_overdue.days": 15,
    "job_followup_overdue.months": 3,
    "iae_long_suspension.months": 12,
    "csp_reflection_ending.days": (14, 19),
    "csp_prebilan_overdue.days": 8,
    "csp_plan_overdue.months": 1,
    "csp_no_action_m4.months": 4,
    "obstacle_unaddressed.days": 30,
    "referent_missing.days": 7,
    "transfer_pending.days": 15,
    "hand_over_unacknowledged.working_days": 5,
    "rqth_expiring.days": 180,
    "result_unknown.days": 60,
    "end_undeclared.days": 7,
    "end_undeclared.feed_silent_days": 7,
    "weekly_hours_low.followed": False,
    "weekly_hours_low.hours": 15,
    "weekly_hours_low.news_days": 28,
    "quote_pending.days": 15,
    "promise_broken.days": 15,
    "clea_course_missing.days": 60,
    "clea_limit_near.days": 180,
    "prepa_without_employer.days": 30,
    "apprenticeship_far.days": 60,
    "vae_lapse_near.days": 30,
    "vae_result_late.days": 15,
    "vae_partial_without_plan.days": 60,
    "cep_synthesis_missing.days": 30,
    "cep_project_without_step.days": 90,
    "creation_phase_long.rate": 1.5,
    "creation_phase_long.evaluation_weeks": 8,
    "creation_phase_long.training_months": 3,
    "creation_phase_long.funding_months": 6,
    "creation_meeting_overdue.months": (3, 6, 12),
    "creation_meeting_overdue.days": 30,
    "business_closed_early.months": 12,
    "pair_silent.days": 60,
    "immersion_report_missing.days": 7,
    "leaver_not_contacted.days": 15,
}

SWITCH = "enabled"
"""``<rule>.enabled``: false where an organisation does without that rule."""
EVERY_RULE = "every_rule"
"""``every_rule.enabled``: false where it does without any, and only what humans say or the law requires is raised."""
OFF = "off"
"""Under this name the resolved values hold the rules that are switched off."""

BY_SCHEME: Mapping[tuple[str, str], Any] = {
    (name, scheme.code): value for scheme in SCHEMES.values() for name, value in scheme.thresholds.items()
}
"""What a scheme's own page sets differently: (setting, scheme) → value."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One dated choice: for a scheme (None: all) and an organisation (None: the region), from a day on.

    ``value`` None takes the choice back.
    """

    name: str
    value: Any
    valid_from: date
    known_on: date
    scheme: str | None = None
    organisation: Ref | None = None

    @property
    def acts_on(self) -> date:
        return max(self.valid_from, self.known_on)


def _chosen(rows: Iterable[Setting]) -> dict[str, Any]:
    """What rows say, the least specific and the earliest first. A row without value takes back the choice made at its level."""
    latest = {(row.organisation, row.scheme, row.name): row for row in rows}
    return {row.name: row.value for row in latest.values() if row.value is not None}


def switch_of(rule: str) -> str:
    """Name of the setting that switches a rule, or every rule."""
    return f"{rule}.{SWITCH}"


def _switched_off(chosen: Mapping[str, Any]) -> frozenset[str]:
    switches = (name.rpartition(".") for name, value in chosen.items() if value is False)
    return frozenset(rule for rule, _, what in switches if what == SWITCH)


@dataclass
class Settings:
    """Every threshold, resolved for a scheme and an organisation on a day. The most specific, then the latest, wins."""

    rows: tuple[Setting, ...] = ()
    overrides: Mapping[str, Any] = field(default_factory=dict)
    circumstances: Circumstances = field(default_factory=Circumstances)
    """Incidents and silent feeds: read with the settings, once for everybody."""
    _cache: dict[Any, Mapping[str, Any]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, rows: Iterable[Setting] = (), **overrides: Any) -> "Settings":
        return cls(tuple(rows), overrides)

    @cached_property
    def days(self) -> list[date]:
        """The days on which a setting begins to act."""
        return sorted({row.acts_on for row in self.rows})

    def values(self, scheme: str, organisation: Ref | None, day: date, known_at: date) -> Mapping[str, Any]:
        """Threshold name → value, and the rules that are ``OFF``."""
        acting = tuple(
            position
            for position, row in enumerate(self.rows)
            if row.valid_from <= day and row.known_on <= known_at
            and row.scheme in (None, scheme) and row.organisation in (None, organisation)
        )
        key = (scheme, acting)
        if key not in self._cache:
            resolved = dict(DEFAULTS) | {name: value for (name, code), value in BY_SCHEME.items() if code == scheme}
            rows = sorted(
                (self.rows[position] for position in acting),
                key=lambda row: (row.organisation is not None, row.scheme is not None, row.valid_from, row.known_on),
            )
            chosen = resolved | _chosen(rows) | dict(self.overrides)
            self._cache[key] = chosen | {OFF: _switched_off(chosen)}
        return self._cache[key]
