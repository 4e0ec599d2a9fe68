"""The sheets of a packet as a PDF: cover, the chart's pages one at a time, audit extract.

Letter size. What is masked is black in the embedded picture itself, and the PDF holds no text of a page but the words
that the cover lists.
"""

import io

import numpy as np
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline.export.evidence.lettering import BOLD, PLAIN, fonts, shown, width, wrapped
from pipeline.export.evidence.outlines import Outline, Rect, label_places, shared, stretches
from pipeline.export.evidence.packet import Packet, PacketPage
from pipeline.export.evidence.pictures import Picture, picture, upright_box, upright_size
from pipeline.export.evidence.sheets import Sheet
from pipeline.export.evidence.wording import cover, extract

WIDE, TALL = LETTER
SIDE, TOP, FOOT = 36.0, 54.0, 36.0
"""Of the sheets of text: margins, in points."""
ROOM = (WIDE - 2 * SIDE, TALL - TOP - FOOT)
EDGE = 50.0
"""On both sides of a chart's page, where numbers may stand."""
KEY = 8.0
"""Size of the key below a page."""
PAGE_ROOM = Rect(EDGE, TOP, WIDE - EDGE, TALL - 70.0)
"""Where a chart's page is drawn."""
LABEL, LABEL_LEADING, IN_LABEL = 7.0, 6.6, 1.2
A_LINE = 3
"""Numbers on one line of a label."""
THIN = 0.8
COLOURS = (
    (0.80, 0.00, 0.10),
    (0.00, 0.25, 0.75),
    (0.00, 0.45, 0.15),
    (0.60, 0.00, 0.60),
    (0.75, 0.35, 0.00),
    (0.00, 0.45, 0.55),
)
BARE_INK, CLEAR = 0.005, 0.6
"""Share of ink up to which a place is bare paper, and how far around a number that is looked for."""


def draw(packet: Packet) -> bytes:
    """The whole packet.

    Raises:
        ExportError: a page has no picture.
    """
    fonts()
    before, behind = cover(packet, *ROOM), extract(packet, *ROOM)
    count = len(before) + len(packet.pages) + len(behind)
    file = io.BytesIO()
    # The same packet gives the same bytes, so that a file can be told from a changed one.
    canvas = Canvas(file, pagesize=LETTER, invariant=1, lang="en-US")
    canvas.setTitle("Evidence for a claim")
    canvas.setCreator("Inkchart")
    number = 0
    for sheet in before:
        number += 1
        _header(canvas, packet, number, count)
        _text_sheet(canvas, sheet)
    for page in packet.pages:
        number += 1
        _header(canvas, packet, number, count)
        _chart_page(canvas, packet, page)
    for sheet in behind:
        number += 1
        _header(canvas, packet, number, count)
        _text_sheet(canvas, sheet)
    canvas.save()
    return file.getvalue()


def _header(canvas: Canvas, packet: Packet, number: int, count: int) -> None:
    canvas.setFillGray(0.25)
    canvas.setFont(PLAIN, 8)
    canvas.drawString(SIDE, TALL - 34, shown(f"Claim {packet.claim}"))
    canvas.drawRightString(WIDE - SIDE, TALL - 34, f"page {number} of {count}")


def _text_sheet(canvas: Canvas, sheet: Sheet) -> None:
    y = TALL - TOP
    for row in sheet:
        if row.ruled:
            canvas.setStrokeGray(0.75)
            canvas.setLineWidth(0.4)
            canvas.line(SIDE, y + 0.5, WIDE - SIDE, y + 0.5)
        canvas.setFillGray(0)
        for cell in row.cells:
            canvas.setFont(cell.font, cell.size)
            for line, text in enumerate(cell.lines):
                canvas.drawString(SIDE + cell.left, y - (line + 0.8) * row.leading, text)
        y -= row.height
    canvas.showPage()


