"""The tables. Times are UTC; JSON columns hold records as text.

`charts` holds what arrived and was read, `clerk` what needs a hand, `journal` what people decided, `access` who gets
in, `figures` what people want numbers of.
"""

from pipeline.store.tables.access import session, sign_in, user
from pipeline.store.tables.charts import arrival, document, encounter, event, page, proposal, reading
from pipeline.store.tables.clerk import concern, errand, progress, wanted, worker
from pipeline.store.tables.figures import outcome, second_review, signed
from pipeline.store.tables.journal import decision
from pipeline.store.tables.kernel import Moment, metadata

APPEND_ONLY = ("reading", "page", "proposal", "decision", "event", "errand")
"""Tables whose rows the database itself refuses to update or delete."""

__all__ = [
    "APPEND_ONLY",
    "Moment",
    "arrival",
    "concern",
    "decision",
    "document",
    "encounter",
    "errand",
    "event",
    "metadata",
    "outcome",
    "page",
    "progress",
    "proposal",
    "reading",
    "second_review",
    "session",
    "sign_in",
    "signed",
    "user",
    "wanted",
    "worker",
]
