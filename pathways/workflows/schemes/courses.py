"""Courses that follow the workflow of training as it is: those France Travail buys, and the small ones of the local offer."""

from datetime import date

from pathways.workflows.actors import SCHOOLS, TRAINING_BODIES, Kind
from pathways.workflows.families import TRAINING
from pathways.workflows.predicates import Predicate, aged, registered, said
from pathways.workflows.scheme import Scheme, Version
from pathways.workflows.schemes.prf import DUTIES, WORKFLOW


def _course(
    code: str, label: str, purpose: str, source: str, opens: date, *entry: Predicate, closes: date | None = None,
    by: frozenset[Kind] = TRAINING_BODIES, held_as: str = "PRF",
) -> Scheme:
    """One scheme that adds nothing to the workflow of training."""
    return Scheme(
        code=code, label=label, purpose=purpose, family=TRAINING, workflow=WORKFLOW, led_by=by, held_as=held_as, sources=source,
        versions=(Version(opens, source, closes, entry),),
    )


AFC = Scheme(
    code="AFC",
    label="Action de formation conventionnée",
    purpose="Formation collective achetée par France Travail, en accord avec la Région.",
    family=TRAINING,
    workflow=WORKFLOW,
    led_by=TRAINING_BODIES,
    held_as="PRF",
    sources="CT L6121-4, L6122-1",
    versions=(Version(date(2009, 1, 1), "CT L6121-4, L6122-1", None, (registered, said("project_validated")), duties=DUTIES),),
)
COURSES: tuple[Scheme, ...] = (
    AFC,
    _course("LYCEE_NOUVELLE_CHANCE", "Lycée nouvelle chance", "Reprendre une formation professionnelle au lycée, en alternance.",
            "Code de l’éducation L122-2, D122-3-1", date(2010, 9, 1), aged(16), said("out_of_school"),
            by=TRAINING_BODIES | SCHOOLS),
    _course("MICRO_LYCEE", "Micro-lycée", "Préparer le bac dans une petite structure du lycée.",
            "Code de l’éducation L122-2, D122-3-1", date(2000, 9, 1), aged(16, 26), said("out_of_school"),
            by=TRAINING_BODIES | SCHOOLS),
    _course("MLDS", "Mission de lutte contre le décrochage", "Parcours de l’Éducation nationale pour revenir vers une formation.",
            "Circulaire 2013-035 du 29 mars 2013", date(2013, 3, 29), aged(16), by=TRAINING_BODIES | SCHOOLS),
    _course("ECOLE_PRODUCTION", "École de production", "Apprendre un métier en produisant, vers un CAP ou un bac professionnel.",
            "Code de l’éducation L443-6 (loi 2018-771)", date(2018, 9, 7), aged(15), by=frozenset({Kind.ECOLE_PRODUCTION})),
    _course("SMV", "Service militaire volontaire", "Formation et accompagnement vers l’emploi dans un cadre militaire.",
            "Code du service national L121-1", date(2015, 7, 29), aged(18, 26), said("medically_fit"),
            held_as="EPIDE"),
    _course("DEFENSE_2E_CHANCE", "Défense 2e chance", "Ancien nom du volontariat pour l’insertion (EPIDE).",
            "Ordonnance 2005-883", date(2005, 8, 3), aged(18, 22), closes=date(2009, 12, 31), held_as="EPIDE"),
    _course("PROMO_16_18", "Promo 16-18", "Quatre mois pour les 16-18 ans sans solution, avec l’Afpa.",
            "Programme national", date(2020, 9, 1), aged(16, 18)),
    _course("CPF", "Formation financée par le CPF", "La personne utilise son compte personnel de formation.",
            "CT L6323-1 et suivants", date(2015, 1, 1), held_as="PRF"),
    _course("PTP", "Projet de transition professionnelle", "Formation longue pour changer de métier (Transitions Pro).",
            "CT L6323-17-1 et suivants", date(2019, 1, 1), said("in_work")),
    _course("DETENTION_FORMATION", "Formation (lot réservé)", "Formation d’un lot réservé de la Région.",
            "CT L6121-2", date(2015, 1, 1)),
)
