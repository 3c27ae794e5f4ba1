"""Proposing records that may be one person: candidates found set by set, judged by ``models.likeness``, filed once a pair."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.models import DuplicateProposal
from pathways.models.likeness import Facts, Strength, digest, likeness

SET = 1_000
"""Records looked at per statement."""

_CANDIDATES = sa.text("""
    WITH asked AS (
        SELECT id, search_key, sort_key, birth_date, phone, email,
            CASE WHEN extract(day FROM birth_date) <= 12 THEN make_date(
                extract(year FROM birth_date)::int, extract(day FROM birth_date)::int, extract(month FROM birth_date)::int
            ) END AS swapped
        FROM person WHERE id = ANY(:ids) AND merged_into IS NULL
    ), pairs AS (
        SELECT asked.id AS one, other.id AS other FROM asked JOIN person AS other ON other.birth_date = asked.birth_date
        WHERE similarity(other.search_key, asked.search_key) > 0.3
        UNION
        SELECT asked.id, other.id FROM asked JOIN person AS other ON other.birth_date = asked.swapped
        WHERE similarity(other.search_key, asked.search_key) > 0.3
        UNION
        SELECT asked.id, other.id FROM asked JOIN person AS other ON other.sort_key = asked.sort_key
        WHERE other.birth_date IS NULL OR asked.birth_date IS NULL
        UNION
        SELECT asked.id, other.id FROM asked JOIN person AS other ON other.phone = asked.phone
        UNION
        SELECT asked.id, other.id FROM asked JOIN person AS other ON other.email = asked.email
        UNION
        SELECT mine.person_id, theirs.person_id
        FROM external_id AS mine JOIN external_id AS theirs ON theirs.system = mine.system
            AND theirs.value IN (mine.value, upper(mine.value), lower(mine.value))
        WHERE mine.person_id = ANY(:ids) AND mine.system IN ('france_travail', 'ine')
    )
    SELECT DISTINCT least(one, pairs.other), greatest(one, pairs.other)
    FROM pairs JOIN person AS other ON other.id = pairs.other
    WHERE one <> pairs.other AND other.merged_into IS NULL
""")
"""Everybody who might be one of these persons: by day of birth, by name, by telephone, by address, by number."""

_FACTS = sa.text("""
    SELECT person.id, family_name, given_name, birth_date, sex, phone, email,
        array_remove(array_agg(upper(value)) FILTER (WHERE system = 'france_travail'), NULL) AS france_travail,
        array_remove(array_agg(upper(value)) FILTER (WHERE system = 'ine'), NULL) AS ine
    FROM person LEFT JOIN external_id ON external_id.person_id = person.id
    WHERE person.id = ANY(:ids) GROUP BY person.id
""")

_FILE = sa.text("""
    INSERT INTO duplicate_proposal AS known (first_id, second_id, strength, matches, facts, proposed_on)
    SELECT first_id, second_id, strength, matches, facts, :today
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(
        first_id bigint, second_id bigint, strength smallint, matches jsonb, facts text)
    ORDER BY first_id, second_id
    ON CONFLICT (first_id, second_id) DO UPDATE SET
        strength = excluded.strength, matches = excluded.matches, facts = excluded.facts, state = 'open',
        proposed_on = CASE WHEN known.state = 'open' THEN known.proposed_on ELSE excluded.proposed_on END,
        decided_on = NULL, decided_by = NULL, decided_for = NULL, reason = NULL
    WHERE (known.state = 'open' AND (known.matches, known.facts) IS DISTINCT FROM (excluded.matches, excluded.facts))
        OR (known.state = 'apart' AND known.facts <> excluded.facts)
    RETURNING (xmax = 0) OR proposed_on = :today AS new
""")
"""What a human judged apart stays apart until one of the two identities changes."""

_WITHDRAW = sa.text("""
    DELETE FROM duplicate_proposal
    WHERE state = 'open' AND (first_id = ANY(:ids) OR second_id = ANY(:ids))
        AND NOT EXISTS (SELECT FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS held(first_id bigint, second_id bigint)
            WHERE (held.first_id, held.second_id) = (duplicate_proposal.first_id, duplicate_proposal.second_id))
""")
"""An open proposal that nothing supports any more, because an identity was corrected or a record was joined to another, goes:
nobody decided anything on it.
"""


def propose(person_id: int) -> int:
    """As ``propose_many``, for one person."""
    return propose_many([person_id])


def propose_many(person_ids: Sequence[int]) -> int:
    """Files every pair that these persons form with anybody and that may be one person; returns how many are new.

    Works for the whole region, whoever asks: a duplicate is most often another organisation's. Runs in the caller's unit of work
    (``db.atomic``), in a number of statements that depends on the sets of ``SET`` persons alone.
    """
    ids = sorted(set(person_ids))
    with db.atomic(), db.as_system():
        return sum(_propose_set(ids[first : first + SET]) for first in range(0, len(ids), SET))


def propose_pair(one: int, other: int, system: str) -> uuid.UUID:
    """Files the pair because one was given the other's number in that system; returns the public id of its proposal.

    The number is refused, since it stays the other's: this proposal is all that is left of it. Two that were judged apart before
    that are proposed again.
    """
    first, second = sorted((one, other))
    with db.atomic(), db.as_system():
        facts = read_facts((first, second))
        alike = likeness(facts[first], facts[second])
        row = {
            "first_id": first,
            "second_id": second,
            "strength": int(Strength.CERTAIN),
            "matches": {"same": (system, *(alike.same if alike else ())), "differs": alike.differs if alike else ()},
            "facts": hashlib.sha256(f"{digest((facts[first], facts[second]))} {system}".encode()).hexdigest()[:32],
        }
        session = db.session()
        session.execute(_FILE, {"rows": json.dumps([row]), "today": clock.today()})
        found = sa.select(DuplicateProposal.public_id).where(
            DuplicateProposal.first_id == first, DuplicateProposal.second_id == second
        )
        return session.execute(found).scalar_one()


def _propose_set(ids: Sequence[int]) -> int:
    session = db.session()
    session.flush()  # the statements below read what the caller has just written
    pairs = [(first, second) for first, second in session.execute(_CANDIDATES, {"ids": ids})]
    facts = read_facts({each for pair in pairs for each in pair})
    rows = json.dumps(list(_judged(pairs, facts)))
    session.execute(_WITHDRAW, {"ids": ids, "rows": rows})
    filed = session.execute(_FILE, {"rows": rows, "today": clock.today()})
    return sum(new for (new,) in filed)


def _judged(pairs: Iterable[tuple[int, int]], facts: Mapping[int, Facts]) -> Iterable[dict[str, Any]]:
    for first, second in pairs:
        alike = likeness(facts[first], facts[second])
        if alike is not None:
            yield {
                "first_id": first,
                "second_id": second,
                "strength": int(alike.strength),
                "matches": {"same": alike.same, "differs": alike.differs},
                "facts": digest((facts[first], facts[second])),
            }


def read_facts(ids: Iterable[int]) -> dict[int, Facts]:
    """What is known of each person who may be seen, by id."""
    rows = db.session().execute(_FACTS, {"ids": list(ids)})
    return {
        row.id: Facts(
            row.family_name, row.given_name, row.birth_date, row.sex, row.phone, row.email,
            frozenset(row.france_travail or ()), frozenset(row.ine or ()),
        )
        for row in rows
    }  # fmt: skip
