"""From what a centre sent to dated facts of the journal. Pure: the same content gives the same facts on the same day.

One step per contract, as the apprenticeship page wants it; the time at the centre before the first contract belongs to that
contract's step when the employer was found within the legal three months, and is a step of its own otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pathways.exchange.dossiers_apprenants.causes import reason_of
from pathways.exchange.dossiers_apprenants.content import Content
from pathways.schemas.dossiers_apprenants.kept import CONTRACTS, day, departure
from pathways.workflows.dates import add_months, last_day_of
from pathways.workflows.deadlines import MAINTENANCE_MONTHS, PRE_CONTRACT_MONTHS
from pathways.workflows.outcomes import NOT_A_RUPTURE

ENTRY = "entry"
"""Key of the step of the time at the centre without contract."""
IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to declare. ``key`` names it within the record, ``step`` is None for what concerns the person."""

    key: str
    type: str
    on: date
    data: Mapping[str, Any] = field(default_factory=dict)
    step: str | None = None


def identity(content: Content) -> dict[str, Any]:
    """Who the learner is, as an ``identity_stated`` entry says it."""
    said = {
        "family_name": content.get("nom_apprenant"),
        "given_name": content.get("prenom_apprenant"),
        "born": content.get("date_de_naissance_apprenant"),
        "sex": content.get("sexe_apprenant"),
        "commune": content.get("code_commune_insee_apprenant"),
    }
    return {name: value for name, value in said.items() if value}


def facts(content: Content, received_on: date) -> list[Fact]:
    """What the content declares of the training, as known on ``received_on``.

    Days to come are declared too, and act when they come; but a contract is said to have ended only once its last day is past.
    """
    contracts: list[Content] = content[CONTRACTS]
    steps = _steps(content, contracts)
    left_on, excluded = departure(content)
    found: list[Fact] = []
    entry = _entry(content)
    if entry is not None and _enters_without_contract(content, contracts):
        end = content.get("date_fin_formation")
        found.append(Fact(ENTRY, "cfa_entered_without_contract", entry, {"planned_end": end} if end else {}, ENTRY))
    hit = _running(contracts, left_on) if left_on else None
    for contract in contracts:
        if contract.get("moved"):  # declared by the record of a later year
            continue
        stops = left_on if contract is hit else day(contract, "stopped")
        found += _of_contract(contract, steps[contract["key"]], content, received_on, stops, excluded)
    if left_on is not None:
        found += _of_departure(content, contracts, steps, left_on, excluded)
    return [*found, *_of_certification(content, contracts, steps)]


# --- which step ----------------------------------------------------------------------------------------------------------


def _entry(content: Content) -> date | None:
    return None if content.get("continued") else day(content, "date_entree_formation")


def _took_effect(contract: Content) -> bool:
    return not contract.get("broken") or contract["broken"] > contract["start"]


def signed_on(contract: Content) -> date:
    """The feed has no day of signature: a past contract counts from its first day, one to come from the day it was heard of."""
    return date.fromisoformat(min(contract["start"], contract["known_on"], contract.get("broken") or contract["start"]))


def _first(contracts: list[Content]) -> Content | None:
    return next((contract for contract in contracts if _took_effect(contract)), None)


def _enters_without_contract(content: Content, contracts: list[Content]) -> bool:
    entry, first = _entry(content), _first(contracts)
    return entry is not None and (first is None or ("step" not in first and entry < signed_on(first)))


def _steps(content: Content, contracts: list[Content]) -> dict[str, str]:
    """Key of a contract → key of its step."""
    steps = {contract["key"]: contract.get("step") or contract["key"] for contract in contracts}
    first, entry = _first(contracts), _entry(content)
    if first is not None and entry is not None and _enters_without_contract(content, contracts):
        in_time = signed_on(first) <= last_day_of(entry, PRE_CONTRACT_MONTHS)
        if in_time:
            steps[first["key"]] = ENTRY
    return steps


# --- what is declared on it ----------------------------------------------------------------------------------------------


