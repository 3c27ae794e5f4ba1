"""Acceptance stories, played purely: no database, the same core."""

from pathlib import Path

import pytest
import yaml

from pathways.detection.settings import Settings
from pathways.detection.timeline import since_on, timeline
from pathways.exchange.stories.checking import Shown, mismatches
from pathways.exchange.stories.reading import NotAStory, read_stories
from pathways.workflows.fold import pathway

STORIES = Path(__file__).with_name("scenarios.yaml")
CEJ = {"orgs": {"ml": {"kind": "mission_locale"}}, "schemes": {"cej": "CEJ"}}


class Played:
    """A story folded and evaluated to its horizon."""

    def __init__(self, story):
        self.story = story
        told = timeline(story.entries, Settings(), story.horizon)
        shown = {run.key: run.shown_on for run in told.open}
        since = since_on(story.entries, Settings(), story.horizon, shown)
        self.signals = [
            Shown(
                run.key.rule, run.key.enrolment, run.finding.level.code, run.shown_on, run.closed_on, since.get(run.key),
                run.finding.values,
            )
            for run in told.runs
        ]

    def state(self, scheme, day):
        step = pathway(self.story.entries, day, day).steps.get(scheme)
        return str(step.state) if step else None

    def referent(self, scheme, day):
        step = pathway(self.story.entries, day, day).steps.get(scheme)
        return step.lead if step else None


@pytest.fixture
def written(tmp_path):
    def write(*stories, text=None):
        path = tmp_path / "stories.yaml"
        path.write_text(text if text is not None else yaml.safe_dump({"scenarios": list(stories)}), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    "story",
    [story for path in sorted(STORIES.parent.glob("*.yaml")) for story in read_stories(path)],
    ids=lambda story: story.id,
)
def test_a_story_shows_what_it_tells(story):
    assert list(mismatches(story, Played(story))) == []


def test_the_story_of_the_csp_is_among_them():
    assert "S04" in [story.id for story in read_stories(STORIES)]


def altered(story_id, change):
    (raw,) = [each for each in yaml.safe_load(STORIES.read_text(encoding="utf-8"))["scenarios"] if each["id"] == story_id]
    change(raw)
    return raw


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda raw: raw["events"].pop(), "S04 signal:post_exit_followup_overdue"),
        (
            lambda raw: raw["expected"]["signals"].pop(0),
            "S04 signal:csp_reflection_ending:csp@2025-03-24 expected nothing got info",
        ),
        (
            lambda raw: raw["expected"]["states"][0].update(state="accepted"),
            "S04 state:csp@2025-03-10 expected accepted got proposed",
        ),
        (
            lambda raw: raw["expected"]["signals"][0].update(level="watch"),
            "S04 signal:csp_reflection_ending:csp@2025-03-24.level expected watch got info",
        ),
        (
            lambda raw: raw["expected"]["none"].append(
                {"id": "csp_prebilan_overdue", "scheme": "csp", "from": raw["events"][0]["date"], "to": raw["horizon"]}
            ),
            "S04 none:csp_prebilan_overdue:csp expected silence got 2025-04-10",
        ),
        (
            lambda raw: raw["events"].append({"date": raw["horizon"], "type": "teleported"}),
            "S04 event teleported expected understood",
        ),
    ],
)
def test_whatever_differs_is_told_on_a_line_of_its_own(written, change, said):
    (story,) = read_stories(written(altered("S04", change)))

    assert [line for line in mismatches(story, Played(story)) if line.startswith(said)]


def test_each_element_of_a_series_is_known_on_its_own_day(written):
    events = [
        {"date": "2025-01-06", "org": "ml", "type": "engagement_signed", "scheme": "cej"},
        {"date": "2025-01-06", "org": "ml", "type": "contact_series", "scheme": "cej",
         "data": {"from": "2025-01-06", "to": "2025-01-20", "every_days": 7}},
        {"date": "2025-01-06", "org": "ml", "type": "weekly_hours_series", "scheme": "cej",
         "data": {"from_monday": "2025-01-06", "to_monday": "2025-01-13", "validated": 16}},
    ]
    story = {"id": "T1", "horizon": "2025-03-31", **CEJ, "events": events}
    text = yaml.safe_dump({"scenarios": [story]}).replace("'", "")
    (read,) = read_stories(written(text=text))

    known = {kind: [f"{entry.known_on}" for entry in read.entries if entry.type == kind] for kind in ("contact", "weekly_hours")}
    assert known == {"contact": ["2025-01-06", "2025-01-13", "2025-01-20"], "weekly_hours": ["2025-01-12", "2025-01-19"]}


def test_a_retraction_names_its_entry_by_reference(written):
    events = [
        {"date": "2025-01-06", "org": "ml", "type": "engagement_signed", "scheme": "cej"},
        {"date": "2025-01-13", "org": "ml", "type": "contact", "scheme": "cej", "ref": "e1"},
        {"date": "2025-01-20", "org": "ml", "type": "retracted", "data": {"ref": "e1", "reason": "SAISIE_ERREUR"}},
    ]
    story = {"id": "T2", "horizon": "2025-02-10", **CEJ, "events": events}
    (read,) = read_stories(written(text=yaml.safe_dump({"scenarios": [story]}).replace("'", "")))

    shown = [(signal.id, f"{signal.raised_on}") for signal in Played(read).signals]
    assert ("contact_silence", "2025-01-21") in shown


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("scenarios: [", "stories.yaml"),
        ("- a list\n", "expected a mapping with a list « scenarios »"),
        ("scenarios: nothing\n", "expected a mapping with a list « scenarios »"),
        ("scenarios:\n- {id: T3, events: []}\n", "story 'T3' lacks 'horizon'"),
        ("scenarios:\n- {id: T3, horizon: 2025-01-01}\n", "story 'T3' lacks 'events'"),
        ("scenarios:\n- {horizon: 2025-01-01, events: []}\n", "story '?' lacks 'id'"),
        ("scenarios:\n- just words\n", "story '?' is not a mapping"),
        ("scenarios:\n- {id: T3, horizon: soon, events: []}\n", "story 'T3': horizon is not a day: 'soon'"),
        ("scenarios:\n- {id: T3, horizon: 2025-01-01, events: [words]}\n", "story 'T3', event 1: is not a mapping"),
        (
            "scenarios:\n- {id: T3, horizon: 2025-01-01, events: [{type: contact}]}\n",
            "story 'T3', event 1: lacks 'date'",
        ),
        (
            "scenarios:\n- {id: T3, horizon: 2025-01-01, events: [{date: 2025-01-01}]}\n",
            "story 'T3', event 1: lacks 'type'",
        ),
        (
            "scenarios:\n- {id: T3, horizon: 2025-01-01, events: [{date: soon, type: contact}]}\n",
            "story 'T3', event 1: date is not a day: 'soon'",
        ),
        (
            "scenarios:\n- {id: T3, horizon: 2025-01-01, events: [{date: 2025-01-01, type: contact_series, data: {}}]}\n",
            "story 'T3', event 1: lacks 'from'",
        ),
    ],
)
def test_a_reading_error_names_the_place(written, text, place):
    with pytest.raises(NotAStory) as fault:
        read_stories(written(text=text))

    assert place in str(fault.value)


def test_a_file_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(NotAStory, match=r"nowhere\.yaml"):
        read_stories(tmp_path / "nowhere.yaml")
