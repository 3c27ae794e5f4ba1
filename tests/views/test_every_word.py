"""No page says a word that a catalogue could not say otherwise.

Every message is translated into itself between brackets; what then stands outside brackets was not marked for translation,
unless it is data: a name, a number, a date, a code.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
import sqlalchemy as sa
from babel.dates import get_day_names, get_month_names
from babel.messages import Catalog
from babel.messages.mofile import write_mo

from pathways import db
from pathways.cli.catalogue import messages
from pathways.models import Locale, Organisation, Person, Role, Territory, User
from pathways.sharing import language, places
from pathways.workflows.reference import places as reference
from pathways.workflows.schemes import SCHEMES
from tests.scene import account, build

MARKED = re.compile("⟦[^⟦⟧]*⟧")
WORD = re.compile(r"[^\W\d_]{3,}")
SPOKEN = ("title", "placeholder", "aria-label", "alt")
NOTE = "Cherche une formation dans la logistique, mobile."
NOT_SAID = {"script", "style", "code", "kbd"}
PAGES = {
    "counsellor": ["/a-traiter", "/accompagnements", "/structure?tri=nom", "/seance-collective", "/personnes/nouvelle",
                   "/doublons/", "/compte/", "/accompagnements?q=zzz"],
    "trainer": ["/groupes", "/groupes/nouveau", "/stagiaires", "/positionnements", "/signalements", "/fichiers-recus/"],
    "manager": ["/equipe", "/equipe/alertes", "/equipe/attendus"],
    "administrator": ["/membres/", "/membres/inviter", "/seuils/", "/seuils/historique", "/partenaires/", "/partenaires/ajouter",
                      "/partenaires/notre-organisme", "/territoires/"],
}  # fmt: skip


class Words(HTMLParser):
    """Everything a page says: its texts, and the attributes that are read out or shown."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in NOT_SAID:
            self.inside.append(tag)
        self.said += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag):
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data):
        if not self.inside and data.strip():
            self.said.append(data.strip())


@pytest.fixture(scope="module")
def brackets(tmp_path_factory):
    """A folder of catalogues in which English is French between brackets."""
    catalogue = Catalog(locale="en", domain="pathways")
    for message in messages():
        if isinstance(message, tuple):
            catalogue.add(message, tuple(f"⟦{form}⟧" for form in message))
        else:
            catalogue.add(message, f"⟦{message}⟧")
    folder = tmp_path_factory.mktemp("translations")
    (folder / "en/LC_MESSAGES").mkdir(parents=True)
    with (folder / "en/LC_MESSAGES/pathways.mo").open("wb") as content:
        write_mo(content, catalogue)
    return folder


@pytest.fixture
def bracketed(brackets, monkeypatch):
    monkeypatch.setattr(language, "CATALOGUES", brackets)
    language._catalogue.cache_clear()
    yield
    language._catalogue.cache_clear()


@pytest.fixture
def people(session):
    """The small Mission locale of the scene, and somebody of each trade in it, who reads English."""
    scene = build()
    found = {
        "counsellor": scene.counsellor,
        "trainer": scene.trainer,
        "manager": account(scene.ml, "Hélène Gautier", "helene@exemple.fr", Role.CHEF_SERVICE),
        "administrator": account(scene.ml, "Yann Le Goff", "yann@exemple.fr", Role.ADMINISTRATEUR),
    }
    with db.atomic():
        session.execute(sa.update(User).values(locale=Locale.EN))
    return scene, found


def unmarked(page, data) -> list[str]:
    """The words of a page that are neither marked nor data."""
    words = Words()
    words.feed(page.text)
    left = []
    for text in words.said:
        rest = text
        while MARKED.search(rest):
            rest = MARKED.sub(" ", rest)
        for known in data:
            rest = rest.replace(known, " ")
        left += [word for word in WORD.findall(rest) if word not in data]
    return left


def names(session) -> list[str]:
    """What is data on a page: names of people and places, dates, schemes; the longest first."""
    found = {"Pathways", "Français", "English", "zzz", NOTE, *places.communes().values(), *SCHEMES}
    found |= {each.name for each in reference.epcis().values()}
    found |= {scheme.label for scheme in SCHEMES.values()}
    for column in (Person.family_name, Person.given_name, Organisation.name, User.name, User.email, Territory.name):
        found |= set(session.scalars(sa.select(column)))
    for width in ("wide", "abbreviated"):
        found |= set(get_month_names(width, locale="en").values()) | set(get_day_names(width, locale="en").values())
    return sorted((each for each in found if each), key=len, reverse=True)


@pytest.mark.parametrize("who", PAGES)
def test_every_word_of_every_page_can_be_said_in_another_language(who, people, bracketed, client, sign_in, session):
    scene, accounts = people
    data = names(session)
    sign_in(accounts[who])
    person = scene.persons["Yanis"].public_id
    asked = PAGES[who] + ([f"/personnes/{person}", f"/personnes/{person}/ouvrir"] if who in {"counsellor", "trainer"} else [])
    asked += [f"/personnes/{person}/identifiants/"] if who == "counsellor" else []

    wrong = {}
    for address in asked:
        page = client.get(address)
        assert page.status_code == 200, address
        if left := unmarked(page, data):
            wrong[address] = left

    assert not wrong, "\n".join(f"{address}: {left}" for address, left in wrong.items())


def test_what_is_not_marked_is_seen(session):
    page = type("Page", (), {"text": "<p title='Bonjour'>⟦Bonjour ⟦là⟧⟧ monde</p><p>Yanis</p>"})

    assert unmarked(page, ["Yanis"]) == ["Bonjour", "monde"]
