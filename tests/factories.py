"""Rows for tests, made the way people would describe them.

What a factory returns is a snapshot of the row it committed, detached from any session, readable whatever the current
scope: read the row again by its id to see what became of it. An unknown keyword is a TypeError.
"""

from __future__ import annotations

from datetime import date, timedelta

import factory
from factory.alchemy import SQLAlchemyModelFactory
from stdnum import luhn

from pathways import clock, db
from pathways.models import (
    Alert,
    Enrolment,
    JournalEntry,
    Kind,
    Level,
    Link,
    LinkRole,
    Membership,
    Organisation,
    Person,
    Role,
    Sex,
    Signal,
    SignalFamily,
    SignalLevel,
    Source,
    User,
)

FAMILY_NAMES = (
    "Guérin",
    "Le Goff",
    "Bréhier",
    "Diallo",
    "Chauvin",
    "Nguyen",
    "Rousseau-Petit",
    "Benali",
    "Lemoine",
    "Œuvrard",
)
WOMEN = ("Maëlys", "Chloé", "Fatou", "Inès", "Lou-Anne")
MEN = ("Théo", "Yanis", "Mathéo", "Ibrahima", "Noël")
COMMUNES = ("44109", "44184", "49007", "53130", "72181", "85191")
TOWNS = ("Nantes", "Saint-Nazaire", "Angers", "Laval", "Le Mans", "La Roche-sur-Yon")


def siret(number: int) -> str:
    """A SIRET that passes both keys, the company's and the establishment's."""
    company = f"9{number:07d}"
    company += luhn.calc_check_digit(company)
    return f"{company}0001{luhn.calc_check_digit(company + '0001')}"


def days_ago(days: int) -> date:
    return clock.today() - timedelta(days=days)


class Stored(SQLAlchemyModelFactory):
    class Meta:
        abstract = True
        sqlalchemy_session_factory = db.session

    @classmethod
    def _save(cls, model_class, _session, args, kwargs):
        row = model_class(*args, **kwargs)
        with db.atomic() as current, db.as_system():
            current.add(row)
            current.flush()  # the row gets its id before it leaves the session
            current.expunge(row)
        return row


class OrganisationFactory(Stored):
    class Meta:
        model = Organisation

    class Params:
        cfa = factory.Trait(kind=Kind.CFA, town=factory.Sequence(lambda n: f"CFA de {TOWNS[n % len(TOWNS)]} {n}"))
        training_body = factory.Trait(
            kind=Kind.ORGANISME_FORMATION,
            town=factory.Sequence(lambda n: f"Formation et Avenir {TOWNS[n % len(TOWNS)]} {n}"),
        )
        employer = factory.Trait(
            kind=Kind.EMPLOYEUR, has_account=False, town=factory.Sequence(lambda n: f"Boulangerie Martin {n}")
        )
        france_travail = factory.Trait(
            kind=Kind.FRANCE_TRAVAIL, town=factory.Sequence(lambda n: f"France Travail {TOWNS[n % len(TOWNS)]} {n}")
        )
        town = factory.Sequence(lambda n: f"Mission locale de {TOWNS[n % len(TOWNS)]} {n}")

    kind = Kind.MISSION_LOCALE
    name = factory.SelfAttribute("town")
    siret = factory.Sequence(siret)
    commune = factory.Sequence(lambda n: COMMUNES[n % len(COMMUNES)])
    has_account = True


class UserFactory(Stored):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"agent{n}@exemple.fr")
    name = factory.Sequence(lambda n: f"{WOMEN[n % len(WOMEN)]} {FAMILY_NAMES[n % len(FAMILY_NAMES)]}")
    password_hash = None
    active = True


class MembershipFactory(Stored):
    class Meta:
        model = Membership

    class Params:
        user = factory.SubFactory(UserFactory)
        organisation = factory.SubFactory(OrganisationFactory)
        left = factory.Trait(ended_on=factory.LazyFunction(lambda: days_ago(1)))

    user_id = factory.SelfAttribute("user.id")
    organisation_id = factory.SelfAttribute("organisation.id")
    role = Role.CONSEILLER
    started_on = factory.LazyFunction(lambda: days_ago(400))
    ended_on = None


