"""The information sheet (GDPR art. 13 and 14), in full and in easy French. The version changes with the text.

Who reads what is not written here: it is told from the matrix (`who_reads`), and a change there is a new version too.
"""

from __future__ import annotations

from dataclasses import dataclass

from pathways.sharing.language import N_

VERSION = "2026-11-23"
"""The day from which the text, matrix included, is the one in force."""


@dataclass(frozen=True, slots=True)
class Part:
    """One heading and its sentences; ``icon``: for the easy version, where a picture goes with each idea."""

    title: str
    sentences: tuple[str, ...]
    icon: str


FULL = (
    Part(N_("Qui traite ces données, et pourquoi"), (
        N_(
            "Les organismes qui vous accompagnent (mission locale, France Travail, Cap emploi, département, "
            "organismes de formation, CFA) tiennent ensemble un journal daté de votre parcours, chacun pour ce qu’il "
            "fait avec vous."
        ),
        N_(
            "Il sert à suivre votre parcours sans rupture : savoir où vous en êtes, prévenir à temps la personne qui "
            "peut vous aider, et rendre des comptes sur l’action publique."
        ),
        N_(
            "Ce traitement repose sur une mission d’intérêt public (RGPD, article 6-1-e) et sur le code du travail "
            "(articles L5312-38, R5312-38-1 et R5312-42-1)."
        ),
    ), "building"),
    Part(N_("Ce qui protège vos données"), (
        N_(
            "Chaque organisme ne lit que ce que son rôle demande, tant qu’une étape ou un lien de référent l’unit à "
            "vous, puis trente jours. Le détail est plus bas, organisme par organisme."
        ),
        N_(
            "La raison d’un arrêt, ou d’une difficulté de santé, n’est lue que par qui l’a écrite. Les textes libres ne "
            "quittent jamais leur organisme."
        ),
        N_("Votre numéro de sécurité sociale n’est pas conservé."),
    ), "shield-check"),
    Part(N_("Les signaux automatiques"), (
        N_(
            "Des règles publiques repèrent des faits datés (une absence, un rendez-vous manqué, un délai qui "
            "approche) et les montrent à votre référent. Aucune note ne vous est attribuée, et aucune règle ne décide "
            "d’un droit, d’une allocation ou d’une sanction : seule une personne décide."
        ),
        N_("Vous pouvez vous y opposer à tout moment : l’accompagnement continue de la même façon."),
    ), "bell"),
    Part(N_("Combien de temps"), (
        N_(
            "Votre dossier est conservé deux ans après le dernier contact, puis archivé trois ans à accès restreint, "
            "puis rendu anonyme. Le journal des consultations est conservé douze mois."
        ),
    ), "hourglass-split"),
    Part(N_("Vos droits"), (
        N_(
            "Vous pouvez demander une copie de tout ce qui est écrit sur vous, avec l’explication de chaque signal ; "
            "le faire corriger ; savoir qui a consulté votre dossier ; vous opposer aux signaux automatiques ; donner "
            "ou retirer un accord. La réponse vient dans le mois."
        ),
        N_(
            "Adressez-vous à la personne qui vous accompagne ou au délégué à la protection des données de son "
            "organisme. Vous pouvez aussi saisir la CNIL (3 place de Fontenoy, 75007 Paris, www.cnil.fr)."
        ),
        N_(
            "À partir de quinze ans, vous exercez ces droits vous-même ; vos représentants légaux signent les "
            "contrats."
        ),
    ), "person-check"),
)
EASY = (
    Part(N_("Qui écrit sur moi ?"), (
        N_("Les personnes qui m’aident écrivent ce que nous faisons ensemble."),
        N_("Elles l’écrivent dans un journal commun."),
        N_("Comme ça, je n’ai pas à tout répéter."),
    ), "pencil"),
    Part(N_("Qu’est-ce qui est secret ?"), (
        N_("Chaque personne lit seulement ce qui sert à m’aider."),
        N_("Pourquoi je suis malade reste secret."),
        N_("Ce que quelqu’un écrit avec ses mots reste dans sa structure."),
        N_("Plus bas, on dit qui peut lire quoi."),
    ), "shield-check"),
    Part(N_("C’est quoi, les alertes ?"), (
        N_("L’ordinateur peut dire : « Il a manqué un rendez-vous »."),
        N_("Une personne m’appelle alors pour m’aider."),
        N_("L’ordinateur ne décide de rien."),
        N_("Je peux dire non aux alertes. On m’aide quand même."),
    ), "bell"),
    Part(N_("Combien de temps ?"), (
        N_("On garde mon dossier deux ans après notre dernier contact."),
        N_("Après, presque personne ne peut le lire."),
        N_("Trois ans plus tard, mon nom est effacé."),
    ), "hourglass-split"),
    Part(N_("Qu’est-ce que je peux demander ?"), (
        N_("Je peux lire tout ce qui est écrit sur moi."),
        N_("Je peux faire corriger une erreur."),
        N_("Je peux savoir qui a lu mon dossier."),
        N_("On me répond en un mois."),
        N_("Je demande à la personne qui m’aide. Si ça ne va pas, je peux écrire à la CNIL."),
    ), "person-check"),
)
