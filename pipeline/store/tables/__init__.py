"""The tables. Times are UTC; JSON columns hold records as text.

`charts` holds what arrived and was read, `journal` what people decided, `access` who gets in, `figures` what
people want numbers of.
"""

from pipeline.store.tables.access import attempt, recovery_code, session, sign_in, user
from pipeline.store.tables.charts import arrival, document, encounter, event, page, proposal, reading
from pipeline.store.tables.figures import outcome, second_review, signed
from pipeline.store.tables.journal import decision
from pipeline.store.tables.kernel import Moment, metadata

APPEND_ONLY = ("reading", "page", "proposal", "decision", "event")
"""Tables whose rows the database itself refuses to update or delete."""

__all__ = [
    "APPEND_ONLY",
    "Moment",
    "arrival",
    "attempt",
    "decision",
    "document",
    "encounter",
    "event",
    "metadata",
    "outcome",
    "page",
    "proposal",
    "reading",
    "recovery_code",
    "second_review",
    "session",
    "sign_in",
    "signed",
    "user",
]
