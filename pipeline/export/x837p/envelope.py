"""The segments around the claims of a file: interchange, functional group and transaction set, begun and ended."""

from datetime import datetime

from x12sdk.models import X12Segment
from x12sdk.v5010 import segments as base
from x12sdk.v5010.x12_837_005010X222A2 import segments as typed

VERSION = "005010X222A1"


def isa(sender: str, qualifier: str, receiver: str, at: datetime, control: int, *, test: bool) -> str:
    """Begins the interchange; every element has its fixed width."""
    return _text(
        base.IsaSegment(
            authorization_information_qualifier="00",
            authorization_information=" " * 10,
            security_information_qualifier="00",
            security_information=" " * 10,
            interchange_sender_qualifier="ZZ",
            interchange_sender_id=f"{sender:15}",
            interchange_receiver_qualifier=qualifier,
            interchange_receiver_id=f"{receiver:15}",
            interchange_date=f"{at:%y%m%d}",
            interchange_time=f"{at:%H%M}",
            repetition_separator="^",
            interchange_control_version_number="00501",
            interchange_control_number=f"{control:09}",
            acknowledgment_requested="0",
            interchange_usage_indicator="T" if test else "P",
            component_element_separator=":",
        )
    )


def iea(control: int) -> str:
    """Ends the interchange, which has one group."""
    return _text(base.IeaSegment(number_of_included_functional_groups=1, interchange_control_number=f"{control:09}"))


def gs(sender: str, receiver: str, at: datetime, control: int) -> str:
    """Begins the functional group."""
    return _text(
        base.GsSegment(
            functional_identifier_code="HC",
            application_sender_code=sender,
            application_receiver_code=receiver,
            functional_group_creation_date=f"{at:%Y%m%d}",
            functional_group_creation_time=f"{at:%H%M}",
            group_control_number=str(control),
            responsible_agency_code="X",
            version_identifier_code=VERSION,
        )
    )


def ge(sets: int, control: int) -> str:
    """Ends the functional group."""
    return _text(base.GeSegment(number_of_transaction_sets_included=sets, group_control_number=str(control)))


def st(control: str) -> str:
    """Begins a transaction set."""
    return _text(
        typed.HeaderStSegment(
            transaction_set_identifier_code="837",
            transaction_set_control_number=control,
            implementation_convention_reference=VERSION,
        )
    )


def se(segments: int, control: str) -> str:
    """Ends a transaction set; it is counted with the rest."""
    return _text(base.SeSegment(transaction_segment_count=segments, transaction_set_control_number=control))


def bht(reference: str, at: datetime) -> str:
    """Says that claims to be paid follow."""
    return _text(
        typed.HeaderBhtSegment(
            hierarchical_structure_code="0019",
            transaction_set_purpose_code="00",
            submitter_transactional_identifier=reference,
            transaction_set_creation_date=f"{at:%Y%m%d}",
            transaction_set_creation_time=f"{at:%H%M}",
            transaction_type_code="CH",
        )
    )


def _text(segment: X12Segment) -> str:
    return segment.x12()
