"""The generated part of docs/retention.md: the table of rules, as the code holds it."""

from __future__ import annotations

from pathways.queries.reference import table
from pathways.queries.reference_words import BELOW
from pathways.sharing.retention import NO_CONTACT, ONLY_WHEN, RULES
from pathways.workflows.events import EVENTS


def retention_page(written: str) -> str:
    """The page whose hand-written part is in ``written``, which may be the whole former page."""
    by_hand = written.partition(BELOW)[0].rstrip("\n")
    rules = table(
        ("rule", "what", "counted from", "in use", "archive", "announced", "at the term", "source"),
        (
            (
                f"`{rule.code}`", rule.what, rule.since, f"{rule.active} months",
                f"{rule.archive} months" if rule.archive else "none", f"{rule.notice} days before" if rule.notice else "no",
                rule.measure, rule.source,
            )
            for rule in RULES.values()
        ),
    )  # fmt: skip
    silent = ", ".join(f"« {EVENTS[name].label} »" for name in sorted(NO_CONTACT) if name in EVENTS)
    only = ", ".join(f"« {EVENTS[name].label} » (`{detail}` = `{answer}`)" for name, (detail, answer) in ONLY_WHEN.items())
    told = [f"Does not keep a record: {silent}.", "", f"Keeps it only when it took place: {only}.", ""]
    return "\n".join([by_hand, "", BELOW, "## The rules", "", *rules, "", "## What counts as a contact", "", *told])
