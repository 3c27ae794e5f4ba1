"""Every signal and every refusal has its French sentence, and each says its dates."""

from __future__ import annotations

import ast
import inspect
import string
from collections import defaultdict
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest

import pathways.detection.rules  # noqa: F401 -- registers every rule
from pathways import clock
from pathways.detection.rule import RULES
from pathways.errors import Reason
from pathways.sharing import naming
from pathways.sharing.language import ago, duration, fine, long_day, ngettext, said_day
from pathways.sharing.refusals import REFUSALS, reason_sentence, reason_sentences
from pathways.sharing.sentences import DISCORDANCES, SENTENCES, compose, signal_action, signal_sentence, signal_title
from pathways.workflows.events import EVENTS
from pathways.workflows.schemes import SCHEMES

SOURCES = Path(__file__).parents[2] / "pathways"
DAY = "2026-02-03"


@pytest.fixture(autouse=True)
def on_a_monday(frozen_clock):
    """2 March 2026."""


# --- signals -----------------------------------------------------------------------------------------------------------


def test_every_rule_has_its_sentence_and_every_sentence_its_rule():
    assert set(RULES) - set(SENTENCES) == set(), "write their sentences in pathways/sharing/sentences.py"
    assert set(SENTENCES) - set(RULES) == set()


class Typical(dict):
    """A value of the right type for each name that rules give their findings."""

    KNOWN = MappingProxyType(
        {
            "kind": "present_elsewhere",
            "theme": "mobilite",
            "dimension": "professionnel",
            "reason": "ACCORD_COMMUN",
            "procedure": "redressement",
            "rate": 0.25,
            "spoken": True,
            "organisations": [1, 2],
            "phase": "fundraising",
            "who": "departement",
        }
    )
    NUMBERS = frozenset(
        {
            "days",
            "half_days",
            "count",
            "window",
            "n",
            "month",
            "age",
            "day",
            "allowed",
            "rhythm",
            "weeks",
            "hours",
            "least",
            "attempts",
            "months",
            "total",
        }
    )

    def __missing__(self, name):
        return self.KNOWN.get(name, 12 if name in self.NUMBERS else DAY)

    def get(self, name, _default=None):
        return self[name]


def named(wording) -> set[str]:
    template = wording.fact if isinstance(wording.fact, str) else wording.fact(Typical())
    return {name for _text, name, _how, _conversion in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("rule", sorted(SENTENCES))
def test_each_sentence_renders_with_what_its_rule_gives(rule):
    wording = SENTENCES[rule]
    values = {
        name: Typical()[name] for name in named(wording) | {"kind", "spoken", "first", "last", "reason", "ends", "planned_end"}
    }

    sentence = compose(wording, values)

    assert sentence.endswith((".", ")")), sentence
    assert "{" not in sentence
    assert sentence[0].isupper() or sentence[0].isdigit()
    assert signal_title(rule)
    assert signal_action(rule).endswith(".")


def test_each_sentence_asks_only_for_values_that_its_rule_gives():
    """The names a rule gives are string keys of a dictionary in its module."""
    given = defaultdict(set)
    for rule in RULES.values():
        source = inspect.getsource(inspect.getmodule(rule.answer))
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Dict):
                given[rule.id] |= {key.value for key in node.keys if isinstance(key, ast.Constant)}
    asked_in_vain = {rule: named(wording) - given[rule] for rule, wording in SENTENCES.items() if named(wording) - given[rule]}

    assert asked_in_vain == {}


def test_a_lost_condition_says_which():
    since = {"since": DAY}

    assert "France Travail" in signal_sentence("eligibility_at_risk", since | {"about": "registration:2026-02-03"})
    assert "RQTH" in signal_sentence("eligibility_at_risk", since | {"about": "rqth:2026-02-03"})


def test_silence_says_since_when_and_how_long_is_too_long():
    values = {"since": "2025-12-20", "allowed": 45, "spoken": True}

    assert signal_sentence("contact_silence", values) == (
        "Aucun contact depuis le 20\u00a0décembre\u00a02025 (il y a 2 mois)\u00a0: plus de 45 jours."
    )


