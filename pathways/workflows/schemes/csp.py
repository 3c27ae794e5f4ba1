"""CSP: the accompaniment offered to employees made redundant, twelve months from the end of the 21 days to answer."""

from datetime import date
from typing import TYPE_CHECKING

from pathways.errors import Reason
from pathways.workflows import deadlines, guards
from pathways.workflows.actors import EMP, FT
from pathways.workflows.definition import START, Workflow, at, note, on
from pathways.workflows.entry import Entry
from pathways.workflows.families import ACCOMPANIMENT, followed, led
from pathways.workflows.predicates import said
from pathways.workflows.scheme import Prolongation, Scheme, Version
from pathways.workflows.states import State as S

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step

_ENTRY = (
    said("economic_redundancy"), said("small_or_insolvent_company"), said("opens_benefit"), said("fit_for_work"),
    said("lives_in_france"),
)
_STAGES = (
    "Réponse dans les 21 jours de la proposition ; le silence est un refus (CT L1233-67).",
    "Pré-bilan dans les 8 jours de l’adhésion, plan de sécurisation dans le mois qui suit le pré-bilan.",
    "Point au quatrième mois (pratique).",
    "Une rupture pendant l’essai fait reprendre le CSP jusqu’à son terme (convention du 26 janvier 2015).",
    "L’adhésion se conteste dans les douze mois (CT L1235-7).",
    "Un an d’ancienneté donne droit à l’allocation de sécurisation professionnelle à 75 % (convention du 26 janvier 2015).",
)
_LONGER = (
    Prolongation("periodes_travaillees", "Périodes travaillées, trois mois au plus", "Convention du 26 janvier 2015", 3, 15),
    Prolongation("maladie_maternite", "Arrêt maladie long ou maternité", "Pratique"),
)
LEAST_WORK_DAYS = 3
_BEGUN = frozenset({S.ASSESSING, S.ACTIVE, S.WORK_PERIOD, S.SUSPENDED_SICK})


def long_enough(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """A work period lasts three days at least, where its days are known."""
    end = entry.data.get("planned_end")
    lasts = (end - (entry.data.get("start") or entry.occurred_on)).days + 1 if end else None
    short = lasts is not None and lasts < LEAST_WORK_DAYS
    return Reason("work_period_too_short", {"days": lasts, "least": LEAST_WORK_DAYS}) if short else None


CSP = Scheme(
    code="CSP",
    label="Contrat de sécurisation professionnelle",
    purpose="Accompagnement après un licenciement économique, 12 mois.",
    family=ACCOMPANIMENT,
    sources="CT L1233-65 à L1233-70 ; convention du 26 janvier 2015, prolongée au 31 décembre 2026",
    led_by=frozenset({FT}),
    lead_rank=2,
    cap=deadlines.cap_from("accompaniment_started"),
    thresholds={"contact_silence.days": 35},
    versions=(
        Version(date(2011, 9, 1), "Loi 2011-893 art. 41", date(2015, 1, 31), _ENTRY, cap_months=12),
        Version(
            date(2015, 2, 1), "CT L1233-65 à L1233-70 ; convention du 26 janvier 2015", date(2026, 12, 31), _ENTRY,
            cap_months=12, prolongations=_LONGER, duties=_STAGES,
        ),
    ),
    workflow=Workflow(
        "CSP",
        final={S.DECLINED, S.CLOSED},
        lines=[
            on("csp_proposed", START, S.PROPOSED, by={EMP, FT},
               needs=[guards.may_enter, guards.may_be_held, guards.only_one_open]),
            on("csp_accepted", {START, S.PROPOSED}, S.ACCEPTED, by=FT, needs=[guards.answered_in_time]),
            on("csp_declined", {START, S.PROPOSED}, S.DECLINED, by=FT),
            on("accompaniment_started", {START, S.ACCEPTED}, S.ASSESSING, by=FT),
            note("csp_prebilan_done", by=FT),
            on("csp_plan_signed", S.ASSESSING, S.ACTIVE, by=FT),
            on("work_period", S.ACTIVE, S.WORK_PERIOD, by=FT, needs=[long_enough]),
            on("suspended_sick", S.ACTIVE, S.SUSPENDED_SICK, by=FT),
            on("resumed", {S.WORK_PERIOD, S.SUSPENDED_SICK}, S.ACTIVE, by=FT),
            *followed(),
            *led(),
            on("closed", _BEGUN | {S.ACCEPTED}, S.CLOSED, by=FT),
            at("silence_is_refusal", deadlines.end_of_reflection, S.PROPOSED, S.DECLINED),
            at("cap", deadlines.day_after_cap, _BEGUN, S.CLOSED, outcome="ARRIVE_A_TERME"),
        ],
    ),
)
