"""`inkchart evaluate`: read every chart of a folder and measure the readings against the truth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pipeline.errors import UsageError
from pipeline.evaluation import calibration, cer, codes, encounters, entities, kinds, pages, shares, truth
from pipeline.evaluation.details import write_details
from pipeline.evaluation.places import PlacedChart, place
from pipeline.evaluation.resampling import Interval, interval
from pipeline.records import Label, LineKind, Reading

Count = TypeVar("Count")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure of the table."""

    name: str
    value: float | None
    """A share or rate; None where there was nothing to measure."""
    interval: Interval | None
    count: int
    """How many things were counted."""
    unit: str
    """What was counted: `characters`, `lines`, `entities`, ..."""
    better: str
    """`low` or `high`: which way is better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartFigures:
    """The main figures of one chart; each None where it has nothing of the sort."""

    file: str
    pages: int
    cer_print: float | None
    cer_hand: float | None
    entity_f1: float | None
    code_recall_5: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What was measured over a folder of charts."""

    charts: int
    pages: int
    measures: tuple[Measure, ...]
    reliability: tuple[calibration.Bin, ...]
    by_chart: tuple[ChartFigures, ...]


def evaluate(
    folder: Path, read: Callable[[Path], Reading], *, out: Path, on_chart: Callable[[str], None] = lambda name: None
) -> Evaluation:
    """Read and measure every chart of a folder.

    Args:
        folder: charts with their truth beside them.
        read: reads one chart.
        out: folder for `lines.tsv` and `findings.tsv`, which show where the figures come from.
        on_chart: told the name of each chart before it is read.

    Raises:
        UsageError: a truth is missing or does not fit, or `out` cannot be written.
        ChartError: a chart cannot be read.
        SetupError: a program or model is missing.
    """
    charts = truth.find(folder)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}.") from error
    placed = []
    for path, true in charts:
        on_chart(path.name)
        placed.append(place(true, read(path)))
    write_details(placed, out)
    return measure(placed)


def measure(charts: Sequence[PlacedChart]) -> Evaluation:
    """All figures over charts that were read."""
    matches = [entities.match(chart) for chart in charts]
    judged = [calibration.judge(chart) for chart in charts]
    words = calibration.together(judged)
    return Evaluation(
        charts=len(charts),
        pages=sum(len(chart.truth.pages) for chart in charts),
        measures=(
            *(_characters(charts, kind) for kind in LineKind),
            _share("lines found", "lines", [kinds.lines_found(chart) for chart in charts]),
            _share("kind right", "lines", [kinds.kinds_right(chart) for chart in charts]),
            _share("page role right", "pages", [pages.roles_right(chart) for chart in charts]),
            _share("page turn right", "pages", [pages.turns_right(chart) for chart in charts]),
            _share("checkbox right", "boxes", [pages.marks_right(chart) for chart in charts]),
            _share("entity precision", "entities found", [entities.precision(one) for one in matches]),
            _share("entity recall", "entities", [entities.recall(one) for one in matches]),
            _measure("entity F1", "entities", matches, entities.f1, sum(entities.recall(one).of for one in matches)),
            *(
                _share(f"{label.lower()} recall", "entities", [entities.recall(one, label) for one in matches])
                for label in Label
            ),
            _share("context right", "entities matched", [entities.context_right(one) for one in matches]),
            _share("negation found", "entities matched", [entities.negation_right(one) for one in matches]),
            *(_share(f"code recall@{k}", "codes", [codes.found_at(chart, k) for chart in charts]) for k in (1, 5, 10)),
            _share("proposed codes right", "codes proposed", [codes.proposed_right(chart) for chart in charts]),
            _share("codes proposed of expected", "codes", [codes.proposed_of_expected(chart) for chart in charts]),
            _share("encounter pages right", "encounters", [encounters.pages_right(chart) for chart in charts]),
            *(
                _share(
                    f"{field.replace('_', ' ')} right",
                    "encounters",
                    [encounters.field_right(chart, field) for chart in charts],
                )
                for field in encounters.Field
            ),
            _words("word ECE", judged, calibration.expected_error, "low"),
            _words("word AUROC", judged, calibration.separation, "high"),
            _words("errors in least sure fifth", judged, calibration.errors_in_least_sure, "high"),
        ),
        reliability=calibration.bins(words),
        by_chart=tuple(_figures(chart, one) for chart, one in zip(charts, matches, strict=True)),
    )


def rows(evaluation: Evaluation) -> tuple[tuple[str, str, str, str], ...]:
    """The table as people read it: measure, value, 95 % interval, count."""
    return tuple(
        (
            one.name,
            "-" if one.value is None else f"{one.value:.3f}",
            "-" if one.interval is None else f"{one.interval.low:.3f} to {one.interval.high:.3f}",
            f"{one.count:,} {one.unit}",
        )
        for one in evaluation.measures
    )


def _measure(
    name: str,
    unit: str,
    counts: Sequence[Count],
    rate: Callable[[Sequence[Count]], float | None],
    count: int,
    better: str = "high",
) -> Measure:
    return Measure(
        name=name, value=rate(counts), interval=interval(counts, rate), count=count, unit=unit, better=better
    )


def _share(name: str, unit: str, counts: Sequence[shares.Share]) -> Measure:
    return _measure(name, unit, counts, shares.rate, sum(count.of for count in counts))


def _characters(charts: Sequence[PlacedChart], kind: LineKind) -> Measure:
    counts = [cer.character_errors(chart, kind) for chart in charts]
    return _measure(f"CER {kind}", "characters", counts, cer.rate, sum(count.length for count in counts), "low")


def _words(
    name: str,
    judged: Sequence[calibration.Judged],
    figure: Callable[[calibration.Judged], float | None],
    better: str,
) -> Measure:
    count = sum(len(one.right) for one in judged)
    return _measure(name, "words", judged, lambda parts: figure(calibration.together(parts)), count, better)


def _figures(chart: PlacedChart, matches: entities.Matches) -> ChartFigures:
    return ChartFigures(
        file=chart.truth.file,
        pages=len(chart.truth.pages),
        cer_print=cer.rate([cer.character_errors(chart, LineKind.PRINT)]),
        cer_hand=cer.rate([cer.character_errors(chart, LineKind.HAND)]),
        entity_f1=entities.f1([matches]),
        code_recall_5=shares.rate([codes.found_at(chart, 5)]),
    )
