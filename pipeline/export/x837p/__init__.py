"""Claims as 837P, the professional claim of ASC X12 (005010X222A1), in one file for a clearinghouse."""

from pipeline.export.x837p.interchange import x837p

__all__ = ["x837p"]
