"""Who sees what of a feed, what rows cost, who is recognised, and what the command answers."""

from __future__ import annotations

import json
from datetime import date

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from pathways.cli.import_feed import command
from pathways.models import DuplicateProposal, ExternalId, FeedRecord, FeedRefusal, FeedRun, Person
from tests.exchange.dossiers_apprenants.conftest import SIRET, UAI, a_row
from tests.factories import LinkFactory, OrganisationFactory, PersonFactory


def seen(session, *kinds):
    session.expire_all()
    return [session.scalar(sa.select(sa.func.count()).select_from(kind)) for kind in kinds]


def test_a_feed_is_shown_to_its_own_organisation_alone(centre, session, acting_for):
    ml = OrganisationFactory()
    centre.send(a_row(1, cause_rupture_contrat="conflit", contrat_date_rupture="2026-02-16"), a_row(2, sexe_apprenant="Z"))
    LinkFactory(person=centre.person(), organisation=ml)

    with acting_for(centre.cfa):
        assert seen(session, FeedRun, FeedRefusal, FeedRecord) == [1, 1, 1]
    with acting_for(ml):
        assert seen(session, Person, FeedRun, FeedRefusal, FeedRecord) == [1, 0, 0, 0]


def test_a_set_of_rows_costs_the_same_whatever_their_number(centre, counting):
    with counting() as few:
        centre.send(a_row(0), a_row(200, sexe_apprenant="Z"))
    with counting() as more:
        centre.send(*(a_row(n) for n in range(1, 51)), a_row(201, sexe_apprenant="Z"))

    assert len(more) <= len(few) + 2


def test_somebody_who_resembles_a_known_person_gets_a_record_and_a_human_is_asked(centre, session):
    same = {"family_name": "Durandbaa0", "given_name": "Léa", "birth_date": centre_birth()}
    known = PersonFactory(**same, followed_by=OrganisationFactory())

    centre.send(a_row(1))

    assert centre.person().id != known.id
    pair = session.scalars(sa.select(DuplicateProposal)).one()
    assert {pair.first_id, pair.second_id} == {known.id, centre.person().id}


def test_a_national_number_with_the_birth_date_names_somebody_exactly(centre, session):
    known = PersonFactory(birth_date=centre_birth(), followed_by=OrganisationFactory())
    session.add(ExternalId(person_id=known.id, system="ine", value="1234567890A"))
    session.flush()

    centre.send(a_row(1, ine_apprenant="1234567890a"))
    centre.send(a_row(2, ine_apprenant="1234567890a"))

    assert centre.person("erp-1").id == known.id
    assert centre.person("erp-2").id != known.id


def centre_birth():
    return date.fromisoformat(a_row(1)["date_de_naissance_apprenant"])


@pytest.fixture
def run(centre, tmp_path):
    def go(rows, *options, sender=SIRET):
        path = tmp_path / "envoi.json"
        path.write_text(json.dumps(rows), encoding="utf-8")
        return CliRunner().invoke(command, [str(path), "--as", sender, *options])

    return go


def test_the_command_says_what_became_of_each_row(run):
    good, bad = run([a_row(1)]), run([a_row(1), a_row(2, sexe_apprenant="Z")])

    assert (good.exit_code, bad.exit_code) == (0, 1)
    assert "1 lignes lues : 1 créées" in good.stdout
    assert "Ligne 2, sexe_apprenant [sex_invalid] : M, H ou F attendu" in bad.stdout
    assert "Attendu : M, H ou F. Corriger le sexe." in bad.stdout


def test_a_rehearsal_says_so(run, session):
    assert "Essai : rien n’a été écrit." in run([a_row(1)], "--dry-run").stdout
    assert seen(session, FeedRun, FeedRecord, Person) == [0, 0, 0]


@pytest.mark.parametrize("sender", [SIRET, UAI, UAI.lower(), "cfa des essais", "779 378 272 00016"])
def test_the_sender_may_be_named_in_several_ways(run, sender):
    assert run([a_row(1)], sender=sender).exit_code == 0


def test_an_unknown_or_ambiguous_sender_gets_candidates(run):
    OrganisationFactory(cfa=True, town="CFA des Essais", siret=SIRET, uai="0441111A")

    for sender, said in (("CFA", "Aucun organisme"), ("CFA des Essais", "Plusieurs organismes"), (SIRET, "Plusieurs organismes")):
        answer = run([a_row(1)], sender=sender)
        assert answer.exit_code == 2
        assert said in answer.stderr
        assert UAI in answer.stderr


def test_what_is_no_feed_could_not_run(run):
    answer = run({"a": 1})

    assert answer.exit_code == 2
    assert "tableau JSON" in answer.stderr
