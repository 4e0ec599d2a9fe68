"""Crops of lines and words: how well `recognize` reads them, beside Tesseract and plain PP-OCRv6.

All readers get the same pixels, one crop after the other in the same process. Times are seconds of the processor, so
that those of handwriting on one thread can be held against each other on a machine that also does other things.
Where most crops of a collection are single words, those read exactly right are counted too.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.evaluation import calibration, cer, shares
from pipeline.evaluation.cer import CharacterErrors
from pipeline.evaluation.comparison import Comparison, by_collection, compared, confidence_rows, offered_row
from pipeline.evaluation.reading_data import Row, by_writer, open_picture
from pipeline.evaluation.shares import Share
from pipeline.evaluation.words import character_errors, judge, plain, together
from pipeline.evaluation.worst import ReadLine
from pipeline.records import LineKind, Pixels, RecognizedLine


@dataclass(frozen=True, slots=True, kw_only=True)
class CropReaders:
    """All that read a crop."""

    tesseract: Callable[[Pixels], str]
    plain: Callable[[Pixels], str]
    inkchart: Callable[[Pixels, LineKind | None], RecognizedLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCrop:
    """A crop as each of them read it."""

    row: Row
    tesseract: str
    plain: str
    inkchart: RecognizedLine
    """The product's reading, which finds out by itself who wrote the line."""
    told: RecognizedLine | None
    """The same, where it is told; None where the table does not say who wrote it."""
    plain_seconds: float
    told_seconds: float


def read_crops(rows: Sequence[Row], readers: CropReaders, on_row: Callable[[int], None]) -> Iterator[ReadCrop]:
    """Read every crop with every reader.

    Raises:
        UsageError: a crop cannot be opened.
        SetupError: a program is missing.
    """
    for place, row in enumerate(rows):
        on_row(place)
        pixels = open_picture(row.file).pixels
        if place == 0:  # what is set up with the first call is no time of reading
            readers.plain(pixels)
            readers.inkchart(pixels, row.kind)
        started = time.process_time()
        told = None if row.kind is None else readers.inkchart(pixels, row.kind)
        between = time.process_time()
        alone = readers.plain(pixels)
        ended = time.process_time()
        yield ReadCrop(
            row=row,
            tesseract=readers.tesseract(pixels),
            plain=alone,
            inkchart=readers.inkchart(pixels, None),
            told=told,
            plain_seconds=ended - between,
            told_seconds=between - started,
        )


def compare(crops: Sequence[ReadCrop]) -> tuple[Comparison, ...]:
    """All figures of crops, collection by collection, in the table's order."""
    return by_collection(crops, lambda crop: crop.row.collection, _collection)


def words(crop: ReadCrop) -> calibration.Judged:
    """The judged words of a crop, for the reliability diagram."""
    return judge(crop.inkchart.words, crop.row.text)[0]


def read_line(crop: ReadCrop) -> ReadLine:
    """The product's reading, for the sheet of the worst."""
    return ReadLine(
        collection=crop.row.collection,
        picture=lambda: open_picture(crop.row.file).pixels,
        truth=crop.row.text,
        text=crop.inkchart.text,
        confidence=crop.inkchart.confidence,
        errors=cer.rate([character_errors(crop.inkchart.text, crop.row.text)]) or 0.0,
    )


def _collection(name: str, crops: Sequence[ReadCrop]) -> Iterator[Comparison]:
    writers = [[crops[place] for place in places] for places in by_writer([crop.row for crop in crops]).values()]

    def errors(text: Callable[[ReadCrop], str]) -> list[CharacterErrors]:
        return [together([character_errors(text(crop), crop.row.text) for crop in writer]) for writer in writers]

    def right(hit: Callable[[ReadCrop], bool]) -> list[Share]:
        return [Share(right=sum(map(hit, writer)), of=len(writer)) for writer in writers]

    found = errors(lambda crop: crop.inkchart.text)
    length = sum(one.length for one in found)
    yield compared(
        name,
        "CER",
        "characters",
        cer.rate,
        better="low",
        count=length,
        inkchart=found,
        tesseract=errors(lambda crop: crop.tesseract),
        plain=errors(lambda crop: crop.plain),
    )
    told = errors(lambda crop: (crop.told or crop.inkchart).text)
    if crops[0].row.kind is not None:
        yield compared(
            name, "CER, told print or hand", "characters", cer.rate, better="low", count=length, inkchart=told
        )
    if sum(len(plain(crop.row.text).split()) == 1 for crop in crops) > len(crops) / 2:
        yield compared(
            name,
            "exactly right",
            "crops",
            shares.rate,
            better="high",
            count=len(crops),
            inkchart=right(lambda crop: plain(crop.inkchart.text) == plain(crop.row.text)),
            tesseract=right(lambda crop: plain(crop.tesseract) == plain(crop.row.text)),
            plain=right(lambda crop: plain(crop.plain) == plain(crop.row.text)),
        )
    if crops[0].row.kind is not None:
        kinds = right(lambda crop: crop.inkchart.kind is crop.row.kind)
        yield compared(
            name, "print or hand right", "lines", shares.rate, better="high", count=len(crops), inkchart=kinds
        )
    judged = [[judge(crop.inkchart.words, crop.row.text) for crop in writer] for writer in writers]
    yield from confidence_rows(name, [calibration.together([words for words, _ in writer]) for writer in judged])
    yield offered_row(name, [shares.together([offered for _, offered in writer]) for writer in judged])
    if crops[0].row.kind is LineKind.HAND:
        yield from _speed(name, writers)


def _speed(name: str, writers: Sequence[Sequence[ReadCrop]]) -> Iterator[Comparison]:
    lines = [len(writer) for writer in writers]
    ours = [sum(crop.told_seconds for crop in writer) for writer in writers]
    theirs = [sum(crop.plain_seconds for crop in writer) for writer in writers]
    yield compared(
        name,
        "lines a second",
        "lines",
        _ratio,
        better="high",
        count=sum(lines),
        inkchart=list(zip(lines, ours, strict=True)),
        plain=list(zip(lines, theirs, strict=True)),
    )
    yield compared(
        name,
        "times as fast as PP-OCRv6",
        "lines",
        _ratio,
        better="high",
        count=sum(lines),
        inkchart=list(zip(theirs, ours, strict=True)),
    )


def _ratio(parts: Sequence[tuple[float, float]]) -> float | None:
    below = sum(part for _, part in parts)
    return sum(part for part, _ in parts) / below if below else None
