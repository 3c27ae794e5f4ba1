"""From the school leaver identified to the end of an accompaniment: links, phases, contacts, the CSP."""

from pathways.workflows import obstacle_codes, outcomes
from pathways.workflows.actors import ACCOMPANYING, EMP, FT, HANDED_TO, ML, SCHOOLS, SIAE, TRAINING_BODIES, Kind
from pathways.workflows.events.fields import (
    EMPLOYERS,
    NOTE,
    SETS_END,
    EventType,
    Field,
    body,
    choice,
    code,
    codes,
    colleague,
    day,
    decimal,
    flag,
    gathered,
    number,
)

_CAP = {"cap_months": number("Durée maximale (mois)"), "weekly_hours_min": decimal("Heures hebdomadaires minimales"),
        "modality": code("Modalité")}
_EXIT = choice("Résultat", outcomes.EXITS)
_BODIES_OR_REFERENT = TRAINING_BODIES | ACCOMPANYING
_PSAD_ML = frozenset({Kind.PSAD, ML, Kind.CIO, Kind.ASSOCIATION_RELAIS, *SCHOOLS})
_RELAYS = frozenset({Kind.PSAD, Kind.CIO, Kind.E2C, Kind.EPIDE, Kind.ECOLE_PRODUCTION, SIAE})
_CSP = frozenset({FT})

