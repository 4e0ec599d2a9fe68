"""An 837P read back, by its own knowledge of the guide and none of the writer's code.

It takes segments in the order of the guide and no others, so whatever is unexpected is a `ValueError`.
"""

from collections import deque
from datetime import date, datetime
from decimal import Decimal

from pipeline.records import CodeSystem
from tests.export.records_837p import Party, ReadClaim, ReadFile, ReadLine, ReadSet

Segments = tuple[tuple[str, ...], ...]
EDITIONS = {"BK": CodeSystem.ICD9CM, "ABK": CodeSystem.ICD10CM}
DAYS = ("431", "439", "484", "314", "360", "435", "096")
"""Qualifiers of a claim's days, in the guide's order."""
FOLLOWING = {"BK": "BF", "ABK": "ABF"}


def segments_of(content: bytes) -> Segments:
    """The elements of every segment, its name the first."""
    text = content.decode("ascii")
    if not text.endswith("~"):
        raise ValueError("The last segment has no end.")
    return tuple(tuple(segment.split("*")) for segment in text[:-1].split("~"))


def written(segments: Segments) -> bytes:
    """The file of segments."""
    return "".join("*".join(segment) + "~" for segment in segments).encode("ascii")


def read_837p(content: bytes) -> tuple[ReadClaim, ...]:
    """The claims of a file, in its order."""
    return tuple(claim for each in read_file(content).sets for claim in each.claims)


def read_file(content: bytes) -> ReadFile:
    """The whole file."""
    left = _Left(segments_of(content))
    isa, gs = left.take("ISA"), left.take("GS")
    sets = []
    while left.has("ST"):
        sets.append(_set(left))
    ge, iea = left.take("GE"), left.take("IEA")
    if left.segments:
        raise ValueError("Something stands behind the interchange.")
    return ReadFile(isa=isa, gs=gs, sets=tuple(sets), ge=ge, iea=iea)


class _Left:
    """The segments that are still to be read."""

    def __init__(self, segments: Segments) -> None:
        self.segments = deque(segments)

    def has(self, *beginning: str) -> bool:
        return bool(self.segments) and self.segments[0][: len(beginning)] == beginning

    def take(self, *beginning: str) -> tuple[str, ...]:
        if not self.has(*beginning):
            raise ValueError(f"{beginning} does not follow.")
        segment = self.segments.popleft()[1:]
        if segment and not segment[-1]:
            raise ValueError(f"{beginning} ends with an empty element.")
        return segment


def _set(left: _Left) -> ReadSet:
    before = len(left.segments)
    head, purpose = left.take("ST"), left.take("BHT")
    submitter, contact, receiver = _party(left, "41"), left.take("PER", "IC"), _party(left, "40")
    level = left.take("HL")
    taxonomy = left.take("PRV", "BI") if left.has("PRV") else ()
    practice, tax_id = _party(left, "85"), left.take("REF")
    claims = []
    while left.has("HL"):
        claims.append(_claim(left))
    tail = left.take("SE")
    return ReadSet(
        head=head,
        purpose=purpose,
        submitter=submitter,
        contact=contact,
        receiver=receiver,
        level=level,
        taxonomy=taxonomy,
        practice=practice,
        tax_id=tax_id,
        claims=tuple(claims),
        counted=before - len(left.segments),
        tail=tail,
    )


def _party(left: _Left, role: str) -> Party:
    entity = _padded(left.take("NM1", role), 9)
    if entity[5]:
        raise ValueError("A name has a prefix.")
    address: tuple[str, ...] = ()
    birth: tuple[str, ...] = ("", "", "")
    taxonomy: tuple[str, ...] = ()
    if left.has("N3"):
        address = (*_padded(left.take("N3"), 2), *_exactly(left.take("N4"), 3))
    if left.has("DMG"):
        birth = _exactly(left.take("DMG", "D8"), 3)
    if role == "82" and left.has("PRV"):
        taxonomy = left.take("PRV", "PE")
    return Party(
        role=role,
        kind=entity[1],
        name=(*entity[2:5], entity[6]),
        number=entity[7:9],
        address=address,
        birth_date=_day(birth[1]) if birth[1] else None,
        sex=birth[2] or None,
        taxonomy=taxonomy,
    )


def _party_if(left: _Left, role: str) -> Party | None:
    return _party(left, role) if left.has("NM1", role) else None


