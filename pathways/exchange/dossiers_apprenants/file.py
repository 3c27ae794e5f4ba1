"""The file as a whole: a JSON array of at most 2,000 rows and 10 MB. Anything else is one clear error, and nothing is done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from pathways.sharing.language import _

MOST_ROWS = 2_000
MOST_BYTES = 10 * 1024 * 1024


class NotAFeed(Exception):
    """The file cannot be read as a feed; the message says what is wrong and what to do."""


def read_file(path: Path) -> list[Any]:
    """The rows of a file. `NotAFeed` when there is no such file, or it is none of ours."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise too_heavy()
        return read_rows(path.read_bytes())
    except FileNotFoundError as fault:
        raise NotAFeed(_("Il n’y a pas de fichier {name} : vérifiez son chemin.").format(name=path)) from fault
    except OSError as fault:
        said = _("Le fichier {name} ne s’ouvre pas ({reason}) : vérifiez que c’est un fichier et vos droits de lecture.")
        raise NotAFeed(said.format(name=path, reason=fault.strerror)) from fault


def too_heavy() -> NotAFeed:
    return NotAFeed(_("Le fichier dépasse 10 Mo : partagez-le en plusieurs fichiers, puis envoyez-les l’un après l’autre."))


def read_rows(content: bytes) -> list[Any]:
    """The rows of a file already in memory."""
    if len(content) > MOST_BYTES:
        raise too_heavy()
    rows = _parsed(_decoded(content))
    if not isinstance(rows, list):
        raise NotAFeed(
            _("Le fichier doit contenir un tableau JSON : il commence par « [ », et chaque apprenant y est un objet « {…} ».")
            if isinstance(rows, dict)
            else _("Le fichier ne contient pas de tableau JSON d’apprenants.")
        )
    if len(rows) > MOST_ROWS:
        said = _("Le fichier contient {n} lignes, et {most} au plus sont acceptées : partagez-le en plusieurs fichiers.")
        raise NotAFeed(said.format(n=len(rows), most=MOST_ROWS))
    return rows


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        said = _("Le fichier n’est pas écrit en UTF-8 (ligne {line}) : exportez-le de nouveau en UTF-8.")
        raise NotAFeed(said.format(line=line)) from fault


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number, object_pairs_hook=_each_once)
    except _Twice as fault:
        said = _("Une même propriété y est deux fois dans un objet : on ne sait pas laquelle croire. Exportez-le de nouveau.")
        raise NotAFeed(said) from fault
    except json.JSONDecodeError as fault:
        if not text[fault.pos :].strip() or fault.msg.startswith("Unterminated"):
            said = _("Le fichier est incomplet : il s’arrête à la ligne {line}, colonne {column}. Exportez-le de nouveau.")
        else:
            said = _("Le fichier n’est pas du JSON valide à la ligne {line}, colonne {column}. Exportez-le de nouveau.")
        raise NotAFeed(said.format(line=fault.lineno, column=fault.colno)) from fault
    except (ValueError, RecursionError) as fault:
        said = _("Le fichier n’est pas du JSON valide : un nombre y est impossible, ou des tableaux s’y emboîtent sans fin.")
        raise NotAFeed(said) from fault


class _Twice(Exception):
    """An object names one of its properties twice."""


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Twice
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