FOLLOWING = gathered(
    # links
    EventType("referent_named", "Référent désigné", ACCOMPANYING, {"referent": colleague("Référent")}),
    EventType("referent_left", "Référent parti", ACCOMPANYING, {"referent": colleague("Référent")}),
    EventType("transfer_requested", "Transfert demandé", ACCOMPANYING, {
        "to": body("Vers", ACCOMPANYING, required=True), "reason": code("Motif"),
        "for_person": flag("À la demande de la personne"), "until": day("Retour après le"),
        "referent": colleague("Référent chez vous, si vous reprenez l’accompagnement")}),
    EventType("transfer_accepted", "Transfert accepté", ACCOMPANYING, {
        "referent": colleague("Référent"), "until": day("Retour après le")}),
    EventType("transfer_refused", "Transfert refusé", ACCOMPANYING, {"reason": code("Motif")}),
    EventType("transfer_withdrawn", "Demande de transfert retirée", ACCOMPANYING),
    # school leavers
    EventType("leaver_identified", "Jeune repéré", _PSAD_ML, {"source": code("Source")}),
    EventType("contact_attempt", "Tentative de contact", _PSAD_ML | _BODIES_OR_REFERENT, {
        "channel": choice("Canal", {"phone": "Téléphone", "sms": "SMS", "email": "Courriel", "letter": "Courrier",
                                    "visit": "Visite", "relay": "Relais local"}, required=True),
        "result": choice("Résultat", {"reached": "Joint", "failed": "Sans réponse"}, required=True),
        "after_rupture": choice("Après la rupture", outcomes.NOT_REACHED_AFTER_RUPTURE)} | NOTE),
    EventType("handed_over", "Transmis", _PSAD_ML | ACCOMPANYING, {"to": body("À", ACCOMPANYING | _RELAYS, required=True)}),
    EventType("hand_over_acknowledged", "Transmission reçue", HANDED_TO),
    EventType("hand_over_accepted", "Transmission acceptée", HANDED_TO, {"referent": colleague("Référent")}),
    EventType("hand_over_refused", "Transmission refusée", HANDED_TO, {
        "reason": choice("Motif", outcomes.HAND_OVER_REFUSALS, required=True)}),
    EventType("hand_over_withdrawn", "Transmission retirée", HANDED_TO, {"to": body("À", ACCOMPANYING | _RELAYS)}),
    EventType("in_solution", "Solution trouvée", _PSAD_ML, {"solution": code("Solution")}),
    # accompaniment
    EventType("orientation_notified", "Orientation notifiée", ACCOMPANYING, {
        "referent_org": body("Organisme référent", ACCOMPANYING)}),
    EventType("assessment", "Diagnostic", ACCOMPANYING, NOTE),
    EventType("engagement_signed", "Contrat d’engagement signé", ACCOMPANYING, _CAP | {
        "legal_representative_signed": flag("Signé par le représentant légal")}),
    EventType("accompaniment_started", "Accompagnement commencé", ACCOMPANYING, _CAP | {
        "parent": code("Accompagnement cadre"), "partner": body("Partenaire", ACCOMPANYING)}),
    EventType("declined", "Refusé ou non éligible", ACCOMPANYING, {"reason": code("Motif", required=True)}),
    EventType("phase_started", "Phase commencée", ACCOMPANYING, {
        "n": number("Phase", required=True), "kind": code("Nature"), "objective": code("Objectif"),
        "planned_end": day("Fin prévue", required=True)}),
    EventType("phase_reviewed", "Bilan de phase", ACCOMPANYING, {"n": number("Phase", required=True)} | NOTE),
    EventType("contact", "Contact", _BODIES_OR_REFERENT | {Kind.PSAD, SIAE}, {
        "channel": code("Canal"), "result": choice("Après la rupture", outcomes.AFTER_RUPTURE),
        "themes": Field("codes", "Difficultés en cause", choices=outcomes.RUPTURE_THEMES),
        "resolves": codes("Signaux traités")} | NOTE),
    EventType("appointment", "Rendez-vous", _BODIES_OR_REFERENT | {Kind.PSAD, SIAE}, {
        "status": choice("Résultat", outcomes.APPOINTMENT_STATUSES, required=True),
        "kind": choice("Objet", outcomes.APPOINTMENT_KINDS),
        "session": choice("Séance collective", outcomes.SESSION_KINDS), "session_ref": codes("Référence de la séance"),
        "resolves": codes("Signaux traités")} | NOTE),
    EventType("obstacle", "Frein", ACCOMPANYING | {SIAE, Kind.PSAD}, {
        "theme": choice("Thème", outcomes.OBSTACLE_THEMES, required=True),
        "severity": choice("Gravité", outcomes.OBSTACLE_SEVERITIES, required=True),
        "value": choice("Précision", obstacle_codes.ALL_VALUES)}),
    EventType("obstacle_action", "Action sur un frein", ACCOMPANYING | {SIAE, Kind.PSAD}, {
        "theme": choice("Thème", outcomes.OBSTACLE_THEMES, required=True),
        "kind": choice("Action", obstacle_codes.ALL_ACTIONS), "next_on": day("Prochaine étape le")} | NOTE),
    EventType("obstacle_lifted", "Frein levé", ACCOMPANYING | {SIAE, Kind.PSAD}, {
        "theme": choice("Thème", outcomes.OBSTACLE_THEMES, required=True)}),
    EventType("weekly_hours", "Heures de la semaine", ACCOMPANYING, {
        "monday": day("Lundi", required=True), "validated": decimal("Heures validées", required=True),
        "excused": flag("Semaine excusée")}),
    EventType("external_course_started", "Parcours externe commencé", ACCOMPANYING, {
        "course": code("Parcours"), "planned_end": day("Fin prévue")}),
    EventType("external_course_ended", "Parcours externe terminé", ACCOMPANYING, {"course": code("Parcours")}),
    EventType("prolongation_requested", "Prolongation demandée", ACCOMPANYING, {"reason": code("Motif")} | NOTE),
    EventType("prolongation_granted", "Prolongation accordée", ACCOMPANYING | {Kind.E2C, Kind.EPIDE}, {
        "cap_on": day("Nouveau dernier jour"), "months": number("Mois ajoutés"), "cap_months": number("Mois en tout"),
        "planned_end": day("Nouvelle fin prévue"), "reason": code("Motif"), "decider": code("Décidée par")} | NOTE, SETS_END),
    EventType("commission_decision", "Décision de commission", frozenset({ML}), {"decision": code("Décision")}),
    EventType("suspended", "Suspension", ACCOMPANYING | {SIAE}, {"reason": code("Motif")}),
    EventType("resumed", "Reprise", _BODIES_OR_REFERENT | {SIAE}),
    EventType("closed", "Sortie", ACCOMPANYING | {SIAE, Kind.PSAD, Kind.OPERATEUR_CEP, Kind.APEC}, {
        "outcome": choice("Résultat", outcomes.EXITS, required=True)} | NOTE),
    # contrat de sécurisation professionnelle
    EventType("csp_proposed", "CSP proposé", frozenset({EMP, FT}), {
        "company_size_lt_1000": flag("Moins de 1 000 salariés"), "seniority_months": number("Ancienneté (mois)")}),
    EventType("csp_accepted", "CSP accepté", _CSP),
    EventType("csp_declined", "CSP refusé", _CSP),
    EventType("csp_prebilan_done", "Pré-bilan fait", _CSP, NOTE),
    EventType("csp_plan_signed", "Plan de sécurisation signé", _CSP),
    EventType("work_period", "Période travaillée", _CSP, {
        "start": day("Début"), "planned_end": day("Fin prévue"), "employer": body("Employeur", EMPLOYERS)}),
    EventType("suspended_sick", "Arrêt maladie", _CSP),
)
