"""Who is told of what, once; what leaves by mail, to whom, and that it names nobody."""

from __future__ import annotations

import email
import re
import smtplib
import socketserver
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from config.base import ConfigurationError
from config.development import Development
from config.production import Production
from pathways import clock, db
from pathways.detection.finding import Level
from pathways.mail import FileSink, Post, SmtpServer
from pathways.models import Digest, Locale, Mail, Notification, Role, User
from pathways.operations.absences import record_absence
from pathways.operations.alert_clock import tick
from pathways.operations.alerts import hand_alert
from pathways.operations.notifications import RETRY_AFTER, choose, derive, digest, read, send
from pathways.workflows.alert_life import Reserve
from tests.factories import MembershipFactory
from tests.scene import account
from tests.views.conftest import submit, token

URL = "https://pathways.example"


def told(house, user_id=None):
    query = sa.select(Notification.kind).where(Notification.user_id == (user_id or house.counsellor.user_id))
    return list(house.session.scalars(query.order_by(Notification.id)))


def mails(house):
    return list(house.session.scalars(sa.select(Mail).order_by(Mail.id)))


def test_an_alert_that_shows_is_told_its_owner_once(house):
    (person,) = house.follow()
    house.rise(person)

    assert (derive(URL), derive(URL)) == (1, 0)
    assert told(house) == ["opened"]


def test_what_was_held_back_is_told_nobody(house):
    for person in house.follow(4):
        house.rise(person)

    derive(URL)

    assert told(house) == ["opened"] * 2


def test_a_person_is_told_of_once_a_week_unless_it_worsens_or_presses(house, later):
    (person,) = house.follow()
    house.rise(person)
    house.rise(person, family="deadline", rule="cap_approaching")
    derive(URL)
    assert told(house) == ["opened"]

    later(2)
    house.rise(person, level=Level.CRITICAL, rule="repeated_no_show", reserve=Reserve.CRITICAL)
    house.rise(person, family="training_risk", rule="training_risk_flag", raised_by=1, reserve=Reserve.HUMAN)
    derive(URL)

    assert sorted(told(house)) == ["opened", "opened", "worsened"]


def test_somebody_away_is_told_nothing_and_their_delegate_is(house):
    colleague, today = MembershipFactory(organisation=house.ml), clock.today()
    record_absence(
        house.counsellor.user_id, first_day=today, last_day=today, delegate_id=colleague.user_id,
        recorded_by=colleague.user_id, organisation_id=house.ml.id,
    )  # fmt: skip
    (person,) = house.follow()
    house.rise(person)

    derive(URL)

    assert (told(house), told(house, colleague.user_id)) == ([], ["opened"])


def test_a_late_alert_is_told_the_team_then_the_head(house, later):
    colleague = MembershipFactory(organisation=house.ml)
    head = MembershipFactory(organisation=house.ml, role=Role.RESPONSABLE_STRUCTURE)
    (person,) = house.follow()
    house.rise(person)
    for _day in range(25):
        tick()
        derive(URL)
        later(1)

    assert told(house, colleague.user_id) == ["escalated"]
    assert told(house, head.user_id) == ["escalated", "escalated"]


def test_handing_an_alert_tells_whoever_gets_it(house):
    colleague = MembershipFactory(organisation=house.ml)
    (person,) = house.follow()
    alert = house.rise(person)
    by = {"user_id": house.counsellor.user_id, "organisation_id": house.ml.id}
    hand_alert(alert.id, to_user_id=colleague.user_id, **by)

    derive(URL)

    assert "handed" in told(house, colleague.user_id)


def test_one_reads_ones_own_and_nobody_elses(house):
    colleague = MembershipFactory(organisation=house.ml)
    (person,) = house.follow()
    house.rise(person)
    derive(URL)

    with db.acting_for(house.ml.id, colleague.user_id):
        assert read(None, user_id=house.counsellor.user_id, organisation_id=house.ml.id) == 0
    with db.acting_for(house.ml.id, house.counsellor.user_id):
        assert read(None, user_id=house.counsellor.user_id, organisation_id=house.ml.id) == 1


# --- mail --------------------------------------------------------------------------------------------------------------


def test_a_human_flag_leaves_at_once_and_the_rest_waits_for_the_morning(house):
    first, second = house.follow(2)
    house.rise(first)
    derive(URL)
    assert mails(house) == []

    house.rise(second, family="training_risk", rule="training_risk_flag", raised_by=1, reserve=Reserve.HUMAN)
    derive(URL)
    (at_once,) = mails(house)
    assert "1 alerte pressante" in at_once.subject
    digest(URL)

    assert len(mails(house)) == 2
    assert digest(URL) == 0


@pytest.mark.parametrize(
    ("chosen", "days", "expected"),
    [(Digest.DAILY, 0, 1), (Digest.DAILY, 5, 0), (Digest.WEEKLY, 0, 1), (Digest.WEEKLY, 1, 0), (Digest.NEVER, 0, 0)],
    ids=["every day", "not on a Saturday", "on a Monday", "not on a Tuesday", "never"],
)
def test_summaries_come_as_one_chose(house, later, chosen, days, expected):
    choose(house.counsellor.user_id, house.ml.id, digest=chosen, immediate=False)
    later(days)
    (person,) = house.follow()
    house.rise(person, raised_by=1, reserve=Reserve.HUMAN)
    derive(URL)

    assert digest(URL) == expected


