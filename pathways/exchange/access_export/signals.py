"""Each signal about the person, explained in three layers: a sentence, the dated facts, the rule itself (CRPA L311-3-1, R6).

The thresholds of a rule are given as they were on the day the signal showed: for the scheme and the organisation that answered
for the person that evening, by what was known then.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import sqlalchemy as sa

import pathways.detection.rules  # noqa: F401 -- registers every rule
from pathways import clock, db
from pathways.detection.reading import read_dossiers, read_kinds, read_settings
from pathways.detection.rule import RULES
from pathways.detection.settings import Settings
from pathways.models import Enrolment, Signal
from pathways.queries.schemes import settings_of
from pathways.sharing import naming
from pathways.sharing.language import _
from pathways.sharing.sentences import signal_sentence, signal_title
from pathways.sharing.thresholds import label_of, value_sentence
from pathways.workflows.entry import Entry, Ref
from pathways.workflows.fold import pathway

DOES_NOT = (
    "Ce signal demande à une personne d’agir. Il ne change ni un état, ni un droit, ni une allocation, ni une sanction ; "
    "il ne donne aucune note et n’est transmis ni à un employeur, ni à un service de contrôle."
)


def explained(person_id: int, names: Mapping[int, str]) -> list[dict[str, Any]]:
    """Every signal there ever was, oldest first."""
    rows = db.session().scalars(sa.select(Signal).where(Signal.person_id == person_id).order_by(Signal.shown_on, Signal.id))
    in_force = InForce(person_id)
    return [_explained(row, names, in_force) for row in rows]


class InForce:
    """The thresholds by which that person was looked at, on any day. Read once, on the first signal that has thresholds."""

    def __init__(self, person_id: int) -> None:
        self._person = person_id

    def thresholds(self, row: Signal) -> list[dict[str, Any]]:
        """Those the signal's rule answered with on the day it showed: name, value, and both in words."""
        rule = RULES.get(row.rule)
        names = settings_of(rule) if rule else []
        values = self._values(row) if names else {}
        return [
            {
                "name": name,
                "label": label_of(name),
                "value": values[name],
                "sentence": _("seuil : {value} ({label})").format(value=value_sentence(name, values[name]), label=label_of(name)),
            }
            for name in names
        ]

    def _values(self, row: Signal) -> Mapping[str, Any]:
        entries, settings = self._read
        folded = pathway(entries, row.shown_on, row.shown_on)
        step = folded.steps.get(row.enrolment_id) if row.enrolment_id else folded.lead_accompaniment
        scheme, organisation = (step.scheme.code, step.lead) if step else self._kept(row.enrolment_id)
        return settings.values(scheme, organisation, row.shown_on, row.shown_on)

    @cached_property
    def _read(self) -> tuple[list[Entry], Settings]:
        session = db.session()
        (dossier,) = read_dossiers(session, [self._person], read_kinds(session, [self._person]), clock.today(), lock="none")
        return dossier.entries, read_settings(session, [self._person])

    def _kept(self, enrolment: int | None) -> tuple[str, Ref | None]:
        """A step whose entries were taken back since: as it is stored."""
        stored = sa.select(Enrolment.scheme, Enrolment.lead_organisation_id).where(Enrolment.id == enrolment)
        row = db.session().execute(stored).first() if enrolment else None
        return (row.scheme, row.lead_organisation_id) if row else ("", None)


def _explained(row: Signal, names: Mapping[int, str], in_force: InForce) -> dict[str, Any]:
    rule = RULES.get(row.rule)
    return {
        "sentence": signal_sentence(row.rule, {**row.details, "about": row.about}),
        "shown_on": row.shown_on.isoformat(),
        "closed_on": row.closed_on.isoformat() if row.closed_on else None,
        "facts": [
            {"on": item["on"], "event": naming.event(item["type"]), "declared_by": names.get(item["organisation"], "")}
            for item in row.evidence
        ],
        "rule": {
            "name": signal_title(row.rule),
            "version": row.rule_version,
            "source": rule.source if rule else "",
            "ends_with": rule.closes if rule else "",
            "thresholds": in_force.thresholds(row),
            "data_used": row.details,
            "does_not": DOES_NOT,
        },
    }
