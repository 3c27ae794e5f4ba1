"""Days one is away, and who stands in."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import SelectField
from wtforms.validators import InputRequired

from pathways import clock
from pathways.forms.base import BaseForm, Day, choice
from pathways.sharing.language import _

NOBODY = ""


class AbsenceForm(BaseForm):
    """``offer`` gives who may be away, and who may stand in."""

    who = SelectField("Qui s’absente", validators=[InputRequired("Choisissez qui s’absente.")], validate_choice=False)
    first_day = Day("Du", validators=[InputRequired("Indiquez le premier jour.")], default=clock.today)
    last_day = Day("Au (inclus)", validators=[InputRequired("Indiquez le dernier jour.")])
    delegate = SelectField("Qui prend le relais", validate_choice=False)

    def offer(self, away: Iterable[tuple[int, str]], colleagues: Iterable[tuple[int, str]]) -> None:
        people = [choice(str(user), name) for user, name in away]
        self.who.choices = people if len(people) == 1 else [choice("", "–"), *people]
        team = [choice(str(user), name) for user, name in colleagues]
        self.delegate.choices = [choice(NOBODY, _("Personne en particulier : toute l’équipe")), *team]

    @property
    def user_id(self) -> int | None:
        """Somebody of the list; None for anybody else."""
        return _chosen(self.who)

    @property
    def delegate_id(self) -> int | None:
        return _chosen(self.delegate)

    @property
    def knows_its_people(self) -> bool:
        """Nobody was named who is not on the lists."""
        return self.user_id is not None and (self.delegate_id is not None or not self.delegate.data)


def _chosen(field: SelectField) -> int | None:
    offered = {str(value) for value, _label, _selected, _attributes in field.iter_choices()}
    return int(field.data) if field.data and field.data in offered else None
