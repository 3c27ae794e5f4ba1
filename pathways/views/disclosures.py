"""« Qui a consulté cette fiche », and the readings of an organisation with the unusual ones on top."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.errors import Refused
from pathways.forms.disclosures import VERDICTS, ReviewForm
from pathways.forms.seek import REASONS
from pathways.operations.reading_reviews import review_reading
from pathways.queries.disclosures import COLUMN_GROUPS, changes_of, days_of_readers, looks_at, readers_of
from pathways.queries.person import identity
from pathways.queries.unusual_readings import Reading, emergencies, emergencies_waiting, people_read, unusual_readings
from pathways.sharing.disclosure import disclose
from pathways.sharing.language import _
from pathways.sharing.matrix import GROUPS, Group
from pathways.sharing.pages import page_name
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.sharing.unusual import DAYS_BACK, SINCE
from pathways.views.duplicates import leads_to_the_kept_record
from pathways.views.gate import account, mandate, reader, requires

bp = Blueprint("disclosures", __name__)
EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)
"""Days an address may ask for: beyond, nothing was read."""
TABS = ("a-examiner", "toutes", "lectures")
"""Of the page of an organisation: unusual and not examined, unusual, everything."""


@bp.before_app_request
def count_emergencies() -> None:
    """The bar says how many accesses for imminent danger nobody has examined, to whom they are told."""
    holder = g.get("mandate")
    if holder and request.method == "GET" and Permission.DISCLOSURE_READ in holder.permissions:
        with db.acting_for(holder.organisation_id, account().id), db.atomic():
            g.emergencies_waiting = emergencies_waiting(holder.organisation_id, clock.today())


@bp.get("/personnes/<uuid:person>/consultations")
@requires(Permission.PERSON_READ)
@leads_to_the_kept_record
def of_person(person: uuid.UUID) -> ResponseReturnValue:
    organisation, group = _number(request.args.get("organisme", "")), _group(request.args.get("groupe", ""))
    with db.atomic():
        who = identity(person, reader())
        looks, older = looks_at(who.id, reader(), _day(request.args.get("avant", "")), organisation=organisation, group=group)
        changes = changes_of(who.id, reader(), who.bond)
        organisations = readers_of(who.id, reader())
        told = {COLUMN_GROUPS.get(column, Group.IDENTITY) for each in changes for column, _before, _after in each.columns}
        disclose([who.id], "disclosures.of_person", {Group.IDENTITY, *told})
    return render_template(
        "disclosures/person.html",
        who=who, looks=looks, older=older, changes=changes, groups=GROUPS, page_name=page_name, reason=_reason, day=_day,
        organisations=organisations, organisation=organisation, group=group,
    )  # fmt: skip


@bp.get("/consultations")
@requires(Permission.DISCLOSURE_READ)
def index() -> ResponseReturnValue:
    tab, tomorrow = request.args.get("etat"), clock.today() + timedelta(days=1)
    names = reader() if Permission.PERSON_READ in mandate().permissions else None
    with db.atomic():
        readings = unusual_readings(mandate().organisation_id, clock.today())
        opened = emergencies(mandate().organisation_id, clock.today())
        before = _day(request.args.get("avant", "")) or tomorrow
        days, older = days_of_readers(mandate().organisation_id, before) if tab == "lectures" else ([], None)
        waiting = [each for each in readings if each.verdict is None]
        shown = [] if tab == "lectures" else readings if tab == "toutes" else waiting
        people = people_read([person for each in shown for person in each.persons], names)
        disclose([id_ for id_, each in people.items() if each.public_id], "disclosures.index", [Group.IDENTITY])
    return render_template(
        "disclosures/index.html",
        readings=shown,
        waiting=len(waiting),
        all=len(readings),
        tab=tab if tab in TABS else TABS[0],
        emergencies=opened,
        lines=days,
        older=older,
        people=people,
        page_name=page_name,
        verdicts={str(each.value): each.label for each in VERDICTS},
        reasons={str(each.value): each.label for each in REASONS},
        days=DAYS_BACK,
        since=SINCE,
        sentence=_sentence,
    )


@bp.post("/consultations")
@requires(Permission.DISCLOSURE_READ)
def review() -> ResponseReturnValue:
    form = ReviewForm()
    looked = _number(form.reader.data or "")
    if form.validate_on_submit() and form.on.data and looked:
        try:
            review_reading(
                looked, form.on.data, form.rule.data or "", form.verdict.data,
                organisation_id=mandate().organisation_id, user_id=account().id,
            )
        except Refused as refusal:
            flash(" ".join(reason_sentences(refusal.reasons)), "info")
        else:
            flash(_("L’avis est noté."), "success")
    else:
        flash(_("Choisissez un avis."), "info")
    return redirect(url_for("disclosures.index"), code=303)


def _sentence(each: Reading) -> str:
    return _(each.rule.sentence).format(count=each.count, usual=each.usual)


def _reason(text: str, *, own: bool) -> str:
    """Why, in words. The sentence of an imminent danger is its organisation's own; the others read the motive."""
    code, _colon, said = text.partition(" : ")
    label = next((_(each.label) for each in REASONS if each.value == code), None)
    if label is None:
        return text if own else ""
    return f"{label} : {said}" if own and said else label


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if EARLIEST < found < LATEST else None


def _number(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _group(letter: str) -> Group | None:
    return Group(letter) if letter in list(Group) else None
