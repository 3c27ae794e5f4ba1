"""What each signal means and when it shows, for somebody who reads the reference of the signals.

Delays that an organisation may choose are not repeated here: the reference gives them in force, beside.
"""

from __future__ import annotations

from collections.abc import Mapping

from pathways.sharing.language import N_, _

_FOLLOWING: Mapping[str, str] = {
    "help_asked": N_("La personne a demandé de l’aide depuis sa propre page. Sa demande passe avant tout le reste."),
    "appointment_declined": N_("La personne a répondu qu’elle ne viendrait pas, ou qu’elle voudrait un autre jour."),
    "missed_appointment": N_("La personne n’est pas venue à un rendez-vous et ne s’était pas excusée."),
    "repeated_no_show": N_(
        "Plusieurs rendez-vous manqués en peu de temps, sans un seul honoré entre eux. Un nombre plus élevé rend le point urgent."
    ),
    "contact_silence": N_(
        "Personne n’a échangé avec la personne depuis plus longtemps que le délai du dispositif. Un échange avec n’importe quel "
        "organisme d’accompagnement compte ; une formation ou un contrat en cours allonge le délai."
    ),
    "rhythm_broken": N_(
        "Plus longtemps sans signe de vie que le rythme des rendez-vous convenus avec la personne ne le laisse attendre. Une "
        "formation ou un contrat en cours suspend ce point."
    ),
    "referent_missing": N_("Le référent est parti et personne n’a été désigné à sa place."),
    "obstacle_unaddressed": N_("Un frein a été dit bloquant et aucune action n’a suivi, de qui que ce soit."),
    "pair_silent": N_("Un des deux référents de l’accompagnement global n’a pas échangé avec la personne depuis longtemps."),
    "transfer_pending": N_(
        "Un transfert ou une transmission attend une réponse. Jusque-là, l’organisme qui envoie reste référent."
    ),
    "hand_over_unacknowledged": N_("L’organisme à qui la personne est transmise n’a donné aucun signe."),
    "hand_over_refused": N_(
        "La dernière transmission d’un jeune sorti de scolarité a été refusée et personne d’autre ne l’accompagne."
    ),
    "leaver_not_contacted": N_("Un jeune a été repéré et personne n’a encore essayé de le joindre."),
    "leaver_unreachable": N_("Trois tentatives de suite ont échoué, par au moins deux moyens différents."),
    "eligibility_at_risk": N_(
        "Une condition remplie à l’entrée, et qui doit le rester, ne l’est plus : l’inscription à France Travail, ou la RQTH qui "
        "permet de rester passé un âge."
    ),
    "rqth_expiring": N_("La reconnaissance de travailleur handicapé arrive bientôt à son terme."),
    "ft_deregistered": N_("L’inscription à France Travail a pris fin pendant un accompagnement."),
    "discordance": N_(
        "Deux déclarations ne peuvent pas être vraies ensemble, ou l’une ne s’applique pas à l’étape telle qu’elle était."
        " Une rupture "
        "en jeu en fait un point à traiter."
    ),
    "end_undeclared": N_("La fin prévue d’une étape est passée sans que personne ait déclaré une sortie ni une nouvelle date."),
    "no_solution_gap": N_(
        "La personne n’est plus en formation, ni en contrat, ni en immersion, et aucun départ n’est confirmé à brève échéance. "
        "Ne concerne ni les mineurs, ni qui suit un accompagnement intensif."
    ),
    "minor_without_solution": N_(
        "Une personne de 16 ou 17 ans n’est dans aucune des situations qui satisfont l’obligation de formation."
    ),
    "exit_without_plan": N_("Une étape longue va finir et rien n’est encore convenu pour la suite."),
}
_DEADLINES: Mapping[str, str] = {
    "signature_overdue": N_(
        "Le mois pour signer est passé : il court de la notification de l’orientation, ou du diagnostic avant 2025. Une nouvelle "
        "orientation le fait repartir."
    ),
    "first_phase_overdue": N_("Le contrat est signé et aucune phase n’a commencé dans le mois."),
    "phase_review_overdue": N_("La fin prévue d’une phase est passée et son bilan n’est pas fait."),
    "cap_approaching": N_(
        "Le dernier jour permis approche : un premier rappel, puis un second. Les durées courtes n’en ont pas."
    ),
    "cap_reached": N_("C’est le dernier jour permis par le dispositif, ou il est passé."),
    "age_limit_approaching": N_("L’anniversaire qui borne l’accompagnement approche : un premier rappel, puis un second."),
    "age_limit_reached": N_("La personne atteint l’âge qui borne l’accompagnement."),
    "weekly_hours_low": N_("Les heures validées de la semaine sont sous celles du contrat. Se montre le lundi qui suit."),
    "weekly_hours_low_repeat": N_("Deux semaines de suite sous les heures prévues ; trois ou plus rendent le point urgent."),
    "csp_reflection_ending": N_("Le délai de 21 jours pour répondre à la proposition de CSP touche à sa fin."),
    "csp_reflection_expired": N_("Les 21 jours sont passés sans réponse : le silence vaut refus."),
    "csp_prebilan_overdue": N_("Le pré-bilan n’est pas fait dans le délai."),
    "csp_plan_overdue": N_("Le plan n’est pas signé dans le mois qui suit le pré-bilan."),
    "csp_no_action_m4": N_("Ni formation ni période travaillée depuis le début du CSP."),
    "iae_long_suspension": N_("Le PASS IAE est suspendu depuis longtemps : il peut être retiré."),
    "cep_synthesis_missing": N_("Un entretien de conseil a eu lieu et le document de synthèse n’est pas remis."),
    "cep_project_without_step": N_("Un projet est validé et rien n’a commencé depuis."),
    "vae_answer_late": N_("Deux mois après un dossier complet sans réponse : le silence vaut recevabilité."),
    "vae_lapse_near": N_("Sans démarche enregistrée, la recevabilité sera bientôt caduque."),
    "vae_jury_late": N_("Le jury n’a pas eu lieu dans les trois mois qui suivent le dépôt du dossier."),
    "vae_result_late": N_("Le jury est passé et son résultat n’est pas déclaré."),
    "vae_partial_without_plan": N_("Une validation partielle n’est suivie d’aucun plan."),
    "creation_phase_long": N_("Une phase du projet dure bien plus que d’habitude. Les pauses ne comptent pas."),
    "creation_meeting_overdue": N_("Un rendez-vous dû après la création n’a pas eu lieu."),
    "business_closed_early": N_("L’entreprise a fermé peu après sa création et rien d’autre n’a commencé."),
}
_TRAINING: Mapping[str, str] = {
    "entry_delay": N_("Une prescription attend : d’abord sans date d’admission, puis sans entrée."),
    "entry_no_show": N_("La date d’entrée prévue est passée, sans entrée ni annulation."),
    "unjustified_absence": N_(
        "Des absences sans justificatif se suivent ou se répètent, depuis le dernier échange avec la personne."
    ),
    "absence_streak_critical": N_("Plusieurs jours prévus manqués de suite sans justificatif, et pas de retour depuis."),
    "absence_rate_high": N_("La part d’heures manquées sans justificatif est trop forte sur les dernières semaines entières."),
    "training_risk_flag": N_("L’organisme de formation signale une difficulté, dans une des quatre dimensions, avec son niveau."),
    "training_interrupted": N_("Une formation s’est arrêtée avant la fin prévue et rien d’autre n’a commencé."),
    "post_exit_followup_overdue": N_("Personne n’a noté où en est la personne à l’échéance d’un suivi après sa sortie."),
    "result_unknown": N_("Une formation certifiante est finie et son résultat n’est pas déclaré."),
    "body_closed": N_("L’organisme qui mène l’étape a fermé."),
    "quote_pending": N_("Un devis déposé n’est ni financé ni refusé."),
    "promise_broken": N_("La formation est finie et le contrat promis n’est ni signé ni commencé."),
    "clea_course_missing": N_("Une évaluation préalable partielle n’est suivie d’aucune formation."),
    "clea_limit_near": N_("Les cinq ans pour obtenir la certification touchent à leur fin."),
    "prepa_without_employer": N_("La préparation va finir et aucun contrat d’apprentissage n’est signé."),
    "apprenticeship_far": N_("Le contrat d’apprentissage signé commence longtemps après la fin de la préparation."),
}
_WORK: Mapping[str, str] = {
    "apprentice_no_visit": N_("Aucun point n’a été fait avec l’apprenti depuis qu’il est en entreprise."),
    "apprentice_probation_end_soon": N_("La période où chacun peut rompre librement va finir."),
    "contract_broken": N_(
        "Le contrat est rompu et aucun autre n’a commencé. Un diplôme obtenu ou un meilleur emploi n’est pas une rupture."
    ),
    "contract_broken_early": N_("Un emploi est rompu dans ses premiers mois."),
    "contract_broken_no_employer": N_(
        "Depuis la rupture, aucun nouveau contrat n’a commencé. Rappelé à plusieurs échéances, la dernière urgente."
    ),
    "maintien_expired": N_("Les six mois de maintien en CFA après une rupture sont finis."),
    "no_employer_found": N_("Entré en CFA sans contrat, l’apprenti n’a pas encore d’employeur."),
    "adequacy_review_overdue": N_("Le point sur l’adéquation du programme n’est pas fait."),
    "tutor_missing": N_("Il est dit qu’il n’y a pas de tuteur, et personne n’a dit depuis qu’il y en a un."),
    "training_action_missing": N_("Aucune action de formation depuis le début du contrat aidé."),
    "exit_interview_missing": N_("La fin du contrat approche sans entretien de sortie."),
    "job_followup_overdue": N_("Un point sur l’emploi n’a pas été fait à son échéance."),
    "absence_reported": N_("L’organisme d’accueil dit que la personne ne vient plus, sans excuse."),
    "immersion_report_missing": N_("L’immersion est finie et son bilan n’est pas fait."),
    "immersion_broken": N_("L’immersion s’est arrêtée avant sa fin."),
    "host_overused": N_("Trop d’immersions, ou trop longues, dans la même structure."),
    "employer_distress": N_("Une procédure collective est ouverte chez l’employeur."),
}
MEANINGS: Mapping[str, str] = {**_FOLLOWING, **_DEADLINES, **_TRAINING, **_WORK}
"""By rule. A signal without a line here is told by its name, what to do and its thresholds alone."""


def meaning(rule: str) -> str:
    """The sentence, empty when there is none."""
    return _(MEANINGS[rule]) if rule in MEANINGS else ""
