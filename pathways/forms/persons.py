"""Opening a person's record, and deciding about two that look alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from wtforms import BooleanField, EmailField, HiddenField, RadioField, SelectField, StringField, TelField
from wtforms.validators import InputRequired, Length, Optional

from pathways.forms.base import BaseForm, Day, choice
from pathways.models.likeness import Facts
from pathways.models.person import Level, fold
from pathways.operations.persons import LONGEST_NAME, NewPerson, one_space
from pathways.sharing import naming
from pathways.sharing.identifiers import email_address, phone_number
from pathways.sharing.language import _
from pathways.sharing.places import communes
from pathways.workflows.identifiers import compact

LONGEST = 120
LONGEST_REASON = 200
INSEE_CODE = 5
SEXES = [choice("F", "Femme"), choice("M", "Homme"), choice("X", "Non précisé")]
LEVELS = [choice("", "–"), *(choice(level.value, naming.EDUCATION[level.value]) for level in Level)]


@cache
def commune_names() -> Mapping[str, str]:
    """« Nantes » or, where several bear the name, « Saint-Aubin (44) » → INSEE code, in alphabetical order."""
    by_name = defaultdict(list)
    for code, name in communes().items():
        by_name[name].append(code)
    names = {
        name if len(codes) == 1 else f"{name} ({code[:2]})": code for name, codes in by_name.items() for code in codes
    }
    return dict(sorted(names.items(), key=lambda each: fold(each[0])))


class Commune(StringField):
    """A commune by its name, picked from the suggestions or typed, or its INSEE code. ``code``: what is stored."""

    code: str | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        typed = (self.data or "").strip()
        if not typed:
            return
        known = {fold(name): code for name, code in commune_names().items()}
        self.code = known.get(fold(typed)) or (typed.upper() if _is_code(typed) else None)
        if self.code is None:
            namesakes = [name for name in commune_names() if fold(name.partition(" (")[0]) == fold(typed)]
            if namesakes:
                raise ValueError(_("Plusieurs communes portent ce nom : {names}.").format(names=", ".join(namesakes)))
            raise ValueError(_("Cette commune n’est pas dans la liste : choisissez-la, ou écrivez son code INSEE."))


def _is_code(typed: str) -> bool:
    return len(typed) == INSEE_CODE and typed.isalnum() and typed[2:].isdigit()


def _short(label: str, most: int = LONGEST, field: Any = StringField, **more: Any) -> Any:
    return field(label, validators=[Optional(), Length(max=most)], render_kw={"maxlength": most, "autocomplete": "off", **more})


class PersonForm(BaseForm):
    """An identity. ``anyway``: the look-alikes that were shown when « Créer quand même » was pressed."""

    family_name = StringField(
        "Nom",
        validators=[InputRequired("Indiquez le nom."), Length(max=LONGEST_NAME)],
        render_kw={"maxlength": LONGEST_NAME, "autocomplete": "off", "spellcheck": "false"},
    )
    given_name = StringField(
        "Prénom",
        validators=[InputRequired("Indiquez le prénom."), Length(max=LONGEST_NAME)],
        render_kw={"maxlength": LONGEST_NAME, "autocomplete": "off", "spellcheck": "false"},
    )
    birth_date = Day("Date de naissance", validators=[InputRequired("Indiquez la date de naissance.")])
    age_confirmed = BooleanField("Cette date de naissance est exacte")
    sex = RadioField("Sexe", choices=SEXES, validators=[Optional()])
    commune = Commune("Commune", validators=[Optional()], render_kw={"list": "communes", "autocomplete": "off"})
    phone = _short("Téléphone", field=TelField)
    email = _short("Adresse électronique", field=EmailField)
    level = SelectField("Niveau de diplôme", choices=LEVELS, validators=[Optional()])
    france_travail = _short("Identifiant France Travail")
    ine = _short("INE")
    anyway = HiddenField()

    @property
    def person(self) -> NewPerson:
        """What was typed, as the operation reads it."""
        return NewPerson(
            self.family_name.data or "",
            self.given_name.data or "",
            self.birth_date.data,
            self.sex.data,
            self.commune.code,
            self.phone.data,
            self.email.data,
            self.level.data,
            {"france_travail": self.france_travail.data or "", "ine": self.ine.data or ""},
        )

    @property
    def facts(self) -> Facts:
        """What was typed so far, as likeness is judged on: what cannot be read yet is left out."""
        return Facts(
            one_space(self.family_name.data or ""),
            one_space(self.given_name.data or ""),
            self.birth_date.data,
            self.sex.data or None,
            _readable(phone_number, self.phone.data),
            _readable(email_address, self.email.data),
            frozenset(filter(None, [compact(self.france_travail.data)])),
            frozenset(filter(None, [compact(self.ine.data)])),
        )


def _readable(read: Any, typed: str | None) -> str | None:
    try:
        found: str | None = read(typed)
    except ValueError:
        return None
    return found


class JoinForm(BaseForm):
    """Which record's value is kept for each fact that differs (``offer``), and that contradictions were seen."""

    confirmed = BooleanField("J’ai vérifié : c’est bien la même personne")
    reason = _short("Comment le savez-vous ?", LONGEST_REASON, placeholder="Vue avec la personne, pièce d’identité…")


def join_form(differing: Iterable[tuple[str, str, str, str]]) -> JoinForm:
    """``differing``: column, its label, the first record's value and the second's, as they are shown."""
    fields = {
        f"keep_{column}": RadioField(
            label,
            choices=[choice("first", one), choice("second", other)],
            validators=[InputRequired("Choisissez.")],
            default="first",
        )
        for column, label, one, other in differing
    }
    made: JoinForm = type("join_form", (JoinForm,), fields)()
    return made


class ApartForm(BaseForm):
    """Two people: why, for whoever looks at it later."""

    reason = _short("Motif", LONGEST_REASON, placeholder="Jumelles, homonymes…")


class UndoForm(BaseForm):
    """Only a token: undoing changes something."""
