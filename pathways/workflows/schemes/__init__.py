"""The catalogue: one page per scheme, gathered by code."""

from pathways.workflows.scheme import Scheme
from pathways.workflows.schemes.adulte_relais import CONTRAT_ADULTE_RELAIS
from pathways.workflows.schemes.aif import AIF
from pathways.workflows.schemes.aij import AIJ
from pathways.workflows.schemes.apprentissage import APPRENTISSAGE, CFA_2E_CHANCE
from pathways.workflows.schemes.cddi import CDDI
from pathways.workflows.schemes.cej import CEJ
from pathways.workflows.schemes.cep import CEP
from pathways.workflows.schemes.clea import CLEA
from pathways.workflows.schemes.contrat_pro import CONTRAT_PRO
from pathways.workflows.schemes.courses import COURSES
from pathways.workflows.schemes.creation import CREATION
from pathways.workflows.schemes.csp import CSP
from pathways.workflows.schemes.cui import AIDED_CONTRACTS
from pathways.workflows.schemes.emploi import EMPLOI
from pathways.workflows.schemes.gj import GJ
from pathways.workflows.schemes.global_ import GLOBAL
from pathways.workflows.schemes.iae import IAE
from pathways.workflows.schemes.pacea import PACEA
from pathways.workflows.schemes.pmsmp import PMSMP
from pathways.workflows.schemes.poe import AFPR, POEC, POEI
from pathways.workflows.schemes.ppae import CE_FT, PPAE
from pathways.workflows.schemes.prepa_apprentissage import PREPA_APPRENTISSAGE
from pathways.workflows.schemes.prf import PRF
from pathways.workflows.schemes.psad import PSAD
from pathways.workflows.schemes.second_chance import E2C, EPIDE
from pathways.workflows.schemes.service_civique import SERVICE_CIVIQUE
from pathways.workflows.schemes.vae import VAE

SCHEMES: dict[str, Scheme] = {
    scheme.code: scheme
    for scheme in (
        PACEA, CEJ, GJ, PPAE, CE_FT, AIJ, GLOBAL, CSP, CEP, VAE, CREATION, *PRF, PREPA_APPRENTISSAGE, POEI,
        POEC, AFPR, AIF, CLEA, E2C, EPIDE, *COURSES,
        APPRENTISSAGE, CFA_2E_CHANCE, CONTRAT_PRO, IAE,
        CDDI, *AIDED_CONTRACTS, CONTRAT_ADULTE_RELAIS, SERVICE_CIVIQUE, EMPLOI, PMSMP, PSAD,
    )
}
