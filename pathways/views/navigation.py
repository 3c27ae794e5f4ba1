"""The pages of the top bar and of the menu: each in one line, shown to those who may open it."""

from __future__ import annotations

from typing import NamedTuple

from flask import g

from pathways.sharing.language import N_, ngettext
from pathways.sharing.permissions import Permission
from pathways.sharing.roles import WATCHERS
from pathways.workflows.actors import ACCOMPANYING, HANDED_TO, TRAINING_BODIES, Kind
from pathways.workflows.events import EVENTS
from pathways.workflows.requests import ASKING

P = Permission


class Page(NamedTuple):
    """One entry. ``permission`` None: for everybody; ``kinds``: the kinds of organisation it is of use to; None for all."""

    endpoint: str
    label: str
    icon: str
    permission: Permission | None
    kinds: frozenset[Kind] | None = None


BAR = (
    Page("worklist.show", N_("À traiter"), "list-check", P.ALERT_ACT),
    Page("groups.index", N_("Groupes"), "easel", P.GROUP_MANAGE, TRAINING_BODIES),
    Page("positions.index", N_("Positionnements"), "inbox", P.GROUP_MANAGE, TRAINING_BODIES),
    Page("caseload.mine", N_("Mes accompagnements"), "people", P.CASELOAD_READ),
    Page("caseload.team", N_("Structure"), "building", P.TEAM_READ),
    Page("steering.board", N_("Équipe"), "speedometer2", P.TEAM_STEER),
)
"""What is opened every day."""
MENU = (
    Page("persons.new", N_("Nouvelle personne"), "person-plus", P.PERSON_CREATE),
    Page("handovers.index", N_("Passages de relais"), "arrow-left-right", P.PERSON_READ, HANDED_TO),
    Page("requests.index", N_("Demandes"), "chat-square-dots", P.PERSON_READ, ASKING),
    Page("collective.new", N_("Séance collective"), "people-fill", P.ENTRY_RECORD, ACCOMPANYING),
    Page("followups.index", N_("Suivis à faire"), "telephone-outbound", P.ENTRY_RECORD, ACCOMPANYING | TRAINING_BODIES),
    Page("obligation.index", N_("Obligation de formation"), "mortarboard", P.ENTRY_RECORD,
         EVENTS["departement_informed"].by),
    Page("seek.find", N_("Trouver le référent"), "person-lines-fill", P.PERSON_SEEK),
    Page("notifications.index", N_("Notifications"), "bell", P.ALERT_ACT),
    Page("absences.index", N_("Absences"), "calendar-x", P.ALERT_ACT),
    Page("incidents.index", N_("Incidents"), "exclamation-diamond", P.PERSON_READ),
    Page("former.index", N_("Anciens accompagnements"), "archive", P.TEAM_READ),
    Page("schemes.index", N_("Dispositifs"), "journal-text", None),
    Page("duplicates.index", N_("Doublons possibles"), "person-bounding-box", P.PERSON_MERGE),
    Page("feeds.index", N_("Fichiers reçus"), "file-earmark-arrow-down", P.FEED_IMPORT),
    Page("retention.ending", N_("Fiches arrivant à leur terme"), "hourglass-bottom", P.PERSON_READ),
    Page("retention.index", N_("Conservation"), "archive", P.RETENTION_HOLD),
    Page("disclosures.index", N_("Consultations"), "eye", P.DISCLOSURE_READ),
    Page("fairness.index", N_("Équité des alertes"), "sliders2", P.FAIRNESS_READ),
    Page("rights.index", N_("Droits des personnes"), "envelope-paper", P.RIGHTS_HONOUR),
    Page("members.index", N_("Membres"), "person-badge", P.ACCOUNT_ADMINISTER),
    Page("backtests.index", N_("Et si ce seuil changeait ?"), "clock-history", P.BACKTEST_RUN),
    Page("thresholds.index", N_("Seuils"), "sliders", P.SETTING_ADMINISTER),
    Page("partners.index", N_("Partenaires"), "diagram-3", P.ACCOUNT_ADMINISTER),
    Page("territories.index", N_("Territoires"), "map", P.SETTING_ADMINISTER),
    Page("territories.index", N_("Territoires"), "map", P.AGGREGATE_READ, WATCHERS),
)
"""What is opened now and then."""


def pages(place: str) -> list[Page]:
    """The entries of the ``bar`` or of the ``menu`` for whoever asks; one who has none of the bar finds the menu's there."""
    bar = [page for page in BAR if _is_for_me(page)]
    menu = list({page.endpoint: page for page in MENU if _is_for_me(page)}.values())
    if not bar:
        bar, menu = menu, []
    if waiting := g.get("emergencies_waiting"):
        told = ngettext("{n} accès d’urgence à examiner", "{n} accès d’urgence à examiner", waiting).format(n=waiting)
        bar = [Page("disclosures.index", told, "exclamation-octagon", P.DISCLOSURE_READ), *bar]
    if asked := g.get("requests_waiting"):
        told = ngettext("{n} demande", "{n} demandes", asked.total).format(n=asked.total)
        others = [each for each in bar if each.endpoint != "requests.index"]
        bar = [*others[:1], Page("requests.index", told, "chat-square-dots", P.PERSON_READ), *others[1:]]
        menu = [each for each in menu if each.endpoint != "requests.index"]
    return bar if place == "bar" else menu


def _is_for_me(page: Page) -> bool:
    mandate = g.get("mandate")
    if not mandate or (page.permission is not None and page.permission not in mandate.permissions):
        return False
    return page.kinds is None or mandate.kind in page.kinds
