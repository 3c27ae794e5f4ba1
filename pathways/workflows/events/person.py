"""What is said of the person, and what organisations tell each other about their entries."""

from pathways.workflows import outcomes
from pathways.workflows.actors import ACCOMPANYING, ANYBODY, ML, PRESCRIBERS, SCHOOLS, Kind
from pathways.workflows.conditions import CONDITIONS
from pathways.workflows.events.fields import NOTE, EventType, Field, choice, code, day, flag, gathered

_LEVELS = {"infra3": "Sans diplôme (infra 3)", "3": "3 (CAP, BEP)", "4": "4 (bac)", "5": "5 (BTS, BUT 2)", "6": "6 (licence)",
           "7": "7 (master)", "8": "8 (doctorat)"}

_CHECK_THE_OBLIGATION = frozenset({ML, Kind.PSAD, Kind.CIO})
"""Those who check that somebody of 16 or 17 is in training (Code de l'éducation L114-1)."""

PERSON = gathered(
    # the person
    EventType("identity_stated", "Identité déclarée", ANYBODY, {
        "family_name": Field("text", "Nom"), "given_name": Field("text", "Prénom"),
        "born": day("Date de naissance"), "sex": choice("Sexe", {"F": "Femme", "M": "Homme", "X": "Non précisé"}),
        "commune": code("Commune (INSEE)"),
        "level": choice("Niveau", _LEVELS),
        "rqth_until": day("Fin de RQTH"), "qpv": code("Quartier prioritaire"),
    }),
    EventType("rqth_renewed", "RQTH renouvelée", ACCOMPANYING, {"until": day("Valable jusqu’au", required=True)}),
    EventType("deceased", "Décès", ANYBODY),
    EventType("school_exit", "Sortie de scolarité", SCHOOLS | {Kind.PSAD, ML}, {"diploma": code("Diplôme")}),
    EventType("obligation_exempted", "Exemption de l’obligation de formation", _CHECK_THE_OBLIGATION, {
        "until": day("Jusqu’au", required=True)}),
    EventType("departement_informed", "Président du département informé", _CHECK_THE_OBLIGATION),
    EventType("ft_registered", "Inscription à France Travail", ACCOMPANYING),
    EventType("ft_deregistered", "Fin d’inscription à France Travail", ACCOMPANYING, {"reason": code("Motif")}),
    EventType("condition_stated", "Condition d’entrée", PRESCRIBERS, {
        "condition": choice("Condition", {each.code: each.label for each in CONDITIONS.values()}, required=True),
        "holds": flag("Remplie")}),
    # what the person says, and their right not to be watched by rules
    EventType("help_asked", "Demande d’aide de la personne", ANYBODY, {
        "topic": choice("Sujet", outcomes.HELP_TOPICS), "note": Field("text", "Ses mots")}),
    EventType("appointment_answered", "Réponse de la personne à un rendez-vous", ANYBODY, {
        "answer": choice("Réponse", outcomes.APPOINTMENT_ANSWERS, required=True), "for": day("Rendez-vous du", required=True)}),
    EventType("objection_stated", "Opposition aux signaux automatiques", ANYBODY),
    EventType("objection_withdrawn", "Opposition retirée", ANYBODY),
    EventType("retracted", "Saisie annulée", ANYBODY, {
        "reason": code("Motif", required=True), "replaced_by": Field("entry", "Remplacée par")}),
    # what organisations tell each other about their entries
    EventType("correction_requested", "Vérification demandée", ANYBODY, {
        "entry": Field("entry", "Saisie", required=True),
        "reason": choice("Motif", outcomes.DOUBTS, required=True)}),
    EventType("entry_confirmed", "Saisie confirmée", ANYBODY, {"entry": Field("entry", "Saisie", required=True)}),
    EventType("discordance_settled", "Discordance réglée", ACCOMPANYING, {
        "about": code("Déclarations", required=True),
        "reason": choice("Motif", outcomes.SETTLEMENTS, required=True)} | NOTE),
)
