"""Work contracts and immersions."""

from pathways.workflows import outcomes
from pathways.workflows.actors import ACCOMPANYING, CONTRACT_BODIES, PRESCRIBERS, TRAINING_BODIES
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
    day,
    days,
    decimal,
    flag,
    gathered,
    number,
)

_TUTOR = {"tutor": choice("Tuteur", {"designated": "Désigné", "none": "Aucun tuteur"})}
_CONTRACT = {
    "employer": body("Employeur", EMPLOYERS),
    "kind": choice("Nature du contrat", outcomes.CONTRACT_KINDS),
    "start": day("Début du contrat", required=True),
    "planned_end": day("Fin prévue"),
    "certification": code("Certification visée"),
    "hours_per_week": decimal("Heures par semaine"),
    "promise": flag("Promesse d’embauche"),
}
_CALENDAR = {
    "planned_end": day("Fin prévue"),
    "cfa_weeks": days("Semaines en CFA (lundis)"),
    "days": code("Jours travaillés"),
    "holidays": days("Jours fériés du calendrier"),
    "trial_last_day": day("Dernier jour d’essai"),
    "employer": body("Employeur", EMPLOYERS),
} | _TUTOR
_HALF_DAYS = {
    "mon": "lundi", "mon_am": "lundi matin", "mon_pm": "lundi après-midi",
    "tue": "mardi", "tue_am": "mardi matin", "tue_pm": "mardi après-midi",
    "wed": "mercredi", "wed_am": "mercredi matin", "wed_pm": "mercredi après-midi",
    "thu": "jeudi", "thu_am": "jeudi matin", "thu_pm": "jeudi après-midi",
    "fri": "vendredi", "fri_am": "vendredi matin", "fri_pm": "vendredi après-midi",
    "sat": "samedi", "sat_am": "samedi matin", "sat_pm": "samedi après-midi",
    "sun": "dimanche", "sun_am": "dimanche matin", "sun_pm": "dimanche après-midi",
}
_EXIT = choice("Résultat", outcomes.EXITS)
_IMMERSION_BY = PRESCRIBERS | TRAINING_BODIES
_IMMERSION_DATES = {"start": "planned_start", "end": "planned_end"}
_IMMERSION = {
    "start": day("Début", required=True), "end": day("Fin", required=True), "host": body("Structure d’accueil", EMPLOYERS),
    "object": choice("Objet", {"decouvrir_metier": "Découvrir un métier", "confirmer_projet": "Confirmer un projet",
                               "initier_recrutement": "Initier un recrutement"}),
}
IAE_CRITERIA = {
    "minimum_income": "RSA, ASS ou AAH",
    "registered_24_months": "Inscrit depuis 24 mois ou plus",
    "registered_12_months": "Inscrit depuis 12 à 24 mois",
    "low_level": "Niveau 3 ou moins",
    "senior": "50 ans ou plus",
    "young": "Moins de 26 ans",
    "ase": "Sorti de l’aide sociale à l’enfance",
    "disabled_worker": "Travailleur handicapé",
    "single_parent": "Parent isolé",
    "no_housing": "Sans hébergement",
    "refugee": "Réfugié ou protégé",
    "zrr": "Zone de revitalisation rurale",
    "qpv": "Quartier prioritaire",
    "detention": "Sortie de détention",
    "language": "Maîtrise de la langue",
    "mobility": "Mobilité",
}
"""Administrative criteria of the eligibility declared by a SIAE (arrêté du 1er septembre 2021)."""

WORK = gathered(
    # work contracts
    EventType("seeking_employer", "Recherche d’employeur", TRAINING_BODIES | ACCOMPANYING),
    EventType("cfa_entered_without_contract", "Entrée en CFA sans contrat", TRAINING_BODIES, {
        "limit_months": number("Limite (mois)"), "planned_end": day("Fin prévue")}),
    EventType("left_without_contract", "Sortie sans contrat", TRAINING_BODIES, {
        "last_day": day("Dernier jour"), "outcome": _EXIT}),
    EventType("work_contract_signed", "Contrat signé", CONTRACT_BODIES, _CONTRACT, {
        "start": "planned_start", "planned_end": "planned_end"}),
    EventType("work_contract_started", "Contrat commencé", CONTRACT_BODIES, _CALENDAR, SETS_END),
    EventType("work_contract_renewed", "Contrat renouvelé", CONTRACT_BODIES, {
        "planned_end": day("Nouvelle fin prévue", required=True), "reason": code("Motif")}, SETS_END),
    EventType("work_contract_ended", "Contrat terminé", CONTRACT_BODIES, {
        "outcome": _EXIT, "certification": choice("Certification", outcomes.TRAINING_RESULTS),
        "last_day": day("Dernier jour")}),
    EventType("contract_checkin", "Point sur le contrat", CONTRACT_BODIES, {
        "kind": code("Objet"), "present": codes("Présents")} | _TUTOR | NOTE),
    EventType("company_days_total", "Jours en entreprise", CONTRACT_BODIES, {
        "days": number("Jours depuis le début", required=True)}),
    EventType("contract_broken", "Contrat rompu", CONTRACT_BODIES, {
        "broken_on": day("Premier jour sans contrat", required=True),
        "reason": choice("Motif", outcomes.BREAK_REASONS, required=True),
        "initiative": code("À l’initiative de"), "company_days": number("Jours en entreprise"),
        "still_at_cfa": flag("Toujours au CFA")}, effective="broken_on"),
    EventType("employer_insolvency", "Procédure collective de l’employeur", CONTRACT_BODIES, {
        "kind": code("Procédure"), "incident": code("Incident")}),
    EventType("employer_insolvency_closed", "Fin de procédure collective", CONTRACT_BODIES),
    EventType("absence_reported", "Absence signalée par l’accueil", CONTRACT_BODIES, {
        "until": day("Jusqu’au"), "excused": flag("Excusée")}),
    EventType("calendar_stated", "Calendrier", CONTRACT_BODIES, {
        "cfa_weeks": days("Semaines en CFA (lundis)"), "closures": days("Jours de fermeture"), "leave": days("Jours de congé"),
        "working_days": Field("codes", "Jours travaillés", choices=_HALF_DAYS),
        "from": day("À partir du"), "until": day("Jusqu’au")}),
    # insertion par l'activité économique
    EventType("eligibility_declared", "Éligibilité à l’IAE déclarée", PRESCRIBERS, {
        "criteria": Field("codes", "Critères", choices=IAE_CRITERIA)}),
    EventType("pass_issued", "PASS IAE délivré", PRESCRIBERS, {"start": day("Début du PASS")}),
    EventType("pass_suspended", "PASS IAE suspendu", PRESCRIBERS, {"reason": code("Motif")}),
    EventType("pass_resumed", "PASS IAE repris", PRESCRIBERS),
    # immersion
    EventType("draft", "Convention d’immersion à signer", _IMMERSION_BY, _IMMERSION, _IMMERSION_DATES),
    EventType("immersion_agreed", "Immersion conclue", _IMMERSION_BY, _IMMERSION, _IMMERSION_DATES),
    EventType("immersion_started", "Immersion commencée", _IMMERSION_BY),
    EventType("immersion_ended", "Immersion terminée", _IMMERSION_BY),
    EventType("immersion_broken", "Immersion interrompue", _IMMERSION_BY, {"reason": code("Motif")}),
    EventType("immersion_report", "Bilan d’immersion", _IMMERSION_BY, {"result": code("Conclusion")}),
)
