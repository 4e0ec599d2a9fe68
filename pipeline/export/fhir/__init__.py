"""A claim as a FHIR Bundle: the only door to fhir.resources."""

from pipeline.export.fhir.bundle import fhir_bundle

__all__ = ["fhir_bundle"]
