"""What a human does with an alert: takes it, hands it on, lets it wait, closes it with what came of it.

Closing an alert never closes a signal: the facts do. It opens again only for a signal that shows or worsens afterwards.
The moves are those of ``workflows.alert_life``; each is logged, with who made it.
"""

from datetime import date

import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Reason, Refused, Stale
from pathways.models import Absence, Alert, AlertAction, AlertState, Membership
from pathways.workflows.alert_life import (
    BY_KIND,
    CLOSINGS,
    EXPLAINED,
    LONGEST_PAUSE,
    OUTCOMES,
    PAUSES,
    is_dismissal,
)
from pathways.workflows.dates import add_working_days, days

AFTER_PAUSE = 2
"""Working days to act once a pause has ended."""


def take_alert(alert_id: int, *, user_id: int, organisation_id: int, version: int | None = None) -> None:
    """Somebody of the organisation that is asked takes it upon themselves: acknowledged, which is not acting.

    Whoever stands in for an owner who is away takes it in the owner's name: it is still theirs when they come back.
    """
    with db.atomic():
        alert = _open_alert(alert_id, organisation_id, version)
        if not _stands_in(user_id, alert):
            alert.owner_id = user_id
        if alert.state is AlertState.PAUSED:
            _note(alert, user_id, "taken")
            return
        _show(alert)
        alert.acknowledged_on = alert.acknowledged_on or clock.today()
        alert.state = resting_state(alert)
        _note(alert, user_id, "taken")


def hand_alert(alert_id: int, *, to_user_id: int, user_id: int, organisation_id: int, version: int | None = None) -> None:
    """Hands an alert to a colleague; refused for somebody who does not belong to the organisation today."""
    with db.atomic() as session:
        alert = _open_alert(alert_id, organisation_id, version)
        today = clock.today()
        belongs = session.scalar(
            sa.select(
                sa.exists().where(
                    Membership.user_id == to_user_id,
                    Membership.organisation_id == organisation_id,
                    Membership.started_on <= today,
                    sa.or_(Membership.ended_on.is_(None), Membership.ended_on >= today),
                )
            )
        )
        if not belongs:
            raise Refused(Reason("not_a_colleague"))
        alert.owner_id = to_user_id
        _note(alert, user_id, "handed", data={"to": to_user_id})


def pause_alert(
    alert_id: int, *, until: date, reason: str, user_id: int, organisation_id: int, version: int | None = None
) -> None:
    """Lets the alert wait until a day, ``LONGEST_PAUSE`` days from now at most: it comes back by itself."""
    if reason not in PAUSES:
        raise Refused(Reason("pause_unexplained"))
    today = clock.today()
    if not today < until <= today + days(LONGEST_PAUSE):
        raise Refused(Reason("pause_too_long", {"last": today + days(LONGEST_PAUSE)}))
    with db.atomic():
        alert = _open_alert(alert_id, organisation_id, version)
        if alert.state not in BY_KIND["paused"].sources:
            raise Refused(Reason("alert_waits_already"))
        alert.state, alert.paused_until = AlertState.PAUSED, until
        alert.acknowledged_on = alert.acknowledged_on or today
        alert.owner_id = alert.owner_id or user_id
        alert.due_on, alert.escalated = add_working_days(until, AFTER_PAUSE), 0
        _note(alert, user_id, "paused", reason=reason, data={"until": until.isoformat()})


def resume_alert(alert_id: int, *, user_id: int, organisation_id: int, version: int | None = None) -> None:
    """Ends a pause before its day."""
    with db.atomic():
        alert = _open_alert(alert_id, organisation_id, version)
        if alert.state is not AlertState.PAUSED:
            return
        alert.paused_until = None
        alert.state = resting_state(alert)
        alert.due_on = add_working_days(clock.today(), AFTER_PAUSE)
        _note(alert, user_id, "resumed")


def close_alert(
    alert_id: int, *, outcome: str, user_id: int, organisation_id: int, reason: str | None = None, version: int | None = None
) -> None:
    """Resolves an alert with its outcome, or dismisses it with the reason of the list that says why; some take a few words."""
    if outcome not in CLOSINGS:
        raise Refused(Reason("unknown_outcome", {"known": sorted(CLOSINGS)}))
    if outcome in EXPLAINED and not (reason or "").strip():
        raise Refused(Reason("reason_missing"))
    with db.atomic():
        alert = _open_alert(alert_id, organisation_id, version)
        close_as(alert, outcome)
        _note(alert, user_id, "dismissed" if is_dismissal(outcome) else "closed", reason=reason, data={"outcome": outcome})


