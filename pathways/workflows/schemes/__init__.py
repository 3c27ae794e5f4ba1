"""The catalogue: one page per scheme, gathered by code."""

from pathways.workflows.scheme import Scheme
from pathways.workflows.schemes.apprentissage import APPRENTISSAGE
from pathways.workflows.schemes.cej import CEJ
from pathways.workflows.schemes.contracts import CONTRACTS
from pathways.workflows.schemes.courses import COURSES
from pathways.workflows.schemes.csp import CSP
from pathways.workflows.schemes.emploi import EMPLOI
from pathways.workflows.schemes.gj import GJ
from pathways.workflows.schemes.global_ import GLOBAL
from pathways.workflows.schemes.pacea import PACEA
from pathways.workflows.schemes.pmsmp import PMSMP
from pathways.workflows.schemes.ppae import CE_FT, PPAE
from pathways.workflows.schemes.prf import PRF
from pathways.workflows.schemes.psad import PSAD

SCHEMES: dict[str, Scheme] = {
    scheme.code: scheme
    for scheme in (
        PACEA, CEJ, GJ, PPAE, CE_FT, GLOBAL, CSP, *PRF, *COURSES, APPRENTISSAGE, *CONTRACTS, EMPLOI, PMSMP, PSAD,
    )
}
