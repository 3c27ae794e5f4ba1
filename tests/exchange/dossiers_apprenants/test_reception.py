"""What becomes of the rows of a file: persons, steps, entries; and what a later file changes."""

import pytest
import sqlalchemy as sa

from pathways.exchange.dossiers_apprenants import reception
from pathways.exchange.dossiers_apprenants.bodies import body_of
from pathways.models import Enrolment, FeedRecord, FeedRefusal, FeedRun, JournalEntry, Link, Person
from pathways.operations.merging import join
from tests.exchange.dossiers_apprenants.conftest import a_row, entries
from tests.factories import OrganisationFactory, PersonFactory, UserFactory


def test_a_row_opens_a_person_a_step_and_its_entries(centre, session):
    report = centre.send(a_row())

    assert (report.total, report.created, report.refused) == (1, 1, [])
    person = centre.person()
    assert (person.family_name, person.given_name) == ("DURANDBAA0", "Léa")
    assert centre.journal() == [
        ("identity_stated", "2025-07-01"), ("work_contract_signed", "2025-09-01"), ("work_contract_started", "2025-09-01"),
    ]
    assert centre.steps() == [("probation", "2025-09-01")]
    step = session.scalars(sa.select(Enrolment)).one()
    assert (step.scheme, step.lead_organisation_id) == ("APPRENTISSAGE", centre.cfa.id)
    assert step.planned_end.isoformat() == "2027-08-31"
    assert session.scalars(sa.select(JournalEntry.source).distinct()).all() == ["feed"]
    assert session.scalars(sa.select(Link.organisation_id)).all() == [centre.cfa.id]


def test_the_same_file_again_writes_nothing_in_the_journal(centre, session):
    rows = [a_row(n) for n in range(5)]
    centre.send(*rows)
    before = entries(session)

    report = centre.send(*rows)

    assert (report.created, report.updated, report.unchanged, report.entries) == (0, 0, 5, 0)
    assert entries(session) == before


def test_a_learner_without_contract_is_in_the_centre_and_the_contract_found_later_is_of_the_same_step(centre):
    centre.send(a_row(contrat_date_debut=..., contrat_date_fin=..., date_entree_formation="2026-02-02"))
    assert centre.steps() == [("cfa_without_contract", "2026-02-02")]

    centre.send(a_row(contrat_date_debut="2026-03-09", contrat_date_fin="2027-08-31", date_entree_formation="2026-02-02"))

    assert centre.steps() == [("contract_signed", "2026-03-02")]


def test_an_employer_found_after_the_legal_three_months_is_another_step(centre):
    centre.send(a_row(contrat_date_debut="2026-01-05"))

    assert centre.steps() == [("left_without_contract", "2025-12-01"), ("probation", "2026-01-05")]


def test_a_break_then_a_new_contract(centre):
    centre.send(a_row())
    broken = {"contrat_date_rupture": "2026-02-16", "cause_rupture_contrat": "Démission de l'apprenti"}
    centre.send(a_row(**broken))
    assert centre.steps() == [("broken_continuing_cfa", "2026-02-16")]

    centre.send(a_row(**broken, contrat_date_debut_2="2026-02-23", contrat_date_fin_2="2027-08-31"))

    assert centre.steps() == [("broken_closed", "2026-02-23"), ("probation", "2026-02-23")]


def test_a_date_that_changes_is_taken_back_and_declared_again(centre, session):
    centre.send(a_row(contrat_date_rupture="2026-02-16"))

    report = centre.send(a_row(contrat_date_rupture="2026-02-20"))

    assert (report.updated, report.entries) == (1, 2)
    assert ("contract_broken", "2026-02-20") in centre.journal()
    assert ("contract_broken", "2026-02-16") not in centre.journal()
    assert session.scalar(sa.select(sa.func.count()).where(JournalEntry.type == "contract_broken")) == 2
    assert centre.steps() == [("broken_continuing_cfa", "2026-02-20")]


def test_a_contract_left_out_later_is_kept_and_said(centre):
    centre.send(a_row())

    report = centre.send(a_row(contrat_date_debut=..., contrat_date_fin=...))

    assert report.warned == {"contract_kept": 1}
    assert centre.steps() == [("probation", "2025-09-01")]


def test_a_blank_never_clears_but_what_is_asked_to_be_cleared(centre):
    centre.send(a_row(date_exclusion_formation="2026-02-02"))
    assert centre.steps() == [("dropped_out", "2026-02-02")]

    centre.send(a_row(date_exclusion_formation=None))
    assert centre.steps() == [("dropped_out", "2026-02-02")]

    centre.send(a_row(champs_a_effacer=["date_exclusion_formation"]))
    assert centre.steps() == [("probation", "2025-09-01")]


