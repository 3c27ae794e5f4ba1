"""Telling users of their alerts: in the application at once, by mail in a summary, at once by mail only when it presses.

Notifications are derived from the alerts' log: doing it twice writes nothing more. No mail names anybody, and each leads to a
task. Mails are written in the transaction that marks what they tell, and sent afterwards: killed between sending and noting it, a
worker sends the same mail again with the same Message-ID, and never loses one.
"""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways import clock, db
from pathways.mail import Letter, Post
from pathways.models import Digest, Mail, Membership, Notification, NotificationChoice, User
from pathways.sharing.language import _, ngettext, speaking
from pathways.sharing.permissions import PERMISSIONS, Permission

LOOKED_BACK = timedelta(days=3)
"""How far back the log is read: a worker that was away for a week-end tells everything, once."""
QUIET_WEEK = timedelta(days=7)
"""A person is told of once in that time, unless it worsens, presses, or changes hands."""
KEPT, KEPT_MAIL = timedelta(days=90), timedelta(days=30)
RETRY_AFTER = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=4), timedelta(days=1))
MONDAY, SATURDAY = 0, 5
AT_ONCE = 100
"""Mails sent in one go."""

_DERIVE = sa.text("""
    WITH line AS (
        SELECT action.id, action.alert_id, action.kind, action.at, alert.organisation_id, alert.person_id, alert.owner_id,
            coalesce((action.data ->> 'human')::boolean, false) OR alert.level = 'critical' AS pressing,
            CASE action.kind WHEN 'handed' THEN (action.data ->> 'to')::bigint END AS handed_to,
            CASE WHEN action.kind = 'escalated' THEN action.data ->> 'to' ELSE 'owner' END AS whom
        FROM alert_action AS action JOIN alert ON alert.id = action.alert_id
        WHERE action.at > :since AND alert.closed_on IS NULL AND alert.state <> 'proposed'
            AND action.kind IN ('opened', 'worsened', 'handed', 'reminded', 'escalated', 'pause_ended')
    ), told AS (
        SELECT line.*, coalesce(absence.delegate_id, CASE WHEN absence.id IS NULL THEN line.to_user END) AS user_id
        FROM (
            SELECT line.*, coalesce(handed_to, owner_id) AS to_user FROM line
            WHERE whom = 'owner' AND coalesce(handed_to, owner_id) IS NOT NULL
        ) AS line
        LEFT JOIN absence ON absence.user_id = line.to_user AND absence.organisation_id = line.organisation_id
            AND absence.withdrawn_at IS NULL AND :day BETWEEN absence.first_day AND absence.last_day
        UNION ALL
        -- Nobody's, and pressing; or late enough for the team, then for whoever runs it.
        SELECT line.*, NULL::bigint, member.user_id FROM line JOIN membership AS member
            ON member.organisation_id = line.organisation_id AND member.started_on <= :day
            AND (member.ended_on IS NULL OR member.ended_on >= :day)
            AND member.role = ANY(CASE line.whom WHEN 'manager' THEN CAST(:steering AS text[]) ELSE CAST(:acting AS text[]) END)
        WHERE line.whom IN ('team', 'manager') OR (line.whom = 'owner' AND line.owner_id IS NULL AND line.handed_to IS NULL
            AND line.pressing)
    ), new AS (
        SELECT told.*, told.kind = 'opened' AND NOT told.pressing AS quiet, row_number() OVER (
            PARTITION BY told.user_id, told.person_id, told.kind = 'opened' AND NOT told.pressing ORDER BY told.id) AS nth
        FROM told
        WHERE told.user_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM notification AS known WHERE known.user_id = told.user_id AND known.action_id = told.id)
    )
    INSERT INTO notification (user_id, organisation_id, alert_id, action_id, kind, pressing, at)
    SELECT DISTINCT user_id, organisation_id, alert_id, id, kind, pressing, at FROM new
    WHERE NOT quiet OR (nth = 1 AND NOT EXISTS (
        SELECT FROM notification AS lately JOIN alert AS other ON other.id = lately.alert_id
        WHERE lately.user_id = new.user_id AND other.person_id = new.person_id AND lately.at > new.at - CAST(:quiet AS interval)))
    ON CONFLICT (user_id, action_id) DO NOTHING RETURNING id
""")


def _roles(permission: Permission) -> list[str]:
    return [str(role) for role, permissions in PERMISSIONS.items() if permission in permissions]


def derive(public_url: str) -> int:
    """Tells users what the log has said since; returns how many notifications that made. Pressing ones become a mail at once.

    ``public_url``: where the pages are, for the links of mails.
    """
    with db.as_system(), db.atomic() as session:
        made = session.execute(
            _DERIVE,
            {
                "since": clock.now() - LOOKED_BACK, "day": clock.today(), "quiet": QUIET_WEEK,
                "acting": _roles(Permission.ALERT_ACT), "steering": _roles(Permission.TEAM_STEER),
            },
        ).all()  # fmt: skip
        _write(session, None, public_url)
    return len(made)


def digest(public_url: str) -> int:
    """Writes this morning's summaries: daily on working days, weekly on Mondays, only where there is something new."""
    today = clock.today()
    wanted = [Digest.DAILY] if today.weekday() < SATURDAY else []
    wanted += [Digest.WEEKLY] if today.weekday() == MONDAY else []
    with db.as_system(), db.atomic() as session:
        _forget(session)
        return _write(session, wanted, public_url) if wanted else 0


