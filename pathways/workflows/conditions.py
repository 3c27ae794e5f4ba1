"""Conditions of entry that nobody can compute: somebody says that they hold, or not, on a day (event `condition_stated`).

Each is a plain yes or no, never an amount, a diagnosis or a text. ``social`` ones are seen as the social situation is,
``health`` ones as health is (groups S and H of the sharing matrix); the others as administrative facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class About(StrEnum):
    """Which group of data a condition belongs to."""

    ADMINISTRATIVE = "administrative"
    SOCIAL = "social"
    HEALTH = "health"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: what is said when it holds, and the question that asks for it."""

    code: str
    label: str
    question: str
    about: About = About.ADMINISTRATIVE


def _conditions(*conditions: Condition) -> Mapping[str, Condition]:
    return {each.code: each for each in conditions}


S, H = About.SOCIAL, About.HEALTH

CONDITIONS: Mapping[str, Condition] = _conditions(
    Condition("job_seeker", "Inscrit à France Travail", "La personne est-elle inscrite à France Travail ?"),
    Condition("volunteer", "Volontaire", "La personne est-elle volontaire pour cet accompagnement ?"),
    Condition("student", "Étudiant ou élève", "La personne est-elle inscrite comme élève ou étudiante ?"),
    Condition("in_work", "En emploi", "La personne a-t-elle un emploi ?"),
    Condition("at_risk_of_exclusion", "Risque d’exclusion professionnelle",
              "Y a-t-il un risque d’exclusion professionnelle (diagnostic) ?", S),
    Condition("hard_access_to_durable_job", "Difficultés d’accès à l’emploi durable",
              "La personne a-t-elle des difficultés d’accès à l’emploi durable ?", S),
    Condition("without_support", "Hors du foyer des parents ou sans soutien",
              "La personne vit-elle hors du foyer de ses parents, ou sans leur soutien ?", S),
    Condition("low_income", "Ressources sous le plafond du RSA", "Les ressources sont-elles sous le plafond du RSA ?", S),
    Condition("minimum_income", "Bénéficiaire du RSA, de l’ASS ou de l’AAH",
              "La personne perçoit-elle le RSA, l’ASS ou l’AAH ?", S),
    Condition("social_obstacles", "Difficultés sociales et professionnelles",
              "La personne a-t-elle à la fois des difficultés sociales et professionnelles ?", S),
    Condition("special_circumstances", "Circonstances particulières", "Y a-t-il des circonstances particulières, motivées ?"),
    Condition("project_validated", "Projet de formation validé",
              "Le projet de formation est-il validé par un conseiller en évolution professionnelle ?"),
    Condition("no_collective_place", "Aucune place collective adaptée",
              "A-t-on vérifié qu’aucune formation collective ne convient ?"),
    Condition("offer_filed", "Offre d’emploi déposée", "L’employeur a-t-il déposé une offre à France Travail ?"),
    Condition("employer_commitment", "Engagement d’embauche de l’employeur", "L’employeur s’est-il engagé à embaucher ?"),
    Condition("aided_contract", "Salarié en contrat aidé ou en CDDI", "La personne est-elle en contrat aidé ou en CDDI ?"),
    Condition("adapted_company", "Salarié handicapé d’une entreprise adaptée",
              "La personne est-elle salariée, reconnue travailleur handicapé, d’une entreprise adaptée ?", H),
    Condition("economic_redundancy", "Licenciement économique", "La personne est-elle licenciée pour motif économique ?"),
    Condition("small_or_insolvent_company", "Entreprise de moins de 1 000 salariés ou en procédure collective",
              "L’entreprise a-t-elle moins de 1 000 salariés, ou est-elle en redressement ou en liquidation ?"),
    Condition("opens_benefit", "Droits à l’allocation chômage ouverts", "La personne a-t-elle des droits à l’ARE ?"),
    Condition("fit_for_work", "Apte au travail", "La personne est-elle apte à exercer un emploi ?", H),
    Condition("lives_in_france", "Réside en France", "La personne réside-t-elle en France ?"),
    Condition("out_of_school", "Sorti de scolarité", "La personne est-elle sortie de scolarité ?"),
    Condition("below_aimed_diploma", "Sans le diplôme visé (CAP ou bac)",
              "La personne a-t-elle quitté l’école sans le diplôme préparé ?"),
    Condition("medically_fit", "Apte (visite médicale)", "La visite médicale d’aptitude est-elle faite et favorable ?", H),
    Condition("iae_assessment", "Diagnostic individuel fait",
              "Le diagnostic individuel de l’insertion par l’activité est-il fait ?"),
    Condition("iae_prescriber", "Prescripteur habilité", "L’éligibilité est-elle prononcée par un prescripteur habilité ?"),
    Condition("registered_24_months", "Inscrit depuis 24 mois ou plus", "La personne est-elle inscrite depuis 24 mois ou plus ?"),
    Condition("iae_criteria", "Plusieurs critères administratifs de l’IAE",
              "La personne réunit-elle assez de critères administratifs (niveau, âge, ASE, logement, mobilité…) ?", S),
    Condition("iae_association", "Salarié d’une AI ou d’un ACI",
              "L’employeur est-il une association intermédiaire ou un atelier et chantier d’insertion ?"),
    Condition("training_under_way", "Formation en cours à terminer", "Une formation est-elle en cours et à terminer ?"),
    Condition("former_aided_contract", "Ancien bénéficiaire d’un contrat aidé", "La personne sort-elle d’un contrat aidé ?"),
    Condition("finished_college", "Collège terminé", "La personne a-t-elle terminé la classe de troisième ?"),
    Condition("apprentice_without_age_limit", "Dérogation à la limite d’âge de l’apprentissage",
              "Est-on dans un cas sans limite d’âge (création ou reprise d’entreprise, sportif de haut niveau) ?"),
    Condition("apprentice_second_contract", "Second contrat d’apprentissage dans l’année",
              "Le contrat suit-il depuis moins d’un an un précédent, pour un diplôme supérieur ou après une rupture subie ?"),
    Condition("approved_host", "Organisme agréé", "L’organisme d’accueil est-il agréé ?"),
    Condition("allophone", "Apprend le français", "Le français est-il à apprendre pour suivre une formation ?", S),
    Condition("creation_project", "Projet de création ou de reprise",
              "La personne a-t-elle un projet de création ou de reprise d’entreprise ?"),
    Condition("same_certification_in_initial_training", "En formation initiale pour la même certification",
              "La personne prépare-t-elle la même certification en formation initiale ?"),
    Condition("one_year_of_activity", "Un an d’activité en rapport",
              "La personne a-t-elle un an d’activité en rapport avec la certification ?"),
    Condition("unfitness_dismissal", "Licencié pour inaptitude", "La personne est-elle licenciée pour inaptitude ?", H),
    Condition("rescue", "Reclassement, insertion ou reconversion difficile",
              "La personne rencontre-t-elle des difficultés d’insertion ou de reconversion ?", S),
)
"""By code."""
