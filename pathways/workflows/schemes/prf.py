"""PRF: the courses of the Pays de la Loire regional training programme. The offer changes often: its names are data."""

from datetime import date

from pathways.workflows.actors import TRAINING_BODIES
from pathways.workflows.definition import Workflow
from pathways.workflows.families import TRAINING, TRAINING_FINAL, training_lines
from pathways.workflows.predicates import aged
from pathways.workflows.scheme import Scheme, Version

WORKFLOW = Workflow("training", final=TRAINING_FINAL, lines=training_lines())

_2017, _MERGED_ON = date(2017, 1, 1), date(2021, 12, 31)
_MERGED = "Programme régional 2017, fondu dans PRÉPA ensuite"
_CURRENT = "Programme régional (PRÉPA, VISA, ACCÈS) ; CT L6121-1, L6121-2"

PROGRAMMES: tuple[tuple[str, str, str, Version], ...] = (
    ("PRF_PREPA_REBOND", "Prépa Rebond", "Remobilisation des 16-25 ans (ancien programme régional).",
     Version(_2017, _MERGED, _MERGED_ON, (aged(16, 26),))),
    ("PRF_PREPA_AVENIR", "Prépa Avenir", "Construction d’un projet professionnel (ancien programme régional).",
     Version(_2017, _MERGED, _MERGED_ON, (aged(16),))),
    ("PRF_PREPA_CLES", "Prépa Clés", "Remise à niveau (ancien programme régional).",
     Version(_2017, _MERGED, _MERGED_ON)),
    ("PRF_PREPA_CLES_AVENIR", "Prépa Clés et Avenir", "Remise à niveau et construction d’un projet, avec la Région.",
     Version(_2017, _CURRENT)),
    ("PRF_PREPA_AVENIR_SUP", "Prépa Avenir Sup", "Construire un projet vers le supérieur, avec la Région.",
     Version(_2017, _CURRENT)),
    ("PRF_PREPA_SANITAIRE_SOCIAL", "Prépa Sanitaire et social", "Préparation aux métiers sanitaires et sociaux, avec la Région.",
     Version(_2017, _CURRENT)),
    ("PRF_VISA_METIERS", "Visa Métiers", "Formation qualifiante financée par la Région.",
     Version(_2017, _CURRENT, entry=(aged(16),))),
    ("PRF_ACCES_EMPLOI", "Accès Emploi", "Formation courte construite avec des employeurs qui recrutent.",
     Version(_2017, _CURRENT)),
)

PRF: tuple[Scheme, ...] = tuple(
    Scheme(
        code=code,
        label=label,
        family=TRAINING,
        workflow=WORKFLOW,
        versions=(version,),
        purpose=purpose,
        held_as="PRF",
        led_by=TRAINING_BODIES,
        sources="CT L6121-1, L6121-2, L6121-5, L6353-10, R6341-35",
    )
    for code, label, purpose, version in PROGRAMMES
)
