"""A story played, compared with what it expects: one line per mismatch, ``ID what expected got``."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol

from pathways.detection.writing import as_text
from pathways.errors import Reason
from pathways.exchange.stories.reading import Story
from pathways.workflows import guards
from pathways.workflows.definition import Guard
from pathways.workflows.entry import Entry
from pathways.workflows.fold import Step, pathway
from pathways.workflows.objections import against
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.together import refused_together


@dataclass(frozen=True, slots=True)
class Shown:
    """One signal as the tool showed it; days among ``values`` are ISO text."""

    id: str
    scheme: str | None
    level: str
    raised_on: date
    resolved_on: date | None
    since_on: date | None
    values: Mapping[str, Any] = field(default_factory=dict)


class Played(Protocol):
    """What playing a story gives: the signals shown, and the state of a step on any past evening."""

    signals: Sequence[Shown]

    def state(self, scheme: str, day: date) -> str | None: ...

    def referent(self, scheme: str, day: date) -> str | None: ...


def mismatches(story: Story, played: Played) -> Iterator[str]:
    """Every difference, each on one line."""
    for what in dict.fromkeys(story.not_understood):
        yield f"{story.id} {what} expected understood got unknown"
    yield from _states(story, played)
    yield from _signals(story, played.signals)
    yield from _silences(story, played.signals)
    yield from _rule_checks(story)


def not_checked(story: Story) -> Iterator[str]:
    """What the story states and the tool cannot check yet."""
    for name in ("facts", "visibility"):
        if story.expected.get(name):
            yield f"{story.id} {name} not checked"


def _states(story: Story, played: Played) -> Iterator[str]:
    for point in story.expected.get("states") or ():
        got = played.state(point["scheme"], point["date"])
        if got != point["state"]:
            yield f"{story.id} state:{point['scheme']}@{point['date']} expected {point['state']} got {got or 'nothing'}"
        if "referent_org" in point and (lead := played.referent(point["scheme"], point["date"])) != point["referent_org"]:
            yield f"{story.id} referent:{point['scheme']}@{point['date']} expected {point['referent_org']} got {lead or 'nobody'}"


def _signals(story: Story, shown: Sequence[Shown]) -> Iterator[str]:
    """Expected signals are exhaustive up to the horizon: a missing one and one too many are both mismatches."""
    left = [signal for signal in shown if signal.id in CHECKED and signal.raised_on <= story.horizon]
    # Opened and closed within one day is kept, and not counted.
    left = [signal for signal in left if signal.resolved_on != signal.raised_on]
    for wanted in story.expected.get("signals") or ():
        what = f"signal:{wanted['id']}:{wanted.get('scheme', '-')}@{wanted['raised_on']}"
        match = next((signal for signal in left if _same(signal, wanted)), None)
        if match is None:
            near = [str(s.raised_on) for s in left if s.id == wanted["id"] and s.scheme == wanted.get("scheme", s.scheme)]
            yield f"{story.id} {what} expected shown got {'shown ' + ','.join(near) if near else 'nothing'}"
            continue
        left.remove(match)
        yield from _differences(story, what, wanted, match)
    for signal in left:
        yield f"{story.id} signal:{signal.id}:{signal.scheme or '-'}@{signal.raised_on} expected nothing got {signal.level}"


def _same(signal: Shown, wanted: Mapping[str, Any]) -> bool:
    same_scheme = "scheme" not in wanted or signal.scheme == wanted["scheme"]
    same_data = all(
        as_text(signal.values[name]) == as_text(value)
        for name, value in (wanted.get("data") or {}).items()
        if name in signal.values
    )
    return signal.id == wanted["id"] and same_scheme and signal.raised_on == wanted["raised_on"] and same_data


def _differences(story: Story, what: str, wanted: Mapping[str, Any], got: Shown) -> Iterator[str]:
    pairs: list[tuple[str, Any, Any]] = []
    if "level" in wanted:
        pairs.append(("level", wanted["level"], got.level))
    if "resolved_on" in wanted:
        pairs.append(("resolved_on", wanted["resolved_on"], got.resolved_on))
    if "since_on" in wanted:
        pairs.append(("since_on", wanted["since_on"], got.since_on))
    for name, value in (wanted.get("data") or {}).items():
        pairs.append((f"data.{name}", as_text(value), as_text(got.values.get(name))))
    for name, expected, found in pairs:
        if expected != found:
            yield f"{story.id} {what}.{name} expected {expected} got {found}"


def _silences(story: Story, shown: Iterable[Shown]) -> Iterator[str]:
    for silence in story.expected.get("none") or ():
        for signal in shown:
            same_scheme = "scheme" not in silence or signal.scheme == silence["scheme"]
            counted = signal.resolved_on != signal.raised_on
            if signal.id == silence["id"] and same_scheme and counted and silence["from"] <= signal.raised_on <= silence["to"]:
                yield f"{story.id} none:{signal.id}:{signal.scheme or '-'} expected silence got {signal.raised_on}"


def _rule_checks(story: Story) -> Iterator[str]:
    for check in story.expected.get("rule_checks") or ():
        codes = check.get("schemes") or [check.get("scheme")]
        what = f"{story.id} rule:{check['action']}:{'+'.join(map(str, codes))}@{check['date']}"
        unknown = [code for code in codes if code not in SCHEMES]
        if unknown or check["action"] not in ACTS:
            yield f"{what} expected {check['expect']} got an unknown {'scheme' if unknown else 'action'}"
            continue
        reasons = ACTS[check["action"]](check, story)
        got = "refused" if reasons else "accepted"
        if got != check["expect"]:
            yield f"{what} expected {check['expect']} got {got}"
        elif reasons and "reason" in check and not _names(check["reason"], [reason.code for reason in reasons]):
            yield f"{what} expected {check['reason']} got {'+'.join(reason.code for reason in reasons)}"
        elif reasons and "propose" in check and check["propose"] not in [reason.values.get("propose") for reason in reasons]:
            yield f"{what} expected proposal {check['propose']} got {[reason.values.get('propose') for reason in reasons]}"


def _names(wanted: str, codes: Sequence[str]) -> bool:
    """The reason is among them. An upper age may be told by the birthday or by the last full year: both name one limit."""
    name, _, number = wanted.rpartition("_")
    return wanted in codes or (name == "age_above" and number.isdecimal() and f"age_above_{int(number) + 1}" in codes)


def _opening(check: Mapping[str, Any], story: Story) -> list[Reason]:
    """What refuses to open the scheme that day: its dates, the promised contract, the age. Only a known "no" refuses."""
    return _asked(check, story, guards.may_enter)


def _signing(check: Mapping[str, Any], story: Story) -> list[Reason]:
    return _asked(check, story, guards.representative_signs_for_a_minor)


def _holding(check: Mapping[str, Any], _story: Story) -> list[Reason]:
    first, second = check["schemes"]
    refused = refused_together(SCHEMES[first].held_as, SCHEMES[second].held_as, check["date"])
    return [Reason("not_concurrent", {"schemes": (first, second)})] if refused else []


def _asked(check: Mapping[str, Any], story: Story, *conditions: Guard) -> list[Reason]:
    """These guards, asked about the person of the story on that day, with all that is known of them by then."""
    day, code = check["date"], check["scheme"]
    told = pathway([_who(entry, day) for entry in story.entries], day, day)
    probe = Entry("check", "prescribed", day, day, enrolment="check", scheme=code, data=check.get("data") or {})
    return [reason for guard in conditions for reason in against(guard, Step("check", SCHEMES[code]), told, probe)]


def _who(entry: Entry, day: date) -> Entry:
    """Who somebody is was so on any day, even before the story begins."""
    return replace(entry, occurred_on=min(entry.occurred_on, day), known_on=day) if entry.type == "identity_stated" else entry


ACTS = {"open_scheme": _opening, "hold_together": _holding, "sign_without_legal_representative": _signing}
"""The acts a story may ask about."""

CHECKED: frozenset[str] = frozenset(
    {
        "missed_appointment",
        "repeated_no_show",
        "contact_silence",
        "signature_overdue",
        "first_phase_overdue",
        "phase_review_overdue",
        "weekly_hours_low",
        "weekly_hours_low_repeat",
        "cap_approaching",
        "cap_reached",
        "age_limit_approaching",
        "age_limit_reached",
        "eligibility_at_risk",
        "entry_delay",
        "entry_no_show",
        "unjustified_absence",
        "absence_streak_critical",
        "absence_rate_high",
        "training_risk_flag",
        "training_interrupted",
        "exit_without_plan",
        "no_solution_gap",
        "minor_without_solution",
        "post_exit_followup_overdue",
        "apprentice_no_visit",
        "apprentice_probation_end_soon",
        "contract_broken",
        "contract_broken_no_employer",
        "maintien_expired",
        "no_employer_found",
        "employer_distress",
        "csp_reflection_ending",
        "csp_reflection_expired",
        "csp_prebilan_overdue",
        "csp_plan_overdue",
        "csp_no_action_m4",
        "immersion_report_missing",
        "immersion_broken",
        "obstacle_unaddressed",
        "referent_missing",
        "transfer_pending",
        "leaver_not_contacted",
        "leaver_unreachable",
        "iae_long_suspension",
        "rqth_expiring",
        "result_unknown",
        "ft_deregistered",
        "promise_broken",
        "quote_pending",
        "adequacy_review_overdue",
        "vae_answer_late",
        "vae_lapse_near",
        "vae_jury_late",
    }
)
"""Signals of the common catalogue and of the sheets that name one; others are printed, not compared."""
