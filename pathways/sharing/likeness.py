"""What makes two records alike and what tells them apart, in words. One word per code of ``models.likeness``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pathways.sharing.language import N_, _

SAME: Mapping[str, str] = {
    "france_travail": N_("même identifiant France Travail"),
    "ine": N_("même INE"),
    "i_milo": N_("même dossier i-milo"),
    "pass_iae": N_("même PASS IAE"),
    "names": N_("même nom et prénom"),
    "names_swapped": N_("nom et prénom inversés"),
    "family_name": N_("même nom"),
    "family_typo": N_("nom presque identique"),
    "given_name": N_("même prénom"),
    "given_first": N_("même premier prénom"),
    "given_typo": N_("prénom presque identique"),
    "birth_date": N_("même date de naissance"),
    "birth_swapped": N_("jour et mois de naissance inversés"),
    "phone": N_("même téléphone"),
    "email": N_("même adresse électronique"),
}
DIFFERS: Mapping[str, str] = {
    "family_name": N_("nom différent"),
    "given_name": N_("prénom différent"),
    "birth_date": N_("date de naissance différente"),
    "sex": N_("sexe différent"),
    "phone": N_("téléphone différent"),
    "email": N_("adresse électronique différente"),
}
SAID_ALREADY = {
    "family_name": {"family_typo"},
    "given_name": {"given_first", "given_typo"},
    "birth_date": {"birth_swapped"},
}
"""A difference that the likeness itself says: « nom presque identique » goes without « nom différent »."""


def alike(same: Iterable[str]) -> str:
    """« même nom et prénom, même date de naissance »."""
    return ", ".join(_(SAME[code]) for code in same if code in SAME)


def apart(same: Iterable[str], differs: Iterable[str]) -> str:
    """« téléphone différent »: what is not said by the likeness already; empty for nothing."""
    told = set(same)
    return ", ".join(_(DIFFERS[code]) for code in differs if code in DIFFERS and not told & SAID_ALREADY.get(code, set()))
