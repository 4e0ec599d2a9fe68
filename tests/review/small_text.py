"""Text stages that know the words of the drawn chart and one more; for tests that need no code book."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.process import TextReader, TextStages
from pipeline.records import (
    Candidate,
    CodeSystem,
    Context,
    Encounter,
    Entity,
    Evidence,
    Line,
    LineSpan,
    Page,
    Provenance,
)
from tests.review.drawn_chart import CODES, ENCOUNTERS, ENTITIES

ASTHMA = (CodeSystem.ICD9CM, "493.90", "Asthma, unspecified type, without mention of status asthmaticus", 0.93)
KNOWN = {entity.text: entity for entity in ENTITIES} | {
    "asthma": replace(ENTITIES[4], text="asthma", normalized="asthma", attributes=())
}
CODES_OF = {entity.normalized: CODES.get(entity.id, ()) for entity in ENTITIES} | {"asthma": (ASTHMA,)}


def find_entities(pages: tuple[Page, ...]) -> tuple[Entity, ...]:
    """Every known word of every line, as the drawn chart has it; denied where the line begins with `no`."""
    found = [entity for page in pages for line in page.lines for entity in _on_line(page, line)]
    return tuple(replace(entity, id=f"n{number}") for number, entity in enumerate(found, 1))


def _on_line(page: Page, line: Line) -> Iterator[Entity]:
    for text, known in sorted(KNOWN.items(), key=lambda each: line.text.find(each[0])):
        start = line.text.find(text)
        if start < 0:
            continue
        end, at, boxes, read = start + len(text), 0, [], []
        for word in line.words:
            if at < end and at + len(word.text) > start and word.box:
                boxes.append(word.box)
                read.append(word)
            at += len(word.text) + 1
        yield replace(
            known,
            spans=(LineSpan(page=page.number, line=line.id, start=start, end=end, boxes=tuple(boxes)),),
            confidence=min(word.confidence or 0 for word in read),
            unreadable=any(word.unreadable for word in read),
            line=line.text,
        )


def find_encounters(pages: tuple[Page, ...], entities: tuple[Entity, ...]) -> tuple[Encounter, ...]:
    """Those of the drawn chart."""
    numbers = {page.number for page in pages}
    return tuple(
        replace(each, entities=tuple(e.id for e in entities if e.spans[0].page in each.pages))
        for each in ENCOUNTERS
        if numbers & {*each.pages}
    )


def suggest_codes(encounter: Encounter, entities: tuple[Entity, ...]) -> tuple[Candidate, ...]:
    """The codes of the known words; the first is proposed where the note says nothing against it."""
    found = []
    for entity in entities:
        ranks: dict[CodeSystem, int] = {}
        for system, code, display, score in CODES_OF.get(entity.normalized, ()):
            ranks[system] = rank = ranks.get(system, 0) + 1
            found.append(
                Candidate(
                    encounter=encounter.id,
                    entity=entity.id,
                    system=system,
                    code=code,
                    display=display,
                    score=score,
                    rank=rank,
                    proposed=rank == 1 and score > 0.6 and entity.context == Context() and not entity.unreadable,
                    billable=True,
                    evidence=(Evidence(source="synonym", detail=f"“{entity.normalized}” names this code."),),
                    withheld="It is only suspected." if entity.context.uncertain else None,
                )
            )
    return tuple(found)


SMALL_TEXT = TextReader(
    stages=TextStages(find_entities=find_entities, find_encounters=find_encounters, suggest_codes=suggest_codes),
    provenance=Provenance(version="small", settings="", parts=()),
)