@pytest.mark.parametrize("locale", Locale)
def test_no_mail_names_anybody_and_each_leads_to_a_task(house, locale):
    house.session.get(User, house.counsellor.user_id).locale = locale
    (person,) = house.follow()
    person.family_name, person.given_name = "Zzyzx", "Quetzal"
    house.rise(person, raised_by=1, reserve=Reserve.HUMAN)
    derive(URL)
    (other,) = house.follow()
    house.rise(other)
    derive(URL)
    digest(URL)

    written = mails(house)
    assert len(written) == 2
    for mail in written:
        assert "Zzyzx" not in mail.subject + mail.body
        assert "Quetzal" not in mail.subject + mail.body
        assert f"{URL}/notifications" in mail.body
        assert (" pressante" in mail.subject or " à voir" in mail.subject) == (locale is Locale.FR)


def waiting(house):
    (person,) = house.follow()
    house.rise(person, raised_by=1, reserve=Reserve.HUMAN)
    derive(URL)
    return mails(house)[0]


def test_a_mail_is_a_file_unless_told_otherwise(house, tmp_path):
    mail = waiting(house)

    assert (send(Post(FileSink(tmp_path), "p@example.org")), send(Post(FileSink(tmp_path), "p@example.org"))) == (1, 0)

    (file,) = tmp_path.glob("*.eml")
    message = email.message_from_bytes(file.read_bytes())
    to = house.session.scalar(sa.select(User.email).where(User.id == house.counsellor.user_id))
    assert (message["To"], message["Message-ID"]) == (to, f"<{mail.public_id}@example.org>")


class Broken:
    """A server that is away."""

    def __init__(self) -> None:
        self.tried = 0

    def send(self, _message) -> None:
        self.tried += 1
        raise smtplib.SMTPServerDisconnected("away")


def test_what_a_server_refused_is_tried_again_later_and_later_then_left(house, frozen_clock):
    mail, away = waiting(house), Broken()
    post = Post(away, "p@example.org")
    for pause in (timedelta(0), *RETRY_AFTER, timedelta(days=9), timedelta(days=9)):
        frozen_clock.advance(seconds=pause.total_seconds() + 1)
        send(post)

    house.session.expire_all()
    assert (away.tried, mail.sent_at, mail.error) == (len(RETRY_AFTER) + 1, None, "SMTPServerDisconnected")


class Conversation(socketserver.StreamRequestHandler):
    """The other end of SMTP, for one mail."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        body = False
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            if body:
                body = line != "."
                self.server.heard.append(line)
                if not body:
                    self.wfile.write(b"250 kept\r\n")
            elif line.upper() == "DATA":
                body = True
                self.wfile.write(b"354 go on\r\n")
            elif line.upper() == "QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.server.heard.append(line)
                self.wfile.write(b"250 ok\r\n")


def test_it_speaks_smtp_and_everything_goes_to_the_override(house):
    waiting(house)
    with socketserver.TCPServer(("127.0.0.1", 0), Conversation) as server:
        server.heard = []
        threading.Thread(target=server.handle_request, daemon=True).start()
        post = Post(SmtpServer(f"smtp://127.0.0.1:{server.server_address[1]}"), "p@example.org", "all@example.org")

        assert send(post) == 1

    recipients = [line for line in server.heard if line.upper().startswith("RCPT")]
    assert recipients == ["rcpt TO:<all@example.org>"]
    assert any(line.startswith("Subject:") for line in server.heard)


@pytest.mark.parametrize(
    ("kind", "said", "refused"),
    [
        (Development, {"PATHWAYS_MAIL": "smtp", "PATHWAYS_SMTP_URL": "smtp://mail.example"}, "PATHWAYS_MAIL_OVERRIDE"),
        (Production, {"PATHWAYS_MAIL": "smtp"}, "PATHWAYS_SMTP_URL"),
        (Production, {"PATHWAYS_MAIL": "pigeon"}, "PATHWAYS_MAIL"),
        (Production, {"PATHWAYS_MAIL": "smtp", "PATHWAYS_SMTP_URL": "smtps://mail.example"}, ""),
        (Development, {}, ""),
    ],
)
def test_nothing_leaves_outside_production_without_an_override(kind, said, refused):
    environ = {"DATABASE_URL": "x", "REDIS_URL": "x", "PATHWAYS_SECRET_KEY": "x" * 40} | said
    if refused:
        with pytest.raises(ConfigurationError, match=refused):
            kind.read(environ)
    else:
        assert kind.read(environ).post.origin


# --- pages -------------------------------------------------------------------------------------------------------------


def test_what_is_new_is_read_one_by_one_or_all_at_once_and_the_choice_is_kept(house, sign_in):
    claire = account(house.ml, "Claire Moreau", "claire@exemple.fr")
    (person,) = house.follow(user=claire.id)
    house.rise(person, owner=claire.id)
    derive(URL)
    client = sign_in(claire)

    assert "1 notification" in client.get("/a-traiter").text
    assert person.family_name in client.get("/notifications?vue=non-lues").text
    assert client.post("/notifications/lues", data={"csrf_token": token(client.get("/notifications"))}).status_code == 303
    assert "Tout est lu" in client.get("/notifications?vue=non-lues").text
    assert submit(client, "/notifications/choix", digest="weekly", immediate="y").status_code == 303
    assert re.search(r'<input[^>]*checked[^>]*value="weekly"', client.get("/notifications/choix").text)
