"""Every page a person opens, timed: the whole request through the application, as its own database role.

    .venv/bin/python -m benchmarks.pages 50000 [--data DIR] [--times 30]

A demo region of that many persons is loaded and evaluated in a data folder of its own; with --data it is kept, and used again by
the next run. Times are of the application and the database on one machine, without network or browser. Compare those of one run
with each other.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask.testing import FlaskClient

from config.testing import Testing
from pathways import clock, create_app, db
from pathways.cli.migrate import upgrade
from pathways.demo.cast import perform
from pathways.demo.load import NotEmpty, load
from pathways.detection.parallel import sweep_in_parallel
from pathways.server import DURABLE, embedded

PASSWORD = "demo-pathways"  # noqa: S105 -- everybody knows it: the persons are fictitious
COUNSELLOR, HEAD, TRAINER = "conseillere.ml@example.org", "cheffe.service@example.org", "formatrice.of@example.org"


class Page(NamedTuple):
    """``path`` may name ``{person}``: somebody in the middle of the account's own list."""

    account: str
    name: str
    path: str


PAGES = (
    Page(COUNSELLOR, "À traiter, les miens", "/a-traiter"),
    Page(COUNSELLOR, "À traiter, toute la structure", "/a-traiter?vue=tous"),
    Page(COUNSELLOR, "À traiter, un nom dans la structure", "/a-traiter?vue=tous&q=mar"),
    Page(COUNSELLOR, "À traiter, plus tard", "/a-traiter?vue=plus-tard"),
    Page(COUNSELLOR, "Pourquoi pas d’alerte", "/personnes/{person}/pourquoi-pas-d-alerte"),
    Page(COUNSELLOR, "Notifications", "/notifications"),
    Page(COUNSELLOR, "Demandes", "/demandes"),
    Page(COUNSELLOR, "Mes accompagnements", "/accompagnements"),
    Page(COUNSELLOR, "Structure, par urgence", "/structure"),
    Page(COUNSELLOR, "Structure, par nom", "/structure?tri=nom"),
    Page(COUNSELLOR, "Structure, dernier contact", "/structure?tri=contact"),
    Page(COUNSELLOR, "Structure, prochaine date", "/structure?tri=date"),
    Page(COUNSELLOR, "Structure, un niveau", "/structure?niveau=critical"),
    Page(COUNSELLOR, "Structure, un nom", "/structure?q=martin"),
    Page(COUNSELLOR, "Structure, un dispositif en cours", "/structure?dispositif=PACEA&etat=en-cours"),
    Page(COUNSELLOR, "Structure, sans action depuis 30 jours", "/structure?sans-action=30"),
    Page(COUNSELLOR, "Structure, une date dans les 15 jours", "/structure?echeance=15"),
    Page(COUNSELLOR, "Structure, sans rendez-vous", "/structure?sans-rdv=oui"),
    Page(COUNSELLOR, "Structure, mineurs", "/structure?mineur=oui"),
    Page(COUNSELLOR, "Une fiche", "/personnes/{person}"),
    Page(COUNSELLOR, "Noter un contact", "/personnes/{person}/suivi"),
    Page(COUNSELLOR, "Séance collective", "/seance-collective?personne={person}"),
    Page(COUNSELLOR, "Dispositifs possibles", "/personnes/{person}/dispositifs-possibles/"),
    Page(COUNSELLOR, "Suivis à faire", "/suivis"),
    Page(COUNSELLOR, "Obligation de formation", "/obligation-de-formation"),
    Page(COUNSELLOR, "Passages de relais", "/passages-de-relais"),
    Page(COUNSELLOR, "Incidents", "/incidents"),
    Page(COUNSELLOR, "Dispositifs", "/dispositifs/"),
    Page(COUNSELLOR, "Un dispositif", "/dispositifs/APPRENTISSAGE"),
    Page(COUNSELLOR, "Points de vigilance", "/signaux/"),
    Page(COUNSELLOR, "Qui a consulté une fiche", "/personnes/{person}/consultations"),
    Page(COUNSELLOR, "Droits d’une personne", "/personnes/{person}/droits"),
    Page(COUNSELLOR, "Droits des personnes", "/droits"),
    Page(COUNSELLOR, "Anciens accompagnements", "/anciens-accompagnements"),
    Page(COUNSELLOR, "Fiches arrivant à leur terme", "/fiches-a-terme"),
    Page(HEAD, "Consultations de l’organisme", "/consultations"),
    Page(HEAD, "Équipe", "/equipe"),
    Page(HEAD, "Revue des alertes", "/equipe/revue"),
    Page(HEAD, "Alertes de la revue", "/equipe/revue/alertes"),
    Page(HEAD, "Ruptures de la période", "/equipe/revue/ruptures"),
    Page(HEAD, "Équité des alertes", "/equite"),
    Page(HEAD, "Revue du stock", "/equipe/revue-du-stock"),
    Page(TRAINER, "Mes accompagnements (organisme de formation)", "/accompagnements"),
)


