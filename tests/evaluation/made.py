"""Small truths and readings, made by hand."""

from pipeline.evaluation.places import PlacedChart, place
from pipeline.evaluation.truth import Truth
from pipeline.records import (
    Box,
    Candidate,
    CodeSystem,
    Context,
    Encounter,
    Entity,
    Finding,
    Label,
    Line,
    LineKind,
    LineSpan,
    Mark,
    Page,
    PageQuality,
    PageRole,
    Provenance,
    Reading,
    Word,
)

FLAGS = ("negated", "uncertain", "historical", "hypothetical", "family")
QUALITY = PageQuality(sharpness=None, contrast=None, ink=0.05, blank=False, advice=None)


def area(box: tuple[int, int, int, int]) -> dict[str, object]:
    """An upright place."""
    x0, y0, x1, y1 = box
    return {"box": box, "corners": [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]}


def truth_line(text: str, row: int, kind: str = "hand", *, x: int = 100, width: int = 400) -> dict[str, object]:
    """A line of the truth: row 0 is at the top, rows are 60 pixels apart and 40 high."""
    return {"text": text, "kind": kind, **area((x, 100 + 60 * row, x + width, 140 + 60 * row))}


def truth(
    lines: list[dict[str, object]],
    *,
    entities: list[tuple[str, str, int, str]] | None = None,
    encounters: list[dict[str, object]] | None = None,
    **page: object,
) -> Truth:
    """A chart of one page, 1000 x 1400; an entity is label, text, line and a flag or nothing."""
    first = {
        "number": 1,
        "role": "content",
        "part": 1,
        "width": 1000,
        "height": 1400,
        "turn": 0,
        "skew_degrees": 0,
        "lines": lines,
        "ignored": [],
        "marks": [],
        **page,
    }
    found = [
        {"label": label, "text": text, "page": 1, "line": line, "context": {name: name == flag for name in FLAGS}}
        for label, text, line, flag in entities or []
    ]
    values = {"file": "a.png", "synthetic": True, "pages": [first], "entities": found, "encounters": encounters or []}
    return Truth.model_validate(values)


def truth_encounter(
    pages: tuple[int, ...] = (1,), codes: tuple[tuple[str, str], ...] = (), **facts: str
) -> dict[str, object]:
    """An encounter of the truth, with what it states."""
    names = ("patient_name", "birth_date", "record_number", "date_of_service", "provider", "sex")
    return {
        **dict.fromkeys(names),
        **facts,
        "pages": pages,
        "codes": [{"system": system, "code": code, "text": ""} for system, code in codes],
    }


def read_line(
    text: str,
    row: int,
    kind: LineKind = LineKind.HAND,
    *,
    x: int = 100,
    width: int = 400,
    confidence: float | None = 0.9,
    scale: float = 1.0,
) -> Line:
    """A line as read, its words spread evenly over it."""
    words = text.split()
    step = width / len(words)
    boxes = [
        Box(*(int(v * scale) for v in (x + step * i, 100 + 60 * row, x + step * (i + 1), 140 + 60 * row)))
        for i in range(len(words))
    ]
    return Line(
        id=f"p1l{row}{x}",
        kind=kind,
        box=None,
        text=text,
        confidence=confidence,
        words=tuple(Word(text=word, box=box, confidence=confidence) for word, box in zip(words, boxes, strict=True)),
    )


def page(lines: tuple[Line, ...], *, marks: tuple[Mark, ...] = (), turn: int = 0, scale: float = 1.0) -> Page:
    """A page as read."""
    return Page(
        number=1,
        width=int(1000 * scale),
        height=int(1400 * scale),
        dpi=None,
        turn=turn,
        skew_degrees=0.0,
        quality=QUALITY,
        lines=lines,
        marks=marks,
        role=PageRole.CONTENT,
    )


def reading(
    pages: tuple[Page, ...],
    *,
    entities: tuple[Entity, ...] = (),
    encounters: tuple[Encounter, ...] = (),
    candidates: tuple[Candidate, ...] = (),
) -> Reading:
    """All that was read."""
    return Reading(
        document="d",
        pages=pages,
        entities=entities,
        encounters=encounters,
        candidates=candidates,
        provenance=Provenance(version="0", settings="0", parts=()),
    )


def entity(name: str, label: Label, text: str, row: int, **flags: bool) -> Entity:
    """A finding in a row."""
    box = Box(100, 100 + 60 * row, 200, 140 + 60 * row)
    return Entity(
        id=name,
        label=label,
        text=text,
        normalized=text,
        section=None,
        context=Context(**flags),
        attributes=(),
        spans=(LineSpan(page=1, line=f"p1l{row}", start=0, end=len(text), boxes=(box,)),),
    )


def encounter(name: str, pages: tuple[int, ...] = (1,), **facts: str) -> Encounter:
    """A proposed encounter."""

    def found(name: str) -> Finding | None:
        return Finding(value=facts[name], text=facts[name], confidence=None, spans=()) if name in facts else None

    return Encounter(
        id=name,
        part=1,
        pages=pages,
        patient_name=found("patient_name"),
        birth_date=found("birth_date"),
        record_number=found("record_number"),
        date_of_service=found("date_of_service"),
        provider=found("provider"),
    )


def candidate(
    system: str, code: str, rank: int, *, within: str = "e1", of: str = "n1", proposed: bool = False
) -> Candidate:
    """A candidate code."""
    return Candidate(
        encounter=within,
        entity=of,
        system=CodeSystem(system),
        code=code,
        display="",
        score=0.5,
        rank=rank,
        proposed=proposed,
        billable=True,
        evidence=(),
        withheld=None,
    )


def laid(true: Truth, *lines: Line) -> PlacedChart:
    """Lines that were read, laid over a truth of one page."""
    return place(true, reading((page(lines),)))
