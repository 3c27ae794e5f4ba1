"""A collective session: what it was, when, and who came."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask import request
from wtforms import SelectField
from wtforms.validators import InputRequired

from pathways import clock
from pathways.forms.base import BaseForm, Day, Note, choice
from pathways.operations.collective import MOST
from pathways.sharing.language import N_
from pathways.workflows.outcomes import SESSION_KINDS

PRESENT = "seen"
STATUSES = {PRESENT: N_("Présent"), "noshow": N_("Absent"), "excused": N_("Excusé")}
STATUS, PERSON = "presence-", "personne"


class SessionForm(BaseForm):
    """The persons come beside, as repeated ``personne`` and one ``presence-…`` each: they are added and taken away one by one."""

    kind = SelectField(
        "Séance",
        choices=[choice("", "–"), *(choice(code, label) for code, label in SESSION_KINDS.items())],
        validators=[InputRequired("Choisissez la séance.")],
    )
    day = Day("Date", validators=[InputRequired("Indiquez la date.")], default=clock.today)
    note = Note("Note interne")


def asked_persons() -> list[str]:
    """The persons on the page, from the address or from what was sent; each once, in the order they were added."""
    sent = request.form if request.method == "POST" else request.args
    wanted = [*sent.getlist(PERSON), *request.form.getlist("ajouter")]
    return [each for each in public_ids(wanted) if each not in request.form.getlist("retirer")][:MOST]


def asked_status(person: str) -> str:
    """Whether that person came; present unless said otherwise."""
    status = request.form.get(f"{STATUS}{person}", PRESENT)
    return status if status in STATUSES else PRESENT


def public_ids(texts: Iterable[str]) -> list[str]:
    found = []
    for text in texts:
        try:
            found.append(str(uuid.UUID(text)))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def asked_to_record() -> bool:
    """« Enregistrer » was clicked, rather than one of the buttons that change the list."""
    return "enregistrer" in request.form
