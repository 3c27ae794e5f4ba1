"""One row of the payload: its 70 properties, the rules between them, and what was taken otherwise than sent.

Top-level null means absent, "" is kept, unknown properties are ignored and said. A social security number is never kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError

from pathways.schemas.dossiers_apprenants import fields as of
from pathways.schemas.dossiers_apprenants.issues import Ignored, Issue, Warn
from pathways.workflows.nir import holds_a_nir, nir_shaped

SUFFIXES = ("", "_2", "_3", "_4")
"""What ends the names of the properties of the first, second… contract."""
CLEARING = "champs_a_effacer"
"""Our extension: names of properties whose stored value is to go."""
NIR = "nir_apprenant"
SET_BY_THE_RECEIVER = frozenset({"source", "source_organisme_id", "api_version", "has_nir"})
"""Sent back by senders that echo an answer; ignored without a word."""
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 1, 1)
CENTRE_TYPES = tuple(f"{n:02d}" for n in range(1, 11))
SITUATIONS = (
    1003, 1005, 1009, 1017, 1019, 1021, 1023, 2001, 2003, 2005, 2007,
    3001, 3101, 3003, 3103, 3009, 3109, 3011, 3111, 3031, 3131, 3032, 3132, 3033, 3133, 3117, 3119, 3021, 3121, 3023, 3123,
    4001, 4101, 4003, 4103, 4005, 4105, 4007, 4107, 4009, 4011, 4111, 4013, 4113, 4015, 4115, 4017, 4117, 4019, 4119, 4021,
    4121, 4023, 4123, 4025, 4125, 4027, 4127, 5901, 5903, 5905, 5907, 5909, 9900, 9999,
)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""Characters that no database keeps: NUL, and halves of surrogate pairs."""


def _centre_type(value: Any) -> str:
    return (of.as_text(value) or "").rjust(2, "0")


def _centre_type_refused(text: str) -> str:
    return f"Invalid enum value. Expected {' | '.join(f'{code!r}' for code in CENTRE_TYPES)}, received '{text}'"


def _properties() -> dict[str, of.Value]:
    """The properties, in the order in which their errors are listed."""
    r = {"required": True}
    return {
        "nom_apprenant": of.Text(least=1, upper=True, **r),
        "prenom_apprenant": of.Text(least=1, **r),
        "date_de_naissance_apprenant": of.Day(**r),
        "annee_scolaire": of.SchoolYear(**r),
        "statut_apprenant": of.Status(),
        "date_metier_mise_a_jour_statut": of.Day(),
        "id_erp_apprenant": of.Identifier(**r),
        "ine_apprenant": of.Text(any_type=True, upper=True),
        "email_contact": of.Email(),
        "tel_apprenant": of.Phone(),
        "custom_statut_apprenant": of.Text(any_type=True),
        "adresse_apprenant": of.Text(),
        "code_postal_apprenant": of.PostalCode(),
        "code_commune_insee_apprenant": of.InseeCode(),
        "code_postal_de_naissance_apprenant": of.PostalCode(silent=True),
        "code_commune_insee_de_naissance_apprenant": of.InseeCode(),
        "sexe_apprenant": of.Sex(),
        "rqth_apprenant": of.Strict(),
        "date_rqth_apprenant": of.Day(),
        "responsable_apprenant_mail1": of.Email(),
        "responsable_apprenant_mail2": of.Email(),
        "derniere_situation": of.Situation(SITUATIONS),
        "dernier_organisme_uai": of.LastSchool(),
        "type_cfa": of.Listed(CENTRE_TYPES, _centre_type, "centre_type_invalid", _centre_type_refused),
        **_training(),
        **{name + suffix: make() for suffix in SUFFIXES for name, make in _CONTRACT.items()},
        "etablissement_responsable_uai": of.Uai(**r),
        "etablissement_responsable_siret": of.Siret(**r),
        "etablissement_formateur_uai": of.Uai(**r),
        "etablissement_formateur_siret": of.Siret(**r),
        "etablissement_lieu_de_formation_uai": of.Uai(),
        "etablissement_lieu_de_formation_siret": of.Siret(silent=True),
        "etablissement_lieu_de_formation_adresse": of.Text(),
        "etablissement_lieu_de_formation_code_postal": of.PostalCode(),
    }


def _training() -> dict[str, of.Value]:
    r = {"required": True}
    return {
        "date_inscription_formation": of.Day(**r),
        "date_entree_formation": of.Day(**r),
        "date_fin_formation": of.Day(**r),
        "libelle_court_formation": of.Text(least=2),
        "annee_formation": of.BoundedInt(0, 5),
        "formation_rncp": of.Rncp(),
        "formation_cfd": of.Cfd(),
        "duree_theorique_formation": of.BoundedInt(1, 4, silent=True),
        "duree_theorique_formation_mois": of.BoundedInt(1, 48, silent=True),
        "formation_presentielle": of.Strict(),
        "obtention_diplome_formation": of.Strict(),
        "date_obtention_diplome_formation": of.Day(),
        "date_exclusion_formation": of.Day(),
        "cause_exclusion_formation": of.Text(),
        "nom_referent_handicap_formation": of.Text(),
        "prenom_referent_handicap_formation": of.Text(),
        "email_referent_handicap_formation": of.Email(),
    }


_CONTRACT: Mapping[str, Callable[[], of.Value]] = {
    "contrat_date_debut": of.Day,
    "contrat_date_fin": of.Day,
    "contrat_date_rupture": of.Day,
    "cause_rupture_contrat": of.Text,
    "siret_employeur": lambda: of.Siret(silent=True),
}


@cache
def schema() -> Schema:
    return Schema.from_dict(dict(_properties()), name="dossier_apprenant_v3")(unknown=EXCLUDE)


