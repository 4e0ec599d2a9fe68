"""The page of one claim as frozen records, computed from what is known of it by pure functions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from pipeline.claims.draft import Draft, DraftLine
from pipeline.claims.edits import Edit
from pipeline.claims.preparing import Prepared
from pipeline.records import (
    SYSTEM_NAMES,
    Accident,
    Address,
    Attachment,
    Claim,
    ClaimDiagnosis,
    Fault,
    Frequency,
    OtherProvider,
    PayerKind,
    PersonName,
    Provider,
    ServiceLine,
    Span,
)
from pipeline.review.claiming.boxes import SECTIONS, Box, Section
from pipeline.store.claim_steps import ClaimState

LETTERS = "ABCDEFGHIJKL"
"""What box 21 calls its diagnoses."""
STATES = {
    ClaimState.DRAFT: "To be released",
    ClaimState.CHECKED: "Released by one of two",
    ClaimState.RELEASED: "Released",
    ClaimState.SENT: "Sent",
    ClaimState.PAID: "Paid",
    ClaimState.DENIED: "Denied",
}
FREQUENCIES = {
    Frequency.ORIGINAL: "1 original",
    Frequency.REPLACEMENT: "7 replaces an earlier claim",
    Frequency.VOID: "8 voids an earlier claim",
}
Known: TypeAlias = Mapping[str, object]
"""What is known of a claim, by the names of the record's parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One field of the page."""

    box: str
    """Number of its box on the CMS-1500; empty where it has none."""
    label: str
    value: str | None
    """None where nothing is known."""
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSection:
    """Fields that belong together."""

    title: str
    kind: str
    """The office's row that holds them."""
    fields: tuple[Shown, ...]
    faults: tuple[str, ...]
    """Of the section as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A diagnosis or a service."""

    name: str
    """Letter of a diagnosis, number of a service."""
    system: str
    code: str
    display: str
    line: ServiceLine | DraftLine | None
    """Of a service."""
    pointers: str
    """Letters of its diagnoses."""
    faults: tuple[str, ...]
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    """All that the page shows of the claim itself."""

    number: str
    patient: str
    day: date
    state: str
    total: Decimal | None
    """None where a charge is missing."""
    sections: tuple[ShownSection, ...]
    diagnoses: tuple[Row, ...]
    lines: tuple[Row, ...]
    faults: tuple[str, ...]
    """Those that stand beside no field."""
    edits: tuple[Edit, ...]
    """Of the claim as a whole."""


def claim_view(prepared: Prepared) -> ClaimView:
    """The claim as it counts now, or as far as it is known."""
    claim, draft = prepared.claim, prepared.draft
    source = draft if claim is None else claim
    assert source is not None  # what is prepared is a draft at least
    known = _of_claim(claim) if claim is not None else _of_draft(draft)
    faults = list(draft.faults) if claim is None and draft is not None else []
    lines: tuple[ServiceLine | DraftLine, ...] = source.lines
    sections = tuple(_section(section, known, faults) for section in SECTIONS)
    rows = tuple(_diagnosis(n, each, faults, prepared.edits) for n, each in enumerate(source.diagnoses, start=1))
    services = tuple(_service(n, each, faults, prepared.edits) for n, each in enumerate(lines, start=1))
    placed = {edit for row in (*rows, *services) for edit in row.edits}
    charges = [line.charge for line in lines]
    return ClaimView(
        number=source.number,
        patient=_name(prepared),
        day=lines[0].day if lines else _day(prepared),
        state="" if prepared.standing.state is None else STATES[prepared.standing.state],
        total=sum((c for c in charges if c is not None), Decimal(0)) if None not in charges else None,
        sections=sections,
        diagnoses=rows,
        lines=services,
        faults=tuple(fault.sentence for fault in faults),
        edits=tuple(edit for edit in prepared.edits if edit not in placed),
    )


def _name(prepared: Prepared) -> str:
    if prepared.encounter is not None:
        return prepared.encounter.patient.name
    return "" if prepared.claim is None else _words(prepared.claim.patient.name) or ""


def _day(prepared: Prepared) -> date:
    assert prepared.encounter is not None  # a claim without services is a draft
    return prepared.encounter.date_of_service


def _of_claim(claim: Claim) -> Known:
    return {each.name: getattr(claim, each.name) for each in fields(claim)}