def test_a_contract_sent_by_mistake_can_be_cleared(centre):
    centre.send(a_row(contrat_date_debut_2="2026-02-23", contrat_date_rupture="2026-02-20"))

    centre.send(a_row(champs_a_effacer=["contrat_date_debut_2", "contrat_date_rupture"]))

    assert centre.steps() == [("probation", "2025-09-01"), ("announced", "2026-02-23")]


def test_a_contract_to_come_begins_on_its_day(centre, frozen_clock):
    from pathways.detection.sweep import sweep

    centre.send(a_row(contrat_date_debut="2026-03-16", date_entree_formation="2026-03-09"))
    assert centre.steps() == [("contract_signed", "2026-03-02")]

    frozen_clock.advance(days=14)
    sweep(frozen_clock.today)

    assert centre.steps() == [("probation", "2026-03-16")]


def test_a_break_announced_in_advance_acts_on_its_day(centre, frozen_clock):
    from pathways.detection.sweep import sweep

    centre.send(a_row(contrat_date_rupture="2026-03-16"))
    assert centre.steps() == [("probation", "2025-09-01")]

    frozen_clock.advance(days=14)
    sweep(frozen_clock.today)

    assert centre.steps() == [("broken_continuing_cfa", "2026-03-16")]


def test_a_contract_whose_last_day_is_past_has_ended_and_the_diploma_is_known(centre):
    centre.send(a_row(
        contrat_date_debut="2024-09-02", date_entree_formation="2024-09-02", contrat_date_fin="2026-02-27",
        date_fin_formation="2026-02-27", obtention_diplome_formation=True, date_obtention_diplome_formation="2026-02-20",
    ))

    assert centre.steps() == [("completed", "2026-02-27")]
    assert ("certification_result", "2026-02-20") in centre.journal()


def test_a_contract_broken_before_its_first_day_is_cancelled(centre):
    centre.send(a_row(contrat_date_rupture="2025-08-25"))

    assert ("cancelled", "2025-08-25") in centre.journal()
    assert ("cancelled", "2025-08-25") in centre.steps()


def test_a_year_later_the_same_contract_goes_on_in_one_step(centre, session):
    centre.send(a_row())
    before = entries(session)

    report = centre.send(a_row(annee_scolaire="2026-2027"))

    assert (report.created, report.entries, report.warned) == (1, 0, {"year_continued": 1})
    assert entries(session) == before
    assert session.scalar(sa.select(sa.func.count(Person.id))) == 1
    centre.send(a_row(annee_scolaire="2026-2027", contrat_date_rupture="2026-02-16"))
    assert centre.steps() == [("broken_continuing_cfa", "2026-02-16")]
    again = centre.send(a_row(), a_row(annee_scolaire="2026-2027", contrat_date_rupture="2026-02-16"))
    assert (again.unchanged, again.entries) == (2, 0)


def test_an_identifier_given_to_somebody_else_keeps_two_persons_apart(centre, session):
    centre.send(a_row())
    first = centre.person().id

    report = centre.send(a_row(nom_apprenant="Autre", prenom_apprenant="Paul", date_de_naissance_apprenant="2001-01-01"))

    assert report.warned == {"identifier_reused": 1}
    assert centre.person().id != first
    assert session.scalar(sa.select(sa.func.count(Person.id))) == 2


def test_an_identity_corrected_is_stated_again(centre):
    centre.send(a_row())

    centre.send(a_row(nom_apprenant="Durant"))

    assert centre.person().family_name == "DURANT"
    assert ("identity_stated", "2026-03-02") in centre.journal()


def test_rows_without_any_identifier_stay_apart(centre, session):
    report = centre.send(a_row(1, id_erp_apprenant=""), a_row(2, id_erp_apprenant=""))

    assert (report.created, report.warned) == (2, {"identifier_empty": 2})
    assert centre.send(a_row(1, id_erp_apprenant="")).unchanged == 1


def test_bad_rows_are_refused_and_the_others_taken(centre, session):
    report = centre.send(a_row(1), a_row(2, sexe_apprenant="X"), "rien", a_row(3))

    assert (report.created, report.refused_rows) == (2, 2)
    kept = session.execute(sa.select(FeedRefusal.row, FeedRefusal.fields, FeedRefusal.code).order_by(FeedRefusal.row)).all()
    assert kept == [(2, ["sexe_apprenant"], "sex_invalid"), (3, [], "not_an_object")]
    run = session.scalars(sa.select(FeedRun)).one()
    assert (run.total, run.created, run.refused, run.finished_at is not None) == (4, 2, 2, True)


