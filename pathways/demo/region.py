"""The organisations and users of the synthetic region: who accompanies, trains and employs."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from statistics import NormalDist
from typing import Any

from pathways.demo import accounts, names, numbers
from pathways.demo import parameters as p
from pathways.demo.territory import MISSIONS_LOCALES, Territory, territories
from pathways.workflows.actors import Kind

CLOSURE, HEAP, PEAK = "closure", "heap", "september"
SCENARIOS = {
    CLOSURE: "a training body closes, six months ago: everybody there is out on one day",
    HEAP: "the first mission locale enters nothing for five weeks, then everything at once",
    PEAK: "three times as many arrivals from September to November",
}
"""What may be added to the ordinary two years."""
CLOSED_DAYS_AGO = 180
WOMEN_AMONG_STAFF = 0.7
SECTORS = tuple(p.SECTOR_RATIO)
SIZES = tuple(p.SIZE_RATIO)
CFA_NAMES = {
    "hotel": ("CFA des métiers de la table", "CFA Hôtellerie de l’Ouest"),
    "hair": ("CFA de la beauté", "CFA Coiffure et esthétique"),
    "food": ("CFA des métiers de bouche", "CFA Boulangerie et pâtisserie"),
    "trade": ("CFA Commerce et automobile", "CFA de la vente"),
    "construction": ("CFA du bâtiment de Loire", "CFA des compagnons bâtisseurs"),
    "other": ("CFA de l’industrie et des services", "CFA Supérieur de l’Ouest"),
}
CFA_EFFECTS = (0.20, 0.28, 0.35, 0.40, 0.45, 0.37)
"""Log-hazard of the better and the worse body of each sector: the spread of the bodies without confounding it with sectors."""
COURSES = (
    "Atelier des savoirs",
    "Tremplin formation",
    "Passerelle compétences",
    "Horizon formation",
    "Cap avenir conseil",
    "Alizé formation",
    "Estuaire compétences",
    "Bocage formation",
    "Loire insertion formation",
    "Maine apprentissages",
    "Vendée projets",
    "Sillon formation",
    "Les Mauges formation",
)
SHOPS = {
    "hotel": "Restaurant",
    "hair": "Salon",
    "food": "Boulangerie",
    "trade": "Garage",
    "construction": "Entreprise de bâtiment",
    "other": "Société",
}
AROUND = (
    (Kind.SIAE, "conseiller", "Les Ateliers du quai"),
    (Kind.E2C, "formateur_referent", "École de la 2e chance Exemple"),
    (Kind.PSAD, "animateur_psad", "PSAD de l’agglomération nantaise"),
)
AGENCIES = (
    ("Nantes", "44109"),
    ("Angers", "49007"),
    ("Le Mans", "72181"),
    ("Laval", "53130"),
    ("Cholet", "49099"),
    ("La Roche-sur-Yon", "85191"),
    ("Saint-Nazaire", "44184"),
    ("Les Sables-d’Olonne", "85194"),
    ("Les Herbiers", "85109"),
    ("Saumur", "49328"),
    ("Rezé", "44143"),
    ("Saint-Herblain", "44162"),
    ("Châteaubriant", "44036"),
    ("Ancenis", "44003"),
    ("Clisson", "44043"),
    ("Pornic", "44131"),
    ("Sablé-sur-Sarthe", "72264"),
    ("La Flèche", "72154"),
    ("Fontenay-le-Comte", "85092"),
    ("Mayenne", "53147"),
    ("Challans", "85047"),
)


@dataclass(frozen=True, slots=True)
class Body:
    """One organisation. ``number`` counts from 1 within the region. The rest is what the simulation needs of training bodies.

    ``effect``: what the body adds to the log-hazard of a rupture; ``flags``: it declares the difficulties it sees;
    ``outages``: periods (first and last day) in which it enters nothing.
    """

    number: int
    kind: Kind
    name: str
    public_id: str
    commune: str | None = None
    siret: str | None = None
    uai: str | None = None
    code: str | None = None
    phone: str | None = None
    has_account: bool = True
    effect: float = 0.0
    flags: bool = False
    outages: tuple[tuple[date, date], ...] = ()
    staff: tuple[int, ...] = ()
    """Users who follow persons: counsellors, referent trainers, coordinators."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user, and the one organisation and role they have."""

    number: int
    name: str
    email: str
    role: str
    organisation: int
    public_id: str
    signs_in: bool


@dataclass(frozen=True, slots=True)
class Departure:
    """A counsellor who left, and who took the persons over."""

    on: date
    successor: int


