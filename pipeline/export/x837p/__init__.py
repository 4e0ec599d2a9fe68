"""Claims as 837P, the professional claim of ASC X12 (005010X222A1), in one file for a clearinghouse."""

from pipeline.export.x837p.interchange import x837p
from pipeline.export.x837p.unwritable import unwritable

__all__ = ["unwritable", "x837p"]
