"""Words that a person typed, and the ink that each of them stands for."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.layers.places import around, as_rendered, upright
from pipeline.records import Box, Page, Word

ALONE = 0.8
"""Cost of a word that only one of the two texts has; of a pair it is how far the two are from alike."""
UNEVEN = 0.1
"""Cost on top where one word stands for two."""
MOST_PAIRS = 900
"""Beyond so many pairs of differing words their ink is shared out by length alone."""
ROOM = 4
"""Pixels a character that a gap must offer before a word is put into it."""
STEPS = ((1, 1), (1, 2), (2, 1), (1, 0), (0, 1))


@dataclass(frozen=True, slots=True)
class _Group:
    """Typed words with the words of the reading that they stand in for."""

    typed: tuple[str, ...]
    read: tuple[Box, ...]


def typed_words(text: str, box: Box, read: Sequence[Word], page: Page) -> tuple[Word, ...]:
    """The words of a text that a person typed for a place of a page.

    Each gets the box of the words of the reading that it is most alike, in order; what is new is put into the gap
    or shares the ink of its neighbour.

    Args:
        text: what stands there.
        box: the place, in pixels as rendered.
        read: what the reading has there, in reading order.
        page: says how it is turned.
    """
    inked = [(word.text.casefold(), upright(word.box, page)) for word in read if word.box is not None]
    whole = upright(box, page)
    groups = _grouped(tuple(text.split()), inked)
    return tuple(
        Word(text=word, box=as_rendered(place, page), confidence=1.0)
        for group, region in _regions(groups, whole)
        for word, place in zip(group, _shared_out(group, region), strict=True)
    )


def _grouped(typed: tuple[str, ...], read: list[tuple[str, Box]]) -> list[_Group]:
    """All words of both, in order; what is equal at both ends needs no search."""
    folded = [word.casefold() for word in typed]
    texts = [text for text, _ in read]
    shorter = min(len(typed), len(read))
    head = next((n for n in range(shorter) if folded[n] != texts[n]), shorter)
    tail = next((n for n in range(shorter - head) if folded[-1 - n] != texts[-1 - n]), shorter - head)
    first = [_Group((typed[n],), (read[n][1],)) for n in range(head)]
    last = [_Group((typed[n],), (read[n][1],)) for n in range(-tail, 0)]
    middle, ink = typed[head : len(typed) - tail], read[head : len(read) - tail]
    return [*first, *_aligned(middle, ink), *last]


def _aligned(typed: tuple[str, ...], read: list[tuple[str, Box]]) -> list[_Group]:
    """The cheapest way to pair two runs of words, by dynamic programming."""
    boxes = tuple(box for _, box in read)
    if not typed or not read or len(typed) * len(read) > MOST_PAIRS:
        return [_Group(typed, boxes)] if typed or read else []
    folded, texts = [word.casefold() for word in typed], [text for text, _ in read]
    cost = [[0.0] * (len(read) + 1) for _ in range(len(typed) + 1)]
    step = [[(0, 0)] * (len(read) + 1) for _ in range(len(typed) + 1)]
    for i in range(len(typed) + 1):
        for j in range(len(read) + 1):
            ways = [
                (cost[i - a][j - b] + _cost("".join(folded[i - a : i]), "".join(texts[j - b : j]), a, b), (a, b))
                for a, b in STEPS
                if a <= i and b <= j
            ]
            if ways:
                cost[i][j], step[i][j] = min(ways)
    groups = []
    i, j = len(typed), len(read)
    while i or j:
        a, b = step[i][j]
        groups.append(_Group(typed[i - a : i], boxes[j - b : j]))
        i, j = i - a, j - b
    return groups[::-1]


def _cost(typed: str, read: str, a: int, b: int) -> float:
    if not a or not b:
        return ALONE
    return 1.0 - _alike(typed, read) + (UNEVEN if a != b else 0.0)


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _regions(groups: list[_Group], whole: Box) -> list[tuple[tuple[str, ...], Box]]:
    """Runs of typed words, each with the region of the upright page that they share."""
    regions: list[tuple[tuple[str, ...], Box]] = []
    waiting: tuple[str, ...] = ()  # typed words without ink of their own
    free: list[Box] = []  # ink of words that were dropped
    for group in groups:
        if group.typed and group.read:
            place = around([*group.read])
            gap = _gap(regions[-1][1] if regions else None, place, whole, free)
            waiting = _settle(waiting, regions, gap)
            regions.append(((*waiting, *group.typed), place))
            waiting, free = (), []
        elif group.typed:
            waiting = (*waiting, *group.typed)
        else:
            free.extend(group.read)
    if waiting:
        gap = _gap(regions[-1][1] if regions else None, None, whole, free)
        waiting = _settle(waiting, regions, gap)
        if waiting and regions:
            words, place = regions.pop()
            regions.append(((*words, *waiting), place))
        elif waiting:
            regions.append((waiting, whole))
    return regions


def _settle(waiting: tuple[str, ...], regions: list[tuple[tuple[str, ...], Box]], gap: Box) -> tuple[str, ...]:
    """Put words into a gap that is wide enough for them; else they wait for a neighbour."""
    if waiting and gap.x1 - gap.x0 >= ROOM * (sum(map(len, waiting)) + len(waiting)):
        regions.append((waiting, gap))
        return ()
    return waiting


def _gap(before: Box | None, after: Box | None, whole: Box, free: list[Box]) -> Box:
    if free:
        return around(free)
    beside = after or before or whole
    left = before.x1 if before else whole.x0
    right = after.x0 if after else whole.x1
    return Box(left, beside.y0, right, beside.y1)


def _shared_out(words: tuple[str, ...], region: Box) -> list[Box]:
    """A region cut from left to right, by length of the words."""
    total = sum(map(len, words)) + len(words) - 1
    width, at, boxes = region.x1 - region.x0, 0, []
    for word in words:
        left = region.x0 + width * at // total
        right = region.x0 + width * (at + len(word)) // total
        boxes.append(Box(left, region.y0, max(left + 1, right), region.y1))
        at += len(word) + 1
    return boxes
