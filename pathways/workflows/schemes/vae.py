"""VAE: a certification obtained for what one can do, from the feasibility file to the jury."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from pathways.errors import Reason
from pathways.workflows.actors import ACCOMPANYING, REFERENT, TRAINING_BODIES, Actor, Kind
from pathways.workflows.dates import ONE_DAY, add_months, last_day_of
from pathways.workflows.definition import START, Workflow, at, note, on
from pathways.workflows.entry import Entry
from pathways.workflows.families import VALIDATION, followed
from pathways.workflows.guards import may_enter
from pathways.workflows.predicates import said, said_not
from pathways.workflows.scheme import Scheme, Version
from pathways.workflows.states import State as S

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step

REFORM = date(2023, 12, 29)
ANSWER_MONTHS, LAPSE_MONTHS, JURY_MONTHS = 2, 6, 3
MOST_FILES = 3
SILENCE = "silence_is_admission"
_SOURCE = "CT L6411-1 et suivants, R6412-1 à R6412-7 (décret du 27 décembre 2023)"


def of_the_reform(step: "Step") -> bool:
    """The delays of the decree of 2023 hold for what began under it."""
    return step.opened_on is not None and step.opened_on >= REFORM


def answer_due(step: "Step") -> date | None:
    """The last day on which the certifier answers a complete file."""
    complete = step.last("admissibility_pending")
    return add_months(complete.occurred_on, ANSWER_MONTHS) if complete and of_the_reform(step) else None


def silence_admits(step: "Step", pathway: "Pathway") -> date | None:
    """The day after: silence is admission."""
    due = answer_due(step)
    return due + ONE_DAY if due else None


def admissible_until(step: "Step") -> date | None:
    """The last day of the six months to take a first step, from the notification or the silence; None once one was taken."""
    since = step.entered(S.ADMISSIBLE)
    if since is None or not of_the_reform(step) or any(each.occurred_on >= since for each in step.all("vae_step")):
        return None
    return last_day_of(since, LAPSE_MONTHS)


def lapses_on(step: "Step", pathway: "Pathway") -> date | None:
    last = admissible_until(step)
    return last + ONE_DAY if last else None


def jury_due(step: "Step") -> date | None:
    """The last day for the jury: the third month after the validation file was deposited."""
    planned = step.first("jury_planned")
    if planned is None or not of_the_reform(step):
        return None
    return last_day_of(step.detail("jury_planned", "deposited_on") or planned.occurred_on, JURY_MONTHS)


def files_left(step: "Step", pathway: "Pathway", entry: Entry) -> Iterator[Reason]:
    """A certification asks for one feasibility file a calendar year, a person for three in all; blocks are not counted."""
    if entry.data.get("blocks") or entry.occurred_on < REFORM:
        return
    year = entry.occurred_on.year
    filed = [
        (each, other)
        for other in pathway.steps.values()
        if other.scheme is step.scheme
        for each in other.all("feasibility")
        if each.occurred_on.year == year and not each.data.get("blocks")
    ]
    aimed = entry.data.get("certification") or step.detail("registered", "certification")
    if aimed and any(aimed in (each.data.get("certification"), _aimed_at(other)) for each, other in filed):
        yield Reason("certification_filed_already", {"year": year, "source": _SOURCE})
    if len(filed) >= MOST_FILES:
        yield Reason("too_many_files", {"count": len(filed), "most": MOST_FILES, "year": year, "source": _SOURCE})


def _aimed_at(step: "Step") -> str | None:
    found: str | None = step.detail("feasibility", "certification") or step.detail("registered", "certification")
    return found


_ADVISERS = ACCOMPANYING | {Kind.OPERATEUR_CEP, Kind.APEC}
_BY: frozenset[Actor] = _ADVISERS | TRAINING_BODIES | {Kind.REGION, REFERENT}
_BEFORE_JURY = frozenset({S.REGISTERED, S.FEASIBILITY, S.ADMISSIBILITY_PENDING, S.ADMISSIBLE})
_WITH_AN_ANSWER = frozenset({S.FEASIBILITY, S.ADMISSIBILITY_PENDING})
_TO_JURY = frozenset({S.ADMISSIBLE, S.JURY_PLANNED})
_ENTRY = (
    said_not("same_certification_in_initial_training", "Ne pas préparer la même certification en formation initiale"),
)

VAE = Scheme(
    code="VAE",
    label="Validation des acquis de l’expérience",
    purpose="Obtenir une certification par son expérience, du dossier de faisabilité au jury.",
    family=VALIDATION,
    sources=_SOURCE,
    led_by=_ADVISERS,
    thresholds={"contact_silence.days": 60},
    versions=(
        Version(date(2002, 1, 18), "Loi 2002-73", date(2022, 12, 22), (*_ENTRY, said("one_year_of_activity"))),
        Version(date(2022, 12, 23), "Loi 2022-1598 du 21 décembre 2022", date(2023, 12, 28), _ENTRY),
        Version(REFORM, _SOURCE, None, _ENTRY, duties=(
            "Un dossier de faisabilité par certification et trois en tout par année civile, hors blocs de compétences.",
            "Le certificateur répond dans les deux mois du dossier complet ; son silence vaut recevabilité.",
            "La recevabilité est caduque si aucune démarche n’est enregistrée à la fin du sixième mois.",
            "Le jury se réunit avant la fin du troisième mois qui suit le dépôt du dossier de validation.",
            "Le résultat est notifié dans les 15 jours du jury.",
            "Les données de l’outil national sont gardées douze mois au plus après la fin (CT R6411-6).",
        )),
    ),
    workflow=Workflow(
        "VAE",
        final={S.NOT_ADMISSIBLE, S.LAPSED, S.VALIDATED, S.PARTLY_VALIDATED, S.REFUSED, S.ABANDONED},
        lines=[
            on("registered", START, S.REGISTERED, by=_BY, needs=[may_enter]),
            on("feasibility", START, S.FEASIBILITY, by=_BY, needs=[may_enter, files_left]),
            on("feasibility", S.REGISTERED, S.FEASIBILITY, by=_BY, needs=[files_left]),
            on("admissibility_pending", {S.REGISTERED, S.FEASIBILITY}, S.ADMISSIBILITY_PENDING, by=_BY),
            on("admissible", _WITH_AN_ANSWER, S.ADMISSIBLE, by=_BY),
            note("admissible", by=_BY, during=S.ADMISSIBLE),
            on("not_admissible", _WITH_AN_ANSWER, S.NOT_ADMISSIBLE, by=_BY),
            note("vae_step", by=_BY, during=_TO_JURY),
            note("referent_named", by=_BY),
            *followed({Kind.OPERATEUR_CEP, Kind.APEC}),
            on("jury_planned", S.ADMISSIBLE, S.JURY_PLANNED, by=_BY),
            note("jury_planned", by=_BY, during=S.JURY_PLANNED),
            on("validated", _TO_JURY, S.VALIDATED, by=_BY),
            on("partly_validated", _TO_JURY, S.PARTLY_VALIDATED, by=_BY),
            on("refused", _TO_JURY, S.REFUSED, by=_BY),
            note("vae_plan", by=_BY, during=S.PARTLY_VALIDATED),
            on("abandoned", _BEFORE_JURY | _TO_JURY, S.ABANDONED, by=_BY),
            at(SILENCE, silence_admits, S.ADMISSIBILITY_PENDING, S.ADMISSIBLE),
            at("no_step_in_six_months", lapses_on, S.ADMISSIBLE, S.LAPSED),
        ],
    ),
)
