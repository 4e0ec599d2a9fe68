"""The coders' web app: the list of encounters and, for each, its ink beside its codes."""

from pipeline.review.app import build_app
from pipeline.review.desk import CodeSearch

__all__ = ["CodeSearch", "build_app"]
