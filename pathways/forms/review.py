"""The filters of the review of alerts, and the decision on a rule under review."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, timedelta

from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from pathways import clock
from pathways.detection.rule import RULES, Family
from pathways.forms.base import BaseForm, choice
from pathways.operations.rule_reviews import DECISIONS, LONGEST_REASON
from pathways.operations.territories import CODE
from pathways.queries.review import PERIODS, STAGES, ReviewFilters
from pathways.queries.steering import NOBODY
from pathways.workflows.hindsight import Conclusion
from pathways.workflows.schemes import SCHEMES

USUAL = "13s"
LONGEST = timedelta(days=3 * 366)


def read_review_filters(query: Mapping[str, str]) -> ReviewFilters:
    """What an address asks for; what is not on a list of choices, or no day, is ignored."""
    today = clock.today()
    first, last = _day(query.get("du")), _day(query.get("au"))
    if first is None or last is None or first > last or last - first > LONGEST:
        days = PERIODS.get(query.get("periode", ""), PERIODS[USUAL])
        first, last = today - timedelta(days=days - 1), today
    owner, rule, stage = query.get("responsable", ""), query.get("regle", ""), query.get("etape", "")
    scheme, family = query.get("dispositif", ""), query.get("famille", "")
    return ReviewFilters(
        first,
        last,
        owner if owner == NOBODY else _public_id(owner),
        scheme if scheme in SCHEMES else "",
        family if family in {str(each) for each in Family} else "",
        rule if rule in RULES else "",
        _public_id(query.get("organisme", "")),
        territory if CODE.fullmatch(territory := query.get("territoire", "").strip().upper()) else "",
        stage if stage in STAGES else "",
        query.get("page", ""),
    )


def as_review_query(filters: ReviewFilters) -> dict[str, str]:
    """The same as an address carries it, without the stage nor the page."""
    asked = {
        "du": filters.first.isoformat(), "au": filters.last.isoformat(), "responsable": filters.owner,
        "dispositif": filters.scheme, "famille": filters.family, "regle": filters.rule, "organisme": filters.body,
        "territoire": filters.territory,
    }  # fmt: skip
    return {name: value for name, value in asked.items() if value}


class DecideForm(BaseForm):
    """What becomes of a rule under review, and why."""

    decision = RadioField(
        "Décision",
        choices=[choice(code, label) for code, label in DECISIONS.items()],
        validators=[InputRequired("Choisissez une décision.")],
    )
    reason = StringField(
        "Pourquoi",
        filters=[lambda text: text.strip() if text else text],
        validators=[InputRequired("Dites pourquoi en quelques mots."), Length(max=LONGEST_REASON)],
        render_kw={"maxlength": LONGEST_REASON},
    )


class ConcludeForm(BaseForm):
    """Why no alert came before a rupture."""

    conclusion = RadioField(
        "Ce que vous en concluez",
        choices=[choice(code, code.label) for code in Conclusion],
        validators=[InputRequired("Choisissez ce que vous en concluez.")],
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _public_id(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""
