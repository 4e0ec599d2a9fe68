"""Lays a written line on paper with what stands round it on a page: rules, boxes, neighbour lines, blots."""

from dataclasses import dataclass

import cv2
import numpy as np

from models.handwriting.synth.fields import Field, Grey, between, grain, smooth
from models.handwriting.synth.pen import X_HEIGHT, Ink

DASHES = ((1, 0), (2, 4), (8, 6), (1, 6))


@dataclass(frozen=True)
class Sheet:
    """A crop of a page, before it is scaled: ink and rules as 0..255 of darkness."""

    ink: Grey
    rules: Grey


def laid(rng: np.random.Generator, line: Ink, above: Ink | None, below: Ink | None, clean: bool) -> Sheet:
    """Return a crop round a line, tight or loose, with pieces of the neighbour lines given."""
    tall, wide = line.ink.shape
    loose = between(rng, 0.0, 0.12) if rng.random() < 0.4 else between(rng, 0.1, 0.4)
    reach = max(tall, int(X_HEIGHT * 1.6))  # a line without tall letters is cropped as high as others
    up = int(reach * loose * between(rng, 0.3, 1.2)) + 1 + int((reach - tall) * rng.random())
    down = int(reach * loose * between(rng, 0.3, 1.2)) + 1 + int((reach - tall) * rng.random())
    left, right = (int(X_HEIGHT * 2 * rng.random() ** 2) + 1 for _ in range(2))
    ink = np.zeros((tall + up + down, wide + left + right), np.uint8)
    ink[up : up + tall, left : left + wide] = line.ink
    if above is not None:  # its baseline stands above the crop, so that only tails hang into it
        place(ink, above.ink, int(between(rng, -0.4, 0.12) * X_HEIGHT) - above.baseline, left)
    if below is not None:  # only what rises over its small letters reaches into the crop
        place(ink, below.ink, ink.shape[0] + int(between(rng, 0.95, 1.5) * X_HEIGHT) - below.baseline, left)
    rules = np.zeros_like(ink)
    if not clean:
        base = up + line.baseline
        ruled(rng, rules, base, left, wide)
        if rng.random() < 0.05:
            scribble(rng, ink, left, left + wide, base)
    return Sheet(ink, rules)


def under_label(rng: np.random.Generator, sheet: Sheet, label: Ink) -> Sheet:
    """Return the crop with a form's small printed label over the writing or under it, whole or cut off."""
    small = cv2.resize(label.ink, None, fx=0.55, fy=0.55, interpolation=cv2.INTER_AREA)
    small = small[:, : sheet.ink.shape[1] - 2]
    shown = max(2, int(small.shape[0] * between(rng, 0.25, 1.0)))
    gap = int(X_HEIGHT * between(rng, 0.0, 0.6))
    strip = np.zeros((shown + gap, sheet.ink.shape[1]), np.uint8)
    bare = np.zeros_like(strip)
    left = int(rng.integers(0, max(1, strip.shape[1] - small.shape[1])))
    if rng.random() < 0.6:
        strip[:shown, left : left + small.shape[1]] = small[-shown:]
        return Sheet(np.vstack([strip, sheet.ink]), np.vstack([bare, sheet.rules]))
    strip[gap:, left : left + small.shape[1]] = small[:shown]
    return Sheet(np.vstack([sheet.ink, strip]), np.vstack([sheet.rules, bare]))


def place(onto: Grey, piece: Grey, top: int, left: int) -> None:
    """Add a piece of writing at a place, where it falls on the crop."""
    height, width = onto.shape
    first, last = max(0, top), min(height, top + piece.shape[0])
    across = min(width - left, piece.shape[1])
    if last <= first or across <= 0:
        return
    here = onto[first:last, left : left + across]
    np.maximum(here, piece[first - top : last - top, :across], out=here)


