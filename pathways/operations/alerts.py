"""What a human does with an alert: take it, hand it to a colleague, close it with what came of it.

Closing an alert never closes a signal: the facts do. It opens again only for a signal that shows or worsens afterwards.
"""

import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Reason, Refused, Stale
from pathways.models import Alert, AlertAction, AlertState, Membership

OUTCOMES = {
    "contact_reestablished": "Contact rétabli",
    "appointment_made": "Rendez-vous pris",
    "barrier_opened": "Frein identifié",
    "new_step": "Nouveau contrat ou nouvelle étape",
    "planned_exit": "Sortie prévue",
    "rupture_confirmed": "Rupture confirmée",
    "unreachable": "Injoignable après plusieurs tentatives",
    "wrong_data": "Données erronées",
    "already_handled": "Déjà traité",
    "excused": "Absence excusée",
    "not_relevant": "Sans objet",
}
"""What came of an alert: these codes are what a rule is judged on."""
BY_THE_FACTS = "no_longer_holds"
"""Outcome given when the facts ended every signal of an alert before anybody closed it."""


def take_alert(alert_id: int, *, user_id: int, organisation_id: int, version: int | None = None) -> None:
    """Somebody of the organisation that owns the alert takes it upon themselves."""
    with db.atomic():
        alert = _open_alert(alert_id, organisation_id, version)
        alert.owner_id = user_id
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


def close_alert(
    alert_id: int, *, outcome: str, user_id: int, organisation_id: int, reason: str | None = None, version: int | None = None
) -> None:
    """Closes an alert with its outcome, and a short reason where the outcome says that nothing was to be done."""
    if outcome not in OUTCOMES:
        raise Refused(Reason("unknown_outcome", {"known": sorted(OUTCOMES)}))
    if outcome == "not_relevant" and not (reason or "").strip():
        raise Refused(Reason("reason_missing"))
    with db.atomic():
        alert = _open_alert(alert_id, organisation_id, version)
        alert.state, alert.closed_on, alert.outcome = AlertState.CLOSED, clock.today(), outcome
        _note(alert, user_id, "closed", reason=reason, data={"outcome": outcome})


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
            Alert.state == AlertState.OPEN,
        )
        mine = alert.organisation_id == organisation_id and done is not None and tuple(done) == ("closed", user_id)
        if alert.state is AlertState.OPEN or not mine or session.scalar(sa.select(another)):
            return
        alert.state, alert.closed_on, alert.outcome = AlertState.OPEN, None, None
        _note(alert, user_id, "reopened")


def _open_alert(alert_id: int, organisation_id: int, version: int | None) -> Alert:
    """The alert, locked, if this organisation owns it and it is still open as it was read."""
    alert = db.session().scalar(sa.select(Alert).where(Alert.id == alert_id).with_for_update())
    if alert is None:
        raise NotVisible(f"alert {alert_id}")
    if alert.organisation_id != organisation_id:
        raise Refused(Reason("not_your_alert"))
    if version is not None and alert.version != version:
        raise Stale(f"alert {alert_id}")
    if alert.state is AlertState.CLOSED:
        raise Refused(Reason("alert_closed", {"on": alert.closed_on}))
    return alert


def _note(alert: Alert, user_id: int, kind: str, *, reason: str | None = None, data: dict[str, object] | None = None) -> None:
    session = db.session()
    session.add(AlertAction(alert_id=alert.id, user_id=user_id, kind=kind, reason=reason, data=data or {}))
    session.flush()  # the lock and the log stand or fall together
