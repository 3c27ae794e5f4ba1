"""What is stored, one aggregate a file."""

from pathways.models.alert import Alert, AlertAction, AlertState
from pathways.models.disclosure import Disclosure
from pathways.models.duplicate import DuplicateProposal, PersonMerge, ProposalState
from pathways.models.enrolment import Enrolment, EnrolmentState
from pathways.models.feed import FeedRecord, FeedRefusal, FeedRun
from pathways.models.group import GroupMember, TrainingGroup
from pathways.models.hand_over import HandOver
from pathways.models.heartbeat import Heartbeat
from pathways.models.incident import Incident, IncidentKind, IncidentStatement
from pathways.models.invitation import Invitation
from pathways.models.journal import JournalEntry, Source
from pathways.models.link import DAYS_AFTER_END, Link, LinkRole, Visibility
from pathways.models.organisation import Organisation
from pathways.models.person import ExternalId, Level, Person, Sex
from pathways.models.setting import Setting
from pathways.models.signal import CloseReason, Signal, SignalFamily, SignalLevel
from pathways.models.territory import Territory, TerritoryEpci, Zoning
from pathways.models.user import Locale, Membership, Role, User
from pathways.workflows.actors import Kind

__all__ = [
    "DAYS_AFTER_END",
    "Alert",
    "AlertAction",
    "AlertState",
    "CloseReason",
    "Disclosure",
    "DuplicateProposal",
    "Enrolment",
    "EnrolmentState",
    "ExternalId",
    "FeedRecord",
    "FeedRefusal",
    "FeedRun",
    "GroupMember",
    "HandOver",
    "Heartbeat",
    "Incident",
    "IncidentKind",
    "IncidentStatement",
    "Invitation",
    "JournalEntry",
    "Kind",
    "Level",
    "Link",
    "LinkRole",
    "Locale",
    "Membership",
    "Organisation",
    "Person",
    "PersonMerge",
    "ProposalState",
    "Role",
    "Setting",
    "Sex",
    "Signal",
    "SignalFamily",
    "SignalLevel",
    "Source",
    "Territory",
    "TerritoryEpci",
    "TrainingGroup",
    "User",
    "Visibility",
    "Zoning",
]
