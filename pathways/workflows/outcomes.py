"""Codes shared by every scheme: outcomes and their category, reasons of rupture and of interruption, obstacles.

Sources: outcome typology of the SIAE network and of the Missions locales' exit reasons; reasons of rupture from the Code du
travail (L6222-18, D6222-21-1, L6225-4) and the public apprenticeship dashboard.
"""

from enum import StrEnum


class Category(StrEnum):
    """How an exit counts in the annual evaluation."""

    DURABLE_JOB = "emploi_durable"
    TRANSITION_JOB = "emploi_transition"
    WORK_STUDY = "alternance"
    POSITIVE = "sortie_positive"
    NEUTRAL = "neutre"
    NEGATIVE = "negative"
    NEUTRALISED = "neutralise"


OUTCOMES: dict[str, tuple[Category, str]] = {
    "EMPLOI_CDI": (Category.DURABLE_JOB, "Emploi en CDI"),
    "EMPLOI_CDD_6M_PLUS": (Category.DURABLE_JOB, "CDD de 6 mois ou plus"),
    "INTERIM_6M_PLUS": (Category.DURABLE_JOB, "Intérim de 6 mois ou plus"),
    "FONCTION_PUBLIQUE": (Category.DURABLE_JOB, "Fonction publique"),
    "CREATION_ENTREPRISE": (Category.DURABLE_JOB, "Création d’entreprise"),
    "EMPLOI_CDD_MOINS_6M": (Category.TRANSITION_JOB, "CDD de moins de 6 mois"),
    "INTERIM_MOINS_6M": (Category.TRANSITION_JOB, "Intérim de moins de 6 mois"),
    "CONTRAT_AIDE": (Category.TRANSITION_JOB, "Contrat aidé"),
    "ALTERNANCE_APPRENTISSAGE": (Category.WORK_STUDY, "Contrat d’apprentissage"),
    "ALTERNANCE_PRO": (Category.WORK_STUDY, "Contrat de professionnalisation"),
    "FORMATION_QUALIFIANTE": (Category.POSITIVE, "Formation qualifiante"),
    "FORMATION_PREQUALIFIANTE": (Category.POSITIVE, "Formation préqualifiante"),
    "RETOUR_SCOLARITE": (Category.POSITIVE, "Retour en scolarité"),
    "SERVICE_CIVIQUE": (Category.POSITIVE, "Service civique"),
    "AUTRE_SIAE": (Category.POSITIVE, "Autre SIAE"),
    "E2C_EPIDE": (Category.POSITIVE, "E2C ou EPIDE"),
    "ARRIVE_A_TERME": (Category.NEUTRAL, "Arrivé à terme"),
    "LIMITE_AGE": (Category.NEUTRAL, "Limite d’âge"),
    "DEMENAGEMENT": (Category.NEUTRAL, "Déménagement"),
    "CHANGEMENT_ACCOMPAGNEMENT": (Category.NEUTRAL, "Changement d’accompagnement"),
    "CESSATION_INSCRIPTION": (Category.NEUTRAL, "Cessation d’inscription"),
    "SANS_EMPLOYEUR": (Category.NEUTRAL, "Sans employeur"),
    "ABANDON": (Category.NEGATIVE, "Abandon"),
    "NON_RESPECT_ENGAGEMENTS": (Category.NEGATIVE, "Non-respect des engagements"),
    "INJOIGNABLE": (Category.NEGATIVE, "Injoignable"),
    "EXCLUSION": (Category.NEGATIVE, "Exclusion"),
    "DEMANDE_DU_BENEFICIAIRE": (Category.NEGATIVE, "Demande du bénéficiaire"),
    "RECHERCHE_EMPLOI": (Category.NEGATIVE, "Recherche d’emploi"),
    "INACTIVITE": (Category.NEGATIVE, "Inactivité"),
    "SANTE_LONGUE": (Category.NEUTRALISED, "Arrêt de santé long"),
    "MATERNITE": (Category.NEUTRALISED, "Maternité"),
    "INCARCERATION": (Category.NEUTRALISED, "Incarcération"),
    "RETRAITE": (Category.NEUTRALISED, "Retraite"),
    "DECES": (Category.NEUTRALISED, "Décès"),
    "ESAT": (Category.NEUTRALISED, "ESAT"),
    "SAISIE_ERREUR": (Category.NEUTRALISED, "Erreur de saisie"),
}

TRAINING_RESULTS = {
    "CERTIFIE_TOTAL": "Certifié",
    "CERTIFIE_PARTIEL": "Certifié partiellement",
    "NON_CERTIFIE": "Non certifié",
    "NON_PRESENTE": "Non présenté",
    "FIN_FORMATION": "Fin de formation (sans certification)",
}
ASSESSMENT_RESULTS = {"total": "Socle acquis en entier", "partiel": "Socle acquis en partie", "aucun": "Socle à acquérir"}
"""What a preliminary assessment of the base of knowledge finds (CléA)."""
KNOWN_RESULTS = frozenset(TRAINING_RESULTS) - {"FIN_FORMATION"}

