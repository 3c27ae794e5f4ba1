"""How long each kind of data is kept, from which last event, and on whose word: one table, read by the command, the pages and the
documentation.

Durations are in months and end on the same day of the month: two years after a contact of 2 March 2026 is 2 March 2028.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pathways.sharing.language import N_
from pathways.workflows.dates import add_months
from pathways.workflows.families import LEAVERS, TRAINING
from pathways.workflows.schemes import SCHEMES


class Subject(StrEnum):
    """What a rule is about. A ceiling is applied by no act of its own: the rule of the record must stay below it."""

    PERSON = "person"
    STEP = "step"
    HEALTH = "health"
    LOG = "log"
    FEED = "feed"
    CEILING = "ceiling"


class Act(StrEnum):
    """What happens at a term."""

    NOTICE = "notice"
    ARCHIVE = "archive"
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """One line. ``active``: months in everyday use; ``archive``: months kept aside after that, 0 for none. ``notice``: days
    before the term on which it is announced, 0 when nobody has to be told. ``schemes``: of a rule about steps.
    """

    code: str
    what: str
    subject: Subject
    since: str
    active: int
    archive: int
    source: str
    measure: str
    notice: int = 0
    schemes: frozenset[str] = frozenset()

    def term(self, last: date) -> date:
        """First day on which the data leaves everyday use."""
        return add_months(last, self.active)

    def end(self, last: date) -> date:
        """First day on which it is erased."""
        return add_months(last, self.active + self.archive)


NOTICE_DAYS = 30
_TRAININGS = frozenset(code for code, scheme in SCHEMES.items() if scheme.family is TRAINING)
LEAVER_SCHEMES = frozenset(code for code, scheme in SCHEMES.items() if scheme.family is LEAVERS)
_NETWORK = N_("Valeur par défaut ; le délégué à la protection des données peut la raccourcir")

_TABLE = (
    RetentionRule(
        "pathway", N_("Parcours d’une personne"), Subject.PERSON, N_("Dernier contact, ou fin prévue d’une étape en cours"),
        24, 36,
        N_("CNIL, référentiel du secteur social (délibération 2023-095 du 14 septembre 2023) : deux ans après le dernier "
           "contact ; trois ans de plus pour les contrôles des financeurs"),
        N_("Fiche archivée, puis rendue anonyme"), NOTICE_DAYS,
    ),
    RetentionRule(
        "deceased", N_("Parcours d’une personne décédée"), Subject.PERSON, N_("Décès, quoi qu’on déclare ensuite"), 24, 36,
        N_("Comme le parcours d’une personne ; le décès fait partir le délai"),
        N_("Fiche archivée, puis rendue anonyme"), NOTICE_DAYS,
    ),
    RetentionRule(
        "unreached", N_("Jeune repéré et jamais joint"), Subject.PERSON, N_("Dernière tentative de contact"), 6, 0,
        _NETWORK, N_("Fiche rendue anonyme"), NOTICE_DAYS, LEAVER_SCHEMES,
    ),
    RetentionRule(
        "no_entry", N_("Formation prescrite sans entrée, sans projet validé"), Subject.STEP,
        N_("Dernier fait déclaré sur l’étape, ou sa fin"), 6, 0,
        N_("Code du travail, R5312-44 II"), N_("Étape effacée"), NOTICE_DAYS, _TRAININGS,
    ),
    RetentionRule(
        "no_entry_project", N_("Formation prescrite sans entrée, projet validé"), Subject.STEP,
        N_("Dernier fait déclaré sur l’étape, ou sa fin"), 24, 0,
        N_("Code du travail, R5312-44 II"), N_("Étape effacée"), NOTICE_DAYS, _TRAININGS,
    ),
    RetentionRule(
        "iae", N_("Insertion par l’activité économique"), Subject.STEP, N_("Fin de l’étape"), 24, 0,
        N_("Code du travail, R5132-1-23"), N_("Étape effacée"), NOTICE_DAYS, frozenset({"IAE", "CDDI"}),
    ),
    RetentionRule(
        "vae", N_("Validation des acquis de l’expérience"), Subject.STEP, N_("Fin de l’étape"), 12, 0,
        N_("Code du travail, R6411-6"), N_("Étape effacée"), NOTICE_DAYS, frozenset({"VAE"}),
    ),
    RetentionRule(
        "health", N_("Dates de reconnaissance de travailleur handicapé"), Subject.HEALTH, N_("Fin de validité"), 6, 0,
        N_("Code du travail, D5312-54"), N_("Dates effacées"),
    ),
    RetentionRule(
        "access_log", N_("Journal des consultations"), Subject.LOG, N_("Consultation"), 12, 0,
        N_("Code du travail, R5312-44 (six mois au moins) ; pratique de la CNIL (six à douze mois)"), N_("Lignes effacées"),
    ),
    RetentionRule(
        "emergency_log", N_("Journal des ouvertures d’urgence"), Subject.LOG, N_("Ouverture"), 12, 0,
        N_("Comme le journal des consultations"), N_("Lignes effacées"),
    ),
    RetentionRule(
        "feed_rows", N_("Lignes reçues d’un autre logiciel"), Subject.FEED, N_("Dernière réception de la ligne"), 12, 0,
        _NETWORK, N_("Contenu reçu effacé ; les faits du journal suivent leur propre règle"),
    ),
    RetentionRule(
        "feed_refusals", N_("Refus d’un fichier reçu"), Subject.FEED, N_("Réception du fichier"), 12, 0,
        _NETWORK, N_("Lignes effacées"),
    ),
    RetentionRule(
        "ft_ceiling", N_("Données de type France Travail (plafond)"), Subject.CEILING, N_("Dernier contact"), 36, 84,
        N_("Code du travail, R5312-44, version en vigueur jusqu’au 30 juin 2026"), N_("Les règles des fiches restent en deçà"),
    ),
)  # fmt: skip

RULES: Mapping[str, RetentionRule] = {rule.code: rule for rule in _TABLE}


def above_the_ceiling() -> list[str]:
    """Codes of the rules about a whole record that keep it longer than the law lets the public employment service."""
    ceiling = RULES["ft_ceiling"]
    return [
        rule.code
        for rule in _TABLE
        if rule.subject is Subject.PERSON and (rule.active > ceiling.active or rule.archive > ceiling.archive)
    ]


NO_CONTACT = frozenset({
    "identity_stated", "rqth_renewed", "deceased", "condition_stated", "retracted", "correction_requested", "entry_confirmed",
    "discordance_settled", "leaver_identified", "departement_informed", "obligation_exempted", "school_exit", "handed_over",
    "hand_over_acknowledged", "hand_over_refused", "hand_over_withdrawn", "transfer_requested", "transfer_refused",
    "transfer_withdrawn", "referent_named", "referent_left", "body_closed",
})  # fmt: skip
"""What organisations write or tell each other without the person taking part: it does not keep a record alive."""
ONLY_WHEN: Mapping[str, tuple[str, str]] = {
    "appointment": ("status", "seen"),
    "contact_attempt": ("result", "reached"),
}
"""Entries that are a contact only when that detail says so."""
ENTRIES = frozenset({"entered", "trial", "work_contract_started"})
"""Entries with which somebody is in training."""
PROJECT = ("condition", "project_validated")
"""Detail of a ``condition_stated`` that says a training project was validated."""


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One step as the terms need it. ``last_on``: last thing declared of it."""

    id: int
    scheme: str
    closed_on: date | None
    planned_end: date | None
    last_on: date | None
    entered: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """One person as the terms need it; no name. ``last_on``: last contact; ``attempt_on``: last attempt of any result."""

    person_id: int
    public_id: str
    last_on: date | None
    attempt_on: date | None = None
    died_on: date | None = None
    archived_on: date | None = None
    rqth_until: date | None = None
    spoken: bool = False
    project: bool = False
    held: bool = False
    steps: tuple[StepFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A term: under which rule, counted from which day, and when the data leaves everyday use, then is erased."""

    rule: RetentionRule
    last_on: date
    archive_on: date | None
    erase_on: date
    enrolment_id: int | None = None

    @property
    def first_on(self) -> date:
        """The first of the two days: what a notice announces."""
        return self.archive_on or self.erase_on


def term_of(facts: Facts) -> Term | None:
    """When the whole record is due; None while no dated fact says from when to count."""
    rule, last = _rule_of(facts)
    if last is None:
        return None
    if facts.archived_on is not None:
        # Once archived, at the latest so long after: a step erased meanwhile may have taken the last contact with it.
        latest = add_months(facts.archived_on, rule.archive)
        return Term(rule, last, facts.archived_on, min(latest, max(rule.end(last), facts.archived_on)))
    return Term(rule, last, rule.term(last) if rule.archive else None, rule.end(last))


def _rule_of(facts: Facts) -> tuple[RetentionRule, date | None]:
    if facts.died_on is not None:
        return RULES["deceased"], facts.died_on
    leavers_only = bool(facts.steps) and all(step.scheme in LEAVER_SCHEMES for step in facts.steps)
    if leavers_only and not facts.spoken and facts.attempt_on is not None:
        return RULES["unreached"], facts.attempt_on
    running = [step.planned_end for step in facts.steps if step.closed_on is None and step.planned_end is not None]
    days = [day for day in (facts.last_on, *running) if day is not None]
    return RULES["pathway"], max(days, default=None)


def step_terms(facts: Facts) -> list[Term]:
    """The steps with a shorter life than their record, each with its term."""
    found = []
    for step in facts.steps:
        ruled = _step_rule(facts, step)
        if ruled is not None:
            rule, last = ruled
            found.append(Term(rule, last, None, rule.end(last), step.id))
    return found


def _step_rule(facts: Facts, step: StepFacts) -> tuple[RetentionRule, date] | None:
    for code in ("iae", "vae"):
        if step.scheme in RULES[code].schemes:
            return (RULES[code], step.closed_on) if step.closed_on else None
    rule = RULES["no_entry_project" if facts.project else "no_entry"]
    days = [day for day in (step.closed_on, step.last_on, None if step.closed_on else step.planned_end) if day]
    return (rule, max(days)) if step.scheme in rule.schemes and not step.entered and days else None


def health_term(facts: Facts) -> date | None:
    """First day on which the dates of a recognition are erased."""
    return RULES["health"].term(facts.rqth_until) if facts.rqth_until else None
