"""The accounts one may sign in with after the demo region is loaded. Nothing else of the demo is imported here."""

from __future__ import annotations

from typing import NamedTuple

PASSWORD = "demo-pathways"  # noqa: S105 -- printed by ./run: it guards fictitious persons only


class Account(NamedTuple):
    """One demo account. ``who`` is shown beside it by ``./run``; ``name`` is the person's, in the application."""

    email: str
    password: str
    who: str
    name: str


ACCOUNTS: tuple[Account, ...] = (
    Account("conseillere.ml@example.org", PASSWORD, "Conseillère, Mission locale Nantes Métropole", "Camille Roussel"),
    Account("conseiller.ft@example.org", PASSWORD, "Conseiller, France Travail Nantes", "Julien Morvan"),
    Account("formatrice.of@example.org", PASSWORD, "Formatrice référente, organisme de formation", "Sandrine Pasquier"),
    Account("coordinateur.cfa@example.org", PASSWORD, "Coordinateur, CFA", "Karim Belhadj"),
    Account("cheffe.service@example.org", PASSWORD, "Cheffe de service, Mission locale Nantes Métropole", "Hélène Gautier"),
    Account("administrateur@example.org", PASSWORD, "Administrateur, Mission locale Nantes Métropole", "Yann Le Goff"),
    Account("gestionnaire.region@example.org", PASSWORD, "Gestionnaire, Région Pays de la Loire", "Claire Ménard"),
)

COUNSELLOR, FRANCE_TRAVAIL, TRAINER, COORDINATOR, MANAGER, ADMINISTRATOR, REGION = ACCOUNTS
