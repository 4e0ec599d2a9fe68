"""Every segment that a claim is written with, shaped by x12sdk's typed segments; those around claims are in `envelope`.

Each function gives one segment with its terminator. Values come as they are to be written: a code of a list that the
implementation guide 005010X222A1 does not have, or a text longer than its element, is refused by the typed segment.
"""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal

from pydantic import Field
from x12sdk.models import X12Segment
from x12sdk.v5010 import segments as base
from x12sdk.v5010.x12_837_005010X222A2 import segments as typed

from pipeline.records import Address, Agreements, PersonName

REPORT_TYPES = frozenset(each.value for each in typed.Loop2300PwkSegment.AttachmentReportTypeCode)
"""The codes of PWK01."""
_Amount = Annotated[str, Field(pattern=r"^([1-9][0-9]*(\.[0-9]?[1-9])?|\.[0-9]?[1-9])$")]


class _Demographics(base.DmgSegment):
    # The guide has U, unknown, which x12sdk lacks.
    gender_code: Literal["F", "M", "U"]  # type: ignore[assignment]


class _Claim(base.ClmSegment):
    # A Decimal would write 0.05, where X12 writes .05.
    total_claim_charge_amount: _Amount  # type: ignore[assignment]


class _OtherInsurance(base.OiSegment):
    # x12sdk takes N for "not applicable", which is W, and has another word for no.
    benefits_assignment_certification: Literal["N", "Y"]  # type: ignore[assignment]


class _Paid(typed.Loop2300AmtSegment):
    monetary_amount: _Amount  # type: ignore[assignment]


class _Service(base.Sv1Segment):
    line_item_charge_amount: _Amount  # type: ignore[assignment]


def per(name: str | None, phone: str) -> str:
    """Whom to call about the file."""
    return _text(
        typed.Loop1000APerSegment(
            contact_function_code="IC",
            name=name,
            communication_number_qualifier_1="TE",
            communication_number_1=phone,
        )
    )


_LEVELS = {"20": typed.Loop2000AHlSegment, "22": typed.Loop2000BHlSegment, "23": typed.Loop2000CHlSegment}
_ORGANIZATIONS: dict[str, Callable[..., X12Segment]] = {
    "41": typed.Loop1000ANm1Segment,
    "40": typed.Loop1000BNm1Segment,
    "85": typed.Loop2010AaNm1Segment,
    "PR": typed.Loop2010BbNm1Segment,
    "77": typed.Loop2310CNm1Segment,
}
_PERSONS: dict[str, Callable[..., X12Segment]] = {
    "IL": typed.Loop2010BaNm1Segment,
    "QC": typed.Loop2010CaNm1Segment,
    "82": typed.Loop2310BNm1Segment,
    "DN": typed.Loop2310ANm1Segment,
    "DQ": typed.Loop2310DNm1Segment,
    "DK": typed.Loop2420ENm1Segment,
}
_SPECIALTIES = {"BI": typed.Loop2000APrvSegment, "PE": typed.Loop2310BPrvSegment}


def hl(number: int, parent: int | None, level: str, *, has_child: bool) -> str:
    """Begins a level: 20 the billing provider, 22 the subscriber, 23 the patient."""
    return _text(
        _LEVELS[level](
            hierarchical_id_number=str(number),
            hierarchical_parent_id_number=None if parent is None else str(parent),
            hierarchical_level_code=level,
            hierarchical_child_code="1" if has_child else "0",
        )
    )


def organization(entity: str, name: str, qualifier: str, number: str) -> str:
    """Names an organization (NM1): 41 submitter, 40 receiver, 85 billing provider, PR payer, 77 facility."""
    return _text(
        _ORGANIZATIONS[entity](
            entity_identifier_code=entity,
            entity_type_qualifier="2",
            name_last_or_organization_name=name,
            identification_code_qualifier=qualifier,
            identification_code=number,
        )
    )


def person(entity: str, name: PersonName, qualifier: str | None = None, number: str | None = None) -> str:
    """Names a person (NM1).

    IL is the subscriber, QC the patient, and of providers 82 the rendering one, DN who referred, DQ who supervised, DK
    who ordered.
    """
    return _text(
        _PERSONS[entity](
            entity_identifier_code=entity,
            entity_type_qualifier="1",
            name_last_or_organization_name=name.last,
            name_first=name.first,
            name_middle=name.middle,
            name_suffix=name.suffix,
            identification_code_qualifier=qualifier,
            identification_code=number,
        )
    )


def address(place: Address) -> tuple[str, str]:
    """Street (N3) and city (N4)."""
    return (
        _text(base.N3Segment(address_information_1=place.street, address_information_2=place.second)),
        _text(base.N4Segment(city_name=place.city, state_province_code=place.state, postal_code=place.zip)),
    )


