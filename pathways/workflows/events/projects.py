"""Advice on one’s career, recognition of experience (VAE), and the creation of a business: one event by state they reach."""

from pathways.workflows import outcomes
from pathways.workflows.actors import ACCOMPANYING, ANYBODY, ML, SCHOOLS, TRAINING_BODIES, Kind
from pathways.workflows.events.fields import NOTE, EventType, choice, code, codes, day, flag, gathered

ADVISERS = ACCOMPANYING | {Kind.OPERATEUR_CEP, Kind.APEC}
_VAE = ADVISERS | TRAINING_BODIES | {Kind.REGION}
_CREATION = ADVISERS | TRAINING_BODIES | {Kind.REGION}
_LEAVERS = frozenset({Kind.PSAD, ML, Kind.CIO, Kind.ASSOCIATION_RELAIS, *SCHOOLS})
PROJECTS_VALIDATED = {
    "formation": "Formation", "vae": "VAE", "immersion": "Immersion", "emploi": "Changement d’emploi",
    "creation": "Création ou reprise", "maintien": "Maintien dans l’emploi",
}
_CERTIFICATION = {"certification": code("Certification visée"), "blocks": flag("Pour des blocs de compétences")}
_EXIT = {"outcome": choice("Résultat", outcomes.EXITS)}

PROJECTS = gathered(
    # conseil en évolution professionnelle
    EventType("requested", "Conseil demandé", ADVISERS),
    EventType("welcomed", "Accueil individualisé", ADVISERS, NOTE),
    EventType("supported", "Accompagnement personnalisé", ADVISERS, NOTE),
    EventType("synthesis_given", "Document de synthèse remis", ADVISERS, {
        "project": choice("Projet validé", PROJECTS_VALIDATED)}),
    # validation des acquis de l'expérience
    EventType("registered", "Inscription en VAE", _VAE, _CERTIFICATION),
    EventType("feasibility", "Dossier de faisabilité déposé", _VAE, _CERTIFICATION),
    EventType("admissibility_pending", "Dossier complet envoyé au certificateur", _VAE, _CERTIFICATION),
    EventType("admissible", "Recevabilité notifiée", _VAE),
    EventType("not_admissible", "Non-recevabilité notifiée", _VAE),
    EventType("vae_step", "Démarche de VAE enregistrée", _VAE, {
        "kind": choice("Démarche", {"accompagnement": "Accompagnement", "formation": "Formation complémentaire",
                                    "dossier": "Dossier de validation commencé"})}),
    EventType("jury_planned", "Dossier de validation déposé, jury à tenir", _VAE, {
        "deposited_on": day("Dossier déposé le"), "jury_on": day("Jury le")}),
    EventType("validated", "Validation totale", _VAE, {"certification": code("Certification obtenue")} | _EXIT),
    EventType("partly_validated", "Validation partielle", _VAE, {"blocks": codes("Blocs validés")} | _EXIT),
    EventType("refused", "Refus", ANYBODY, {"reason": code("Motif")} | _EXIT),
    EventType("vae_plan", "Plan après validation partielle", _VAE, NOTE),
    EventType("abandoned", "Projet abandonné", _VAE, {"reason": code("Motif")} | _EXIT),
    # création ou reprise d'entreprise
    EventType("project_evaluation", "Évaluation du projet", _CREATION, {
        "decision": choice("Décision", {"go": "Poursuivre", "no_go": "Arrêter", "rework": "Retravailler"})}),
    EventType("entrepreneur_training", "Formation et étude de faisabilité", _CREATION),
    EventType("fundraising", "Recherche de financement", _CREATION),
    EventType("created", "Création ou reprise d’entreprise", _CREATION, {"siret": code("SIRET")}),
    EventType("post_creation", "Suivi post-création", _CREATION),
    EventType("business_closed", "Entreprise fermée", _CREATION, {"last_day": day("Dernier jour")} | _EXIT),
    # jeunes sortis de scolarité
    EventType("already_followed", "Déjà suivi ailleurs", _LEAVERS),
    EventType("moved", "Parti ailleurs", _LEAVERS),
    EventType("not_a_dropout", "N’est pas en décrochage", _LEAVERS),
)
