"""Journal entries as one organisation may read them: the sharing matrix, as on the page of a person."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pathways.exchange.tables.selecting import EntryRow
from pathways.sharing.groups import FREE_TEXT, GROUP_OF, UNSAID, Access, Group, Standing, access_to, shown_details
from pathways.sharing.visibility import Reader


@dataclass(slots=True)
class Shown:
    """What is left of the entries, and the field groups shown of each person."""

    entries: list[EntryRow] = field(default_factory=list)
    groups: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


def shown(entries: Iterable[EntryRow], reader: Reader) -> Shown:
    """The entries this reader sees, with the details they see. A retraction follows what it retracts."""
    result, kept = Shown(), set()
    for entry in entries:
        standing = Standing(entry.bond(reader), entry.organisation_id == reader.organisation_id, entry.own_step)
        if entry.retracts is None:
            if access_to(entry.type, standing) is Access.NONE:
                continue
            details = shown_details(entry.type, json.loads(entry.content), standing)
            result.groups[entry.person_id].add(GROUP_OF.get(entry.type, Group.ADMINISTRATIVE))
            if FREE_TEXT & details.keys():
                result.groups[entry.person_id].add(Group.OWN_NOTES)
        elif entry.retracts in kept:
            details = shown_details(entry.type, json.loads(entry.content), replace(standing, own_step=True))
        else:
            continue
        # A word for people to read is no code for a machine to take in: a protected reason is left out.
        details = {name: value for name, value in details.items() if value != UNSAID}
        kept.add(entry.id)
        result.entries.append(replace(entry, content=json.dumps(details, ensure_ascii=False)))
    return result
