"""What each declaration does, and what each scheme is, in one line: said where somebody is about to use them."""

from __future__ import annotations

from collections.abc import Mapping

from pathways.sharing.language import N_, _
from pathways.workflows.schemes import SCHEMES

ACTS: Mapping[str, str] = {
    "rqth_renewed": N_("Prolonge la reconnaissance de travailleur handicapé."),
    "deceased": N_("Arrête les rappels sur cette personne, pour tous les organismes."),
    "school_exit": N_("Date la sortie de scolarité."),
    "referent_named": N_("Met la personne dans la liste de ce collègue."),
    "referent_left": N_("Signale que la personne n’a plus de référent : il faudra en désigner un."),
    "transfer_requested": N_("L’organisme choisi voit la fiche et répond. Jusqu’à son accord, vous restez référent."),
    "transfer_accepted": N_("Votre organisme devient référent ; le précédent cesse de l’être."),
    "transfer_refused": N_("L’organisme qui demande reste référent."),
    "leaver_identified": N_("Commence le suivi d’un jeune sorti de scolarité."),
    "contact_attempt": N_("Garde la trace d’un essai, même sans réponse."),
    "handed_over": N_("L’organisme choisi voit la fiche à partir d’aujourd’hui."),
    "in_solution": N_("Termine la recherche : une solution est trouvée."),
    "orientation_notified": N_("Oriente la personne ; le délai pour signer le contrat court à partir de ce jour."),
    "assessment": N_("Note que le diagnostic est fait."),
    "engagement_signed": N_("Commence l’accompagnement ; la durée maximale court à partir de ce jour."),
    "accompaniment_started": N_("Commence l’accompagnement ; la durée maximale court à partir de ce jour."),
    "declined": N_("Termine l’étape sans accompagnement."),
    "phase_started": N_("Commence une phase ; son bilan sera attendu à la fin prévue."),
    "phase_reviewed": N_("Note que le bilan de la phase est fait."),
    "contact": N_("Note un échange ; il met fin aux rappels de silence."),
    "appointment": N_("Prévoit un rendez-vous, ou dit comment il s’est passé."),
    "obstacle": N_("Note une difficulté ; les autres organismes n’en voient que le thème."),
    "obstacle_action": N_("Note ce qui est fait pour lever un frein."),
    "weekly_hours": N_("Note les heures validées d’une semaine."),
    "external_course_started": N_("Met l’accompagnement en parcours externe : les heures ne sont plus attendues."),
    "external_course_ended": N_("Reprend l’accompagnement ordinaire."),
    "prolongation_requested": N_("Garde la trace de la demande ; aucune date ne bouge."),
    "prolongation_granted": N_("Repousse le dernier jour de l’accompagnement, sans dépasser la durée légale."),
    "suspended": N_("Suspend l’étape ; la durée maximale continue de courir."),
    "resumed": N_("Reprend l’étape là où elle s’était arrêtée."),
    "closed": N_("Termine l’accompagnement ; les rappels de cette étape s’arrêtent."),
    "csp_proposed": N_("Commence les 21 jours de réflexion."),
    "csp_accepted": N_("Accepte le CSP dans les 21 jours."),
    "csp_declined": N_("Termine l’étape : le CSP est refusé."),
    "csp_prebilan_done": N_("Note que le pré-bilan est fait."),
    "csp_plan_signed": N_("Commence le plan de sécurisation."),
    "work_period": N_("Note une reprise de travail pendant le CSP."),
    "prescribed": N_("L’organisme choisi voit la fiche et la trouve dans ses positionnements ; il répond."),
    "admitted": N_("Retient la personne et fixe la date d’entrée."),
    "waitlisted": N_("Met la personne en attente d’une place."),
    "not_selected": N_("Termine l’étape : la personne n’est pas retenue."),
    "cancelled": N_("Termine l’étape avant son début."),
    "entered": N_("Constate l’entrée ; la personne est en formation."),
    "extended": N_("Repousse la fin prévue de la formation."),
    "attendance": N_("Note les présences et les absences d’une semaine."),
    "risk_flag": N_("Prévient le référent d’une difficulté."),
    "risk_flag_closed": N_("La difficulté signalée est réglée."),
    "paused": N_("Interrompt la formation ; elle peut reprendre."),
    "dropped": N_("Termine la formation avant son terme ; le référent est prévenu."),
    "excluded": N_("Termine la formation par une exclusion ; le référent est prévenu."),
    "completed": N_("Termine la formation à son terme."),
    "certification_result": N_("Note le résultat de l’examen."),
    "followup": N_("Note la situation après la sortie."),
    "seeking_employer": N_("Commence une recherche d’employeur."),
    "cfa_entered_without_contract": N_("Entre au CFA ; il faut un employeur dans les trois mois."),
    "left_without_contract": N_("Termine l’étape, sans employeur trouvé."),
    "work_contract_signed": N_("Note un contrat signé, à commencer."),
    "work_contract_started": N_("Constate le premier jour de travail."),
    "work_contract_renewed": N_("Repousse la fin du contrat."),
    "work_contract_ended": N_("Termine le contrat à son terme."),
    "contract_checkin": N_("Note un point avec la personne ou l’employeur."),
    "company_days_total": N_("Recale le compte des jours en entreprise."),
    "contract_broken": N_("Met fin au contrat avant son terme ; le référent est prévenu."),
    "employer_insolvency": N_("Prévient que l’employeur est en difficulté."),
    "immersion_agreed": N_("Note une immersion convenue."),
    "immersion_started": N_("Constate le début de l’immersion."),
    "immersion_ended": N_("Termine l’immersion ; son bilan est attendu."),
    "immersion_broken": N_("Interrompt l’immersion."),
    "immersion_report": N_("Note la conclusion de l’immersion."),
}


def act(event: str) -> str:
    """What the declaration does; nothing for one that speaks for itself."""
    return _(ACTS[event]) if event in ACTS else ""


def purpose(scheme: str) -> str:
    """What the scheme is."""
    return _(SCHEMES[scheme].purpose) if scheme in SCHEMES else ""
