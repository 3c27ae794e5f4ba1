"""From a prescription to the follow-up of those who left."""

from pathways.workflows import outcomes
from pathways.workflows.actors import ACCOMPANYING, CONTRACT_BODIES, PRESCRIBERS, TRAINING_BODIES
from pathways.workflows.events.fields import (
    NOTE,
    SETS_BOTH,
    SETS_END,
    EventType,
    Field,
    body,
    choice,
    code,
    codes,
    day,
    decimal,
    gathered,
    number,
)

_START_END = {"planned_start": day("Début prévu"), "planned_end": day("Fin prévue")}
_EXIT = choice("Résultat", outcomes.EXITS)
_BODIES_OR_REFERENT = TRAINING_BODIES | ACCOMPANYING

TRAINING = gathered(
    # training
    EventType("prescribed", "Prescription", PRESCRIBERS, {
        "to": body("Organisme de formation", TRAINING_BODIES),
        "hours": number("Heures"), "after_contract": Field("data", "Contrat à l’issue"),
        "planned_start": day("Début prévu"), "planned_end": day("Fin prévue")}, SETS_BOTH),
    EventType("admitted", "Admission", TRAINING_BODIES, _START_END | {"certification": code("Certification visée")}, SETS_BOTH),
    EventType("waitlisted", "Liste d’attente", TRAINING_BODIES),
    EventType("not_selected", "Non retenu", TRAINING_BODIES, {"reason": code("Motif", required=True)}),
    EventType("cancelled", "Annulation", TRAINING_BODIES | PRESCRIBERS | CONTRACT_BODIES, {
        "reason": code("Motif", required=True)}),
    EventType("entered", "Entrée en formation", TRAINING_BODIES, {
        "planned_end": day("Fin prévue"), "hours_per_day": decimal("Heures par jour"),
        "certification": code("Certification visée")}, SETS_END),
    EventType("extended", "Formation prolongée", TRAINING_BODIES, {
        "planned_end": day("Nouvelle fin prévue", required=True)}, SETS_END),
    EventType("attendance", "Feuille de présence", TRAINING_BODIES, {
        "from": day("Du", required=True), "halves": Field("halves", "Demi-journées", required=True),
        "hours_per_day": decimal("Heures par jour"), "reasons": Field("data", "Motifs des absences excusées")}),
    EventType("risk_flag", "Signalement", TRAINING_BODIES, {
        "dimension": choice("Dimension", outcomes.RISK_DIMENSIONS, required=True),
        "level": number("Niveau (1 à 3)", required=True),
        "themes": Field("codes", "Thèmes", choices=outcomes.OBSTACLE_THEMES)} | NOTE),
    EventType("risk_flag_closed", "Signalement clos", _BODIES_OR_REFERENT, NOTE),
    EventType("paused", "Interruption temporaire", _BODIES_OR_REFERENT, {"reason": code("Motif", required=True)}),
    EventType("dropped", "Abandon", TRAINING_BODIES, {
        "outcome": _EXIT, "reason": choice("Motif", outcomes.INTERRUPTION_REASONS),
        "last_day": day("Dernier jour"), "declared_to": codes("Déclaré à")}),
    EventType("excluded", "Exclusion", TRAINING_BODIES, {
        "outcome": _EXIT, "reason": choice("Motif", outcomes.INTERRUPTION_REASONS), "last_day": day("Dernier jour")}),
    EventType("completed", "Fin de formation", TRAINING_BODIES, {"outcome": _EXIT, "last_day": day("Dernier jour")}),
    EventType("certification_result", "Résultat de certification", TRAINING_BODIES, {
        "result": choice("Résultat", outcomes.TRAINING_RESULTS, required=True)}),
    EventType("followup", "Suivi après la sortie", _BODIES_OR_REFERENT, {
        "month": number("Mois", required=True), "situation": choice("Situation", outcomes.EXITS, required=True)}),
)
