"""What the page of a declaration is about, and what its form offers there."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import request
from werkzeug.exceptions import NotFound

from pathways import clock
from pathways.forms.base import is_of_our_time
from pathways.forms.events import FIELD, Around
from pathways.forms.naming_others import SEARCH
from pathways.queries.organisations import Offer, members, offer
from pathways.queries.person import Identity, identity
from pathways.queries.signals import open_signals
from pathways.queries.steps import StepRow, phases_begun, steps_of
from pathways.sharing.sentences import signal_title
from pathways.views.declarable import is_heavy
from pathways.views.gate import account, reader
from pathways.workflows.actors import EMP
from pathways.workflows.dates import ONE_DAY, add_months, last_day_of
from pathways.workflows.events import ABOUT_THE_PERSON, EVENTS, GIVES_ACCESS
from pathways.workflows.schemes import SCHEMES

SETTLED_BY_WORD = frozenset({"training_risk_flag", "help_asked", "appointment_declined"})
"""Signals that a contact closes only when it says so; the others close by the facts."""
A_PHASE, A_PROLONGATION = 3, 3
"""Months proposed for a phase and for a prolongation."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One event about one person: on a step, or opening one of ``scheme``, or about the person alone."""

    who: Identity
    steps: Sequence[StepRow]
    event: str
    step: StepRow | None
    scheme: str | None
    around: Around

    @property
    def scheme_code(self) -> str:
        return self.step.scheme if self.step else (self.scheme or "")

    @property
    def is_heavy(self) -> bool:
        """Its effect is shown before it is recorded."""
        return is_heavy(self.event, self.scheme_code)


def subject(person: uuid.UUID, event: str) -> Subject:
    """``?etape=`` names the step, ``?dispositif=`` the scheme it opens. NotFound when they name nothing."""
    who = identity(person, reader())
    steps = steps_of([who.id], reader()).get(who.id, [])
    step = next((each for each in steps if each.public_id == request.args.get("etape")), None)
    scheme = request.args.get("dispositif")
    if (request.args.get("etape") and step is None) or (scheme and scheme not in SCHEMES):
        raise NotFound
    if step is None and scheme is None and event not in ABOUT_THE_PERSON:
        raise NotFound
    given = dict(defaults(event, step)) | _given(event)
    on = _day(request.args.get("le", ""))
    found = Around(defaults=given, occurred_on=on, choices=_choices(event, who), codes=_codes(event, step))
    return Subject(who, steps, event, step, None if step else scheme, with_names(found, event, who))


def with_names(around: Around, event: str, who: Identity) -> Around:
    """The organisations and colleagues the form offers, those already chosen among them."""
    kinds = {name: spec.kind for name, spec in EVENTS[event].fields.items()}
    offers = {name: _offer(event, name, who, around) for name, kind in kinds.items() if kind == "organisation"}
    if "colleague" not in kinds.values():
        return replace(around, offers=offers)
    if event == "transfer_requested" and who.led:
        return replace(around, offers=offers, members=None)  # the one that takes over names its own
    people = members(reader())
    oneself = next((each.public_id for each in people if each.user_id == account().id), None)
    proposed = {"referent": oneself} if event in {"referent_named", "transfer_accepted"} else {}
    return replace(around, offers=offers, members=people, defaults=proposed | dict(around.defaults))


def _offer(event: str, name: str, who: Identity, around: Around) -> Offer:
    spec = EVENTS[event].fields[name]
    typed, kept = request.form.get(FIELD + name, ""), around.defaults.get(name)
    by_name = EMP in spec.among
    query = typed if by_name else request.form.get(FIELD + name + SEARCH, "")
    chosen = [each for each in (typed, kept) if each]
    return offer(who.id, reader(), spec.among, query=query, chosen=chosen, oneself=may_call_oneself(event, who))


def may_call_oneself(event: str, who: Identity) -> bool:
    """Nobody calls their own organisation, but one that is not referent and asks to take the accompaniment over."""
    return GIVES_ACCESS.get(event) != "to" or (event == "transfer_requested" and not who.led)


def _codes(event: str, step: StepRow | None) -> dict[str, Mapping[str, str]]:
    """The reasons to prolong that the rules of the step know."""
    version = SCHEMES[step.scheme].version(step.opened_on) if step is not None and event.startswith("prolongation_") else None
    return {"reason": {each.code: each.label for each in version.prolongations}} if version and version.prolongations else {}


def _choices(event: str, who: Identity) -> dict[str, Sequence[tuple[str, str]]]:
    if "resolves" not in EVENTS[event].fields:
        return {}
    open_rules = {each.rule for each in open_signals([who.id], reader()).get(who.id, [])}
    return {"resolves": [(rule, signal_title(rule)) for rule in sorted(open_rules & SETTLED_BY_WORD)]}


def defaults(event: str, step: StepRow | None) -> Mapping[str, Any]:
    """What most people would type: today's colleague, the next phase, the end the rules of the scheme give."""
    today = clock.today()
    given: dict[str, Any] = {}
    if event in {"phase_started", "phase_reviewed"} and step is not None:
        given["n"] = phases_begun(step.id) + (event == "phase_started") or 1
    if event == "phase_started":
        given["planned_end"] = add_months(today, A_PHASE) - ONE_DAY
    if event == "prolongation_granted" and step is not None and step.cap_on is not None:
        given["cap_on"] = _longest(step, add_months(step.cap_on + ONE_DAY, A_PROLONGATION) - ONE_DAY)
    if event in {"extended", "work_contract_renewed"} and step is not None and step.planned_end is not None:
        given["planned_end"] = step.planned_end
    if event == "work_contract_signed":
        given["start"] = today
    if event == "contract_broken":
        given["broken_on"] = today
    return given


def _given(event: str) -> dict[str, Any]:
    """What a link to the page fills in: days and choices of the event, as ``?d_planned_start=2026-03-12``."""
    given: dict[str, Any] = {}
    for name, spec in EVENTS[event].fields.items():
        said = request.args.get(FIELD + name, "")
        if spec.kind == "date" and (day := _day(said)):
            given[name] = day
        elif said in (spec.choices or ()):
            given[name] = said
    return given


def _day(said: str) -> date | None:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if is_of_our_time(day) else None


def _longest(step: StepRow, asked: date) -> date:
    """Not beyond what the rules of the step allow."""
    version = SCHEMES[step.scheme].version(step.opened_on)
    if version is None or version.longest_months is None:
        return asked
    return min(asked, last_day_of(step.opened_on, version.longest_months))
