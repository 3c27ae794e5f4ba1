"""Codes offered on screen where an event type leaves the code open, because other systems send their own."""

from __future__ import annotations

from collections.abc import Mapping

from pathways.sharing.language import N_
from pathways.workflows import follow_ups, obstacle_codes
from pathways.workflows.outcomes import RETRACTION_REASONS

Codes = Mapping[str, str]

RETRACTED: Codes = RETRACTION_REASONS | {
    "undone": N_("Annulé aussitôt saisi"),
    "retablie": N_("Saisie rétablie"),
    "SAISIE_ERREUR": N_("Erreur de saisie"),
}
CANCELLED: Codes = {
    "EMPLOI": N_("Emploi trouvé"),
    "AUTRE_FORMATION": N_("Autre formation"),
    "CONTRAT_ALTERNANCE": N_("Contrat en alternance"),
    "PROJET_CHANGE": N_("Changement de projet"),
    "NON_PRESENTE": N_("Ne s’est pas présenté"),
    "SESSION_ANNULEE": N_("Session annulée"),
    "OF_DEFAILLANT": N_("Organisme défaillant"),
    "EMPLOYEUR_RENONCE": N_("L’employeur renonce"),
    "DEMENAGEMENT": N_("Déménagement"),
    "AUTRE": N_("Autre motif"),
}
DECLINED: Codes = {
    "REFUS": N_("La personne refuse"),
    "NON_ELIGIBLE": N_("Conditions non remplies"),
    "AUTRE_ACCOMPAGNEMENT": N_("Autre accompagnement plus adapté"),
    "SANS_SUITE": N_("Sans suite"),
    "AUTRE": N_("Autre motif"),
}
TRANSFER: Codes = {
    "DEMENAGEMENT": N_("Déménagement"),
    "CHANGEMENT_ACCOMPAGNEMENT": N_("Autre accompagnement plus adapté"),
    "LIMITE_AGE": N_("Limite d’âge"),
    "DEMANDE": N_("Demande de la personne"),
    "AUTRE": N_("Autre motif"),
}
TRANSFER_REFUSED: Codes = {
    "HORS_SECTEUR": N_("Hors du secteur"),
    "DEJA_SUIVI": N_("Déjà accompagné ailleurs"),
    "CAPACITE": N_("Pas de place actuellement"),
    "AUTRE": N_("Autre motif"),
}
PROLONGATION: Codes = {
    "PROJET_EN_COURS": N_("Projet en cours à mener à terme"),
    "PARCOURS_EXTERNE": N_("Parcours externe en cours"),
    "DIFFICULTES": N_("Difficultés persistantes"),
    "SUSPENSION": N_("Rattrapage d’une suspension"),
    "fin_formation": N_("Formation en cours à terminer"),
    "50_ans": N_("50 ans ou plus"),
    "cdi_57": N_("CDI d’inclusion à 57 ans ou plus"),
    "rqth": N_("Travailleur handicapé"),
    "ai_aci": N_("Difficultés particulières en AI ou ACI"),
    "periodes_travaillees": N_("Périodes travaillées pendant le CSP"),
    "maladie_maternite": N_("Arrêt maladie long ou maternité"),
    "AUTRE": N_("Autre motif"),
}
SUSPENDED: Codes = {
    "SANTE": N_("Santé"),
    "MATERNITE": N_("Maternité"),
    "EMPLOI": N_("Emploi temporaire"),
    "MANQUEMENT": N_("Manquement aux engagements"),
    "AUTRE": N_("Autre motif"),
}
MODALITIES: Codes = {
    "suivi": N_("Suivi"),
    "guide": N_("Guidé"),
    "renforce": N_("Renforcé"),
    "global": N_("Global"),
    "social": N_("Parcours social"),
    "socio_pro": N_("Parcours socio-professionnel"),
    "pro": N_("Parcours professionnel"),
    "individuel": N_("Individuel"),
    "club": N_("Club (trois mois)"),
}
PASS_SUSPENDED: Codes = {
    "CONTRAT_SUSPENDU": N_("Contrat suspendu plus de 15 jours"),
    "CONTRAT_ROMPU": N_("Contrat rompu"),
    "CONTRAT_TERMINE": N_("Contrat terminé"),
    "AUTRE": N_("Autre motif"),
}
RENEWED: Codes = {
    "renouvellement": N_("Renouvellement"),
    "echec": N_("Échec à l’examen"),
    "suspension": N_("Suspension du contrat"),
    "fin_formation": N_("Formation en cours à terminer"),
    "AUTRE": N_("Autre motif"),
}
PAUSED: Codes = {
    "SANTE": N_("Santé"),
    "MATERNITE": N_("Maternité"),
    "FAMILIAL": N_("Raison familiale"),
    "GARDE_ENFANT": N_("Garde d’enfant"),
    "EMPLOI": N_("Emploi temporaire"),
    "AUTRE": N_("Autre motif"),
}
PHASES: Codes = {
    "projet": N_("Construire un projet"),
    "emploi": N_("Accéder à l’emploi"),
    "formation": N_("Se former"),
    "social": N_("Lever des freins"),
    "garantie_jeunes": N_("Garantie jeunes"),
}
INITIATIVE: Codes = {
    "employeur": N_("L’employeur"),
    "salarie": N_("Le salarié ou l’apprenti"),
    "accord": N_("Les deux"),
    "liquidateur": N_("Le liquidateur"),
}
PROCEDURES: Codes = {
    "sauvegarde": N_("Sauvegarde"),
    "redressement": N_("Redressement judiciaire"),
    "liquidation": N_("Liquidation judiciaire"),
    "liquidation_sans_poursuite": N_("Liquidation sans poursuite d’activité"),
}
CHECKINS: Codes = {
    "integration": N_("Intégration"),
    "visite": N_("Visite en entreprise"),
    "adequation_programme": N_("Adéquation avec la formation"),
    "formation": N_("Formation"),
    "entretien_sortie": N_("Entretien de sortie"),
    "bilan": N_("Bilan"),
    "difficulte": N_("Difficulté"),
}
COURSES: Codes = {
    "FORMATION": N_("Formation ou préparation"),
    "E2C_EPIDE": N_("E2C, EPIDE ou autre appui intensif"),
    "MISSION": N_("Service civique ou mission d’utilité sociale"),
    "CONTRAT_AIDE": N_("Contrat aidé ou insertion"),
    "EXTERNE": N_("Autre parcours externe"),
}
SUGGESTED: Mapping[tuple[str, str], Codes] = {
    ("followup", "situation"): follow_ups.SITUATIONS,
    ("obstacle", "theme"): obstacle_codes.THEMES,
    ("obstacle_action", "theme"): obstacle_codes.THEMES,
    ("obstacle_lifted", "theme"): obstacle_codes.THEMES,
    ("retracted", "reason"): RETRACTED,
    ("cancelled", "reason"): CANCELLED,
    ("declined", "reason"): DECLINED,
    ("transfer_requested", "reason"): TRANSFER,
    ("transfer_refused", "reason"): TRANSFER_REFUSED,
    ("prolongation_requested", "reason"): PROLONGATION,
    ("prolongation_granted", "reason"): PROLONGATION,
    ("prolongation_granted", "decider"): {
        "referent": N_("L’organisme référent"),
        "commission": N_("La commission"),
        "financeur": N_("Le financeur"),
    },
    ("suspended", "reason"): SUSPENDED,
    ("pass_suspended", "reason"): PASS_SUSPENDED,
    ("engagement_signed", "modality"): MODALITIES,
    ("accompaniment_started", "modality"): MODALITIES,
    ("abandoned", "reason"): CANCELLED,
    ("work_contract_renewed", "reason"): RENEWED,
    ("paused", "reason"): PAUSED,
    ("immersion_broken", "reason"): CANCELLED,
    ("phase_started", "kind"): PHASES,
    ("contract_broken", "initiative"): INITIATIVE,
    ("employer_insolvency", "kind"): PROCEDURES,
    ("contract_checkin", "kind"): CHECKINS,
    ("external_course_started", "course"): COURSES,
    ("external_course_ended", "course"): COURSES,
    ("commission_decision", "decision"): {
        "admission": N_("Admission"),
        "ajournement": N_("Ajournement"),
        "refus": N_("Refus"),
    },
    ("ft_deregistered", "reason"): {
        "EMPLOI": N_("Reprise d’emploi"),
        "FORMATION": N_("Entrée en formation"),
        "NON_ACTUALISATION": N_("Actualisation oubliée"),
        "RADIATION": N_("Radiation"),
        "AUTRE": N_("Autre motif"),
    },
    ("leaver_identified", "source"): {
        "SIEI": N_("Système interministériel (SIEI)"),
        "etablissement": N_("Établissement scolaire"),
        "famille": N_("Famille ou proche"),
        "lui_meme": N_("La personne elle-même"),
        "autre": N_("Autre source"),
    },
    ("in_solution", "solution"): {
        "scolarite": N_("Retour en scolarité"),
        "formation": N_("Formation"),
        "apprentissage": N_("Apprentissage"),
        "emploi": N_("Emploi"),
        "service_civique": N_("Service civique"),
        "autre": N_("Autre solution"),
    },
    ("immersion_report", "result"): {
        "confirme": N_("Projet confirmé"),
        "a_revoir": N_("Projet à revoir"),
        "abandonne": N_("Projet abandonné"),
        "embauche": N_("Embauche envisagée"),
    },
}
"""(event, detail) → the codes offered, and their labels."""
