"""The tables. Times are UTC; JSON columns hold records as text.

`charts` holds what arrived and was read, `clerk` what needs a hand, `journal` what people decided, `understandings`
what was made of both, `claims` what became of claims, `access` who gets in, `figures` what people want numbers of,
`audit` who did what, `worklist` the queue.
"""

from pipeline.store.tables.access import attempt, recovery_code, session, sign_in, user
from pipeline.store.tables.audit import audit
from pipeline.store.tables.charts import arrival, document, encounter, event, page, proposal, reading
from pipeline.store.tables.claims import claim_step, office_row
from pipeline.store.tables.clerk import concern, errand, progress, wanted, worker
from pipeline.store.tables.figures import outcome, second_review, signed
from pipeline.store.tables.journal import decision
from pipeline.store.tables.kernel import Moment, metadata
from pipeline.store.tables.understandings import understanding
from pipeline.store.tables.worklist import draft, lease, worklist

APPEND_ONLY = (
    *("reading", "page", "proposal", "decision", "event", "errand", "audit", "understanding"),
    *("claim_step", "office_row"),
)
"""Tables whose rows the database itself refuses to update or delete."""

__all__ = [
    "APPEND_ONLY",
    "Moment",
    "arrival",
    "attempt",
    "audit",
    "claim_step",
    "concern",
    "decision",
    "document",
    "draft",
    "encounter",
    "errand",
    "event",
    "lease",
    "metadata",
    "office_row",
    "outcome",
    "page",
    "progress",
    "proposal",
    "reading",
    "recovery_code",
    "second_review",
    "session",
    "sign_in",
    "signed",
    "understanding",
    "user",
    "wanted",
    "worker",
    "worklist",
]
