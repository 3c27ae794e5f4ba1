"""The thresholds of an organisation: what holds today, what it chose itself, what is to come, and who changed what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pathways import clock, db
from pathways.detection.choices import SWITCHES, default_of, depends_on_scheme, required_by, rule_of, schemes_of
from pathways.detection.reading import read_settings
from pathways.detection.rule import RULES, Family
from pathways.detection.settings import BY_SCHEME, EVERY_RULE, Settings, switch_of
from pathways.models import Setting, User
from pathways.sharing.thresholds import THRESHOLDS, Threshold, described

_CHOOSER, _WITHDRAWER = aliased(User), aliased(User)

LONGEST_HISTORY = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One dated choice of the organisation. ``value`` None: back to the value of everybody."""

    name: str
    scheme: str | None
    value: Any
    valid_from: date
    recorded_at: datetime
    reason: str | None
    who: str | None
    withdrawn_at: datetime | None
    withdrawn_by: str | None

    @property
    def is_to_come(self) -> bool:
        return self.withdrawn_at is None and self.valid_from > clock.today()


@dataclass(slots=True)
class Level:
    """One setting for one scheme, or for all (None): its value today, by whom, and what comes."""

    name: str
    scheme: str | None
    default: Any
    chosen: Change | None = None
    coming: list[Change] = field(default_factory=list)

    @property
    def value(self) -> Any:
        return self.default if self.chosen is None else self.chosen.value

    @property
    def is_own(self) -> bool:
        return self.chosen is not None

    @property
    def differs(self) -> bool:
        """Worth showing first: chosen here, or about to change."""
        return self.is_own or bool(self.coming)


@dataclass(slots=True)
class Row:
    """One setting with its levels. ``levels`` holds the schemes that differ; ``usual`` the value for all the others."""

    name: str
    threshold: Threshold
    usual: Level | None
    levels: list[Level]

    @property
    def only(self) -> str | None:
        """The one scheme the setting is about, if there is but one."""
        codes = schemes_of(self.name)
        return codes[0] if len(codes) == 1 else None

    @property
    def differs(self) -> bool:
        return any(level.differs for level in self.all_levels)

    @property
    def all_levels(self) -> list[Level]:
        return [*([self.usual] if self.usual else []), *self.levels]


@dataclass(frozen=True, slots=True)
class Block:
    """The settings of one family of signals."""

    family: Family
    rows: list[Row]

    @property
    def changed(self) -> int:
        return sum(row.differs for row in self.rows)


def thresholds(organisation_id: int) -> list[Block]:
    """Every setting, by family of signals, in the order of the families."""
    changes, everybody = _changes(organisation_id), _everybody()
    blocks: dict[Family, list[Row]] = {family: [] for family in Family}
    for name in THRESHOLDS:
        blocks[rule_of(name).family].append(_row(name, changes, everybody))
    return [Block(family, rows) for family, rows in blocks.items() if rows]


def switches(organisation_id: int) -> tuple[Row, list[Block]]:
    """The switch of all rules at once, and that of each rule, by family."""
    changes, everybody = _changes(organisation_id), _everybody()
    blocks: dict[Family, list[Row]] = {family: [] for family in Family}
    for rule in RULES.values():
        blocks[rule.family].append(_row(switch_of(rule.id), changes, everybody))
    blocks_shown = [Block(family, rows) for family, rows in blocks.items() if rows]
    return _row(switch_of(EVERY_RULE), changes, everybody), blocks_shown


def threshold(name: str, scheme: str | None, organisation_id: int) -> Level:
    """One setting for one scheme, or for all."""
    return _level(name, scheme, _changes(organisation_id, name), _everybody())


def history(organisation_id: int, name: str | None = None) -> list[Change]:
    """Every choice, also those withdrawn before they held, the latest first."""
    return sorted(_changes(organisation_id, name), key=lambda change: change.recorded_at, reverse=True)[:LONGEST_HISTORY]


def _row(name: str, changes: Iterable[Change], everybody: Settings) -> Row:
    own = {change.scheme for change in changes if change.name == name}
    defaults = [scheme for setting, scheme in BY_SCHEME if setting == name]
    codes = [code for code in schemes_of(name) if code in own or code in defaults]
    levels = [_level(name, code, changes, everybody) for code in codes]
    usual = None if depends_on_scheme(name) and default_of(name, None) is None else _level(name, None, changes, everybody)
    # A scheme that went back to the usual value has nothing of its own to say.
    shown = [level for level in levels if level.differs or level.scheme in defaults]
    threshold = described(name, required_by(name))
    assert threshold is not None
    return Row(name, threshold, usual, shown)


def _level(name: str, scheme: str | None, changes: Iterable[Change], everybody: Settings) -> Level:
    """``default``: what holds without a choice at this very level, a choice of the organisation for all schemes included."""
    today = clock.today()
    own = [change for change in changes if change.name == name and change.withdrawn_at is None]
    default = everybody.values(scheme or "", None, today, today).get(name, default_of(name, scheme))
    if scheme is not None:
        for_all = _in_force([change for change in own if change.scheme is None])
        default = for_all.value if for_all else default
    here = [change for change in own if change.scheme == scheme]
    level = Level(name, scheme, default, _in_force(here))
    last_of_the_day = {change.valid_from: change for change in here if change.valid_from > today}
    level.coming = [last_of_the_day[day] for day in sorted(last_of_the_day)]
    return level


def _in_force(changes: Iterable[Change]) -> Change | None:
    """The choice that holds today; None where the last one went back to the value of everybody."""
    begun = [change for change in changes if change.valid_from <= clock.today()]
    last = max(begun, key=lambda change: (change.valid_from, change.recorded_at), default=None)
    return last if last is not None and last.value is not None else None


def _changes(organisation_id: int, name: str | None = None) -> list[Change]:
    """The organisation's choices in the order in which they were made."""
    statement = (
        sa.select(
            Setting.name,
            Setting.scheme,
            Setting.value,
            Setting.valid_from,
            Setting.recorded_at,
            Setting.reason,
            _CHOOSER.name,
            Setting.withdrawn_at,
            _WITHDRAWER.name,
        )
        .outerjoin(_CHOOSER, _CHOOSER.id == Setting.user_id)
        .outerjoin(_WITHDRAWER, _WITHDRAWER.id == Setting.withdrawn_by)
        .where(Setting.organisation_id == organisation_id, Setting.name.in_([name] if name else [*THRESHOLDS, *SWITCHES]))
        .order_by(Setting.recorded_at, Setting.id)
    )
    return [Change(*row) for row in db.session().execute(statement)]


def _everybody() -> Settings:
    """The defaults, with what was chosen for the whole region."""
    return Settings.of(row for row in read_settings(db.session()).rows if row.organisation is None)
