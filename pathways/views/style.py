"""The style page: every component as the pages use it, to look at and to test."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pathways.forms.style import StyleForm
from pathways.views.gate import public
from pathways.workflows.states import State

bp = Blueprint("style", __name__)


@bp.get("/style")
@public
def show() -> ResponseReturnValue:
    """Shows nobody's data: what looks like somebody is invented on the page itself."""
    form, faulty = StyleForm(formdata=None), StyleForm.with_faults()
    return render_template("style/show.html", form=form, faulty=faulty, states=list(State)[:6])
