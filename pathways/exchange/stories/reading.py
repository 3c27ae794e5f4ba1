"""Stories in YAML → journal entries of the core.

A story names a person, organisations, schemes and dated events. Series are expanded: each element becomes known on its own day.
An event of an unknown type or scheme is not dropped silently: it is listed in ``Story.not_understood``.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from pathways.workflows.attendance import BLANK, JUSTIFIED, PRESENT, UNJUSTIFIED
from pathways.workflows.dates import days, working_days
from pathways.workflows.entry import Entry, Ref
from pathways.workflows.events import EVENTS
from pathways.workflows.schemes import SCHEMES

_CODES = {"present": PRESENT, "unjustified": UNJUSTIFIED, "absent": UNJUSTIFIED, "justified": JUSTIFIED, "excused": JUSTIFIED}
_WEEK = days(7)


@dataclass(slots=True)
class Story:
    """One story: its entries, ready to fold, and what is expected of them."""

    id: str
    title: str
    horizon: date
    schemes: Mapping[str, str]
    organisations: Mapping[str, Mapping[str, Any]]
    entries: list[Entry] = field(default_factory=list)
    expected: Mapping[str, Any] = field(default_factory=dict)
    not_understood: list[str] = field(default_factory=list)


class NotAStory(ValueError):
    """A file that does not have the shape of stories: says where, and what was expected."""


def read_stories(path: Path) -> list[Story]:
    """Every story of a file. Raises `NotAStory` with the place of the fault."""
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as fault:
        raise NotAStory(f"{path}: {fault}") from fault
    scenarios = loaded.get("scenarios") if isinstance(loaded, dict) else None
    if not isinstance(scenarios, list):
        raise NotAStory(f"{path}: expected a mapping with a list « scenarios »")
    return [_story(scenario, path) for scenario in scenarios]


def _story(raw: Any, path: Path) -> Story:
    if not isinstance(raw, Mapping):
        raise NotAStory(f"{path}: story '?' is not a mapping: {raw!r}")
    try:
        story = Story(
            str(raw["id"]),
            str(raw.get("title", "")),
            raw["horizon"],
            raw.get("schemes") or {},
            raw.get("orgs") or {},
            expected=raw.get("expected") or {},
        )
        events = list(raw["events"])
        person = raw.get("person") or {}
    except (KeyError, TypeError) as fault:
        raise NotAStory(f"{path}: story {raw.get('id', '?')!r} lacks {fault}") from fault
    _check_day(raw, "horizon", f"{path}: story {story.id!r}")
    places = [f"{path}: story {story.id!r}, event {position}" for position in range(1, len(events) + 1)]
    for event, place in zip(events, places, strict=True):
        _check_event(event, place)
    first = min((event["date"] for event in events), default=story.horizon)
    story.entries.append(_entry(story, "person", "identity_stated", first, first, None, None, _identity(person)))
    for position, event in enumerate(events):
        try:
            story.entries.extend(_entries(story, event, position))
        except KeyError as fault:
            raise NotAStory(f"{places[position]}: lacks {fault}") from fault
    refs = {
        event["ref"]: [entry.id for entry in story.entries if str(entry.id).startswith(f"{position}.")]
        for position, event in enumerate(events)
        if event.get("ref")
    }
    story.entries = [replace(entry, number=number) for number, entry in enumerate(_aimed(story, refs))]
    return story


def _check_event(event: Any, place: str) -> None:
    if not isinstance(event, Mapping):
        raise NotAStory(f"{place}: is not a mapping: {event!r}")
    for name in ("date", "type"):
        if name not in event:
            raise NotAStory(f"{place}: lacks {name!r}")
    _check_day(event, "date", place)


def _check_day(raw: Mapping[str, Any], name: str, place: str) -> None:
    if not isinstance(raw[name], date):
        raise NotAStory(f"{place}: {name} is not a day: {raw[name]!r}")


def _aimed(story: Story, refs: Mapping[str, list[Ref]]) -> Iterator[Entry]:
    """The entries, each retraction aimed at what it names: an event that stands for a series is taken back whole."""
    for entry in story.entries:
        if entry.type != "retracted":
            yield entry
            continue
        ref = str(entry.data.get("ref"))
        if ref not in refs:
            story.not_understood.append(f"retraction of {ref}")
        for position, target in enumerate(refs.get(ref, [])):
            yield replace(entry, id=f"{entry.id}.{position}", retracts=target)


def _identity(person: Mapping[str, Any]) -> dict[str, Any]:
    rqth = person.get("rqth")
    if isinstance(rqth, Mapping):
        rqth = rqth.get("until") or rqth.get("valid_to") or rqth.get("to")
    level = person.get("level")
    return {
        "born": person.get("born"),
        "sex": person.get("sex"),
        "commune": person.get("commune"),
        "qpv": person.get("qpv"),
        "level": str(level) if level is not None else None,
        "rqth_until": rqth if isinstance(rqth, date) else None,
    }


def _entries(story: Story, event: Mapping[str, Any], position: int) -> Iterator[Entry]:
    """The entries of one event: one, or the elements of a series."""
    for number, (kind, on, data) in enumerate(_elements(event)):
        known = on if "recorded_on" not in event else max(event["recorded_on"], on if _is_series(event) else event["recorded_on"])
        scheme = event.get("scheme")
        if kind not in EVENTS:
            story.not_understood.append(f"event {kind}")
            return
        if scheme is not None and story.schemes.get(scheme) not in SCHEMES:
            story.not_understood.append(f"scheme {story.schemes.get(scheme, scheme)}")
            return
        yield _entry(story, f"{position}.{number}", kind, on, known, event.get("org"), scheme, data)


def _is_series(event: Mapping[str, Any]) -> bool:
    return str(event["type"]).endswith("_series") or event["type"] == "attendance"


def _elements(event: Mapping[str, Any]) -> Iterator[tuple[str, date, dict[str, Any]]]:
    """The (type, day, details) an event of a story stands for."""
    kind, data = event["type"], dict(event.get("data") or {})
    if kind == "contact_series":
        day = data["from"]
        while day <= data["to"]:
            yield "contact", day, {}
            day += days(data["every_days"])
    elif kind == "weekly_hours_series":
        monday = data["from_monday"]
        while monday <= data["to_monday"]:
            rest = {name: value for name, value in data.items() if name not in ("from_monday", "to_monday")}
            yield "weekly_hours", monday + days(6), {"monday": monday, **rest}
            monday += _WEEK
    elif kind == "attendance" and "status" in data:
        yield from _sheets(data)
    else:
        yield kind, event["date"], data


def _sheets(data: Mapping[str, Any]) -> Iterator[tuple[str, date, dict[str, Any]]]:
    code = _CODES.get(data["status"], BLANK)
    halves = {"am": code + BLANK, "pm": BLANK + code}.get(str(data.get("half") or data.get("half_day")), code * 2)
    for day in working_days(data["from"], data["to"]):
        yield "attendance", day, {"from": day, "halves": halves, "hours_per_day": data.get("hours_per_day", 7)}


def _entry(
    story: Story, id_: str, kind: str, on: date, known: date, org: str | None, scheme: str | None, data: Mapping[str, Any]
) -> Entry:
    return Entry(
        id=id_,
        type=kind,
        occurred_on=on,
        known_on=known,
        organisation=org,
        kind=story.organisations.get(org or "", {}).get("kind"),
        enrolment=scheme,
        scheme=story.schemes.get(scheme or ""),
        data=data,
        content=json.dumps(data, sort_keys=True, default=str),
    )
