"""A follow-up on one screen: what came of it, the next appointment, and the alert it settles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from pathways import clock
from pathways.forms.alerts import LONGEST_REASON
from pathways.forms.base import BaseForm, Day, Note, choice
from pathways.sharing import naming
from pathways.sharing.language import N_, _
from pathways.workflows.alert_life import CLOSINGS
from pathways.workflows.events import EVENTS
from pathways.workflows.outcomes import AFTER_RUPTURE, NOT_REACHED_AFTER_RUPTURE, RUPTURE_THEMES

REACHED, FAILED, BOOKED = "reached", "failed", "booked"
RESULTS = {
    REACHED: N_("Contact eu"),
    FAILED: N_("Pas joint"),
    BOOKED: N_("Rendez-vous pris"),
    "seen": N_("Rendez-vous : présent"),
    "noshow": N_("Rendez-vous : absent"),
    "excused": N_("Rendez-vous : excusé"),
    "revoked": N_("Rendez-vous : reporté par nous"),
    "to_complete": N_("Rendez-vous : à préciser"),
}
"""What came of it. From the fourth on, the results of an appointment as the journal knows them."""
APPOINTMENT_RESULTS = {code: label for code, label in RESULTS.items() if code not in {REACHED, FAILED, BOOKED}}
ATTEMPTED_BY = frozenset(EVENTS["contact_attempt"].fields["channel"].choices or ())
"""Channels by which somebody can be called without being reached."""
NOT_CLOSED = ""


@dataclass(frozen=True, slots=True)
class Act:
    """One event to record."""

    event: str
    on: date
    data: dict[str, Any] = field(default_factory=dict)


class FollowUpForm(BaseForm):
    """``offer`` gives it the steps, the warnings and the alert of the person before it is read."""

    result = RadioField(
        "Ce qui s’est passé",
        choices=[choice(code, label) for code, label in RESULTS.items()],
        validators=[InputRequired("Choisissez ce qui s’est passé.")],
    )
    channel = RadioField(
        "Par quel canal",
        choices=[choice(code, label) for code, label in naming.CHANNELS.items()],
        default="phone",
        validators=[InputRequired("Choisissez par quel canal.")],
    )
    day = Day("Date", validators=[InputRequired("Indiquez la date.")], default=clock.today)
    next_day = Day("Prochain rendez-vous", validators=[Optional()])
    note = Note("Note interne")
    step = SelectField("Sur l’étape", validate_choice=False, validators=[InputRequired("Choisissez une étape de la liste.")])
    resolves = SelectMultipleField(
        "Répond à", widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validators=[Optional()]
    )
    after_rupture = SelectField(
        "Après la rupture",
        choices=[choice("", N_("Non précisé")), *(choice(code, label) for code, label in AFTER_RUPTURE.items())],
    )
    themes = SelectMultipleField(
        "Difficultés en cause",
        choices=[choice(code, label) for code, label in RUPTURE_THEMES.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[Optional()],
    )
    outcome = SelectField(
        "Clore l’alerte avec…",
        choices=[choice(NOT_CLOSED, N_("Laisser l’alerte ouverte")), *(choice(code, label) for code, label in CLOSINGS.items())],
    )
    reason = StringField(
        "Précision sur la clôture",
        filters=[lambda text: text.strip() if text else text],
        validators=[Length(max=LONGEST_REASON)],
        render_kw={"maxlength": LONGEST_REASON},
    )
    version = HiddenField()

    def offer(
        self, steps: Sequence[tuple[str, str]], warnings: Sequence[tuple[str, str]], *, alert: bool, rupture: bool = False
    ) -> None:
        """The steps one may note it on, the first by default; what a contact may answer; whether there is an alert to close,
        and whether it is about a contract that broke: what came of it is then said in the words of list E6.
        """
        if not rupture:
            del self.after_rupture, self.themes
        self.step.choices = [choice(code, label) for code, label in steps]
        self.resolves.choices = [choice(code, label) for code, label in warnings]
        if not self.step.raw_data:
            self.step.data = steps[0][0] if steps else ""
        if not warnings:
            del self.resolves
        if not alert:
            del self.outcome, self.reason, self.version

    @property
    def closes(self) -> str:
        """The outcome to close the alert with; "" to leave it open."""
        return (self.outcome.data or "") if "outcome" in self else ""

    @property
    def acts(self) -> list[Act]:
        """What is to be recorded, in order."""
        done = [] if self.result.data == BOOKED else [self._act()]
        if self.result.data in {BOOKED, "seen"} and self._after:
            # An appointment has no word for it: what was said when it was taken, or kept, is a contact of that day.
            done.insert(0, Act("contact", self.day.data or clock.today(), {"channel": self.channel.data} | self._after))
        if self.next_day.data:
            note = self._note if self.result.data == BOOKED else {}
            done.append(Act("appointment", self.next_day.data, {"status": "planned"} | note))
        return done

    def _act(self) -> Act:
        on = self.day.data or clock.today()
        answers = {"resolves": self.resolves.data} if "resolves" in self and self.resolves.data else {}
        if self.result.data == REACHED:
            return Act("contact", on, {"channel": self.channel.data} | self._after | answers | self._note)
        if self.result.data == FAILED:
            why = {"after_rupture": self._after["result"]} if "result" in self._after else {}
            return Act("contact_attempt", on, {"channel": self.channel.data, "result": "failed"} | why | self._note)
        seen = answers if self.result.data == "seen" else {}
        return Act("appointment", on, {"status": self.result.data} | seen | self._note)

    @property
    def _note(self) -> dict[str, str]:
        text = (self.note.data or "").strip()
        return {"note": text} if text else {}

    @property
    def _after(self) -> dict[str, Any]:
        """What came of the contact after a rupture, and what was difficult."""
        if "after_rupture" not in self:
            return {}
        said = {"result": self.after_rupture.data, "themes": self.themes.data}
        return {name: value for name, value in said.items() if value}

    def validate_after_rupture(self, field: Any) -> None:
        if self.result.data == FAILED and field.data and field.data not in NOT_REACHED_AFTER_RUPTURE:
            raise ValidationError(_("Personne n’a répondu : choisissez « Contacté, sans retour », « Injoignable »…"))

    def validate_channel(self, field: Any) -> None:
        if self.result.data == FAILED and field.data not in ATTEMPTED_BY:
            raise ValidationError(_("Pour une tentative, choisissez un autre canal : téléphone, SMS, courriel…"))

    def validate_next_day(self, field: Any) -> None:
        if field.data and field.data < clock.today():
            raise ValidationError(_("Un prochain rendez-vous est à venir : indiquez aujourd’hui ou un jour suivant."))

    def validate_result(self, field: Any) -> None:
        if field.data == BOOKED and not self.next_day.data and not self.next_day.errors:
            raise ValidationError(_("Indiquez plus bas le jour du rendez-vous pris."))

    def validate_step(self, field: Any) -> None:
        if field.data not in {offered.value for offered in field.choices}:
            raise ValidationError(_("Choisissez une étape de la liste."))


class AppointmentResultForm(BaseForm):
    """One of five buttons: what came of an appointment."""

    result = HiddenField(name="status")

    def validate_result(self, field: Any) -> None:
        if field.data not in APPOINTMENT_RESULTS:
            raise ValidationError(_("Choisissez ce qui s’est passé."))
