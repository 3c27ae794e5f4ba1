"""The reference of the signals."""

from __future__ import annotations

import re

import pytest

from pathways import clock, db
from pathways.detection.rule import RULES
from pathways.models import Setting
from pathways.queries.signal_reference import looked_at, reference, references
from pathways.sharing.meanings import MEANINGS
from pathways.sharing.sentences import signal_title
from tests.scene import build
from tests.views.test_schemes import words


@pytest.fixture
def scene(client):
    return build()


def test_every_signal_is_told_once_with_its_meaning(scene, sign_in):
    page = sign_in(scene.counsellor).get("/signaux/")

    for rule in RULES:
        assert len(re.findall(rf'class="reference" id="{rule}"', page.text)) == 1, rule
    assert "Personne n’a échangé avec la personne depuis plus longtemps" in words(page)


def test_every_signal_has_its_meaning_and_every_meaning_its_signal():
    assert set(RULES) - set(MEANINGS) == set(), "write what they mean in pathways/sharing/meanings.py"
    assert set(MEANINGS) - set(RULES) == set()


def test_it_says_what_to_do_how_it_ends_who_sees_it_and_by_when(scene, sign_in):
    text = words(sign_in(scene.counsellor).get("/signaux/"))
    told = text[text.index("Mineur sans solution Urgent"):][:900]

    assert re.search(r"Que faire .*Fin Une situation qui satisfait", told)
    assert "Visible par l’organisme référent de la personne, ses co-référents" in told
    assert "Code de l’éducation L114-1" in told
    assert "Urgent à traiter dans les 2 jours ouvrés" in text
    assert "Les employeurs ne voient aucun point de vigilance" in text


def test_the_thresholds_are_those_of_the_reader(scene, sign_in):
    client = sign_in(scene.counsellor)
    db.session().add(Setting(
        organisation_id=scene.ml.id, scheme="CEJ", name="contact_silence.days", value=21, valid_from=clock.today(),
        recorded_at=clock.now(), user_id=scene.counsellor.id,
    ))
    db.session().flush()

    assert "CEJ 21 jours votre choix" in words(client.get("/signaux/"))


def test_a_signal_looks_at_some_schemes_at_all_or_at_the_person():
    assert looked_at(RULES["first_phase_overdue"]) == ("PACEA",)
    assert looked_at(RULES["no_solution_gap"]) == ()
    assert looked_at(RULES["missed_appointment"]) == ()


def test_a_signal_to_know_has_no_day_to_act():
    assert reference(RULES["missed_appointment"]).due == {}
    assert list(reference(RULES["repeated_no_show"]).due.values()) == [2, 5], "the most serious first"


def test_the_most_serious_come_first_in_their_family():
    for _family, found in references():
        tops = [max(each.rule.levels) for each in found]
        assert tops == sorted(tops, reverse=True)


def test_as_many_questions_are_asked_whatever_was_chosen(scene, sign_in, counting):
    client = sign_in(scene.counsellor)
    client.get("/signaux/")
    asked = []
    for days in (21, 22):
        with counting() as queries:
            client.get("/signaux/")
        asked.append(len(queries))
        db.session().add(Setting(
            organisation_id=scene.ml.id, scheme="CEJ", name="contact_silence.days", value=days, valid_from=clock.today(),
            recorded_at=clock.now(), user_id=scene.counsellor.id,
        ))
        db.session().flush()

    assert asked[0] == asked[1]


def test_titles_are_words_not_codes():
    assert [rule for rule in RULES if signal_title(rule) == rule] == []
