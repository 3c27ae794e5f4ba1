"""The thresholds of one's organisation: what holds, what another value would change, and choosing one from a day on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from pathways import db
from pathways.detection.choices import SWITCHES, depends_on_scheme, is_switch, required_by, schemes_of
from pathways.errors import Refused
from pathways.forms.thresholds import DEFAULT, PREVIEW, ThresholdForm, WithdrawForm, form_for, scheme_choices
from pathways.operations import thresholds as operations
from pathways.queries import thresholds as queries
from pathways.queries.threshold_preview import Preview, preview
from pathways.queries.thresholds import Level
from pathways.sharing.language import _, said_day
from pathways.sharing.naming import scheme as scheme_name
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.sharing.thresholds import FAMILIES, Threshold, described, label_of, said, value_sentence
from pathways.views.gate import account, mandate, reader, requires

bp = Blueprint("thresholds", __name__, url_prefix="/seuils")

WORDS = {"families": FAMILIES, "label_of": label_of, "value_of": value_sentence, "said": said}


@bp.get("/")
@requires(Permission.SETTING_ADMINISTER)
def index() -> ResponseReturnValue:
    with db.atomic():
        blocks = queries.thresholds(mandate().organisation_id)
        every, rules = queries.switches(mandate().organisation_id)
    rows = [every, *(row for block in (*rules, *blocks) for row in block.rows)]
    own = [level for row in rows for level in row.all_levels if level.differs]
    form = WithdrawForm(formdata=None)
    return render_template("thresholds/index.html", blocks=blocks, own=own, form=form, **WORDS)


@bp.get("/regles")
@requires(Permission.SETTING_ADMINISTER)
def rules() -> ResponseReturnValue:
    """Which rules the organisation works with; those a human or the law asks for are not switched off."""
    with db.atomic():
        every, blocks = queries.switches(mandate().organisation_id)
    return render_template("thresholds/rules.html", every=every, blocks=blocks, **WORDS)


@bp.get("/historique")
@requires(Permission.SETTING_ADMINISTER)
def history() -> ResponseReturnValue:
    with db.atomic():
        changes = queries.history(mandate().organisation_id)
    return render_template("thresholds/history.html", changes=changes, longest=queries.LONGEST_HISTORY, **WORDS)


@bp.route("/<name>", methods=["GET", "POST"])
@requires(Permission.SETTING_ADMINISTER)
def edit(name: str) -> ResponseReturnValue:
    """One button saves, one shows what the value would change today, one goes back to the value of everybody."""
    scheme = _asked(name)
    if scheme is None and depends_on_scheme(name):
        return redirect(url_for(".edit", name=name, dispositif=schemes_of(name)[0]), code=303)
    with db.atomic():
        level = queries.threshold(name, scheme, mandate().organisation_id)
    act, form, effect = request.form.get("act"), form_for(_described(name), level.value), None
    if act == DEFAULT:
        form.without_values()
    elif act == PREVIEW:
        form.without_reason()
    if form.validate_on_submit():
        try:
            if act == PREVIEW:
                effect = _preview(level, form)
            else:
                return _change(level, form, act == DEFAULT)
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
    return _page(level, form, effect)


@bp.post("/<name>/renoncer")
@requires(Permission.SETTING_ADMINISTER)
def withdraw(name: str) -> ResponseReturnValue:
    _described(name)
    form = WithdrawForm()
    if form.validate_on_submit():
        operations.withdraw(
            name,
            valid_from=form.begins,
            scheme=form.scheme.data or None,
            organisation_id=mandate().organisation_id,
            user_id=account().id,
        )
        flash(_("Le changement prévu est annulé : la valeur actuelle reste en vigueur."), "success")
    return redirect(url_for(".index"), code=303)


def _asked(name: str) -> str | None:
    """The scheme asked for; a setting or a scheme that does not exist is a wrong address."""
    scheme = request.args.get("dispositif") or None
    _described(name)
    if scheme is not None and scheme not in schemes_of(name):
        raise NotFound
    return scheme


def _described(name: str) -> Threshold:
    threshold = described(name, required_by(name))
    if threshold is None or (is_switch(name) and name not in SWITCHES):
        raise NotFound
    return threshold


def _preview(level: Level, form: ThresholdForm) -> Preview:
    value = operations.read_value(level.name, form.typed, level.scheme)
    with db.atomic():
        return preview(level.name, value, level.scheme, reader())


def _change(level: Level, form: ThresholdForm, to_default: bool) -> ResponseReturnValue:
    of_it: dict[str, Any] = {
        "scheme": level.scheme,
        "valid_from": form.begins,
        "reason": form.reason.data or "",
        "organisation_id": mandate().organisation_id,
        "user_id": account().id,
    }
    if to_default:
        operations.take_default(level.name, **of_it)
        text = _("« {label} » : la valeur par défaut s’appliquera à partir du {day}.")
    else:
        operations.choose(level.name, form.typed, **of_it)
        text = _("« {label} » : la nouvelle valeur s’applique à partir du {day}.")
    flash(text.format(label=label_of(level.name, level.scheme), day=said_day(form.begins)), "success")
    return redirect(url_for(".index"), code=303)


def _page(level: Level, form: ThresholdForm, effect: Preview | None) -> ResponseReturnValue:
    with db.atomic():
        changes = [each for each in queries.history(mandate().organisation_id, level.name) if each.scheme == level.scheme]
    page = render_template(
        "thresholds/edit.html",
        level=level,
        threshold=_described(level.name),
        is_switch=is_switch(level.name),
        form=form,
        effect=effect,
        changes=changes,
        schemes=scheme_choices(schemes_of(level.name), scheme_name),
        for_all=not depends_on_scheme(level.name),
        withdraw=WithdrawForm(formdata=None),
        **WORDS,
    )
    return page, form.status
