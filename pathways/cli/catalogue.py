"""``./run catalogue``: every message a screen can say, for those who translate it.

French is the source. Messages come from three places: marked strings of the code (``_``, ``N_``, ``ngettext``), strings of the
templates, and the labels carried by data (event types, codes, rules, forms), which are translated when they are said.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from pathways.cli import PROJECT

LANGUAGES = ("en",)
DOMAIN = "pathways"
METHODS = [("templates/**.html", "jinja2.ext.babel_extract"), ("**.py", "python")]
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
KEYWORDS: Mapping[str, Any] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
APART = frozenset({"cli", "demo", "server"})
"""Packages that speak to operators, in English, or whose words are data."""
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
LETTER = re.compile(r"[^\W\d_]{2}")

Message = str | tuple[str, str]


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 if a message has no translation.")
def command(check: bool) -> None:
    """Bring translations/*/LC_MESSAGES up to date with what the screens can say, and say what is missing."""
    wanted = messages()
    lacking = 0
    for language in LANGUAGES:
        catalogue = read(language)
        missing = [message for message in wanted if not is_translated(catalogue, message)]
        lacking += len(missing)
        for message in missing:
            click.echo(f"{language}: {message}")
        if not check:
            write(language, renewed(catalogue, wanted))
    click.echo(f"{len(wanted)} messages, {lacking} without translation")
    sys.exit(1 if check and lacking else 0)


def messages() -> list[Message]:
    """Every message, in order: a text, or a pair singular and plural."""
    found: set[Message] = set(_marked()) | set(_labels())
    pairs = {each for each in found if isinstance(each, tuple)}
    alone = {each for each in found if isinstance(each, str) and each not in {one for one, _several in pairs}}
    return sorted(pairs | alone, key=lambda each: each if isinstance(each, str) else each[0])


def read(language: str) -> Catalog:
    path = file_of(language)
    if not path.exists():
        return Catalog(locale=language, domain=DOMAIN)
    with path.open("rb") as content:
        return read_po(content, locale=language, domain=DOMAIN)


def renewed(before: Catalog, wanted: Iterable[Message]) -> Catalog:
    """The catalogue with exactly the messages wanted: what died leaves, what is new has no translation yet."""
    after = Catalog(
        locale=before.locale, domain=DOMAIN, project="Pathways", version="1", fuzzy=False,
        header_comment="# What the screens say.", msgid_bugs_address="pathways", last_translator="pathways",
        language_team="pathways",
    )  # fmt: skip
    for message in wanted:
        known = before.get(message if isinstance(message, str) else message[0])
        after.add(message, known.string if known and is_translated(before, message) else None)
    return after


def write(language: str, catalogue: Catalog) -> None:
    """Both files: the one people edit and the one the program reads."""
    path = file_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    # The moment of writing would change the file each time.
    catalogue.creation_date = catalogue.revision_date = EPOCH
    with path.open("wb") as content:
        write_po(content, catalogue, width=130, sort_output=True, no_location=True, omit_header=False)
    with path.with_suffix(".mo").open("wb") as content:
        write_mo(content, catalogue)


def file_of(language: str) -> Path:
    return PROJECT / "pathways/translations" / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def is_translated(catalogue: Catalog, message: Message) -> bool:
    known = catalogue.get(message if isinstance(message, str) else message[0])
    if known is None or known.pluralizable is not isinstance(message, tuple):
        return False
    return all(known.string) if isinstance(known.string, tuple | list) else bool(known.string)


# --- marked strings ----------------------------------------------------------------------------------------------------


def _marked() -> Iterator[Message]:
    root = PROJECT / "pathways"
    for name, _line, message, _comments, _context in extract_from_dir(root, METHODS, OPTIONS, KEYWORDS):
        if Path(name).parts[0] in APART or not message:
            continue
        if isinstance(message, tuple):
            yield message[0], message[1]
        else:
            yield message


# --- labels carried by data --------------------------------------------------------------------------------------------


def _labels() -> Iterator[str]:
    for label in (*_of_events(), *_of_schemes(), *_of_codes(), *_of_rules(), *_of_forms()):
        if label and LETTER.search(label):
            yield label


def _of_events() -> Iterator[str]:
    from pathways.workflows.events import EVENTS

    for event in EVENTS.values():
        yield event.label
        for field in event.fields.values():
            yield field.label
            yield from (field.choices or {}).values()


def _of_schemes() -> Iterator[str]:
    """What the pages of schemes say: purposes, conditions, duties, prolongations."""
    from pathways.workflows.conditions import CONDITIONS
    from pathways.workflows.handing_over import RELAYS
    from pathways.workflows.schemes import SCHEMES

    for scheme in SCHEMES.values():
        yield scheme.purpose
        for version in scheme.versions:
            yield from version.duties
            yield from (condition.label for condition in (*version.entry, *version.stays))
            yield from (way.label for way in version.prolongations)
    for condition in CONDITIONS.values():
        yield from (condition.label, condition.question)
    for relay in RELAYS:
        yield from (relay.start, relay.end, relay.beyond, *(item.label for item in relay.carries))


def _of_codes() -> Iterator[str]:
    """Tables from code to label, and enumerations that carry labels."""
    import pathways.workflows as package
    from pathways.operations import rule_reviews
    from pathways.workflows import alert_life, attendance, families, outcomes
    from pathways.workflows.labels import Labelled
    from pathways.workflows.scheme import Family

    for module in pkgutil.iter_modules(package.__path__):  # an enumeration is known once its module is
        importlib.import_module(f"{package.__name__}.{module.name}")
    yield from rule_reviews.DECISIONS.values()
    yield from (*alert_life.CLOSINGS.values(), *alert_life.PAUSES.values(), *(move.label for move in alert_life.MOVES))
    for labels in (alert_life.AlertState, alert_life.Actor, alert_life.Says, alert_life.Held, alert_life.Reserve):
        yield from (each.label for each in labels)
    yield from attendance.CODES.values()
    yield from (family.label for family in vars(families).values() if isinstance(family, Family))
    for name, table in vars(outcomes).items():
        if name.isupper() and isinstance(table, Mapping):
            yield from (label for label in table.values() if isinstance(label, str))
    for kind in _subclasses(Labelled):
        yield from (member.label for member in kind)


def _subclasses(kind: Any) -> Iterator[Any]:
    for each in kind.__subclasses__():
        yield each
        yield from _subclasses(each)


def _of_rules() -> Iterator[str]:
    import pathways.detection.rules  # noqa: F401 -- registers every rule
    from pathways.detection.rule import RULES
    from pathways.sharing.refusals import PROPOSALS, REFUSALS
    from pathways.sharing.sentences import SENTENCES

    yield from (rule.label for rule in RULES.values())
    yield from (*REFUSALS.values(), *PROPOSALS.values())
    for wording in SENTENCES.values():
        yield from (wording.title, wording.act)
        if isinstance(wording.fact, str):
            yield wording.fact


def _of_forms() -> Iterator[str]:
    """Labels, hints, choices and messages of every form."""
    from wtforms.fields.core import UnboundField

    import pathways.forms as package

    for module in pkgutil.iter_modules(package.__path__):
        loaded = importlib.import_module(f"{package.__name__}.{module.name}")
        for form in vars(loaded).values():
            if isinstance(form, type):
                for field in vars(form).values():
                    if isinstance(field, UnboundField):
                        yield from _of_field(field)


def _of_field(field: Any) -> Iterator[str]:
    given = dict(field.kwargs)
    yield from (text for text in (*field.args[:1], given.get("label"), given.get("description")) if isinstance(text, str))
    for validator in (*given.get("validators", ()), *(field.args[1] if len(field.args) > 1 else ())):
        message = getattr(validator, "message", None)
        if isinstance(message, str):
            yield message
    for choice in given.get("choices") or ():
        label = getattr(choice, "label", None) or (choice[1] if isinstance(choice, tuple) else None)
        if isinstance(label, str):
            yield label
    placeholder = (given.get("render_kw") or {}).get("placeholder")
    if isinstance(placeholder, str):
        yield placeholder
