"""An organisation's own thresholds: dated, bounded, withdrawn before they hold; and what one would change today."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.choices import depends_on_scheme, schemes_of
from pathways.detection.reading import read_settings
from pathways.detection.settings import BY_SCHEME, DEFAULTS
from pathways.detection.sweep import sweep
from pathways.errors import NotVisible, Refused
from pathways.models import Setting, Signal
from pathways.operations import thresholds as operations
from pathways.queries import threshold_preview
from pathways.queries.threshold_preview import preview
from pathways.queries.thresholds import history, threshold, thresholds
from pathways.sharing.thresholds import FAMILIES, THRESHOLDS, shown, stored, value_sentence
from pathways.sharing.visibility import Reader
from tests.factories import OrganisationFactory, UserFactory
from tests.scene import Told, build

pytestmark = pytest.mark.usefixtures("session", "frozen_clock", "asked_jobs")


@pytest.fixture
def ml():
    return OrganisationFactory()


@pytest.fixture
def choose(ml, frozen_clock):
    user = UserFactory(name="Hélène Gautier")

    def go(name, *typed, scheme=None, in_days=0, reason="Convenu en équipe", organisation=ml):
        frozen_clock.advance(seconds=1)
        operations.choose(
            name,
            typed,
            scheme=scheme,
            valid_from=clock.today() + timedelta(days=in_days),
            reason=reason,
            organisation_id=organisation.id,
            user_id=user.id,
        )

    return go


@pytest.fixture
def to_default(ml, frozen_clock):
    user = UserFactory()

    def go(name, scheme=None, in_days=0):
        frozen_clock.advance(seconds=1)
        day = clock.today() + timedelta(days=in_days)
        given = {"organisation_id": ml.id, "user_id": user.id, "reason": "Essai terminé"}
        operations.take_default(name, scheme=scheme, valid_from=day, **given)

    return go


def held(ml, name, scheme="PACEA", in_days=0):
    day = clock.today() + timedelta(days=in_days)
    return read_settings(db.session()).values(scheme, ml.id, day, day)[name]


def test_a_value_holds_from_its_day_for_one_organisation(choose, ml):
    choose("entry_delay.watch", 20, in_days=5)

    assert held(ml, "entry_delay.watch", in_days=4) == 30
    assert held(ml, "entry_delay.watch", in_days=5) == 20
    assert held(OrganisationFactory(), "entry_delay.watch", in_days=5) == 30


def test_a_value_for_a_scheme_holds_there_only(choose, ml):
    choose("contact_silence.days", 30, scheme="PACEA")

    assert held(ml, "contact_silence.days", "PACEA") == 30
    assert held(ml, "contact_silence.days", "CEJ") == 14


def test_the_last_word_of_a_day_holds(choose, ml):
    for days in (20, 25, 22):
        choose("entry_delay.watch", days)

    assert held(ml, "entry_delay.watch") == 22


def test_going_back_to_the_default_follows_it_afterwards(choose, to_default, ml):
    choose("entry_delay.watch", 20)
    to_default("entry_delay.watch", in_days=3)

    assert held(ml, "entry_delay.watch", in_days=2) == 20
    assert held(ml, "entry_delay.watch", in_days=3) == 30
    db.session().add(Setting(name="entry_delay.watch", value=40, valid_from=clock.today()))
    db.session().flush()
    assert held(ml, "entry_delay.watch", in_days=3) == 40


def test_going_back_for_one_scheme_leaves_the_choice_for_all(choose, to_default, ml):
    choose("entry_delay.watch", 20)
    choose("entry_delay.watch", 10, scheme="PRF_VISA_METIERS")
    to_default("entry_delay.watch", scheme="PRF_VISA_METIERS")

    assert held(ml, "entry_delay.watch", "PRF_VISA_METIERS") == 20


def test_there_is_no_default_to_go_back_to_where_nothing_was_chosen(to_default):
    with pytest.raises(Refused, match="threshold_is_default"):
        to_default("entry_delay.watch")


def test_a_planned_change_is_withdrawn_and_stays_in_the_history(choose, ml):
    choose("entry_delay.watch", 20, in_days=5)
    day = clock.today() + timedelta(days=5)
    of_it = {"valid_from": day, "organisation_id": ml.id, "user_id": UserFactory(name="Yann").id}
    operations.withdraw("entry_delay.watch", **of_it)

    assert held(ml, "entry_delay.watch", in_days=6) == 30
    assert [(each.value, each.withdrawn_by) for each in history(ml.id)] == [(20, "Yann")]
    assert threshold("entry_delay.watch", None, ml.id).coming == []
    with pytest.raises(NotVisible):
        operations.withdraw("entry_delay.watch", **of_it)


@pytest.mark.parametrize("statement", ["update setting set value = '1'", "delete from setting", "delete from membership"])
def test_the_application_itself_may_not_rewrite_what_was_decided(choose, session, statement):
    choose("entry_delay.watch", 20)

    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), session.begin_nested():
        session.execute(sa.text(statement))


def test_what_is_in_force_is_not_withdrawn(choose, ml):
    choose("entry_delay.watch", 20)

    with pytest.raises(Refused, match="threshold_in_force"):
        operations.withdraw(
            "entry_delay.watch", valid_from=clock.today(), organisation_id=ml.id, user_id=UserFactory().id
        )


def test_another_organisation_s_plan_is_not_withdrawn(choose):
    choose("entry_delay.watch", 20, in_days=5)

    with pytest.raises(NotVisible):
        operations.withdraw(
            "entry_delay.watch",
            valid_from=clock.today() + timedelta(days=5),
            organisation_id=OrganisationFactory().id,
            user_id=UserFactory().id,
        )


@pytest.mark.parametrize(
    ("name", "typed", "more", "code"),
    [
        ("entry_delay.watch", [0], {}, "threshold_out_of_bounds"),
        ("entry_delay.watch", [91], {}, "threshold_out_of_bounds"),
        ("entry_delay.watch", [20.5], {}, "threshold_not_whole"),
        ("entry_delay.watch", [None], {}, "threshold_missing"),
        ("entry_delay.watch", [20, 30], {}, "threshold_missing"),
        ("entry_delay.watch", [30], {}, "threshold_unchanged"),
        ("entry_delay.watch", [60], {}, "threshold_pair"),
        ("entry_delay.alert", [30], {}, "threshold_pair"),
        ("entry_delay.watch", [20], {"in_days": -1}, "threshold_day_gone"),
        ("entry_delay.watch", [20], {"in_days": 400}, "day_too_far"),
        ("entry_delay.watch", [20], {"reason": "  "}, "reason_missing"),
        ("cap_approaching.days", [30, 60], {}, "threshold_falling"),
        ("csp_reflection_ending.days", [19, 14], {}, "threshold_rising"),
        ("contact_silence.days", [30], {}, "threshold_by_scheme"),
        ("signature_overdue.months", [2], {}, "threshold_locked"),
    ],
)
def test_a_value_is_refused_with_its_reason(choose, name, typed, more, code):
    with pytest.raises(Refused, match=code):
        choose(name, *typed, **more)
    assert db.session().scalars(sa.select(Setting.id)).all() == []


def test_a_setting_or_a_scheme_that_does_not_exist_is_a_wrong_address(choose):
    for name, scheme in (("no_such.days", None), ("entry_delay.watch", "APPRENTISSAGE"), ("contact_silence.days", "XX")):
        with pytest.raises(NotVisible):
            choose(name, 20, scheme=scheme)


def test_a_rate_is_typed_in_percent(choose, ml):
    choose("absence_rate_high.rate", 15)

    assert held(ml, "absence_rate_high.rate") == 0.15


def test_hours_are_followed_where_the_organisation_says_so(choose, ml):
    choose("weekly_hours_low.followed", 1, scheme="CE_FT")

    assert held(ml, "weekly_hours_low.followed", "CE_FT") is True


def test_a_change_asks_for_an_evaluation(choose, asked_jobs):
    choose("entry_delay.watch", 20)

    assert [message.name for message in asked_jobs] == ["sweep.due"]


# --- the list ------------------------------------------------------------------------------------------------------------


def test_only_what_differs_stands_out(choose, ml):
    choose("contact_silence.days", 30, scheme="PACEA")
    choose("entry_delay.watch", 20, in_days=5)
    rows = {row.name: row for block in thresholds(ml.id) for row in block.rows}

    assert {name for name, row in rows.items() if row.differs} == {"contact_silence.days", "entry_delay.watch"}
    pacea = next(level for level in rows["contact_silence.days"].levels if level.scheme == "PACEA")
    assert (pacea.value, pacea.default, pacea.chosen.who) == (30, 45, "Hélène Gautier")
    assert [change.value for change in rows["entry_delay.watch"].usual.coming] == [20]
    assert rows["entry_delay.watch"].usual.value == 30


def test_the_list_costs_the_same_however_much_was_chosen(choose, ml, counting):
    choose("entry_delay.watch", 20)
    with counting() as one:
        thresholds(ml.id)
    for days in range(5, 15):
        choose("rqth_expiring.days", 100 + days, in_days=days)
    with counting() as many:
        thresholds(ml.id)

    assert many.cost_as_much_as(one)


# --- the table -----------------------------------------------------------------------------------------------------------


def test_every_setting_is_in_the_table():
    assert set(THRESHOLDS) == set(DEFAULTS)


def test_every_default_lies_within_its_bounds_and_is_stored_as_it_was():
    values = [(name, value) for name, value in DEFAULTS.items() if value is not None]
    for name, value in [*values, *((name, value) for (name, _scheme), value in BY_SCHEME.items())]:
        described = THRESHOLDS[name]
        typed = shown(described, value)
        assert all(part.least <= number <= part.most for part, number in zip(described.parts, typed, strict=True)), name
        again = stored(described, typed)
        assert (tuple(again) if isinstance(again, list) else again) == value, name
        assert value_sentence(name, value)


def test_every_family_has_its_name():
    assert set(FAMILIES) >= {str(block.family) for block in thresholds(OrganisationFactory().id)}


def test_every_setting_that_depends_on_the_scheme_offers_those_of_its_defaults():
    for name, scheme in BY_SCHEME:
        assert depends_on_scheme(name)
        if scheme in {"PACEA", "CEJ", "CSP", "PPAE"}:
            assert scheme in schemes_of(name)


def test_several_numbers_read_in_their_order():
    assert value_sentence("cap_approaching.days", [60, 30]) == "60 jours puis 30 jours"
    assert value_sentence("repeated_no_show.alert", (2, 30)) == "2 fois en 30 jours"


# --- what it would change ------------------------------------------------------------------------------------------------


@pytest.fixture
def scene():
    return build()


def effect(scene, name, value, scheme=None):
    reader = Reader(scene.ml.id, clock.today())
    with db.acting_for(scene.ml.id):
        return preview(name, value, scheme, reader)


def open_signals(rule):
    return db.session().scalar(
        sa.select(sa.func.count()).where(Signal.rule == rule, Signal.closed_on.is_(None)).select_from(Signal)
    )


def test_the_preview_says_what_the_sweep_then_does(scene, choose):
    for days in (7, 25, 100):
        before = open_signals("contact_silence")
        said = effect(scene, "contact_silence.days", days, "PACEA")
        choose("contact_silence.days", days, scheme="PACEA", organisation=scene.ml)
        sweep(clock.today())

        assert (said.opened - said.closed, said.held) == (
            open_signals("contact_silence") - before,
            open_signals("contact_silence"),
        )


def test_a_preview_writes_nothing(scene):
    before = open_signals("contact_silence")
    said = effect(scene, "contact_silence.days", 7, "PACEA")

    assert said.opened > 0
    assert open_signals("contact_silence") == before
    assert db.session().scalars(sa.select(Setting.id)).all() == []


def test_a_preview_counts_the_persons_of_the_house_only(scene):
    other = OrganisationFactory()
    with db.acting_for(other.id):
        said = preview("contact_silence.days", 7, "PACEA", Reader(other.id, clock.today()))

    assert (said.persons, said.opened) == (0, 0)


def test_beyond_what_can_be_looked_at_a_preview_says_that_it_is_a_sample(scene, monkeypatch):
    monkeypatch.setattr(threshold_preview, "MOST", 3)

    said = effect(scene, "contact_silence.days", 7, "PACEA")

    assert (said.persons, said.is_sample) == (3, True)
    assert said.total > 3


def test_a_preview_costs_the_same_for_many(scene, counting):
    with counting() as few:
        effect(scene, "contact_silence.days", 7, "PACEA")
    for number in range(20):
        Told(scene, f"Lou{number}", "Petit", clock.today() - timedelta(days=7000)).pacea(100)
    with counting() as many:
        effect(scene, "contact_silence.days", 7, "PACEA")

    assert many.cost_as_much_as(few)
