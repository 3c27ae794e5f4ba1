"""``./run eligible``: the schemes open to somebody, those to check with what to ask, those closed with why.

Somebody of the database is named by public id, for an organisation that accompanies them (``--as``), and the look is logged. Or
somebody is described: age, level, conditions. Exit codes: 0 answered, 2 could not be asked.
"""

from __future__ import annotations

import json
import sys
import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NoReturn

import click

from pathways.cli import COULD_NOT_RUN

if TYPE_CHECKING:
    from pathways.operations.eligible import Answers
    from pathways.workflows.eligibility import Eligibility

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--person", "public_id", type=click.UUID, help="Public id of somebody in the database (with --as).")
@click.option("--as", "organisation", metavar="ORG", help="Who asks: public id, code, SIRET, UAI or exact name.")
@click.option("--born", type=DAY, help="Or: date of birth of somebody described here.")
@click.option("--level", type=click.Choice(["infra3", "3", "4", "5", "6", "7", "8"]), help="Level of training reached.")
@click.option("--rqth-until", type=DAY, help="Recognised as a disabled worker until that day.")
@click.option("--holds", multiple=True, metavar="CONDITION", help="A condition that holds (repeat; --list names them).")
@click.option("--lacks", multiple=True, metavar="CONDITION", help="A condition that does not hold (repeat).")
@click.option("--on", "on", type=DAY, help="Day whose rules apply; today by default.")
@click.option("--list", "listing", is_flag=True, help="Print the conditions one may state, and end.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of text.")
def command(
    *,
    public_id: uuid.UUID | None,
    organisation: str | None,
    born: datetime | None,
    level: str | None,
    rqth_until: datetime | None,
    holds: tuple[str, ...],
    lacks: tuple[str, ...],
    on: datetime | None,
    listing: bool,
    as_json: bool,
) -> None:
    """Say which schemes are open to a person, on a day."""
    from pathways import clock
    from pathways.operations.eligible import answers, invented
    from pathways.workflows.conditions import CONDITIONS

    if listing:
        for condition in CONDITIONS.values():
            click.echo(f"{condition.code:45} {condition.question}")
        return
    day = on.date() if on else clock.today()
    if unknown := [code for code in (*holds, *lacks) if code not in CONDITIONS]:
        _give_up(f"Unknown condition: {', '.join(unknown)}. ./run eligible --list names them.")
    if public_id is not None:
        found = _of_the_database(public_id, organisation, day)
    elif born is not None:
        identity = {"born": born.date(), "level": level, "rqth_until": rqth_until.date() if rqth_until else None}
        stated = dict.fromkeys(holds, True) | dict.fromkeys(lacks, False)
        found = answers(invented({name: value for name, value in identity.items() if value is not None}, stated, day), day)
    else:
        _give_up("Name somebody (--person ID --as ORG) or describe them (--born 2006-05-14 --level 3 --holds volunteer).")
    click.echo(json.dumps(_document(found, day), ensure_ascii=False, indent=2) if as_json else _text(found, day))


def _give_up(why: str) -> NoReturn:
    click.echo(why, err=True)
    sys.exit(COULD_NOT_RUN)


def _of_the_database(public_id: uuid.UUID, organisation: str | None, day: date) -> Answers:
    """As that organisation sees them; the look is logged before anything is printed."""
    from pathways import clock, db
    from pathways.errors import NotVisible
    from pathways.exchange.dossiers_apprenants.bodies import UnknownBody, find_body
    from pathways.operations.eligible import eligible
    from pathways.queries.person import identity
    from pathways.sharing.disclosure import disclose
    from pathways.sharing.groups import Group
    from pathways.sharing.visibility import Reader
    from pathways.workflows.actors import PRESCRIBERS

    if organisation is None:
        _give_up("Say for which organisation: --as ORG.")
    try:
        with db.as_system(), db.atomic() as session:
            body = find_body(session, organisation)
        if body.kind not in PRESCRIBERS:
            _give_up(f"{organisation} neither accompanies nor prescribes: it may not ask.")
        with db.acting_for(body.id), db.atomic():
            who = identity(public_id, Reader(body.id, clock.today(), kind=body.kind))
            found = eligible(who.id, body.id, day, leads=who.led)
            disclose([who.id], "cli.eligible", [Group.IDENTITY, Group.ADMINISTRATIVE, Group.SOCIAL])
            return found
    except (UnknownBody, NotVisible) as fault:
        _give_up(f"{fault}: nobody of that id is accompanied by {organisation}.")


def _text(found: Answers, day: date) -> str:
    from pathways.workflows.conditions import CONDITIONS
    from pathways.workflows.eligibility import Answer

    lines = [f"Règles du {day:%d/%m/%Y}"]
    for title, answer in (("Ouverts", Answer.YES), ("À vérifier", Answer.UNKNOWN), ("Pas possibles", Answer.NO)):
        lines += ["", f"{title} ({len(found.of(answer))})"]
        for each in found.of(answer):
            lines.append(f"  {each.scheme.code}  {each.scheme.label}")
            lines += [f"      {said}" for said in _said(each)]
    if found.asked:
        lines += ["", "À demander, avec le nombre de dispositifs qui en dépendent"]
        for code, number in found.asked:
            lines.append(f"  {CONDITIONS[code].question if code in CONDITIONS else code}  [{code}, {number}]")
    return "\n".join(lines)


def _said(each: Eligibility) -> list[str]:
    from pathways.sharing.refusals import proposal, reason_sentences

    told = reason_sentences(each.against) or [f"? {predicate.label}" for predicate in each.unknown]
    return [*told, *(f"+ {one.step.scheme.code} : {proposal(one.told.proposal)}" for one in each.beside if one.told.proposal)]


def _document(found: Answers, day: date) -> dict[str, Any]:
    from pathways.sharing.refusals import reason_sentence

    return {
        "day": day.isoformat(),
        "schemes": [
            {
                "scheme": each.scheme.code,
                "answer": str(each.answer),
                "against": [{"code": reason.code, "sentence": reason_sentence(reason)} for reason in each.against],
                "unknown": [{"condition": one.code, "asks": list(one.asks)} for one in each.unknown],
                "met": [one.code for one in each.met],
                "beside": [{"scheme": one.step.scheme.code, "verdict": str(one.told.verdict)} for one in each.beside],
            }
            for each in found.found
        ],
        "asked": [{"fact": fact, "schemes": number} for fact, number in found.asked],
    }
