"""Correcting one's own entry, taking it back, putting it back: the effect is always shown before."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from pathways import clock, db
from pathways.errors import Refused, Stale
from pathways.forms.events import FIELD, Around, CorrectionReason, EventForm, RetractionForm, event_form
from pathways.operations.correction import RESTORED, Correction, correct, effect_of
from pathways.queries.person import Identity, identity
from pathways.queries.steps import StepRow, steps_of
from pathways.queries.timeline import TimelineEntry, one_entry
from pathways.schemas.entries import read_details
from pathways.sharing import naming
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import _
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.views.declaring import with_names
from pathways.views.effects import Shown, is_only_asking, sent, shown, version
from pathways.views.gate import account, mandate, reader, requires
from pathways.views.undo import say_done
from pathways.workflows.events import EVENTS

bp = Blueprint("corrections", __name__, url_prefix="/personnes/<uuid:person>/saisies/<int:entry>")


@bp.route("/annuler", methods=["GET", "POST"])
@requires(Permission.ENTRY_RETRACT)
def retract(person: uuid.UUID, entry: int) -> ResponseReturnValue:
    """Nothing is erased: the entry stays, struck out, with who took it back and why."""
    who, steps, declared = _asked(person, entry, "corrections.retract")
    form = RetractionForm()
    change = Correction(entry, form.reason.data or "autre")
    return _propose(who, steps, declared, form, change, "events/retract.html", _("« {event} » est annulé."))


@bp.route("/retablir", methods=["GET", "POST"])
@requires(Permission.ENTRY_RETRACT)
def restore(person: uuid.UUID, entry: int) -> ResponseReturnValue:
    """Takes back the taking back."""
    who, steps, declared = _asked(person, entry, "corrections.restore")
    form = RetractionForm(data={"reason": "autre"})
    change = Correction(entry, RESTORED, restores=True)
    return _propose(who, steps, declared, form, change, "events/restore.html", _("« {event} » compte de nouveau."))


def _propose(
    who: Identity,
    steps: list[StepRow],
    declared: TimelineEntry,
    form: RetractionForm,
    change: Correction,
    template: str,
    done: str,
) -> ResponseReturnValue:
    """The effect on the first page already: what is taken or put back is known. Recorded once it has been seen."""
    back = url_for("person.show", person=who.public_id)
    changed = False
    if form.validate_on_submit() and version() is not None:
        try:
            entries = correct(change, person_id=who.id, version=version(), **_oneself())
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        except Stale:
            changed = True
        else:
            say_done(done.format(event=naming.event(declared.event)), entries, back)
            return redirect(back, code=303)
    effect = _effect(who, steps, change, form, changed=changed)
    page = render_template(template, person=who, entry=declared, form=form, shown=effect)
    return page, 409 if changed else form.status


@bp.route("/corriger", methods=["GET", "POST"])
@requires(Permission.ENTRY_RETRACT)
def amend(person: uuid.UUID, entry: int) -> ResponseReturnValue:
    """The form as it was filled in; then the effect; then the faulty entry is taken back and the right one takes its place."""
    who, steps, declared = _asked(person, entry, "corrections.amend")
    if not declared.can_be_corrected:
        abort(404)
    with db.atomic():
        around = with_names(_before(declared), declared.event, who)
    form = event_form(declared.event, today=clock.today(), around=around)
    why = CorrectionReason()
    right = form.validate_on_submit() and why.validate()
    if right and not is_only_asking():
        answer = _amend(who, steps, declared, form, why)
        if answer is not None:
            return answer
    status = 200 if is_only_asking() else max(form.status, why.status)
    return render_template("events/correct.html", person=who, entry=declared, form=form, why=why), status


def _amend(
    who: Identity, steps: list[StepRow], declared: TimelineEntry, form: EventForm, why: CorrectionReason
) -> ResponseReturnValue | None:
    """The page of the effect, or back to the person once confirmed; None when it is refused."""
    # What the form does not show stays as it was declared.
    data = {name: value for name, value in declared.details.items() if FIELD + name not in form} | form.answers
    change = Correction(declared.id, why.reason.data, form.occurred_on.data, data)
    seen, changed = version(), False
    if seen is not None:
        try:
            entries = correct(change, person_id=who.id, version=seen, **_oneself())
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
            return None
        except Stale:
            changed = True
        else:
            back = url_for("person.show", person=who.public_id)
            say_done(_("« {event} » est corrigé.").format(event=naming.event(declared.event)), entries, back)
            return redirect(back, code=303)
    effect = _effect(who, steps, change, form, changed=changed)
    if effect is None:
        return None
    page = render_template(
        "events/confirm_correction.html", person=who, entry=declared, form=form, shown=effect, sent=sent()
    )
    return page, 409 if changed else 200


def _effect(
    who: Identity, steps: list[StepRow], change: Correction, form: EventForm | RetractionForm, *, changed: bool
) -> Shown | None:
    """What it would change; None, with the reasons on the form, when it would be refused."""
    try:
        with db.atomic():
            effect = effect_of(change, person_id=who.id, organisation_id=mandate().organisation_id)
            return shown(effect, who, steps, changed=changed)
    except Refused as refusal:
        form.refuse(reason_sentences(refusal.reasons))
        return None


def _before(declared: TimelineEntry) -> Around:
    """What was declared, in the types of the form; a detail that is no longer known is left out."""
    known = {name: value for name, value in declared.details.items() if name in EVENTS[declared.event].fields}
    return Around(defaults=read_details(declared.event, known), occurred_on=declared.on)


def _asked(person: uuid.UUID, entry: int, page: str) -> tuple[Identity, list[StepRow], TimelineEntry]:
    with db.atomic():
        who = identity(person, reader())
        steps = steps_of([who.id], reader()).get(who.id, [])
        declared = one_entry(entry, who.id, reader()) or abort(404)
        disclose([who.id], page, [Group.IDENTITY, Group.SIGNALS])
    return who, steps, declared


def _oneself() -> dict[str, int]:
    return {"organisation_id": mandate().organisation_id, "user_id": account().id}
