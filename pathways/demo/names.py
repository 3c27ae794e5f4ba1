"""Fictitious people: frequent French given and family names, and one typo as a tired counsellor makes it."""

from __future__ import annotations

from random import Random


def _listed(text: str) -> tuple[str, ...]:
    """Names set solid; a tilde stands for a space within one."""
    return tuple(name.replace("~", " ") for name in text.split())


WOMEN = _listed("""
    Léa Manon Chloé Camille Emma Inès Sarah Marie Laura Julie Pauline Anaïs Océane Lucie Clara Mathilde Justine
    Morgane Alice Jade Lola Zoé Louise Juliette Margaux Éva Romane Elsa Charlotte Noémie Solène Maëlle Gwenaëlle
    Maëva Coralie Amandine Élodie Aurélie Céline Sandrine Nathalie Sylvie Fatoumata Aminata Mariam Yasmine Nour
    Samira Leïla Khadija Aïcha Imane Sofia Ana Elena Daria Rose Agathe Capucine Nina Ambre Lina Salomé Victoire
    Héloïse Apolline Kelly Jessica Mélissa Vanessa Audrey Marine Fanny Estelle
""")
MEN = _listed("""
    Lucas Théo Hugo Nathan Enzo Louis Mathis Antoine Alexandre Thomas Maxime Clément Quentin Baptiste Romain
    Valentin Paul Arthur Léo Jules Adam Raphaël Gabriel Ethan Noah Tom Axel Simon Martin Victor Samuel Robin Kévin
    Dylan Jordan Steven Florian Benjamin Julien Nicolas Sébastien Christophe Laurent Ibrahim Mohamed Amine Yanis
    Bilal Mamadou Ousmane Moussa Rayan Ismaël Karim Ali Omar Erwan Ronan Malo Gwendal Yohan Corentin Tanguy Loïc
    Damien Cédric Bastien Mickaël Jonathan Tristan Gaspard Côme Timéo Sacha Diego
""")
FAMILIES = _listed("""
    Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre Leroy Roux David
    Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Muller Faure André Mercier
    Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier Garcia Perrin Robin Clément Morin Nicolas Henry
    Roussel Mathieu Gautier Masson Marchand Duval Denis Dumont Marie Lemaire Noël Meyer Dufour Meunier Brun
    Blanchard Giraud Joly Rivière Lucas Brunet Gaillard Barbier Arnaud Martinez Gérard Roche Renard Schmitt Roy
    Leroux Colin Vidal Caron Picard Roger Fabre Aubert Lemoine Renaud Dumas Lacroix Olivier Philippe Bourgeois
    Pierre Benoît Rey Leclerc Payet Rolland Leclercq Guillaume Lecomte Lopez Jean Dupuy Guillot Hubert Berger
    Carpentier Sanchez Dupuis Moulin Louis Deschamps Huet Vasseur Perez Boucher Fleury Royer Klein Jacquet Adam
    Paris Poirier Marty Aubry Guyot Carré Charles Renault Charpentier Ménard Maillard Baron Bertin Bailly Hervé
    Schneider Fernandez Collet Léger Bouvier Julien Prévost Millet Perrot Daniel Cousin Germain Breton Besson
    Langlois Rémy Pelletier Lévêque Perrier Leblanc Barré Lebrun Marchal Weber Mallet Hamon Boulanger Jacob
    Monnier Michaud Rodriguez Guichard Gillet Étienne Grondin Poulain Tessier Chevallier Collin Chauvin Bouchet
    Gay Lemaître Bénard Maréchal Humbert Reynaud Antoine Hoarau Perret Barthélemy Cordier Pichon Lejeune Gilbert
    Lamy Delaunay Pasquier Carlier Laporte Diallo Traoré Benali Haddad Nguyen Da~Silva Ferreira Diop Cissé Camara
    Belkacem Bouzid Mansouri Le~Gall Le~Roux Guihard Rabin Brossard Cesbron Papin Bureau Guilbaud Chiron Douillard
    Rineau Loiseau Bossard Hallereau Praud Boucard Gouraud
""")


SHORTEST = 3
"""Letters below which none is dropped."""


def given_name(chance: Random, sex: str) -> str:
    return chance.choice(WOMEN if sex == "F" else MEN)


def family_name(chance: Random) -> str:
    return chance.choice(FAMILIES)


def misspelt(chance: Random, name: str) -> str:
    """The name with one letter doubled, dropped or swapped with its neighbour."""
    at = chance.randrange(1, max(2, len(name) - 1))
    kind = chance.randrange(3)
    if kind == 0:
        return name[:at] + name[at] + name[at:]
    if kind == 1 and len(name) > SHORTEST:
        return name[:at] + name[at + 1 :]
    return name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :]