@dataclass(slots=True)
class Region:
    """Everything persons are placed into. ``missions`` and ``agencies`` list first those that have persons."""

    as_of: date
    bodies: list[Body] = field(default_factory=list)
    users: list[Account] = field(default_factory=list)
    missions: list[tuple[Body, Territory]] = field(default_factory=list)
    mission_weights: list[int] = field(default_factory=list)
    agencies: list[Body] = field(default_factory=list)
    courses: list[Body] = field(default_factory=list)
    cfas: dict[str, tuple[Body, ...]] = field(default_factory=dict)
    employers: dict[tuple[str, str], list[Body]] = field(default_factory=dict)
    departures: dict[int, Departure] = field(default_factory=dict)
    closures: dict[int, date] = field(default_factory=dict)
    """Training bodies that close: number → first day without them."""
    around: list[Body] = field(default_factory=list)
    """One body of each further kind: written lives pass through them."""
    silent: list[Body] = field(default_factory=list)
    """Named, and followed by nobody here: the Région, missions locales without persons."""

    def open_courses(self, day: date) -> list[Body]:
        """The training bodies that still exist on ``day``."""
        return [body for body in self.courses if day < self.closures.get(body.number, date.max)]

    def user(self, number: int | None) -> Account:
        assert number is not None
        return self.users[number - 1]

    def acting(self, user: int, day: date) -> int:
        """Who follows on ``day`` the persons that were given to ``user``."""
        left = self.departures.get(user)
        return left.successor if left and day > left.on else user


class Founding:
    """A region being founded: numbers and identifiers are handed out in order, chance decides the rest."""

    def __init__(self, persons: int, seed: int, as_of: date, scenarios: Collection[str]) -> None:
        self.persons, self.scenarios = persons, scenarios
        self.chance = Random(f"{seed}:region")
        self.region = Region(as_of)

    def body(self, kind: Kind, name: str, *, commune: str | None = None, **more: Any) -> Body:
        number = len(self.region.bodies) + 1
        made = Body(
            number,
            kind,
            name,
            self.identifier(),
            commune,
            siret=numbers.siret(number),
            phone=numbers.office_phone(number),
            **more,
        )
        self.region.bodies.append(made)
        return made

    def identifier(self) -> str:
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def staff(self, role: str, count: int, *known: accounts.Account) -> tuple[int, ...]:
        """``count`` users of the next body, the first of them being the demo accounts given."""
        organisation = len(self.region.bodies) + 1
        return tuple(self._user(role, organisation, known[at] if at < len(known) else None) for at in range(count))

    def _user(self, role: str, organisation: int, known: accounts.Account | None) -> int:
        number = len(self.region.users) + 1
        sex = "F" if self.chance.random() < WOMEN_AMONG_STAFF else "M"
        name = known.name if known else f"{names.given_name(self.chance, sex)} {names.family_name(self.chance)}"
        email = known.email if known else f"agent{number}@example.org"
        self.region.users.append(Account(number, name, email, role, organisation, self.identifier(), known is not None))
        return number

    def outages(self) -> tuple[tuple[date, date], ...]:
        """One period a year without any entry, over three years."""
        length = 7 * p.OUTAGE_WEEKS
        firsts = (self.region.as_of - timedelta(365 * year + self.chance.randrange(length, 365)) for year in range(3))
        return tuple((first, first + timedelta(length - 1)) for first in firsts)


def found(persons: int, seed: int, as_of: date, scenarios: Collection[str] = ()) -> Region:
    """The region for that many persons. The same values give the same region."""
    founding = Founding(persons, seed, as_of, scenarios)
    _missions(founding)
    _agencies(founding)
    _courses(founding)
    _cfas(founding)
    _employers(founding)
    staff = founding.staff("gestionnaire_region", 1, accounts.REGION)
    founding.region.silent.append(founding.body(Kind.REGION, "Région Pays de la Loire", commune="44109", staff=staff))
    _around(founding)
    _departure(founding.region)
    if CLOSURE in scenarios:
        founding.region.closures[founding.region.courses[-1].number] = as_of - timedelta(CLOSED_DAYS_AGO)
    return founding.region


