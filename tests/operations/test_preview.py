"""What is shown before recording is what happens when it is recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from pathways import clock, db
from pathways.errors import Refused
from pathways.models import Alert, Enrolment, JournalEntry, Organisation, Person, Signal
from pathways.operations.correction import Correction, correct, effect_of
from pathways.operations.preview import preview
from pathways.operations.recording import OPENS, Draft, record_entries, record_event
from tests.factories import LinkFactory, OrganisationFactory, PersonFactory

VISA = "PRF_VISA_METIERS"


@dataclass
class Life:
    """A person followed by a mission locale and known to a training body; ``steps``: scheme → its enrolment."""

    ml: Organisation
    body: Organisation
    person: Person
    steps: dict[str, int] = field(default_factory=dict)

    def draft(self, event, scheme=None, *, ago=0, opens=False, **data):
        step = None if opens or scheme is None else self.steps.get(scheme)
        return Draft(event, clock.today() - timedelta(days=ago), data, step, scheme if step is None else None)

    def tell(self, event, scheme=None, *, ago=0, opens=False, by=None, **data):
        draft = self.draft(event, scheme, ago=ago, opens=opens, **data)
        (entry,) = record_entries([draft], person_id=self.person.id, organisation_id=(by or self.ml).id)
        if opens:
            newest = sa.text("select max(id) from enrolment where person_id = :id")
            self.steps[scheme] = db.session().scalar(newest, {"id": self.person.id})
        return entry

    def foresee(self, *drafts, by=None):
        return preview(drafts, person_id=self.person.id, organisation_id=(by or self.ml).id)

    def states(self):
        rows = db.session().execute(sa.select(Enrolment.id, Enrolment.state).where(Enrolment.person_id == self.person.id))
        return {id_: state for id_, state in rows if state != "announced"}

    def signals(self):
        return {
            tuple(row)
            for row in db.session().execute(
                sa.select(Signal.rule, Signal.enrolment_id, Signal.about, Signal.threshold).where(
                    Signal.person_id == self.person.id, Signal.closed_on.is_(None)
                )
            )
        }

    def alerts(self):
        return {
            (row.enrolment_id, str(row.family))
            for row in db.session().execute(
                sa.select(Alert.enrolment_id, Alert.family).where(Alert.person_id == self.person.id, Alert.closed_on.is_(None))
            )
        }


def new_life():
    ml, body = OrganisationFactory(), OrganisationFactory(training_body=True)
    person = PersonFactory(birth_date=date(2006, 5, 17))
    LinkFactory(person=person, organisation=ml, enrolment=None)
    LinkFactory(person=person, organisation=body, role="operator")
    life = Life(ml, body, person)
    life.tell("identity_stated", born="2006-05-17", ago=300)
    return life


@pytest.fixture
def life(session, frozen_clock):
    return new_life()


def test_closing_says_from_which_state_to_which_and_what_falls_silent(life):
    life.tell("orientation_notified", "PACEA", ago=60, opens=True)
    effect = life.foresee(life.draft("closed", "PACEA", outcome="DEMENAGEMENT"))

    (step,) = effect.steps
    assert (step.scheme, step.before, step.after, step.outcome) == ("PACEA", "oriented", "closed", "DEMENAGEMENT")
    assert [(each.opens, each.rule) for each in effect.signals] == [(False, "signature_overdue")]
    assert [(each.opens, each.family) for each in effect.alerts] == [(False, "deadline")]


def test_a_prolongation_moves_the_last_day_allowed(life):
    life.tell("engagement_signed", "CEJ", ago=200, opens=True)

    (step,) = life.foresee(life.draft("prolongation_granted", "CEJ", months=3)).steps

    assert (step.before, step.after) == ("active", "active")
    assert [name for name, _from, _to in step.dates] == ["cap_on"]


def test_nothing_is_written(life):
    life.tell("engagement_signed", "PACEA", ago=60, opens=True)
    before = db.session().scalar(sa.select(sa.func.count(JournalEntry.id))), life.states(), life.signals(), life.alerts()

    life.foresee(life.draft("closed", "PACEA", outcome="DEMENAGEMENT"))

    after = db.session().scalar(sa.select(sa.func.count(JournalEntry.id))), life.states(), life.signals(), life.alerts()
    assert after == before


def test_what_would_be_refused_is_refused_before(life):
    life.tell("orientation_notified", "PACEA", opens=True)

    with pytest.raises(Refused) as refused:
        life.foresee(life.draft("resumed", "PACEA"))

    assert refused.value.codes == ("not_from_this_state",)


def test_a_contradiction_is_among_what_would_appear(life):
    life.tell("entered", VISA, ago=40, opens=True, by=life.body)
    life.tell("dropped", VISA, ago=10, by=life.body)

    effect = life.foresee(life.draft("completed", VISA, ago=8), by=life.body)

    assert [(each.opens, each.rule, each.values["kind"]) for each in effect.signals] == [(True, "discordance", "does_not_apply")]


# --- the property ------------------------------------------------------------------------------------------------------

AGO = st.integers(0, 120)
ACTS = st.one_of(
    st.tuples(st.just("ml"), st.just("PACEA"), st.sampled_from(["orientation_notified", "assessment", "engagement_signed"])),
    st.tuples(st.just("ml"), st.just("PACEA"), st.sampled_from(["phase_started", "contact", "closed", "suspended", "resumed"])),
    st.tuples(st.just("ml"), st.just("PACEA"), st.sampled_from(["appointment", "obstacle", "transfer_requested"])),
    st.tuples(st.just("body"), st.just(VISA), st.sampled_from(["admitted", "entered", "dropped", "completed", "paused"])),
    st.tuples(st.just("body"), st.just(VISA), st.sampled_from(["attendance", "risk_flag", "contact"])),
    st.tuples(st.just("ml"), st.just("EMPLOI"), st.sampled_from(["work_contract_started", "contract_broken"])),
)
HISTORIES = st.lists(st.tuples(ACTS, AGO), min_size=2, max_size=7)


def details(event, ago):
    day = clock.today() - timedelta(days=ago)
    given = {
        "phase_started": {"n": 1, "planned_end": (day + timedelta(days=60)).isoformat()},
        "closed": {"outcome": "DEMENAGEMENT"},
        "appointment": {"status": "noshow"},
        "obstacle": {"theme": "logement", "severity": "bloquant"},
        "transfer_requested": {"to": "ailleurs"},
        "attendance": {"from": (day - timedelta(days=6)).isoformat(), "halves": "UUUUUUPP"},
        "risk_flag": {"dimension": "sante", "level": 2},
        "paused": {"reason": "EMPLOI"},
        "entered": {"planned_end": (day + timedelta(days=50)).isoformat()},
        "work_contract_started": {"planned_end": (day + timedelta(days=30)).isoformat()},
        "contract_broken": {"broken_on": day.isoformat(), "reason": "ACCORD_COMMUN"},
    }
    return given.get(event, {})


def told(life, act, ago):
    """Declared where the rules let it be; the ids of what was."""
    who, scheme, event = act
    try:
        with db.atomic():
            by, opens = getattr(life, who), scheme not in life.steps
            return [life.tell(event, scheme, ago=ago, opens=opens, by=by, **details(event, ago))]
    except Refused:
        return []


@settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(history=HISTORIES, last=st.tuples(ACTS, AGO), takes_back=st.integers(0, 20))
def test_what_is_foreseen_is_what_happens(session, frozen_clock, history, last, takes_back):
    life = new_life()
    known = [entry for act, ago in history for entry in told(life, act, ago)]
    (who, scheme, event), ago = last
    body = getattr(life, who)
    own = [entry for entry in known if session.get(JournalEntry, entry).organisation_id == body.id]
    try:
        if own and takes_back < 2 * len(own):
            wrong = own[takes_back // 2]
            corrected = Correction(wrong, "doublon", *corrected_details(session, wrong, takes_back, ago))
            effect = effect_of(corrected, person_id=life.person.id, organisation_id=body.id)
            correct(corrected, person_id=life.person.id, organisation_id=body.id, user_id=None, version=effect.version)
        else:
            draft = life.draft(event, scheme, ago=ago, opens=scheme not in life.steps, **details(event, ago))
            effect = life.foresee(draft, by=body)
            record_entries([draft], person_id=life.person.id, organisation_id=body.id, version=effect.version)
    except Refused:
        assume(False)
    session.expire_all()
    newest = max(life.states(), default=None)

    assert {newest if key == OPENS else key: state for key, state in effect.states.items()} == life.states()
    assert {as_stored(key, newest) for key in effect.held} == life.signals()
    for change in effect.alerts:
        assert ((change.step if change.step != OPENS else newest, change.family) in life.alerts()) is change.opens


def corrected_details(session, entry, takes_back, ago):
    """Half of the time another day, else taken back."""
    row = session.get(JournalEntry, entry)
    return (clock.today() - timedelta(days=ago), row.payload) if takes_back % 2 else (None, None)


def as_stored(key, newest):
    return key.rule, newest if key.enrolment == OPENS else key.enrolment, key.about, key.threshold


def test_the_version_of_a_dossier_grows_with_every_entry(life):
    first = life.foresee(life.draft("orientation_notified", "PACEA", opens=True)).version
    record_event(
        person_id=life.person.id, type="ft_registered", occurred_on=clock.today(), data={}, organisation_id=life.ml.id
    )

    assert life.foresee(life.draft("orientation_notified", "PACEA", opens=True)).version > first
