"""A claim as a FHIR Bundle of the collection kind, for systems that take resources instead of forms.

The classes are those of R4B, for the library has no plain R4; only elements that R4 has too are set, so both releases
read the bundle.
"""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal

from fhir.resources.R4B.bundle import Bundle, BundleEntry
from fhir.resources.R4B.resource import Resource

from pipeline.errors import ExportError
from pipeline.export.fhir import billing, care, parties
from pipeline.export.fhir.terms import Role, url
from pipeline.records import Claim, Relationship

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_NUMBER = re.compile(r'"value": ([0-9.e+-]+)(?=(,\s+"(?:currency|unit)")?)')


def fhir_bundle(claim: Claim, *, at: datetime, draft: bool = False) -> str:
    """The JSON of a Bundle that holds the claim and everything that it refers to.

    Args:
        claim: the claim.
        at: aware: when the bundle is made, and the claim's `created`. The same claim at the same time gives the same
            text. Amounts have their cents (85.00), as FHIR asks for a decimal's precision to be kept.
        draft: nobody released it, which is the claim's status then.

    Raises:
        ExportError: a text of the claim is blank or holds a character that FHIR forbids, or an amount has a third
            decimal; every such field is named.
    """
    if problems := tuple(_problems(claim)):
        raise ExportError(*problems)
    entries = [BundleEntry(fullUrl=address, resource=resource) for address, resource in _resources(claim, at, draft)]
    bundle = Bundle(type="collection", timestamp=at, entry=entries)
    # The library writes a decimal as a binary float, 24.5 for 24.50. A quote inside a text is escaped, so the pattern
    # meets numbers only.
    return _NUMBER.sub(_exact, bundle.model_dump_json(indent=2)) + "\n"


def _resources(claim: Claim, at: datetime, draft: bool) -> Iterator[tuple[str, Resource]]:
    """Every resource of the bundle, with its address."""
    yield url(claim, Role.CLAIM), billing.claim(claim, at, draft=draft)
    yield url(claim, Role.COVERAGE), billing.coverage(claim)
    yield url(claim, Role.PATIENT), parties.patient(claim)
    if claim.coverage.relationship is not Relationship.SELF:
        yield url(claim, Role.INSURED), parties.insured(claim)
    yield url(claim, Role.PRACTICE), parties.practice(claim)
    yield url(claim, Role.PAYER), parties.payer(claim.coverage.payer)
    yield url(claim, Role.PROVIDER), parties.provider(claim)
    if claim.other_provider:
        yield url(claim, Role.OTHER_PROVIDER), parties.other_provider(claim.other_provider)
    if other := claim.other_coverage:
        yield url(claim, Role.OTHER_COVERAGE), billing.other_coverage(claim, other)
        yield url(claim, Role.OTHER_PAYER), parties.payer(other.payer)
        if other.relationship is not Relationship.SELF:
            yield url(claim, Role.OTHER_INSURED), parties.other_insured(claim, other)
    if claim.facility:
        yield url(claim, Role.FACILITY), parties.facility(claim.facility)
    for who in parties.coders(claim):
        yield url(claim, Role.CODER, who), parties.coder(claim, who)
    yield url(claim, Role.ENCOUNTER), care.encounter(claim)
    for number in range(1, len(claim.diagnoses) + 1):
        yield url(claim, Role.CONDITION, number), care.condition(claim, number)
    for number in range(1, len(claim.lines) + 1):
        yield url(claim, Role.PROCEDURE, number), care.procedure(claim, number)
    yield url(claim, Role.PROVENANCE), care.provenance(claim, at)


def _exact(number: re.Match[str]) -> str:
    value = Decimal(number[1])
    return f'"value": {value:.2f}' if number[2] else f'"value": {value:.0f}'


def _problems(claim: Claim) -> Iterator[str]:
    for name, value in _leaves(claim, ""):
        match value:
            case str() if not value.strip():
                yield f"The claim's field '{name}' is blank."
            case str() if _FORBIDDEN.search(value):
                yield f"The claim's field '{name}' holds a character that FHIR forbids."
            case Decimal() if value != round(value, 2):
                yield f"The claim's field '{name}' has more than two decimals."


def _leaves(value: object, name: str) -> Iterator[tuple[str, object]]:
    """Every text and number of a record, with its name in words: `lines 2 charge`."""
    if isinstance(value, tuple):
        for number, each in enumerate(value, start=1):
            yield from _leaves(each, f"{name} {number}")
    elif is_dataclass(value):
        for field in fields(value):
            yield from _leaves(getattr(value, field.name), f"{name} {field.name.replace('_', ' ')}".strip())
    else:
        yield name, value
