"""What the signals of single courses say, and what can be done."""

from __future__ import annotations

from pathways.sharing.language import N_
from pathways.sharing.wording import Wording

COURSES: dict[str, Wording] = {
    "quote_pending": Wording(
        N_("Devis en attente"),
        N_("Devis déposé le {since:day} ({since:ago}), sans réponse."),
        N_("Demander où en est le financement ; un accord ou un refus déclaré le clôt."),
    ),
    "promise_broken": Wording(
        N_("Embauche promise non tenue"),
        N_("Formation terminée le {since:day} ({since:ago}), et aucun contrat signé."),
        N_("Appeler l’employeur ; à défaut, chercher une autre suite avec la personne."),
    ),
    "clea_course_missing": Wording(
        N_("CléA : parcours à commencer"),
        N_("Évaluation préalable le {since:day} ({since:ago}), et le parcours n’a pas commencé."),
        N_("Trouver une date d’entrée avec l’organisme."),
    ),
    "clea_limit_near": Wording(
        N_("CléA : fin des cinq ans proche"),
        N_("Ce qui est acquis ne compte que jusqu’au {last_day:day}."),
        N_("Prévoir l’évaluation finale et le jury avant cette date."),
    ),
    "prepa_without_employer": Wording(
        N_("Préparation sans employeur"),
        N_("La préparation finit le {end:day}, et aucun contrat d’apprentissage n’est signé."),
        N_("Chercher un employeur avec le CFA et la personne."),
    ),
    "apprenticeship_far": Wording(
        N_("Contrat loin après la préparation"),
        N_("La préparation finit le {end:day} ; le contrat ne commence que le {start:day}."),
        N_("Garder le contact jusqu’au contrat, et proposer une activité d’ici là."),
    ),
}
"""Rule → wording."""
