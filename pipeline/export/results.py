"""Results as the JSON objects that scripts outside rely on: one object per input.

Every function gives plain dicts, lists, strings, numbers and None. Fields and spellings are a contract.
"""

from collections.abc import Iterable, Mapping

from pipeline.records import (
    Addendum,
    Alternative,
    Box,
    Candidate,
    CodeSystem,
    Encounter,
    Entity,
    Finding,
    Line,
    LineSpan,
    Mark,
    Page,
    Provenance,
    Reading,
    RecognizedLine,
    Word,
)

SYSTEMS = tuple(CodeSystem)


def read_result(reading: Reading, file: str, name: str) -> dict[str, object]:
    """What was read from one chart.

    Args:
        reading: all that was read.
        file: the file as it was given.
        name: its name for people.
    """
    return {
        "file": file,
        "document": {"id": reading.document, "name": name},
        "pages": [_page(page) for page in reading.pages],
        "entities": [{**_entity(e), "lines": [_span(s) for s in e.spans]} for e in reading.entities],
        "encounters": [_encounter(encounter) for encounter in reading.encounters],
        "candidates": _candidates(reading.candidates, reading.entities),
        "provenance": _provenance(reading.provenance),
    }


def extract_result(id: object, reading: Reading, offsets: Mapping[str, tuple[int, int]]) -> dict[str, object]:
    """What was found in one typed note.

    Args:
        id: as it was given.
        reading: of the note.
        offsets: start and end of each entity by its id, in code points of the unmodified note, end exclusive.
    """
    entities = []
    for entity in reading.entities:
        start, end = offsets[entity.id]
        entities.append({**_entity(entity), "start": start, "end": end})
    return {
        "id": id,
        "entities": entities,
        "encounters": [_encounter(encounter) for encounter in reading.encounters],
        "candidates": _candidates(reading.candidates, reading.entities),
    }


def suggest_result(id: object, text: str, candidates: Iterable[Candidate]) -> dict[str, object]:
    """The candidates of one bare text."""
    return {"id": id, "text": text, "candidates": _candidates(candidates, ())}


def recognize_result(file: str, line: RecognizedLine) -> dict[str, object]:
    """One crop that was read."""
    return {
        "file": file,
        "kind": line.kind.value,
        "text": line.text,
        "confidence": _number(line.confidence),
        "unreadable": line.unreadable,
        "alternatives": [_alternative(alternative) for alternative in line.alternatives],
    }


def error_result(key: str, value: object, sentence: str) -> dict[str, object]:
    """An input that gave no result.

    Args:
        key: `file` or `id`.
        value: as it was given.
        sentence: what is wrong, for a person.
    """
    return {key: value, "error": sentence}


def _page(page: Page) -> dict[str, object]:
    quality = page.quality
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "dpi": _number(page.dpi),
        "turn": page.turn,
        "skew_degrees": float(page.skew_degrees),
        "quality": {
            "sharpness": _number(quality.sharpness),
            "contrast": _number(quality.contrast),
            "brightness": _number(quality.brightness),
            "letter_height": _number(quality.letter_height),
            "cut_letters": quality.cut_letters,
            "ink": float(quality.ink),
            "blank": bool(quality.blank),
            "advice": quality.advice,
        },
        "marks": [_mark(mark) for mark in page.marks],
        "lines": [_line(line) for line in page.lines],
    }


def _mark(mark: Mark) -> dict[str, object]:
    return {"box": _box(mark.box), "state": mark.state.value, "line": mark.line}


def _line(line: Line) -> dict[str, object]:
    return {
        "id": line.id,
        "kind": line.kind.value,
        "box": _box(line.box),
        "text": line.text,
        "confidence": _number(line.confidence),
        "words": [_word(word) for word in line.words],
    }


def _word(word: Word) -> dict[str, object]:
    return {
        "text": word.text,
        "box": _box(word.box),
        "confidence": _number(word.confidence),
        "unreadable": bool(word.unreadable),
        "alternatives": [_alternative(alternative) for alternative in word.alternatives],
    }


