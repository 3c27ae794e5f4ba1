"""Courses outside the regional programme that follow the workflow of training as it is."""

from datetime import date

from pathways.workflows.actors import TRAINING_BODIES
from pathways.workflows.families import TRAINING
from pathways.workflows.predicates import aged, promised
from pathways.workflows.scheme import Scheme, Version
from pathways.workflows.schemes.prf import WORKFLOW

PREPA_APPRENTISSAGE = Scheme(
    code="PREPA_APPRENTISSAGE",
    label="Prépa-apprentissage",
    purpose="Préparation à l’apprentissage (programme terminé fin 2024).",
    family=TRAINING,
    workflow=WORKFLOW,
    led_by=TRAINING_BODIES,
    sources="CT L6313-6 ; programme national 2018-2024",
    versions=(Version(date(2018, 11, 1), "PIC, prépa-apprentissage", date(2024, 12, 31), (aged(15, 30, rqth=0),)),),
    successor="APPRENTISSAGE",
)
POEI = Scheme(
    code="POEI",
    label="Préparation opérationnelle à l’emploi individuelle",
    purpose="Formation avant une embauche promise, 400 heures au plus.",
    family=TRAINING,
    workflow=WORKFLOW,
    led_by=TRAINING_BODIES,
    sources="CT L6326-1, L6326-2, D6326-1, D6326-2",
    versions=(
        Version(
            date(2009, 11, 26), "CT L6326-1, L6326-2", date(2024, 6, 20), (promised({"cdd": 12, "professionnalisation": 12}),)
        ),
        Version(date(2024, 6, 21), "CT D6326-1, D6326-2 (décret 2024-561)", None, (
            promised({"cdd": 6, "professionnalisation": 6, "apprentissage": 6, "interim": 6, "saisonnier": 4}),)),
    ),
)
AFPR = Scheme(
    code="AFPR",
    label="Action de formation préalable au recrutement",
    purpose="Ancienne formation avant embauche, remplacée par la POEI en 2024.",
    family=TRAINING,
    workflow=WORKFLOW,
    led_by=TRAINING_BODIES,
    sources="Délibération de Pôle emploi ; supprimée par le conseil d’administration du 24 avril 2024",
    versions=(Version(date(2010, 1, 1), "Délibération de Pôle emploi", date(2024, 6, 30)),),
    successor="POEI",
)
CLEA = Scheme(
    code="CLEA",
    label="CléA",
    purpose="Certificat des savoirs de base.",
    family=TRAINING,
    workflow=WORKFLOW,
    led_by=TRAINING_BODIES,
    sources="Certif’Pro, socle de connaissances et de compétences",
    versions=(Version(date(2015, 2, 13), "Décret 2015-172"),),
)

COURSES = (PREPA_APPRENTISSAGE, POEI, AFPR, CLEA)
