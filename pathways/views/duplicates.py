"""Records that may be one person: the list, two of them side by side, and what somebody decides."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from pathways import clock, db
from pathways.errors import NotVisible, Refused
from pathways.forms.persons import ApartForm, JoinForm, UndoForm, join_form
from pathways.operations import merging
from pathways.queries import duplicates as queries
from pathways.queries.duplicates import Joined, Pair, Side
from pathways.queries.person import Companion, companions
from pathways.queries.steps import StepRow, steps_of
from pathways.sharing import language, naming
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import N_, _
from pathways.sharing.likeness import alike
from pathways.sharing.likeness import apart as apart_in_words
from pathways.sharing.permissions import Permission
from pathways.sharing.places import commune
from pathways.sharing.refusals import reason_sentences
from pathways.views.gate import account, mandate, reader, requires
from pathways.views.presentation import phone

bp = Blueprint("duplicates", __name__, url_prefix="/doublons")

COMPARED = (Group.IDENTITY, Group.CONTACT, Group.ADMINISTRATIVE)
FACTS = {
    "family_name": N_("Nom"),
    "given_name": N_("Prénom"),
    "birth_date": N_("Date de naissance"),
    "sex": N_("Sexe"),
    "commune": N_("Commune"),
    "phone": N_("Téléphone"),
    "email": N_("Adresse électronique"),
    "level": N_("Niveau de diplôme"),
}
bp.add_app_template_filter(alike)
bp.add_app_template_filter(apart_in_words, "apart")
bp.add_app_template_filter(clock.paris_day)
bp.add_app_template_filter(lambda column: _(FACTS[column]) if column in FACTS else column, "fact_label")
SEXES = {"F": N_("Femme"), "M": N_("Homme"), "X": N_("Non précisé")}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the comparison, as it is shown. ``state``: same, differs, or alone where one record says nothing."""

    column: str
    label: str
    first: str
    second: str
    state: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Two records side by side. Steps and companions by person, of those the reader sees."""

    pair: Pair
    facts: list[Fact]
    steps: dict[int, list[StepRow]]
    companions: dict[int, list[Companion]]
    newcomers: list[str]
    """Organisations that will see both records once they are one, and see one of them today."""


@bp.get("/")
@requires(Permission.PERSON_MERGE)
def index() -> ResponseReturnValue:
    with db.atomic():
        page = queries.open_pairs(reader(), request.args.get("apres", ""))
        disclose([each for row in page.rows for each in row.disclosed], "duplicates.index", [Group.IDENTITY])
    return render_template("duplicates/index.html", page=page, after=request.args.get("apres", ""))


@bp.get("/<uuid:pair>")
@requires(Permission.PERSON_MERGE)
def compare(pair: uuid.UUID) -> ResponseReturnValue:
    found = _compared(pair)
    if found.pair.state == "joined":
        return redirect(url_for(".undo", pair=pair), code=303)
    return _page(found, _join_form(found), ApartForm())


@bp.post("/<uuid:pair>/reunir")
@requires(Permission.PERSON_MERGE)
def join(pair: uuid.UUID) -> ResponseReturnValue:
    found = _compared(pair)
    if not found.pair.both_visible:
        raise NotFound
    form = _join_form(found)
    if form.validate_on_submit():
        try:
            merging.join(
                found.pair.first.id,
                found.pair.second.id,
                user_id=account().id,
                organisation_id=mandate().organisation_id,
                reason=form.reason.data,
                from_merged=_from_second(form),
                confirmed=bool(form.confirmed.data),
            )
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            flash(_("Les deux fiches n’en font plus qu’une. C’est réversible depuis cette page."), "success")
            return redirect(url_for("person.show", person=found.pair.first.public_id), code=303)
    return _page(found, form, ApartForm())


@bp.post("/<uuid:pair>/separer")
@requires(Permission.PERSON_MERGE)
def apart(pair: uuid.UUID) -> ResponseReturnValue:
    found = _compared(pair)
    form = ApartForm()
    if form.validate_on_submit():
        try:
            merging.tell_apart(
                found.pair.id, user_id=account().id, organisation_id=mandate().organisation_id, reason=form.reason.data
            )
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            flash(_("Noté : ce sont deux personnes. Elles ne seront plus proposées, sauf si une identité change."), "success")
            return redirect(url_for(".compare", pair=pair), code=303)
    return _page(found, _join_form(found), form)


@bp.route("/<uuid:pair>/defaire", methods=["GET", "POST"])
@requires(Permission.PERSON_MERGE)
def undo(pair: uuid.UUID) -> ResponseReturnValue:
    """Says what will happen, then undoes a junction, or that two records are two people."""
    with db.atomic():
        found = queries.pair(pair, reader())
        done = queries.joined(found)
        disclose(found.seen, "duplicates.undo", [Group.IDENTITY])
    if done is None and found.state != "apart":
        return redirect(url_for(".compare", pair=pair), code=303)
    form = UndoForm()
    if form.validate_on_submit():
        try:
            _undo(found, done)
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            flash(_("C’est annulé : la question est de nouveau ouverte."), "success")
            return redirect(url_for(".compare", pair=pair), code=303)
    page = render_template(
        "duplicates/undo.html", pair=found, done=done, kept=_kept(found, done), form=form, labels=FACTS
    )
    return page, form.status


def leads_to_the_kept_record(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """The address of a record that was joined to another leads to that one, for those who see it (argument ``person``)."""

    @wraps(view)
    def look(person: uuid.UUID) -> ResponseReturnValue:
        try:
            return view(person)
        except NotVisible:
            kept = queries.now_known_as(person)
            if kept is None:
                raise
            return redirect(url_for("person.show", person=kept), code=302)

    return look


def _undo(found: Pair, done: Joined | None) -> None:
    if done is None:
        merging.reopen(found.id)
    else:
        merging.undo(done.id, user_id=account().id, organisation_id=mandate().organisation_id)


def _kept(found: Pair, done: Joined | None) -> Side:
    return found.second if done and done.kept_id == found.second.id else found.first


def _compared(public_id: uuid.UUID) -> Compared:
    with db.atomic():
        pair = queries.pair(public_id, reader())
        steps = steps_of(pair.seen, reader())
        there = {person: companions(person, reader()) for person in pair.seen}
        disclose(pair.seen, "duplicates.compare", COMPARED)
        disclose([each for each in pair.disclosed if each not in pair.seen], "duplicates.compare", [Group.IDENTITY])
    return Compared(pair, _facts(pair), steps, there, _newcomers(pair, there))


def _newcomers(pair: Pair, there: dict[int, list[Companion]]) -> list[str]:
    if not pair.both_visible:
        return []
    first, second = ({each.organisation for each in there[side.id]} for side in (pair.first, pair.second))
    return sorted(first ^ second)


def _facts(pair: Pair) -> list[Fact]:
    found = []
    for column, label in FACTS.items():
        first, second = _said(column, pair.first), _said(column, pair.second)
        if first or second:
            alone = not (first and second)
            found.append(Fact(column, _(label), first, second, "alone" if alone else "same" if first == second else "differs"))
    return found


def _said(column: str, side: Side) -> str:
    """A fact as it is shown."""
    value = getattr(side, column)
    if not value:
        return ""
    words: Mapping[str, Callable[[Any], str]] = {
        "birth_date": language.long_day,
        "sex": lambda sex: _(SEXES[sex]),
        "commune": commune,
        "phone": phone,
        "level": lambda level: _(naming.EDUCATION[level]),
    }
    return words[column](value) if column in words else str(value)


def _join_form(found: Compared) -> JoinForm:
    return join_form([(fact.column, fact.label, fact.first, fact.second) for fact in found.facts if fact.state == "differs"])


def _from_second(form: JoinForm) -> frozenset[str]:
    """The columns for which the second record's value was chosen."""
    return frozenset(
        field.name.removeprefix("keep_") for field in form if field.name.startswith("keep_") and field.data == "second"
    )


def _page(found: Compared, joining: JoinForm, parting: ApartForm) -> ResponseReturnValue:
    parting.reason.flags.required = not found.pair.both_visible  # nobody else can check what was not seen
    page = render_template("duplicates/compare.html", found=found, pair=found.pair, joining=joining, parting=parting)
    return page, max(joining.status, parting.status)
