"""Edits before release: what stops a claim, what needs a reason, and what was not looked at."""

from pipeline.claims.edits.claim_edits import ClaimEdits
from pipeline.claims.edits.edit import Edit, Severity

__all__ = ["ClaimEdits", "Edit", "Severity"]
