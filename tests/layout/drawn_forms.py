"""Forms with boxes, bubbles, blanks and circled words, drawn from a seed with their truth, and scanned."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from pipeline.cleanup.background import grey, whiten
from pipeline.cleanup.sheet import Sheet as Scanned
from pipeline.cleanup.size import resize
from pipeline.cleanup.speckle import despeckle
from pipeline.cleanup.straight import straighten
from pipeline.records import CleanImage, PageQuality
from samples.drawing.effects import Scan, faxed, resized, scan, shaded, skewed, softened
from samples.drawing.fonts import HANDS, font
from samples.drawing.handwriting import Hand
from samples.drawing.sheet import Quad, Sheet
from tests import ink

TUNING, HELD_OUT = range(0, 40), range(1000, 1040)
"""Seeds: whatever is chosen is chosen on the first, and reported on the second."""

INK = ((28, 36, 92), (24, 24, 28), (20, 20, 120), (60, 60, 70))
LABELS = (
    "Asthma", "Ankle sprain", "Chest pain", "Strep throat", "Otitis media", "X-ray wrist", "Urinalysis", "CBC",
    "Influenza vaccine", "Diabetes mellitus", "Low back pain", "Migraine", "Hypertension", "ECG", "Knee injection",
    "Established visit, level 3", "New patient visit", "Tobacco use", "Eczema", "Bronchitis", "Splint, short arm",
)  # fmt: skip
LONG = ("Shortness of breath or wheezing", "Removal of foreign body, eye", "Follow-up of fracture, routine healing")
FACES = ("roboto", "source-serif-4", "courier-prime")
STYLES = ("square", "square", "rounded", "broken", "thick", "bubble", "bubble", "bracket", "blank", "circle", "circle")
TYPED = ("bracket", "blank")
"""Blanks that are printed as characters: their text says what they are."""
TICKED = ("tick", "tick", "cross", "filled", "dash", "overshoot", "initials")
DOUBTED = ("scribbled", "stray", "faint", "speck")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A mark as it was drawn; corners in pixels of the sheet."""

    corners: Quad
    style: str
    how: str
    label: str

    @property
    def state(self) -> str:
        """What a person would say of it."""
        return "blank" if self.how == "blank" else "ticked" if self.how in (*TICKED, "around") else "doubtful"


@dataclass(slots=True)
class Form:
    """A form while it is drawn."""

    seed: int
    style: str = ""
    side: int = 26
    labels_left: bool = False
    marks: list[Drawn] = field(default_factory=list)
    random: np.random.Generator = field(init=False)
    sheet: Sheet = field(init=False)
    hand: Hand = field(init=False)

    def __post_init__(self) -> None:
        self.random = np.random.default_rng(self.seed)
        self.sheet = Sheet(self.random)
        pick = self.random.integers
        self.style = STYLES[self.seed % len(STYLES)]
        self.side = int(pick(15, 41))
        self.labels_left = bool(self.random.random() < 0.2) and self.style not in ("bracket", "blank", "circle")
        hand = HANDS[int(pick(len(HANDS)))]
        self.hand = Hand(font=hand, height=self.side * 0.55, ink=INK[int(pick(len(INK)))], weight=1)


def drawn_form(seed: int) -> tuple[Form, CleanImage]:
    """A form and its cleaned scan; the scan's `to_page` goes on to the sheet."""
    form = Form(seed)
    sheet, random = form.sheet, form.random
    size, face = int(np.clip(form.side * random.uniform(0.9, 1.15), 22, 36)), FACES[int(random.integers(len(FACES)))]
    sheet.print(850, 120, "Encounter Form", size=44, face=face, weight=700, centre=True)
    sheet.print(100, 210, "Patient: Doe, Jo   DOB 02/03/1960   OB/GYN: Dr. Odobo", size=28, face=face)
    columns = int(random.integers(1, 3))
    width = 1500 // columns
    pitch = max(int(1.9 * size), form.side + 18)
    for column in range(columns):
        left, y = 110 + column * width, 330.0
        for _ in range(int(random.integers(8, 16))):
            y = _row(form, left, y, width, size, face)
            y += pitch + int(random.integers(0, 12))
            if y > 2000:
                break
    sheet.print(100, 2140, "OOOO 0800 DOB BOD Do not bill. Page 1 of 2 (c) O'Dood & Co.", size=24, face=face)
    return form, _cleaned(form)


