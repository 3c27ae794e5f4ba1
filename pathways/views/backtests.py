"""« Et si ce seuil changeait ? »: a past period replayed with other thresholds, and what would have come of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pathways import db
from pathways.backtest.capacity import SILENCE
from pathways.backtest.report import BUDGETS, CHANGED, IN_FORCE
from pathways.errors import Refused
from pathways.forms.backtests import ApplyForm, AskForm, PlainForm, usual_period
from pathways.operations import backtests as operations
from pathways.operations import thresholds
from pathways.queries.backtests import Replay, one_replay, replays
from pathways.queries.threshold_preview import Preview, preview
from pathways.sharing.language import N_, _, said_day
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.sharing.thresholds import described, label_of, shown, value_sentence
from pathways.views.gate import account, mandate, reader, requires

bp = Blueprint("backtests", __name__, url_prefix="/et-si")

CHOICES: Mapping[str, str] = {
    IN_FORCE: N_("Seuils en vigueur"),
    CHANGED: N_("Avec le changement"),
    SILENCE: N_("Le plus long silence d’abord"),
}
APPLY, PREVIEW = "apply", "preview"


@bp.route("", methods=["GET", "POST"])
@requires(Permission.BACKTEST_RUN)
def index() -> ResponseReturnValue:
    """The replays asked for so far, and asking for another; the address may name the threshold to try."""
    first, last = usual_period()
    named = {"threshold_1": "seuil", "scheme_1": "dispositif", "value_1": "valeur"}
    asked = {field: said for field, name in named.items() if (said := request.args.get(name))}
    form = AskForm(data={"first": first, "last": last} | asked)
    if form.validate_on_submit():
        try:
            found = operations.ask(*form.period, form.wanted, organisation_id=mandate().organisation_id, user_id=account().id)
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            return redirect(url_for(".show", replay=found), code=303)
    with db.atomic():
        listed = replays(reader())
    page = render_template("backtests/index.html", form=form, replays=listed, remove=PlainForm(formdata=None), **_words())
    return page, form.status


@bp.get("/<uuid:replay>")
@requires(Permission.BACKTEST_RUN)
def show(replay: uuid.UUID) -> ResponseReturnValue:
    """How far it is, then its figures."""
    with db.atomic():
        found = one_replay(replay, reader())
    return _page(found, ApplyForm(formdata=None), [])


@bp.post("/<uuid:replay>/appliquer")
@requires(Permission.SETTING_ADMINISTER)
def apply(replay: uuid.UUID) -> ResponseReturnValue:
    """One button shows what the thresholds would change today, one makes them hold from a day on."""
    with db.atomic():
        found = one_replay(replay, reader())
    form, effects = ApplyForm(), []
    if request.form.get("act") == PREVIEW:
        with db.atomic():
            effects = [(each, preview(each["name"], each["value"], each["scheme"], reader())) for each in found.changes]
        return _page(found, form, effects)
    if form.validate_on_submit():
        try:
            with db.atomic():
                for each in found.changes:
                    _choose(each, form.begins, form.reason.data or "")
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            flash(_("Ces seuils s’appliquent à partir du {day}.").format(day=said_day(form.begins)), "success")
            return redirect(url_for("thresholds.index"), code=303)
    return _page(found, form, effects)


@bp.post("/<uuid:replay>/annuler")
@requires(Permission.BACKTEST_RUN)
def cancel(replay: uuid.UUID) -> ResponseReturnValue:
    if PlainForm().validate_on_submit():
        operations.cancel(replay, mandate().organisation_id)
        flash(_("Le rejeu est annulé. Vous pouvez le relancer quand vous voulez."), "success")
    return redirect(url_for(".show", replay=replay), code=303)


@bp.post("/<uuid:replay>/relancer")
@requires(Permission.BACKTEST_RUN)
def again(replay: uuid.UUID) -> ResponseReturnValue:
    if not PlainForm().validate_on_submit():
        return redirect(url_for(".show", replay=replay), code=303)
    found = operations.again(replay, organisation_id=mandate().organisation_id, user_id=account().id)
    return redirect(url_for(".show", replay=found), code=303)


@bp.post("/<uuid:replay>/supprimer")
@requires(Permission.BACKTEST_RUN)
def delete(replay: uuid.UUID) -> ResponseReturnValue:
    if PlainForm().validate_on_submit():
        try:
            operations.delete(replay, mandate().organisation_id)
        except Refused as refusal:
            flash(" ".join(reason_sentences(refusal.reasons)), "danger")
        else:
            flash(_("Le rejeu est supprimé."), "success")
    return redirect(url_for(".index"), code=303)


@bp.get("/comparer")
@requires(Permission.BACKTEST_RUN)
def compare() -> ResponseReturnValue:
    """Two replays side by side, each with the thresholds it tried."""
    wanted = [_public_id(text) for text in request.args.getlist("rejeu")][:2]
    with db.atomic():
        found = [one_replay(each, reader()) for each in wanted if each]
    return render_template("backtests/compare.html", replays=[each for each in found if each.figures], **_words())


def _choose(change: Mapping[str, Any], valid_from: date, reason: str) -> None:
    threshold = described(change["name"])
    assert threshold is not None
    thresholds.choose(
        change["name"],
        shown(threshold, change["value"]),
        valid_from=valid_from,
        reason=reason,
        organisation_id=mandate().organisation_id,
        user_id=account().id,
        scheme=change["scheme"],
    )


def _page(found: Replay, form: ApplyForm, effects: list[tuple[Mapping[str, Any], Preview]]) -> ResponseReturnValue:
    page = render_template(
        "backtests/show.html", replay=found, form=form, plain=PlainForm(formdata=None), effects=effects, rules=_rules(found),
        **_words(),
    )
    return page, form.status


def _rules(found: Replay) -> list[tuple[str, Any, Any]]:
    """(rule, its measure with the thresholds in force, and with the change), the most telling first. None: it is silent."""
    if not found.figures:
        return []
    now, then = found.figures["rules"][IN_FORCE], found.figures["rules"].get(CHANGED, {})
    best = {rule: max(each[rule]["recall"]["value"] or 0 for each in (now, then) if rule in each) for rule in now | then}
    return [(rule, now.get(rule), then.get(rule)) for rule in sorted(best, key=lambda rule: (-best[rule], rule))]


def _words() -> dict[str, Any]:
    return {
        "label_of": label_of,
        "value_of": value_sentence,
        "choices": CHOICES,
        "budgets": [str(budget) for budget in BUDGETS],
        "changed": CHANGED,
        "in_force": IN_FORCE,
    }


def _public_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