def read(notifications: Sequence[str] | None, *, user_id: int, organisation_id: int, unread: bool = False) -> int:
    """Marks these notifications of one's own as read (all of them for None), or as unread again. Returns how many changed."""
    with db.atomic() as session:
        change = sa.update(Notification).where(
            Notification.user_id == user_id,
            Notification.organisation_id == organisation_id,
            Notification.read_at.is_not(None) if unread else Notification.read_at.is_(None),
        )
        if notifications is not None:
            change = change.where(Notification.public_id.in_(notifications))
        marked = change.values(read_at=None if unread else clock.now()).returning(Notification.id)
        return len(session.execute(marked.execution_options(synchronize_session=False)).all())


def choose(user_id: int, organisation_id: int, *, digest: Digest, immediate: bool) -> None:
    """How one wants to hear of the alerts of this organisation."""
    with db.atomic() as session:
        known = session.get(NotificationChoice, (user_id, organisation_id))
        if known is None:
            known = NotificationChoice(user_id=user_id, organisation_id=organisation_id, digest=digest, immediate=immediate)
            session.add(known)
        known.digest, known.immediate = digest, immediate
        session.flush()


def send(post: Post) -> int:
    """Sends the mails that wait, oldest first, each in a transaction of its own. Returns how many left."""
    sent = 0
    for _turn in range(AT_ONCE):
        with db.as_system(), db.atomic() as session:
            due = sa.select(Mail).where(Mail.sent_at.is_(None), Mail.next_at <= clock.now(), Mail.attempts <= len(RETRY_AFTER))
            mail = session.scalars(due.order_by(Mail.id).limit(1).with_for_update(skip_locked=True)).first()
            if mail is None:
                return sent
            to = session.scalar(sa.select(User.email).where(User.id == mail.user_id, User.active)) or ""
            sent += _send(mail, to, post)
            session.flush()
    return sent


def _send(mail: Mail, to: str, post: Post) -> int:
    mail.attempts += 1
    if not to:  # the account was closed meanwhile
        mail.sent_at, mail.error = clock.now(), "no recipient"
        return 0
    try:
        post.send(Letter(str(mail.public_id), to, mail.subject, mail.body))
    except (OSError, smtplib.SMTPException) as error:
        mail.error = type(error).__name__
        mail.next_at = clock.now() + RETRY_AFTER[min(mail.attempts, len(RETRY_AFTER)) - 1]
        return 0
    mail.sent_at, mail.error = clock.now(), None
    return 1


# --- what mails say ----------------------------------------------------------------------------------------------------


def _write(session: Session, of: Sequence[Digest] | None, public_url: str) -> int:
    """One mail for each user who has something that no mail has told; marks it as told in the same transaction.

    ``of``: the summaries that are due; None for what presses.
    """
    pressing = of is None
    choice = sa.func.coalesce(NotificationChoice.digest, str(Digest.DAILY))
    at_once = sa.func.coalesce(NotificationChoice.immediate, sa.true())
    waiting = (
        sa.select(Notification.user_id, Notification.organisation_id, sa.func.array_agg(Notification.id), User.locale)
        .join(User, User.id == Notification.user_id)
        .outerjoin(
            NotificationChoice,
            sa.and_(
                NotificationChoice.user_id == Notification.user_id,
                NotificationChoice.organisation_id == Notification.organisation_id,
            ),
        )
        .where(
            Notification.mailed_at.is_(None),
            Notification.read_at.is_(None),
            User.active,
            sa.exists().where(
                Membership.user_id == Notification.user_id,
                Membership.organisation_id == Notification.organisation_id,
                sa.or_(Membership.ended_on.is_(None), Membership.ended_on >= clock.today()),
            ),
            sa.and_(Notification.pressing, at_once) if pressing else choice.in_([str(each) for each in of or ()]),
        )
        .group_by(Notification.user_id, Notification.organisation_id, User.locale)
        .order_by(Notification.user_id)
    )
    found = session.execute(waiting).all()
    for user, _organisation, ids, locale in found:
        with speaking(locale):
            subject, body = _said(len(ids), public_url, pressing=pressing)
        session.add(Mail(user_id=user, subject=subject, body=body))
    told = [id_ for row in found for id_ in row[2]]
    session.execute(sa.update(Notification).where(Notification.id.in_(told)).values(mailed_at=clock.now()))
    session.flush()
    return len(found)


def _said(many: int, public_url: str, *, pressing: bool) -> tuple[str, str]:
    """(subject, body): a number and where to go, never a name."""
    if pressing:
        subject = ngettext("Pathways : {n} alerte pressante", "Pathways : {n} alertes pressantes", many)
        first = ngettext(
            "{n} alerte presse : quelqu’un l’a signalée, ou elle est critique.",
            "{n} alertes pressent : quelqu’un les a signalées, ou elles sont critiques.",
            many,
        )
    else:
        subject = ngettext("Pathways : {n} nouveauté à voir", "Pathways : {n} nouveautés à voir", many)
        first = ngettext("{n} nouveauté vous attend.", "{n} nouveautés vous attendent.", many)
    lines = [
        first.format(n=many),
        _("Les voir et agir : {address}").format(address=f"{public_url}/notifications"),
        _("Ce message ne nomme personne. Choisir ce que vous recevez : {address}").format(
            address=f"{public_url}/notifications/choix"
        ),
    ]
    return subject.format(n=many), "\n\n".join(lines) + "\n"


def _forget(session: Session) -> None:
    """What was told long ago is of no more use, and a mail that left even less."""
    session.execute(sa.delete(Notification).where(Notification.at < clock.now() - KEPT))
    session.execute(sa.delete(Mail).where(Mail.sent_at < clock.now() - KEPT_MAIL))
