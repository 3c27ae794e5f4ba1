"""The table of natural passages: what a hand-over carries, what is missing, and that the guide says the same."""

from __future__ import annotations

import re
from pathlib import Path

from pathways.workflows.handing_over import RELAYS, Record, carried, relay_between, relays_from
from tests.journal import Journal

GUIDE = Path(__file__).parents[2] / "docs" / "handing-over.md"


def there(journal: Journal, day: str, *, reachable: bool = True) -> dict[str, bool | None]:
    """What a hand-over of the network to a Mission locale finds on the record."""
    folded = journal.pathway(day)
    relay = relay_between("PSAD", "mission_locale")
    return {item.code: found for item, found in carried(relay, Record(folded.steps["psad"], folded, reachable))}


def test_what_is_missing_is_told_from_what_the_record_never_holds():
    journal = Journal(psad="PSAD")
    journal.on("2019-01-14", "leaver_identified", "psad")

    assert there(journal, "2019-01-30", reachable=False) == {
        "identity": True, "contact": False, "interview": False, "wish": None}

    journal.on("2019-01-30", "appointment", "psad", status="seen")
    assert there(journal, "2019-01-30") == {"identity": True, "contact": True, "interview": True, "wish": None}


def test_only_a_passage_that_names_who_takes_over_is_offered_on_a_form():
    assert [each.code for each in relays_from("PSAD")] == ["leaver"]
    assert [each.code for each in relays_from("PACEA")] == ["age_26"]
    assert relays_from("EMPLOI") == []
    assert relay_between("PSAD", "cfa") is None


def test_the_guide_gives_each_passage_its_days():
    rows = re.findall(r"^\| [^|]+ \| [^|]+ \| (\d+)[^|]* \| [^|]+ \|$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)

    assert [int(days) for days in rows] == [each.days for each in RELAYS]
