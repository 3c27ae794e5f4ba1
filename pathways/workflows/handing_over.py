"""Who usually takes over from whom, within how many days, and what the hand-over carries: the table of natural passages.

Data for screens, guides and lists: what is missing is said, never refused. The gaps that a rule watches are the rule's own
settings; here is what people agree on between organisations.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pathways.workflows.actors import FT, ML, TRAINING_BODIES, Kind

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step

PRACTICE = "Usage entre organismes, à confirmer localement"


@dataclass(frozen=True, slots=True)
class Record:
    """What a hand-over is judged on: the step, the whole pathway, and whether somebody can be called or written to."""

    step: "Step"
    pathway: "Pathway"
    reachable: bool
    named: bool = True


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to carry. ``there``: whether the record holds it; None when it keeps no such thing: it is to be told."""

    code: str
    label: str
    there: Callable[[Record], bool | None]


def _untold(_record: Record) -> None:
    """The record keeps no field for it."""


def _declared(*events: str, detail: str | None = None) -> Callable[[Record], bool | None]:
    """One of these events, with that detail, on the step or on another of the person."""

    def there(record: Record) -> bool | None:
        entries = [each for step in record.pathway.steps.values() for event in events for each in step.all(event)]
        entries += [each for event in events for each in record.pathway.person.get(event, [])]
        return any(detail is None or each.data.get(detail) is not None for each in entries)

    return there


def _interviewed(record: Record) -> bool:
    return any(each.data.get("status") == "seen" for each in record.step.all("appointment"))


IDENTITY = Item("identity", "Identité", lambda record: record.named)
CONTACT = Item("contact", "Téléphone ou courriel", lambda record: record.reachable)
LAST_CLASS = Item("last_class", "Dernière classe", _declared("school_exit", detail="diploma"))
INTERVIEW = Item("interview", "Date de l’entretien", _interviewed)
WISH = Item("wish", "Souhait de la personne", _untold)
ORIENTATION = Item("orientation", "Décision d’orientation", _declared("orientation_notified"))
PRESCRIPTION = Item("prescription", "Fiche de prescription", _declared("prescribed"))
REVIEW = Item("review", "Bilan de la préparation", _declared("completed", "phase_reviewed"))
TARGETS = Item("targets", "Métiers visés", _untold)
CFA_CONTACT = Item("cfa_contact", "Interlocuteur au CFA", _untold)
RUPTURE = Item("rupture", "Thème de la rupture", _declared("contract_broken", detail="reason"))
STILL_AT_CFA = Item("still_at_cfa", "Toujours au CFA, ou non", _declared("contract_broken", detail="still_at_cfa"))
CERTIFICATION = Item("certification", "Résultat de la certification", _declared("certification_result"))
PROMISE = Item("promise", "Promesse d’embauche", _declared("prescribed", detail="after_contract"))
IAE_REVIEW = Item("iae_review", "Bilan du parcours d’insertion", _untold)
COURSE_RESULT = Item("course_result", "Résultat du parcours externe", _declared("external_course_ended"))
SUMMARY = Item("summary", "Synthèse, avec l’accord de la personne", _untold)


@dataclass(frozen=True, slots=True)
class Relay:
    """One natural passage. ``days``: the longest gap; ``until_days``: when it is longer in some cases, said by ``beyond``.

    ``schemes``: where it starts, empty when no step of ours does; ``to``: kinds that take over; ``carries``: what goes along.
    """

    code: str
    start: str
    end: str
    days: int
    carries: tuple[Item, ...] = ()
    schemes: frozenset[str] = frozenset()
    to: frozenset[Kind] = frozenset()
    until_days: int | None = None
    beyond: str = ""
    source: str = PRACTICE


