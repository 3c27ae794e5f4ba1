"""Every number the generator rests on, with where it comes from.

Sources are published figures (Dares, Insee, Unédic, Défenseur… named beside each); [A] marks an assumption of ours. Nothing
here may be
quoted as field evidence: a cohort made from these numbers can only give them back (docs/demo.md).
"""

from __future__ import annotations

from math import log
from typing import NamedTuple

MONTH = 365.25 / 12
WINDOW_MONTHS = 25
"""Arrivals are spread over this many months before the as-of day, so that some reach the 24 months of a PACEA."""
FORESEEN_DAYS = 120
"""How far beyond the as-of day the hidden truth goes on: ruptures nobody has declared yet."""


class Delay(NamedTuple):
    """Days between two moments, log-normal: ``median``, and ``spread`` the standard deviation of the logarithm."""

    median: float
    spread: float


def _by_ninth_decile(median: float, ninth: float) -> Delay:
    return Delay(median, log(ninth / median) / 1.2816)


# --- from fact to entry [A] ---------------------------------------------------------------------------------------------
SHEET = _by_ninth_decile(3, 14)
NOTE = _by_ninth_decile(1, 7)
DECLARATION = _by_ninth_decile(10, 45)
NEVER_ENTERED = 0.08
"""Share of absences that nobody enters."""
DUPLICATES, WRONG_PHONES = 0.03, 0.05
TYPO_IN_FAMILY_NAME, TYPO_IN_GIVEN_NAME = 0.6, 0.5
"""The second among those whose family name is right; the others have a wrong birth date [A]."""
HAS_EMAIL = 0.8
MISTAKES = 0.008
"""Appointments noted with the wrong result and corrected [A]."""
CONTRADICTIONS = 0.03
"""Courses left that another list of the same body reports as completed: the discordances that are meant to be found [A]."""
OUTAGE_WEEKS = 2
"""Weeks a year in which a body enters nothing at all."""
MISSING_WHILE_OUT = 0.5
"""Share of what falls into an outage that is never entered; the rest comes in a heap afterwards."""

# --- engagement, by week ------------------------------------------------------------------------------------------------
ENGAGED, FRAGILE, DISENGAGED, GONE = range(4)
STARTS_FRAGILE = 0.12
TO_FRAGILE, TO_ENGAGED, TO_DISENGAGED, BACK_TO_FRAGILE = 0.03, 0.20, 0.08, 0.10
PULL = 0.5
"""How much of a person's log-risk also moves their engagement."""
MODULATION = (0.35, 1.6, 7.0)
"""Hazard of rupture in each state, relative to the average, for ruptures that give warning."""
WITHOUT_WARNING = 0.35
"""Share of ruptures that nothing announces: the employer fails, a job is found, a move."""
BODY_SPREAD, FRAILTY_SPREAD = 0.35, 0.45
"""Standard deviations of the log-hazard: of the body (InserJeunes, less mix and noise) and of the person [A]."""
PRESENT = (0.94, 0.78, 0.30, 0.0)
EXCUSED = (0.45, 0.35, 0.20, 0.05)
"""Share of absences that come with an excuse [A]."""
ANSWERS = (0.85, 0.60, 0.20, 0.08)
NO_SHOW = (0.10, 0.30, 0.65, 0.90)
FLAGGED = (0.01, 0.08, 0.25, 0.25)
ACTIVE_BODIES = 0.70
"""Share of training bodies that raise flags at all [A]."""
UNUSUAL = 0.03
"""Appointments excused, revoked or without a result."""
CALLS, NOTED = 0.45, 0.30
"""Contacts that are a call; interviews with a note [A]."""
EXIT_TO_FORMAL = Delay(8, 1.55)
"""From the last presence to the formal date (OULAD quartiles 2, 8, 26 days)."""
SILENCE_TO_CLOSING = Delay(50, 0.6)
"""An accompaniment is closed for "no news" only after weeks of attempts [A]."""

