"""One module per family of signals. Importing this package registers every rule."""

from pathways.detection.rules import (
    attendance,
    contact,
    contract,
    csp,
    data,
    deadline,
    gap,
    hours,
    immersion,
    leavers,
    person,
    training,
)

__all__ = [
    "attendance",
    "contact",
    "contract",
    "csp",
    "data",
    "deadline",
    "gap",
    "hours",
    "immersion",
    "leavers",
    "person",
    "training",
]