@pytest.mark.parametrize(
    ("began", "said"),
    [("engagement_signed", "depuis la signature du"), ("registered", "depuis le début, le"), (None, "depuis la signature du")],
)
def test_silence_before_any_contact_says_what_began(began, said):
    values = {"since": "2025-12-20", "allowed": 60, "spoken": False} | ({"began": began} if began else {})

    assert said in signal_sentence("contact_silence", values)


def test_a_signal_stored_by_an_older_rule_still_says_its_title():
    assert signal_sentence("contact_silence", {}) == "Silence."


def test_a_health_reason_is_never_in_a_sentence():
    told = signal_sentence("training_interrupted", {"on": DAY, "planned_end": "2026-05-01", "reason": "SANTE"})

    assert "anté" not in told


def test_every_kind_of_discordance_has_its_sentence():
    tree = ast.parse((SOURCES / "detection" / "rules" / "data.py").read_text(encoding="utf-8"))
    kinds = {
        node.value.elts[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple) and isinstance(node.value.elts[0], ast.Constant)
    }

    assert kinds | {"does_not_apply", "entry_after_exit"} <= set(DISCORDANCES)


# --- refusals ----------------------------------------------------------------------------------------------------------


def codes_in_the_sources() -> set[str]:
    """The codes given to Reason(…) anywhere the application refuses; ``age_below_{limit}`` becomes ``age_below``."""
    found = set()
    for folder in ("workflows", "operations", "schemas"):
        for path in (SOURCES / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reason":
                    first = node.args[0]
                    text = first.values[0].value if isinstance(first, ast.JoinedStr) else first.value
                    found.add(text.rstrip("_"))
    return found


def test_every_reason_has_its_sentence():
    assert codes_in_the_sources() - set(REFUSALS) == set(), "write their sentences in pathways/sharing/refusals.py"


REAL = [
    (
        Reason("scheme_closed", {"scheme": "PACEA", "closed": date(2022, 2, 28), "propose": "CSP"}),
        (
            "PACEA n’accepte plus d’entrées depuis le 28\u00a0février\u00a02022\u00a0: choisissez un autre dispositif. "
            "Proposez plutôt CSP."
        ),
    ),
    (
        Reason("scheme_closed", {"scheme": "PACEA", "closed": date(2022, 2, 28), "propose": None}),
        "PACEA n’accepte plus d’entrées depuis le 28\u00a0février\u00a02022\u00a0: choisissez un autre dispositif.",
    ),
    (
        Reason("age_below_16", {"age": 15, "limit": 16}),
        "Il faut avoir 16 ans (âge ce jour-là\u00a0: 15 ans). Un autre dispositif est peut-être ouvert.",
    ),
    (
        Reason("not_yours_to_declare", {"event": "entered", "by": ["cfa", "organisme_formation", "referent"]}),
        "«\u00a0Entrée en formation\u00a0» se déclare par\u00a0: l’organisme référent, CFA ou Organisme de formation.",
    ),
    (
        Reason(
            "not_from_this_state",
            {"event": "resumed", "state": "active", "sources": ["suspended"], "possible": ["closed"], "given": False},
        ),
        "L’étape est à l’état «\u00a0Actif\u00a0»\u202f; il faudrait\u00a0: « Suspendu ». Possible maintenant\u00a0: « Sortie ».",
    ),
    (
        Reason(
            "not_from_this_state",
            {"event": "resumed", "state": "closed", "sources": ["suspended"], "possible": [], "given": False},
        ),
        "L’étape est terminée («\u00a0Sorti\u00a0»)\u202f; il faudrait\u00a0: « Suspendu ».",
    ),
    (
        Reason("day_to_come", {"today": date(2026, 3, 2)}),
        "La date est à venir\u00a0: un fait se déclare le jour où il a lieu, ou après.",
    ),
    (Reason("minor"), "La personne est mineure\u00a0: faites signer son représentant légal et cochez la case correspondante."),
]


@pytest.mark.parametrize(("reason", "sentence"), REAL)
def test_a_refusal_says_why_and_what_is_possible_instead(reason, sentence):
    assert reason_sentence(reason) == sentence


VALUES = {
    "characters": 15,
    "due": DAY,
    "scheme": "PACEA",
    "schemes": ("CSP", "PACEA"),
    "condition": "Volontaire",
    "from": DAY,
    "one": DAY,
    "other": DAY,
    "opens": DAY,
    "closed": DAY,
    "propose": None,
    "age": 15,
    "limit": 16,
    "since": DAY,
    "n": 2,
    "last_day": DAY,
    "starts": DAY,
    "started": DAY,
    "event": "contact",
    "by": ["cfa"],
    "state": "active",
    "sources": ["closed"],
    "possible": [],
    "given": False,
    "today": DAY,
    "field": "level",
    "label": "Niveau",
    "kind": "int",
    "choices": [],
    "known": [],
    "on": DAY,
    "months": 3,
    "least": 6,
    "hours": 15,
    "count": 3,
    "total": 75,
    "most": 90,
    "role": "conseiller",
    "place": "cfa",
    "name": "Boulangerie Martin",
    "source": "Code du travail",
    "low": "Attente d’entrée",
    "high": "Sans entrée",
    "last": DAY,
    "until": DAY,
    "year": 2026,
    "days": 2,
    "typed": "44000",
    "example": "44109",
    "map": 2015,
    "wanted": 2024,
    "code": "NORD44",
    "codes": "44, NORD44",
    "epci": "Nantes Métropole",
    "siren": "244400404",
}


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_each_refusal_renders_in_words(code):
    values = VALUES | ({"limit": DAY} if code == "too_long" else {})

    sentence = reason_sentence(Reason(code, values))

    assert sentence.endswith(".")
    assert code not in sentence
    assert "{" not in sentence


def test_the_same_reason_is_said_once():
    assert len(reason_sentences([Reason("minor"), Reason("minor")])) == 1


# --- names, dates, typography ------------------------------------------------------------------------------------------


def test_every_scheme_event_and_state_has_a_name_to_show():
    for code, scheme in SCHEMES.items():
        assert naming.scheme(code)
        assert naming.family(code)
        for state in scheme.workflow.states:
            assert naming.state(state) != str(state)
    assert all(naming.event(name) != name for name in EVENTS)


def test_every_move_of_the_clock_has_a_name():
    names = {line.name for scheme in SCHEMES.values() for line in scheme.workflow.lines if hasattr(line, "due")}

    assert names - set(naming.CLOCKS) == set()


def test_dates_read_as_people_say_them():
    assert long_day(date(2026, 3, 1)) == "1er\u00a0mars\u00a02026"
    assert said_day(date(2026, 8, 1)) == "1er\u00a0août"
    assert [ago(date(2026, 3, 2)), ago(date(2026, 3, 1)), ago(date(2026, 3, 3))] == ["aujourd’hui", "hier", "demain"]
    assert ago(date(2026, 2, 18)) == "il y a 12 jours"
    assert ago(date(2026, 6, 15)) == "dans 3 mois"
    assert duration(800) == "2 ans"
    assert ngettext("{n} jour", "{n} jours", 0) == "{n} jour"


def test_french_spacing_never_breaks_a_line_before_a_colon():
    assert fine("Motif : « oui » ; et après ?") == "Motif\u00a0: «\u00a0oui\u00a0»\u202f; et après\u202f?"


def test_details_read_in_words():
    assert naming.detail("attendance", "halves", "PPPU") == "3 présences, 1 absence sans justificatif"
    assert naming.detail("appointment", "status", "noshow") == "Absent"
    assert naming.detail("contact", "channel", "phone") == "Téléphone"
    assert naming.detail("contact", "channel", "pigeon") == "pigeon"
    assert naming.detail("entered", "planned_end", "2026-05-01") == "1er\u00a0mai\u00a02026"
    assert naming.detail("engagement_signed", "legal_representative_signed", True) == "oui"
    assert naming.detail("weekly_hours", "validated", 12.5) == "12,5"
    assert clock.today() == date(2026, 3, 2)