def measure(client: FlaskClient, page: Page, path: str, times: int) -> str:
    """One line: queries, median and 95th percentile in milliseconds of ``times`` requests after a first one, processor time."""
    with counting() as asked:
        answer = client.get(path)
    if answer.status_code != 200:  # noqa: PLR2004 -- anything else is no page to time
        return f"| {page.name} | {answer.status_code} | – | – | – | – |"
    took, worked = [], processor_time()
    for _ in range(times):
        started = time.perf_counter()
        client.get(path)
        took.append((time.perf_counter() - started) * 1000)
    worked = (processor_time() - worked) * 1000 / times
    took.sort()
    p95 = took[min(len(took) - 1, round(0.95 * len(took)) - 1)]
    figures = (len(asked), statistics.median(took), p95, worked, len(answer.data) / 1024)
    return f"| {page.name} | {' | '.join(f'{figure:.0f}' for figure in figures)} |"


def processor_time() -> float:
    """Seconds the application and its database connection have computed: what does not depend on who else uses the machine."""
    with db.as_system():
        pid = db.session().scalar(sa.text("SELECT pg_backend_pid()"))
        db.remove()
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def counting() -> Iterator[list[str]]:
    seen: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "set_config(" not in statement and "SAVEPOINT" not in statement:
            seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", listen)
    yield seen
    sa.event.remove(sa.Engine, "before_cursor_execute", listen)


def signed_in(app: Any, email: str) -> FlaskClient:
    client: FlaskClient = app.test_client()
    form = client.get("/connexion").text
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', form)[-1]
    answer = client.post("/connexion", data={"csrf_token": token, "email": email, "password": PASSWORD})
    if answer.status_code != 303:  # noqa: PLR2004 -- signed in
        raise SystemExit(f"{email} could not sign in: {answer.status_code}")
    return client


def somebody(client: FlaskClient) -> str:
    """The public id of somebody of the first page of one's own list."""
    found = list(dict.fromkeys(re.findall(r'href="/personnes/([0-9a-f-]{36})"', client.get("/accompagnements").text)))
    return found[len(found) // 2] if found else ""


def fill(persons: int) -> None:
    today, started = clock.today(), time.perf_counter()
    try:
        loaded = load(persons, 7, today)
        perform(loaded.region)
        print(f"{loaded.persons:,} persons, {loaded.entries:,} entries loaded; evaluating everybody…", flush=True)
    except NotEmpty:
        print("The region of this folder is used again.", flush=True)
    with clock.at(today):
        sweep_in_parallel(today, processes=2)
    with db.as_system(), db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))
    print(f"ready after {time.perf_counter() - started:.0f} s", flush=True)


def run(app_url: str, owner_url: str, times: int) -> None:
    app = create_app(Testing(database_url=app_url, owner_url=owner_url, redis_url="memory://", secret_key="x" * 32))
    print("\n| Page | Requêtes | médiane (ms) | p95 (ms) | processeur (ms) | Ko |\n|---|---|---|---|---|---|")
    clients: dict[str, FlaskClient] = {}
    for page in PAGES:
        client = clients.get(page.account) or clients.setdefault(page.account, signed_in(app, page.account))
        for limiter in app.extensions["limiter"]:
            limiter.reset()  # nobody opens a page thirty times a second
        path = page.path.format(person=somebody(client)) if "{person}" in page.path else page.path
        print(measure(client, page, path, times), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("persons", type=int)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--data", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pathways-pages-") as folder:
        Path(folder).chmod(0o755)
        with embedded(asked.data or Path(folder) / "data", DURABLE) as servers:
            os.environ.update(servers.environment({}))
            upgrade()
            db.configure(servers.app_url, statement_timeout="0")
            fill(asked.persons)
            db.remove()
            run(servers.app_url, servers.owner_url, asked.times)
            db.remove()
            db.dispose()


if __name__ == "__main__":
    main()