# --- population ---------------------------------------------------------------------------------------------------------
ENTRANCES = {"youth": 0.54, "apprentice": 0.24, "redundant": 0.08, "trainee": 0.14}
"""By which door a person comes in [A]: mission locale, CFA, CSP, course prescribed by France Travail."""
FIRST_CONTACT = (("pacea", 0.50), ("cej", 0.27), ("nothing", 0.23))
"""What a first contact with a mission locale leads to (UNML; renormalised while there is no page for the CEJ)."""
PACEA_AGES = ((16, 18, 0.12), (18, 22, 0.58), (22, 26, 0.30))
YOUTH_LEVELS = (("infra3", 0.48), ("3", 0.13), ("4", 0.30), ("5", 0.10))
ADULT_LEVELS = (("infra3", 0.15), ("3", 0.32), ("4", 0.25), ("5", 0.16), ("6", 0.12))
WOMEN_SHARE, QPV, RQTH, FOREIGN = 0.49, 0.18, 0.04, 0.12
NO_TRANSPORT, UNSTABLE_HOUSING, CHILDCARE = 0.65, 0.10, 0.08
FAR = 0.20
"""More than 45 minutes away [A]."""
AUTUMN, PEAK = 1.18, 3.0
"""September to November against the other months (CEJ entries); the second in the scenario of a September peak."""
CASELOAD = 80
"""Open persons per counsellor (60 to 100)."""
OPEN_SHARE, AGENCY_SHARE = 0.28, 0.13
"""Persons that a mission locale, or France Travail, follows on the as-of day; measured on the generator."""

# --- apprenticeship: formal ruptures per month (Dares Analyses 43, July 2024: 21 % at 9 months) --------------------------------
APPRENTICE_HAZARD = ((2.5, 0.039), (9.0, 0.0212), (36.0, 0.0081))
SIGNED_AGAIN = 0.95
"""Second contracts, which those at risk sign, are counted too: first ones are that much safer for all to make the published
shares."""
LEVEL_RATIO = {"CAP": 1.41, "bac": 1.13, "MC": 0.73, "higher": 1.0}
SECTOR_RATIO = {"hotel": 2.09, "hair": 1.54, "food": 1.48, "trade": 1.52, "construction": 1.04, "other": 1.0}
SIZE_RATIO = {"small": 1.30, "middle": 1.0, "large": 0.86}
MINOR_RATIO, ADULT_RATIO = 0.78, 0.79
"""15-17 and 20 and over, against 18-19, after level."""
WOMAN_RATIO = 1.22
"""Ratios at equal other traits, fitted so that the marginals of our mix are the published ones (benchmarks/demo.py)."""
LEVEL_MIX = (("CAP", 0.27), ("bac", 0.09), ("MC", 0.02), ("higher", 0.62))
SECTOR_MIX = {
    "CAP": (("hotel", 0.14), ("hair", 0.08), ("food", 0.14), ("trade", 0.14), ("construction", 0.20), ("other", 0.30)),
    "bac": (("hotel", 0.08), ("hair", 0.05), ("food", 0.04), ("trade", 0.22), ("construction", 0.12), ("other", 0.49)),
    "MC": (("hotel", 0.25), ("hair", 0.10), ("food", 0.30), ("trade", 0.10), ("construction", 0.05), ("other", 0.20)),
    "higher": (("hotel", 0.04), ("hair", 0.01), ("food", 0.01), ("trade", 0.22), ("construction", 0.06), ("other", 0.66)),
}
SIZE_MIX = {
    "CAP": (("small", 0.35), ("middle", 0.50), ("large", 0.15)),
    "bac": (("small", 0.28), ("middle", 0.50), ("large", 0.22)),
    "MC": (("small", 0.40), ("middle", 0.50), ("large", 0.10)),
    "higher": (("small", 0.15), ("middle", 0.50), ("large", 0.35)),
}
APPRENTICE_AGES = {
    "CAP": ((16, 18, 0.50), (18, 20, 0.25), (20, 26, 0.25)),
    "bac": ((16, 18, 0.20), (18, 20, 0.45), (20, 26, 0.35)),
    "MC": ((16, 18, 0.10), (18, 20, 0.50), (20, 26, 0.40)),
    "higher": ((18, 20, 0.30), (20, 26, 0.70)),
}
APPRENTICE_WOMEN = {"CAP": 0.28, "bac": 0.36, "MC": 0.45, "higher": 0.50}
APPRENTICE_MONTHS = {"CAP": (12, 24, 24), "bac": (24, 36), "MC": (12,), "higher": (12, 12, 24, 24)}
APPRENTICE_LEVELS = {"CAP": "infra3", "bac": "3", "MC": "3", "higher": "4"}
CERTIFICATION = {"CAP": "CAP", "bac": "BAC_PRO", "MC": "MC", "higher": "BTS"}
BACK_IN_SIX_MONTHS = 0.35
TO_MISSION_LOCALE = 0.30
WITHOUT_EMPLOYER = 0.06
"""Apprentices who begin in the CFA without contract [A]."""

