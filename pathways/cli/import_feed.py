"""``./run import dossiers-apprenants FILE --as ORG [--dry-run]``: the file of a training centre's software, and its report.

The report is in French, like the messages of the wire contract it carries. Exit codes: 0 every row taken, 1 some refused,
2 nothing could be done.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pathways.cli import COULD_NOT_RUN

if TYPE_CHECKING:
    from pathways.exchange.dossiers_apprenants.reception import Report

SHOWN, ROWS = 200, 8
"""Errors printed one by one, and rows named for a warning; beyond, their number is told."""


@click.command("dossiers-apprenants")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "sender", required=True, metavar="ORG", help="Who sends: public id, code, SIRET, UAI or exact name.")
@click.option("--dry-run", is_flag=True, help="Do everything, write nothing, and say what would be done.")
def command(file: Path, sender: str, dry_run: bool) -> None:
    """Read the feed that training centres' software sends (v3 payload): a JSON array of at most 2,000 rows."""
    from pathways import db
    from pathways.exchange.dossiers_apprenants.bodies import UnknownBody, find_body
    from pathways.exchange.dossiers_apprenants.file import NotAFeed, read_file
    from pathways.exchange.dossiers_apprenants.reception import receive

    try:
        rows = read_file(file)
        with db.as_system(), db.atomic() as session:
            body = find_body(session, sender)
    except (NotAFeed, UnknownBody) as fault:
        click.echo(f"{fault}", err=True)
        sys.exit(COULD_NOT_RUN)
    started = time.monotonic()
    report = receive(rows, body, file_name=file.name, dry_run=dry_run, progress=_progress)
    _show(report, time.monotonic() - started)
    sys.exit(1 if report.refused else 0)


def _progress(done: int, total: int) -> None:
    """One line a set; on a terminal it is rewritten in place."""
    said = f"{done} lignes lues sur {total}"
    if sys.stderr.isatty():
        click.echo(f"\r{said}", err=True, nl=done >= total)
    else:
        click.echo(said, err=True)


def _show(report: Report, seconds: float) -> None:
    click.echo(f"{report.file_name}, envoyé par {report.sender}")
    click.echo(
        f"{report.total} lignes lues : {report.created} créées, {report.updated} mises à jour, {report.unchanged} inchangées, "
        f"{report.refused_rows} refusées ; {report.entries} déclarations écrites, en {seconds:.1f} s"
    )
    if report.baseline:
        click.echo("Premier fichier de cet organisme : ses alertes sont à passer en revue, sans échéance.")
    _show_warnings(report)
    _show_errors(report)
    if report.dry_run:
        click.echo("Essai : rien n’a été écrit.")


def _show_warnings(report: Report) -> None:
    from pathways.exchange.dossiers_apprenants.wording import warning

    for code, number in report.warned.most_common():
        where = sorted({row for row, each in report.warnings if each.code == code})
        rows = ", ".join(map(str, where[:ROWS])) + ("…" if len(where) > ROWS else "")
        click.echo(f"Avertissement [{code}] : {warning(code)} ({number} fois ; lignes {rows})")


def _show_errors(report: Report) -> None:
    from pathways.exchange.dossiers_apprenants.wording import advice, expected

    for row, issue in report.refused[:SHOWN]:
        click.echo(f"Ligne {row}, {', '.join(issue.path) or '–'} [{issue.code}] : {issue.message}")
        click.echo(f"    Attendu : {expected(issue.code)}. {advice(issue.code)}")
    if len(report.refused) > SHOWN:
        click.echo(f"… et {len(report.refused) - SHOWN} autres erreurs, à lire sur la page « Fichiers reçus ».")
