"""Why something is refused, in plain French, and what is possible instead. One sentence per reason code.

Codes with a number in them (``age_below_16``) are looked up without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pathways.errors import Reason
from pathways.sharing.identifier_refusals import OF_NUMBERS, OF_TERRITORIES
from pathways.sharing.language import N_, _
from pathways.sharing.wording import known, say

_NUMBER = re.compile(r"_\d+$")

REFUSALS: Mapping[str, str] = {
    **OF_NUMBERS,
    **OF_TERRITORIES,
    # schemes
    "scheme_not_open": N_(
        "{scheme:scheme} n’existe qu’à partir du {opens:day} : vérifiez la date, ou choisissez un autre dispositif."
    ),
    "scheme_closed": N_("{scheme:scheme} n’accepte plus d’entrées depuis le {closed:day} : choisissez un autre dispositif."),
    "age_below": N_("Il faut avoir {limit:years} (âge ce jour-là : {age:years}). Un autre dispositif est peut-être ouvert."),
    "age_above": N_(
        "Il faut avoir moins de {limit:years} (âge ce jour-là : {age:years}). Un autre dispositif est peut-être ouvert."
    ),
    "minor": N_("La personne est mineure : faites signer son représentant légal et cochez la case correspondante."),
    "not_registered": N_(
        "L’inscription à France Travail a pris fin le {since:day} : déclarez d’abord la réinscription de la personne."
    ),
    "already_open": N_("{scheme:scheme} est déjà ouvert depuis le {since:day} : continuez dans cette étape."),
    "not_concurrent": N_("{schemes:schemes} ne se tiennent pas ensemble, et le premier court depuis le {since:day}."),
    "hours_too_many": N_("{hours:hours} dépassent les {most:hours} de ce dispositif : réduisez, ou choisissez-en un autre."),
    "condition_not_met": N_("Une condition d’entrée n’est pas remplie : « {condition:said} »."),
    "too_soon_after": N_("Il faut attendre le {from:day}, {months:months} après le précédent, sauf circonstances motivées."),
    "recognition_lapsed": N_("La RQTH a pris fin le {since:day} : faites-la renouveler, ou changez d’accompagnement."),
    "too_long": N_("La durée maximale s’arrête au {limit:day} : choisissez une date au plus tard ce jour-là."),
    "too_many_agreements": N_(
        "Une structure accueille la même personne deux fois au plus en douze mois, pour des objets différents et 60 jours "
        "en tout (ici {count} et {total:days}) : proposez une autre structure, ou attendez le {from:day}."
    ),
    "contract_too_short": N_(
        "Le contrat prévu ({months:months}) est trop court : ce dispositif demande {least:months} au moins. "
        "Vérifiez sa durée, ou choisissez un autre dispositif."
    ),
    "hours_too_low": N_("{hours:hours} par semaine : ce dispositif en demande {least:hours} au moins."),
    "training_too_late": N_("La formation commence le {starts:day} : elle doit commencer au plus tard le {last_day:day}."),
    "renewed_already": N_("Le contrat a déjà été renouvelé autant de fois que la règle le permet : signez-en un nouveau."),
    "no_trial": N_("Il n’y a pas de période d’essai dans ce dispositif : choisissez un autre motif."),
    # steps
    "phase_not_reviewed": N_("Le bilan de la phase {n} n’est pas fait : déclarez-le, puis commencez la phase suivante."),
    "phase_not_started": N_("La phase {n} n’a pas commencé : vérifiez le numéro de la phase."),
    "work_period_too_short": N_("Une période travaillée compte à partir de {least:days} (ici {days:days})."),
    "certification_filed_already": N_(
        "Un dossier de faisabilité est déjà déposé en {year} pour cette certification : continuez celui-ci, ou attendez janvier."
    ),
    "too_many_files": N_("{count} dossiers de faisabilité sont déjà déposés en {year} : la règle en permet {most} par an."),
    "answer_too_late": N_("La réponse était attendue au plus tard le {last_day:day} : passé ce jour, le silence vaut refus."),
    "not_begun": N_("Le début est prévu le {starts:day} : attendez ce jour, ou déclarez une nouvelle date d’admission."),
    "break_before_start": N_("Le contrat a commencé le {started:day} : la rupture ne peut pas être antérieure."),
    # incidents
    "incident_unknown": N_("Choisissez l’organisme ou l’employeur concerné."),
    "incident_known": N_("Cet incident est déjà signalé et toujours en cours : ouvrez-le dans la liste des incidents."),
    "incident_concerns_nobody": N_("Aucune personne que vous suivez n’a d’étape en cours chez cet organisme."),
    "incident_not_yours": N_("Seul l’organisme qui a signalé un incident le corrige, et seul un organisme annonce sa panne."),
    "incident_too_old": N_("Un incident se signale dans l’année : choisissez une date à partir du {from:day}."),
    "incident_ends_before": N_("La fin ne peut pas précéder le début."),
    # who, when, where
    "not_yours_to_declare": N_("« {event:event} » se déclare par : {by:actors}."),
    "not_from_this_state": "",  # several sentences, see _not_from_this_state
    "not_in_this_scheme": N_("« {event:event} » n’existe pas dans {scheme:scheme} : choisissez l’étape concernée."),
    "day_to_come": N_("La date est à venir : un fait se déclare le jour où il a lieu, ou après."),
    "needs_a_step": N_("« {event:event} » se déclare sur une étape : choisissez laquelle."),
    "unknown_event": N_("Ce type de déclaration n’existe pas ({event})."),
    "unknown_step": N_("Cette étape n’existe pas, ou n’est pas celle de cette personne."),
    "opens_nothing": N_("« {event:event} » n’ouvre pas d’étape : choisissez une étape déjà ouverte."),
    # taking back
    "nothing_to_retract": N_("Cette saisie n’existe pas, ou n’est pas celle de cette personne."),
    "not_your_entry": N_(
        "Cette saisie (« {event:event} ») vient d’un autre organisme : demandez-lui de l’annuler, "
        "ou déclarez de votre côté ce qui est exact."
    ),
    "already_retracted": N_("Cette saisie (« {event:event} ») est déjà annulée."),
    "not_retracted": N_("Cette saisie compte déjà : il n’y a rien à rétablir."),
    "not_to_correct": N_("Cette saisie (« {event:event} ») ne se corrige pas : annulez-la, puis déclarez ce qui est exact."),
    # between organisations
    "unknown_organisation": N_("« {label} » : cet organisme n’existe pas, choisissez-en un dans la liste."),
    "calls_oneself": N_("« {label} » : choisissez un autre organisme que le vôtre."),
    "transfer_to_another": N_("Ce transfert est demandé à un autre organisme : lui seul peut répondre."),
    "transfer_not_yours": N_("Seul l’organisme référent, ou celui qui veut reprendre l’accompagnement, demande un transfert."),
    "nothing_to_transfer": N_("Cette étape est close depuis le {on:day} : il n’y a rien à transférer."),
    "person_deceased": N_("Un décès est déclaré au {on:day} : rien ne se déclare après ce jour, sauf à annuler cette saisie."),
    "cannot_lead": N_("« {label} » : cet organisme ne peut pas être référent de ce dispositif."),
    "handed_over_already": N_("Une transmission à cet organisme attend déjà sa réponse, depuis le {on:day}."),
    "hand_over_to_another": N_("Cette transmission est adressée à un autre organisme : lui seul peut répondre."),
    "no_hand_over_pending": N_("Aucune transmission n’attend de réponse de votre organisme."),
    "retention_running": N_("Une purge est déjà en cours : attendez qu’elle finisse, ou arrêtez-la d’abord."),
    "hold_reason_missing": N_("Écrivez le motif : il est gardé, et relu quand on revoit la mesure."),
    "review_not_ahead": N_("La date de revue doit être à venir, dans un an au plus : choisissez-en une autre."),
    "held_already": N_("Votre organisme retient déjà cette fiche jusqu’à la revue du {due:day} : changez plutôt cette date."),
    "not_held": N_("Cette mesure est déjà levée : rien n’est à faire."),
    "nothing_to_withdraw": N_("Rien n’est à retirer : aucune demande de votre organisme n’attend de réponse."),
    "your_own_entry": N_("Cette saisie est la vôtre : corrigez-la ou annulez-la."),
    "already_asked": N_("La vérification de cette saisie est déjà demandée."),
    "not_asked": N_("Personne ne demande de vérifier cette saisie."),
    "no_discordance": N_("Ces déclarations ne se contredisent plus : il n’y a rien à régler."),
    "not_the_lead": N_("L’organisme référent de la personne règle cette discordance : demandez-lui où il en est."),
    "request_not_accompanied": N_(
        "Une demande va d’un organisme à un autre quand les deux accompagnent la personne aujourd’hui et ont un compte."
    ),
    "request_not_for_them": N_("Cette demande ne s’adresse pas à cet organisme : choisissez-en une dans la liste."),
    "request_not_their_colleague": N_(
        "Cette personne ne suit pas le dossier dans cet organisme : adressez-vous à toute l’équipe."
    ),
    "request_deadline": N_("Choisissez un délai dans la liste."),
    "request_waiting": N_("La même demande attend déjà une réponse, depuis le {on:day}."),
    "request_closed": N_("Cette demande n’attend plus de réponse : rechargez la page."),
    "request_not_yours": N_("Ce geste revient à l’autre organisme."),
    "request_reply_unknown": N_("Cette réponse n’existe pas : choisissez-en une dans la liste."),
    "request_day_missing": N_("Indiquez la date."),
    "request_day_not_coming": N_("Indiquez une date à venir, au plus tard le {last:day}."),
    "request_day_not_past": N_("Indiquez une date passée, ou aujourd’hui."),
    "request_not_undone": N_("Il n’y a plus rien à annuler : seul le dernier geste s’annule, par la personne qui l’a fait."),
    "request_undo_late": N_("Il est trop tard pour annuler : retirez la demande, ou appelez l’autre organisme."),
    # alerts
    "alert_closed": N_("Cette alerte est déjà close depuis le {on:day} : rouvrez le dossier pour voir ce qu’il en est."),
    "absence_days": N_("Une absence finit le jour où elle commence ou plus tard, et n’est pas déjà passée."),
    "absence_delegate": N_("On ne prend pas le relais de soi-même : choisissez un collègue, ou toute l’équipe."),
    "absence_twice": N_("Une absence est déjà notée sur ces jours : retirez-la d’abord."),
    "alert_waits_already": N_("Cette alerte n’est pas devant vous en ce moment : reprenez-la d’abord."),
    "pause_too_long": N_("Une alerte attend 28 jours au plus : choisissez un jour à venir, au plus tard le {last:day}."),
    "pause_unexplained": N_("Choisissez pourquoi attendre dans la liste."),
    "not_a_colleague": N_("Cette personne n’est pas de votre organisme : choisissez un collègue."),
    "not_your_alert": N_("Cette alerte est confiée à un autre organisme : demandez-lui où il en est."),
    "reason_missing": N_("Indiquez un motif."),
    "not_the_file_tried": N_("Ce n’est pas le fichier qui vient d’être essayé : essayez-le d’abord."),
    "birth_date_needed": N_("La date de naissance manque dans la fiche : c’est elle qui protège le lien. Ajoutez-la d’abord."),
    "recipient_unknown": N_("Cet organisme n’est pas connu : choisissez-le dans la liste."),
    "nothing_to_share": N_("Un accord ne ferait rien lire de plus à cet organisme."),
    "adaptations_missing": N_("Cochez au moins un aménagement : c’est tout ce qui sera transmis."),
    "until_is_past": N_("La fin de l’accord est déjà passée."),
    "request_answered": N_("Cette demande a déjà reçu une réponse."),
    "answer_missing": N_("Écrivez pourquoi la demande est refusée : la personne a le droit de le savoir."),
    "too_many_namesakes": N_(
        "Plus de trois personnes portent ce nom et sont nées ce jour-là : précisez la commune."
    ),
    "explanation_missing": N_("Dites en une phrase ce qui se passe ({characters} caractères au moins) : elle sera lue."),
    "own_reading": N_("Ces consultations sont les vôtres : quelqu’un d’autre doit les examiner."),
    "nothing_chosen": N_("Cochez au moins une ligne."),
    "calendar_unchanged": N_("Le calendrier se lit déjà ainsi : il n’y a rien à enregistrer."),
    "calendar_too_long": N_("Au plus {most} jours par liste : vérifiez les années."),
    "range_backwards": N_("Le {last_day:day} vient avant le {starts:day} : inversez les deux dates."),
    "handing_reason_unknown": N_("Choisissez le motif dans la liste."),
    # members and invitations
    "role_not_of_kind": N_(
        "Le rôle « {role:role} » n’existe pas dans un organisme de ce type ({place:kind}) : choisissez-en un autre dans la liste."
    ),
    "role_to_oneself": N_(
        "Le rôle « {role:role} » ouvre des dossiers : on ne se le donne pas à soi-même. Demandez-le à un autre administrateur."
    ),
    "role_held_already": N_("Le rôle « {role:role} » est déjà donné à partir du {since:day} : il n’y a rien à ajouter."),
    "role_not_held": N_("Le rôle « {role:role} » a déjà pris fin : rechargez la page."),
    "role_end_not_planned": N_("Aucune fin n’est prévue pour le rôle « {role:role} » : rechargez la page."),
    "role_day_gone": N_("Ce jour est passé : un rôle commence ou finit aujourd’hui ou plus tard, le passé ne change pas."),
    "day_too_far": N_("Choisissez un jour au plus tard le {last:day}."),
    "last_administrator": N_(
        "C’est le dernier administrateur de l’organisme : donnez d’abord ce rôle, sans date de fin, à quelqu’un d’autre."
    ),
    "email_invalid": N_("Cette adresse électronique n’en est pas une : écrivez-la comme prenom.nom@organisme.fr."),
    "roles_missing": N_("Choisissez au moins un rôle."),
    "already_member": N_("Cette personne a déjà ce rôle chez vous : ouvrez sa fiche dans la liste des membres."),
    "already_invited": N_(
        "Une invitation attend déjà à cette adresse, jusqu’au {until:day} : renouvelez son lien, ou annulez-la d’abord."
    ),
    "invitation_over": N_("Ce lien ne sert plus : demandez une nouvelle invitation à l’administrateur de l’organisme."),
    "invitation_inviter_left": N_(
        "La personne qui vous a invité n’administre plus cet organisme : demandez une nouvelle invitation."
    ),
    "invitation_for_another": N_("Cette invitation est adressée à quelqu’un d’autre : déconnectez-vous, puis rouvrez le lien."),
    "sign_in_to_accept": N_("Un compte existe déjà à votre adresse : rouvrez le lien et connectez-vous pour accepter."),
    # accounts
    "name_missing": N_("Indiquez un nom, en une ligne."),
    "phone_invalid": N_("Ce numéro de téléphone n’en est pas un : écrivez-le comme 06 12 34 56 78, ou +32 2 123 45 67."),
    "password_wrong": N_("Le mot de passe actuel ne correspond pas : vérifiez-le et réessayez."),
    "password_same": N_("Le nouveau mot de passe est le même que l’ancien : choisissez-en un autre."),
    "password_short": N_(
        "Le mot de passe est trop court : {least} caractères au moins, par exemple quatre mots qui ne vont pas ensemble."
    ),
    "password_long": N_("Le mot de passe est trop long : {most} caractères au plus."),
    "password_common": N_("Ce mot de passe se devine : évitez les suites et les mots les plus courants."),
    "password_personal": N_("Le mot de passe est fait de votre nom ou de votre adresse : choisissez autre chose."),
    "passwords_differ": N_("Les deux saisies du mot de passe diffèrent : recommencez."),
    "code_wrong": N_(
        "Ce code ne correspond pas, ou il a déjà servi : attendez le suivant, et vérifiez l’heure de votre téléphone."
    ),
    "second_factor_there": N_("La double authentification est déjà en place : il n’y a rien à ajouter."),
    "second_factor_none": N_("Il n’y a pas de double authentification sur ce compte : rien n’est à faire."),
    "second_factor_owed": N_("Votre rôle demande la double authentification : elle ne se retire pas."),
    "second_factor_own": N_(
        "On ne réinitialise pas la sienne ainsi : retirez-la depuis votre compte, ou demandez-le à un autre administrateur."
    ),
    # thresholds
    "threshold_locked": N_("Ce délai vient d’un texte ({source}) : il ne se change pas."),
    "threshold_by_scheme": N_("Ce délai dépend du dispositif : choisissez lequel."),
    "threshold_twice": N_("Le même seuil est demandé deux fois pour le même dispositif : gardez-en un."),
    "period_backwards": N_("La période se termine avant d’avoir commencé : échangez les deux jours."),
    "period_too_long": N_("Choisissez une période de {days} jours au plus."),
    "too_many_replays": N_("{most} rejeux sont déjà en cours : attendez que l’un se termine, ou annulez-le."),
    "replay_going_on": N_("Ce rejeu est en cours : annulez-le d’abord."),
    "threshold_missing": N_("Indiquez une valeur."),
    "threshold_out_of_bounds": N_("Choisissez une valeur entre {least} et {most}."),
    "threshold_not_whole": N_("Écrivez un nombre entier."),
    "threshold_rising": N_("Chaque rappel vient après le précédent : les valeurs doivent être croissantes."),
    "threshold_falling": N_("Le second rappel est plus près de la date que le premier : les valeurs doivent être décroissantes."),
    "threshold_pair": N_("« {low} » doit rester plus court que « {high} »."),
    "threshold_unchanged": N_("C’est déjà la valeur en vigueur à cette date : il n’y a rien à changer."),
    "threshold_is_default": N_("La valeur par défaut est déjà celle en vigueur à cette date."),
    "threshold_in_force": N_("Ce changement est déjà en vigueur : choisissez une autre valeur à partir d’aujourd’hui."),
    "threshold_day_gone": N_("Ce jour est passé : un seuil change aujourd’hui ou plus tard, les jours passés gardent le leur."),
    # partners
    "partner_known": N_("Cet organisme est déjà connu, avec ces numéros : « {name} ». Cherchez-le dans la liste."),
    "partner_has_account": N_("{name} a un compte : seul son administrateur modifie ses coordonnées."),
    "commune_unknown": N_("Cette commune n’est pas connue : écrivez son nom comme dans la liste, ou son code INSEE (44109)."),
    "unknown_decision": N_("Choisissez une décision de la liste."),
    "unknown_outcome": N_("Ce résultat n’existe pas : choisissez-en un dans la liste."),
    # groups and sheets
    "group_ends_before_start": N_("Le groupe commence le {starts:day} : il ne peut pas finir avant."),
    "presence_to_come": N_(
        "Une présence ou une absence se constate : laissez vides les jours à venir. "
        "Une absence excusée ou un jour en entreprise peuvent être saisis d’avance."
    ),
    # opening a record
    "names_missing": N_("Indiquez le nom et le prénom."),
    "name_too_long": N_("Le nom et le prénom ont {most} caractères au plus."),
    "birth_date_missing": N_("Indiquez la date de naissance : c’est elle qui distingue les homonymes."),
    "birth_to_come": N_("La date de naissance est à venir : vérifiez l’année."),
    "birth_too_far": N_("Cette date de naissance donne plus de {most} ans : vérifiez l’année."),
    "age_to_confirm": N_("La personne a {age:years} d’après cette date : vérifiez-la, puis confirmez-la si elle est exacte."),
    "phone_unreadable": N_("Ce numéro de téléphone n’existe pas : écrivez-le comme 06 12 34 56 78."),
    "email_unreadable": N_("Cette adresse électronique n’est pas complète : écrivez-la comme nom@exemple.fr."),
    # one person, two records
    "same_record": N_("C’est la même fiche : choisissez-en une autre."),
    "already_joined": N_("L’une de ces fiches est déjà réunie à une autre : rouvrez la personne pour voir laquelle."),
    "not_accompanied": N_(
        "Votre organisme n’accompagne plus cette personne : demandez à celui qui l’accompagne de réunir les fiches."
    ),
    "births_differ": N_("Les dates de naissance diffèrent ({one:day}, {other:day}) : confirmez que c’est bien la même personne."),
    "sexes_differ": N_("Le sexe indiqué diffère d’une fiche à l’autre : confirmez que c’est bien la même personne."),
    "death_declared": N_("Un décès est déclaré sur l’une des fiches : confirmez que c’est bien la même personne."),
    "proposal_decided": N_("Quelqu’un a déjà répondu le {on:day} : rouvrez la personne pour voir ce qu’il en est."),
    "proposal_not_apart": N_("Ces fiches ne sont pas notées comme deux personnes : il n’y a rien à annuler."),
    "merge_undone": N_("Ces fiches sont déjà séparées depuis le {on:day}."),
    # collective sessions
    "unknown_session": N_("Ce type de séance n’existe pas : choisissez-en un dans la liste."),
    "session_size": N_("Une séance se note pour une personne au moins et {most} au plus."),
    "no_open_step": N_("Votre organisme n’a pas d’étape ouverte avec cette personne : ouvrez-en une depuis sa fiche."),
    # details
    "unknown_field": N_("Le détail « {field} » n’est pas attendu ici."),
    "field_missing": N_("« {label} » est à renseigner."),
    "field_invalid": N_("« {label} » n’a pas la forme attendue : vérifiez ce qui est saisi."),
    "nir_refused": N_("« {label} » contient un numéro de sécurité sociale : il ne doit jamais être saisi ici, retirez-le."),
    "no_transfer_pending": N_("Aucun transfert n’est en attente : déclarez d’abord « Transfert demandé »."),
    "pre_contract_over": N_("Les trois mois sans employeur ont pris fin le {last_day:day} : ouvrez une nouvelle étape."),
}


PROPOSALS: dict[str, str] = {
    "close_first": N_("Déclarez d’abord la sortie du premier."),
    "replace": N_("L’un remplace l’autre : choisissez celui qui continue."),
    "close_later": N_("Gardez-le ouvert le temps de la période d’essai ou probatoire, puis déclarez sa sortie."),
    "lead": N_("Le CSP vaut accompagnement : c’est lui qui conduit."),
    "tell": N_("Prévenez l’organisme qui tient le premier."),
    "after": N_("Attendez la fin du premier contrat."),
    "maintenance": N_("Possible seulement pendant le maintien en CFA après une rupture."),
    "frame": N_("Le premier devient le cadre du second."),
    "check": N_("À vérifier avec l’organisme qui tient le premier."),
}
"""What to do about two schemes, by the code the table gives."""


def reason_sentence(reason: Reason) -> str:
    """The French sentence of one reason."""
    try:
        template = _template(reason.code, reason.values)
        if template:
            return say(template, reason.values) + _what_to_do(reason.values) + _instead(reason.values) + _text(reason.values)
    except (KeyError, TypeError, ValueError):
        pass  # an unforeseen value must not turn a refusal into an error page
    return _("Refusé par les règles du dispositif ({code}).").format(code=reason.code)


def reason_sentences(reasons: Iterable[Reason]) -> list[str]:
    """One sentence per reason, without repetition."""
    return list(dict.fromkeys(reason_sentence(reason) for reason in reasons))


def _template(code: str, values: Mapping[str, Any]) -> str | None:
    if code == "not_from_this_state":
        return _not_from_this_state(values)
    return REFUSALS.get(code) or REFUSALS.get(_NUMBER.sub("", code))


def _not_from_this_state(values: Mapping[str, Any]) -> str:
    """Where the step is, where it would have to be, and what can be declared from where it is."""
    if values.get("given"):
        return N_("« {event:event} » ne s’applique pas avec ces détails à une étape à l’état « {state:state} ».")
    if not values["state"]:
        return N_("L’étape n’est pas encore ouverte : déclarez d’abord son début.")
    if not values["sources"]:
        return N_("« {event:event} » ouvre une étape : celle-ci l’est déjà (« {state:state} »).")
    if values["possible"]:
        return N_(
            "L’étape est à l’état « {state:state} » ; il faudrait : {sources:states}. Possible maintenant : {possible:events}."
        )
    return N_("L’étape est terminée (« {state:state} ») ; il faudrait : {sources:states}.")


def proposal(code: str) -> str:
    """What the table of schemes held together proposes, in words; nothing for an unknown code."""
    return _(PROPOSALS[code]) if code in PROPOSALS else ""


def _what_to_do(values: Mapping[str, Any]) -> str:
    told = proposal(values.get("do", ""))
    return f" {told}" if told else ""


def _text(values: Mapping[str, Any]) -> str:
    """Where the rule comes from."""
    return " " + say(N_("Source : {source:said}."), values) if known(values, "source") else ""


def _instead(values: Mapping[str, Any]) -> str:
    """What may be proposed in its place, where the rules name it."""
    return " " + say(N_("Proposez plutôt {propose:scheme}."), values) if known(values, "propose") else ""
