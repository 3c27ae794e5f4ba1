"""The answer to a request for access (GDPR art. 15): everything held on one person, as JSON and as a document to read."""

from pathways.exchange.access_export.document import as_json, as_pdf
from pathways.exchange.access_export.gathering import everything_about

__all__ = ["as_json", "as_pdf", "everything_about"]
