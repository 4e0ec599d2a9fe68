"""Lines of a page that carries its text: words are taken as they are, no pixel is read."""

from collections.abc import Sequence

import numpy as np

from pipeline.records import CleanImage, Region, TextWord, Word

_LEAST_SHARED = 0.3


def words_by_region(clean: CleanImage, regions: Sequence[Region]) -> list[tuple[Word, ...]]:
    """The words of the text layer that stand in each region, left to right; each word in one region at most.

    How sure such a word is, is not known: nobody read it from ink.
    """
    bounds = [_bounds(region, clean) for region in regions]
    found: list[list[TextWord]] = [[] for _ in regions]
    for word in clean.page.text_layer or ():
        shared = [_shared(word, bound) for bound in bounds]
        if shared and max(shared) > _LEAST_SHARED:
            found[int(np.argmax(shared))].append(word)
    return [
        tuple(
            Word(text=text, box=word.box, confidence=None)
            for word in sorted(words, key=lambda word: word.box.x0)
            for text in word.text.split()
        )
        for words in found
    ]


def _bounds(region: Region, clean: CleanImage) -> tuple[float, float, float, float]:
    points = np.column_stack([np.array(region.corners), np.ones(4)]) @ clean.to_page.T
    points = points[:, :2] / points[:, 2:]
    return (*(float(v) for v in points.min(axis=0)), *(float(v) for v in points.max(axis=0)))  # type: ignore[return-value]


def _shared(word: TextWord, bound: tuple[float, float, float, float]) -> float:
    x0, y0, x1, y1 = word.box
    across = min(x1, bound[2]) - max(x0, bound[0])
    down = min(y1, bound[3]) - max(y0, bound[1])
    return across * down / max(1, (x1 - x0) * (y1 - y0)) if across > 0 and down > 0 else 0.0
