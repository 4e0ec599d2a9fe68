"""Every format says the same of a claim, and would not if any of what it says were changed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings

from pipeline.claims.faults import faults
from pipeline.export.cms1500 import cms1500
from pipeline.export.fhir import fhir_bundle
from pipeline.records import Accident, Agreements, Claim, Course, ProviderRole, RelatedTo, Span
from tests.claims.drawn_claims import CLAIM
from tests.export.crosscheck import AT, billed, from_cms1500, from_fhir, from_x837p
from tests.export.drawn_837p import AMES, FULL
from tests.export.fitting import fitting

DAY = date(2014, 3, 1)
assert FULL.other_coverage is not None
SECOND = FULL.other_coverage
WHOLE = replace(
    CLAIM,
    facility=FULL.facility,
    other_provider=AMES,
    paid=Decimal("20.50"),
    agreements=Agreements(),
    course=Course(
        onset=DAY,
        unable_to_work=Span(first=DAY, last=date(2014, 3, 20)),
        in_hospital=Span(first=DAY, last=date(2014, 3, 18)),
    ),
    note="Came by ambulance",
    clia="38D0123456",
    other_coverage=SECOND,
)
"""With everything around its services that the paper form can hold at once."""
FACILITY = WHOLE.facility
CHANGES: dict[str, Claim] = {
    "no facility": replace(WHOLE, facility=None),
    "another facility": replace(WHOLE, facility=replace(FACILITY, npi="1003000126")) if FACILITY else WHOLE,
    "no other provider": replace(WHOLE, other_provider=None),
    "another role": replace(WHOLE, other_provider=replace(AMES, role=ProviderRole.ORDERING)),
    "another other provider": replace(WHOLE, other_provider=replace(AMES, npi="1245319599")),
    "nothing paid": replace(WHOLE, paid=None),
    "a cent more paid": replace(WHOLE, paid=Decimal("20.51")),
    "no release": replace(WHOLE, agreements=Agreements(releases=False)),
    "no assignment": replace(WHOLE, agreements=Agreements(assigns=False)),
    "not accepted": replace(WHOLE, agreements=Agreements(accepts=False)),
    "no onset": replace(WHOLE, course=replace(WHOLE.course, onset=None)),
    "another onset": replace(WHOLE, course=replace(WHOLE.course, onset=date(2014, 3, 2))),
    "a menstrual period": replace(WHOLE, course=replace(WHOLE.course, onset=None, last_menstruation=DAY)),
    "an accident": replace(
        WHOLE,
        course=replace(WHOLE.course, onset=None),
        accident=Accident(related_to=RelatedTo.OTHER, day=date(2014, 2, 28), state=None),
    ),
    "able to work": replace(WHOLE, course=replace(WHOLE.course, unable_to_work=None)),
    "unable for longer": replace(
        WHOLE, course=replace(WHOLE.course, unable_to_work=Span(first=DAY, last=date(2014, 3, 21)))
    ),
    "unable without an end": replace(WHOLE, course=replace(WHOLE.course, unable_to_work=Span(first=DAY, last=None))),
    "not in hospital": replace(WHOLE, course=replace(WHOLE.course, in_hospital=None)),
    "in hospital earlier": replace(
        WHOLE, course=replace(WHOLE.course, in_hospital=Span(first=date(2014, 2, 28), last=date(2014, 3, 18)))
    ),
    "not discharged": replace(WHOLE, course=replace(WHOLE.course, in_hospital=Span(first=DAY, last=None))),
    "no second insurance": replace(WHOLE, other_coverage=None),
    "a second insurance of another group": replace(WHOLE, other_coverage=replace(SECOND, group="G201")),
    "a second insurance without a group": replace(WHOLE, other_coverage=replace(SECOND, group=None)),
    "a second insurance of another person": replace(
        WHOLE, other_coverage=replace(SECOND, insured=replace(SECOND.insured, suffix=None))
    ),
    "no note": replace(WHOLE, note=None),
    "another note": replace(WHOLE, note="Came by ambulances"),
    "no CLIA number": replace(WHOLE, clia=None),
    "another CLIA number": replace(WHOLE, clia="38D0123457"),
    "an authorization": replace(WHOLE, clia=None, authorization="A77"),
}


def test_what_every_format_says_of_everything_is_the_claims() -> None:
    assert faults(WHOLE) == ()
    wanted = billed(WHOLE)
    assert from_cms1500(cms1500(WHOLE)) == from_cms1500(cms1500(WHOLE, preprinted=True)) == wanted
    assert from_x837p(WHOLE) == from_fhir(fhir_bundle(WHOLE, at=AT)) == wanted


@pytest.mark.parametrize("claim", CHANGES.values(), ids=CHANGES.keys())
def test_whatever_is_changed_every_format_says_it(claim: Claim) -> None:
    assert faults(claim) == ()
    wanted, before = billed(claim), billed(WHOLE)
    for found in (from_cms1500(cms1500(claim)), from_x837p(claim), from_fhir(fhir_bundle(claim, at=AT))):
        assert found == wanted != before


@settings(deadline=None, max_examples=20)
@given(fitting)
def test_formats_of_drawn_claims_agree(claim: Claim) -> None:
    wanted = billed(claim)
    assert from_cms1500(cms1500(claim, preprinted=True)) == wanted
    assert from_x837p(claim) == wanted
    assert from_fhir(fhir_bundle(claim, at=AT)) == wanted
