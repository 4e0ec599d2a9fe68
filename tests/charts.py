"""Small records to build tests from; every one is complete and plausible."""

from pipeline.records import (
    Box,
    Candidate,
    CodeSystem,
    Context,
    Encounter,
    Entity,
    Evidence,
    Finding,
    Label,
    Line,
    LineKind,
    LineSpan,
    Page,
    PageQuality,
    PageRole,
    Provenance,
    Reading,
    Word,
)

QUALITY = PageQuality(sharpness=0.8, contrast=0.9, ink=0.05, blank=False, advice=None)


def line(id: str, text: str, *, top: int = 100, kind: LineKind = LineKind.PRINT) -> Line:
    """A line whose words stand side by side, ten pixels a character."""
    words, left = [], 100
    for token in text.split():
        words.append(Word(text=token, box=Box(left, top, left + 10 * len(token), top + 30), confidence=0.9))
        left += 10 * len(token) + 10
    box = Box(100, top, left - 10, top + 30)
    return Line(id=id, kind=kind, box=box, text=text, confidence=0.9, words=tuple(words))


def page(number: int = 1, *texts: str, role: PageRole = PageRole.CONTENT, part: int = 1) -> Page:
    """A page with one line a text."""
    lines = tuple(line(f"p{number}l{n}", text, top=100 * n) for n, text in enumerate(texts, 1))
    return Page(
        number=number,
        width=1700,
        height=2200,
        dpi=200.0,
        turn=0,
        skew_degrees=0.0,
        quality=QUALITY,
        lines=lines,
        role=role,
        part=part,
    )


def finding(value: str, page: int = 1) -> Finding:
    """A fact read from the first line of a page."""
    span = LineSpan(page=page, line=f"p{page}l1", start=0, end=4, boxes=(Box(100, 100, 140, 130),))
    return Finding(value=value, text=value, confidence=0.9, spans=(span,))


def entity(id: str = "n1", text: str = "hypertension", page: int = 1, left: int = 200) -> Entity:
    """A diagnosis on the second line of a page."""
    box = Box(left, 200, left + 120, 230)
    span = LineSpan(page=page, line=f"p{page}l2", start=0, end=len(text), boxes=(box,))
    return Entity(
        id=id,
        label=Label.DIAGNOSIS,
        text=text,
        normalized=text,
        section="assessment",
        context=Context(),
        attributes=(),
        spans=(span,),
        confidence=0.9,
    )


def encounter(
    id: str = "e1",
    *,
    pages: tuple[int, ...] = (1,),
    name: str | None = "Lopez, Maria",
    day: str | None = "2012-03-14",
    part: int = 1,
    entities: tuple[str, ...] = ("n1",),
) -> Encounter:
    """An encounter of one patient on one day."""
    return Encounter(
        id=id,
        part=part,
        pages=pages,
        patient_name=None if name is None else finding(name, pages[0]),
        birth_date=finding("1957-04-12", pages[0]),
        record_number=finding("448213", pages[0]),
        date_of_service=None if day is None else finding(day, pages[0]),
        provider=finding("Keller, J", pages[0]),
        entities=entities,
    )


def candidate(
    code: str = "401.9", system: CodeSystem = CodeSystem.ICD9CM, *, rank: int = 1, entity: str = "n1"
) -> Candidate:
    """A candidate for the first entity of the first encounter."""
    return Candidate(
        encounter="e1",
        entity=entity,
        system=system,
        code=code,
        display="Essential hypertension, unspecified",
        score=0.9,
        rank=rank,
        proposed=rank == 1,
        billable=True,
        evidence=(Evidence(source="synonym", detail="“hypertension” names this code."),),
        withheld=None,
    )


def reading(
    document: str,
    *,
    pages: tuple[Page, ...] | None = None,
    entities: tuple[Entity, ...] | None = None,
    encounters: tuple[Encounter, ...] | None = None,
    candidates: tuple[Candidate, ...] | None = None,
) -> Reading:
    """A reading of one page, one encounter, one entity and one candidate, unless told otherwise."""
    return Reading(
        document=document,
        pages=(page(1, "Patient: Maria Lopez", "hypertension"),) if pages is None else pages,
        entities=(entity(),) if entities is None else entities,
        encounters=(encounter(),) if encounters is None else encounters,
        candidates=(candidate(),) if candidates is None else candidates,
        provenance=Provenance(version="0.1.0", settings="f" * 64, parts=()),
    )
