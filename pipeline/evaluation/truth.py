"""What is true of a chart: `NAME.truth.json` beside `NAME.ext`, checked when it is loaded.

`samples/README.md` describes the format. Boxes and corners are pixels of the page as rendered.
"""

from pathlib import Path
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.errors import UsageError
from pipeline.records import CodeSystem, Label, LineKind, MarkState, PageRole

ENDING = ".truth.json"
CHART_ENDINGS = frozenset({".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".bmp", ".webp", ".heic"})

Corners: TypeAlias = Annotated[tuple[tuple[float, float], ...], Field(min_length=4, max_length=4)]
"""Clockwise from the top left of the text, pixels."""
Day: TypeAlias = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TruthArea(_Closed):
    """A place on a page."""

    box: tuple[int, int, int, int]
    corners: Corners


class TruthLine(TruthArea):
    """A line as it was written."""

    text: str = Field(min_length=1)
    kind: LineKind


class TruthMark(TruthArea):
    """A checkbox as it was left."""

    label: str
    state: MarkState


class TruthPage(_Closed):
    """A page of the chart."""

    number: int = Field(ge=1)
    role: PageRole
    part: int = Field(ge=1)
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    turn: Literal[0, 90, 180, 270]
    skew_degrees: float
    lines: tuple[TruthLine, ...]
    ignored: tuple[TruthArea, ...]
    marks: tuple[TruthMark, ...]

    @model_validator(mode="after")
    def _inside(self) -> Self:
        for area in (*self.lines, *self.ignored, *self.marks):
            x0, y0, x1, y1 = area.box
            if not (0 <= x0 < x1 <= self.width and 0 <= y0 < y1 <= self.height):
                raise ValueError(f"the box {area.box} is not inside page {self.number}")
        return self


class TruthContext(_Closed):
    """What the note says of a finding."""

    negated: bool
    uncertain: bool
    historical: bool
    hypothetical: bool
    family: bool


class TruthEntity(_Closed):
    """A finding that the chart states."""

    label: Label
    text: str = Field(min_length=1)
    page: int
    line: int = Field(ge=0)
    """Place in the page's lines, from 0."""
    context: TruthContext
    optional: bool = False
    """Neither right nor wrong to find: a drug that is only prescribed, a heading that names a service."""


class TruthCode(_Closed):
    """A code that a coder would give."""

    system: CodeSystem
    code: str = Field(min_length=1)
    text: str


class TruthEncounter(_Closed):
    """An encounter as the chart states it."""

    patient_name: str | None
    birth_date: Day | None
    record_number: str | None
    date_of_service: Day | None
    provider: str | None
    sex: Literal["F", "M"] | None
    pages: tuple[int, ...] = Field(min_length=1)
    codes: tuple[TruthCode, ...]


class Truth(_Closed):
    """All that is true of a chart."""

    file: str
    synthetic: Literal[True]
    """A real patient's chart is never measured from this folder."""
    pages: tuple[TruthPage, ...] = Field(min_length=1)
    entities: tuple[TruthEntity, ...]
    encounters: tuple[TruthEncounter, ...]

    @model_validator(mode="after")
    def _refers(self) -> Self:
        pages = {page.number: page for page in self.pages}
        if list(pages) != list(range(1, len(self.pages) + 1)):
            raise ValueError("pages must be numbered 1, 2, 3 ...")
        for entity in self.entities:
            page = pages.get(entity.page)
            if page is None or entity.line >= len(page.lines) or entity.text not in page.lines[entity.line].text:
                raise ValueError(f"the entity {entity.text!r} is not in line {entity.line} of page {entity.page}")
        for encounter in self.encounters:
            if not set(encounter.pages) <= set(pages):
                raise ValueError(f"an encounter names pages {encounter.pages}, which the chart does not have")
        return self


def load(path: Path) -> Truth:
    """Load a truth file.

    Raises:
        UsageError: it is missing, is not JSON, or does not fit together.
    """
    try:
        return Truth.model_validate_json(path.read_bytes())
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:3])
        raise UsageError(f"{path.name} is not a truth file: {problems}. samples/README.md describes it.") from error
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read: {error.strerror}.") from error


def find(folder: Path) -> tuple[tuple[Path, Truth], ...]:
    """Every chart of a folder with its truth, by name.

    Raises:
        UsageError: there are no charts, a chart has no truth, or a truth has no chart.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder.")
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in CHART_ENDINGS)
    truths = {path: load(path) for path in sorted(folder.glob(f"*{ENDING}"))}
    by_chart = {folder / truth.file: truth for truth in truths.values()}
    for chart in files:
        if chart not in by_chart:
            raise UsageError(f"{chart.name} has no truth: {chart.stem}{ENDING} is missing or names another file.")
    for path, truth in truths.items():
        if folder / truth.file not in files:
            raise UsageError(f"{path.name} tells of {truth.file}, which is not in {folder}.")
    if not files:
        raise UsageError(f"{folder} holds no charts with truth; a chart NAME.ext needs NAME{ENDING} beside it.")
    return tuple((chart, by_chart[chart]) for chart in files)
