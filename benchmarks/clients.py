"""Pages asked for by several people at once: real HTTP, the production server's own settings, each with an account of their own.

Part of `benchmarks.sweep` (``--clients 8``). The clients share the processors with the server and the database; nobody waits
between two pages, which no person does: eight clients here are some hundred people at work. Every page is the whole one, with its
log of readings and both walls.
"""

from __future__ import annotations

import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import sqlalchemy as sa
from argon2 import PasswordHasher

PASSWORD = "demo-pathways"  # noqa: S105 -- everybody knows it: the persons are fictitious
SEATS = 5
"""Accounts each client takes in turn: one account may not search sixty times a minute."""
_COUNSELLORS = sa.text("""
    UPDATE app_user SET password_hash = :hashed, active = true WHERE id IN (
        SELECT link.user_id FROM link JOIN organisation ON organisation.id = link.organisation_id
        JOIN membership ON membership.user_id = link.user_id AND membership.ended_on IS NULL
        WHERE organisation.kind = 'mission_locale' AND link.ended_on IS NULL
        GROUP BY link.user_id HAVING count(*) > 30 ORDER BY md5(link.user_id::text) LIMIT :wanted)
    RETURNING email
""")


@dataclass(slots=True)
class Client:
    """Somebody signed in, and what they open."""

    opener: OpenerDirector
    address: str
    persons: list[str] = field(default_factory=list)
    deep: str = ""

    def get(self, path: str) -> str:
        with self.opener.open(self.address + path, timeout=60) as answer:
            return str(answer.read(), "utf-8")

    def sign_in(self, email: str) -> None:
        token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', self.get("/connexion"))[-1]
        said = urlencode({"csrf_token": token, "email": email, "password": PASSWORD})
        with self.opener.open(f"{self.address}/connexion", said.encode(), timeout=60) as answer:
            if answer.url.endswith("/connexion"):
                raise SystemExit(f"{email} could not sign in")
        self.persons = list(dict.fromkeys(re.findall(r'href="/personnes/([0-9a-f-]{36})"', self.get("/accompagnements"))))
        self.deep = self._followed("/structure?tri=nom", 12)

    def _followed(self, path: str, pages: int) -> str:
        """The address some pages further down a list, by its own links."""
        for _ in range(pages):
            onward = re.search(r'rel="next" href="([^"]+)"', self.get(path))
            if onward is None:
                break
            path = onward[1].replace("&amp;", "&")
        return path


PAGES: Mapping[str, Callable[[Client, int], str]] = {
    "À traiter": lambda _client, _turn: "/a-traiter",
    "Structure": lambda _client, _turn: "/structure?tri=nom",
    "Structure, douze pages plus loin": lambda client, _turn: client.deep,
    "Structure, un nom": lambda _client, turn: f"/structure?q={('mar', 'dup', 'leb', 'gau', 'per')[turn % 5]}",
    "Une fiche": lambda client, turn: f"/personnes/{client.persons[turn % len(client.persons)]}",
}


@contextmanager
def served(environment: Mapping[str, str]) -> Iterator[str]:
    """The web server of production, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "pathways", "web", "--bind", place]
    with subprocess.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(300):
                try:
                    build_opener().open(f"http://{place}/healthz", timeout=5).close()
                    break
                except (HTTPError, URLError):
                    time.sleep(0.1)
            yield f"http://{place}"
        finally:
            server.terminate()


def counsellors(url: str, wanted: int) -> list[str]:
    """E-mail addresses of counsellors with persons, who may sign in from now on. ``url``: of the superuser."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        found = list(connection.scalars(_COUNSELLORS, {"hashed": PasswordHasher().hash(PASSWORD), "wanted": wanted}))
    engine.dispose()
    return found


def ask(clients: list[list[Client]], path: Callable[[Client, int], str], seconds: float) -> tuple[list[float], float]:
    """Milliseconds of every page, and pages a second, when each of the clients asks for the next as soon as it has one."""
    took: list[float] = []
    until = time.perf_counter() + seconds

    def one(seats: list[Client]) -> None:
        turn = 0
        while (started := time.perf_counter()) < until:
            client = seats[turn % len(seats)]
            client.get(path(client, turn // len(seats)))
            took.append((time.perf_counter() - started) * 1000)
            turn += 1

    threads = [threading.Thread(target=one, args=(seats,)) for seats in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(took), len(took) / seconds


def measure(url: str, environment: Mapping[str, str], clients: int, seconds: float = 10) -> Iterator[tuple[str, int, float]]:
    """Prints median, 95th percentile and pages a second, for one client and for ``clients``; yields page, clients, the 95th."""
    emails = counsellors(url, clients * SEATS)
    with served(environment) as address:
        signed = [Client(build_opener(HTTPCookieProcessor(CookieJar())), address) for _ in emails]
        for client, email in zip(signed, emails, strict=True):
            client.sign_in(email)
        desks = [signed[first : first + SEATS] for first in range(0, len(signed), SEATS)]
        for name, path in PAGES.items():
            for many in (1, clients):
                ask(desks[:many], path, 1)
                took, rate = ask(desks[:many], path, seconds)
                p95 = took[95 * len(took) // 100]
                said = f"median {statistics.median(took):>6.0f} ms, p95 {p95:>6.0f} ms, {rate:>6.1f} a second"
                print(f"  {name:<34}{many:>2} client(s): {said}", flush=True)
                yield name, many, p95
