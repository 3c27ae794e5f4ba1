"""An organisation's own thresholds: chosen from a day on, given back to the default, withdrawn before they hold.

Each is a dated row that says who chose it and why. A day gone by keeps the value it was evaluated with.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.choices import default_of, depends_on_scheme, required_by, schemes_of
from pathways.detection.reading import read_settings
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import Organisation, Setting
from pathways.queue import later
from pathways.sharing.thresholds import LOWER_THAN, Threshold, described, faults, label_of, numbers_of, stored

FURTHEST = timedelta(days=366)
LONGEST_REASON = 500


def choose(
    name: str,
    typed: Sequence[Any],
    *,
    valid_from: date,
    reason: str,
    organisation_id: int,
    user_id: int,
    scheme: str | None = None,
) -> None:
    """Sets one threshold of the organisation from a day on, today or later. ``typed``: its numbers, a rate in percent."""
    value = read_value(name, typed, scheme)
    with db.atomic():
        _one_at_a_time(organisation_id)
        _check(name, value, valid_from, organisation_id, scheme)
        _add(name, value, valid_from, reason, organisation_id, user_id, scheme)


def take_default(
    name: str, *, valid_from: date, reason: str, organisation_id: int, user_id: int, scheme: str | None = None
) -> None:
    """From that day on the organisation follows the value of everybody, also when that one changes later."""
    known(name, scheme)
    with db.atomic():
        _one_at_a_time(organisation_id)
        chosen = _latest(name, scheme, organisation_id, valid_from)
        if chosen is None or chosen.value is None:
            raise Refused(Reason("threshold_is_default"))
        _check_day(valid_from)
        _add(name, None, valid_from, reason, organisation_id, user_id, scheme)


def withdraw(name: str, *, valid_from: date, organisation_id: int, user_id: int, scheme: str | None = None) -> None:
    """Takes back every change planned for that day, which is still to come: what was in force goes on."""
    known(name, scheme)
    with db.atomic() as session:
        if valid_from <= clock.today():
            raise Refused(Reason("threshold_in_force"))
        planned = _rows(name, scheme, organisation_id).where(Setting.valid_from == valid_from)
        rows = list(session.scalars(planned.with_for_update()))
        if not rows:
            raise NotVisible(f"{name} from {valid_from}")
        for row in rows:
            row.withdrawn_at, row.withdrawn_by = clock.now(), user_id
        session.flush()


def known(name: str, scheme: str | None) -> Threshold:
    """The setting, if an organisation may choose it for that scheme (None: for all)."""
    threshold = described(name, required_by(name))
    if threshold is None or (scheme is not None and scheme not in schemes_of(name)):
        raise NotVisible(f"{name} for {scheme}")
    if threshold.is_locked:
        raise Refused(Reason("threshold_locked", {"source": threshold.source}))
    if scheme is None and depends_on_scheme(name):
        raise Refused(Reason("threshold_by_scheme"))
    return threshold


def read_value(name: str, typed: Sequence[Any], scheme: str | None) -> Any:
    """The value as it is stored; refused outside its bounds."""
    threshold = known(name, scheme)
    if len(typed) != len(threshold.parts) or any(number is None for number in typed):
        raise Refused(Reason("threshold_missing"))
    wrong = list(faults(threshold, typed))
    if wrong:
        raise Refused(*wrong)
    return stored(threshold, typed)


def _check(name: str, value: Any, valid_from: date, organisation_id: int, scheme: str | None) -> None:
    _check_day(valid_from)
    held = read_settings(db.session()).values(scheme or "", organisation_id, valid_from, clock.today())
    if numbers_of(held.get(name, default_of(name, scheme))) == numbers_of(value):
        raise Refused(Reason("threshold_unchanged"))
    after = {**held, name: value}
    for low, high in LOWER_THAN:
        if name in (low, high) and after[low] >= after[high]:
            raise Refused(Reason("threshold_pair", {"low": label_of(low), "high": label_of(high)}))


def _check_day(valid_from: date) -> None:
    today = clock.today()
    if valid_from < today:
        raise Refused(Reason("threshold_day_gone"))
    if valid_from > today + FURTHEST:
        raise Refused(Reason("day_too_far", {"last": today + FURTHEST}))


def _add(
    name: str, value: Any, valid_from: date, reason: str, organisation_id: int, user_id: int, scheme: str | None
) -> None:
    why = " ".join((reason or "").split())
    if not why or len(why) > LONGEST_REASON:
        raise Refused(Reason("reason_missing"))
    session = db.session()
    session.add(
        Setting(
            name=name,
            value=value,
            valid_from=valid_from,
            reason=why,
            organisation_id=organisation_id,
            user_id=user_id,
            scheme=scheme,
        )
    )
    session.flush()
    later("sweep.due")  # a setting newer than an evaluation makes it due


def _latest(name: str, scheme: str | None, organisation_id: int, day: date) -> Setting | None:
    """The row that decides on ``day`` at this level, if any."""
    newest = _rows(name, scheme, organisation_id).where(Setting.valid_from <= day)
    order = (Setting.valid_from.desc(), Setting.recorded_at.desc(), Setting.id.desc())
    return db.session().scalars(newest.order_by(*order).limit(1)).first()


def _rows(name: str, scheme: str | None, organisation_id: int) -> sa.Select[Setting]:
    return sa.select(Setting).where(
        Setting.name == name,
        Setting.organisation_id == organisation_id,
        Setting.scheme.is_not_distinct_from(scheme),
        Setting.withdrawn_at.is_(None),
    )


def _one_at_a_time(organisation_id: int) -> None:
    """Two colleagues who change the same pair of thresholds at once wait for each other."""
    db.session().execute(sa.select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())
