"""What templates may say: names, dates, sentences and icons. No query here, and no decision but how it reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import phonenumbers
from flask import Flask, g
from flask_bootstrap import Bootstrap5
from flask_login import current_user
from markupsafe import Markup

from pathways import clock
from pathways.detection.rule import RULES
from pathways.forms.sign_in import SignOutForm
from pathways.queries.outlook import CLOCK, Coming
from pathways.sharing import language, naming
from pathways.sharing.permissions import Permission
from pathways.sharing.places import commune
from pathways.sharing.refusals import reason_sentence, reason_sentences
from pathways.sharing.sentences import WORDINGS, signal_action, signal_sentence, signal_title
from pathways.views.alert_words import WORDS
from pathways.views.icons import icon
from pathways.views.navigation import pages
from pathways.workflows.dates import age_on

LEVEL_ICONS: Mapping[str, str] = {
    "info": "info-circle",
    "watch": "eye",
    "alert": "exclamation-triangle",
    "critical": "exclamation-octagon-fill",
}
"""One shape a level: colour never says it alone."""

EVENT_ICONS: Mapping[str, str] = {
    "contact": "chat-dots",
    "contact_attempt": "telephone",
    "appointment": "calendar-check",
    "attendance": "card-checklist",
    "risk_flag": "flag",
    "risk_flag_closed": "flag",
    "obstacle": "signpost",
    "obstacle_action": "signpost-2",
    "obstacle_lifted": "check2-circle",
    "identity_stated": "person-vcard",
    "engagement_signed": "pen",
    "work_contract_signed": "pen",
    "csp_plan_signed": "pen",
    "contract_broken": "scissors",
    "closed": "box-arrow-right",
    "dropped": "box-arrow-right",
    "excluded": "box-arrow-right",
    "completed": "box-arrow-right",
    "work_contract_ended": "box-arrow-right",
    "entered": "box-arrow-in-right",
    "work_contract_started": "box-arrow-in-right",
    "immersion_started": "box-arrow-in-right",
    "followup": "telephone-outbound",
    "handed_over": "box-arrow-up-right",
    "transfer_requested": "box-arrow-up-right",
    "transfer_accepted": "box-arrow-in-down",
    "hand_over_acknowledged": "check2",
    "hand_over_accepted": "box-arrow-in-down",
    "hand_over_refused": "box-arrow-up-left",
    "transfer_refused": "box-arrow-up-left",
    "weekly_hours": "clock",
    "assessment": "clipboard-check",
    "prescribed": "send",
    "calendar_stated": "calendar-week",
}
NEXT_DATES: Mapping[str, str] = {
    "planned_start": language.N_("début prévu"),
    "planned_end": language.N_("fin prévue"),
    "cap_on": language.N_("durée maximale"),
    "appointment": language.N_("rendez-vous"),
}


def age(born: date | None) -> str:
    """« 19 ans », nothing when the birth date is unknown."""
    if born is None:
        return ""
    years = age_on(born, clock.today())
    return language.ngettext("{n} an", "{n} ans", years).format(n=years)


@cache
def phone(number: str | None) -> str:
    """« 06 12 34 56 78 », or the number as it was typed."""
    if not number:
        return ""
    try:
        parsed = phonenumbers.parse(number, "FR")
    except phonenumbers.NumberParseException:
        return number
    style = phonenumbers.PhoneNumberFormat
    home = parsed.country_code == 33  # noqa: PLR2004 -- France
    return phonenumbers.format_number(parsed, style.NATIONAL if home else style.INTERNATIONAL).replace(" ", "\u00a0")


def title(rule: str) -> str:
    """The signal's title; that of the rule itself for one whose sentence is not written yet."""
    return signal_title(rule) if rule in WORDINGS or rule not in RULES else language._(RULES[rule].label)


def coming_title(rule: str) -> str:
    """What is to come, in a few words: a signal's title, or why the clock moves."""
    return naming.clock_step(rule.removeprefix(CLOCK)) if rule.startswith(CLOCK) else title(rule)


def coming_sentence(each: Coming) -> str:
    """The same in a sentence, as it will read on its day: « il y a … » counts from then."""
    if each.rule.startswith(CLOCK) and not each.values["state"]:
        said = language._("{scheme} : l’organisme référent d’avant le redevient.")
        return said.format(scheme=naming.scheme(each.values["scheme"]))
    if each.rule.startswith(CLOCK):
        said = language._("{scheme} passe à « {state} ».")
        return said.format(scheme=naming.scheme(each.values["scheme"]), state=naming.state(each.values["state"]))
    with clock.at(each.on):
        return signal_sentence(each.rule, {**each.values, "about": each.about})


def next_date(what: str) -> str:
    return language._(NEXT_DATES.get(what, what))


def may(permission: str) -> bool:
    """Whether the reader's role allows it: to leave out what would be refused."""
    mandate = g.get("mandate")
    return mandate is not None and Permission(permission) in mandate.permissions


FILTERS = {
    "age": age,
    "ago": language.ago,
    "commune": commune,
    "long_day": language.long_day,
    "day": language.said_day,
    "short_day": language.short_day,
    "week_day": language.week_day,
    "phone": phone,
    "scheme": naming.scheme,
    "scheme_in_full": naming.scheme_in_full,
    "state": naming.state,
    "event": naming.event,
    "outcome": naming.outcome,
    "level": naming.level,
    "fine": language.fine,
    "number": language.number,
    "reason": reason_sentence,
    "reasons": reason_sentences,
    "next_date": next_date,
    "link_role": lambda role: language._(naming.LINK_ROLES[role]),
    "kind": lambda kind: language._(kind.label),
    "education": lambda level: language._(naming.EDUCATION[level]),
    "role": lambda role: language._(naming.ROLES[role]),
}
GLOBALS = {
    "icon": icon,
    "level_icon": lambda level: icon(LEVEL_ICONS[level]),
    "event_icon": lambda event: icon(EVENT_ICONS.get(event, "record-circle")),
    "signal_title": title,
    "signal_sentence": signal_sentence,
    "signal_action": signal_action,
    "coming_title": coming_title,
    "coming_sentence": coming_sentence,
    "detail": naming.detail,
    "detail_label": naming.detail_label,
    "may": may,
    "today": clock.today,
    "LEVELS": tuple(naming.LEVELS),
    "pages": pages,
    **WORDS,
}


def install(app: Flask) -> None:
    Bootstrap5(app)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    vars(app.jinja_env)["install_gettext_callables"](_said, _said_of, newstyle=False)  # added by the extension
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(GLOBALS)
    app.context_processor(_context)


def _said(text: str, /, **values: Any) -> str:
    """``_()`` of templates. A text is escaped like any other, also one that holds what somebody typed (the error of a field):
    Jinja's own takes every text for markup. Only what is put into a sentence makes it markup, once each value is escaped.
    """
    said = language._(text)
    return Markup(said) % values if values else said.replace("%%", "%")  # noqa: S704 -- sentences of ours; % escapes the values


def _said_of(one: str, several: str, number: int, /, **values: Any) -> str:
    return Markup(language.ngettext(one, several, number)) % ({"num": number} | values)  # noqa: S704 -- as above


def _context() -> dict[str, Any]:
    """For every page: who acts for whom, and the form that signs out. After a fault nothing is asked that may fail again."""
    if g.get("failed"):
        return {"account": None, "mandate": None, "sign_out": None, "locale": language.locale()}
    signed_in = current_user.is_authenticated
    return {
        "account": current_user.account if signed_in else None,
        "mandate": g.get("mandate"),
        "sign_out": SignOutForm() if signed_in else None,
        "locale": language.locale(),
    }
