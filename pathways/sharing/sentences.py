"""What each signal says: the fact, in one French sentence with its dates, and what a counsellor can do about it.

One line per rule of ``detection.rules``; a test holds the two lists together. A signal is a fact about a situation, never a
judgement about a person: the sentence names what happened and when, not what somebody is.
"""

from __future__ import annotations

from collections.abc import Mapping

from pathways.sharing.course_sentences import COURSES
from pathways.sharing.groups import VEILED
from pathways.sharing.language import N_, _
from pathways.sharing.project_sentences import PROJECTS
from pathways.sharing.wording import Values, Wording, known, say
from pathways.sharing.work_sentences import WORK
from pathways.workflows.outcomes import INTERRUPTION_REASONS


def signal_title(rule: str) -> str:
    """The short name of a signal."""
    wording = WORDINGS.get(rule)
    return _(wording.title) if wording else rule


def signal_sentence(rule: str, values: Values) -> str:
    """The fact, or only its title when the stored values are not those the sentence needs (an older rule version)."""
    wording = WORDINGS.get(rule)
    if wording is None:
        return rule
    try:
        return compose(wording, values)
    except (KeyError, TypeError, ValueError):
        return _(wording.title) + "."


def compose(wording: Wording, values: Values) -> str:
    """The fact with its values; KeyError, TypeError or ValueError when they are not those it needs."""
    return say(wording.fact if isinstance(wording.fact, str) else wording.fact(values), values)


def signal_action(rule: str) -> str:
    """What one can do about it."""
    wording = WORDINGS.get(rule)
    return _(wording.act) if wording else ""


def _silence(values: Values) -> str:
    if values["spoken"]:
        return N_("Aucun contact depuis le {since:day} ({since:ago}) : plus de {allowed:days}.")
    if values.get("began", "engagement_signed") != "engagement_signed":
        return N_("Aucun contact depuis le début, le {since:day} ({since:ago}) : plus de {allowed:days}.")
    return N_("Aucun contact depuis la signature du {since:day} ({since:ago}) : plus de {allowed:days}.")


def _waiting(values: Values) -> str:
    if values.get("kind") == "hand_over":
        return N_("Transmission envoyée le {asked:day} ({asked:ago}), sans réponse.")
    return N_("Transfert demandé le {asked:day} ({asked:ago}), sans réponse.")


def _absences(values: Values) -> str:
    if str(values["first"]) == str(values["last"]):
        return N_("{half_days:half_days} d’absence sans justificatif le {first:day}, sans contact depuis.")
    return N_("{half_days:half_days} d’absence sans justificatif entre le {first:day} et le {last:day}, sans contact depuis.")


def _interruption(values: Values) -> str:
    told = values.get("reason") in INTERRUPTION_REASONS and values["reason"] not in {"SANTE", "MATERNITE", "INCONNU"}
    if told and known(values, "planned_end"):
        return N_("Sortie de formation le {on:day}, avant la fin prévue du {planned_end:day} ({reason:interruption}).")
    if known(values, "planned_end"):
        return N_("Sortie de formation le {on:day}, avant la fin prévue du {planned_end:day}.")
    return N_("Sortie de formation le {on:day}, avant son terme.")


def _eligibility(values: Values) -> str:
    if str(values.get("about", "")).startswith("rqth"):
        return N_("La RQTH qui permettait de rester au-delà de la limite d’âge n’est plus valable depuis le {since:day}.")
    return N_("Plus d’inscription à France Travail depuis le {since:day} : l’accompagnement la demande.")


def _discordance(values: Values) -> str:
    return DISCORDANCES[values["kind"]]


