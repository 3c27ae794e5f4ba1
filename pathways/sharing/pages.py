"""What the log of readings calls a page, in words: the first part of its name says which work it belongs to."""

from __future__ import annotations

from collections.abc import Mapping

from pathways.sharing.language import N_, _

PAGES: Mapping[str, str] = {
    "person": N_("fiche"),
    "caseload": N_("liste des accompagnements"),
    "worklist": N_("liste à traiter"),
    "steering": N_("tableau de l’équipe"),
    "persons": N_("recherche ou création"),
    "seek": N_("recherche du référent"),
    "former": N_("anciens accompagnements"),
    "follow_up": N_("suivi d’une alerte"),
    "alerts": N_("suivi d’une alerte"),
    "review": N_("revue des alertes"),
    "stock": N_("revue du stock"),
    "silence": N_("pourquoi pas d’alerte"),
    "followups": N_("suivis après une sortie"),
    "events": N_("déclaration"),
    "corrections": N_("correction"),
    "discordances": N_("discordance"),
    "duplicates": N_("doublons possibles"),
    "eligibility": N_("dispositifs possibles"),
    "identifiers": N_("identifiants"),
    "schemes": N_("place dans un dispositif"),
    "obstacles": N_("freins"),
    "obligation": N_("obligation de formation"),
    "groups": N_("groupe"),
    "attendance": N_("feuille de présence"),
    "calendars": N_("calendrier"),
    "collective": N_("séance collective"),
    "positions": N_("positionnements"),
    "flags": N_("signalements"),
    "handovers": N_("passage de relais"),
    "requests": N_("demandes entre organismes"),
    "incidents": N_("incident"),
    "feeds": N_("fichier reçu"),
    "retention": N_("conservation"),
    "disclosures": N_("consultations"),
    "rights": N_("droits de la personne"),
    "own_page": N_("page de la personne"),
    "export": N_("export"),
    "cli": N_("commande"),
}


def page_name(what: str) -> str:
    """« fiche », « export »…; the name itself for one that is not in the list."""
    known = PAGES.get(what.partition(".")[0])
    return _(known) if known else what