def _row(form: Form, left: float, y: float, width: int, size: int, face: str) -> float:
    """One item with its mark; returns the y of its last line."""
    random, sheet, side = form.random, form.sheet, form.side
    label = LABELS[int(random.integers(len(LABELS)))]
    how = _how(form)
    gap = float(random.uniform(0.35, 0.9)) * side
    if form.style == "circle":
        _circled(form, left, y, size, face, label)
        return y
    if form.style in TYPED:
        _typed(form, left, y, size, face, label, how)
        return y
    if form.labels_left:
        x = left + 0.72 * width
        sheet.print(x - gap - font(face, size).getlength(label), y, label, size=size, face=face)
    else:
        x = left
        start = x + side + gap
        sheet.print(start, y, label, size=size, face=face)
    top = y - side + round(0.12 * side)
    corners: Quad = [(x, top), (x + side, top), (x + side, top + side), (x, top + side)]
    _outline(form, x, top)
    _pen(form, how, x, top)
    if not form.labels_left and random.random() < 0.15 and width > 600:
        second = LONG[int(random.integers(len(LONG)))].split(" of ")[0]
        y += 1.25 * size
        sheet.print(start, y, second, size=size, face=face)
        label = f"{label} {second}"
    form.marks.append(Drawn(corners=corners, style=form.style, how=how, label=label))
    return y


def _how(form: Form) -> str:
    drawn = form.random.random()
    if drawn < 0.5:
        return "blank"
    choice = TICKED if drawn < 0.88 else DOUBTED
    return choice[int(form.random.integers(len(choice)))]


def _outline(form: Form, x: float, y: float) -> None:
    sheet, side, random = form.sheet, form.side, form.random
    tone = int(random.integers(30, 110))
    colour, thick = (tone, tone, tone), 2 if form.style != "thick" else max(3, round(0.12 * side))
    x0, y0, x1, y1 = int(x), int(y), int(x) + side, int(y) + side
    if form.style == "bubble":
        middle = (round((x0 + x1) / 2 * 8), round((y0 + y1) / 2 * 8))
        cv2.circle(sheet.pixels, middle, side * 4, colour, 2, cv2.LINE_AA, 3)
    elif form.style == "rounded":
        bow = max(2, round(0.18 * side))
        for (ax, ay), (bx, by) in (((bow, 0), (side - bow, 0)), ((bow, side), (side - bow, side))):
            cv2.line(sheet.pixels, (x0 + ax, y0 + ay), (x0 + bx, y0 + by), colour, thick)
            cv2.line(sheet.pixels, (x0 + ay, y0 + ax), (x0 + by, y0 + bx), colour, thick)
        for turn, (cx, cy) in enumerate(((bow, bow), (side - bow, bow), (side - bow, side - bow), (bow, side - bow))):
            cv2.ellipse(sheet.pixels, (x0 + cx, y0 + cy), (bow, bow), 180 + 90 * turn, 0, 90, colour, thick)
    else:
        cv2.rectangle(sheet.pixels, (x0, y0), (x1, y1), colour, thick)
    if form.style == "broken":
        for _ in range(2):
            at, long = int(random.integers(3, side - 5)), int(random.integers(1, 3))
            cv2.rectangle(sheet.pixels, (x0 + at, y0 - 2), (x0 + at + long - 1, y0 + 2), sheet.tint, -1)
            cv2.rectangle(sheet.pixels, (x0 - 2, y0 + at), (x0 + 2, y0 + at + long - 1), sheet.tint, -1)


def _pen(form: Form, how: str, x: float, y: float) -> None:
    """What a pen did to a box at (x, y); strokes are in shares of its side."""
    side, random = form.side, form.random
    thick, colour = max(2, round(side * random.uniform(0.07, 0.15))), form.hand.ink
    steps = np.linspace(0, 1, 60)
    paths: list[np.ndarray] = []
    if how == "tick":
        paths = [np.array([(0.15, 0.5), (0.42, 0.85), (0.95, 0.1)])]
    elif how == "overshoot":
        paths = [np.array([(0.05, 0.4), (0.4, 0.9), (1.0 + random.uniform(0.1, 0.5), -0.1 - random.uniform(0, 0.5))])]
    elif how == "cross":
        out = random.uniform(-0.12, 0.12)
        paths = [np.array([(out, out), (1 - out, 1 - out)]), np.array([(1 - out, out), (out, 1 - out)])]
    elif how == "dash":
        paths = [np.array([(0.15, 0.5), (0.85, 0.5)])]
    elif how == "filled":
        reach = 0.78 if form.style == "bubble" else 0.9
        chord = np.sqrt(1 - (2 * steps - 1) ** 2) if form.style == "bubble" else 1.0
        wave = 0.5 + reach / 2 * chord * np.cos(steps * 40)
        paths = [np.stack([0.5 - reach / 2 + reach * steps, wave], axis=1)]
        thick = max(3, round(0.2 * side))
    elif how == "scribbled":
        paths = [np.stack([-0.3 + 1.6 * steps, 0.5 + 0.75 * np.cos(steps * 30)], axis=1)]
        paths += [np.stack([-0.2 + 1.4 * steps, 0.5 + 0.5 * np.sin(steps * 23)], axis=1)]
        thick = max(3, round(0.13 * side))
    elif how == "stray":
        tilt = random.uniform(-0.5, 0.5)
        paths = [np.array([(-1.4, 0.5 - 1.9 * tilt), (2.4, 0.5 + 1.9 * tilt)])]
    elif how == "faint":
        paths, colour = [np.array([(0.15, 0.5), (0.42, 0.85), (0.95, 0.1)])], (205, 205, 208)
    elif how == "speck":
        paths = [np.array([(0.45, 0.5), (0.6, 0.42)])]
    elif how == "initials":
        form.sheet.write(x + 0.05 * side, y + 0.85 * side, "JD"[: int(random.integers(1, 3))], form.hand)
        form.sheet.lines.pop()
    shake = 0.0 if how in ("speck", "dash") else 0.05
    for path in paths:
        points = path + random.normal(0, shake, path.shape)
        form.sheet.stroke(points * side + np.array([x, y]), colour, thick)


