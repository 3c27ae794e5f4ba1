"""What obstacles are made of, theme by theme: what they may be, and what may be done (list E8 of the domain sheet, CT R5312-42).

Themes and severities are in ``outcomes``. Values say a practical situation, never a diagnosis: there is no word of illness.
"""

from collections.abc import Mapping

from pathways.workflows.outcomes import OBSTACLE_THEMES

HEALTH = "sante"
BLOCKING = "bloquant"
SAME_AS: Mapping[str, str] = {"garde_enfant": "famille"}
"""Themes of earlier entries that are now a value of another one."""
THEMES: dict[str, str] = {code: label for code, label in OBSTACLE_THEMES.items() if code not in SAME_AS}
"""The themes one may choose."""
VALUES: Mapping[str, Mapping[str, str]] = {
    "numerique": {
        "num_equipement": "Pas d’équipement ou de connexion",
        "num_usages": "Usages de base à acquérir",
        "num_demarches": "Démarches en ligne difficiles",
    },
    "mobilite": {
        "mob_permis": "Pas de permis",
        "mob_vehicule": "Pas de véhicule",
        "mob_transports": "Pas de transport aux horaires utiles",
        "mob_cout": "Coût des trajets",
        "mob_zone": "Ne se déplace pas hors de son secteur",
    },
    "famille": {
        "fam_garde": "Garde d’enfant",
        "fam_aidant": "Aidant d’un proche",
        "fam_handicap_enfant": "Enfant en situation de handicap",
        "fam_situation": "Situation familiale difficile",
    },
    HEALTH: {
        "san_acces": "Accès aux soins",
        "san_droits": "Couverture santé à ouvrir",
        "san_amenagement": "Aménagement à prévoir",
        "san_disponibilite": "Disponibilité réduite",
    },
    "lecture_ecriture_calcul": {
        "lec_lire": "Lire ou comprendre un texte",
        "lec_ecrire": "Écrire",
        "lec_compter": "Compter",
    },
    "langue": {
        "lan_oral": "Français oral",
        "lan_ecrit": "Français écrit",
        "lan_professionnel": "Français professionnel",
    },
    "logement": {
        "log_sans": "Sans logement stable",
        "log_hebergement": "Hébergement provisoire",
        "log_double": "Double logement à financer",
        "log_inadapte": "Logement inadapté ou trop éloigné",
    },
    "ressources": {
        "res_sans": "Sans ressources",
        "res_endettement": "Endettement",
        "res_banque": "Pas d’accès à un compte bancaire",
        "res_avance": "Avance de frais impossible",
    },
    "administratif": {
        "adm_papiers": "Papiers à obtenir ou à renouveler",
        "adm_droits": "Droits à ouvrir",
        "adm_juridique": "Démarche juridique en cours",
    },
    "confiance": {
        "con_estime": "Confiance en soi",
        "con_isolement": "Isolement",
        "con_projet": "Peine à se projeter",
    },
    "emploi_formation": {
        "emp_projet": "Projet à définir",
        "emp_qualification": "Qualification manquante",
        "emp_experience": "Peu d’expérience",
        "emp_reseau": "Pas de réseau",
        "emp_codes": "Codes de l’entreprise à acquérir",
    },
}
"""Theme → what the obstacle is."""
ACTIONS: Mapping[str, Mapping[str, str]] = {
    "numerique": {
        "num_atelier": "Atelier numérique", "num_materiel": "Prêt ou don de matériel", "num_mediateur": "Conseiller numérique",
    },
    "mobilite": {
        "mob_auto_ecole": "Auto-école sociale", "mob_aide": "Aide financière au trajet", "mob_location": "Location solidaire",
        "mob_conseil": "Conseil en mobilité",
    },
    "famille": {
        "fam_mode_garde": "Recherche d’un mode de garde", "fam_aide_garde": "Aide à la garde",
        "fam_social": "Rendez-vous avec un travailleur social",
    },
    HEALTH: {
        "san_orientation": "Orientation vers un professionnel", "san_dossier": "Dossier de droits",
        "san_amenager": "Aménagement demandé",
    },
    "lecture_ecriture_calcul": {"lec_positionnement": "Positionnement", "lec_formation": "Formation aux compétences de base"},
    "langue": {"lan_positionnement": "Positionnement linguistique", "lan_cours": "Cours de français"},
    "logement": {
        "log_demande": "Demande de logement", "log_urgence": "Hébergement d’urgence", "log_aide": "Aide au logement",
        "log_foyer": "Foyer de jeunes travailleurs",
    },
    "ressources": {
        "res_aide": "Aide financière", "res_budget": "Accompagnement budgétaire", "res_droits": "Ouverture de droits",
        "res_compte": "Ouverture d’un compte",
    },
    "administratif": {"adm_demarche": "Démarche faite ensemble", "adm_permanence": "Permanence d’accès au droit"},
    "confiance": {"con_atelier": "Atelier collectif", "con_parrainage": "Parrainage", "con_entretiens": "Entretiens rapprochés"},
    "emploi_formation": {
        "emp_immersion": "Immersion", "emp_atelier": "Atelier de recherche d’emploi", "emp_formation": "Formation demandée",
        "emp_entreprise": "Rencontre avec une entreprise",
    },
}  # fmt: skip
"""Theme → what may be done."""
ALL_VALUES = {code: label for of_theme in VALUES.values() for code, label in of_theme.items()}
OTHER_ACTION = {"autre": "Autre action"}
ALL_ACTIONS = {code: label for of_theme in ACTIONS.values() for code, label in of_theme.items()} | OTHER_ACTION
PROTECTED = frozenset(VALUES[HEALTH]) | frozenset(ACTIONS[HEALTH])
"""Codes that would tell the theme of a protected obstacle."""


def today_s(theme: str) -> str:
    """The name a theme has today."""
    return SAME_AS.get(theme, theme)


def belongs(code: str | None, theme: str, table: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether a value or an action, if any, is one of that theme."""
    return not code or code in OTHER_ACTION or code in table.get(today_s(theme), {})
