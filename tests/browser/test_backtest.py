"""« Et si ce seuil changeait ? » in a browser: tried, followed while it runs, read, applied."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from pathways import clock, db, queue
from pathways.models import Role, Setting
from pathways.operations.missed import open_missed
from tests.browser.test_screens import faults
from tests.factories import EnrolmentFactory, JournalEntryFactory, LinkFactory, PersonFactory, days_ago
from tests.scene import account


def somebody_gone(scene, declared, seen):
    """In a PACEA, last seen so many days ago, closed as unreachable."""
    person = PersonFactory()
    ended = {"state": "abandoned", "closed_on": days_ago(declared), "outcome": "INJOIGNABLE"}
    step = EnrolmentFactory(person=person, lead=scene.ml, opened_on=days_ago(150), **ended)
    LinkFactory(person=person, organisation=scene.ml, user=scene.counsellor, enrolment_id=step.id)
    for name, ago, payload in (
        ("accompaniment_started", 150, {}), ("contact", seen, {"channel": "telephone"}),
        ("closed", declared, {"outcome": "INJOIGNABLE"}),
    ):  # fmt: skip
        JournalEntryFactory(
            person=person, organisation=scene.ml, enrolment_id=step.id, type=name, occurred_on=days_ago(ago), payload=payload,
            recorded_at=clock.now() - timedelta(days=ago),
        )  # fmt: skip


@pytest.mark.parametrize(("width", "days"), [(1400, 20), (390, 25)])
def test_a_head_tries_a_threshold_on_past_days_and_applies_it(visit, site, valkey, width, days):
    why = f"Rejeu de l’automne, {days} jours"
    with db.as_system():
        with db.atomic():
            for number in range(6):
                somebody_gone(site.scene, declared=3 + number, seen=20 + 6 * number)
        head = account(site.scene.ml, "Hélène Roux", f"rejeu.{width}@exemple.fr", Role.RESPONSABLE_STRUCTURE)
        db.remove()
    visitor = visit(width)
    page = visitor.page
    visitor.sign_in(head.email)

    visitor.go("/et-si")
    told = {"form": faults(page)}
    page.get_by_label("Seuil", exact=True).first.select_option("contact_silence.days")
    page.get_by_label("Dispositif").first.select_option("PACEA")
    page.get_by_label("Valeur à essayer").first.fill("vingt")
    visitor.send(page.get_by_role("button", name="Rejouer"))
    expect(page.get_by_text("Indiquez une valeur").first).to_be_visible()
    page.get_by_label("Valeur à essayer").first.fill(f"{days}")
    visitor.picture("et-si-demander")
    visitor.send(page.get_by_role("button", name="Rejouer"))
    expect(page.get_by_role("progressbar")).to_be_visible()
    told["going"] = faults(page)
    queue.work(burst=True, fork=False)

    page.get_by_role("heading", name="À retenir").wait_for()  # the page looks again by itself
    expect(page.get_by_role("rowheader", name="Avec le changement").first).to_be_visible()
    told["figures"] = faults(page)
    visitor.picture("et-si")
    page.get_by_label("Pourquoi ce changement").fill(why)
    visitor.send(page.get_by_role("button", name="Voir l’effet aujourd’hui"))
    expect(page.get_by_role("status").get_by_text("aujourd’hui,")).to_be_visible()
    page.get_by_label("Pourquoi ce changement").fill(why)
    visitor.send(page.get_by_role("button", name="Appliquer", exact=True))
    expect(page.get_by_role("status").get_by_text("Ces seuils s’appliquent")).to_be_visible()

    assert {name: found for name, found in told.items() if found} == {}
    assert [fault for fault in visitor.faults if "422" not in fault] == []
    with db.as_system():
        assert [row.value for row in db.session().query(Setting).filter_by(reason=why)] == [days]
        db.remove()


def test_a_head_looks_again_at_a_rupture_nobody_was_warned_of(visit, site):
    with db.as_system():
        with db.atomic():
            somebody_gone(site.scene, declared=4, seen=26)
        open_missed()
        head = account(site.scene.ml, "Hélène Roux", "manque@exemple.fr", Role.RESPONSABLE_STRUCTURE)
        db.remove()
    visitor = visit()
    page = visitor.page
    visitor.sign_in(head.email)
    visitor.go("/equipe/revue/ruptures")
    page.get_by_role("link", name="revoir").first.click()

    page.get_by_role("heading", name="La règle la plus proche").wait_for()
    told = faults(page)
    visitor.picture("rupture-sans-alerte")
    page.get_by_label("Rien ne l’annonçait").check()
    visitor.send(page.get_by_role("button", name="Noter"))
    expect(page.get_by_text("C’est noté").first).to_be_visible()

    assert told == []
    assert visitor.faults == []
