"""No rule without its days."""

from pathlib import Path

import pytest

import pathways.detection.rules  # noqa: F401 -- registers every rule
from pathways.detection.evaluation import evaluate
from pathways.detection.rule import RULES, Family, rule
from pathways.detection.settings import BY_SCHEME, DEFAULTS, Settings
from pathways.workflows.fold import Pathway
from pathways.workflows.schemes import SCHEMES
from tests.journal import day

TESTS = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))


@pytest.mark.parametrize("signal", sorted(RULES))
def test_the_days_of_a_signal_are_tested(signal):
    assert f'"{signal}"' in TESTS


def test_two_rules_never_share_a_signal():
    with pytest.raises(TypeError, match="two rules for the signal 'contact_silence'"):
        rule("contact_silence", "Silence", family=Family.CONTACT)(lambda _facts, _settings: None)


def test_of_somebody_unknown_nothing_is_said():
    evening = evaluate(Pathway(), day("2025-01-01"), Settings())

    assert evening.held == {}
    assert evening.again_on is None


def test_every_threshold_belongs_to_a_rule_and_every_exception_to_a_scheme():
    assert {name.split(".")[0] for name in DEFAULTS} <= set(RULES)
    assert {name for name, _scheme in BY_SCHEME} <= set(DEFAULTS)
    named = {scheme for _name, scheme in BY_SCHEME}
    assert {code for code in named if code in SCHEMES} >= {"CEJ", "CSP", "PACEA"}
