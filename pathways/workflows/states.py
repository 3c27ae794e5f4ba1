"""Every state a step can be in, with the words shown for it (families of domain sheet B0)."""

from pathways.workflows.labels import Labelled

NOT_STARTED = ""
"""Where every step begins: nothing declared yet. Never stored."""


class State(Labelled):
    """A state of a step. The value is stored, the label is shown."""

    ANNOUNCED = "announced", "Annoncé"
    """Stored while nothing declared begins the step, or once what began it was taken back. No workflow names it."""
    # accompaniment
    ORIENTED = "oriented", "Orienté"
    ASSESSING = "assessing", "Diagnostic"
    SIGNED = "signed", "Contrat signé"
    ACTIVE = "active", "Actif"
    EXTERNAL_COURSE = "external_course", "Parcours externe"
    SUSPENDED = "suspended", "Suspendu"
    DECLINED = "declined", "Refusé ou non éligible"
    CLOSED = "closed", "Sorti"
    # contrat de sécurisation professionnelle
    PROPOSED = "proposed", "Proposé"
    ACCEPTED = "accepted", "Accepté"
    WORK_PERIOD = "work_period", "Période travaillée"
    SUSPENDED_SICK = "suspended_sick", "Suspendu (arrêt maladie)"
    # training
    PRESCRIBED = "prescribed", "Prescrit"
    ADMITTED = "admitted", "Admis"
    WAITLISTED = "waitlisted", "Liste d’attente"
    NOT_SELECTED = "not_selected", "Non retenu"
    CANCELLED = "cancelled", "Annulé"
    IN_TRAINING = "in_training", "En formation"
    PAUSED = "paused", "Interruption temporaire"
    DROPPED_OUT = "dropped_out", "Abandon"
    EXCLUDED = "excluded", "Exclusion"
    COMPLETED = "completed", "Terminé"
    # work contract
    SEEKING_EMPLOYER = "seeking_employer", "Recherche d’employeur"
    CFA_WITHOUT_CONTRACT = "cfa_without_contract", "CFA sans contrat"
    CONTRACT_SIGNED = "contract_signed", "Contrat signé, à commencer"
    PROBATION = "probation", "Période d’essai ou probatoire"
    IN_CONTRACT = "in_contract", "En contrat"
    BROKEN_CONTINUING_CFA = "broken_continuing_cfa", "Rompu, maintenu en CFA"
    BROKEN_CLOSED = "broken_closed", "Rompu"
    LEFT_WITHOUT_CONTRACT = "left_without_contract", "Sorti sans contrat"
    # immersion
    DRAFT = "draft", "À signer"
    AGREED = "agreed", "Conclue"
    IN_IMMERSION = "in_immersion", "En cours"
    REPORT_EXPECTED = "report_expected", "Bilan attendu"
    REPORTED = "reported", "Bilan fait"
    BROKEN = "broken", "Interrompue"
    # school leavers
    IDENTIFIED = "identified", "Repéré"
    CONTACTING = "contacting", "Contact en cours"
    REACHED = "reached", "Joint"
    UNREACHABLE = "unreachable", "Injoignable"
    INTERVIEWED = "interviewed", "Entretien"
    HANDED_OVER = "handed_over", "Transmis"
    IN_SOLUTION = "in_solution", "Solution"
