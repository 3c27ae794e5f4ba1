"""The second factor: set up, asked for, never accepted twice, recovered, reset with a trace, and required where it is."""

from __future__ import annotations

import json
import re

import pytest
import sqlalchemy as sa

import config.testing
from config.base import ConfigurationError
from config.production import Production
from pathways import clock, db
from pathways.models import FactorAct, RecoveryCode, Role, SecondFactor, SecondFactorAct
from pathways.sharing import second_factor as codes
from tests.factories import OrganisationFactory
from tests.scene import account
from tests.security.conftest import ENROL, Authenticator, enrol, gives_password
from tests.views.conftest import submit, token

LIST = "/accompagnements"
STEP = "/connexion/code"


@pytest.fixture
def enrolled(sign_in, head, frozen_clock):
    """A head of service with a second factor, one minute later: the code that set it up is spent."""
    client = sign_in(head)
    phone, paper = enrol(client)
    client.post("/deconnexion", data={"csrf_token": token(client.get(LIST))})
    frozen_clock.advance(minutes=1)
    return client, phone, paper


def acts(user):
    found = db.session().scalars(
        sa.select(SecondFactorAct.act).where(SecondFactorAct.user_id == user.id).order_by(SecondFactorAct.id)
    )
    return [FactorAct(act) for act in found]


# --- signing in


def test_after_the_password_a_code_is_asked_and_nothing_is_open_before(enrolled, head):
    client, phone, _paper = enrolled

    assert gives_password(client, head).location == STEP
    answer = client.get(LIST)
    assert (answer.status_code, answer.location) == (302, f"{STEP}?next={LIST}")
    assert submit(client, answer.location, code=phone.shows()).location == LIST
    assert client.get(LIST).status_code == 200


def test_a_wrong_code_does_not_let_in(enrolled, head):
    client, phone, _paper = enrolled
    gives_password(client, head)

    answer = submit(client, STEP, code="000000" if phone.shows() != "000000" else "111111")

    assert answer.status_code == 422
    assert "Ce code ne correspond pas" in answer.text
    assert client.get(LIST).status_code == 302


