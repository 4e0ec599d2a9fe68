"""Whole pages: the text of a page in reading order, beside Tesseract and plain PP-OCRv6, and pages turned about."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.evaluation import calibration, cer, shares
from pipeline.evaluation.comparison import Comparison, by_collection, compared, confidence_rows, offered_row
from pipeline.evaluation.reading_data import Row, by_writer, open_picture
from pipeline.evaluation.shares import Share
from pipeline.evaluation.words import align, character_errors, judge, plain, together
from pipeline.evaluation.worst import ReadLine
from pipeline.records import Box, CleanImage, LineKind, Page, PageImage, Pixels, Word

TURNS = (90, 180, 270)
"""Degrees clockwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReaders:
    """All that look at whole pages."""

    tesseract: Callable[[Pixels], str]
    tesseract_lines: Callable[[Pixels], list[Box]]
    plain: Callable[[Pixels], str]
    plain_lines: Callable[[Pixels], list[Box]]
    clean: Callable[[PageImage], CleanImage]
    """The product's cleanup."""
    inkchart: Callable[[PageImage], Page]
    """All of the product's stages from pixels to words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """A page as each of them read it."""

    row: Row
    tesseract: str
    plain: str
    inkchart: Page
    turned: Share
    """Of the turns that were tried, those after which it was set upright again."""

    @property
    def text(self) -> str:
        """The product's text in reading order."""
        return "\n".join(line.text for line in self.inkchart.lines)

    @property
    def words(self) -> list[Word]:
        """The product's words in reading order."""
        return [word for line in self.inkchart.lines for word in line.words]


def read_pages(
    rows: Sequence[Row], readers: PageReaders, on_row: Callable[[int], None], *, turns: Sequence[int] = ()
) -> Iterator[ReadPage]:
    """Read every page with every reader, and set it upright from each turn.

    Raises:
        UsageError: a page cannot be opened.
        SetupError: a program is missing.
    """
    for place, row in enumerate(rows):
        on_row(place)
        page = open_picture(row.file)
        yield ReadPage(
            row=row,
            tesseract=readers.tesseract(page.pixels),
            plain=readers.plain(page.pixels),
            inkchart=readers.inkchart(page),
            turned=Share(
                right=sum((turn + readers.clean(_turned(page, turn)).turn) % 360 == 0 for turn in turns),
                of=len(turns),
            ),
        )


def compare(pages: Sequence[ReadPage]) -> tuple[Comparison, ...]:
    """All figures of pages, collection by collection, in the table's order."""
    return by_collection(pages, lambda page: page.row.collection, _collection)


def words(page: ReadPage) -> calibration.Judged:
    """The judged words of a page, for the reliability diagram."""
    return judge(page.words, page.row.text)[0]


def read_lines(page: ReadPage) -> Iterator[ReadLine]:
    """The product's lines, each with the words of the truth between the first and the last of its words' partners."""
    true = plain(page.row.text).split()
    places = [
        (line, plain(word.text))
        for line, read in enumerate(page.inkchart.lines)
        for word in read.words
        if plain(word.text)
    ]
    partners: dict[int, list[int]] = {}
    for read, partner in align([text for _, text in places], true):
        if read is not None and partner is not None:
            partners.setdefault(places[read][0], []).append(partner)
    for number, line in enumerate(page.inkchart.lines):
        found = partners.get(number, [])
        truth = " ".join(true[found[0] : found[-1] + 1]) if found else ""
        error = cer.rate([character_errors(line.text, truth)])
        yield ReadLine(
            collection=page.row.collection,
            picture=lambda box=line.box: _cut(page.row, box),  # type: ignore[misc]
            truth=truth,
            text=line.text,
            confidence=line.confidence,
            errors=1.0 if error is None else error,
        )


def _collection(name: str, pages: Sequence[ReadPage]) -> Iterator[Comparison]:
    writers = [[pages[place] for place in places] for places in by_writer([page.row for page in pages]).values()]

    def errors(text: Callable[[ReadPage], str]) -> list[cer.CharacterErrors]:
        return [together([character_errors(text(page), page.row.text) for page in writer]) for writer in writers]

    def right(share: Callable[[ReadPage], Share]) -> list[Share]:
        return [shares.together([share(page) for page in writer]) for writer in writers]

    found = errors(lambda page: page.text)
    yield compared(
        name,
        "CER of the page",
        "characters",
        cer.rate,
        better="low",
        count=sum(one.length for one in found),
        inkchart=found,
        tesseract=errors(lambda page: page.tesseract),
        plain=errors(lambda page: page.plain),
    )
    kind = pages[0].row.kind
    for label, unit, counts in (
        ("print or hand right", "lines", right(lambda page: _kinds(page, kind))),
        ("left upright", "pages", right(lambda page: Share(right=page.inkchart.turn == 0, of=1))),
        ("set upright when turned", "turns", right(lambda page: page.turned)),
    ):
        count = sum(one.of for one in counts)
        if count:
            yield compared(name, label, unit, shares.rate, better="high", count=count, inkchart=counts)
    judged = [[judge(page.words, page.row.text) for page in writer] for writer in writers]
    yield from confidence_rows(name, [calibration.together([words for words, _ in writer]) for writer in judged])
    yield offered_row(name, [shares.together([offered for _, offered in writer]) for writer in judged])


def _kinds(page: ReadPage, kind: LineKind | None) -> Share:
    """Lines of letters or digits whose kind is right; none where the page's kind is not said."""
    lines = [line for line in page.inkchart.lines if plain(line.text)] if kind is not None else []
    return Share(right=sum(line.kind is kind for line in lines), of=len(lines))


def _turned(page: PageImage, turn: int) -> PageImage:
    return replace(page, pixels=np.ascontiguousarray(np.rot90(page.pixels, k=-turn // 90)))


def _cut(row: Row, box: Box | None) -> Pixels:
    pixels = open_picture(row.file).pixels
    return pixels if box is None else pixels[box.y0 : box.y1, box.x0 : box.x1]
