"""The event types of the journal: what may be declared, by which kinds of organisation, with which details.

A detail (`Field`) is never free text, but for ``note``: free text stays inside the organisation that wrote it.
"""

from collections.abc import Mapping

from pathways.workflows.events.fields import EventType, Field, gathered
from pathways.workflows.events.following import FOLLOWING
from pathways.workflows.events.person import PERSON
from pathways.workflows.events.projects import PROJECTS
from pathways.workflows.events.training import TRAINING
from pathways.workflows.events.work import WORK

__all__ = ["ABOUT_THE_PERSON", "EVENTS", "GIVES_ACCESS", "SITUATION_BEARING", "EventType", "Field", "called"]

EVENTS: Mapping[str, EventType] = gathered(
    *(each for area in (PERSON, FOLLOWING, TRAINING, WORK, PROJECTS) for each in area.values())
)
"""Every event type, by name."""

SITUATION_BEARING = frozenset({
    "trial", "entered", "completed", "dropped", "excluded", "work_contract_signed", "work_contract_started",
    "work_contract_ended", "contract_broken", "contract_checkin", "immersion_started", "accompaniment_started", "followup",
})
"""Events that say where the person stands: they answer a follow-up that falls due around them."""

ABOUT_THE_PERSON = frozenset({
    "identity_stated", "rqth_renewed", "deceased", "school_exit",
    "obligation_exempted", "departement_informed", "ft_registered", "ft_deregistered", "condition_stated",
    "help_asked", "appointment_answered", "objection_stated", "objection_withdrawn",
    "retracted", "correction_requested", "entry_confirmed", "discordance_settled",
})
"""Events that need no step."""

GIVES_ACCESS: Mapping[str, str] = {
    "prescribed": "to", "transfer_requested": "to", "handed_over": "to", "orientation_notified": "referent_org",
}
"""Events that call an organisation to somebody, and the detail that names it: from then on it sees the person."""


def called(event: str, data: Mapping[str, object]) -> int | None:
    """The organisation that event calls, None for one that is only known by a name."""
    named = data.get(GIVES_ACCESS.get(event, ""))
    return named if isinstance(named, int) else None
