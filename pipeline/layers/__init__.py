"""People's corrections, laid over a reading: it is understood anew with them, and they always win."""

from pipeline.layers.relayer import as_reading, matters, relayered

__all__ = ["as_reading", "matters", "relayered"]