def _of_draft(draft: Draft | None) -> Known:
    """The same of a draft: what stands in its visit and its patient's record stands in the claim itself."""
    assert draft is not None  # there is a claim otherwise
    visit = {} if draft.visit is None else {f.name: getattr(draft.visit, f.name) for f in fields(draft.visit)}
    own = {each.name: getattr(draft, each.name) for each in fields(draft)}
    patient = draft.patient
    insured: Known = {"patient": None, "coverage": None}
    if patient is not None:
        insured = {f.name: getattr(patient, f.name) for f in fields(patient)} | {"patient": patient.person}
    return {**visit, **own, **insured}


def _section(section: Section, known: Known, faults: list[Fault]) -> ShownSection:
    """A section with its faults, which are taken from the list."""
    shown = tuple(_field(box, known, faults) for box in section.boxes)
    roots = section.roots()
    whole = _taken(faults, lambda field: field.split(".")[0] in roots)
    return ShownSection(title=section.title, kind=section.kind, fields=shown, faults=whole)


def _field(box: Box, known: Known, faults: list[Fault]) -> Shown:
    own = _taken(faults, lambda field: field == box.path or field.startswith(f"{box.path}."))
    return Shown(box=box.number, label=box.label, value=_words(_at(known, box.path)), faults=own)


def _taken(faults: list[Fault], is_here: Callable[[str], bool]) -> tuple[str, ...]:
    here = [fault for fault in faults if is_here(fault.field)]
    faults[:] = [fault for fault in faults if fault not in here]
    return tuple(fault.sentence for fault in here)


def _at(known: Known, path: str) -> object:
    """What stands at a dotted path; None where something on the way is unknown."""
    first, *others = path.split(".")
    value = known.get(first)
    for name in others:
        value = getattr(value, name, None)
    return value


def _diagnosis(number: int, each: ClaimDiagnosis, faults: list[Fault], edits: Sequence[Edit]) -> Row:
    path = f"diagnoses.{number}"
    return Row(
        name=LETTERS[number - 1] if number <= len(LETTERS) else str(number),
        system=SYSTEM_NAMES[each.system],
        code=each.code,
        display=each.display,
        line=None,
        pointers="",
        faults=_taken(faults, lambda field: field == path or field.startswith(f"{path}.")),
        edits=_edits_at(edits, path),
    )


def _service(number: int, each: ServiceLine | DraftLine, faults: list[Fault], edits: Sequence[Edit]) -> Row:
    path = f"lines.{number}"
    return Row(
        name=str(number),
        system=SYSTEM_NAMES[each.system],
        code=each.code,
        display=each.display,
        line=each,
        pointers="".join(LETTERS[n - 1] for n in each.points_to if n <= len(LETTERS)),
        faults=_taken(faults, lambda field: field == path or field.startswith(f"{path}.")),
        edits=_edits_at(edits, path),
    )


def _edits_at(edits: Iterable[Edit], path: str) -> tuple[Edit, ...]:
    return tuple(edit for edit in edits if edit.field == path or edit.field.startswith(f"{path}."))


def _words(value: object) -> str | None:
    """A value as a person reads it."""
    match value:
        case None | "" | ():
            return None
        case bool():
            return "yes" if value else "no"
        case Frequency():
            return FREQUENCIES[value]
        case PayerKind():
            return value.name.replace("_", " ").capitalize()
        case StrEnum():
            return str(value).capitalize()
        case Decimal():
            return f"${value:,.2f}"
        case date():
            return f"{value:%b} {value.day}, {value.year}"
        case PersonName():
            return " ".join(part for part in (f"{value.last}, {value.first}", value.middle, value.suffix) if part)
        case Address():
            code = value.zip if len(value.zip) == 5 else f"{value.zip[:5]}-{value.zip[5:]}"
            return ", ".join(part for part in (value.street, value.second, value.city, f"{value.state} {code}") if part)
        case Provider():
            return f"{_words(value.name)}, NPI {value.npi}"
        case OtherProvider():
            return f"{_words(value.name)}, {value.role.name.lower()}, NPI {value.npi}"
        case (Attachment() as sent,):
            way = sent.transmission.name.lower().replace("_", " ")
            return " ".join(part for part in (sent.report_type, way, sent.control_number) if part)
        case Span():
            return f"from {_words(value.first)}" + (f" to {_words(value.last)}" if value.last else "")
        case Accident():
            where = f", {value.state}" if value.state else ""
            return f"{str(value.related_to).capitalize()} on {_words(value.day)}{where}"
    return str(value)
