"""A centre, its Mission locale, and rows as a centre's software sends them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.exchange.dossiers_apprenants.bodies import body_of
from pathways.exchange.dossiers_apprenants.reception import Report, receive
from pathways.models import Enrolment, FeedRecord, JournalEntry, Organisation, Person
from tests.factories import OrganisationFactory

UAI, SIRET = "0442345X", "77937827200016"


def a_row(n: int = 1, **said: Any) -> dict[str, Any]:
    """A learner who entered the centre on 1 September 2025 with a contract of two years from that day."""
    row = {
        "nom_apprenant": f"Durand{'abcdefghij'[n % 10]}{'abcdefghij'[n // 10 % 10]}{'abcdefghij'[n // 100 % 10]}{n // 1000}",
        "prenom_apprenant": "Léa",
        "date_de_naissance_apprenant": f"200{n % 8}-03-{n % 28 + 1:02d}",
        "annee_scolaire": "2025-2026",
        "id_erp_apprenant": f"erp-{n}",
        "date_inscription_formation": "2025-07-01",
        "date_entree_formation": "2025-09-01",
        "date_fin_formation": "2027-08-31",
        "etablissement_responsable_uai": UAI,
        "etablissement_responsable_siret": SIRET,
        "etablissement_formateur_uai": UAI,
        "etablissement_formateur_siret": SIRET,
        "contrat_date_debut": "2025-09-01",
        "contrat_date_fin": "2027-08-31",
    }
    return {name: value for name, value in (row | said).items() if value is not ...}


@dataclass
class Centre:
    """A CFA that sends files."""

    cfa: Organisation = field(
        default_factory=lambda: OrganisationFactory(cfa=True, town="CFA des Essais", uai=UAI, siret=SIRET)
    )

    def send(self, *rows: Any, dry_run: bool = False, by: Organisation | None = None) -> Report:
        db.session().expire_all()
        body = body_of(db.session(), (by or self.cfa).id)
        report = receive(rows, body, file_name="envoi.json", dry_run=dry_run)
        db.session().expire_all()
        return report

    def record(self, learner: str = "erp-1", year: str = "2025-2026") -> FeedRecord:
        asked = sa.select(FeedRecord).where(FeedRecord.learner == learner, FeedRecord.school_year == year)
        return db.session().scalars(asked).one()

    def person(self, learner: str = "erp-1", year: str = "2025-2026") -> Person:
        return db.session().get_one(Person, self.record(learner, year).person_id)

    def steps(self, learner: str = "erp-1") -> list[tuple[str, str]]:
        """(state, since) of the steps of the person, in the order they opened."""
        person = self.person(learner).id
        found = db.session().scalars(
            sa.select(Enrolment).where(Enrolment.person_id == person).order_by(Enrolment.opened_on, Enrolment.id)
        )
        return [(step.state, step.state_since.isoformat()) for step in found]

    def journal(self, learner: str = "erp-1") -> list[tuple[str, str]]:
        """(type, day) of the entries that stand, in the order of their days."""
        person = self.person(learner).id
        entries = db.session().scalars(sa.select(JournalEntry).where(JournalEntry.person_id == person)).all()
        undone = {entry.retracts for entry in entries} - {None}
        stand = [entry for entry in entries if entry.id not in undone and entry.type != "retracted"]
        return sorted(((entry.type, entry.occurred_on.isoformat()) for entry in stand), key=lambda each: (each[1], each[0]))


@pytest.fixture
def centre(session, frozen_clock) -> Centre:
    """On Monday 2 March 2026."""
    assert clock.today().isoformat() == "2026-03-02"
    return Centre()


def entries(session) -> int:
    return session.scalar(sa.select(sa.func.count(JournalEntry.id)))