def _of_contract(
    contract: Content, step: str, content: Content, received_on: date, stops: date | None, excluded: bool
) -> Iterator[Fact]:
    key, start = contract["key"], date.fromisoformat(contract["start"])
    planned_end = contract.get("end") or content.get("date_fin_formation")
    common = {"planned_end": planned_end} if planned_end else {}
    if contract.get("employer"):
        common["employer"] = contract["employer"]
    promised = common | {"kind": "apprentissage", "start": contract["start"]}
    if content.get("formation_rncp"):
        promised["certification"] = content["formation_rncp"]
    yield Fact(f"{key}:signed", "work_contract_signed", signed_on(contract), promised, step)
    broken = day(contract, "broken")
    if not _took_effect(contract):
        assert broken is not None
        yield Fact(f"{key}:cancelled", "cancelled", broken, {"reason": "Contrat rompu avant le premier jour"}, step)
        return
    yield Fact(f"{key}:started", "work_contract_started", start, common, step)
    if stops is not None and (broken is None or stops < broken):
        reason = "EXCLUSION_CFA" if excluded else "AUTRE"
        yield _break(key, step, stops, reason) if stops > start else _break(key, step, start, reason)
    elif broken is not None:
        yield _break(key, step, broken, reason_of(contract.get("cause")))
    elif planned_end and contract["start"] <= planned_end < received_on.isoformat():
        ended = date.fromisoformat(planned_end)
        yield Fact(f"{key}:ended", "work_contract_ended", ended, {"last_day": planned_end}, step)


def _break(key: str, step: str, broken: date, reason: str) -> Fact:
    return Fact(f"{key}:broken", "contract_broken", broken, {"broken_on": broken.isoformat(), "reason": reason}, step)


def _running(contracts: list[Content], on: date) -> Content | None:
    """The contract the learner was in on that day."""
    for contract in reversed(contracts):
        over = contract.get("broken") or contract.get("end") or "9999"
        if _took_effect(contract) and contract["start"] <= on.isoformat() <= over and contract.get("broken") != on.isoformat():
            return contract
    return None


def _of_departure(
    content: Content, contracts: list[Content], steps: Mapping[str, str], left_on: date, excluded: bool
) -> Iterator[Fact]:
    """Leaving the centre: the end of the maintenance after a break, or of the wait for an employer."""
    outcome = "EXCLUSION" if excluded else "ABANDON"
    said = {"outcome": outcome, "reason": "DISCIPLINE" if excluded else "INCONNU", "last_day": left_on.isoformat()}
    hit = _running(contracts, left_on)
    if hit is not None:
        yield Fact("left", "dropped", max(left_on, date.fromisoformat(hit["start"])), said, steps[hit["key"]])
        return
    begun = [contract for contract in contracts if _took_effect(contract) and contract["start"] <= left_on.isoformat()]
    entry = _entry(content)
    if begun:
        last, broken = begun[-1], day(begun[-1], "broken")
        ruptured = broken and reason_of(last.get("cause")) not in NOT_A_RUPTURE
        if broken and ruptured and broken <= left_on < add_months(broken, MAINTENANCE_MONTHS):
            yield Fact("left", "dropped", left_on, said, steps[last["key"]])
    elif entry and entry <= left_on <= last_day_of(entry, PRE_CONTRACT_MONTHS) and _enters_without_contract(content, contracts):
        data = {"last_day": left_on.isoformat(), "outcome": outcome}
        yield Fact("left", "left_without_contract", left_on, data, ENTRY)


def _of_certification(content: Content, contracts: list[Content], steps: Mapping[str, str]) -> Iterator[Fact]:
    """A diploma obtained, on its day or on the last of the training; "no" counts only with the day of a jury."""
    obtained, on = content.get("obtention_diplome_formation"), day(content, "date_obtention_diplome_formation")
    if obtained is None or (on is None and not obtained):
        return
    on = on or day(content, "date_fin_formation")
    began = [contract for contract in contracts if on and _took_effect(contract) and contract["start"] <= on.isoformat()]
    if began:
        step = steps[began[-1]["key"]]
    elif _entry(content) and _enters_without_contract(content, contracts):
        step = ENTRY
    else:
        return
    assert on is not None
    yield Fact("result", "certification_result", on, {"result": "CERTIFIE_TOTAL" if obtained else "NON_CERTIFIE"}, step)