_PREPARING = frozenset({
    "PRF_PREPA_REBOND", "PRF_PREPA_AVENIR", "PRF_PREPA_CLES", "PRF_PREPA_CLES_AVENIR", "PRF_PREPA_AVENIR_SUP",
    "PRF_PREPA_SANITAIRE_SOCIAL",
})
_QUALIFYING = frozenset({"PRF_VISA_METIERS", "PRF_ACCES_EMPLOI", "AFC", "AIF"})
_LEFT_AT_26 = frozenset({"PACEA", "CEJ", "GJ"})
_ORIENTED = frozenset({"PACEA", "CEJ", "CE_FT"})

RELAYS = (
    Relay("school_exit", "Sortie de scolarité", "Première tentative de la PSAD", 15, (IDENTITY, LAST_CLASS, CONTACT),
          to=frozenset({Kind.PSAD}), source="Code de l’éducation L313-7 ; délai d’usage"),
    Relay("leaver", "Entretien de la PSAD", "Diagnostic de la Mission locale", 10, (IDENTITY, CONTACT, INTERVIEW, WISH),
          schemes=frozenset({"PSAD"}), to=frozenset({ML})),
    Relay("orientation", "Orientation", "Contrat signé", 30, (ORIENTATION,), schemes=_ORIENTED,
          source="CT D5411-14-1 (un mois)"),
    Relay("prescription", "Prescription", "Admission, puis entrée", 30, (PRESCRIPTION,), to=TRAINING_BODIES, until_days=60,
          beyond="jusqu’à l’entrée"),
    Relay("preparation", "Prépa (projet)", "Formation qualifiante ou prépa-apprentissage", 30, (REVIEW, TARGETS),
          schemes=_PREPARING, until_days=60, beyond="en juillet et août"),
    Relay("prepa_apprentissage", "Prépa-apprentissage", "Début de l’apprentissage", 60, (CFA_CONTACT,),
          schemes=frozenset({"PREPA_APPRENTISSAGE"})),
    Relay("rupture", "Rupture d’un contrat d’apprentissage", "Nouvel employeur", 45, (RUPTURE, STILL_AT_CFA),
          schemes=frozenset({"APPRENTISSAGE"}), until_days=180, beyond="fin du maintien en CFA", source="CT L6222-18-2"),
    Relay("cfa_alone", "CFA sans contrat", "Employeur", 90, schemes=frozenset({"APPRENTISSAGE"}), source="CT L6222-12-1"),
    Relay("qualified", "Formation qualifiante", "Emploi", 30, (CERTIFICATION,), schemes=_QUALIFYING, until_days=90,
          beyond="avant une alerte"),
    Relay("promised", "POEI ou AFPR", "Emploi promis", 15, (PROMISE,), schemes=frozenset({"POEI", "AFPR"})),
    Relay("iae", "Fin de parcours IAE", "Emploi ordinaire ou formation", 30, (IAE_REVIEW,), schemes=frozenset({"IAE"})),
    Relay("csp", "Proposition de CSP", "Adhésion", 21, schemes=frozenset({"CSP"}), source="CT L1233-67 (21 jours)"),
    Relay("external_course", "Fin du parcours externe d’un CEJ", "Reprise du CEJ", 7, (COURSE_RESULT,),
          schemes=frozenset({"CEJ"})),
    Relay("age_26", "26 ans", "Référent de France Travail", 30, (SUMMARY,), schemes=_LEFT_AT_26, to=frozenset({FT})),
)
"""The table, in the order of a life."""


def relays_from(scheme: str) -> list[Relay]:
    """What a step of that scheme passes on to another organisation; only those that name who takes over."""
    return [each for each in RELAYS if scheme in each.schemes and each.to]


def relay_between(scheme: str, to: str) -> Relay | None:
    """The natural passage from a step of that scheme to an organisation of that kind."""
    return next((each for each in relays_from(scheme) if to in each.to), None)


def carried(relay: Relay, record: Record) -> list[tuple[Item, bool | None]]:
    """What the passage carries, each with whether the record holds it."""
    return [(item, item.there(record)) for item in relay.carries]
