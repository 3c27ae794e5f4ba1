"""R13: an organisation does without a rule, or without any; what a human said or the law requires stays, the rest works."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.choices import SWITCHES, is_switch
from pathways.detection.rule import RULES
from pathways.detection.settings import EVERY_RULE, switch_of
from pathways.detection.sweep import sweep
from pathways.errors import Refused
from pathways.models import Alert, AlertState, Enrolment, Role
from pathways.operations import thresholds
from pathways.queries.threshold_preview import preview
from pathways.queries.thresholds import switches, threshold
from pathways.sharing.thresholds import described, label_of, value_sentence
from pathways.sharing.visibility import Reader
from tests.law.conftest import Followed
from tests.scene import account
from tests.views.conftest import app, client, sign_in, submit

__all__ = ["app", "client", "sign_in"]
SILENCE, ALL = switch_of("contact_silence"), switch_of(EVERY_RULE)


@pytest.fixture
def turn(frozen_clock, asked_jobs):
    """``turn(followed, name, on=False)``: the organisation of that person switches a rule from today."""

    def go(followed, name, *, on=False, scheme=None, in_days=0):
        frozen_clock.advance(seconds=60)
        day = clock.today() + timedelta(days=in_days)
        given = {"valid_from": day, "reason": "Essai en équipe", "scheme": scheme, **followed.by}
        thresholds.choose(name, [int(on)], **given)
        frozen_clock.advance(seconds=60)
        sweep(clock.today())

    return go


def test_a_rule_switched_off_closes_what_it_had_opened_and_opens_nothing_more(followed, turn, frozen_clock):
    assert "contact_silence" in followed.looked_at().holding()

    turn(followed, SILENCE)
    frozen_clock.advance(days=60)
    sweep(clock.today())

    assert "contact_silence" not in followed.holding()
    assert followed.alert().state is AlertState.EXPIRED


def test_switched_on_again_it_says_what_holds_by_then(followed, turn):
    followed.looked_at()
    turn(followed, SILENCE)
    turn(followed, SILENCE, on=True)

    assert "contact_silence" in followed.holding()


def test_another_organisation_and_another_scheme_keep_theirs(followed, turn):
    elsewhere = Followed()
    turn(followed, SILENCE, scheme="CEJ")
    turn(elsewhere, SILENCE, scheme="PACEA")

    assert "contact_silence" in followed.holding()
    assert "contact_silence" not in elsewhere.holding()


def test_it_begins_on_its_day_and_not_before(followed, turn, frozen_clock):
    turn(followed, SILENCE, in_days=3)
    assert "contact_silence" in followed.holding()

    frozen_clock.advance(days=3)
    sweep(clock.today())

    assert "contact_silence" not in followed.holding()


def test_a_day_gone_by_is_read_with_the_rules_it_had(followed, turn, session):
    followed.looked_at()
    opened = followed.alert()
    turn(followed, SILENCE)

    assert followed.log(opened)[0].data["signals"][0]["rule"] == "contact_silence"


@pytest.mark.parametrize("rule", [rule.id for rule in RULES.values() if rule.is_required])
def test_what_a_human_said_or_the_law_requires_is_never_switched_off(followed, rule):
    with pytest.raises(Refused) as refused:
        thresholds.choose(switch_of(rule), [0], valid_from=clock.today(), reason="Non", **followed.by)

    assert refused.value.codes == ("threshold_locked",)


def test_the_human_flags_and_the_obligation_are_among_them():
    required = {rule.id for rule in RULES.values() if rule.is_required}

    assert required >= {"help_asked", "appointment_declined", "training_risk_flag", "minor_without_solution"}
    assert required >= {rule.id for rule in RULES.values() if rule.raised_by}
    assert len(required) < len(RULES) / 5


def test_without_detection_a_call_for_help_is_still_heard(followed, turn):
    turn(followed, ALL)
    assert followed.holding() == set()

    followed.told("help_asked", 0, {"topic": "other"}, enrolment_id=None)
    followed.looked_at()

    assert followed.holding() == {"help_asked"}
    assert followed.alert().state is AlertState.NEW


def test_the_work_goes_on_without_any_detection(followed, turn, session, sign_in, asked_jobs):
    turn(followed, ALL)
    user = account(followed.ml, "Inès Lemoine", "ines@exemple.fr")
    followed.record("contact", {"channel": "phone"})
    followed.record("obstacle", {"theme": "mobilite", "severity": "bloquant"})
    followed.record("phase_started", {"n": 1, "planned_end": f"{clock.today() + timedelta(days=90)}"})
    for _ in range(4):
        sweep(clock.today())
    client = sign_in(user)

    pages = ["/", "/a-traiter", f"/personnes/{followed.person.public_id}"]
    assert [client.get(page, follow_redirects=True).status_code for page in pages] == [200] * len(pages)
    assert session.get(Enrolment, followed.step.id).state != "closed"
    followed.record("closed", {"outcome": "DEMENAGEMENT"})
    session.expire_all()
    assert session.get(Enrolment, followed.step.id).closed_on == clock.today()
    assert session.scalar(sa.select(sa.func.count()).select_from(Alert)) == 0


def test_a_preview_says_what_would_close(followed, turn):
    followed.looked_at()
    with db.acting_for(followed.ml.id, followed.counsellor):
        effect = preview(SILENCE, False, None, Reader(followed.ml.id, clock.today()))

    assert (effect.opened, effect.closed) == (0, 2)


def test_the_administrator_chooses_on_the_page_with_a_day_and_a_reason(followed, sign_in, asked_jobs):
    client = sign_in(account(followed.ml, "Nora Diallo", "nora@exemple.fr", Role.ADMINISTRATEUR))
    page = client.get("/seuils/regles")
    assert "Travailler sans détection" in page.text
    assert "Toujours en marche" in page.text

    url = f"/seuils/{SILENCE}"
    empty = submit(client, url, act="save", value_1="0", valid_from=f"{clock.today()}")
    assert empty.status_code == 422
    done = submit(client, url, act="save", value_1="0", valid_from=f"{clock.today()}", reason="Essai en équipe")

    assert done.status_code == 303
    assert threshold(SILENCE, None, followed.ml.id).value is False
    assert "à l’arrêt" in client.get("/seuils/regles").text


def test_every_rule_has_its_switch_in_words():
    assert {switch_of(rule) for rule in RULES} | {ALL} == set(SWITCHES)
    for name in SWITCHES:
        assert is_switch(name)
        assert described(name) is not None
        assert label_of(name) != name
        assert value_sentence(name, False) == "à l’arrêt"


def test_the_page_of_the_rules_holds_all_of_them(followed):
    every, blocks = switches(followed.ml.id)

    assert every.name == ALL
    assert {row.name for block in blocks for row in block.rows} | {ALL} == set(SWITCHES)