EXITS = {code: label for code, (_, label) in OUTCOMES.items()} | TRAINING_RESULTS

BREAK_REASONS = {
    "ESSAI_EMPLOYEUR": "Fin d’essai par l’employeur",
    "ESSAI_SALARIE": "Fin d’essai par le salarié",
    "ACCORD_COMMUN": "Accord commun",
    "INITIATIVE_APPRENTI": "Initiative de l’apprenti",
    "FAUTE_GRAVE": "Faute grave",
    "INAPTITUDE": "Inaptitude",
    "FORCE_MAJEURE": "Force majeure",
    "DECES_EMPLOYEUR": "Décès de l’employeur",
    "LIQUIDATION_EMPLOYEUR": "Liquidation de l’employeur",
    "CESSATION_ACTIVITE": "Cessation d’activité",
    "MANQUEMENTS_EMPLOYEUR": "Manquements de l’employeur",
    "SUSPENSION_ADMINISTRATIVE": "Suspension administrative",
    "EXCLUSION_CFA": "Exclusion du CFA",
    "OBTENTION_DIPLOME": "Obtention du diplôme",
    "FIN_CDD_ANTICIPEE_EMBAUCHE": "Fin anticipée pour une embauche",
    "FIN_CDD_ANTICIPEE_FORMATION": "Fin anticipée pour une formation qualifiante",
    "AUTRE": "Autre",
}
NOT_A_RUPTURE = frozenset({"OBTENTION_DIPLOME", "FIN_CDD_ANTICIPEE_EMBAUCHE", "FIN_CDD_ANTICIPEE_FORMATION"})
"""Early ends that are a success: the contract is completed, nothing is broken (reasons of rupture, list E6)."""
TRIAL_REASONS = frozenset({"ESSAI_EMPLOYEUR", "ESSAI_SALARIE"})

INTERRUPTION_REASONS = {
    "EMPLOI": "Emploi trouvé",
    "AUTRE_FORMATION": "Autre formation",
    "CONTRAT_ALTERNANCE": "Contrat en alternance",
    "SANTE": "Santé",
    "MATERNITE": "Maternité",
    "GARDE_ENFANT": "Garde d’enfant",
    "TRANSPORT": "Transport",
    "LOGEMENT": "Logement",
    "FINANCIER": "Difficultés financières",
    "FAMILIAL": "Raison familiale",
    "CONTENU_NIVEAU": "Contenu ou niveau inadapté",
    "PROJET_CHANGE": "Changement de projet",
    "AMBIANCE": "Ambiance",
    "DISCIPLINE": "Discipline",
    "ABSENCES_REPETEES": "Absences répétées",
    "DEMENAGEMENT": "Déménagement",
    "FORCE_MAJEURE": "Force majeure",
    "OF_DEFAILLANT": "Organisme défaillant",
    "INCONNU": "Inconnu",
}

RUPTURE_THEMES = {
    "MOBILITE": "Mobilité",
    "LOGEMENT": "Logement",
    "SANTE": "Santé",
    "FINANCE": "Finances",
    "ADMINISTRATIF": "Démarches administratives",
    "SOCIAL_FAMILIAL": "Situation sociale ou familiale",
    "REORIENTATION": "Réorientation",
    "RECHERCHE_EMPLOI": "Recherche d’emploi",
    "AUTRE": "Autre",
}
"""What was difficult when a contract broke, as the public tool of the CFA and Missions locales says it (list E6)."""
AFTER_RUPTURE = {
    "RDV_PRIS": "Rendez-vous pris",
    "NOUVEAU_PROJET": "Nouveau projet",
    "DEJA_ACCOMPAGNE": "Déjà accompagné",
    "CONTACTE_SANS_RETOUR": "Contacté, sans retour",
    "COORDONNEES_INCORRECTES": "Coordonnées incorrectes",
    "INJOIGNABLE": "Injoignable",
    "NOUVEAU_CONTRAT": "Nouveau contrat trouvé",
    "CHERCHE_CONTRAT": "Cherche un contrat",
    "REORIENTATION": "Réorientation",
    "NE_VEUT_PAS_ACCOMPAGNEMENT": "Ne veut pas d’accompagnement",
    "AUTRE": "Autre",
}
"""What came of the contact a Mission locale takes after a rupture (list E6)."""
_NOT_REACHED = ("CONTACTE_SANS_RETOUR", "COORDONNEES_INCORRECTES", "INJOIGNABLE")
NOT_REACHED_AFTER_RUPTURE = {code: AFTER_RUPTURE[code] for code in _NOT_REACHED}
"""Those of them that say nobody answered: results of an attempt."""