def _missions(founding: Founding) -> None:
    places, as_of = territories(), founding.region.as_of
    ranked = sorted(MISSIONS_LOCALES, key=lambda mission: -places[mission[0]].population)
    open_persons = founding.persons * p.OPEN_SHARE
    # Few missions locales with realistic caseloads rather than twenty-one with three persons each.
    used = ranked[: max(1, min(len(ranked), int(open_persons / (2 * p.CASELOAD))))]
    total = sum(places[code].population for code, _, _ in used)
    for code, name, seat in (*used, *(mission for mission in MISSIONS_LOCALES if mission not in used)):
        share = places[code].population / total if (code, name, seat) in used else 0.0
        is_first = code == used[0][0]
        known = (accounts.COUNSELLOR,) if is_first else ()
        counsellors = founding.staff("conseiller", max(2, round(open_persons * share / p.CASELOAD)), *known)
        founding.staff("chef_service", 1, *((accounts.MANAGER,) if is_first else ()))
        founding.staff("administrateur", 1, *((accounts.ADMINISTRATOR,) if is_first else ()))
        heap = ((as_of - timedelta(70), as_of - timedelta(36)),) if is_first and HEAP in founding.scenarios else ()
        body = founding.body(Kind.MISSION_LOCALE, name, commune=seat, code=code, staff=counsellors, outages=heap)
        if share:
            founding.region.missions.append((body, places[code]))
            founding.region.mission_weights.append(places[code].population)
        else:
            founding.region.silent.append(body)


def _agencies(founding: Founding) -> None:
    open_persons = founding.persons * p.AGENCY_SHARE
    used = max(1, min(len(AGENCIES), int(open_persons / p.CASELOAD)))
    for at, (town, commune) in enumerate(AGENCIES):
        count = max(1, round(open_persons / used / p.CASELOAD)) if at < used else 1
        staff = founding.staff("conseiller", count, *((accounts.FRANCE_TRAVAIL,) if at == 0 else ()))
        body = founding.body(Kind.FRANCE_TRAVAIL, f"France Travail {town}", commune=commune, code=f"99{at + 1:03d}", staff=staff)
        (founding.region.agencies if at < used else founding.region.silent).append(body)


def _courses(founding: Founding) -> None:
    spread = NormalDist(0, p.BODY_SPREAD)
    effects = [spread.inv_cdf((at + 0.5) / len(COURSES)) for at in range(len(COURSES))]
    founding.chance.shuffle(effects)
    for at, name in enumerate(COURSES):
        staff = founding.staff("formateur_referent", 2, *((accounts.TRAINER,) if at == 0 else ()))
        founding.region.courses.append(
            founding.body(
                Kind.ORGANISME_FORMATION,
                name,
                commune=MISSIONS_LOCALES[at][2],
                staff=staff,
                effect=effects[at],
                flags=at < p.ACTIVE_BODIES * len(COURSES),
                outages=founding.outages(),
            )
        )


def _cfas(founding: Founding) -> None:
    for at, sector in enumerate(SECTORS):
        pair = []
        for side, name in enumerate(CFA_NAMES[sector]):
            first = at == 0 and side == 0
            staff = founding.staff("coordinateur_cfa", 2, *((accounts.COORDINATOR,) if first else ()))
            founding.staff("formateur_referent", 1)
            pair.append(
                founding.body(
                    Kind.CFA,
                    name,
                    commune=MISSIONS_LOCALES[(2 * at + side) % 21][2],
                    staff=staff,
                    uai=numbers.uai(2 * at + side),
                    effect=CFA_EFFECTS[at] * (1 if side else -1),
                    flags=(2 * at + side) % 10 < 10 * p.ACTIVE_BODIES,
                    outages=founding.outages(),
                )
            )
        founding.region.cfas[sector] = tuple(pair)


def _employers(founding: Founding) -> None:
    count = max(3, founding.persons // 700)
    for sector in SECTORS:
        for size in SIZES:
            founding.region.employers[sector, size] = [
                founding.body(Kind.EMPLOYEUR, f"{SHOPS[sector]} Exemple {number}", has_account=False)
                for number in _labels(size, count)
            ]


def _around(founding: Founding) -> None:
    for kind, role, name in AROUND:
        staff = founding.staff(role, 1)
        founding.region.around.append(founding.body(kind, name, commune="44109", staff=staff))


def _labels(size: str, count: int) -> Iterator[str]:
    letter = "ABC"[SIZES.index(size)]
    return (f"{letter}{number}" for number in range(1, count + 1))


def _departure(region: Region) -> None:
    """One counsellor of the first mission locale left five months ago; a colleague took the persons over."""
    counsellors: Sequence[int] = region.missions[0][0].staff
    left = region.as_of - timedelta(150)
    region.departures[counsellors[-1]] = Departure(left - timedelta(left.weekday()), counsellors[-2])
