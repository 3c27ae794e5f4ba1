"""From a prescription to the follow-up of those who left."""

from pathways.workflows import follow_ups, outcomes
from pathways.workflows.actors import ACCOMPANYING, CONTRACT_BODIES, PRESCRIBERS, TRAINING_BODIES
from pathways.workflows.events.fields import (
    EMPLOYERS,
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
    # the file of an individual aid
    EventType("quote_requested", "Devis demandé", _BODIES_OR_REFERENT),
    EventType("quote_submitted", "Devis déposé", _BODIES_OR_REFERENT, _START_END, SETS_BOTH),
    EventType("accepted_by_person", "Devis accepté par la personne", _BODIES_OR_REFERENT),
    EventType("funded", "Financement accordé", _BODIES_OR_REFERENT),
    EventType("employer_commitment", "Engagement de l’employeur", PRESCRIBERS | TRAINING_BODIES, {
        "employer": body("Employeur", EMPLOYERS), "kind": choice("Nature du contrat", outcomes.CONTRACT_KINDS),
        "start": day("Début du contrat promis"), "months": number("Durée promise (mois)")}),
    EventType("preliminary_assessment", "Évaluation préalable", TRAINING_BODIES, {
        "result": choice("Résultat", outcomes.ASSESSMENT_RESULTS, required=True)}),
    EventType("trial", "Entrée en période d’essai", TRAINING_BODIES, {
        "until": day("Dernier jour de l’essai"), "planned_end": day("Fin prévue de la formation"),
        "hours_per_day": decimal("Heures par jour")}, SETS_END),
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
    EventType("body_closed", "Fermeture de l’organisme", PRESCRIBERS | TRAINING_BODIES | ACCOMPANYING, {
        "incident": code("Incident")}),
    EventType("certification_result", "Résultat de certification", TRAINING_BODIES, {
        "result": choice("Résultat", outcomes.TRAINING_RESULTS, required=True)}),
    EventType("followup", "Suivi après la sortie", _BODIES_OR_REFERENT, {
        "month": number("Mois", required=True), "situation": choice("Situation", follow_ups.ANSWERS, required=True),
        "contract": choice("Contrat", follow_ups.CONTRACTS), "months": number("Durée du contrat (mois)"),
        "length": choice("Durée", follow_ups.LENGTHS), "working_time": choice("Temps de travail", follow_ups.WORKING_TIMES),
        "same_job": choice("Depuis le suivi précédent", follow_ups.SAME_JOB),
        "got_from": choice("Réponse donnée par", follow_ups.GOT_FROM)}),
)
