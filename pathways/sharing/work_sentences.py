"""What the signals of contracts, of insertion through work and of immersions say, and what can be done about them."""

from __future__ import annotations

from pathways.sharing.language import N_
from pathways.sharing.wording import Values, Wording, known


def _probation(values: Values) -> str:
    if known(values, "ends"):
        return N_("35 jours en entreprise au {on:day} : la période probatoire de 45 jours finit vers le {ends:day}.")
    return N_("35 jours en entreprise au {on:day} : la période probatoire finit au 45e jour.")


def _break(values: Values) -> str:
    if known(values, "reason") and values["reason"] != "INAPTITUDE":
        return N_("Contrat rompu le {on:day} ({reason:break_reason}), sans nouveau contrat depuis.")
    return N_("Contrat rompu le {on:day}, sans nouveau contrat depuis.")


def _procedure(values: Values) -> str:
    if known(values, "procedure"):
        return N_("L’employeur fait l’objet d’une procédure depuis le {on:day} ({procedure}).")
    return N_("L’employeur fait l’objet d’une procédure collective depuis le {on:day}.")


def _job_followup(values: Values) -> str:
    if known(values, "due") and values.get("which") == "trial":
        return N_("Emploi commencé le {started:day} : aucun contact avant la fin de l’essai, le {due:day}.")
    return N_("Emploi commencé le {started:day} : un contact était attendu au plus tard le {due:day}.")


WORK: dict[str, Wording] = {
    # immersion
    "immersion_report_missing": Wording(
        N_("Bilan d’immersion attendu"),
        N_("L’immersion a fini le {end:day} ; son bilan n’est pas fait."),
        N_("Faire le bilan avec la personne et la structure d’accueil."),
    ),
    "immersion_broken": Wording(
        N_("Immersion interrompue"),
        N_("L’immersion s’est interrompue le {on:day}."),
        N_("Comprendre pourquoi ; le bilan le clôt."),
    ),
    "host_overused": Wording(
        N_("Trop d’immersions au même endroit"),
        N_("Avec celle du {on:day}, cette structure a {count} conventions et {total:days} d’immersion en douze mois."),
        N_("Choisir une autre structure : deux conventions d’objets différents et 60 jours au plus."),
    ),
    # contract
    "apprentice_no_visit": Wording(
        N_("Pas de point à 30 jours"),
        N_("30e jour en entreprise le {on:day} et aucun point sur le contrat."),
        N_("Faire un point avec l’apprenti et le maître d’apprentissage."),
    ),
    "apprentice_probation_end_soon": Wording(
        N_("Fin de période probatoire proche"),
        _probation,
        N_("C’est le moment de demander si tout se passe bien, des deux côtés."),
    ),
    "contract_broken": Wording(N_("Contrat rompu"), _break, N_("Prendre contact ; un nouveau contrat commencé le clôt.")),
    "contract_broken_early": Wording(
        N_("Rupture dans les premiers mois"),
        N_("Emploi commencé le {started:day} et rompu le {on:day}."),
        N_("Comprendre ce qui s’est passé avant de chercher la suite."),
    ),
    "contract_broken_no_employer": Wording(
        N_("Toujours sans employeur"),
        N_("{days} jours sans nouveau contrat depuis la rupture du {on:day} ; le CFA garde l’apprenti six mois."),
        N_("Relancer la recherche d’employeur avec le CFA."),
    ),
    "maintien_expired": Wording(
        N_("Fin du maintien en CFA"),
        N_("Les six mois de maintien au CFA après la rupture sont finis depuis le {on:day}."),
        N_("Construire une suite : l’étape s’est terminée ce jour-là."),
    ),
    "no_employer_found": Wording(
        N_("En CFA sans employeur"),
        N_("Entré au CFA sans contrat le {since:day} ; il faut un employeur avant le {last_day:day}."),
        N_("Relancer la recherche d’employeur."),
    ),
    "employer_distress": Wording(
        N_("Employeur en difficulté"), _procedure, N_("Anticiper une rupture : préparer une solution avec le CFA.")
    ),
    "adequacy_review_overdue": Wording(
        N_("Point sur le programme en retard"),
        N_("Employeur et salarié devaient vérifier au plus tard le {due:day} que le programme convient."),
        N_("Faire le point à trois, avec le tuteur et l’organisme."),
    ),
    "tutor_missing": Wording(
        N_("Pas de tuteur"),
        N_("Aucun tuteur n’est désigné, d’après la déclaration du {since:day}."),
        N_("Demander à l’employeur qui sera le tuteur, puis le noter dans un point sur le contrat."),
    ),
    "training_action_missing": Wording(
        N_("Contrat aidé sans formation"),
        N_("Aucune formation commencée au {due:day}, trois mois après le début du contrat."),
        N_("Prévoir une formation avec l’employeur, ou noter celle qui a eu lieu dans un point sur le contrat."),
    ),
    "exit_interview_missing": Wording(
        N_("Entretien de sortie à faire"),
        N_("Le contrat aidé finit le {end:day} ; l’entretien de sortie n’est pas fait."),
        N_("Recevoir la personne et préparer la suite."),
    ),
    "job_followup_overdue": Wording(
        N_("Nouvelles de l’emploi attendues"),
        _job_followup,
        N_("Appeler la personne ; un échange ou un point sur le contrat le clôt."),
    ),
    "absence_reported": Wording(
        N_("Absence signalée"),
        N_("La structure d’accueil a signalé une absence le {on:day}, sans échange avec la personne depuis."),
        N_("Prendre des nouvelles ; un contact noté le clôt."),
    ),
    "iae_long_suspension": Wording(
        N_("PASS IAE longtemps suspendu"),
        N_("Le PASS IAE est suspendu depuis le {since:day} ({since:ago})."),
        N_("Décider avec la structure : reprendre, ou clore le PASS."),
    ),
}
