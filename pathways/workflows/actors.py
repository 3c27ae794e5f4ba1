"""Who acts: kinds of organisation, and the one relative actor, the referent organisation of a step."""

from enum import StrEnum

from pathways.workflows.labels import Labelled


class Kind(Labelled):
    """What an organisation is. The value is what is stored; the label is what is shown."""

    MISSION_LOCALE = "mission_locale", "Mission locale"
    FRANCE_TRAVAIL = "france_travail", "France Travail"
    CAP_EMPLOI = "cap_emploi", "Cap emploi"
    DEPARTEMENT = "departement", "Département"
    REGION = "region", "Région"
    CFA = "cfa", "CFA"
    ORGANISME_FORMATION = "organisme_formation", "Organisme de formation"
    E2C = "e2c", "École de la 2e chance"
    EPIDE = "epide", "EPIDE"
    ECOLE_PRODUCTION = "ecole_production", "École de production"
    SIAE = "siae", "Structure d’insertion (SIAE)"
    EMPLOYEUR = "employeur", "Employeur"
    OPCO = "opco", "OPCO"
    PSAD = "psad", "PSAD"
    ETABLISSEMENT_SCOLAIRE = "etablissement_scolaire", "Établissement scolaire"
    CIO = "cio", "CIO"
    APEC = "apec", "Apec"
    OPERATEUR_CEP = "operateur_cep", "Opérateur du CEP"
    ORGANISME_SERVICE_CIVIQUE = "organisme_service_civique", "Organisme de service civique"
    DREETS = "dreets", "DREETS"
    RECTORAT = "rectorat", "Rectorat"
    CARIFOREF = "cariforef", "Carif-Oref"
    CREFOP = "crefop", "Crefop"
    ASSOCIATION_RELAIS = "association_relais", "Association relais"


class Relative(StrEnum):
    """An actor named by its place in the step rather than by what it is."""

    REFERENT = "referent"


Actor = Kind | Relative

ML, FT, CAP, CD = Kind.MISSION_LOCALE, Kind.FRANCE_TRAVAIL, Kind.CAP_EMPLOI, Kind.DEPARTEMENT
OF, CFA, EMP, REGION, SIAE = Kind.ORGANISME_FORMATION, Kind.CFA, Kind.EMPLOYEUR, Kind.REGION, Kind.SIAE
REFERENT = Relative.REFERENT

ACCOMPANYING = frozenset({ML, FT, CAP, CD})
"""Bodies that may be referent of an accompaniment (CT L5411-5-1)."""
PRESCRIBERS = ACCOMPANYING | {Kind.OPERATEUR_CEP, Kind.APEC, SIAE}
"""Bodies that may prescribe a training course or an immersion."""
TRAINING_BODIES = frozenset({OF, CFA, Kind.E2C, Kind.EPIDE, Kind.ECOLE_PRODUCTION})
"""Bodies that run a course and must declare its real entry, interruption and exit (CT L6121-5)."""
SCHOOLS = frozenset({Kind.ETABLISSEMENT_SCOLAIRE, Kind.RECTORAT, Kind.CIO})
CONTRACT_BODIES = TRAINING_BODIES | ACCOMPANYING | {SIAE, EMP, Kind.ORGANISME_SERVICE_CIVIQUE}
"""Who may declare a work contract: the body that follows it, the referent; the employer through them."""
HANDED_TO = (
    ACCOMPANYING | SCHOOLS | {Kind.PSAD, Kind.CIO, Kind.E2C, Kind.EPIDE, Kind.ECOLE_PRODUCTION, SIAE, Kind.ASSOCIATION_RELAIS}
)
"""Who hands somebody over, and who may be handed somebody: accompanying bodies, the school-leavers' network, its relays."""
ANYBODY = frozenset(Kind)
