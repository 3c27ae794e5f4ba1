"""What an agreement may be about, in words."""

from __future__ import annotations

from collections.abc import Mapping

from pathways.sharing.language import N_

ADAPTATIONS: Mapping[str, str] = {
    "hours": N_("Horaires ou rythme aménagés"),
    "more_time": N_("Temps supplémentaire aux épreuves"),
    "breaks": N_("Pauses plus fréquentes"),
    "seat": N_("Poste ou siège adapté"),
    "ground_floor": N_("Salle accessible"),
    "written_support": N_("Supports agrandis ou simplifiés"),
    "interpreter": N_("Interprète ou aide à la communication"),
    "human_help": N_("Aide humaine"),
    "remote": N_("Suivi à distance possible"),
}
"""What a course or a post has to provide; never why it is needed (CT D5211-2, L5213-6)."""
