"""The export as JSON, and as a document made by Typst from the same JSON: what people wrote is data there, never markup."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

import typst

from pathways.sharing import naming
from pathways.sharing.language import N_, _
from pathways.sharing.matrix import GROUPS, Group
from pathways.sharing.pages import page_name
from pathways.sharing.requests import question_said, reply_said
from pathways.workflows.hindsight import Conclusion

TEMPLATE = "templates/typst/access.typ"
TITLES = {
    "enrolment": N_("Étapes du parcours"),
    "journal_entry": N_("Journal"),
    "external_id": N_("Identifiants dans d’autres systèmes"),
    "link": N_("Organismes qui vous accompagnent ou vous ont accompagné"),
    "signal": N_("Signaux"),
    "alert": N_("Alertes confiées à quelqu’un"),
    "alert_action": N_("Ce qui a été fait des alertes"),
    "missed_rupture": N_("Ruptures dont personne n’avait été alerté"),
    "hand_over": N_("Passages de relais"),
    "request": N_("Demandes d’un organisme à un autre"),
    "request_step": N_("Réponses à ces demandes"),
    "information_given": N_("Informations remises"),
    "agreement": N_("Accords"),
    "rights_request": N_("Demandes"),
    "person_change": N_("Modifications de l’identité"),
    "feed_record": N_("Fichiers reçus d’un organisme de formation"),
    "retention_notice": N_("Conservation"),
    "disclosure": N_("Qui a consulté votre dossier"),
}
LABELS = {
    "family_name": N_("Nom"), "given_name": N_("Prénom"), "birth_date": N_("Date de naissance"), "sex": N_("Sexe"),
    "commune": N_("Commune"), "phone": N_("Téléphone"), "email": N_("Courriel"), "level": N_("Niveau"),
    "rqth_until": N_("Fin de la RQTH"), "organisation": N_("Organisme"), "occurred_on": N_("Le"), "event": N_("Ce qui est dit"),
    "payload": N_("Détails"), "scheme": N_("Dispositif"), "state": N_("État"), "opened_on": N_("Ouvert le"),
    "closed_on": N_("Clos le"), "outcome": N_("Résultat"), "at": N_("Le"), "what": N_("Page"), "groups": N_("Données"),
    "step": N_("Étape"), "started_on": N_("Depuis le"), "ended_on": N_("Jusqu’au"), "role": N_("Rôle"),
    "question": N_("Demande"), "reply": N_("Réponse"), "reply_on": N_("Date de la réponse"), "asker": N_("Demandé par"),
    "asked": N_("Demandé à"), "asked_at": N_("Le"), "due_on": N_("Réponse attendue le"),
    "formal_on": N_("Datée du"), "effective_on": N_("Dernier signe de vie"), "conclusion": N_("Conclusion de l’équipe"),
}

IN_WORDS: Mapping[str, Callable[[str], str]] = {
    "what": page_name, "state": naming.state, "question": question_said, "reply": reply_said,
    "conclusion": lambda code: _(Conclusion(code).label),
}  # fmt: skip
"""Columns that hold a code, and what it says."""


def as_json(held: dict[str, Any]) -> bytes:
    """As docs/access-export.md says."""
    return json.dumps(held, ensure_ascii=False, indent=2, default=str).encode()


def as_pdf(held: dict[str, Any]) -> bytes:
    """The same to be read and printed."""
    source = resources.files("pathways").joinpath(TEMPLATE).read_bytes()
    made = typst.compile(source, format="pdf", sys_inputs={"data": json.dumps(_said(held), ensure_ascii=False)})
    assert isinstance(made, bytes)  # one document, not one a page
    return made


def _said(held: dict[str, Any]) -> dict[str, Any]:
    """Headings and labels in words; every value as text."""
    return {
        "title": _("Tout ce qui est écrit sur vous"),
        "name": f"{held['person'].get('given_name', '')} {held['person'].get('family_name', '')}".strip(),
        "made_on": held["made_on"],
        "identity": _lines(held["person"]),
        "parts": [
            {"title": _(TITLES.get(name, name)), "rows": [_lines(row) for row in held["tables"][name]]}
            for name in sorted(held["tables"], key=_place)
        ],
        "signals_title": _("Chaque signal, expliqué"),
        "signals": [
            {
                "sentence": each["sentence"],
                "dates": _("du {first} au {last}").format(first=each["shown_on"], last=each["closed_on"] or "…"),
                "facts": [f"{fact['on']} : {fact['event']} ({fact['declared_by']})" for fact in each["facts"]],
                "rule": _rule(each["rule"]),
            }
            for each in held["signals_explained"]
        ],
        "left_out_title": _("Ce qui n’est pas ici, et pourquoi"),
        "left_out": [f"{name} : {why}" for name, why in held["left_out"].items()],
    }


def _rule(rule: dict[str, Any]) -> list[str]:
    thresholds = [each["sentence"] for each in rule["thresholds"]]
    return [rule["name"], *thresholds, rule["source"], rule["ends_with"], rule["does_not"]]


def _place(table: str) -> int:
    """The pathway first, the log last."""
    return list(TITLES).index(table) if table in TITLES else len(TITLES)


def _lines(row: dict[str, Any]) -> list[list[str]]:
    told = {name: value for name, value in row.items() if value not in ("", [], {}, False)}
    return [[_(LABELS[name]) if name in LABELS else name, _value(name, value)] for name, value in told.items()]


def _value(name: str, value: Any) -> str:
    if name in {"scheme", "step"}:
        return naming.scheme_in_full(str(value)) if value else ""
    if name == "groups":
        return ", ".join(_(GROUPS[Group(letter)]) for letter in value if letter in set(Group))
    if name in IN_WORDS:
        return IN_WORDS[name](str(value))
    if isinstance(value, dict):
        return ", ".join(f"{key} : {each}" for key, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
