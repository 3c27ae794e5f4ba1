"""A whole fictitious region behind a real server, once for each width of screen: what somebody does in a day of work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from config.testing import Testing
from pathways import clock, create_app, db
from pathways.demo.accounts import COUNSELLOR, PASSWORD, TRAINER
from pathways.demo.load import evaluate, load
from pathways.models import Membership, Organisation, User
from pathways.operations import likeness
from pathways.operations.groups import Described, create_group
from tests.browser.conftest import Site, Visitor, serving
from tests.databases import Servers
from tests.factories import LinkFactory, PersonFactory
from tests.scene import Scene, Told, iso

WIDTHS = {"bureau": 1400, "telephone": 390}
PERSONS, SEED = 500, 7
VISA = "PRF_VISA_METIERS"
AUTUMN = "Atelier cuisine, automne"
TRAINEES = (
    "Ambre Le Bris", "Bilal Haddad", "Chloé Marchand", "David Nguyen", "Emma Perrot", "Fanta Traoré", "Gaël Tessier",
    "Hawa Camara", "Ilan Robert", "Jade Morel", "Karl Weber", "Lina Benali", "Maël Guérin", "Nour Saïdi", "Oscar Lemoine",
)  # fmt: skip


@dataclass
class Region(Site):
    """The site, and the persons the stories are about, by given name."""

    width: int = 1400
    extra: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module", params=WIDTHS.values(), ids=WIDTHS)
def site(request, servers: Servers) -> Iterator[Region]:
    """The demo region with what the stories need besides."""
    database = servers.clone()
    try:
        app = create_app(
            Testing(
                database_url=database.app_url, owner_url=database.owner_url, redis_url=servers.redis_url(0), secret_key="x" * 32
            )
        )
        with db.as_system():
            load(PERSONS, SEED, clock.today())
            evaluate(clock.today())
            scene, extra = _tell()
            db.remove()
        with serving(app) as address:
            yield Region(address, scene, request.param, extra)
    finally:
        db.remove()
        db.dispose()
        servers.drop(database)


@pytest.fixture
def somebody(browser, site) -> Iterator[Visitor]:
    """``somebody(account)``: signed in, on the screen of this run."""
    contexts = []

    def signed_in(account) -> Visitor:
        context = browser.new_context(viewport={"width": site.width, "height": 900}, locale="fr-FR")
        contexts.append(context)
        visitor = Visitor(context.new_page(), site)
        visitor.sign_in(account.email, PASSWORD)
        return visitor

    yield signed_in
    for context in contexts:
        context.close()


def _tell() -> tuple[Scene, dict[str, str]]:
    """A group of fifteen, two records of one person, two bodies that contradict each other."""
    scene = _scene()
    steps = []
    for place, name in enumerate(TRAINEES):
        given, family = name.split(" ", 1)
        told = Told(scene, given, family, date(2005, 1 + place % 12, 3 + place), commune="44109")
        told.pacea(200).tell(9, "contact", {"channel": "phone"}).training(VISA, 50)
        steps.append(scene.steps[given, VISA])
    with db.atomic():
        first, last = clock.today() - timedelta(days=50), clock.today() + timedelta(days=70)
        described = Described(AUTUMN, VISA, first, last, scene.trainer.id)
        group = create_group(described, organisation_id=scene.body.id, members=steps)
    twin = PersonFactory(given_name="Lina", family_name="Benalli", birth_date=date(2005, 12, 14))
    LinkFactory(person=twin, organisation=scene.ml, user=scene.counsellor)
    Told(scene, "Rayan", "Kaci", date(2005, 4, 2)).pacea(120).tell(9, "contact").tell(6, "appointment", {"status": "noshow"})
    _contradiction(scene)
    with db.atomic():
        likeness.propose_many([twin.id])
    for person in scene.persons.values():
        Told.until_today(_again(scene, person))
    return scene, {"group": str(group), "trainee": TRAINEES[0]}


def _contradiction(scene: Scene) -> None:
    """Absent in one place while present in the other."""
    monday = clock.today().weekday() + 7
    told = Told(scene, "Sacha", "Vidal", date(2004, 8, 21)).pacea(200).tell(9, "contact").training(VISA, 60)
    told.sheet(monday, "UUPPPPPPPP", VISA)
    bodies = sa.select(Organisation).where(Organisation.kind == "organisme_formation", Organisation.id != scene.body.id)
    other = db.session().scalars(bodies.order_by(Organisation.id)).first()
    second = "PRF_ACCES_EMPLOI"
    told.tell(40, "prescribed", {"planned_start": iso(35)}, step=second, opens=True)
    LinkFactory(person=told.person, organisation=other, enrolment_id=scene.steps["Sacha", second], role="operator")
    for ago, event, data in ((38, "admitted", {"planned_start": iso(35)}), (35, "entered", {}),
                             (monday - 4, "attendance", {"from": iso(monday), "halves": "PPPPPPPPPP"})):  # fmt: skip
        told.tell(ago, event, data, step=second, by=other)


def _again(scene: Scene, person) -> Told:
    told = object.__new__(Told)
    told.scene, told.person = scene, person
    return told


def _scene() -> Scene:
    """The demo's own counsellor and trainer, in the shape the stories are told in."""
    session = db.session()
    both = sa.select(User).where(User.email.in_([COUNSELLOR.email, TRAINER.email]))
    people = {user.email: user for user in session.scalars(both)}
    of_whom = sa.select(Membership.user_id, Organisation).join(Organisation, Organisation.id == Membership.organisation_id)
    where = dict(session.execute(of_whom).all())
    counsellor, trainer = people[COUNSELLOR.email], people[TRAINER.email]
    return Scene(where[counsellor.id], where[trainer.id], counsellor, trainer)
