"""Lines: were they found, and was print told from handwriting?"""

from collections import Counter

from pipeline.evaluation.places import PlacedChart, PlacedLine
from pipeline.evaluation.shares import Share
from pipeline.records import LineKind


def lines_found(chart: PlacedChart) -> Share:
    """Lines of the truth where at least one word was read."""
    return Share(right=sum(bool(line.words) for line in chart.lines), of=len(chart.lines))


def kinds_right(chart: PlacedChart) -> Share:
    """Of the lines that were found, those whose read characters were for the greater part read as the right kind."""
    found = [line for line in chart.lines if line.words]
    return Share(right=sum(_kind(line) is line.truth.kind for line in found), of=len(found))


def _kind(line: PlacedLine) -> LineKind:
    weights: Counter[LineKind] = Counter()
    for placed in line.words:
        weights[placed.kind] += max(1, len(placed.word.text))
    return weights.most_common(1)[0][0]