# --- training: formal ruptures per month (Dares Focus, November 2021) -----------------------------------------------------------
TRAINING_HAZARD = {"adult": 0.0166, "young": 0.0180, "young_below_bac": 0.0395}
"""26 and over 6.5 %; below bac and under 26 15 %; the others under 26 so that all under 26 make 12 %."""
TRAINING_START_WEEKS, TRAINING_START_RATIO = 3, 2.0
TRAINING_MONTHS_DAYS = Delay(115, 0.45)
"""Length of a course in days: 4.2 months on average (Dares 2014-055)."""
TRAINING_NO_SHOW, NOT_SELECTED, WAITLISTED = 0.10, 0.07, 0.10
PRESCRIBED_RATIO, FAR_RATIO, QPV_RATIO, TRAINING_WOMAN_RATIO = 1.3, 1.2, 1.1, 1.25
MOTIVES_ANNOUNCED = (("health", 0.335), ("unsuited", 0.305), ("relations", 0.205), ("money", 0.155))
MOTIVES_SUDDEN = (("job", 0.60), ("other_training", 0.15), ("distance", 0.16), ("health", 0.09))
"""Together, with a share ``WITHOUT_WARNING``, the motives of abandonment: 24, 19, 13, 10 and 22, 6, 6 %."""

# --- accompaniments -----------------------------------------------------------------------------------------------------
PACEA_RUPTURE = 0.0236
"""A third of an exit hazard of 0.066 a month, a little more because nobody is lost while in a step: "no news" closures
(Dares, November
2023: a quarter still inside at 21 months)."""
PACEA_OTHER_EXIT = 0.0150
"""Exits that are no rupture and follow no step of ours (move, school, request), per month; fitted with the rest."""
PACEA_STEP = 0.085
"""Steps begun per month while free [A]; which one: course 0.20, apprenticeship 0.10, job 0.25 (renormalised)."""
PACEA_NEXT = (("training", 0.20), ("apprenticeship", 0.10), ("job", 0.25))
AFTER_TRAINING = (("job", 0.50), ("training", 0.15), ("accompaniment", 0.20), ("nothing", 0.15))
CEJ_RUPTURE = ((3.0, 0.0305), (99.0, 0.0196))
CEJ_SOLUTION = 0.0515
"""Exits to a job or a course, per month; with the two above: mean stay 6.9 months, 36 % positive, 16 % rupture, 48 % term."""
CEJ_SOLUTIONS = (
    ("EMPLOI_CDI", 0.18),
    ("EMPLOI_CDD_6M_PLUS", 0.17),
    ("EMPLOI_CDD_MOINS_6M", 0.25),
    ("FORMATION_QUALIFIANTE", 0.25),
    ("ALTERNANCE_APPRENTISSAGE", 0.10),
    ("SERVICE_CIVIQUE", 0.05),
)
CEJ_ENDS_HALF_WAY, CEJ_EXTERNAL, CEJ_UNAVAILABLE = 0.30, 0.25, 0.13
CEJ_HOURS, CEJ_HOURS_SPREAD = (17.0, 11.0, 3.0, 0.0), 3.5
CEJ_SILENCE = Delay(20, 0.6)
"""A weekly interview missed is noticed sooner than a monthly one [A]."""
CEJ_EVERY = 9
CSP_EXIT = ((4.0, 0.026), (8.0, 0.036), (13.0, 0.062))
"""Unédic: 90, 78 and 61 % still registered after 4, 8 and 12 months."""
CSP_RUPTURE_SHARE, CSP_TRAINING, CSP_REFUSED = 0.05, 0.40, 0.22
JOB_BREAK = 0.030
"""Formal breaks of ordinary jobs per month [A]."""
CHANGED_MISSION_LOCALE = 0.015
