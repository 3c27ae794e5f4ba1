"""The catalogue: one page per scheme, gathered by code."""

from pathways.workflows.scheme import Scheme
from pathways.workflows.schemes.apprentissage import APPRENTISSAGE
from pathways.workflows.schemes.csp import CSP
from pathways.workflows.schemes.emploi import EMPLOI
from pathways.workflows.schemes.pacea import PACEA
from pathways.workflows.schemes.prf import PRF

SCHEMES: dict[str, Scheme] = {scheme.code: scheme for scheme in (PACEA, *PRF, CSP, APPRENTISSAGE, EMPLOI)}
