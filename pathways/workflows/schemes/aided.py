"""What the aided contracts share: the public, the aid and its prolongations, and how they are followed."""

from datetime import date
from typing import TYPE_CHECKING

from pathways.workflows import deadlines, guards
from pathways.workflows.actors import ACCOMPANYING, CONTRACT_BODIES
from pathways.workflows.definition import Workflow, note
from pathways.workflows.families import CONTRACT_FINAL, contract_lines
from pathways.workflows.predicates import aged, in_training, recognised_worker, said, said_not
from pathways.workflows.scheme import Prolongation
from pathways.workflows.states import State as S

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step

WITHOUT_WORK = said_not("in_work", "Être sans emploi")
ENTRY = (WITHOUT_WORK, said("rescue"))
TO_60_MONTHS = (
    Prolongation("fin_formation", "Pour terminer une formation en cours", "CT L5134-25-1, L5134-69-1", longest_months=60,
                 entry=(in_training("training_under_way"),)),
    Prolongation("50_ans", "À 50 ans ou plus", "CT L5134-25-1, L5134-69-1", longest_months=60, entry=(aged(50),)),
    Prolongation("rqth", "Travailleur handicapé", "CT L5134-25-1, L5134-69-1", longest_months=60, entry=(recognised_worker,)),
    Prolongation("duree_de_l_aide", "Dans la limite de 24 mois", "CT L5134-25-1, L5134-69-1", longest_months=24),
)
DUTIES = (
    "L’aide est décidée avant le contrat par France Travail, la mission locale, Cap emploi ou le département (CT R5134-26).",
    "L’employeur désigne un tuteur et prévoit formation et accompagnement (CT L5134-20, L5134-65).",
    "L’employeur dit une suspension ou une rupture dans les 7 jours francs (CT R5134-28).",
    "L’entretien de sortie a lieu 1 à 3 mois avant la fin (pratique du PEC).",
)


def cap(step: "Step", pathway: "Pathway") -> date | None:
    """The last month of the aid, from the first day of the contract, prolongations included."""
    return deadlines.cap_from("work_contract_started")(step, pathway)


WORKFLOW = Workflow(
    "aided_contract",
    final=CONTRACT_FINAL,
    lines=[
        *contract_lines(running=S.IN_CONTRACT),
        # A trial elsewhere suspends the contract without ending it (CT L5134-29).
        note("suspended", by=CONTRACT_BODIES, during=S.IN_CONTRACT),
        note("resumed", by=CONTRACT_BODIES, during=S.IN_CONTRACT),
        note("prolongation_requested", by=CONTRACT_BODIES, during=S.IN_CONTRACT),
        note("prolongation_granted", by=ACCOMPANYING, during=S.IN_CONTRACT, needs=[guards.within_the_longest_duration]),
    ],
)
"""Signed, in contract, ended or broken: no trial of its own, a break for a job or a qualifying course is no rupture."""