@pytest.mark.parametrize(("later", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephone_may_be_half_a_minute_early_or_late(enrolled, head, later, good):
    client, phone, _paper = enrolled
    gives_password(client, head)

    assert (submit(client, STEP, code=phone.shows(later)).status_code == 303) is good


def test_a_code_is_not_accepted_twice_nor_an_older_one_after_it(enrolled, head, app):
    client, phone, _paper = enrolled
    gives_password(client, head)
    code, older = phone.shows(), phone.shows(-1)
    assert submit(client, STEP, code=code).status_code == 303

    thief = app.test_client()
    gives_password(thief, head)
    assert submit(thief, STEP, code=code).status_code == 422
    assert submit(thief, STEP, code=older).status_code == 422


def test_the_code_that_set_it_up_does_not_sign_in(sign_in, head, app, frozen_clock):
    phone, _paper = enrol(sign_in(head))
    thief = app.test_client()
    gives_password(thief, head)

    assert submit(thief, STEP, code=phone.shows()).status_code == 422


def test_a_recovery_code_signs_in_once_and_leaves_a_trace(enrolled, head, app):
    client, _phone, paper = enrolled
    gives_password(client, head)
    assert submit(client, STEP, code=f" {paper[0].upper()} ").status_code == 303
    assert acts(head)[-1] is FactorAct.RECOVERED

    thief = app.test_client()
    gives_password(thief, head)
    assert submit(thief, STEP, code=paper[0]).status_code == 422
    assert submit(thief, STEP, code=paper[1]).status_code == 303


def test_the_way_between_password_and_code_is_open_for_ten_minutes(enrolled, head, frozen_clock):
    client, phone, _paper = enrolled
    gives_password(client, head)
    page = client.get(STEP)
    frozen_clock.advance(minutes=10, seconds=1)

    answer = client.post(STEP, data={"code": phone.shows(), "csrf_token": token(page)})
    assert answer.location == "/connexion"
    assert client.get(LIST).location.startswith("/connexion?")


def test_without_a_password_the_page_of_the_code_leads_to_the_first_step(client):
    assert client.get(STEP).location == "/connexion"


def test_after_the_code_one_only_goes_on_within_this_site(enrolled, head):
    client, phone, _paper = enrolled
    gives_password(client, head)

    assert submit(client, f"{STEP}?next=//ailleurs.example", code=phone.shows()).location == "/"


def test_guessing_codes_is_slowed_down(enrolled, head):
    client, phone, _paper = enrolled
    gives_password(client, head)
    for _guess in range(5):
        assert submit(client, STEP, code="nonsense").status_code == 422

    answer = submit(client, STEP, code=phone.shows())
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_an_invitation_is_no_way_around_the_code(enrolled, head, sign_in, app):
    other_ml = OrganisationFactory(town="Mission locale du Maine")
    admin = account(other_ml, "Ada Min", "ada@exemple.fr", Role.ADMINISTRATEUR)
    admins = app.test_client()
    gives_password(admins, admin)
    shown = submit(admins, "/membres/inviter", email=head.email, roles=["conseiller"]).location
    (link,) = re.findall(r'value="(http://[^"]+jeton=[^"]+)"', admins.get(shown).text)

    client, phone, _paper = enrolled
    path = link.removeprefix("http://localhost")
    submit(client, path, password="correct-horse-battery")

    assert client.get(LIST).location.startswith(STEP)
    assert submit(client, STEP, code=phone.shows()).status_code == 303
    assert "Mission locale du Maine" in client.get("/organisme").text


# --- setting it up


def test_setting_it_up_shows_a_picture_a_key_and_ten_codes_once(sign_in, head, frozen_clock):
    client = sign_in(head)
    page = client.get(ENROL).text
    assert "<svg" in page
    assert "style=" not in page.split('class="factor-picture"')[1].split("</svg>")[0]
    assert client.get(ENROL).text.count("factor-key") == 1

    _phone, paper = enrol(client)

    assert len(set(paper)) == 10
    assert not any(code in client.get(ENROL).text for code in paper)
    assert "10 codes de secours" in client.get(ENROL).text


def test_looking_at_the_page_twice_shows_the_same_key(sign_in, head):
    client = sign_in(head)
    keys = {re.findall(r'class="factor-key">([^<]+)<', client.get(ENROL).text)[0] for _look in range(2)}

    assert len(keys) == 1


def test_a_wrong_code_sets_nothing_up(sign_in, head):
    answer = submit(sign_in(head), ENROL, code="12")

    assert answer.status_code == 422
    assert db.session().scalar(sa.select(sa.func.count()).select_from(SecondFactor)) == 0


def test_the_other_sessions_are_over_once_it_is_set_up(sign_in, head, app, frozen_clock):
    elsewhere = app.test_client()
    gives_password(elsewhere, head)
    client = sign_in(head)

    enrol(client)

    assert elsewhere.get(LIST).status_code == 302
    assert client.get(LIST).status_code == 200


def test_neither_the_secret_nor_the_codes_can_be_read_in_the_database(sign_in, head, frozen_clock):
    phone, paper = enrol(sign_in(head))
    session = db.session()

    stored = session.scalars(sa.select(SecondFactor.secret)).one()
    assert phone.totp.secret not in stored
    assert codes.unseal(stored) == phone.totp.secret
    hashes = " ".join(session.scalars(sa.select(RecoveryCode.code_hash)))
    assert not any(code in hashes or code.replace("-", "") in hashes for code in paper)


def test_the_secret_being_set_up_is_unreadable_in_the_cookie_as_well(sign_in, head):
    client = sign_in(head)
    (key,) = re.findall(r'class="factor-key">([^<]+)<', client.get(ENROL).text)
    with client.session_transaction() as cookie:
        assert key.replace(" ", "") not in json.dumps(dict(cookie))


def test_under_another_key_of_the_application_the_secret_stays_sealed_and_under_the_former_one_it_opens(app):
    sealed, hashed = codes.seal("JBSWY3DPEHPK3PXP"), codes.hashes("abcd-efgh-jkmn")[0]
    try:
        codes.configure("another key")
        assert codes.unseal(sealed) is None
        codes.configure("another key", app.config["SECRET_KEY"])
        assert codes.unseal(sealed) == "JBSWY3DPEHPK3PXP"
        assert hashed in codes.hashes("abcd-efgh-jkmn")
    finally:
        codes.configure(app.config["SECRET_KEY"])


def test_new_codes_take_a_code_and_void_the_old_ones(enrolled, head, app):
    client, phone, paper = enrolled
    gives_password(client, head)
    submit(client, STEP, code=paper[0])

    page = client.get(ENROL)
    refused = client.post(f"{ENROL}/codes", data={"code": "nonsense", "csrf_token": token(page)})
    assert refused.status_code == 422
    renewed = client.post(f"{ENROL}/codes", data={"code": phone.shows(), "csrf_token": token(page)})
    fresh = re.findall(r"<li>([a-z2-9-]{14})</li>", renewed.text)
    assert len(fresh) == 10
    assert not set(fresh) & set(paper)

    thief = app.test_client()
    gives_password(thief, head)
    assert submit(thief, STEP, code=paper[1]).status_code == 422
    assert submit(thief, STEP, code=fresh[0]).status_code == 303


def test_it_is_taken_off_with_a_code_where_it_is_not_owed(enrolled, head):
    client, _phone, paper = enrolled
    gives_password(client, head)
    submit(client, STEP, code=paper[0])
    page = client.get(ENROL)

    assert client.post(f"{ENROL}/retirer", data={"code": paper[0], "csrf_token": token(page)}).status_code == 422
    assert client.post(f"{ENROL}/retirer", data={"code": paper[1], "csrf_token": token(page)}).status_code == 303
    assert acts(head)[-1] is FactorAct.REMOVED
    assert gives_password(client, head).location == "/"


# --- required


def test_where_it_is_required_such_roles_set_it_up_before_anything_else(sign_in, head, claire, app, monkeypatch, frozen_clock):
    monkeypatch.setitem(app.config, "TOTP_REQUIRED", True)
    client = sign_in(head)

    for address in ("/", LIST, "/compte/", "/organisme"):
        assert client.get(address).location == ENROL, address
    assert client.post(LIST, data={"csrf_token": token(client.get(ENROL))}).status_code in {303, 405}
    enrol(client)
    assert client.get(LIST).status_code == 200
    assert "Retirer la double" not in client.get(ENROL).text
    colleague = app.test_client()
    assert gives_password(colleague, claire).location == "/"
    assert colleague.get(LIST).status_code == 200


@pytest.mark.parametrize("role", list(Role))
def test_the_roles_that_owe_it_are_those_that_reach_much(role):
    owed = {"chef_service", "responsable_structure", "administrateur", "dpo", "gestionnaire_region"}

    assert codes.is_owed([role]) is (role.value in owed)


def test_production_requires_it_and_the_demonstration_does_not():
    needed = {"database_url": "x", "owner_url": "x", "redis_url": "x", "secret_key": "x" * 40}

    assert Production(**needed).flask()["TOTP_REQUIRED"] is True
    assert config.testing.Testing(**needed).flask()["TOTP_REQUIRED"] is False
    assert Production(**needed, totp_required=False).flask()["TOTP_REQUIRED"] is False


def test_the_environment_decides_otherwise_and_nonsense_does_not_start():
    environment = {
        "DATABASE_URL": "postgresql://x/x", "REDIS_URL": "redis://x", "PATHWAYS_SECRET_KEY": "x" * 40,
        "PATHWAYS_TOTP_REQUIRED": "no", "PATHWAYS_IDLE_MINUTES": "20",
    }  # fmt: skip
    read = Production.read(environment)
    assert (read.totp_required, read.idle_minutes, read.session_hours) == (False, 20, 12)

    wrong = environment | {
        "PATHWAYS_TOTP_REQUIRED": "maybe", "PATHWAYS_IDLE_MINUTES": "0", "PATHWAYS_SECURITY_CONTACT": "call us",
    }  # fmt: skip
    with pytest.raises(ConfigurationError) as refused:
        Production.read(wrong)
    assert len(refused.value.faults) == 3


# --- reset by an administrator


@pytest.fixture
def admin(ml):
    return account(ml, "Ada Min", "ada@exemple.fr", Role.ADMINISTRATEUR)


def test_an_administrator_resets_it_for_a_member_and_both_see_who_did(enrolled, head, admin, app):
    client, phone, _paper = enrolled
    gives_password(client, head)
    submit(client, STEP, code=phone.shows())
    admins = app.test_client()
    gives_password(admins, admin)
    address = f"/membres/{head.public_id}/double-authentification"

    assert "Assurez-vous" in admins.get(address).text
    assert submit(admins, address).status_code == 303

    assert client.get(LIST).status_code == 302, "the sessions of a lost telephone go on"
    assert gives_password(client, head).location == "/"
    assert acts(head)[-1] is FactorAct.RESET
    for page in (admins.get(f"/membres/{head.public_id}"), client.get("/compte/sessions")):
        assert "Double authentification réinitialisée" in page.text
        assert "Ada Min" in page.text


def test_nobody_resets_their_own_nor_that_of_another_organisation(enrolled, head, admin, app, frozen_clock):
    admins = app.test_client()
    gives_password(admins, admin)
    enrol(admins)
    own = submit(admins, f"/membres/{admin.public_id}/double-authentification")
    assert own.status_code == 422
    assert "la sienne" in own.text

    stranger = account(OrganisationFactory(), "Autre Admin", "autre@exemple.fr", Role.ADMINISTRATEUR)
    strangers = app.test_client()
    gives_password(strangers, stranger)
    address = f"/membres/{head.public_id}/double-authentification"
    key = token(strangers.get("/membres/"))
    assert strangers.post(address, data={"csrf_token": key}).status_code == 404
    assert acts(head) == [FactorAct.ENROLLED]


def test_what_was_done_is_never_changed(session, head, client):
    session.add(SecondFactorAct(user_id=head.id, act=FactorAct.ENROLLED, by_user_id=head.id))
    session.flush()

    for statement in ("update second_factor_act set at = now()", "delete from second_factor_act"):
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), db.atomic():
            session.execute(sa.text(statement))


def test_codes_follow_the_standard():
    """The first value of RFC 6238, appendix B, cut to six digits."""
    phone = Authenticator("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    with clock.at(clock.now().fromtimestamp(59, clock.now().tzinfo)):
        assert phone.shows() == "287082"
        assert codes.step_of(phone.totp.secret, "287 082", clock.now()) == 1