def ruled(rng: np.random.Generator, rules: Grey, base: int, left: int, wide: int) -> None:
    """Draw the rules of a form or a pad: under the line, beside it, a box, an underline, a margin."""
    height, width = rules.shape
    dark = int(between(rng, 60, 255))
    thick = 1 + int(rng.random() * 2.6)
    slope = float(rng.normal(0, 0.004)) * width
    kind = rng.random()
    if kind < 0.30:  # the line one writes on
        stroke(rng, rules, (0, base + between(rng, -0.1, 0.45) * X_HEIGHT), (width, slope), dark, thick)
    elif kind < 0.38:  # ruled pad: this line's rule and the one above
        at = base + between(rng, -0.1, 0.3) * X_HEIGHT
        dark = min(dark, 170)
        stroke(rng, rules, (0, at), (width, slope), dark, thick)
        stroke(rng, rules, (0, at - between(rng, 2.4, 4) * X_HEIGHT), (width, slope), dark, thick)
    elif kind < 0.44:  # underlined
        start = left + between(rng, 0, 0.3) * wide
        stroke(
            rng,
            rules,
            (start, base + between(rng, 0.15, 0.5) * X_HEIGHT),
            (wide * between(rng, 0.4, 0.7), slope),
            255,
            thick + 1,
        )
    elif kind < 0.52:  # edges of a box
        if rng.random() < 0.7:
            stroke(rng, rules, (0, between(rng, 0, 5)), (width, slope), dark, thick)
        if rng.random() < 0.7:
            stroke(rng, rules, (0, height - between(rng, 1, 6)), (width, slope), dark, thick)
        for x in (between(rng, 0, max(1, left - 4)), width - between(rng, 1, 4)):
            if rng.random() < 0.5:
                cv2.line(rules, (int(x), 0), (int(x), height), dark, thick)
    elif kind < 0.55 and left > 8:  # the margin's rule
        x = int(between(rng, 0, left - 4))
        cv2.line(rules, (x, 0), (x, height), dark, thick)


def stroke(
    rng: np.random.Generator, rules: Grey, start: tuple[float, float], span: tuple[float, float], dark: int, thick: int
) -> None:
    """Draw a rule from a point over a span, whole or of dots or dashes."""
    on, off = DASHES[int(rng.integers(len(DASHES)))] if rng.random() < 0.25 else DASHES[0]
    if not off:
        end = (int(start[0] + span[0]), int(start[1] + span[1]))
        cv2.line(rules, (int(start[0]), int(start[1])), end, dark, thick, cv2.LINE_AA)
        return
    on, off = on * 2, off * 2
    for x in np.arange(0, span[0], on + off):
        y = int(start[1] + span[1] * x / max(1.0, span[0]))
        cv2.line(rules, (int(start[0] + x), y), (int(start[0] + x + on), y), dark, thick + 1)


def scribble(rng: np.random.Generator, ink: Grey, left: int, right: int, base: int) -> None:
    """Cross out something that began beyond the line's end, where there is room for it."""
    width = ink.shape[1]
    if width - right < 14:
        return
    points = rng.random((14, 2)) * (width - right - 8, X_HEIGHT * 1.2) + (right + 6, base - X_HEIGHT * 1.2)
    cv2.polylines(ink, [points.astype(np.int32)], False, 255, 2, cv2.LINE_AA)


def coloured(rng: np.random.Generator, ink: Grey, rules: Grey, kind: str, clean: bool) -> Field:
    """Return the crop as grey levels 0..255: paper, rules and ink of some pen."""
    height, width = ink.shape
    paper = np.full((height, width), between(rng, 235, 255) if clean else between(rng, 165, 255), np.float32)
    cover = ink.astype(np.float32) * (1 / 255)
    pen = rng.random()
    dark = between(rng, 0.75, 1.0) if clean else between(rng, 0.4, 1.0)
    if kind == "hand":
        if pen < 0.35:  # ballpoint: pressure comes and goes
            cover *= np.clip(1 + 0.16 * smooth(rng, 1, width, 1, 14), 0.5, 1.1)
        elif pen < 0.5:  # pencil: pale, and the paper's grain shows
            dark *= between(rng, 0.5, 0.8)
            cover *= np.clip(0.85 + 0.25 * grain(rng, height, width, 1.0), 0, 1.1)
        elif pen < 0.65:  # fountain pen: the ink pools
            cover *= np.clip(0.85 + 0.2 * smooth(rng, height, width, 6, 7), 0.4, 1.1)
    elif pen < 0.3:  # worn ribbon or type
        cover *= np.clip(0.9 + 0.22 * smooth(rng, height, width, 4, 4), 0.25, 1.1)
        cover *= np.clip(1 + 0.1 * smooth(rng, 1, width, 1, 60), 0.6, 1.1)
    if not clean:
        texture = rng.random()
        if texture < 0.5:
            paper += grain(rng, height, width, between(rng, 0.5, 4)) * between(rng, 1, 6)
        if texture > 0.7:
            paper += smooth(rng, height, width, 60, 120) * between(rng, 3, 14)
        if rng.random() < 0.06:  # the other side shows through
            back = cv2.GaussianBlur(np.roll(ink[::1, ::-1], int(height * between(rng, 0.2, 0.8)), axis=0), (0, 0), 1.5)
            paper *= 1 - back.astype(np.float32) * (between(rng, 0.05, 0.16) / 255)
    lines = rules.astype(np.float32) * (between(rng, 0.35, 0.9) / 255)
    cover = np.maximum(np.clip(cover, 0, 1) * dark, lines * dark)
    return np.clip(paper * (1 - cover) + 12 * cover, 0, 255)