def _chart_page(canvas: Canvas, packet: Packet, page: PacketPage) -> None:
    wide, tall = upright_size(page)
    scale = min((PAGE_ROOM.x1 - PAGE_ROOM.x0) / wide, (PAGE_ROOM.y1 - PAGE_ROOM.y0) / tall)
    left = (WIDE - wide * scale) / 2
    place = Rect(left, PAGE_ROOM.y0, left + wide * scale, PAGE_ROOM.y0 + tall * scale)
    drawn = picture(page, wide * scale, tall * scale)
    canvas.drawImage(
        ImageReader(io.BytesIO(drawn.jpeg)), place.x0, TALL - place.y1, place.x1 - place.x0, place.y1 - place.y0
    )
    canvas.setStrokeGray(0.6)
    canvas.setLineWidth(0.3)
    canvas.rect(place.x0, TALL - place.y1, place.x1 - place.x0, place.y1 - place.y0)
    outlines = shared(
        [
            (code.number, _placed(box, place, scale))
            for code in packet.codes
            for anchor in code.anchors
            if anchor.page == page.number
            for box in stretches(upright_box(each, page) for each in anchor.boxes)
        ]
    )
    _numbered(canvas, outlines, place, drawn)
    _key(canvas, packet, page, {number for outline in outlines for number in outline.numbers})
    canvas.showPage()


def _placed(box: tuple[int, int, int, int], place: Rect, scale: float) -> Rect:
    x0, y0, x1, y1 = box
    return Rect(place.x0 + x0 * scale, place.y0 + y0 * scale, place.x0 + x1 * scale, place.y0 + y1 * scale)


def _numbered(canvas: Canvas, outlines: tuple[Outline, ...], place: Rect, drawn: Picture) -> None:
    """Outlines with their numbers beside them."""
    texts = [_label(outline.numbers) for outline in outlines]
    sizes = [
        (max(width(line, BOLD, LABEL) for line in lines) + 2 * IN_LABEL, len(lines) * LABEL_LEADING) for lines in texts
    ]
    sheet = Rect(4.0, place.y0, WIDE - 4.0, TALL - 60.0)
    step = drawn.width / (place.x1 - place.x0)

    def is_bare(rect: Rect) -> bool:
        x0, x1 = (max(0, round((x - place.x0) * step)) for x in (rect.x0 - CLEAR, rect.x1 + CLEAR))
        y0, y1 = (max(0, round((y - place.y0) * step)) for y in (rect.y0 - CLEAR, rect.y1 + CLEAR))
        part = drawn.ink[y0:y1, x0:x1]
        return part.size == 0 or float(np.mean(part)) <= BARE_INK

    places = label_places(outlines, sizes, place, sheet, is_bare)
    canvas.setLineWidth(THIN)
    for outline, label, lines in zip(outlines, places, texts, strict=True):
        colour = COLOURS[(outline.numbers[0] - 1) % len(COLOURS)]
        canvas.setStrokeColorRGB(*colour)
        canvas.setFillColorRGB(*colour)
        rect = outline.rect
        canvas.rect(rect.x0, TALL - rect.y1, rect.x1 - rect.x0, rect.y1 - rect.y0)
        canvas.setFont(BOLD, LABEL)
        for number, line in enumerate(lines):
            canvas.drawString(label.x0 + IN_LABEL, TALL - label.y0 - (number + 0.88) * LABEL_LEADING, line)


def _label(numbers: tuple[int, ...]) -> tuple[str, ...]:
    lines = [numbers[start : start + A_LINE] for start in range(0, len(numbers), A_LINE)]
    return tuple(",".join(map(str, line)) for line in lines)


def _key(canvas: Canvas, packet: Packet, page: PacketPage, here: set[int]) -> None:
    """Below the page: which page of the chart it is, and the codes whose ink is on it."""
    codes = ", ".join(f"{code.number} {code.code}" for code in packet.codes if code.number in here)
    text = f"Page {page.number} of the chart. " + (f"Outlined: {codes}" if codes else "No billed code rests on it.")
    canvas.setFillGray(0.25)
    size = KEY
    while len(lines := wrapped(text, WIDE - 2 * SIDE, PLAIN, size)) * size * 1.25 > 48.0:
        size *= 0.9
    canvas.setFont(PLAIN, size)
    for number, line in enumerate(lines):
        canvas.drawString(SIDE, 56.0 - number * size * 1.25, line)
