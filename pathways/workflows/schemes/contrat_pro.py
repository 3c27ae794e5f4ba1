"""Contrat de professionnalisation: a work-study contract with a training body, its trial and its adequacy review."""

from datetime import date

from pathways.workflows import deadlines
from pathways.workflows.actors import CONTRACT_BODIES, TRAINING_BODIES
from pathways.workflows.definition import Workflow, at, note
from pathways.workflows.families import CONTRACT, CONTRACT_FINAL, contract_lines
from pathways.workflows.limits import lasting
from pathways.workflows.predicates import aged, either, every, registered, said
from pathways.workflows.scheme import Prolongation, Scheme, Version
from pathways.workflows.states import State as S

_ENTRY = (
    aged(16),
    either(
        aged(16, 26),
        every(aged(26), registered, code="job_seeker_from_26", label="Demandeur d’emploi de 26 ans ou plus"),
        said("minimum_income"),
        said("former_aided_contract"),
        code="pro_public",
        label="Avoir moins de 26 ans, être demandeur d’emploi, bénéficiaire d’un minimum social ou sortir d’un contrat aidé",
    ),
)
_RENEWED = (
    Prolongation(
        "renouvellement",
        "Une fois : qualification supérieure, échec, maternité, maladie ou défaillance de l’organisme",
        "CT L6325-7",
        times=1,
    ),
)
_DUTIES = (
    "L’employeur envoie le contrat à l’OPCO dans les 5 jours ; sans réponse sous 20 jours, il est accepté (CT D6325-1, D6325-2).",
    "Employeur et salarié vérifient dans les 2 mois que le programme convient (CT D6325-13).",
    "La formation compte pour 15 à 25 % du contrat, 150 heures au moins (CT L6325-13).",
    "Une rupture est dite à l’OPCO dans les 30 jours (CT D6325-5).",
    "Après une rupture que le salarié n’a pas voulue, un accord de branche peut prolonger la formation 6 mois (CT L6325-14-1).",
)

CONTRAT_PRO = Scheme(
    code="CONTRAT_PRO",
    label="Contrat de professionnalisation",
    purpose="Contrat de travail en alternance, avec un organisme de formation.",
    family=CONTRACT,
    workflow=Workflow(
        "contract_with_trial",
        final=CONTRACT_FINAL,
        lines=[
            *contract_lines(running=S.PROBATION),
            note("attendance", by=TRAINING_BODIES),
            note("risk_flag", by=TRAINING_BODIES),
            note("certification_result", by=TRAINING_BODIES),
            at("trial_over", deadlines.after_trial, S.PROBATION, S.IN_CONTRACT),
        ],
    ),
    led_by=CONTRACT_BODIES,
    sources="CT L6325-1 et suivants, D6325-1 et suivants, L1242-10",
    versions=(
        Version(
            date(2004, 5, 4), "Loi 2004-391 ; CT L6325-1, L6325-11", date(2018, 12, 31), _ENTRY, cap_months=24,
            prolongations=_RENEWED, duties=_DUTIES, limits=(lasting(6, 24),),
        ),
        Version(
            date(2019, 1, 1), "CT L6325-1, L6325-1-1, L6325-11 (loi 2018-771)", None, _ENTRY, cap_months=36,
            prolongations=_RENEWED, duties=_DUTIES, limits=(lasting(6, 36),),
        ),
    ),
)