def _alternative(alternative: Alternative) -> dict[str, object]:
    return {"text": alternative.text, "confidence": _number(alternative.confidence)}


def _entity(entity: Entity) -> dict[str, object]:
    attributes: dict[str, str] = {}
    for attribute in entity.attributes:
        # A name that stands twice, as left and right do, keeps both values.
        before = attributes.get(attribute.name)
        attributes[attribute.name] = attribute.value if before is None else f"{before}; {attribute.value}"
    context = entity.context
    return {
        "id": entity.id,
        "label": entity.label.value,
        "text": entity.text,
        "normalized": entity.normalized,
        "section": entity.section,
        "attributes": attributes,
        "context": {
            "negated": context.negated,
            "uncertain": context.uncertain,
            "historical": context.historical,
            "hypothetical": context.hypothetical,
            "family": context.family,
        },
    }


def _span(span: LineSpan) -> dict[str, object]:
    return {
        "page": span.page,
        "line": span.line,
        "start": span.start,
        "end": span.end,
        "boxes": [_box(box) for box in span.boxes],
    }


def _encounter(encounter: Encounter) -> dict[str, object]:
    return {
        "id": encounter.id,
        "part": encounter.part,
        "pages": list(encounter.pages),
        "patient_name": _finding(encounter.patient_name),
        "birth_date": _finding(encounter.birth_date),
        "record_number": _finding(encounter.record_number),
        "sex": _finding(encounter.sex),
        "age": _whole(encounter.age),
        "payer": _finding(encounter.payer),
        "date_of_service": _finding(encounter.date_of_service),
        "provider": _finding(encounter.provider),
        "signature": _finding(encounter.signature),
        "patient_status": _finding(encounter.patient_status),
        "visit_level": _whole(encounter.visit_level),
        "time_spent": _whole(encounter.time_spent),
        "addenda": [_addendum(addendum) for addendum in encounter.addenda],
        "entities": list(encounter.entities),
        "conflicts": list(encounter.conflicts),
    }


def _finding(finding: Finding | None) -> dict[str, object] | None:
    if finding is None:
        return None
    return {
        "value": finding.value,
        "text": finding.text,
        "confidence": _number(finding.confidence),
        "lines": [_span(span) for span in finding.spans],
    }


def _whole(finding: Finding | None) -> dict[str, object] | None:
    """A finding whose value is a whole number."""
    found = _finding(finding)
    return None if found is None or finding is None else {**found, "value": int(finding.value)}


def _addendum(addendum: Addendum) -> dict[str, object]:
    return {"date": _finding(addendum.written), "note": _finding(addendum.note)}


def _candidates(candidates: Iterable[Candidate], entities: Iterable[Entity]) -> list[dict[str, object]]:
    """Entities in reading order, systems in the order of their list, best first within."""
    place = {entity.id: n for n, entity in enumerate(entities)}
    ordered = sorted(candidates, key=lambda c: (place.get(c.entity or "", len(place)), SYSTEMS.index(c.system), c.rank))
    return [_candidate(candidate) for candidate in ordered]


def _candidate(candidate: Candidate) -> dict[str, object]:
    return {
        "entity": candidate.entity,
        "system": candidate.system.value,
        "code": candidate.code,
        "display": candidate.display,
        "score": float(candidate.score),
        "rank": candidate.rank,
        "proposed": bool(candidate.proposed),
        "billable": bool(candidate.billable),
        "evidence": [{"source": evidence.source, "detail": evidence.detail} for evidence in candidate.evidence],
        "withheld": candidate.withheld,
        "units": candidate.units,
        "modifiers": list(candidate.modifiers),
        "warnings": list(candidate.warnings),
    }


def _provenance(provenance: Provenance) -> dict[str, object]:
    return {
        "version": provenance.version,
        "settings": provenance.settings,
        "parts": [{"name": p.name, "edition": p.edition, "sha256": p.sha256} for p in provenance.parts],
    }


def _box(box: Box | None) -> list[int] | None:
    """Left, top, right, bottom; plain numbers also where a stage left numpy's."""
    return None if box is None else [int(edge) for edge in box]


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
