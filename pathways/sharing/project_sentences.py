"""What the signals of advice, of the recognition of experience (VAE) and of business creation say, and what can be done."""

from __future__ import annotations

from pathways.sharing.language import N_
from pathways.sharing.wording import Wording

PROJECTS: dict[str, Wording] = {
    # validation des acquis de l'expérience
    "vae_answer_late": Wording(
        N_("Certificateur sans réponse"),
        N_("Le certificateur devait répondre au plus tard le {due:day} : son silence vaut recevabilité."),
        N_("Demander une attestation au certificateur, et commencer le dossier de validation."),
    ),
    "vae_lapse_near": Wording(
        N_("Recevabilité bientôt caduque"),
        N_("Sans démarche enregistrée, la recevabilité est perdue après le {last_day:day}."),
        N_("Enregistrer une première démarche : accompagnement, formation ou dossier de validation."),
    ),
    "vae_jury_late": Wording(
        N_("Jury de VAE en retard"),
        N_("Le jury devait se tenir au plus tard le {due:day}."),
        N_("Demander une date au certificateur."),
    ),
    "vae_result_late": Wording(
        N_("Résultat de VAE attendu"),
        N_("Jury du {jury:day} : le résultat devait être notifié au plus tard le {due:day}."),
        N_("Demander le résultat au certificateur, puis le déclarer."),
    ),
    "vae_partial_without_plan": Wording(
        N_("Validation partielle sans suite"),
        N_("Validation partielle le {since:day}, sans plan pour obtenir le reste."),
        N_("Convenir d’une formation ou d’un nouveau dossier, puis déclarer le plan."),
    ),
    # conseil en évolution professionnelle
    "cep_synthesis_missing": Wording(
        N_("Synthèse du conseil à remettre"),
        N_("Dernier entretien de conseil le {since:day} ({since:ago}), sans document de synthèse."),
        N_("Remettre la synthèse, ou proposer un nouvel entretien."),
    ),
    "cep_project_without_step": Wording(
        N_("Projet validé sans suite"),
        N_("Projet validé le {since:day} ({since:ago}), et aucune étape commencée depuis."),
        N_("Prendre des nouvelles de la personne ; une étape ou un suivi le clôt."),
    ),
    # création ou reprise d'entreprise
    "creation_phase_long": Wording(
        N_("Phase de création qui dure"),
        N_("Phase « {phase:state} » en cours depuis le {since:day} : plus de {days:days}."),
        N_("Faire le point : continuer, mettre en pause ou arrêter le projet."),
    ),
    "creation_meeting_overdue": Wording(
        N_("Point post-création en retard"),
        N_("Entreprise créée le {created:day} : le point à {month:months} était attendu le {due:day}."),
        N_("Rencontrer ou appeler le créateur."),
    ),
    "business_closed_early": Wording(
        N_("Entreprise fermée dans l’année"),
        N_("Entreprise créée le {created:day}, fermée le {closed:day}."),
        N_("Reprendre contact et chercher la suite avec la personne."),
    ),
    # deux référents, inscription
    "pair_silent": Wording(
        N_("Un des deux référents sans échange"),
        N_("{who:kind} : aucun échange avec la personne depuis le {since:day} ({since:ago})."),
        N_("Prévoir un échange, ou convenir ensemble de la fin de l’accompagnement."),
    ),
    "ft_deregistered": Wording(
        N_("Fin d’inscription à France Travail"),
        N_("Inscription terminée le {since:day} ({since:ago})."),
        N_("Comprendre pourquoi avec la personne ; la réinscription déclarée le clôt."),
    ),
}
