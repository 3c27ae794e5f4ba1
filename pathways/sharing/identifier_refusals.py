"""Why a number is refused, with what is expected and an example; and what a table of territories lacks."""

from __future__ import annotations

from collections.abc import Mapping

from pathways.sharing.language import N_

OF_NUMBERS: Mapping[str, str] = {
    "siret_length": N_("Un SIRET compte quatorze chiffres, par exemple 732 829 320 00074."),
    "siret_key": N_("Ce SIRET n’existe pas (sa clé ne correspond pas) : vérifiez chaque chiffre."),
    "siren_length": N_("Un SIREN compte neuf chiffres, par exemple 732 829 320."),
    "siren_key": N_("Ce SIREN n’existe pas (sa clé ne correspond pas) : vérifiez chaque chiffre."),
    "uai_shape": N_("Un numéro UAI compte sept chiffres et une lettre, par exemple 0442286W."),
    "uai_key": N_("Ce numéro UAI n’existe pas (sa lettre ne correspond pas) : vérifiez-le."),
    "france_travail_unreadable": N_(
        "L’identifiant France Travail a 11 chiffres (12345678901), ou 7 chiffres suivis d’un chiffre ou d’une lettre (1234567A)."
    ),
    "ine_unreadable": N_(
        "L’INE a 11 caractères : 9 chiffres et 2 lettres (123456789AB), 10 chiffres et 1 lettre, "
        "ou pour les apprentis 4 chiffres, A, 5 chiffres et 1 lettre."
    ),
    "safir_shape": N_("Le code SAFIR d’une agence compte cinq chiffres, par exemple 44101."),
    "i_milo_structure_shape": N_(
        "Le code i-milo d’une structure compte cinq chiffres, la lettre S et deux chiffres, par exemple 44109S00."
    ),
    "i_milo_shape": N_("Le numéro de dossier i-milo ne compte que des chiffres (douze au plus), par exemple 1234567."),
    "nda_shape": N_("Une déclaration d’activité (NDA) compte onze chiffres, par exemple 52 44 01234 44."),
    "rncp_shape": N_("Un code RNCP ou RS compte deux à six chiffres, par exemple RNCP37948 ou RS5080."),
    "rome_shape": N_("Un code ROME compte une lettre de A à N et quatre chiffres, par exemple G1602."),
    "formacode_shape": N_("Un Formacode compte cinq chiffres, par exemple 42752."),
    "nsf_shape": N_("Un code NSF compte trois chiffres, et parfois une lettre, par exemple 334 ou 334t."),
    "idcc_shape": N_("Un IDCC compte quatre chiffres, zéros compris, par exemple 1979 ou 0044."),
    "naf_shape": N_("Un code NAF compte quatre chiffres et une lettre, par exemple 56.10A."),
    "commune_shape": N_(
        "Le code INSEE d’une commune compte cinq caractères, par exemple 44109 pour Nantes (ce n’est pas le code postal)."
    ),
    "commune_postcode": N_(
        "{typed} est un code postal : écrivez le code INSEE de la commune, par exemple {example} pour {name}."
    ),
    "qpv_shape": N_("Un code de quartier prioritaire s’écrit QN04401M (depuis 2024) ou QP044001 (carte de 2015)."),
    "qpv_other_map": N_(
        "Ce quartier est celui de la carte de {map} : à cette date, prenez le code de la carte de {wanted} "
        "(la carte a changé le {since:day})."
    ),
    "epci_shape": N_("Un EPCI s’écrit par son SIREN : neuf chiffres qui commencent par 2, par exemple 244400404."),
    "epci_key": N_("Ce SIREN d’EPCI n’existe pas (sa clé ne correspond pas) : vérifiez chaque chiffre."),
    "pass_iae_shape": N_("Un numéro de PASS IAE compte douze chiffres, par exemple 99999 23 12345."),
    "deca_shape": N_("Un numéro DECA compte douze chiffres au moins et commence par le département, par exemple 044202309012."),
    "nir_as_number": N_(
        "Ces chiffres ont la forme d’un numéro de sécurité sociale, qui ne doit jamais être saisi ici : retirez-le, "
        "ou vérifiez ce que vous avez tapé."
    ),
    "france_travail_known": N_(
        "Cet identifiant France Travail est déjà celui d’une autre fiche : vérifiez-le, ou cherchez la personne."
    ),
    "ine_known": N_("Cet INE est déjà celui d’une autre fiche : vérifiez-le, ou cherchez la personne."),
    "i_milo_known": N_("Ce numéro de dossier i-milo est déjà celui d’une autre fiche : vérifiez-le, ou cherchez la personne."),
    "pass_iae_known": N_("Ce PASS IAE est déjà celui d’une autre fiche : vérifiez-le, ou cherchez la personne."),
    "organisation_code_known": N_("Ce code est déjà celui d’un autre organisme ({name}) : vérifiez-le."),
}

OF_TERRITORIES: Mapping[str, str] = {
    "territories_missing": N_("Indiquez au moins un territoire, avec son code et son nom."),
    "territory_code_shape": N_("Le code d’un territoire compte un à dix lettres et chiffres, par exemple 44 ou NORD44."),
    "territory_code_twice": N_("Le code {code} est donné à deux territoires : changez l’un des deux."),
    "territory_name_missing": N_("Le territoire {code} n’a pas de nom : donnez-lui-en un."),
    "territory_empty": N_("Le territoire {code} n’a aucun EPCI le {on:day} : donnez-lui-en un, ou retirez-le."),
    "epci_twice": N_("{epci} serait dans plusieurs territoires le {on:day} ({codes}) : gardez-en un seul."),
    "epci_missing": N_("{epci} ne serait dans aucun territoire le {on:day} : choisissez le sien."),
    "epci_unknown": N_("{siren} n’est pas un EPCI de la région le {on:day} : vérifiez son SIREN."),
    "territories_day_gone": N_(
        "Ce jour est passé : les personnes et les chiffres des jours écoulés changeraient de territoire. "
        "Pour corriger le passé, cochez la case sous la date."
    ),
    "territories_unchanged": N_("C’est déjà le découpage en vigueur à cette date : il n’y a rien à enregistrer."),
    "territories_changed_since": N_(
        "Un autre découpage que celui dont vous êtes parti vaut le {on:day} : revenez à la liste, choisissez ce jour, "
        "puis refaites vos changements."
    ),
    "territories_withdrawn": N_("Ce découpage est déjà annulé."),
    "territories_in_force": N_("Ce découpage a déjà servi : pour le changer, enregistrez-en un nouveau."),
    "territories_of_the_region": N_("Seule la Région définit les territoires."),
}
