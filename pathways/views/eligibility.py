"""Which schemes may somebody enter? Open, to check with the fact to ask for, or closed with why."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from pathways import clock, db
from pathways.errors import Refused
from pathways.forms.eligibility import ConditionsForm, DayForm, conditions_form
from pathways.operations.eligible import IDENTITY, Answers, eligible, state_conditions
from pathways.operations.possibilities import StepOptions, possible_events
from pathways.queries.person import Identity, identity
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import ngettext
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import proposal, reason_sentences
from pathways.views.gate import account, mandate, reader, requires
from pathways.views.undo import say_done
from pathways.workflows.actors import PRESCRIBERS
from pathways.workflows.conditions import CONDITIONS
from pathways.workflows.eligibility import Answer, Eligibility

bp = Blueprint("eligibility", __name__, url_prefix="/personnes/<uuid:person>/dispositifs-possibles")
bp.add_app_template_filter(proposal, "proposal")

QUESTIONS = 6
"""Asked first: those that would decide the most schemes. The others wait under a fold."""
CLOSED = frozenset({"scheme_closed", "scheme_not_open"})


@dataclass(frozen=True, slots=True)
class Apart:
    """A running step that alone keeps ``schemes`` closed: said once for all of them."""

    held: str
    since: date
    proposal: str
    source: str
    schemes: list[str]


@bp.get("/")
@requires(Permission.PERSON_READ)
def show(person: uuid.UUID) -> ResponseReturnValue:
    """``?jour=``: the day whose rules apply, today unless given."""
    _for_those_who_prescribe()
    asked = DayForm(formdata=request.args)
    day = (asked.jour.data if asked.validate() else None) or clock.today()
    with db.atomic():
        who = identity(person, reader())
        answers = _answers(who, day)
        options = possible_events(person_id=who.id, organisation_id=mandate().organisation_id, on=clock.today())
        disclose([who.id], "eligibility.show", [Group.IDENTITY, Group.ADMINISTRATIVE, Group.SOCIAL])
    return _page(who, day, asked, answers, options, conditions_form(_questions(answers)))


@bp.post("/")
@requires(Permission.ENTRY_RECORD)
def answer(person: uuid.UUID) -> ResponseReturnValue:
    """Records the conditions answered, as known today."""
    _for_those_who_prescribe()
    with db.atomic():
        who = identity(person, reader())
        disclose([who.id], "eligibility.answer", [Group.IDENTITY])
    form = conditions_form((code, each.question) for code, each in CONDITIONS.items())
    back = url_for("eligibility.show", person=person)
    if form.validate_on_submit():
        try:
            done = state_conditions(
                who.id, form.holds, organisation_id=mandate().organisation_id, user_id=account().id, on=clock.today()
            )
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            if done:
                told = ngettext("{n} réponse enregistrée.", "{n} réponses enregistrées.", len(done)).format(n=len(done))
                say_done(told, done, back)
            return redirect(back, code=303)
    with db.atomic():
        answers = _answers(who, clock.today())
        options = possible_events(person_id=who.id, organisation_id=mandate().organisation_id, on=clock.today())
    return _page(who, clock.today(), DayForm(), answers, options, form), form.status


def _for_those_who_prescribe() -> None:
    """The page speaks of the whole situation of somebody: it is for the bodies that orient and prescribe."""
    if mandate().kind not in PRESCRIBERS:
        abort(403)


def _answers(who: Identity, day: date) -> Answers:
    return eligible(who.id, mandate().organisation_id, day, leads=who.led)


def _questions(answers: Answers) -> list[tuple[str, str]]:
    return [(code, CONDITIONS[code].question) for code, _number in answers.asked if code in CONDITIONS]


def _page(
    who: Identity, day: date, asked: DayForm, answers: Answers, options: list[StepOptions], form: ConditionsForm
) -> str:
    refused = answers.of(Answer.NO)
    in_force = [each for each in refused if not _is_out_of_force(each)]
    return render_template(
        "eligibility/show.html",
        person=who,
        day=day,
        today=clock.today(),
        asked=asked,
        answers=answers,
        form=form,
        first_questions=QUESTIONS,
        missing_identity=[fact for fact, _number in answers.asked if fact in IDENTITY],
        open_to=answers.of(Answer.YES),
        to_check=answers.of(Answer.UNKNOWN),
        number_refused=len(in_force),
        apart=_kept_apart(in_force),
        refused=[each for each in in_force if not _is_only_apart(each)],
        out_of_force=[each for each in refused if _is_out_of_force(each)],
        offers={each.scheme: [one for one in each.options if one.allowed] for each in options if each.enrolment_id is None},
        conditions=CONDITIONS,
    )


def _is_out_of_force(found: Eligibility) -> bool:
    return any(reason.code in CLOSED for reason in found.against)


def _is_only_apart(found: Eligibility) -> bool:
    return len(found.against) == 1 and found.against[0].code == "not_concurrent"


def _kept_apart(refused: list[Eligibility]) -> list[Apart]:
    """The schemes that nothing but one running step closes, step by step."""
    groups: dict[tuple[str, date, str, str], list[str]] = defaultdict(list)
    for each in refused:
        if _is_only_apart(each):
            values = each.against[0].values
            groups[values["schemes"][0], values["since"], values["do"], values["source"]].append(each.scheme.code)
    return [Apart(*key, schemes) for key, schemes in groups.items()]