def dmg(birth_date: date, sex: str | None) -> str:
    """Birth date and sex."""
    return _text(
        _Demographics(
            date_time_period_format_qualifier="D8", date_time_period=f"{birth_date:%Y%m%d}", gender_code=sex or "U"
        )
    )


def prv(role: str, taxonomy: str) -> str:
    """The specialty of a provider: BI who bills, PE who renders."""
    return _text(
        _SPECIALTIES[role](
            provider_code=role, reference_identification_qualifier="PXC", reference_identification=taxonomy
        )
    )


def ref(qualifier: str, number: str) -> str:
    """A number: EI or SY tax id of who bills, G1 prior authorization, F8 the payer's of the earlier claim, X4 CLIA."""
    kind = typed.Loop2010AaRefSegment if qualifier in {"EI", "SY"} else typed.Loop2300RefSegment
    return _text(kind(reference_identification_qualifier=qualifier, reference_identification=number))


def sbr(*, relationship: str | None, group: str | None, plan: str | None, kind: str, second: bool = False) -> str:
    """The insurance, the first to be asked or the second; the relationship is what the patient is to the insured."""
    segment = typed.Loop2320SbrSegment if second else typed.Loop2000BSbrSegment
    return _text(
        segment(
            payer_responsibility_code="S" if second else "P",
            individual_relationship_code=relationship,
            group_policy_number=group,
            group_name=plan,
            claim_filing_indicator_code=kind,
        )
    )


def oi(agreed: Agreements) -> str:
    """What the second insurance is told of assignment and release."""
    return _text(
        _OtherInsurance(
            benefits_assignment_certification="Y" if agreed.assigns else "N",
            release_of_information_code="Y" if agreed.releases else "I",
        )
    )


def pat(relationship: str) -> str:
    """What the patient is to the subscriber."""
    return _text(typed.Loop2000CPatSegment(individual_relationship_code=relationship))


def clm(
    number: str, total: str, place: str, frequency: str, agreed: Agreements, cause: str | None, state: str | None
) -> str:
    """The claim: signed by the provider, with what was agreed to."""
    return _text(
        _Claim(
            patient_control_number=number,
            total_claim_charge_amount=total,
            health_care_service_location_information=f"{place}:B:{frequency}",
            provider_or_supplier_signature_indicator="Y",
            provider_accept_assignment_code="A" if agreed.accepts else "C",
            benefit_assignment_certification_indicator="Y" if agreed.assigns else "N",
            # Without a signature the law's own consent to release what a claim says is named.
            release_of_information_code="Y" if agreed.releases else "I",
            related_causes_code=f"{cause}:::{state}" if state else cause,
        )
    )


def dtp(qualifier: str, first: date, last: date | None = None) -> str:
    """A day, or with `last` a span of days.

    472 is of the service, 439 of the accident, 431 of the illness, 484 of the last menstrual period; 314 is the span of
    being unable to work, 360 its first day where the last is not known; 435 is of admission, 096 of discharge.
    """
    kind = typed.Loop2400DtpSegment if qualifier == "472" else typed.Loop2300DtpSegment
    return _text(
        kind(
            date_time_qualifier=qualifier,
            date_time_period_format_qualifier="RD8" if last else "D8",
            date_time_period=f"{first:%Y%m%d}-{last:%Y%m%d}" if last else f"{first:%Y%m%d}",
        )
    )


def amt(paid: str) -> str:
    """What the patient paid."""
    return _text(_Paid(amount_qualifier_code="F5", monetary_amount=paid))


def nte(note: str) -> str:
    """What else the payer should read."""
    return _text(typed.Loop2300NteSegment(note_reference_code="ADD", description=note))


def pwk(report_type: str, transmission: str, control: str | None) -> str:
    """What is sent besides the claim."""
    return _text(
        typed.Loop2300PwkSegment(
            report_type_code=report_type,
            report_transmission_code=transmission,
            identification_code_qualifier="AC" if control else None,
            identification_code=control,
        )
    )


def hi(codes: tuple[tuple[str, str], ...]) -> str:
    """The diagnoses, each with the qualifier of its edition and rank."""
    return _text(
        base.HiSegment(**{f"health_care_code_{place}": list(code) for place, code in enumerate(codes, start=1)})
    )


def lx(number: int) -> str:
    """Begins a service line."""
    return _text(base.LxSegment(assigned_number=str(number)))


def sv1(procedure: tuple[str, ...], charge: str, units: int, place: str | None, pointers: tuple[int, ...]) -> str:
    """The service: code and modifiers, charge, units, place where it is not the claim's, diagnoses it points to."""
    return _text(
        _Service(
            product_service_id_qualifier=":".join(("HC", *procedure)),
            line_item_charge_amount=charge,
            unit_basis_measurement_code="UN",
            service_unit_count=units,
            place_of_service_code=place,
            composite_diagnosis_code_pointer=":".join(map(str, pointers)),
        )
    )


def _text(segment: X12Segment) -> str:
    return segment.x12()
