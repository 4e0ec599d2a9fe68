"""Retrieval, ranking and coding rules: entities of an encounter to candidate codes."""

from pipeline.coding.suggester import Suggester

__all__ = ["Suggester"]