def _typed(form: Form, left: float, y: float, size: int, face: str, label: str, how: str) -> None:
    """A blank of printed characters before a label."""
    how = how if how in ("blank", "tick", "cross") else "tick"
    sign = {"bracket": ("[  ]", "(  )")[form.seed // len(STYLES) % 2], "blank": "____"}[form.style]
    end = form.sheet.print(left, y, sign, size=size, face=face)
    drawn = form.sheet.lines.pop()
    form.sheet.print(end + 0.35 * size, y, label, size=size, face=face)
    (x0, y0), (x1, y1) = drawn.corners[0], drawn.corners[2]
    if form.style == "blank":
        y0 = y1 - size
    side = form.side
    form.side = round(0.7 * size)
    _pen(form, how, (x0 + x1) / 2 - form.side / 2, (y0 + y1) / 2 - form.side / 2)
    form.side = side
    corners: Quad = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    form.marks.append(Drawn(corners=corners, style=form.style, how=how, label=label))


def _circled(form: Form, left: float, y: float, size: int, face: str, label: str) -> None:
    """A printed item, now and then with a pen's circle around one of its parts."""
    random = form.random
    x = left
    parts = (str(random.integers(90000, 99999)), label) if random.random() < 0.6 else (f"{label}?", "Y", "N")
    chosen = int(random.integers(len(parts))) if random.random() < 0.3 else None
    for place, part in enumerate(parts):
        end = form.sheet.print(x, y, part, size=size, face=face)
        if place == chosen:
            (x0, y0), (x1, y1) = form.sheet.lines[-1].corners[0], form.sheet.lines[-1].corners[2]
            middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2]) + random.normal(0, 2, 2)
            radius = np.array([(x1 - x0) / 2 * 1.15 + 0.45 * size, (y1 - y0) / 2 + random.uniform(0.3, 0.5) * size])
            turn = np.linspace(0, 2 * np.pi + random.uniform(-0.15, 0.6), 90) + random.uniform(0, 6)
            wobble = 1 + 0.05 * np.sin(2 * turn + random.uniform(0, 6)) + 0.02 * np.linspace(-1, 1, 90)
            points = middle + radius * np.stack([np.cos(turn), np.sin(turn)], axis=1) * wobble[:, None]
            form.sheet.stroke(points, form.hand.ink, int(random.integers(2, 5)))
            (a, b), (c, d) = points.min(axis=0), points.max(axis=0)
            corners: Quad = [(a, b), (c, b), (c, d), (a, d)]
            form.marks.append(Drawn(corners=corners, style="circle", how="around", label=part))
        x = end + 1.3 * size


def _cleaned(form: Form) -> CleanImage:
    """The form scanned in one of several ways, and cleaned; no step turns it upright, as it stands upright."""
    random = form.random
    picture: Scan = skewed(scan(form.sheet), float(random.uniform(-1.2, 1.2)))
    way = ("plain", "soft", "fax", "small", "shaded")[int(random.integers(5))]
    if way == "small":
        picture = resized(picture, 0.5 if form.side >= 20 else 0.6)
    if way in ("soft", "small", "shaded"):
        picture = softened(picture, float(random.uniform(0.5, 1.0)), 3.0, random)
    if way == "shaded":
        picture = shaded(picture, 0.25, random)
    if way == "fax":
        picture = faxed(picture, random, speckle=0.0008)
    page = ink.page(picture.pixels)
    cleaned = Scanned(page=page, pixels=page.pixels, to_page=np.eye(3))
    cleaned = despeckle(straighten(whiten(grey(resize(cleaned))), max_skew_degrees=15.0))
    return CleanImage(
        page=page,
        pixels=cleaned.pixels,
        turn=0,
        skew_degrees=cleaned.skew_degrees,
        to_page=np.linalg.inv(picture.matrix) @ cleaned.to_page,
        quality=PageQuality(sharpness=None, contrast=None, ink=0.1, blank=False, advice=None),
    )
