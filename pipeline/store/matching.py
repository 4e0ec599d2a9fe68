"""Holding decisions against the ink of a reading that they were not made on."""

from pipeline.records import Anchor, Candidate, CodeSystem, LineSpan
from pipeline.store.review_state import CodeVerdict, Review


def anchors_of(spans: tuple[LineSpan, ...]) -> tuple[Anchor, ...]:
    """Where on the pages the words of an entity stand."""
    pages: dict[int, tuple[object, ...]] = {}
    for span in spans:
        pages[span.page] = (*pages.get(span.page, ()), *span.boxes)
    return tuple(Anchor(page=page, boxes=boxes) for page, boxes in pages.items())  # type: ignore[arg-type]


def unmatched(
    review: Review, candidates: tuple[Candidate, ...], spans: dict[str, tuple[LineSpan, ...]]
) -> tuple[CodeVerdict, ...]:
    """Decisions that a new reading no longer bears out: same code, but no ink that overlaps; for the coder to see.

    Args:
        review: what was decided.
        candidates: of the latest reading.
        spans: of each entity of the latest reading, by its id.
    """
    proposed: dict[tuple[CodeSystem, str], list[Anchor]] = {}
    for candidate in candidates:
        ink = anchors_of(spans.get(candidate.entity or "", ()))
        proposed.setdefault((candidate.system, candidate.code), []).extend(ink)
    return tuple(
        verdict
        for key, verdict in review.codes.items()
        if verdict.anchors and not any(overlap(a, b) for a in verdict.anchors for b in proposed.get(key, ()))
    )


def overlap(one: Anchor, other: Anchor) -> bool:
    """Whether two anchors share ink."""
    return one.page == other.page and any(
        max(a.x0, b.x0) < min(a.x1, b.x1) and max(a.y0, b.y0) < min(a.y1, b.y1) for a in one.boxes for b in other.boxes
    )
