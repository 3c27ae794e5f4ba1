"""What makes a reading worth asking about. Each rule says why in one sentence; none says that somebody did wrong.

The thresholds stand since ``SINCE`` and hold for every organisation alike, so that nobody loosens them at home. Who changes one
moves that date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pathways.sharing.language import N_

SINCE = date(2026, 11, 23)
DAYS_BACK = 30
"""How far back readings are looked at."""
USUAL_DAYS = 60
"""The days before, from which somebody's own habit is computed."""
MANY_AT_LEAST, MANY_TIMES = 40, 3
"""Records opened in a day: this many at least, and this many times one's own median day."""
NIGHT_FROM, NIGHT_TO = 22, 6
"""Hours of Paris between which nobody receives anybody."""
OUTSIDE_AT_LEAST = 10
"""Records opened in a day of persons one neither accompanies nor did anything for within a week."""
EXPORT_AT_LEAST = 50
"""Persons in the exports of one day."""
AFTER_END_DAYS = 7
"""Days after the last link of the organisation ended in which a record is still put in order."""
SEARCHES = ("seek.find", "persons.like", "persons.elsewhere")
SEARCHES_AT_LEAST = 15
"""Persons found by searching in a day, whether or not their records were opened."""
EMERGENCY = "emergency"
NAMED_AT_MOST = 5
"""Persons of one unusual day that are shown."""
OPENINGS = (
    "person.show", "identifiers.edit", "eligibility.show", "obstacles.declare", "follow_up.record", "schemes.whereabouts",
    "access.export", "former.show",
)
"""Pages that show one record, against the lists that show many."""


@dataclass(frozen=True, slots=True)
class Unusual:
    """One rule: its code, its name, and the sentence with ``{count}`` (and ``{usual}`` where a habit is compared)."""

    code: str
    label: str
    sentence: str


RULES: Mapping[str, Unusual] = {
    rule.code: rule
    for rule in (
        Unusual(EMERGENCY, N_("Accès d’urgence"), N_("Dossiers ouverts pour un danger imminent : {count}.")),
        Unusual("many", N_("Beaucoup de dossiers en un jour"),
                N_("{count} dossiers ouverts, contre {usual} un jour habituel.")),
        Unusual("namesake", N_("Même nom de famille"), N_("Dossiers de personnes du même nom que le lecteur : {count}.")),
        Unusual("outside", N_("Hors de ses accompagnements"),
                N_("{count} dossiers de personnes que le lecteur n’accompagne pas, sans rien déclarer pour elles.")),
        Unusual("after_end", N_("Après la fin de l’accompagnement"),
                N_("Dossiers ouverts plus d’une semaine après la fin du dernier lien avec votre organisme : {count}.")),
        Unusual("searches", N_("Beaucoup de recherches"), N_("{count} personnes trouvées par recherche en un jour.")),
        Unusual("off_hours", N_("La nuit ou un jour férié"),
                N_("Dossiers ouverts la nuit, un dimanche ou un jour férié : {count}.")),
        Unusual("export", N_("Export important"), N_("{count} personnes dans des exports.")),
    )
}
"""In the order in which they are shown."""
