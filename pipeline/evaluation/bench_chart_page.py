"""A page with 1,000 boxes and what was read there: 500 lines, 440 doubtful words, 60 findings. Invented throughout."""

from pipeline.records import (
    Alternative,
    Box,
    Candidate,
    CodeSystem,
    Context,
    Encounter,
    Entity,
    Evidence,
    Label,
    Line,
    LineKind,
    LineSpan,
    Page,
    PageQuality,
    Provenance,
    Reading,
    Word,
)

SIZE = (2550, 3300)
"""A letter page at 300 dots an inch."""
COLUMNS, ROWS, IN_LINE = 5, 100, 3
DOUBTFUL, FINDINGS, CODES = 440, 60, 5


def words() -> tuple[Word, ...]:
    """All words of the page, line after line."""
    return tuple(word for line in _lines() for word in line.words)


def chart_reading(document: str) -> Reading:
    """What was read of the page."""
    lines = _lines()
    entities = tuple(_entity(number, lines[number * 8]) for number in range(FINDINGS))
    return Reading(
        document=document,
        pages=(
            Page(
                number=1,
                width=SIZE[0],
                height=SIZE[1],
                dpi=300.0,
                turn=0,
                skew_degrees=0.0,
                quality=PageQuality(sharpness=0.9, contrast=0.9, ink=0.1, blank=False, advice=None),
                lines=lines,
            ),
        ),
        entities=entities,
        encounters=(
            Encounter(
                id="e1",
                part=1,
                pages=(1,),
                patient_name=None,
                birth_date=None,
                record_number=None,
                date_of_service=None,
                provider=None,
                entities=tuple(entity.id for entity in entities),
            ),
        ),
        candidates=tuple(_candidate(entity, rank) for entity in entities for rank in range(1, CODES + 1)),
        provenance=Provenance(version="0", settings="0", parts=()),
    )


def _lines() -> tuple[Line, ...]:
    return tuple(_line(row * COLUMNS + column, column, row) for row in range(ROWS) for column in range(COLUMNS))


def _line(number: int, column: int, row: int) -> Line:
    left, top = 60 + column * 490, 60 + row * 32
    read = []
    for place in range(IN_LINE):
        doubtful = number * IN_LINE + place < DOUBTFUL
        read.append(
            Word(
                text=("lesion", "healing", "well")[place],
                box=Box(left + place * 140, top, left + place * 140 + 120, top + 26),
                confidence=0.45 if doubtful else 0.93,
                unreadable=doubtful and place == 0,
                alternatives=(Alternative(text="region", confidence=0.2),) if doubtful else (),
            )
        )
    return Line(
        id=f"p1l{number + 1}",
        kind=LineKind.HAND if column % 2 else LineKind.PRINT,
        box=Box(left, top, left + 400, top + 26),
        text=" ".join(word.text for word in read),
        confidence=0.8,
        words=tuple(read),
    )


def _entity(number: int, line: Line) -> Entity:
    box = line.words[0].box
    return Entity(
        id=f"n{number + 1}",
        label=Label.DIAGNOSIS,
        text="lesion",
        normalized="lesion",
        section="assessment",
        context=Context(),
        attributes=(),
        spans=(LineSpan(page=1, line=line.id, start=0, end=6, boxes=() if box is None else (box,)),),
        confidence=0.9,
    )


def _candidate(entity: Entity, rank: int) -> Candidate:
    return Candidate(
        encounter="e1",
        entity=entity.id,
        system=CodeSystem.ICD9CM,
        code=f"709.{rank}",
        display="An invented name of about the usual length",
        score=1 / (rank + 1),
        rank=rank,
        proposed=rank == 1,
        billable=True,
        evidence=(Evidence(source="synonym", detail="The words are those of the book."),),
        withheld=None,
    )