def test_a_centre_nobody_knows_and_a_centre_of_somebody_else(centre):
    other = OrganisationFactory(cfa=True, uai="0441111A", siret="12345678901234")
    unknown = centre.send(a_row(etablissement_formateur_uai="0449999Z"))
    foreign = centre.send(a_row(), by=other)

    ((_row, issue),) = unknown.refused
    assert (issue.code, issue.message) == ("trainer_unknown", "organisme formateur non trouvé")
    assert [issue.code for _row, issue in foreign.refused] == ["not_your_centre"]


def test_the_body_that_answers_for_a_centre_may_send_for_it(centre):
    head = OrganisationFactory(training_body=True, uai="0441111A", siret="12345678901234")

    report = centre.send(
        a_row(etablissement_responsable_uai="0441111A", etablissement_responsable_siret="12345678901234"), by=head
    )

    assert report.created == 1
    assert centre.record().organisation_id == centre.cfa.id


def test_a_rehearsal_writes_nothing(centre, session):
    report = centre.send(a_row(1), a_row(2, sexe_apprenant="X"), dry_run=True)

    assert (report.created, report.refused_rows) == (1, 1)
    for kept in (FeedRun, FeedRecord, FeedRefusal, Person, JournalEntry, Enrolment):
        assert session.scalar(sa.select(sa.func.count()).select_from(kept)) == 0


def test_a_social_security_number_is_never_kept(centre, session):
    nir = "299053800101234"
    report = centre.send(a_row(nir_apprenant=nir, custom_statut_apprenant=nir, ine_apprenant=nir))

    assert report.warned == {"nir_not_kept": 3}
    assert nir not in str(centre.record().content)
    assert centre.record().content["has_nir"] is True
    assert [issue.code for _n, issue in centre.send(a_row(id_erp_apprenant=nir)).refused] == ["nir_as_identifier"]


def test_what_a_human_took_back_stays_so_until_the_sender_says_something_else(centre, session):
    from pathways.operations.recording import record_event

    centre.send(a_row(contrat_date_rupture="2026-02-16"))
    wrong = centre.record().entries["c2025-09-01:broken"]
    record_event(
        person_id=centre.person().id, type="retracted", occurred_on=centre.person().evaluated_day, retracts=wrong,
        data={"reason": "Erreur"}, organisation_id=centre.cfa.id,
    )

    assert centre.send(a_row(contrat_date_rupture="2026-02-16")).entries == 0
    assert centre.send(a_row(contrat_date_rupture="2026-02-18")).entries == 1


@pytest.mark.parametrize("name", ["😀", "\u0000", "\ud800a", "’", "ß" * 200, "李"])
def test_strange_names_are_taken_or_refused_without_a_crash(centre, name):
    report = centre.send(a_row(nom_apprenant=name))

    assert report.created + report.refused_rows == 1


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "1900-01-01", "2026-12-31", "9999-12-31"])
def test_unlikely_days_never_crash(centre, day):
    names = ("date_de_naissance_apprenant", "date_inscription_formation", "date_entree_formation", "contrat_date_debut",
             "contrat_date_fin", "contrat_date_rupture", "date_exclusion_formation", "date_obtention_diplome_formation")
    for n, name in enumerate(names):
        report = centre.send(a_row(n, obtention_diplome_formation=True, **{name: day}))
        assert report.created + report.refused_rows == 1


def test_an_import_cut_short_keeps_what_was_taken_and_goes_on_when_run_again(centre, session, monkeypatch):
    monkeypatch.setattr(reception, "SET", 2)
    rows = [a_row(n) for n in range(5)]

    def cut(done, _total):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reception.receive(rows, body_of(session, centre.cfa.id), file_name="envoi.json", progress=cut)
    run = session.scalars(sa.select(FeedRun)).one()
    assert (run.total, run.created, run.finished_at) == (5, 4, None)

    again = centre.send(*rows)

    assert (again.created, again.unchanged, again.baseline) == (1, 4, True)


def test_what_is_sent_after_two_records_were_joined_goes_to_the_one_that_is_kept(centre, session, acting_for):
    centre.send(a_row(1))
    sent, kept = centre.person(), PersonFactory(followed_by=centre.cfa)
    somebody = UserFactory()
    with acting_for(centre.cfa, somebody):
        join(kept.id, sent.id, user_id=somebody.id, organisation_id=centre.cfa.id, confirmed=True)

    report = centre.send(a_row(1, contrat_date_rupture="2026-02-16", nom_apprenant="Durant"))

    assert (report.updated, report.refused) == (1, [])
    broken = session.scalars(sa.select(JournalEntry).where(JournalEntry.type == "contract_broken")).one()
    assert broken.person_id == kept.id
    assert session.scalars(sa.select(Enrolment.state)).all() == ["broken_continuing_cfa"]
    assert session.get_one(Person, kept.id).family_name == "DURANT"
