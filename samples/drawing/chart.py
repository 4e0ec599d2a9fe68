"""A drawn chart: its pages as they go into the file, and what is true of them."""

from dataclasses import dataclass
from typing import Any

from samples.drawing.effects import Scan
from samples.drawing.sheet import DrawnLine, DrawnMark, Quad, Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPage:
    """A page of the file: the sheet and its picture."""

    sheet: Sheet
    scan: Scan
    role: str = "content"
    part: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPage:
    """A page of real text in a PDF; everything in points from the top left."""

    lines: tuple[tuple[float, float, int, bool, DrawnLine], ...]
    """x, baseline, size, bold, and the line with its corners in pixels at 300 dpi."""
    width: int = 612
    height: int = 792


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """An encounter as the chart states it, and the codes that a coder would give."""

    patient_name: str
    birth_date: str
    record_number: str | None
    """As the chart has it, without spaces."""
    date_of_service: str
    provider: str | None
    sex: str | None
    pages: tuple[int, ...]
    codes: tuple[tuple[str, str, str], ...]
    """System, code, and the words of the chart that ask for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One sample."""

    name: str
    """File name with its suffix."""
    pages: tuple[ChartPage | TypedPage, ...]
    visits: tuple[Visit, ...]
    dpi: int = 200
    """Of the scanned pages."""
    quality: int = 62
    """JPEG and WebP."""


def truth(chart: Chart) -> dict[str, Any]:
    """The truth file of a chart, as samples/README.md describes it."""
    pages, entities = [], []
    for number, page in enumerate(chart.pages, start=1):
        drawn = _typed(page) if isinstance(page, TypedPage) else _scanned(page, _scale(chart))
        pages.append({"number": number, **drawn})
        lines = [line for *_, line in page.lines] if isinstance(page, TypedPage) else page.sheet.lines
        for place, line in enumerate(lines):
            for mention in line.mentions:
                context = {
                    flag: flag in mention.flags
                    for flag in ("negated", "uncertain", "historical", "hypothetical", "family")
                }
                entities.append(
                    {
                        "label": mention.label,
                        "text": mention.text,
                        "page": number,
                        "line": place,
                        "context": context,
                        "optional": mention.optional,
                    }
                )
    encounters = [
        {
            "patient_name": visit.patient_name,
            "birth_date": visit.birth_date,
            "record_number": visit.record_number,
            "date_of_service": visit.date_of_service,
            "provider": visit.provider,
            "sex": visit.sex,
            "pages": list(visit.pages),
            "codes": [{"system": system, "code": code, "text": text} for system, code, text in visit.codes],
        }
        for visit in chart.visits
    ]
    return {"file": chart.name, "synthetic": True, "pages": pages, "entities": entities, "encounters": encounters}


def _scale(chart: Chart) -> float:
    """PDF pages are rendered at 300 dpi, pictures as they are."""
    return 300 / chart.dpi if chart.name.endswith(".pdf") else 1.0


def _scanned(page: ChartPage, scale: float) -> dict[str, Any]:
    height, width = page.scan.pixels.shape[:2]

    def place(corners: Quad) -> dict[str, Any]:
        return _placed([(x * scale, y * scale) for x, y in page.scan.place(corners)])

    return {
        "role": page.role,
        "part": page.part,
        "width": round(width * scale),
        "height": round(height * scale),
        "turn": page.scan.turn,
        "skew_degrees": page.scan.skew,
        "lines": [_line(line, place(line.corners)) for line in page.sheet.lines],
        "ignored": [place(corners) for corners in page.sheet.ignored],
        "marks": [_mark(mark, place(mark.corners)) for mark in page.sheet.marks],
    }


def _typed(page: TypedPage) -> dict[str, Any]:
    return {
        "role": "content",
        "part": 1,
        "width": round(page.width / 72 * 300),
        "height": round(page.height / 72 * 300),
        "turn": 0,
        "skew_degrees": 0.0,
        "lines": [_line(line, _placed(line.corners)) for *_, line in page.lines],
        "ignored": [],
        "marks": [],
    }


def _line(line: DrawnLine, where: dict[str, Any]) -> dict[str, Any]:
    return {"text": line.text, "kind": line.kind, **where}


def _mark(mark: DrawnMark, where: dict[str, Any]) -> dict[str, Any]:
    return {"label": mark.label, "state": mark.state, **where}


def _placed(corners: Quad) -> dict[str, Any]:
    """The box around corners, and the corners, in whole pixels."""
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    box = [int(min(xs)), int(min(ys)), int(max(xs) + 0.999), int(max(ys) + 0.999)]
    return {"box": box, "corners": [[round(x), round(y)] for x, y in corners]}
