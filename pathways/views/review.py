"""The manager's review of alerts: what became of them, how fast, how often for nothing, and whose hands are full.

Every table is built once, for the screen and for the file: what one downloads is what one has read.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.backtest.measuring import USEFUL
from pathways.detection.rule import Family
from pathways.errors import Refused
from pathways.exchange.tables.writing import as_sheet
from pathways.forms.review import ConcludeForm, DecideForm, as_review_query, read_review_filters
from pathways.operations import missed as operations
from pathways.operations.rule_reviews import decide
from pathways.queries import review as queries
from pathways.queries.missed import missed_rupture, replayed
from pathways.queries.person import identity
from pathways.queries.reviewed import reviewed_alerts, rule_review
from pathways.queries.ruptures import Caught, ruptures
from pathways.queries.steering import team
from pathways.queries.steps import steps_of
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import N_, _, short_day
from pathways.sharing.naming import level
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.sharing.sentences import signal_title
from pathways.sharing.territories import names_on
from pathways.views.gate import account, mandate, reader, requires
from pathways.workflows.alert_life import Held
from pathways.workflows.schemes import SCHEMES

bp = Blueprint("review", __name__, url_prefix="/equipe/revue")

STAGES: Mapping[str, str] = {
    "computed": N_("Calculées"),
    "shown": N_("Montrées"),
    "acknowledged": N_("Prises en compte"),
    "acted": N_("Suivies d’un acte"),
    "resolved": N_("Résolues"),
    "dismissed": N_("Écartées"),
    "expired": N_("Expirées sans acte"),
    "open": N_("Encore ouvertes"),
    "paused": N_("En pause"),
    "held": N_("Jamais montrées"),
}
TARGET, TARGET_MOST = 2, 5
"""Working days in which half the alerts, and nine in ten, should be acknowledged."""
SHOWN = [Group.IDENTITY, Group.SIGNALS]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: for each row its cells as they are read; ``links``: where the first cell of a row leads, if anywhere."""

    name: str
    title: str
    header: list[str]
    rows: list[list[str]]
    hint: str = ""
    links: list[str] = field(default_factory=list)


@bp.get("")
@requires(Permission.TEAM_STEER)
def index() -> ResponseReturnValue:
    """Numbers only; names are behind them."""
    filters, who = read_review_filters(request.args), reader()
    with db.atomic():
        page, caught = queries.review(who, filters), ruptures(who, filters.first, filters.last, queries.of_ruptures(who, filters))
        mates, bodies, weeks = team(who), queries.bodies(who, filters), queries.weeks(who, filters)
    tables = list(_tables(page, caught, as_review_query(filters)))
    if (wanted := request.args.get("fichier")) is not None:
        return _file(next((each for each in tables if each.name == wanted), None) or abort(404))
    return render_template(
        "review/index.html",
        page=page,
        caught=caught,
        tables=tables,
        filters=filters,
        query=as_review_query(filters),
        periods=queries.PERIODS,
        families={str(each): each.label for each in Family},
        schemes=SCHEMES,
        useful=USEFUL,
        team=mates,
        bodies=bodies,
        territories=[(each.code, each.name) for each in names_on(clock.today())],
        weeks=[(short_day(monday), number) for monday, number in weeks],
    )


@bp.get("/alertes")
@requires(Permission.TEAM_STEER)
def alerts() -> ResponseReturnValue:
    """The alerts a number counts."""
    filters, who = read_review_filters(request.args), reader()
    with db.atomic():
        rows, total, before, after = reviewed_alerts(who, filters)
        disclose([row.person_id for row in rows], "review.alerts", SHOWN)
    return render_template(
        "review/alerts.html",
        rows=rows,
        total=total,
        before=before,
        after=after,
        filters=filters,
        query=as_review_query(filters),
        stage=STAGES.get(filters.stage, STAGES["computed"]),
    )


@bp.get("/ruptures")
@requires(Permission.TEAM_STEER)
def broken() -> ResponseReturnValue:
    """The ruptures of the period, by name: those no alert came before, then the others."""
    filters, who = read_review_filters(request.args), reader()
    with db.atomic():
        caught = ruptures(who, filters.first, filters.last, queries.of_ruptures(who, filters))
        shown = [*caught.missed, *caught.caught, *caught.never_came]
        disclose([each.person_id for each in shown], "review.broken", [Group.IDENTITY, Group.SIGNALS, Group.OUTCOMES])
    return render_template("review/ruptures.html", caught=caught, filters=filters, query=as_review_query(filters))


@bp.route("/ruptures/<uuid:missed>", methods=["GET", "POST"])
@requires(Permission.TEAM_STEER)
def missed(missed: uuid.UUID) -> ResponseReturnValue:
    """A rupture nobody was warned of: what was known when, which rule came closest, and what the team concludes."""
    who, form = reader(), ConcludeForm()
    if form.validate_on_submit():
        operations.conclude(
            missed, str(form.conclusion.data), organisation_id=mandate().organisation_id, user_id=account().id
        )
        flash(_("C’est noté. Vous pouvez changer d’avis à tout moment."), "success")
        return redirect(url_for(".missed", missed=missed), code=303)
    with db.atomic():
        found = missed_rupture(missed, who)
        of = identity(found.person, who)
        steps = steps_of([of.id], who).get(of.id, [])
        told = replayed(found, of, steps, who)
        disclose([of.id], "review.missed", [Group.IDENTITY, Group.SIGNALS, Group.OUTCOMES])
    page = render_template(
        "review/missed.html",
        missed=found,
        person=of,
        told=told,
        steps={step.id: step for step in steps},
        step=next((step for step in steps if step.id == found.enrolment_id), None),
        form=form,
        held={str(each): each.label for each in Held},
    )
    return page, form.status


