"""What is kept of a row, and how a new transmission changes it.

A blank never clears, but the properties listed in ``champs_a_effacer``. A contract once known stays known, sent again or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from pathways.schemas.dossiers_apprenants.issues import Warn
from pathways.schemas.dossiers_apprenants.kept import CONTRACTS
from pathways.schemas.dossiers_apprenants.payload import SUFFIXES, Row

KEPT = (
    "nom_apprenant", "prenom_apprenant", "date_de_naissance_apprenant", "sexe_apprenant", "ine_apprenant", "email_contact",
    "tel_apprenant", "code_commune_insee_apprenant", "annee_scolaire", "id_erp_apprenant", "statut_apprenant",
    "custom_statut_apprenant", "date_metier_mise_a_jour_statut", "date_inscription_formation", "date_entree_formation",
    "date_fin_formation", "annee_formation", "libelle_court_formation", "formation_rncp", "formation_cfd",
    "obtention_diplome_formation", "date_obtention_diplome_formation", "date_exclusion_formation", "cause_exclusion_formation",
    "etablissement_formateur_uai", "etablissement_formateur_siret", "etablissement_responsable_uai",
    "etablissement_responsable_siret",
)
"""The properties of use to somebody; the others are checked, and forgotten."""
CONTRACT = {
    "contrat_date_debut": "start", "contrat_date_fin": "end", "contrat_date_rupture": "broken",
    "cause_rupture_contrat": "cause", "siret_employeur": "employer",
}
Content = dict[str, Any]
FAR = date(9999, 12, 31).isoformat()


def merged(stored: Content | None, row: Row, received_on: date) -> tuple[Content, list[Warn]]:
    """The content after this row. Days are ISO text: it is stored as it is."""
    content: Content = deepcopy(stored) if stored else {CONTRACTS: []}
    for name in KEPT:
        value = row.values.get(name)
        if value not in {None, ""}:
            content[name] = value.isoformat() if isinstance(value, date) else value
        elif name in row.clears:
            content.pop(name, None)
    if row.has_nir:
        content["has_nir"] = True
    warnings = _merge_contracts(content[CONTRACTS], list(_sent(row)), row, received_on)
    return content, warnings


def _sent(row: Row) -> Iterator[Content]:
    for position, suffix in enumerate(SUFFIXES, 1):
        read = {short: row.values.get(name + suffix) for name, short in CONTRACT.items()}
        if read["start"] is not None:
            given = {name: _text(value) for name, value in read.items() if value not in {None, ""}}
            yield given | {"position": position}


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _merge_contracts(known: list[Content], sent: list[Content], row: Row, received_on: date) -> list[Warn]:
    warnings: list[Warn] = []
    once: dict[str, Content] = {}
    for contract in sent:
        if contract["start"] in once:
            warnings.append(Warn("duplicate_contract", f"contrat_date_debut{SUFFIXES[contract['position'] - 1]}"))
            once[contract["start"]] = contract | once[contract["start"]]
        else:
            once[contract["start"]] = contract
    _remove_cleared(known, row)
    matches = dict(_matched(known, list(once.values())))
    for contract in once.values():
        place = matches.get(contract["start"])
        if place is None:
            known.append(contract | {"key": _key(known, contract["start"]), "known_on": received_on.isoformat()})
        else:
            suffix = SUFFIXES[contract["position"] - 1]
            cleared = {short for name, short in CONTRACT.items() if name + suffix in row.clears}
            kept = {name: value for name, value in known[place].items() if name not in cleared}
            known[place] = kept | contract
    omitted = [index for index, contract in enumerate(known) if contract["start"] not in once and not contract.get("moved")]
    warnings += [Warn("contract_kept", "contrat_date_debut") for index in omitted if index not in matches.values()]
    known.sort(key=lambda contract: (contract["start"], contract["key"]))
    return warnings


def _remove_cleared(known: list[Content], row: Row) -> None:
    """A contract whose start is to be cleared, at the place where it was last sent, never was."""
    gone = {position for position, suffix in enumerate(SUFFIXES, 1) if f"contrat_date_debut{suffix}" in row.clears}
    known[:] = [contract for contract in known if contract["position"] not in gone]


def _key(known: Iterable[Content], start: str) -> str:
    taken = {contract["key"] for contract in known}
    return next(key for n in range(len(taken) + 1) if (key := f"c{start}" + (f"-{n}" if n else "")) not in taken)


def _matched(known: list[Content], sent: list[Content]) -> Iterator[tuple[str, int]]:
    """Start of a contract sent → the place of the known one it is about.

    The same first day is the same contract. A contract that overlaps a known one which was not sent again, with no other
    employer, corrects it; one that begins after the other was over is another contract.
    """
    starts = {contract["start"]: index for index, contract in enumerate(known)}
    free = {index for index, contract in enumerate(known) if contract["start"] not in {each["start"] for each in sent}}
    for contract in sent:
        if contract["start"] in starts:
            yield contract["start"], starts[contract["start"]]
            continue
        place = next((index for index in sorted(free) if _corrects(contract, known[index])), None)
        if place is not None:
            free.discard(place)
            yield contract["start"], place


def _corrects(sent: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    employers = {each.get("employer") for each in (sent, known)} - {None}
    return len(employers) < 2 and sent["start"] < _over(known) and known["start"] < _over(sent)  # noqa: PLR2004 -- two that differ


def _over(contract: Mapping[str, Any]) -> str:
    return str(contract.get("broken") or contract.get("end") or FAR)
