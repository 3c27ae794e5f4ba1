"""A small Mission locale with people in it, told through the operations the screens use: what page and browser tests look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.sweep import evaluate_now
from pathways.models import LinkRole, Membership, Organisation, Person, Role, User
from pathways.operations.recording import record_event
from pathways.sharing.passwords import hash_password
from tests.factories import LinkFactory, MembershipFactory, OrganisationFactory, PersonFactory, UserFactory

PASSWORD = "correct-horse-battery"


@dataclass
class Scene:
    """Two organisations, their people, and the persons they accompany by given name."""

    ml: Organisation
    body: Organisation
    counsellor: User
    trainer: User
    persons: dict[str, Person] = field(default_factory=dict)
    steps: dict[tuple[str, str], int] = field(default_factory=dict)


def account(organisation: Organisation, name: str, email: str, role: Role = Role.CONSEILLER) -> User:
    """Somebody who signs in with ``PASSWORD``."""
    user = UserFactory(name=name, email=email, password_hash=hash_password(PASSWORD))
    MembershipFactory(user=user, organisation=organisation, role=role)
    return user


def second_mandate(user: User, organisation: Organisation, role: Role = Role.CONSEILLER) -> Membership:
    return MembershipFactory(user=user, organisation=organisation, role=role)


class Told:
    """Tells the story of one person: each call is one declaration, known the day it happened."""

    def __init__(self, scene: Scene, name: str, family: str, born: date, **identity) -> None:
        self.scene, self.name = scene, name
        self.person = PersonFactory(given_name=name, family_name=family, birth_date=born, **identity)
        LinkFactory(person=self.person, organisation=scene.ml, user=scene.counsellor)
        scene.persons[name] = self.person
        self.tell(400, "identity_stated", {"born": born.isoformat()})

    def tell(self, days_ago: int, event: str, data=None, *, step="PACEA", opens=False, by=None) -> Told:
        organisation = by or self.scene.ml
        user = self.scene.counsellor if organisation is self.scene.ml else self.scene.trainer
        day = clock.today() - timedelta(days=days_ago)
        known = self.scene.steps.get((self.name, step))
        about_person = event in {"identity_stated", "ft_registered", "school_exit"}
        with clock.at(day), db.atomic() as session:
            record_event(
                person_id=self.person.id,
                type=event,
                occurred_on=day,
                data=data or {},
                organisation_id=organisation.id,
                user_id=user.id,
                enrolment_id=None if opens or about_person else known,
                scheme=step if opens else None,
                source="screen",
            )
            if opens:
                newest = sa.text("select max(id) from enrolment where person_id = :id")
                self.scene.steps[self.name, step] = session.scalar(newest, {"id": self.person.id})
        return self

    def until_today(self) -> Told:
        """The nights since the last declaration."""
        with db.atomic():
            evaluate_now(self.person.id, clock.today())
        return self

    def pacea(self, since: int) -> Told:
        return (
            self.tell(since + 15, "orientation_notified", opens=True)
            .tell(since + 12, "assessment")
            .tell(since, "engagement_signed", {"legal_representative_signed": True})
            .tell(since - 1, "phase_started", {"n": 1, "planned_end": iso(-(since - 180))})
        )

    def training(self, scheme: str, entered: int, planned_days: int = 120) -> Told:
        end = iso(entered - planned_days)
        self.tell(entered + 20, "prescribed", {"planned_start": iso(entered), "planned_end": end}, step=scheme, opens=True)
        LinkFactory(
            person=self.person,
            organisation=self.scene.body,
            user=self.scene.trainer,
            role=LinkRole.OPERATOR,
            enrolment_id=self.scene.steps[self.name, scheme],
        )
        self.tell(entered + 10, "admitted", {"planned_start": iso(entered)}, step=scheme, by=self.scene.body)
        return self.tell(entered, "entered", {"planned_end": end}, step=scheme, by=self.scene.body)

    def sheet(self, monday_ago: int, halves: str, scheme: str) -> Told:
        return self.tell(
            monday_ago - 4, "attendance", {"from": iso(monday_ago), "halves": halves}, step=scheme, by=self.scene.body
        )


def iso(days_ago: int) -> str:
    return (clock.today() - timedelta(days=days_ago)).isoformat()


VISA = "PRF_VISA_METIERS"


def _last_monday() -> int:
    """How many days ago."""
    return clock.today().weekday()


def _maelys(scene: Scene) -> None:
    Told(scene, "Maëlys", "Guérin", date(2006, 5, 3), commune="44109").pacea(150).tell(70, "contact", {"channel": "phone"})


def _yanis(scene: Scene) -> None:
    monday = _last_monday()
    (
        Told(scene, "Yanis", "Benali", date(2005, 9, 14), sex="M", commune="44184")
        .pacea(200)
        .tell(90, "contact", {"channel": "phone", "note": "Cherche une formation dans la logistique, mobile."})
        .training(VISA, 60)
        .sheet(monday + 21, "PPPPPPPPPP", VISA)
        .sheet(monday + 14, "PPPPUUUUPP", VISA)
        .sheet(monday + 7, "UUUUUUUUUU", VISA)
        .tell(3, "risk_flag", {"dimension": "organisation_personnelle", "level": 2}, step=VISA, by=scene.body)
    )


def _fatou(scene: Scene) -> None:
    (
        Told(scene, "Fatou", "Diallo", date(2007, 1, 22), commune="49007")
        .pacea(120)
        .tell(45, "obstacle", {"theme": "mobilite", "severity": "bloquant"})
        .tell(40, "contact", {"channel": "sms"})
        .tell(25, "appointment", {"status": "noshow"})
        .tell(10, "appointment", {"status": "noshow"})
    )


def _theo(scene: Scene) -> None:
    (
        Told(scene, "Théo", "Le Goff", date(2004, 3, 30), sex="M", commune="44109")
        .pacea(300)
        .training(VISA, 100, planned_days=115)
        .sheet(_last_monday() + 7, "PPPPPPPPPP", VISA)
        .tell(8, "contact", {"channel": "visit"})
    )


def _chloe(scene: Scene) -> None:
    chloe = Told(scene, "Chloé", "Rousseau-Petit", date(2006, 11, 2), commune="53130")
    chloe.tell(45, "orientation_notified", opens=True).tell(40, "assessment").tell(20, "contact")


def _ibrahima(scene: Scene) -> None:
    ibrahima = Told(scene, "Ibrahima", "Nguyen", date(2005, 6, 18), sex="M", commune="72181")
    ibrahima.pacea(60).tell(5, "contact", {"channel": "phone"})


def _ines(scene: Scene) -> None:
    Told(scene, "Inès", "Lemoine", date(2005, 2, 8), commune="85191").pacea(90).tell(30, "contact")


def _noel(scene: Scene) -> None:
    noel = Told(scene, "Noël", "Œuvrard", date(2000, clock.today().month, 28), sex="M", commune="44109", phone=None)
    noel.pacea(500).tell(20, "contact")


_LIVES = {
    "Maëlys": _maelys, "Yanis": _yanis, "Fatou": _fatou, "Théo": _theo, "Chloé": _chloe, "Ibrahima": _ibrahima, "Inès": _ines,
    "Noël": _noel,
}  # fmt: skip


def build(*only: str) -> Scene:
    """The two organisations and these persons, or everybody. Runs in the system's scope."""
    ml = OrganisationFactory(town="Mission locale du Pays de Retz", phone="+33240020202")
    body = OrganisationFactory(training_body=True, town="Formation et Avenir Nantes", phone="+33240111111")
    counsellor = account(ml, "Claire Moreau", "claire.moreau@exemple.fr")
    trainer = account(body, "Karim Benali", "karim.benali@exemple.fr", Role.FORMATEUR_REFERENT)
    scene = Scene(ml, body, counsellor, trainer)
    for name, live in _LIVES.items():
        if not only or name in only:
            live(scene)
    for person in scene.persons.values():
        with db.atomic():
            evaluate_now(person.id, clock.today())
    return scene