@bp.route("/regles/<uuid:review>", methods=["GET", "POST"])
@requires(Permission.TEAM_STEER)
def rule(review: uuid.UUID) -> ResponseReturnValue:
    """A rule under review, and what becomes of it."""
    with db.atomic():
        found = rule_review(reader(), review) or abort(404)
    form = DecideForm()
    if form.validate_on_submit():
        try:
            decide(
                review,
                decision=str(form.decision.data),
                reason=form.reason.data or "",
                user_id=account().id,
                organisation_id=mandate().organisation_id,
            )
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            flash(_("La décision est prise : les alertes qui attendaient reprennent leur tour."), "success")
            return redirect(url_for(".index"), code=303)
    return render_template("review/rule.html", review=found, form=form), form.status


def _tables(page: queries.Review, caught: Caught, query: Mapping[str, Any]) -> Iterator[Table]:
    funnel = [[_(STAGES[stage]), str(number)] for stage, number in page.funnel.items()]
    links = [url_for(".alerts", etape=stage, **query) for stage in page.funnel]
    yield Table("entonnoir", _("De l’alerte à l’acte"), [_("Étape"), _("Alertes")], funnel, links=links)
    yield Table(
        "delais",
        _("Délais, en jours ouvrés"),
        [_("Niveau"), _("Alertes"), _("Prise en compte"), _("Acte"), _("Clôture")],
        [[level(each.level), str(each.n), _spread(each.acknowledged), _spread(each.acted), _spread(each.closed)]
         for each in page.times],
        _("Médiane, puis neuf sur dix. Repère : prises en compte en {n} jours, neuf sur dix en {most}.").format(
            n=TARGET, most=TARGET_MOST),
        [url_for(".alerts", etape="acknowledged", **query) for _each in page.times],
    )  # fmt: skip
    leads, broken = caught.leads, url_for(".broken", **query)
    yield Table(
        "ruptures",
        _("Ruptures vues venir"),
        [_("Mesure"), _("Valeur")],
        [
            [_("Ruptures de la période"), str(caught.total)],
            [_("Précédées d’une alerte"), str(len(caught.caught))],
            [_("Dont au moins {n} jours avant").format(n=USEFUL), str(caught.useful)],
            [_("Sans alerte avant"), str(len(caught.missed))],
            [_("Avance sur le départ réel (quartiles, jours)"), _quartiles(leads["effective"])],
            [_("Avance sur la date déclarée (quartiles, jours)"), _quartiles(leads["formal"])],
            [_("Jamais venus, à part"), str(len(caught.never_came))],
        ],
        links=[broken, broken, broken, broken, "", "", broken],
    )
    yield Table(
        "regles",
        _("Règle par règle"),
        [_("Règle"), _("Montrées"), _("Closes par quelqu’un"), _("Utiles"), _("Sans objet"), _("Part sans objet")],
        [[signal_title(each.rule), str(each.shown), str(each.closed), str(each.justified), str(each.irrelevant),
          _("trop peu") if each.override is None else f"{each.override} %"] for each in page.rules],
        _("La part n’est donnée qu’à partir de {n} alertes closes ; au-delà de 60 % sur 50, la règle passe en revue.").format(
            n=queries.RATE_FROM),
        [url_for(".alerts", **{**query, "regle": each.rule}) for each in page.rules],
    )  # fmt: skip
    yield Table(
        "anciennete",
        _("Ancienneté des alertes ouvertes"),
        [_("Responsable"), *(_("{n} j ou moins").format(n=age) for age in queries.AGES), _("Plus de 20 j")],
        [[name or _("Sans responsable"), *map(str, classes)] for _owner, name, classes in page.ages],
        links=[url_for("steering.alerts", responsable=owner) for owner, _name, _classes in page.ages],
    )
    yield Table(
        "charge",
        _("Charge aujourd’hui, et la semaine prochaine si personne n’agit"),
        [_("Responsable"), _("Personnes suivies"), _("Reçues en 7 jours"), _("Ouvertes"), _("En retard"), _("Retenues"),
         _("Dues d’ici 7 jours")],
        [[each.name or _("Sans responsable"), *map(str, (each.persons, each.shown, each.open, each.late, each.held,
          each.next_week))] for each in page.load],
        links=[url_for("steering.alerts", responsable=each.owner) for each in page.load],
    )  # fmt: skip


def _spread(pair: tuple[float, float] | None) -> str:
    return "–" if pair is None else f"{pair[0]:.0f} / {pair[1]:.0f}"


def _quartiles(found: tuple[int, int, int] | None) -> str:
    return _("trop peu") if found is None else " / ".join(map(str, found))


def _file(table: Table) -> Response:
    answer = Response(as_sheet((table.header, *table.rows)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="revue-{table.name}.csv"'
    return answer


