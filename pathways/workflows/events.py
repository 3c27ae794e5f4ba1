"""The event types of the journal: what may be declared, by which kinds of organisation, with which details.

A detail (`Field`) is never free text, but for ``note``: free text stays inside the organisation that wrote it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pathways.workflows import outcomes
from pathways.workflows.actors import (
    ACCOMPANYING,
    ANYBODY,
    CONTRACT_BODIES,
    EMP,
    FT,
    ML,
    PRESCRIBERS,
    SCHOOLS,
    SIAE,
    TRAINING_BODIES,
    Kind,
)

KINDS = frozenset({
    "date", "dates", "int", "float", "flag", "code", "codes", "choice", "data", "halves", "text", "organisation", "colleague",
    "entry",
})


@dataclass(frozen=True, slots=True)
class Field:
    """One detail of an event: its kind, French label, and the codes it may take.

    ``code`` is a short identifier (RNCP number, code of another system), ``data`` a nested mapping from a feed.
    ``organisation`` refers to one as entries do, or carries the name or code by which somebody else knows it; ``among``: the
    kinds it is usually of. ``colleague`` refers to a user, ``entry`` to another entry of the person.
    """

    kind: str
    label: str
    required: bool = False
    choices: Mapping[str, str] | None = None
    among: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class EventType:
    """One thing that can be declared about a person.

    ``by``: kinds of organisation that may declare it. ``sets``: details that become dates of the step itself
    (detail → ``planned_start`` or ``planned_end``). ``effective``: the detail that dates the effect when it is later than
    the day of the declaration.
    """

    name: str
    label: str
    by: frozenset[Kind]
    fields: Mapping[str, Field] = field(default_factory=dict)
    sets: Mapping[str, str] = field(default_factory=dict)
    effective: str | None = None


def day(label: str, *, required: bool = False) -> Field:
    return Field("date", label, required)


def days(label: str) -> Field:
    return Field("dates", label)


def number(label: str, *, required: bool = False) -> Field:
    return Field("int", label, required)


def decimal(label: str, *, required: bool = False) -> Field:
    return Field("float", label, required)


def flag(label: str) -> Field:
    return Field("flag", label)


def code(label: str, *, required: bool = False) -> Field:
    return Field("code", label, required)


def codes(label: str) -> Field:
    return Field("codes", label)


def body(label: str, among: frozenset[Kind], *, required: bool = False) -> Field:
    return Field("organisation", label, required, among=among)


def colleague(label: str) -> Field:
    return Field("colleague", label)


def choice(label: str, choices: Mapping[str, str], *, required: bool = False) -> Field:
    return Field("choice", label, required, choices)


_LEVELS = {"infra3": "Sans diplôme (infra 3)", "3": "3 (CAP, BEP)", "4": "4 (bac)", "5": "5 (BTS, BUT 2)", "6": "6 (licence)",
           "7": "7 (master)", "8": "8 (doctorat)"}
_NOTE = {"note": Field("text", "Note interne")}
_START_END = {"planned_start": day("Début prévu"), "planned_end": day("Fin prévue")}
_SETS_BOTH = {"planned_start": "planned_start", "planned_end": "planned_end"}
_SETS_END = {"planned_end": "planned_end"}
_EMPLOYERS = frozenset({Kind.EMPLOYEUR, SIAE, Kind.ORGANISME_SERVICE_CIVIQUE})
_CONTRACT = {
    "employer": body("Employeur", _EMPLOYERS),
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
    "employer": body("Employeur", _EMPLOYERS),
}
_HALF_DAYS = {
    "mon": "lundi", "mon_am": "lundi matin", "mon_pm": "lundi après-midi",
    "tue": "mardi", "tue_am": "mardi matin", "tue_pm": "mardi après-midi",
    "wed": "mercredi", "wed_am": "mercredi matin", "wed_pm": "mercredi après-midi",
    "thu": "jeudi", "thu_am": "jeudi matin", "thu_pm": "jeudi après-midi",
    "fri": "vendredi", "fri_am": "vendredi matin", "fri_pm": "vendredi après-midi",
    "sat": "samedi", "sat_am": "samedi matin", "sat_pm": "samedi après-midi",
    "sun": "dimanche", "sun_am": "dimanche matin", "sun_pm": "dimanche après-midi",
}
_CAP = {"cap_months": number("Durée maximale (mois)"), "weekly_hours_min": decimal("Heures hebdomadaires minimales")}
_EXIT = choice("Résultat", outcomes.EXITS)
_BODIES_OR_REFERENT = TRAINING_BODIES | ACCOMPANYING
_PSAD_ML = frozenset({Kind.PSAD, ML, Kind.CIO, Kind.ASSOCIATION_RELAIS, *SCHOOLS})
_RELAYS = frozenset({Kind.PSAD, Kind.CIO, Kind.E2C, Kind.EPIDE, Kind.ECOLE_PRODUCTION, SIAE})
_CSP = frozenset({FT})


def _catalogue(*types: EventType) -> dict[str, EventType]:
    return {each.name: each for each in types}


EVENTS = _catalogue(
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
    EventType("ft_registered", "Inscription à France Travail", ACCOMPANYING),
    EventType("ft_deregistered", "Fin d’inscription à France Travail", ACCOMPANYING, {"reason": code("Motif")}),
    EventType("retracted", "Saisie annulée", ANYBODY, {
        "reason": code("Motif", required=True), "replaced_by": Field("entry", "Remplacée par")}),
    # what organisations tell each other about their entries
    EventType("correction_requested", "Vérification demandée", ANYBODY, {
        "entry": Field("entry", "Saisie", required=True),
        "reason": choice("Motif", outcomes.DOUBTS, required=True)}),
    EventType("entry_confirmed", "Saisie confirmée", ANYBODY, {"entry": Field("entry", "Saisie", required=True)}),
    EventType("discordance_settled", "Discordance réglée", ACCOMPANYING, {
        "about": code("Déclarations", required=True),
        "reason": choice("Motif", outcomes.SETTLEMENTS, required=True)} | _NOTE),
    # links
    EventType("referent_named", "Référent désigné", ACCOMPANYING, {"referent": colleague("Référent")}),
    EventType("referent_left", "Référent parti", ACCOMPANYING, {"referent": colleague("Référent")}),
    EventType("transfer_requested", "Transfert demandé", ACCOMPANYING, {
        "to": body("Vers", ACCOMPANYING, required=True), "reason": code("Motif")}),
    EventType("transfer_accepted", "Transfert accepté", ACCOMPANYING, {"referent": colleague("Référent")}),
    EventType("transfer_refused", "Transfert refusé", ACCOMPANYING, {"reason": code("Motif")}),
    # school leavers
    EventType("leaver_identified", "Jeune repéré", _PSAD_ML, {"source": code("Source")}),
    EventType("contact_attempt", "Tentative de contact", _PSAD_ML | _BODIES_OR_REFERENT, {
        "channel": choice("Canal", {"phone": "Téléphone", "sms": "SMS", "email": "Courriel", "letter": "Courrier",
                                    "visit": "Visite", "relay": "Relais local"}, required=True),
        "result": choice("Résultat", {"reached": "Joint", "failed": "Sans réponse"}, required=True)} | _NOTE),
    EventType("handed_over", "Transmis", _PSAD_ML | ACCOMPANYING, {"to": body("À", ACCOMPANYING | _RELAYS, required=True)}),
    EventType("in_solution", "Solution trouvée", _PSAD_ML, {"solution": code("Solution")}),
    # accompaniment
    EventType("orientation_notified", "Orientation notifiée", ACCOMPANYING, {
        "referent_org": body("Organisme référent", ACCOMPANYING)}),
    EventType("assessment", "Diagnostic", ACCOMPANYING, _NOTE),
    EventType("engagement_signed", "Contrat d’engagement signé", ACCOMPANYING, _CAP | {
        "legal_representative_signed": flag("Signé par le représentant légal")}),
    EventType("accompaniment_started", "Accompagnement commencé", ACCOMPANYING, _CAP | {
        "parent": code("Accompagnement cadre"), "partner": body("Partenaire", ACCOMPANYING)}),
    EventType("declined", "Refusé ou non éligible", ACCOMPANYING, {"reason": code("Motif", required=True)}),
    EventType("phase_started", "Phase commencée", ACCOMPANYING, {
        "n": number("Phase", required=True), "kind": code("Nature"), "objective": code("Objectif"),
        "planned_end": day("Fin prévue", required=True)}),
    EventType("phase_reviewed", "Bilan de phase", ACCOMPANYING, {"n": number("Phase", required=True)} | _NOTE),
    EventType("contact", "Contact", _BODIES_OR_REFERENT | {Kind.PSAD, SIAE}, {
        "channel": code("Canal"), "resolves": codes("Signaux traités")} | _NOTE),
    EventType("appointment", "Rendez-vous", _BODIES_OR_REFERENT | {Kind.PSAD, SIAE}, {
        "status": choice("Résultat", outcomes.APPOINTMENT_STATUSES, required=True),
        "session": choice("Séance collective", outcomes.SESSION_KINDS), "session_ref": codes("Référence de la séance"),
        "resolves": codes("Signaux traités")} | _NOTE),
    EventType("obstacle", "Frein", ACCOMPANYING | {SIAE, Kind.PSAD}, {
        "theme": choice("Thème", outcomes.OBSTACLE_THEMES, required=True),
        "severity": choice("Gravité", outcomes.OBSTACLE_SEVERITIES, required=True)}),
    EventType("obstacle_action", "Action sur un frein", ACCOMPANYING | {SIAE, Kind.PSAD}, {
        "theme": choice("Thème", outcomes.OBSTACLE_THEMES, required=True)} | _NOTE),
    EventType("weekly_hours", "Heures de la semaine", ACCOMPANYING, {
        "monday": day("Lundi", required=True), "validated": decimal("Heures validées", required=True),
        "excused": flag("Semaine excusée")}),
    EventType("external_course_started", "Parcours externe commencé", ACCOMPANYING, {
        "course": code("Parcours"), "planned_end": day("Fin prévue")}),
    EventType("external_course_ended", "Parcours externe terminé", ACCOMPANYING, {"course": code("Parcours")}),
    EventType("prolongation_requested", "Prolongation demandée", ACCOMPANYING, {"reason": code("Motif")}),
    EventType("prolongation_granted", "Prolongation accordée", ACCOMPANYING, {
        "cap_on": day("Nouveau dernier jour"), "months": number("Mois ajoutés"), "reason": code("Motif")}),
    EventType("commission_decision", "Décision de commission", frozenset({ML}), {"decision": code("Décision")}),
    EventType("suspended", "Suspension", ACCOMPANYING | {SIAE}, {"reason": code("Motif")}),
    EventType("resumed", "Reprise", _BODIES_OR_REFERENT | {SIAE}),
    EventType("closed", "Sortie", ACCOMPANYING | {SIAE, Kind.PSAD}, {
        "outcome": choice("Résultat", outcomes.EXITS, required=True)} | _NOTE),
    # contrat de sécurisation professionnelle
    EventType("csp_proposed", "CSP proposé", frozenset({EMP, FT}), {
        "company_size_lt_1000": flag("Moins de 1 000 salariés"), "seniority_months": number("Ancienneté (mois)")}),
    EventType("csp_accepted", "CSP accepté", _CSP),
    EventType("csp_declined", "CSP refusé", _CSP),
    EventType("csp_prebilan_done", "Pré-bilan fait", _CSP, _NOTE),
    EventType("csp_plan_signed", "Plan de sécurisation signé", _CSP),
    EventType("work_period", "Période travaillée", _CSP, {
        "start": day("Début"), "planned_end": day("Fin prévue"), "employer": body("Employeur", _EMPLOYERS)}),
    EventType("suspended_sick", "Arrêt maladie", _CSP),
    # training
    EventType("prescribed", "Prescription", PRESCRIBERS, {
        "to": body("Organisme de formation", TRAINING_BODIES),
        "hours": number("Heures"), "after_contract": Field("data", "Contrat à l’issue"),
        "planned_start": day("Début prévu"), "planned_end": day("Fin prévue")}, _SETS_BOTH),
    EventType("admitted", "Admission", TRAINING_BODIES, _START_END | {"certification": code("Certification visée")}, _SETS_BOTH),
    EventType("waitlisted", "Liste d’attente", TRAINING_BODIES),
    EventType("not_selected", "Non retenu", TRAINING_BODIES, {"reason": code("Motif", required=True)}),
    EventType("cancelled", "Annulation", TRAINING_BODIES | PRESCRIBERS | CONTRACT_BODIES, {
        "reason": code("Motif", required=True)}),
    EventType("entered", "Entrée en formation", TRAINING_BODIES, {
        "planned_end": day("Fin prévue"), "hours_per_day": decimal("Heures par jour"),
        "certification": code("Certification visée")}, _SETS_END),
    EventType("extended", "Formation prolongée", TRAINING_BODIES, {
        "planned_end": day("Nouvelle fin prévue", required=True)}, _SETS_END),
    EventType("attendance", "Feuille de présence", TRAINING_BODIES, {
        "from": day("Du", required=True), "halves": Field("halves", "Demi-journées", required=True),
        "hours_per_day": decimal("Heures par jour"), "reasons": Field("data", "Motifs des absences excusées")}),
    EventType("risk_flag", "Signalement", TRAINING_BODIES, {
        "dimension": choice("Dimension", outcomes.RISK_DIMENSIONS, required=True),
        "level": number("Niveau (1 à 3)", required=True),
        "themes": Field("codes", "Thèmes", choices=outcomes.OBSTACLE_THEMES)} | _NOTE),
    EventType("risk_flag_closed", "Signalement clos", _BODIES_OR_REFERENT, _NOTE),
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
    # work contracts
    EventType("seeking_employer", "Recherche d’employeur", TRAINING_BODIES | ACCOMPANYING),
    EventType("cfa_entered_without_contract", "Entrée en CFA sans contrat", TRAINING_BODIES, {
        "limit_months": number("Limite (mois)"), "planned_end": day("Fin prévue")}),
    EventType("left_without_contract", "Sortie sans contrat", TRAINING_BODIES, {
        "last_day": day("Dernier jour"), "outcome": _EXIT}),
    EventType("work_contract_signed", "Contrat signé", CONTRACT_BODIES, _CONTRACT, {
        "start": "planned_start", "planned_end": "planned_end"}),
    EventType("work_contract_started", "Contrat commencé", CONTRACT_BODIES, _CALENDAR, _SETS_END),
    EventType("work_contract_renewed", "Contrat renouvelé", CONTRACT_BODIES, {
        "planned_end": day("Nouvelle fin prévue", required=True)}, _SETS_END),
    EventType("work_contract_ended", "Contrat terminé", CONTRACT_BODIES, {
        "outcome": _EXIT, "certification": choice("Certification", outcomes.TRAINING_RESULTS),
        "last_day": day("Dernier jour")}),
    EventType("contract_checkin", "Point sur le contrat", CONTRACT_BODIES, {
        "kind": code("Objet"), "present": codes("Présents")} | _NOTE),
    EventType("company_days_total", "Jours en entreprise", CONTRACT_BODIES, {
        "days": number("Jours depuis le début", required=True)}),
    EventType("contract_broken", "Contrat rompu", CONTRACT_BODIES, {
        "broken_on": day("Premier jour sans contrat", required=True),
        "reason": choice("Motif", outcomes.BREAK_REASONS, required=True),
        "initiative": code("À l’initiative de"), "company_days": number("Jours en entreprise"),
        "still_at_cfa": flag("Toujours au CFA")}, effective="broken_on"),
    EventType("employer_insolvency", "Procédure collective de l’employeur", CONTRACT_BODIES, {
        "kind": code("Procédure")}),
    EventType("employer_insolvency_closed", "Fin de procédure collective", CONTRACT_BODIES),
    EventType("calendar_stated", "Calendrier", CONTRACT_BODIES, {
        "cfa_weeks": days("Semaines en CFA (lundis)"), "closures": days("Jours de fermeture"), "leave": days("Jours de congé"),
        "working_days": Field("codes", "Jours travaillés", choices=_HALF_DAYS),
        "from": day("À partir du"), "until": day("Jusqu’au")}),
    # immersion
    EventType("immersion_agreed", "Immersion conclue", PRESCRIBERS | TRAINING_BODIES, {
        "start": day("Début", required=True), "end": day("Fin", required=True), "host": body("Structure d’accueil", _EMPLOYERS),
        "object": choice("Objet", {"decouvrir_metier": "Découvrir un métier", "confirmer_projet": "Confirmer un projet",
                                   "initier_recrutement": "Initier un recrutement"})},
        {"start": "planned_start", "end": "planned_end"}),
    EventType("immersion_started", "Immersion commencée", PRESCRIBERS | TRAINING_BODIES),
    EventType("immersion_ended", "Immersion terminée", PRESCRIBERS | TRAINING_BODIES),
    EventType("immersion_broken", "Immersion interrompue", PRESCRIBERS | TRAINING_BODIES, {"reason": code("Motif")}),
    EventType("immersion_report", "Bilan d’immersion", PRESCRIBERS | TRAINING_BODIES, {"result": code("Conclusion")}),
)
"""Every event type, by name."""

SITUATION_BEARING = frozenset({
    "entered", "completed", "dropped", "excluded", "work_contract_signed", "work_contract_started", "work_contract_ended",
    "contract_broken", "contract_checkin", "immersion_started", "accompaniment_started", "followup",
})
"""Events that say where the person stands: they answer a follow-up that falls due around them."""

ABOUT_THE_PERSON = frozenset({
    "identity_stated", "rqth_renewed", "deceased", "school_exit", "ft_registered", "ft_deregistered", "retracted",
    "correction_requested", "entry_confirmed", "discordance_settled",
})
"""Events that need no step."""

GIVES_ACCESS: Mapping[str, str] = {
    "prescribed": "to", "transfer_requested": "to", "handed_over": "to", "orientation_notified": "referent_org",
}
"""Events that call an organisation to somebody, and the detail that names it: from then on it sees the person."""


def called(event: str, data: Mapping[str, object]) -> int | None:
    """The organisation that event calls, None for one that is only known by a name."""
    named = data.get(GIVES_ACCESS.get(event, ""))
    return named if isinstance(named, int) else None
