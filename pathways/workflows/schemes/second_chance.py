"""E2C and EPIDE: schools of the second chance, which begin by a trial."""

from datetime import date
from typing import TYPE_CHECKING

from pathways.workflows import dates, deadlines, guards
from pathways.workflows.actors import REFERENT, Kind
from pathways.workflows.dates import ONE_DAY
from pathways.workflows.definition import DueOn, Line, Workflow, at, note
from pathways.workflows.families import TRAINING, TRAINING_FINAL, training_lines
from pathways.workflows.predicates import aged, level_at_most, said
from pathways.workflows.scheme import Prolongation, Scheme, Version
from pathways.workflows.states import State as S

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step

E2C_TRIAL_DAYS, EPIDE_TRIAL_MONTHS = 49, 2
"""The longest trial: seven weeks of integration in an E2C, two months of probation in an EPIDE."""


def trial_over(*, days: int = 0, months: int = 0) -> DueOn:
    """The day after the declared last day of the trial, else after the longest one."""

    def over(step: "Step", pathway: "Pathway") -> date | None:
        begun = step.last("trial")
        if begun is None:
            return None
        last: date | None = begun.data.get("until")
        return last + ONE_DAY if last else dates.add_months(begun.occurred_on, months) + dates.days(days)

    return over


def second_chance_lines(school: Kind, trial_over_on: DueOn) -> list[Line]:
    """A course that begins by a trial and that its school may prolong."""
    return [
        *training_lines(trial=True),
        note("prolongation_granted", by={school, REFERENT}, during={S.TRIAL, S.IN_TRAINING, S.PAUSED},
             needs=[guards.within_the_longest_duration]),
        at("trial_over", trial_over_on, S.TRIAL, S.IN_TRAINING),
    ]


E2C = Scheme(
    code="E2C",
    label="École de la 2e chance",
    purpose="Parcours individualisé en alternance pour les jeunes sans qualification, 4 à 18 mois.",
    family=TRAINING,
    led_by=frozenset({Kind.E2C}),
    sources="Code de l’éducation L214-14, D214-9 et suivants",
    cap=deadlines.cap_from("trial", "entered"),
    thresholds={"unjustified_absence.half_days_in_trial": 2},
    versions=(
        Version(
            date(2007, 3, 5), "Code de l’éducation L214-14, D214-9", None,
            (aged(16, 26), said("out_of_school"), level_at_most("3")), cap_months=18,
            prolongations=(Prolongation("reseau", "Jusqu’à 24 mois en tout", "Pratique du réseau", longest_months=24),),
            duties=("La période d’intégration dure de deux à sept semaines.",
                    "Une attestation de compétences acquises est remise à la sortie."),
        ),
    ),
    workflow=Workflow("E2C", final=TRAINING_FINAL, lines=second_chance_lines(Kind.E2C, trial_over(days=E2C_TRIAL_DAYS))),
)
EPIDE = Scheme(
    code="EPIDE",
    label="EPIDE",
    purpose="Volontariat pour l’insertion, en internat, 8 mois renouvelables.",
    family=TRAINING,
    led_by=frozenset({Kind.EPIDE}),
    sources="Code du service national L130-1 et suivants",
    cap=deadlines.cap_from("trial", "entered"),
    thresholds={"absence_streak_critical.days": 2},
    versions=(
        Version(
            date(2005, 8, 3), "Code du service national L130-1", None, (aged(17, 26), level_at_most("3"), said("medically_fit")),
            cap_months=24,
            prolongations=(Prolongation("renouvellement", "Jusqu’à 24 mois en tout", "Code du service national L130-3",
                                        longest_months=24),),
            duties=("Le contrat dure huit mois et se renouvelle, jusqu’à vingt-quatre mois en tout.",
                    "Les deux premiers mois sont une période probatoire."),
        ),
    ),
    workflow=Workflow("EPIDE", final=TRAINING_FINAL,
                      lines=second_chance_lines(Kind.EPIDE, trial_over(months=EPIDE_TRIAL_MONTHS))),
)