def _claim(left: _Left) -> ReadClaim:
    levels = [left.take("HL")]
    insurance = _padded(left.take("SBR"), 9)
    subscriber, payer = _party(left, "IL"), _party(left, "PR")
    relationship = patient = None
    if left.has("HL"):
        levels.append(left.take("HL"))
        ((relationship,), patient) = left.take("PAT"), _party(left, "QC")
    clm = _padded(left.take("CLM"), 11)
    place, facility_kind, frequency = clm[4].split(":")
    cause, _, _, state = _padded(tuple(clm[10].split(":")), 4)
    days = []
    while left.has("DTP"):
        days.append(_days(*_exactly(left.take("DTP"), 3)))
    if [qualifier for qualifier, _ in days] != [each for each in DAYS if each in dict(days)]:
        raise ValueError("Days stand twice, or in another order than the guide's.")
    attachments = []
    while left.has("PWK"):
        attachments.append(left.take("PWK"))
    paid = _amount(_exactly(left.take("AMT", "F5"), 2)[1]) if left.has("AMT") else None
    references: dict[str, str] = {}
    while left.has("REF"):
        qualifier, number = left.take("REF")
        if qualifier in references:
            raise ValueError(f"REF*{qualifier} stands twice.")
        references[qualifier] = number
    note = _exactly(left.take("NTE", "ADD"), 2)[1] if left.has("NTE") else None
    diagnoses = _diagnoses(left.take("HI"))
    referred_by, provider, facility, supervised_by = (_party_if(left, role) for role in ("DN", "82", "77", "DQ"))
    second = None
    if left.has("SBR", "S"):
        second = _padded(left.take("SBR"), 9), _exactly(left.take("OI"), 6), _party(left, "IL"), _party(left, "PR")
    lines: list[ReadLine] = []
    while left.has("LX"):
        lines.append(_line(left, len(lines) + 1, place))
    return ReadClaim(
        levels=tuple(levels),
        insurance=insurance,
        subscriber=subscriber,
        payer=payer,
        relationship=relationship,
        patient=patient,
        number=clm[0],
        total=_amount(clm[1]),
        frequency=frequency,
        indicators=(facility_kind, *clm[2:4], *clm[5:10]),
        cause=cause or None,
        state=state or None,
        days=tuple(days),
        attachments=tuple(attachments),
        paid=paid,
        references=references,
        note=note,
        diagnoses=diagnoses,
        referred_by=referred_by,
        provider=provider,
        facility=facility,
        supervised_by=supervised_by,
        second=second,
        lines=tuple(lines),
    )


def _diagnoses(elements: tuple[str, ...]) -> tuple[tuple[CodeSystem, str], ...]:
    pairs = [element.split(":") for element in elements]
    first = pairs[0][0]
    if [qualifier for qualifier, _ in pairs[1:]] != [FOLLOWING[first]] * (len(pairs) - 1):
        raise ValueError("The diagnoses are not a primary one and others of the same edition.")
    return tuple((EDITIONS[first], code) for _, code in pairs)


def _line(left: _Left, number: int, place: str) -> ReadLine:
    if left.take("LX") != (str(number),):
        raise ValueError("The service lines are not numbered from 1.")
    procedure, charge, measure, units, own_place, service_type, pointers = _exactly(left.take("SV1"), 7)
    qualifier, code, *modifiers = procedure.split(":")
    if (qualifier, measure, service_type) != ("HC", "UN", ""):
        raise ValueError("A service has a foreign qualifier.")
    return ReadLine(
        code=code,
        modifiers=tuple(modifiers),
        charge=_amount(charge),
        units=int(units),
        place=own_place or place,
        points_to=tuple(int(each) for each in pointers.split(":")),
        day=_day(_exactly(left.take("DTP", "472", "D8"), 3)[2]),
        ordered_by=_party_if(left, "DK"),
    )


def _days(qualifier: str, form: str, text: str) -> tuple[str, tuple[date, ...]]:
    days = tuple(_day(part) for part in text.split("-"))
    if (form, len(days)) not in {("D8", 1), ("RD8", 2)} or (form == "RD8") != (qualifier == "314"):
        raise ValueError("A day is not written as its qualifier asks.")
    return qualifier, days


def _padded(elements: tuple[str, ...], count: int) -> tuple[str, ...]:
    if len(elements) > count:
        raise ValueError("A segment has too many elements.")
    return elements + ("",) * (count - len(elements))


def _exactly(elements: tuple[str, ...], count: int) -> tuple[str, ...]:
    if len(elements) != count:
        raise ValueError(f"A segment has not {count} elements.")
    return elements


def _day(text: str) -> date:
    return datetime.strptime(text, "%Y%m%d").date()


def _amount(text: str) -> Decimal:
    """A decimal as X12 writes it: no zeros at either end."""
    if text != text.strip() or text.startswith("0") or ("." in text and text[-1] in "0."):
        raise ValueError(f"{text} is not written as X12 does.")
    return Decimal(text)
