"""The numbers of an organisation: one field each, with what is wrong beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wtforms import StringField
from wtforms.validators import Length, Optional, ValidationError

from pathways.forms.base import BaseForm
from pathways.models import Kind
from pathways.queries.partners import Partner
from pathways.sharing.identifiers import code_of, organisation_numbers
from pathways.sharing.language import N_
from pathways.sharing.refusals import reason_sentence
from pathways.workflows.identifiers import fault

LONGEST = 30
LABELS = {
    "siret": N_("SIRET"),
    "uai": N_("Numéro UAI"),
    "nda": N_("Déclaration d’activité (NDA)"),
    "i_milo_structure": N_("Code de la structure dans i-milo"),
    "safir": N_("Code SAFIR de l’agence"),
}
HINTS = {
    "siret": N_("Quatorze chiffres ; les espaces ne comptent pas."),
    "uai": N_("Sept chiffres et une lettre."),
    "nda": N_("Onze chiffres, sur la déclaration à la DREETS."),
    "i_milo_structure": N_("Par exemple 44109S00."),
    "safir": N_("Cinq chiffres."),
}


def identifier_of(kind: Kind, column: str) -> str:
    """Which identifier a column holds for an organisation of that kind."""
    return code_of(kind) if column == "code" else column


class OrganisationNumbersForm(BaseForm):
    """Its fields are added by ``organisation_numbers_form``, named after the columns."""

    @property
    def typed(self) -> dict[str, str]:
        return {field.name: field.data or "" for field in self if field.type == "StringField"}


def organisation_numbers_form(organisation: Partner) -> OrganisationNumbersForm:
    """A field for each number an organisation of that kind has, filled with what is known."""
    fields = {
        column: StringField(
            LABELS[identifier_of(organisation.kind, column)],
            validators=[Optional(), Length(max=LONGEST), _reader(identifier_of(organisation.kind, column))],
            default=getattr(organisation, column) or "",
            render_kw={"maxlength": LONGEST, "autocomplete": "off", "spellcheck": "false"},
        )
        for column in organisation_numbers(organisation.kind)
    }
    made: OrganisationNumbersForm = type("organisation_numbers_form", (OrganisationNumbersForm,), fields)()
    return made


def _reader(identifier: str) -> Callable[[BaseForm, Any], None]:
    def read(_form: BaseForm, field: Any) -> None:
        wrong = fault(identifier, field.data)
        if wrong:
            raise ValidationError(reason_sentence(wrong))

    return read
