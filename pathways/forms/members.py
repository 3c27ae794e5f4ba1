"""Members and invitations: giving a role, ending one, inviting, and answering an invitation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import PasswordField, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from pathways import clock
from pathways.forms.base import BaseForm, Day, choice
from pathways.models import Role
from pathways.sharing.language import N_, _
from pathways.sharing.naming import ROLES
from pathways.sharing.passwords import LONGEST as LONGEST_PASSWORD

NOW, LATER = "now", "later"
LONGEST_SEARCH = 100


def role_choices(roles: Iterable[Role]) -> list[Any]:
    return [choice(role.value, _(ROLES[role.value])) for role in roles]


class GiveRoleForm(BaseForm):
    """``offer`` says which roles there are to give."""

    role = RadioField("Rôle", validators=[InputRequired("Choisissez un rôle.")])
    from_day = Day("À partir du", validators=[InputRequired("Indiquez un jour.")], default=clock.today)

    def offer(self, roles: Iterable[Role]) -> None:
        self.role.choices = role_choices(roles)

    @property
    def begins(self) -> date:
        """The day asked for, once the form is valid."""
        assert self.from_day.data is not None
        return self.from_day.data


class EndRoleForm(BaseForm):
    """At once, or after a day."""

    when = RadioField(
        "Fin du rôle",
        choices=[
            choice(NOW, N_("Tout de suite : les droits cessent dès maintenant")),
            choice(LATER, N_("Plus tard : indiquer le dernier jour")),
        ],
        validators=[InputRequired("Choisissez quand le rôle prend fin.")],
    )
    last_day = Day("Dernier jour", validators=[Optional()])

    def validate_when(self, field: Any) -> None:
        if field.data == LATER and self.last_day.data is None and not self.last_day.errors:
            raise ValidationError("Indiquez le dernier jour, ou choisissez « Tout de suite ».")


class KeepRoleForm(BaseForm):
    """Only a token: taking back an end changes something."""


class InviteForm(BaseForm):
    """``offer`` says which roles there are to give."""

    email = StringField(
        "Adresse électronique",
        validators=[InputRequired("Indiquez l’adresse de la personne à inviter."), Length(max=254)],
        render_kw={"autocomplete": "off", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"},
    )
    roles = SelectMultipleField(
        "Rôles",
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[InputRequired("Choisissez au moins un rôle.")],
    )

    def offer(self, roles: Iterable[Role]) -> None:
        self.roles.choices = role_choices(roles)


class InvitationForm(BaseForm):
    """Only a token: renewing or revoking changes something."""


class AcceptForm(BaseForm):
    """Somebody already signed in takes the roles."""


class AcceptSigningInForm(BaseForm):
    """Somebody who has an account signs in and takes the roles at once."""

    password = PasswordField(
        "Mot de passe",
        validators=[InputRequired("Indiquez votre mot de passe."), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )

    def refuse_password(self) -> None:
        self.refuse([_("Le mot de passe ne correspond pas. Vérifiez-le et réessayez.")])


class JoinForm(BaseForm):
    """Somebody without an account makes one."""

    name = StringField(
        "Prénom et nom",
        validators=[InputRequired("Indiquez votre prénom et votre nom."), Length(max=120)],
        render_kw={"autocomplete": "name"},
    )
    phone = StringField(
        "Téléphone professionnel",
        validators=[Length(max=30)],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )
    password = PasswordField(
        "Mot de passe",
        validators=[InputRequired("Choisissez un mot de passe."), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        "Le même mot de passe, encore une fois",
        validators=[InputRequired("Tapez le mot de passe une seconde fois."), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "new-password"},
    )
