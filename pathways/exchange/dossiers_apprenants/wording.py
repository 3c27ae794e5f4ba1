"""What to expect of a value and what to do about an error, for whoever reads the report of a file. One entry per code."""

from __future__ import annotations

from collections.abc import Mapping

from pathways.sharing.language import N_, _

ADVICE: Mapping[str, tuple[str, str]] = {
    "missing": (N_("une valeur"), N_("Renseigner ce champ dans le logiciel, puis renvoyer le fichier.")),
    "not_text": (N_("un texte entre guillemets"), N_("Écrire cette valeur comme un texte.")),
    "too_short": (N_("un texte plus long"), N_("Compléter ce texte.")),
    "date_invalid": (N_("une date comme 2026-09-01"), N_("Écrire la date avec l’année d’abord, et vérifier qu’elle existe.")),
    "school_year_invalid": (N_("2025-2026, ou 2025-2025"), N_("Corriger l’année scolaire.")),
    "uai_invalid": (N_("7 chiffres et 1 lettre"), N_("Vérifier l’UAI de l’établissement.")),
    "siret_invalid": (N_("14 chiffres"), N_("Vérifier le SIRET de l’établissement.")),
    "status_invalid": (N_("0, 2 ou 3"), N_("Corriger le statut, ou ne pas l’envoyer : les dates suffisent.")),
    "email_invalid": (N_("une adresse comme nom@exemple.fr"), N_("Corriger l’adresse, ou laisser le champ hors de l’envoi.")),
    "phone_format": (N_("un numéro comme 0612345678"), N_("Corriger le numéro, ou le laisser vide.")),
    "phone_invalid": (N_("un numéro attribué"), N_("Vérifier le numéro : il n’existe pas.")),
    "phone_special": (N_("un numéro ordinaire"), N_("Remplacer ce numéro surtaxé ou spécial par celui de l’apprenant.")),
    "postal_code_invalid": (N_("5 chiffres"), N_("Corriger le code postal.")),
    "insee_code_invalid": (N_("5 caractères, comme 01001 ou 2A004"), N_("Envoyer le code INSEE entier, avec son zéro de tête.")),
    "sex_invalid": (N_("M, H ou F"), N_("Corriger le sexe.")),
    "not_boolean": (N_("true ou false, sans guillemets"), N_("Envoyer true ou false.")),
    "situation_invalid": (N_("un code SIFA à 4 chiffres"), N_("Corriger le code de la dernière situation.")),
    "last_school_invalid": (N_("un UAI ou un département"), N_("Corriger le dernier organisme fréquenté.")),
    "centre_type_invalid": (N_("un code de 01 à 10"), N_("Corriger le type de CFA.")),
    "number_invalid": (N_("un nombre entier dans les bornes"), N_("Corriger ce nombre.")),
    "rncp_invalid": (N_("RNCP et 2 à 5 chiffres"), N_("Corriger le code RNCP.")),
    "cfd_invalid": (N_("8 lettres ou chiffres"), N_("Corriger le code formation diplôme.")),
    "clearing_invalid": (N_("une liste de noms de champs"), N_('Écrire par exemple ["date_exclusion_formation"].')),
    "not_an_object": (N_("un objet « {…} »"), N_("Envoyer un objet par apprenant.")),
    "contract_without_start": (
        N_("la date de début du contrat"), N_("Renseigner le début du contrat, ou effacer sa fin, sa rupture et sa cause.")
    ),
    "ends_before_start": (N_("une fin après l’entrée"), N_("Corriger les dates de la formation.")),
    "nir_as_identifier": (N_("l’identifiant du logiciel"), N_("Envoyer l’identifiant interne de l’apprenant, jamais son NIR.")),
    "trainer_unknown": (
        N_("l’UAI et le SIRET d’un centre connu ici"), N_("Vérifier ce couple, ou demander l’ajout du centre à l’administrateur.")
    ),
    "not_your_centre": (
        N_("une ligne de son propre centre, ou d’un centre dont on est responsable"),
        N_("Faire envoyer cette ligne par le centre concerné, ou par l’organisme qui en est responsable."),
    ),
}
"""Error code → what was expected, what to do."""

WARNED: Mapping[str, str] = {
    "value_ignored": N_("Valeur illisible, prise comme non renseignée"),
    "unknown_property": N_("Champ inconnu, ignoré"),
    "characters_removed": N_("Caractères impossibles à conserver, retirés"),
    "nir_not_kept": N_("Numéro de sécurité sociale reçu, non conservé"),
    "date_unlikely": N_("Date hors de 1900–2100, prise comme non renseignée"),
    "identifier_empty": N_("Identifiant vide : l’apprenant est reconnu à son nom et à sa date de naissance"),
    "identifier_reused": N_("Identifiant déjà utilisé pour quelqu’un d’autre : les deux dossiers restent séparés"),
    "duplicate_row": N_("Apprenant déjà présent plus haut dans le fichier : la dernière ligne l’emporte"),
    "duplicate_contract": N_("Contrat présent deux fois dans la ligne, pris une fois"),
    "contract_kept": N_("Contrat connu, absent de l’envoi : il est conservé"),
    "clearing_unknown": N_("Champ à effacer inconnu"),
    "clearing_required": N_("Champ obligatoire : il ne s’efface pas"),
    "clearing_and_value": N_("Champ à effacer mais renseigné : la valeur est gardée"),
    "responsible_unknown": N_("Organisme responsable inconnu ici"),
    "year_continued": N_("Contrat déjà connu d’une autre année scolaire : il se poursuit sans doublon"),
}
"""Warning code → what it means."""

RULES: Mapping[str, str] = {
    "R1": N_("dans la formation, sans contrat pour l’instant"),
    "R2": N_("un contrat court ce jour-là"),
    "R3": N_("une exclusion ou un départ est déclaré"),
    "R4a": N_("plus de 90 jours sans aucun contrat"),
    "R4b": N_("sans contrat après un premier ; abandon au-delà de 180 jours"),
    "R5": N_("dernier contrat allé à son terme, à 60 jours au plus de la fin"),
    "R6": N_("dernier jour de la formation"),
}
"""Rule of the dashboard → why it gives a status."""


def expected(code: str) -> str:
    """The value expected, in the reader's language."""
    return _(ADVICE[code][0]) if code in ADVICE else ""


def advice(code: str) -> str:
    """What to do about an error."""
    return _(ADVICE[code][1]) if code in ADVICE else ""


def warning(code: str) -> str:
    """What a warning means; the code itself when it is none of ours any more."""
    return _(WARNED[code]) if code in WARNED else code


def rule(code: str) -> str:
    """Why the dashboard gives a status."""
    return _(RULES[code]) if code in RULES else code