class PersonFactory(Stored):
    """A young woman of nineteen. ``followed_by=organisation`` links her to it as referent."""

    class Meta:
        model = Person

    class Params:
        minor = factory.Trait(age=17)
        adult = factory.Trait(age=44, given_name="Nathalie")
        man = factory.Trait(sex=Sex.M, given_name=factory.Sequence(lambda n: MEN[n % len(MEN)]))
        disabled = factory.Trait(rqth_until=factory.LazyFunction(lambda: days_ago(-700)))
        due_today = factory.Trait(next_on=factory.LazyFunction(clock.today))
        age = 19

    family_name = factory.Sequence(lambda n: FAMILY_NAMES[n % len(FAMILY_NAMES)])
    given_name = factory.Sequence(lambda n: WOMEN[n // 2 % len(WOMEN)])
    birth_date = factory.LazyAttribute(lambda wanted: days_ago(wanted.age * 366 + 100))
    sex = Sex.F
    commune = factory.Sequence(lambda n: COMMUNES[n % len(COMMUNES)])
    phone = factory.Sequence(lambda n: f"+336{n:08d}")
    email = None
    level = Level.L3

    @factory.post_generation
    def followed_by(self, _create, organisation, **link):
        if organisation is not None:
            LinkFactory(person=self, organisation=organisation, **link)


class EnrolmentFactory(Stored):
    """An active PACEA of two months. ``followed=True`` links its lead organisation to the person."""

    class Meta:
        model = Enrolment

    class Params:
        person = factory.SubFactory(PersonFactory)
        lead = factory.SubFactory(OrganisationFactory)
        in_training = factory.Trait(
            scheme="PRF_VISA_METIERS", state="in_training", planned_end=factory.LazyFunction(lambda: days_ago(-90))
        )
        apprentice = factory.Trait(
            scheme="APPRENTISSAGE", state="in_contract", planned_end=factory.LazyFunction(lambda: days_ago(-300))
        )
        closed_today = factory.Trait(
            state="closed", closed_on=factory.LazyFunction(clock.today), state_since=factory.LazyFunction(clock.today),
            outcome="EMPLOI_CDI",
        )  # fmt: skip
        dropped_out = factory.Trait(
            scheme="PRF_VISA_METIERS",
            state="dropped_out",
            closed_on=factory.LazyFunction(clock.today),
            outcome="ABANDON",
        )

    person_id = factory.SelfAttribute("person.id")
    lead_organisation_id = factory.SelfAttribute("lead.id")
    scheme = "PACEA"
    opened_on = factory.LazyFunction(lambda: days_ago(60))
    rules_on = factory.SelfAttribute("opened_on")
    state = "active"
    state_since = factory.SelfAttribute("opened_on")

    @factory.post_generation
    def followed(self, _create, wanted, **link):
        if wanted:
            ids = {"person_id": self.person_id, "enrolment_id": self.id, "organisation_id": self.lead_organisation_id}
            LinkFactory(**ids, **link)


class LinkFactory(Stored):
    """The referent for a year, still there. ``ended_days_ago=31`` ends it."""

    class Meta:
        model = Link

    class Params:
        person = factory.SubFactory(PersonFactory)
        organisation = factory.SubFactory(OrganisationFactory)
        user = None
        ended_days_ago = None

    person_id = factory.SelfAttribute("person.id")
    organisation_id = factory.SelfAttribute("organisation.id")
    user_id = factory.LazyAttribute(lambda wanted: wanted.user.id if wanted.user else None)
    role = LinkRole.REFERENT
    started_on = factory.LazyFunction(lambda: days_ago(365))
    ended_on = factory.LazyAttribute(
        lambda wanted: None if wanted.ended_days_ago is None else days_ago(wanted.ended_days_ago)
    )
    ended_recorded_at = factory.LazyAttribute(lambda wanted: wanted.ended_on and clock.noon(wanted.ended_on))


class JournalEntryFactory(Stored):
    """A contact a week ago, known that day."""

    class Meta:
        model = JournalEntry

    class Params:
        person = factory.SubFactory(PersonFactory)
        organisation = factory.SubFactory(OrganisationFactory)
        retracting = None
        late = factory.Trait(recorded_at=factory.LazyFunction(clock.now))

    person_id = factory.LazyAttribute(
        lambda wanted: wanted.retracting.person_id if wanted.retracting else wanted.person.id
    )
    organisation_id = factory.SelfAttribute("organisation.id")
    type = factory.LazyAttribute(lambda wanted: "retracted" if wanted.retracting else "contact")
    retracts = factory.LazyAttribute(lambda wanted: wanted.retracting.id if wanted.retracting else None)
    occurred_on = factory.LazyFunction(lambda: days_ago(7))
    recorded_at = factory.LazyAttribute(lambda wanted: clock.noon(wanted.occurred_on))
    source = Source.SCREEN
    payload = factory.LazyFunction(dict)


class SignalFactory(Stored):
    """No contact for a while, shown since yesterday."""

    class Meta:
        model = Signal

    class Params:
        person = factory.SubFactory(PersonFactory)
        ended = factory.Trait(closed_on=factory.LazyFunction(clock.today), close_reason="ended")
        corrected = factory.Trait(closed_on=factory.LazyFunction(clock.today), close_reason="corrected")

    person_id = factory.SelfAttribute("person.id")
    rule = "contact_silence"
    family = SignalFamily.CONTACT
    level = SignalLevel.WATCH
    shown_on = factory.LazyFunction(lambda: days_ago(1))
    since_on = factory.SelfAttribute("shown_on")


class AlertFactory(Stored):
    """Opened yesterday on silence, nobody's yet, to be dealt with within ten days."""

    class Meta:
        model = Alert

    class Params:
        person = factory.SubFactory(PersonFactory)
        organisation = factory.SubFactory(OrganisationFactory)
        owner = None
        closed_today = factory.Trait(
            state="resolved", closed_on=factory.LazyFunction(clock.today), outcome="contact_reestablished"
        )

    person_id = factory.SelfAttribute("person.id")
    organisation_id = factory.SelfAttribute("organisation.id")
    owner_id = factory.LazyAttribute(lambda wanted: wanted.owner.id if wanted.owner else None)
    family = SignalFamily.CONTACT
    level = SignalLevel.WATCH
    opened_on = factory.LazyFunction(lambda: days_ago(1))
    due_on = factory.LazyFunction(lambda: days_ago(-10))
    shown_on = factory.SelfAttribute("opened_on")
