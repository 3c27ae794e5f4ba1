"""What a cause of break, typed freely in a centre's software, says in the codes of the journal."""

from __future__ import annotations

from pathways.models.person import fold

_SAID = (
    ("LIQUIDATION_EMPLOYEUR", ("liquidation", "redressement judiciaire")),
    ("DECES_EMPLOYEUR", ("deces de l employeur", "deces employeur", "deces du maitre", "deces maitre")),
    ("CESSATION_ACTIVITE", ("cessation d activite", "cessation activite", "fermeture de l entreprise", "fermeture entreprise")),
    ("SUSPENSION_ADMINISTRATIVE", ("suspension administrative", "suspension par l administration", "opposition a l engagement")),
    ("MANQUEMENTS_EMPLOYEUR", ("manquement", "faute de l employeur", "faute employeur", "salaire impaye", "salaires impayes")),
    ("FIN_CDD_ANTICIPEE_EMBAUCHE", ("embauche en cdi", "embauche cdi", "embauche en cdd")),
    ("OBTENTION_DIPLOME", ("obtention du diplome", "obtention diplome", "diplome obtenu", "obtention du titre")),
    ("INAPTITUDE", ("inaptitude", "inapte")),
    ("FORCE_MAJEURE", ("force majeure",)),
    ("EXCLUSION_CFA", ("exclusion du cfa", "exclusion definitive", "exclusion cfa", "exclu du cfa")),
    ("FAUTE_GRAVE", ("faute grave", "faute lourde", "licenciement")),
    ("ESSAI_EMPLOYEUR", (
        "essai par l employeur", "essai employeur", "essai a l initiative de l employeur", "probatoire employeur",
        "probatoire par l employeur", "probatoire a l initiative de l employeur")),
    ("ESSAI_SALARIE", (
        "essai par le salarie", "essai par l apprenti", "essai salarie", "essai apprenti",
        "essai a l initiative de l apprenti", "probatoire apprenti", "probatoire par l apprenti",
        "probatoire a l initiative de l apprenti")),
    ("ACCORD_COMMUN", (
        "accord commun", "commun accord", "amiable", "rupture conventionnelle", "accord des parties", "resiliation")),
    ("INITIATIVE_APPRENTI", (
        "demission", "initiative de l apprenti", "initiative apprenti", "initiative du salarie", "abandon de poste")),
)
"""Code → what says so, most telling first. Case, accents and punctuation do not count."""


def reason_of(cause: str | None) -> str:
    """The code of a cause; AUTRE where it is not given or says nothing we know."""
    text = fold(cause or "")
    return next((code for code, words in _SAID if any(word in text for word in words)), "AUTRE")