DISCORDANCES: Mapping[str, str] = {
    "does_not_apply": N_("Une déclaration du {on:day} ne s’applique pas à l’étape telle qu’elle était ce jour-là."),
    "entry_after_exit": N_("Une entrée est déclarée le {on:day} après une sortie de la même étape."),
    "present_elsewhere": N_("Absence déclarée par un organisme et présence déclarée par un autre le même jour, le {on:day}."),
    "two_contracts": N_("Deux organismes déclarent deux contrats en cours à la fois depuis le {on:day}."),
    "refused_together": N_("Deux accompagnements qui ne se cumulent pas sont ouverts depuis le {on:day}."),
    "contact_after_death": N_("Un échange est noté le {on:day}, après un décès déclaré."),
    "two_leads": N_("Deux référents principaux sont déclarés le {on:day}."),
}

SENTENCES: Mapping[str, Wording] = WORK | COURSES | PROJECTS | {
    # the person's own voice
    "help_asked": Wording(
        N_("Demande d’aide"),
        N_("La personne a demandé de l’aide le {on:day} ({topic:help_topic})."),
        N_("L’appeler aujourd’hui ; un échange noté comme y répondant le clôt."),
    ),
    "appointment_declined": Wording(
        N_("Rendez-vous à déplacer"),
        N_("Pour le rendez-vous du {for:day}, la personne a répondu le {on:day} : {answer:appointment_answer}."),
        N_("Convenir d’un autre rendez-vous et le noter."),
    ),
    # contact
    "missed_appointment": Wording(
        N_("Rendez-vous manqué"),
        N_("Rendez-vous du {on:day} manqué sans excuse."),
        N_("Le prochain rendez-vous honoré le clôt."),
    ),
    "repeated_no_show": Wording(
        N_("Rendez-vous manqués à répétition"),
        N_("{count} rendez-vous manqués en {window:days}, le dernier le {last:day}."),
        N_("Essayer un autre canal ou un autre lieu ; un rendez-vous honoré le clôt."),
    ),
    "contact_silence": Wording(
        N_("Silence"), _silence, N_("Appeler ou écrire ; un contact noté par n’importe quel organisme le clôt.")
    ),
    "rhythm_broken": Wording(
        N_("Rythme rompu"),
        N_("Aucun signe de vie depuis le {since:day} ({since:ago}), pour un rendez-vous tous les {rhythm:days} environ."),
        N_("Appeler pour reprendre rendez-vous ; un échange ou une présence le clôt."),
    ),
    "referent_missing": Wording(
        N_("Pas de référent"),
        N_("Plus de référent depuis le {since:day}."),
        N_("Désigner un référent."),
    ),
    "transfer_pending": Wording(
        N_("Passage de relais en attente"),
        _waiting,
        N_("Relancer l’organisme d’accueil ; jusqu’à sa réponse, vous restez référent."),
    ),
    "hand_over_unacknowledged": Wording(
        N_("Transmission sans accusé de réception"),
        N_("Transmission envoyée le {sent:day} ({sent:ago}), sans signe de l’organisme d’accueil."),
        N_("L’appeler : sans réponse, la personne attend entre deux organismes."),
    ),
    "hand_over_refused": Wording(
        N_("Transmission refusée"),
        N_("Transmission refusée le {refused:day} ({reason:refusal}) : personne d’autre n’a pris le relais."),
        N_("Transmettre à un autre organisme, ou reprendre contact avec la personne."),
    ),
    "obstacle_unaddressed": Wording(
        N_("Frein bloquant sans action"),
        N_("Frein bloquant noté le {since:day} ({theme:obstacle}), sans action depuis."),
        N_("Noter une action sur ce frein, même modeste."),
    ),
    # attendance
    "unjustified_absence": Wording(
        N_("Absences sans justificatif"), _absences, N_("Prendre des nouvelles ; un contact noté le clôt.")
    ),
    "absence_streak_critical": Wording(
        N_("Risque d’abandon"),
        N_("{days:days} prévus manqués de suite sans justificatif, du {first:day} au {last:day}."),
        N_("Appeler aujourd’hui ; le retour en formation le clôt."),
    ),
    "weekly_hours_low": Wording(
        N_("Semaine sous les heures prévues"),
        N_("Semaine du {monday:day} : {hours:hours} validées sur {least:hours} prévues."),
        N_("Prévoir la semaine qui vient avec la personne."),
    ),
    "weekly_hours_low_repeat": Wording(
        N_("Plusieurs semaines sous les heures"),
        N_("{weeks} semaines de suite sous les heures prévues, depuis celle du {first:day}."),
        N_("Revoir le programme d’activités ; une semaine complète le clôt."),
    ),
    "absence_rate_high": Wording(
        N_("Absences fréquentes"),
        N_("{rate:percent} des heures prévues manquées sans justificatif du {from:day} au {to:day}."),
        N_("Chercher la cause avec l’organisme ; un contact noté fait repartir le compte."),
    ),
    # school leavers
    "leaver_not_contacted": Wording(
        N_("Jeune repéré, pas encore appelé"),
        N_("Repéré le {since:day} ({since:ago}), sans tentative de contact."),
        N_("Appeler, ou passer par un relais local."),
    ),
    "leaver_unreachable": Wording(
        N_("Injoignable"),
        N_("{attempts} tentatives sans réponse, la dernière le {on:day}."),
        N_("Essayer un relais local ou une visite."),
    ),
    # contrat de sécurisation professionnelle
    "csp_reflection_ending": Wording(
        N_("Réponse au CSP attendue"),
        N_("{day}e jour de réflexion : la réponse au CSP est attendue au plus tard le {last_day:day}."),
        N_("Rappeler que l’absence de réponse vaut refus."),
    ),
    "csp_reflection_expired": Wording(
        N_("Délai du CSP dépassé"),
        N_("Le délai de réflexion a fini le {last_day:day} sans réponse : le silence vaut refus."),
        N_("Vérifier qu’une réponse n’est pas restée non saisie."),
    ),
    "csp_prebilan_overdue": Wording(
        N_("Pré-bilan en retard"), N_("Le pré-bilan devait avoir lieu au plus tard le {due:day}."), N_("Faire le pré-bilan.")
    ),
    "csp_plan_overdue": Wording(
        N_("Plan en retard"),
        N_("Le plan de sécurisation devait être signé au plus tard le {due:day}."),
        N_("Faire signer le plan."),
    ),
    "csp_no_action_m4": Wording(
        N_("Quatre mois sans action"),
        N_("Ni formation ni période travaillée quatre mois après le début (échéance du {due:day})."),
        N_("Programmer une formation ou une période travaillée."),
    ),
    # data
    "end_undeclared": Wording(
        N_("Fin non déclarée"),
        N_("La fin était prévue le {end:day} et personne n’a déclaré de sortie ni de prolongation."),
        N_("Déclarer la fin, ou la nouvelle date."),
    ),
    "discordance": Wording(
        N_("Déclarations discordantes"), _discordance, N_("Annuler la saisie erronée, ou dire laquelle est juste.")
    ),
    # deadlines
    "signature_overdue": Wording(
        N_("Contrat à signer"),
        N_("Le contrat devait être signé au plus tard le {due:day} (délai d’un mois depuis le {since:day})."),
        N_("Faire signer, ou déclarer pourquoi non."),
    ),
    "first_phase_overdue": Wording(
        N_("Première phase en retard"),
        N_("Contrat signé le {signed:day} ; la première phase devait commencer au plus tard le {due:day}."),
        N_("Commencer la première phase."),
    ),
    "phase_review_overdue": Wording(
        N_("Bilan de phase en retard"),
        N_("La phase {n} devait finir le {ended:day} ; son bilan n’est pas fait."),
        N_("Faire le bilan de la phase."),
    ),
    "cap_approaching": Wording(
        N_("Durée maximale proche"),
        N_("La durée maximale s’achève le {cap:day}."),
        N_("Préparer la suite, ou demander une prolongation si elle est possible."),
    ),
    "cap_reached": Wording(
        N_("Durée maximale atteinte"),
        N_("Dernier jour autorisé : le {cap:day}."),
        N_("Déclarer la sortie, ou la prolongation accordée."),
    ),
    "age_limit_approaching": Wording(
        N_("Limite d’âge proche"),
        N_("{age:years} le {on:day} : l’accompagnement prend fin ce jour-là."),
        N_("Préparer le relais."),
    ),
    "age_limit_reached": Wording(
        N_("Limite d’âge atteinte"),
        N_("{age:years} le {on:day} : l’accompagnement a pris fin."),
        N_("Vérifier que le relais est pris."),
    ),
    # gaps
    "exit_without_plan": Wording(
        N_("Fin proche sans suite"),
        N_("La fin est prévue le {end:day} et rien n’est encore convenu pour la suite."),
        N_("Prescrire, ou noter la suite déjà trouvée."),
    ),
    "no_solution_gap": Wording(
        N_("Sans solution"),
        N_("Aucune formation, aucun contrat ni immersion depuis le {since:day} ({since:ago})."),
        N_("Un départ confirmé dans les 60 jours le clôt."),
    ),
    "minor_without_solution": Wording(
        N_("Mineur sans solution"),
        N_("Moins de 18 ans et sans situation depuis le {since:day} : l’obligation de formation court."),
        N_("Proposer une solution sans attendre, avec le PSAD."),
    ),
    # the person's own conditions
    "eligibility_at_risk": Wording(
        N_("Condition à rétablir"),
        _eligibility,
        N_("Aider à faire les démarches ; la nouvelle déclaration le clôt."),
    ),
    "rqth_expiring": Wording(
        N_("RQTH à renouveler"),
        N_("La RQTH est valable jusqu’au {until:day} ; le renouvellement prend plusieurs mois."),
        N_("Engager le renouvellement ; la nouvelle date saisie le clôt."),
    ),
    # training
    "entry_delay": Wording(
        N_("Attente d’entrée"),
        N_("Prescription du {prescribed:day} : plus de {days:days} sans entrée."),
        N_("Appeler l’organisme, ou prescrire ailleurs."),
    ),
    "entry_no_show": Wording(
        N_("Entrée non constatée"),
        N_("Entrée prévue le {planned_start:day}, ni constatée ni annulée."),
        N_("Appeler la personne et l’organisme : c’est souvent là que le fil se perd."),
    ),
    "training_risk_flag": Wording(
        N_("Signalement de l’organisme"),
        N_("L’organisme a signalé une difficulté le {on:day} ({dimension:dimension})."),
        N_("Échanger avec la personne et l’organisme, puis clore le signalement."),
    ),
    "body_closed": Wording(
        N_("Organisme fermé"),
        N_("L’organisme de formation a fermé le {on:day}."),
        N_("Chercher une autre solution avec la personne ; une nouvelle étape commencée le clôt."),
    ),
    "training_interrupted": Wording(
        N_("Sortie anticipée"), _interruption, N_("Reprendre contact ; une nouvelle étape commencée le clôt.")
    ),
    "post_exit_followup_overdue": Wording(
        N_("Suivi après sortie en retard"),
        N_("Situation à {month:months} attendue le {due:day} (sortie du {exited:day})."),
        N_("Noter où en est la personne."),
    ),
    "result_unknown": Wording(
        N_("Résultat inconnu"),
        N_("Formation certifiante finie le {ended:day}, résultat non déclaré."),
        N_("Saisir le résultat."),
    ),
}

WORDINGS: Mapping[str, Wording] = {
    **SENTENCES,
    VEILED: Wording(
        N_("Point suivi par le référent"),
        N_("L’organisme référent suit un point dont le thème ne vous est pas communiqué."),
        N_("Appeler le référent si cela gêne votre étape."),
    ),
}
"""The same, and what is said in the place of a signal whose name its reader may not know."""