def close_as(alert: Alert, outcome: str) -> None:
    """Writes on a locked alert what came of it; the caller logs it."""
    today = clock.today()
    alert.state = AlertState.DISMISSED if is_dismissal(outcome) else AlertState.RESOLVED
    alert.closed_on, alert.outcome = today, outcome
    alert.held_for = alert.held_until = alert.paused_until = None
    if outcome in OUTCOMES:  # an outcome says that somebody did something
        alert.acted_on = alert.acted_on or today
        alert.acknowledged_on = alert.acknowledged_on or today


def reopen_alert(alert_id: int, *, user_id: int, organisation_id: int) -> None:
    """Undoes a closing of one's own, if it is the last thing that was done with the alert and no other has opened since."""
    with db.atomic() as session:
        alert = session.scalar(sa.select(Alert).where(Alert.id == alert_id).with_for_update())
        if alert is None:
            raise NotVisible(f"alert {alert_id}")
        last = sa.select(AlertAction.kind, AlertAction.user_id).where(AlertAction.alert_id == alert_id)
        done = session.execute(last.order_by(AlertAction.id.desc()).limit(1)).first()
        another = sa.exists().where(
            Alert.person_id == alert.person_id,
            Alert.enrolment_id.is_not_distinct_from(alert.enrolment_id),
            Alert.family == alert.family,
            Alert.closed_on.is_(None),
        )
        mine = alert.organisation_id == organisation_id and done is not None
        mine = mine and done is not None and done.kind in ("closed", "dismissed") and done.user_id == user_id
        if alert.closed_on is None or not mine or session.scalar(sa.select(another)):
            return
        _open_again(alert)
        _note(alert, user_id, "reopened")


def _stands_in(user_id: int, alert: Alert) -> bool:
    """The owner is away today and named this user."""
    today = sa.literal(clock.today())
    away = sa.exists().where(
        Absence.user_id == alert.owner_id,
        Absence.organisation_id == alert.organisation_id,
        Absence.delegate_id == user_id,
        Absence.withdrawn_at.is_(None),
        today.between(Absence.first_day, Absence.last_day),
    )
    return alert.owner_id is not None and bool(db.session().scalar(sa.select(away)))


def resting_state(alert: Alert) -> AlertState:
    """Where an open alert stands by what was done with it."""
    if alert.acted_on is not None:
        return AlertState.IN_ACTION
    return AlertState.NEW if alert.acknowledged_on is None else AlertState.ACKNOWLEDGED


def _open_again(alert: Alert) -> None:
    session = db.session()
    kinds = set(session.scalars(sa.select(AlertAction.kind).where(AlertAction.alert_id == alert.id)))
    alert.acted_on = alert.acted_on if "acted" in kinds else None
    alert.acknowledged_on = alert.acknowledged_on if kinds & {"taken", "acted", "paused"} else None
    alert.shown_on = alert.shown_on or clock.today()
    alert.closed_on = alert.outcome = None
    alert.state = resting_state(alert)


def _show(alert: Alert) -> None:
    """An alert that was held back is in front of somebody from now on."""
    if alert.state is AlertState.PROPOSED:
        alert.held_for = alert.held_until = None
        alert.shown_on = clock.today()


def _open_alert(alert_id: int, organisation_id: int, version: int | None) -> Alert:
    """The alert, locked, if this organisation owns it and it is still open as it was read."""
    alert = db.session().scalar(sa.select(Alert).where(Alert.id == alert_id).with_for_update())
    if alert is None:
        raise NotVisible(f"alert {alert_id}")
    if alert.organisation_id != organisation_id:
        raise Refused(Reason("not_your_alert"))
    if version is not None and alert.version != version:
        raise Stale(f"alert {alert_id}")
    if alert.closed_on is not None:
        raise Refused(Reason("alert_closed", {"on": alert.closed_on}))
    return alert


def _note(alert: Alert, user_id: int, kind: str, *, reason: str | None = None, data: dict[str, object] | None = None) -> None:
    session = db.session()
    session.add(AlertAction(alert_id=alert.id, user_id=user_id, kind=kind, reason=reason, data=data or {}))
    session.flush()  # the lock and the log stand or fall together
