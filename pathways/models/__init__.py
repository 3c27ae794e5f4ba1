"""What is stored, one aggregate a file."""

from pathways.models.absence import Absence
from pathways.models.alert import Alert, AlertAction, AlertState, RuleRecord, RuleReview
from pathways.models.backtest import Backtest, MissedRupture
from pathways.models.disclosure import Disclosure
from pathways.models.duplicate import DuplicateProposal, PersonMerge, ProposalState
from pathways.models.enrolment import Enrolment, EnrolmentState
from pathways.models.feed import FeedRecord, FeedRefusal, FeedRun
from pathways.models.group import GroupMember, TrainingGroup
from pathways.models.hand_over import HandOver
from pathways.models.heartbeat import Heartbeat
from pathways.models.incident import Incident, IncidentKind, IncidentStatement
from pathways.models.invitation import Invitation
from pathways.models.journal import JournalEntry, RecordingDay, Source
from pathways.models.link import DAYS_AFTER_END, Link, LinkRole, Visibility
from pathways.models.notification import Digest, Mail, Notification, NotificationChoice
from pathways.models.organisation import Organisation
from pathways.models.person import ExternalId, Level, Person, Sex
from pathways.models.request import Request, RequestStep
from pathways.models.retention import LegalHold, NoticeEnd, RetentionNotice, StatisticStep
from pathways.models.rights import Agreement, Channel, InformationGiven, OwnLink, Right, RightsRequest, SharedGroup
from pathways.models.session import FactorAct, RecoveryCode, SecondFactor, SecondFactorAct, UserSession
from pathways.models.setting import Setting
from pathways.models.signal import CloseReason, Signal, SignalFamily, SignalLevel
from pathways.models.territory import Territory, TerritoryEpci, Zoning
from pathways.models.trace import EmergencyAccess, EmergencyReason, PersonChange, ReadingReview, Verdict
from pathways.models.user import Locale, Membership, Role, User
from pathways.workflows.actors import Kind

__all__ = [
    "DAYS_AFTER_END",
    "Absence",
    "Agreement",
    "Alert",
    "AlertAction",
    "AlertState",
    "Backtest",
    "Channel",
    "CloseReason",
    "Digest",
    "Disclosure",
    "DuplicateProposal",
    "EmergencyAccess",
    "EmergencyReason",
    "Enrolment",
    "EnrolmentState",
    "ExternalId",
    "FactorAct",
    "FeedRecord",
    "FeedRefusal",
    "FeedRun",
    "GroupMember",
    "HandOver",
    "Heartbeat",
    "Incident",
    "IncidentKind",
    "IncidentStatement",
    "InformationGiven",
    "Invitation",
    "JournalEntry",
    "Kind",
    "LegalHold",
    "Level",
    "Link",
    "LinkRole",
    "Locale",
    "Mail",
    "Membership",
    "MissedRupture",
    "NoticeEnd",
    "Notification",
    "NotificationChoice",
    "Organisation",
    "OwnLink",
    "Person",
    "PersonChange",
    "PersonMerge",
    "ProposalState",
    "ReadingReview",
    "RecordingDay",
    "RecoveryCode",
    "Request",
    "RequestStep",
    "RetentionNotice",
    "Right",
    "RightsRequest",
    "Role",
    "RuleRecord",
    "RuleReview",
    "SecondFactor",
    "SecondFactorAct",
    "Setting",
    "Sex",
    "SharedGroup",
    "Signal",
    "SignalFamily",
    "SignalLevel",
    "Source",
    "StatisticStep",
    "Territory",
    "TerritoryEpci",
    "TrainingGroup",
    "User",
    "UserSession",
    "Verdict",
    "Visibility",
    "Zoning",
]
