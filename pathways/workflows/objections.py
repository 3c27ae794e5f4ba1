"""May this organisation declare this, on this day, on this step? Every reason against, at once.

Checked when an entry is recorded. The fold itself never refuses.
"""

from dataclasses import dataclass

from pathways.errors import Reason
from pathways.workflows.actors import ACCOMPANYING, REFERENT, Actor
from pathways.workflows.definition import Guard, Move, Note
from pathways.workflows.entry import DEATH, Entry, Ref
from pathways.workflows.fold import Pathway, Step
from pathways.workflows.states import NOT_STARTED


@dataclass(frozen=True, slots=True)
class Acting:
    """The organisation that declares: which one, and what it is."""

    organisation: Ref | None
    kind: str


def referent_of(step: Step, pathway: Pathway) -> Ref | None:
    """The organisation that answers for the person in this step: its own referent, or the lead accompaniment's."""
    if step.scheme.led_by & ACCOMPANYING and step.scheme.lead_rank is not None and step.lead is not None:
        return step.lead
    lead = pathway.lead_accompaniment
    return lead.lead if lead else step.prescriber


def objections(step: Step, pathway: Pathway, entry: Entry, acting: Acting, *, late: bool = False) -> list[Reason]:
    """Why ``entry`` may not be recorded on ``step``; empty when it may.

    A late fact is not refused for the state of the step: it may contradict what others declared, and will show as such.
    """
    workflow, state = step.scheme.workflow, step.state
    lines = [line for line in workflow.lines if isinstance(line, Move | Note) and line.event == entry.type]
    if not lines:
        return [Reason("not_in_this_scheme", {"event": entry.type, "scheme": step.scheme.code})]
    found: list[Reason] = []
    if not any(_is_among(acting, line.by, step, pathway) for line in lines):
        actors = sorted({str(actor) for line in lines for actor in line.by})
        found.append(Reason("not_yours_to_declare", {"event": entry.type, "by": actors}))
    move, noted = workflow.move(entry, state), workflow.accepts(entry.type, state)
    if move is None and not noted and not late:
        moves = [line for line in lines if isinstance(line, Move)]
        sources = sorted({str(source) for line in lines for source in _places(line)})
        found.append(Reason("not_from_this_state", {
            "event": entry.type, "state": str(state), "sources": sources, "possible": possible_from(step),
            "given": bool(moves) and any(state in line.sources for line in moves)}))
    death = pathway.last(DEATH)
    if death is not None and entry.occurred_on > death.occurred_on and not late:
        found.append(Reason("person_deceased", {"on": death.occurred_on}))
    line = move or workflow.notes.get(entry.type)
    guards = line.needs if line is not None and (move or noted) else ()
    return [*found, *(reason for guard in guards for reason in against(guard, step, pathway, entry))]


def against(guard: Guard, step: Step, pathway: Pathway, entry: Entry) -> list[Reason]:
    """The reasons one guard gives, none, one or several."""
    answer = guard(step, pathway, entry)
    if answer is None:
        return []
    return [answer] if isinstance(answer, Reason) else list(answer)


def possible_from(step: Step) -> list[str]:
    """The events that move the step from where it is."""
    return list(dict.fromkeys(event for event, state in step.scheme.workflow.moves if state == step.state))


def _places(line: Move | Note) -> frozenset[str]:
    places = line.sources if isinstance(line, Move) else line.during
    return frozenset(str(place) for place in places if place != NOT_STARTED)


def _is_among(acting: Acting, by: frozenset[Actor], step: Step, pathway: Pathway) -> bool:
    if acting.kind in by:
        return True
    return REFERENT in by and acting.organisation == referent_of(step, pathway)