def properties() -> tuple[str, ...]:
    """The names a client may send."""
    return (*schema().fields, NIR)


def required() -> frozenset[str]:
    return frozenset(name for name, each in schema().fields.items() if each.required)


@dataclass(slots=True)
class Row:
    """A row as read. ``values``: what was understood. ``issues`` is empty when the row may be taken."""

    values: dict[str, Any] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    warnings: list[Warn] = field(default_factory=list)
    has_nir: bool = False
    clears: frozenset[str] = frozenset()


def read_row(given: Any) -> Row:
    """Checks one row. Never raises: whatever was sent, the answer is a `Row`."""
    if not isinstance(given, dict):
        kinds = {str: "string", bool: "boolean", int: "number", float: "number", list: "array", type(None): "null"}
        said = f"Expected object, received {kinds[type(given)]}"
        return Row(issues=[Issue("not_an_object", said)])
    row = Row(has_nir=bool(given.get(NIR)))
    sent = dict(_cleaned({name: value for name, value in given.items() if value is not None}, row))
    try:
        loaded = schema().load(sent)
    except ValidationError as fault:
        loaded = dict(fault.valid_data or {})
        row.issues += [_issue(name, said) for name, said in fault.normalized_messages().items()]
    row.values = {name: value for name, value in loaded.items() if value is not None and not isinstance(value, Ignored)}
    row.warnings += [Warn(value.code, name) for name, value in loaded.items() if isinstance(value, Ignored)]
    unknown = sorted(sent.keys() - {*properties(), CLEARING, *SET_BY_THE_RECEIVER})
    row.warnings += [Warn("unknown_property", name[:80]) for name in unknown]
    _read_clearing(sent.get(CLEARING), row)
    row.issues += [*_contracts_without_start(sent), *_ends_before_it_starts(row.values)]
    _keep_no_nir(row)
    _keep_likely_days(row)
    return row


def _issue(name: str, said: Any) -> Issue:
    code, message = (said["code"], said["message"]) if isinstance(said, dict) else ("not_text", str(said))
    return Issue(str(code), str(message), (name,))


def _cleaned(sent: Mapping[str, Any], row: Row) -> Iterator[tuple[str, Any]]:
    for name, value in sent.items():
        named = _UNSTORABLE.sub("", name)
        if isinstance(value, str) and _UNSTORABLE.search(value):
            row.warnings.append(Warn("characters_removed", named))
            yield named, _UNSTORABLE.sub("", value)
        else:
            yield named, value


def _contracts_without_start(sent: Mapping[str, Any]) -> Iterator[Issue]:
    """An end, a break or its cause without a start: two issues, as senders know them."""
    for suffix in SUFFIXES:
        start = f"contrat_date_debut{suffix}"
        names = (f"contrat_date_fin{suffix}", f"cause_rupture_contrat{suffix}", f"contrat_date_rupture{suffix}")
        filled = tuple(name for name in names if sent.get(name, "") != "")
        if filled and sent.get(start, "") == "":
            said = f"{start} est obligatoire quand le contrat a une fin, une rupture ou une cause"
            yield Issue("contract_without_start", said, filled)
            yield Issue("contract_without_start", "Champ obligatoire", (start,))


def _ends_before_it_starts(values: Mapping[str, Any]) -> Iterator[Issue]:
    starts, ends = values.get("date_entree_formation"), values.get("date_fin_formation")
    if starts and ends and ends < starts:
        said = "date_fin_formation doit être égale ou postérieure à date_entree_formation"
        yield Issue("ends_before_start", said, ("date_fin_formation",))


def _read_clearing(asked: Any, row: Row) -> None:
    if asked is None:
        return
    if not isinstance(asked, list) or not all(isinstance(name, str) for name in asked):
        row.issues.append(Issue("clearing_invalid", "Liste de noms de propriétés attendue", (CLEARING,)))
        return
    known, needed = set(properties()), required()
    for name in dict.fromkeys(asked):
        if name not in known:
            row.warnings.append(Warn("clearing_unknown", _UNSTORABLE.sub("", name)[:80]))
        elif name in needed:
            row.warnings.append(Warn("clearing_required", name))
        elif name in row.values:
            row.warnings.append(Warn("clearing_and_value", name))
    row.clears = frozenset(name for name in asked if name in known - needed - row.values.keys())


def is_a_nir(text: str) -> bool:
    """A social security number, by its shape when the text is nothing else, by its control key inside a sentence."""
    return nir_shaped(text) or holds_a_nir(text)


def _keep_no_nir(row: Row) -> None:
    """A social security number typed elsewhere is dropped; as the sender's identifier it would be the key: refused."""
    if row.has_nir:
        row.warnings.append(Warn("nir_not_kept", NIR))
    for name, value in list(row.values.items()):
        if not isinstance(value, str) or name.endswith("siret") or name.startswith("siret_") or not is_a_nir(value):
            continue
        if name == "id_erp_apprenant":
            said = "Un numéro de sécurité sociale ne peut pas servir d’identifiant"
            row.issues.append(Issue("nir_as_identifier", said, (name,)))
        elif name != "tel_apprenant":
            row.warnings.append(Warn("nir_not_kept", name))
        else:
            continue
        row.values[name] = "" if name in required() else None
        if row.values[name] is None:
            del row.values[name]


def _keep_likely_days(row: Row) -> None:
    """A day outside 1900–2100 is taken as not given: nothing could be reckoned from it."""
    for name, value in list(row.values.items()):
        if isinstance(value, date) and not FIRST_DAY <= value <= LAST_DAY:
            row.warnings.append(Warn("date_unlikely", name))
            del row.values[name]
