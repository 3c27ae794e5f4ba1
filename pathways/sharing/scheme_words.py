"""What moves a step, and who may declare it, in words: the pages on schemes and the drawings say nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pathways.sharing import naming
from pathways.sharing.language import N_, _, ngettext
from pathways.workflows.actors import ACCOMPANYING, ANYBODY, CONTRACT_BODIES, PRESCRIBERS, TRAINING_BODIES, Actor, Kind, Relative
from pathways.workflows.definition import START, Clock, Move, Place, Reaction
from pathways.workflows.graph import Moving
from pathways.workflows.scheme import Prolongation, Version
from pathways.workflows.together import Verdict

BODIES: Sequence[tuple[frozenset[Kind], str]] = (
    (ANYBODY, N_("tout organisme")),
    (CONTRACT_BODIES, N_("les organismes du contrat")),
    (PRESCRIBERS, N_("les prescripteurs")),
    (ACCOMPANYING, N_("les organismes d’accompagnement")),
    (TRAINING_BODIES, N_("les organismes de formation et CFA")),
)
"""Several kinds of organisation in one word, the widest first."""
VERDICTS = {
    Verdict.ALLOWED: N_("Oui"),
    Verdict.FRAME: N_("Oui, l’un devient le cadre de l’autre"),
    Verdict.WARNING: N_("Avec précaution"),
    Verdict.REFUSED: N_("Non"),
}
RUNS_FROM = {
    "assessment": N_("Contrat à signer dans le mois qui suit le diagnostic."),
    "orientation_notified": N_("Contrat à signer dans le mois qui suit la notification de l’orientation."),
}


def place(where: Place) -> str:
    """« Début », or the state."""
    return _("Début") if where == START else naming.state(str(where))


def cause(move: Moving) -> str:
    """What happens: the declaration, the deadline, or what happens in another step."""
    if isinstance(move, Clock):
        return naming.clock_step(move.name)
    said = naming.event(move.event)
    if isinstance(move, Reaction):
        return _("{event} dans une autre étape").format(event=said)
    return _("{event}, selon son contenu").format(event=said) if move.given else said


def declared_by(move: Moving) -> str:
    """Who may declare it, « automatique » for what nobody declares."""
    return actors(move.by) if isinstance(move, Move) else _("automatique")


def actors(by: Iterable[Actor]) -> str:
    """« Mission locale, l’organisme référent » : kinds of organisation, several in one word where there is one."""
    kinds = {actor for actor in by if isinstance(actor, Kind)}
    said = [_("l’organisme référent")] if Relative.REFERENT in by else []
    for group, name in BODIES:
        if group <= kinds:
            said.append(_(name))
            kinds -= group
    return ", ".join([*said, *sorted(_(kind.label) for kind in kinds)])


def cap(version: Version) -> str:
    """« 24 mois au plus », nothing when the rules bound nothing."""
    if version.cap_months is None:
        return ""
    return ngettext("{n} mois au plus", "{n} mois au plus", version.cap_months).format(n=version.cap_months)


def to_sign(version: Version) -> str:
    """Within which time to sign, nothing when nothing runs."""
    if version.sign_within is None:
        return ""
    known = RUNS_FROM.get(version.sign_within)
    if known:
        return _(known)
    return _("Contrat à signer dans le mois qui suit : {event}.").format(event=naming.event(version.sign_within))


def prolonged(prolongation: Prolongation) -> str:
    """How far a prolongation may go: « 12 mois à la fois, 60 mois en tout, une fois »."""
    said = []
    if prolongation.months is not None:
        said.append(_("{n} mois à la fois au plus").format(n=prolongation.months))
    if prolongation.longest_months is not None:
        said.append(_("{n} mois en tout").format(n=prolongation.longest_months))
    if prolongation.times is not None:
        said.append(ngettext("{n} fois", "{n} fois", prolongation.times).format(n=prolongation.times))
    return ", ".join(said)
