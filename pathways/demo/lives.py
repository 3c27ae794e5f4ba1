"""Written lives: what the simulation does not draw, one person for each kind of scheme and of passage. All of it is made up.

Days are counted back from the morning on which the region is shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ML, OTHER_ML, FT, TRAINER, CFA, SIAE, E2C, PSAD = "ml", "other_ml", "ft", "of", "cfa", "siae", "e2c", "psad"
"""Who declares: bodies of the region by the place they have in these lives (``cast.places``)."""


@dataclass(frozen=True, slots=True)
class Ago:
    """A day, so many days before the region is shown; negative: after."""

    days: int


@dataclass(frozen=True, slots=True)
class At:
    """One of the bodies above."""

    place: str


@dataclass(frozen=True, slots=True)
class Said:
    """One declaration. ``step``: the scheme it is about, None when it is about the person; the first one of a scheme opens it."""

    ago: int
    by: str
    type: str
    step: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Life:
    """Somebody, known first by ``met``, and everything said of them, in order."""

    given_name: str
    family_name: str
    sex: str
    age: float
    level: str
    met: str
    said: tuple[Said, ...]


def _seen(by: str, step: str, *days: int) -> tuple[Said, ...]:
    return tuple(Said(ago, by, "appointment", step, {"status": "seen"}) for ago in days)


def _course(planned: int) -> dict[str, Any]:
    return {"planned_end": Ago(planned)}


LIVES = (
    # A school leaver whom the network has just handed over, and one who is in no situation at all.
    Life("Théo", "Marchandeau", "M", 17.3, "infra3", PSAD, (
        Said(62, PSAD, "school_exit"),
        Said(48, PSAD, "leaver_identified", "PSAD", {"source": "SIEI"}),
        Said(44, PSAD, "contact_attempt", "PSAD", {"channel": "phone", "result": "failed"}),
        Said(37, PSAD, "contact_attempt", "PSAD", {"channel": "relay", "result": "reached"}),
        *_seen(PSAD, "PSAD", 20),
        Said(6, PSAD, "handed_over", "PSAD", {"to": At(ML)}),
    )),
    Life("Jade", "Lemoigne", "F", 16.6, "infra3", ML, (
        Said(40, ML, "school_exit"),
    )),
    # Work integration: handed over to the structure, first contract, and the training that goes with it.
    Life("Amélie", "Brossier", "F", 24.1, "3", ML, (
        Said(420, ML, "orientation_notified", "PACEA"),
        Said(415, ML, "assessment", "PACEA"),
        Said(405, ML, "engagement_signed", "PACEA", {"cap_months": 24}),
        Said(396, ML, "phase_started", "PACEA", {"n": 1, "kind": "social", "planned_end": Ago(250)}),
        Said(395, ML, "obstacle", "PACEA", {"theme": "logement", "severity": "fort"}),
        Said(380, ML, "obstacle_action", "PACEA", {"theme": "logement"}),
        *_seen(ML, "PACEA", 350, 310, 268),
        Said(246, ML, "phase_reviewed", "PACEA", {"n": 1}),
        Said(245, ML, "phase_started", "PACEA", {"n": 2, "kind": "emploi", "planned_end": Ago(-60)}),
        Said(238, ML, "eligibility_declared", "IAE", {"criteria": ["young", "low_level", "qpv"]}),
        Said(236, ML, "handed_over", "PACEA", {"to": At(SIAE)}),
        Said(232, SIAE, "hand_over_accepted", "PACEA"),
        Said(214, SIAE, "pass_issued", "IAE", {"start": Ago(210)}),
        Said(212, SIAE, "work_contract_signed", "CDDI",
             {"employer": At(SIAE), "kind": "cddi", "start": Ago(210), "planned_end": Ago(-20), "hours_per_week": 26.0}),
        Said(210, SIAE, "work_contract_started", "CDDI", {"planned_end": Ago(-20)}),
        Said(180, SIAE, "contact", "IAE", {"channel": "office"}),
        *_seen(ML, "PACEA", 150, 92),
        Said(120, SIAE, "contact", "IAE", {"channel": "office"}),
        Said(66, SIAE, "contact", "IAE", {"channel": "office"}),
        *_seen(ML, "PACEA", 31),
    )),
    # A school of the second chance: still in its trial, absent twice, and an obstacle nobody has acted upon.
    Life("Inaya", "Benhaddou", "F", 19.4, "infra3", ML, (
        Said(210, ML, "orientation_notified", "PACEA"),
        Said(204, ML, "assessment", "PACEA"),
        Said(190, ML, "engagement_signed", "PACEA", {"cap_months": 24}),
        Said(182, ML, "phase_started", "PACEA", {"n": 1, "kind": "projet", "planned_end": Ago(-45)}),
        *_seen(ML, "PACEA", 160, 118, 77),
        Said(52, ML, "obstacle", "PACEA", {"theme": "mobilite", "severity": "bloquant"}),
        Said(50, ML, "condition_stated", None, {"condition": "out_of_school", "holds": True}),
        Said(49, ML, "prescribed", "E2C", {"to": At(E2C)}),
        Said(43, E2C, "admitted", "E2C", {"planned_start": Ago(28), "planned_end": Ago(-150)}),
        Said(28, E2C, "trial", "E2C", _course(-150)),
        *_seen(ML, "PACEA", 24),
        Said(12, E2C, "attendance", "E2C", {"from": Ago(12), "halves": "PU"}),
        Said(10, E2C, "attendance", "E2C", {"from": Ago(10), "halves": "UP"}),
    )),
    # A move to another mission locale, asked for and not answered; and one that comes the other way.
    Life("Kévin", "Royer", "M", 21.8, "4", ML, (
        Said(140, ML, "orientation_notified", "PACEA"),
        Said(132, ML, "assessment", "PACEA"),
        Said(118, ML, "engagement_signed", "PACEA", {"cap_months": 24}),
        Said(110, ML, "phase_started", "PACEA", {"n": 1, "kind": "emploi", "planned_end": Ago(-20)}),
        *_seen(ML, "PACEA", 80, 42),
        Said(19, ML, "transfer_requested", "PACEA", {"to": At(OTHER_ML), "reason": "DEMENAGEMENT"}),
    )),
    Life("Chloé", "Vasselin", "F", 23.2, "3", OTHER_ML, (
        Said(150, OTHER_ML, "orientation_notified", "CEJ"),
        Said(140, OTHER_ML, "engagement_signed", "CEJ", {"cap_months": 12, "weekly_hours_min": 15.0}),
        *_seen(OTHER_ML, "CEJ", 126, 113, 99, 86, 72, 59, 45, 32, 18),
        Said(7, OTHER_ML, "transfer_requested", "CEJ", {"to": At(ML), "reason": "DEMENAGEMENT"}),
    )),
    # A mission that ended without anything after it.
    Life("Lucas", "Perrineau", "M", 20.5, "4", ML, (
        Said(330, ML, "orientation_notified", "PACEA"),
        Said(325, ML, "assessment", "PACEA"),
        Said(315, ML, "engagement_signed", "PACEA", {"cap_months": 24}),
        Said(308, ML, "phase_started", "PACEA", {"n": 1, "kind": "projet", "planned_end": Ago(-30)}),
        *_seen(ML, "PACEA", 290),
        Said(282, ML, "work_contract_signed", "SERVICE_CIVIQUE",
             {"kind": "service_civique", "start": Ago(280), "planned_end": Ago(40), "hours_per_week": 28.0}),
        Said(280, ML, "work_contract_started", "SERVICE_CIVIQUE", _course(40)),
        *_seen(ML, "PACEA", 210, 130, 60),
        Said(40, ML, "work_contract_ended", "SERVICE_CIVIQUE", {"outcome": "ARRIVE_A_TERME"}),
        *_seen(ML, "PACEA", 28),
    )),
    # With France Travail: a quote that waits, a recognition of experience without answer, a business in its first months.
    Life("Sophie", "Guérineau", "F", 38.7, "3", FT, (
        Said(160, FT, "ft_registered"),
        Said(160, FT, "orientation_notified", "CE_FT"),
        Said(140, FT, "engagement_signed", "CE_FT"),
        *_seen(FT, "CE_FT", 100, 45),
        Said(26, FT, "quote_requested", "AIF"),
        Said(22, FT, "quote_submitted", "AIF", {"planned_start": Ago(-40), "planned_end": Ago(-130)}),
    )),
    Life("Nadia", "Costales", "F", 44.2, "3", FT, (
        Said(300, FT, "ft_registered"),
        Said(300, FT, "orientation_notified", "CE_FT"),
        Said(280, FT, "engagement_signed", "CE_FT"),
        *_seen(FT, "CE_FT", 220, 150),
        Said(148, FT, "registered", "VAE", {"certification": "RNCP37715"}),
        Said(110, FT, "feasibility", "VAE", {"certification": "RNCP37715"}),
        Said(80, FT, "admissibility_pending", "VAE"),
        *_seen(FT, "CE_FT", 74),
    )),
    Life("Marc", "Ollivreau", "M", 47.5, "5", FT, (
        Said(400, FT, "ft_registered"),
        Said(400, FT, "orientation_notified", "CE_FT"),
        Said(382, FT, "engagement_signed", "CE_FT"),
        *_seen(FT, "CE_FT", 320, 250),
        Said(240, FT, "project_evaluation", "CREATION", {"decision": "go"}),
        Said(200, FT, "entrepreneur_training", "CREATION"),
        Said(150, FT, "fundraising", "CREATION"),
        Said(75, FT, "created", "CREATION"),
        *_seen(FT, "CE_FT", 180, 110, 50),
    )),
)
