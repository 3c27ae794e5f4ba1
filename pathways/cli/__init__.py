"""The command line. Every command is imported when it is used: ``./run --help`` answers at once.

Exit codes: 0 good, 1 found something wrong, 2 could not run.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import click

PROJECT = Path(__file__).resolve().parents[2]
DATA = PROJECT / "var"
COULD_NOT_RUN = 2


class Needs(Enum):
    """What has to be there before a command's function is called."""

    NOTHING = 0
    SERVERS = 1
    """Database and queue: those of the environment, those of a running ./run, or its own while it lasts."""
    APPLICATION = 2
    """The same, with migrations applied and an application context pushed."""


@dataclass(frozen=True)
class Entry:
    """Where a command is and what it needs. ``target`` is ``module:function``, a click command."""

    target: str
    help: str
    needs: Needs = Needs.APPLICATION

    @property
    def exists(self) -> bool:
        """Whether its module is there, without importing anything."""
        path = PROJECT.joinpath(*self.target.partition(":")[0].split("."))
        return path.with_suffix(".py").exists() or (path / "__init__.py").exists()

    def load(self) -> click.Command:
        module, _, name = self.target.partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command), f"{self.target} is not a click command"
        return command


COMMANDS = {
    "serve": Entry("pathways.cli.serve:serve", "Start everything (what ./run does on its own).", Needs.NOTHING),
    "doctor": Entry("pathways.cli.doctor:doctor", "Check the installation and say how to mend it.", Needs.NOTHING),
    "demo": Entry("pathways.demo.command:demo", "Load the synthetic region."),
    "import": Entry("pathways.cli.imports:command", "Read files of another system.", Needs.NOTHING),
    "export": Entry("pathways.cli.exports:command", "Write the whole database in the exchange format.", Needs.NOTHING),
    "sweep": Entry("pathways.cli.sweep:command", "Evaluate the signals of everybody who is due."),
    "replay": Entry("pathways.cli.replay:command", "Play written stories in a throw-away database.", Needs.NOTHING),
    "backtest": Entry("pathways.cli.backtest:command", "Replay a period as it was known and measure the rules."),
    "eligible": Entry("pathways.cli.eligible:command", "Say which schemes are open to a person."),
    "access-export": Entry("pathways.cli.access_export:command", "Write everything held on one person, for them."),
    "retention": Entry("pathways.cli.retention:command", "Erase what may not be kept any longer."),
    "docs": Entry("pathways.cli.documents:command", "Write the generated pages of docs/.", Needs.NOTHING),
    "catalogue": Entry("pathways.cli.catalogue:command", "Collect what the screens say, for translation.", Needs.NOTHING),
    "backup": Entry("pathways.cli.backup:backup", "Write the database into a file.", Needs.SERVERS),
    "restore": Entry("pathways.cli.backup:restore", "Read the database back from a file.", Needs.SERVERS),
    "migrate": Entry("pathways.cli.migrate:migrate", "Bring the database to the present structure.", Needs.SERVERS),
    "web": Entry("pathways.cli.processes:web", "The web server alone (production).", Needs.SERVERS),
    "worker": Entry("pathways.cli.processes:worker", "A queue worker alone (production).", Needs.SERVERS),
    "ticker": Entry("pathways.cli.processes:ticker", "The clock of periodic work alone (production).", Needs.SERVERS),
}


def data_option(function: Any) -> Any:
    """``--data DIR``; without it ``PATHWAYS_DATA``, then ``var`` in the project."""
    path = click.Path(path_type=Path)
    return click.option("--data", type=path, metavar="DIR", help="Data folder of the embedded servers.")(function)


def data_folder(ctx: click.Context, given: Path | None) -> Path:
    """The folder asked for here or before the command's name, else the default."""
    asked = given or (ctx.find_root().params.get("data") if ctx.find_root() is not ctx else None)
    return asked or Path(os.environ.get("PATHWAYS_DATA") or DATA)


class Commands(click.Group):
    """The registry as a click group."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return [name for name, entry in COMMANDS.items() if entry.exists]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        entry = COMMANDS.get(cmd_name)
        if entry is None or not entry.exists:
            return None
        return prepared(entry.load(), entry.needs)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].help) for name in self.list_commands(ctx)])


def prepared(command: click.Command, needs: Needs) -> click.Command:
    """The command with ``--data`` added, and its servers there while its function runs."""
    inner = command.callback
    if needs is Needs.NOTHING or inner is None:
        return command
    option = next(parameter for parameter in data_option(click.Command("")).params if parameter.name == "data")
    own = {parameter.name for parameter in command.params}
    added = [] if "data" in own else [option]

    def outer(*args: Any, **values: Any) -> Any:
        ctx = click.get_current_context()
        given = values.get("data") if "data" in own else values.pop("data", None)
        with servers(data_folder(ctx, given)) as ours, application(needs, ours):
            return inner(*args, **values)

    return _copy(command, [*command.params, *added], outer)


def _copy(command: click.Command, params: list[click.Parameter], callback: Callable[..., Any]) -> click.Command:
    import copy

    copied = copy.copy(command)
    copied.params, copied.callback = params, callback
    return copied


@contextlib.contextmanager
def servers(data: Path) -> Iterator[bool]:
    """The environment completed with database and queue; whether this process had to start them."""
    from pathways.server import servers_for

    with servers_for(data) as found:
        before = dict(os.environ)
        if found is not None:
            os.environ.update(found.environment())
        try:
            yield bool(found and found.supervisor.running)
        finally:
            os.environ.clear()
            os.environ.update(before)


@contextlib.contextmanager
def application(needs: Needs, ours: bool) -> Iterator[None]:
    """Migrations applied and an application context, for commands that need them."""
    if needs is not Needs.APPLICATION:
        yield
        return
    from pathways import create_app
    from pathways.cli.migrate import upgrade

    if ours:
        # Nobody else had an occasion to: a running ./run has migrated, a production database is its owner's business.
        upgrade()
    with create_app().app_context():
        yield


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the web pages (default 8000).")
@data_option
@click.option("--empty", is_flag=True, help="Do not load the demo into an empty database.")
@click.pass_context
def pathways(ctx: click.Context, port: int | None, data: Path | None, empty: bool) -> None:
    """Pathways. Without a command: start everything and print the address."""
    del port, data, empty  # read by ``serve`` from the context
    if ctx.invoked_subcommand is None:
        ctx.invoke(COMMANDS["serve"].load())


def main() -> None:
    """Run a command; what a person can mend is told in words, with exit code 2."""
    from config import ConfigurationError
    from pathways.server.errors import ServerError

    sys.argv[0] = "pathways"
    try:
        pathways.main(prog_name="./run", standalone_mode=True)
    except (ServerError, ConfigurationError) as error:
        click.echo(f"{error}", err=True)
        sys.exit(COULD_NOT_RUN)
