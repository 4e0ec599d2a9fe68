"""The sample charts as a perfect reader would read them: true lines, marks and boxes through the real text stages."""

from dataclasses import replace
from itertools import accumulate
from pathlib import Path

from pipeline.evaluation.truth import Truth, TruthLine, TruthPage, find
from pipeline.process import TextStages, understand
from pipeline.records import (
    Box,
    Finding,
    Line,
    LineKind,
    LineSpan,
    Mark,
    Page,
    PageQuality,
    Part,
    Provenance,
    Reading,
    Word,
)
from pipeline.store import Store
from tests.store.test_arrivals import File

SAMPLES = Path(__file__).parents[3] / "samples"
PROVENANCE = Provenance(version="0", settings="0", parts=(Part(name="truth", edition="1", sha256=None),))
SIGNED = Finding(value="signed", text="", confidence=0.9, spans=())
QUALITY = PageQuality(sharpness=None, contrast=None, ink=0.05, blank=False, advice=None)


def put_samples_in(store: Store, stages: TextStages) -> dict[str, Truth]:
    """Let every sample arrive and be read; its truth by the id of its document."""
    truths = {}
    for number, (_, truth) in enumerate(find(SAMPLES)):
        path = Path("samples") / truth.file
        arrival = store.arrivals.sight([File(path, batch="samples")])[path]
        taken = store.arrivals.take(arrival.id, f"{number:x}".rjust(2, "0") * 32, size=1, mtime_ns=number + 1)
        assert taken.document is not None
        store.readings.add(reading_of(taken.document, truth, stages), arrival=arrival.id)
        truths[taken.document] = truth
    return truths


def reading_of(document: str, truth: Truth, stages: TextStages) -> Reading:
    """What a perfect reader would read."""
    pages = tuple(_page(page) for page in truth.pages)
    entities, encounters, candidates = understand(pages, stages)
    # A scribble is no line of text; the truth has its place, and a perfect reader would see that it is there.
    scribbled = {page.number for page in truth.pages if page.ignored}
    encounters = tuple(
        replace(each, signature=SIGNED) if each.signature is None and scribbled & set(each.pages) else each
        for each in encounters
    )
    return Reading(
        document=document,
        pages=pages,
        entities=entities,
        encounters=encounters,
        candidates=candidates,
        provenance=PROVENANCE,
    )


def _page(page: TruthPage) -> Page:
    lines = tuple(_line(line, page, number) for number, line in enumerate(page.lines, start=1))
    marks = []
    for mark in page.marks:
        near = [line for line in lines if mark.label and mark.label in line.text]
        beside = min(near, key=lambda line: _apart(mark.box, line), default=None)
        spans: tuple[LineSpan, ...] = ()
        if beside is not None:
            start = beside.text.index(mark.label)
            spans = (LineSpan(page=page.number, line=beside.id, start=start, end=start + len(mark.label)),)
        marks.append(Mark(box=Box(*mark.box), state=mark.state, line=beside.id if beside else None, label=spans))
    return Page(
        number=page.number,
        width=page.width,
        height=page.height,
        dpi=200,
        turn=page.turn,
        skew_degrees=0.0,
        quality=QUALITY,
        lines=lines,
        marks=tuple(marks),
        role=page.role,
        part=page.part,
    )


def _apart(box: tuple[int, int, int, int], line: Line) -> int:
    assert line.box is not None
    return abs(box[0] - line.box.x0) + abs(box[1] - line.box.y0)


def _line(line: TruthLine, page: TruthPage, number: int) -> Line:
    x0, y0, x1, y1 = line.box
    parts = line.text.split()
    ends = list(accumulate(len(part) + 1 for part in parts))
    words = []
    for part, end in zip(parts, ends, strict=True):
        a, b = (end - 1 - len(part)) / ends[-1], (end - 1) / ends[-1]
        box = {
            0: Box(round(x0 + a * (x1 - x0)), y0, round(x0 + b * (x1 - x0)), y1),
            180: Box(round(x1 - b * (x1 - x0)), y0, round(x1 - a * (x1 - x0)), y1),
            90: Box(x0, round(y1 - b * (y1 - y0)), x1, round(y1 - a * (y1 - y0))),
            270: Box(x0, round(y0 + a * (y1 - y0)), x1, round(y0 + b * (y1 - y0))),
        }[page.turn]
        words.append(Word(text=part, box=box, confidence=0.95))
    return Line(
        id=f"p{page.number}l{number}",
        kind=LineKind(line.kind),
        box=Box(x0, y0, x1, y1),
        text=line.text,
        confidence=0.95,
        words=tuple(words),
    )