HAND_OVER_REFUSALS: dict[str, str] = {
    "HORS_SECTEUR": "Hors du secteur",
    "DEJA_SUIVI": "Déjà accompagné ailleurs",
    "CAPACITE": "Pas de place actuellement",
    "NON_ELIGIBLE": "Conditions non remplies",
    "REFUS": "La personne refuse",
    "INJOIGNABLE": "Personne injoignable",
    "AUTRE": "Autre motif",
}
"""Why an organisation does not take somebody over."""
OBSTACLE_THEMES = {
    "numerique": "Numérique",
    "mobilite": "Mobilité",
    "famille": "Famille",
    "garde_enfant": "Garde d’enfant",
    "sante": "Santé",
    "lecture_ecriture_calcul": "Lecture, écriture, calcul",
    "langue": "Langue",
    "logement": "Logement",
    "ressources": "Ressources et endettement",
    "administratif": "Administratif et juridique",
    "confiance": "Confiance et capacité à agir",
    "emploi_formation": "Emploi et formation",
}
"""``garde_enfant`` is the name earlier entries give to a part of ``famille`` (obstacle_codes.SAME_AS)."""
OBSTACLE_SEVERITIES = {"genant": "Gênant", "fort": "Fort", "bloquant": "Bloquant"}

RISK_DIMENSIONS = {
    "psychopedagogique": "Psychopédagogique",
    "professionnel": "Professionnel",
    "sante": "Santé",
    "organisation_personnelle": "Organisation personnelle",
}

APPOINTMENT_STATUSES = {
    "planned": "Prévu",
    "seen": "Présent",
    "excused": "Excusé",
    "revoked": "Annulé par le service",
    "noshow": "Absent",
    "to_complete": "À compléter",
}

APPOINTMENT_KINDS = {"obligation_formation": "Convocation obligation de formation"}
"""What an appointment is about, where the law counts it."""

SESSION_KINDS = {
    "information": "Information collective",
    "atelier_cv": "Atelier CV et candidatures",
    "atelier_projet": "Atelier projet professionnel",
    "atelier_mobilite": "Atelier mobilité",
    "atelier_numerique": "Atelier numérique",
    "atelier_sante": "Atelier santé et bien-être",
    "atelier_entretien": "Simulation d’entretien",
    "visite_entreprise": "Visite d’entreprise",
    "forum": "Forum ou job dating",
    "rencontre_metier": "Rencontre avec un professionnel",
    "sortie": "Sortie culturelle, sportive ou citoyenne",
    "autre": "Autre séance collective",
}
"""What several persons may be seen about together."""

CONTRACT_KINDS = {
    "cdi": "CDI",
    "cdd": "CDD",
    "interim": "Intérim",
    "saisonnier": "Saisonnier",
    "particulier": "Particulier employeur",
    "independant": "Indépendant",
    "apprentissage": "Apprentissage",
    "professionnalisation": "Professionnalisation",
    "cddi": "CDDI",
    "cui_cae": "CUI-CAE / PEC",
    "cui_cie": "CUI-CIE",
    "service_civique": "Service civique",
}

RETRACTION_REASONS = {
    "mauvaise_personne": "Saisie sur la mauvaise personne",
    "mauvaise_date": "Mauvaise date",
    "mauvais_resultat": "Mauvais résultat",
    "doublon": "Doublon",
    "autre": "Autre erreur",
}
"""Why an entry is taken back."""
DOUBTS = {
    "date": "La date ne va pas avec une autre déclaration",
    "resultat": "Le résultat ne va pas avec une autre déclaration",
    "personne": "La saisie concerne peut-être quelqu’un d’autre",
    "doublon": "La saisie est peut-être un doublon",
}
"""Why an organisation asks another to look at an entry again."""
SETTLEMENTS = {
    "les_deux_exactes": "Les deux déclarations sont exactes",
    "dates_proches": "Écart de dates sans conséquence",
    "verifie_organisme": "Vérifié avec l’autre organisme",
    "verifie_personne": "Vérifié avec la personne",
    "sans_effet": "Erreur ancienne, sans effet sur la suite",
}
"""Why two entries that seem to contradict each other are both kept."""
HELP_TOPICS = {
    "training": "Ma formation ou mon travail",
    "housing": "Mon logement",
    "money": "L’argent, les papiers",
    "transport": "Les déplacements",
    "family": "Ma famille, mes enfants",
    "other": "Autre chose",
}
"""What somebody who asks for help may say it is about; none of it is of health."""
APPOINTMENT_ANSWERS = {"confirmed": "Je viendrai", "move": "Je voudrais un autre jour", "cancelled": "Je ne viendrai pas"}
