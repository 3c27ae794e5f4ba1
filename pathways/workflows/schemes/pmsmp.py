"""PMSMP: a short immersion in a company, with a report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pathways.errors import Reason
from pathways.workflows import guards, limits
from pathways.workflows.actors import PRESCRIBERS, TRAINING_BODIES
from pathways.workflows.dates import add_months
from pathways.workflows.definition import START, Workflow, note, on
from pathways.workflows.families import IMMERSION, followed
from pathways.workflows.scheme import Prolongation, Scheme, Version
from pathways.workflows.states import State as S

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step

_BY = PRESCRIBERS | TRAINING_BODIES
LONGEST_MONTHS, AGREEMENTS, DAYS_A_YEAR, YEAR_MONTHS = 1, 2, 60, 12
"""An agreement, date to date; agreements with one host in twelve months, and their days in all (CT D5135-3)."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Days agreed with a host, both included, for an object; the host as it was declared."""

    start: date
    end: date
    host: Any
    object: str | None

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def renews(self, former: "Agreement") -> bool:
        """The same object goes on right after: within a month of the end (renewable once, same object)."""
        same = self.object is not None and self.object == former.object
        return same and former.end < self.start <= add_months(former.end, 1)


def agreed(step: "Step") -> Agreement | None:
    """The agreement of a step as it came to be: an immersion ended early counts up to that day."""
    entry = step.last("immersion_agreed")
    if entry is None or step.state == S.CANCELLED:
        return None
    stopped = step.last("immersion_broken") or step.last("immersion_ended")
    start, end = entry.data["start"], entry.data["end"]
    if stopped is not None:
        end = max(start, min(end, stopped.occurred_on))
    return Agreement(start, end, entry.data.get("host"), entry.data.get("object"))


def _named(host: Any) -> Any:
    """A host known only by its name is the same in capitals or not."""
    return " ".join(host.split()).casefold() if isinstance(host, str) else host


def at_one_host(pathway: "Pathway", new: Agreement, but: "Step | None" = None) -> list[Agreement]:
    """The agreements of the twelve months before ``new`` with its host, and it, in order. Without host, it alone.

    The very same days for the same object are the same agreement, told twice.
    """
    others = (agreed(step) for step in pathway.steps.values() if step is not but and step.scheme.family is IMMERSION)
    before = [
        one
        for one in others
        if one is not None and one != new and new.host is not None and _named(one.host) == _named(new.host)
        and one.start <= new.start < add_months(one.start, YEAR_MONTHS)
    ]
    return [*sorted(before, key=lambda one: (one.start, one.end)), new]


def over_used(agreements: Iterable[Agreement]) -> dict[str, Any] | None:
    """What passes the limits of one host: number of agreements without renewals, and days in all; None when nothing does."""
    agreements = list(agreements)
    kept: list[tuple[Agreement, bool]] = []
    for one in agreements:
        position = next((place for place, (each, renewed) in enumerate(kept) if not renewed and one.renews(each)), None)
        if position is None:
            kept.append((one, False))
        else:
            kept[position] = (one, True)
    objects = [each.object for each, _renewed in kept if each.object is not None]
    total = sum(one.days for one in agreements)
    if len(agreements) > 1 and (len(kept) > AGREEMENTS or len(set(objects)) < len(objects) or total > DAYS_A_YEAR):
        return {"count": len(kept), "total": total, "from": add_months(agreements[0].start, YEAR_MONTHS)}
    return None


def within_limits(pathway: "Pathway", day: date, details: Mapping[str, Any]) -> list[Reason]:
    """One month date to date, two agreements with different objects a year and host, sixty days in all (CT D5135-3)."""
    start, end = limits.period(details, day)
    if end is None:
        return []
    new = Agreement(start, end, details.get("host"), details.get("object"))
    passed = over_used(at_one_host(pathway, new))
    return [
        *limits.too_long(start, end, LONGEST_MONTHS),
        *([Reason("too_many_agreements", passed)] if passed else []),
    ]


PMSMP = Scheme(
    code="PMSMP",
    label="Immersion (PMSMP)",
    purpose="Quelques jours en entreprise pour découvrir un métier ou confirmer un projet.",
    family=IMMERSION,
    sources="CT L5135-1 à L5135-8, D5135-1 à D5135-8",
    led_by=_BY,
    versions=tuple(
        Version(
            opens, source, closes, cap_months=LONGEST_MONTHS, limits=(within_limits,),
            prolongations=(Prolongation("renouvellement", "Une fois, pour le même objet, si l’objectif n’est pas atteint",
                                        "CT D5135-3", months=1, longest_months=2, times=1),),
            duties=(
                deposit,
                "La structure d’accompagnement fait le bilan et l’évaluation de l’immersion (CT D5135-6).",
                "Accident : la structure d’accueil prévient sous 24 heures, le prescripteur déclare sous 48 heures.",
                "L’immersion ne remplace ni un salarié absent ni un emploi saisonnier (CT L5135-7).",
            ),
        )
        for opens, closes, source, deposit in (
            (date(2014, 11, 16), date(2023, 12, 29), "CT D5135-1 à D5135-8 (décret 2014-1360)",
             "La convention est signée par tous avant le premier jour (CT L5135-4)."),
            (date(2023, 12, 30), None, "CT D5135-1 à D5135-8 ; dépôt en ligne (CT D5135-2)",
             "La convention, signée par tous avant le premier jour, est déposée en ligne (CT L5135-4, D5135-2)."),
        )
    ),
    workflow=Workflow(
        "PMSMP",
        final={S.REPORTED, S.CANCELLED, S.BROKEN},
        lines=[
            on("draft", START, S.DRAFT, by=_BY, needs=[guards.may_enter]),
            on("immersion_agreed", {START, S.DRAFT}, S.AGREED, by=_BY, needs=[guards.may_enter]),
            on("immersion_started", {START, S.AGREED}, S.IN_IMMERSION, by=_BY),
            on("cancelled", {S.DRAFT, S.AGREED}, S.CANCELLED, by=_BY),
            on("immersion_broken", S.IN_IMMERSION, S.BROKEN, by=_BY),
            on("immersion_ended", S.IN_IMMERSION, S.REPORT_EXPECTED, by=_BY),
            note("immersion_report", by=_BY, during=S.BROKEN),
            on("immersion_report", {S.IN_IMMERSION, S.REPORT_EXPECTED}, S.REPORTED, by=_BY),
            *followed(),
        ],
    ),
)
