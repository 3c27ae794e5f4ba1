"""One fact about many: its kinds, and how an employer is recognised by name."""

import unicodedata
from collections.abc import Mapping

INSOLVENCY, CLOSED, OUTAGE = "employer_insolvency", "body_closed", "feed_outage"

KINDS: Mapping[str, str] = {
    INSOLVENCY: "Employeur en procédure collective",
    CLOSED: "Organisme de formation fermé",
    OUTAGE: "Flux de données en panne",
}


def plain(name: str) -> str:
    """In small letters, without accents nor punctuation: two ways to write one name are one."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(each))
    return " ".join("".join(each if each.isalnum() else " " for each in bare).split())
