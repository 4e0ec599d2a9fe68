"""Lines of synthetic writing with their texts, without end: what the recogniser is trained on beside real lines."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from models.handwriting.synth.fields import Grey, between
from models.handwriting.synth.fonts import Face, faces
from models.handwriting.synth.pen import X_HEIGHT, Hand, Ink, by_hand, in_type
from models.handwriting.synth.sheet import coloured, laid, under_label
from models.handwriting.synth.texts import Texts
from models.handwriting.synth.wear import worn

PRINT_SHARE = 0.3
FIELD_SHARE = 0.12
"""Of what is written by hand: names printed letter by letter into the fields of a form, its labels close by."""
LABELS = [
    "NAME",
    "FIRST NAME",
    "LAST NAME",
    "SURNAME",
    "PRENOM",
    "NOM",
    "DATE OF BIRTH",
    "DATE DE NAISSANCE",
    "ADDRESS",
    "PATIENT",
    "CLASSE",
    "CITY",
]
NEARLY_CLEAN = 1 / 3


class Lines:
    """Yields (image, text, kind): grey image H x W, dark on light, kind hand or print. A seed gives one series."""

    def __init__(self, fonts: Path, texts: Path, seed: int, validation: bool = False) -> None:
        self.rng = np.random.default_rng(seed)
        self.texts = Texts(texts, self.rng)
        every = faces(fonts)
        self.hands = [f for f in every if f.font.style.startswith("hand") and f.font.validation == validation]
        self.letters = [face for face in self.hands if face.font.style == "handprint"]
        self.prints = [f for f in every if f.font.style in ("print", "type")]
        if not self.hands or not self.prints:
            raise FileNotFoundError(f"no fonts in {fonts}: run models.handwriting.synth.fetch")

    def face(self, text: str, among: list[Face]) -> Face | None:
        """Return a face that can draw a text, by weight; None where none can."""
        shouted = sum(a.isupper() and b.isupper() for a, b in pairwise(text)) >= 1
        signs = set(text) - {" "}
        bars = ({0} if shouted else set()) | ({2} if text.upper() != text else set())
        able = [f for f in among if f.font.capitals not in bars and signs <= f.characters]
        if not able:
            return None
        weights = np.cumsum([f.font.weight for f in able])
        return able[int(np.searchsorted(weights, self.rng.random() * weights[-1], side="right"))]

    def neighbour(self, face: Face, hand: Hand | None, wide: int) -> Ink | None:
        """Return another line by the same hand, at most about as wide as the given width."""
        text = self.texts()[: max(1, int(wide / X_HEIGHT))]
        text = "".join(c for c in text if c in face.characters or c == " ").strip()
        return self.written(face, hand, text) if text else None

    def written(self, face: Face, hand: Hand | None, text: str) -> Ink:
        """Return a text in a face, by a hand or in type."""
        if hand is None:
            return in_type(self.rng, face, text)
        return by_hand(self.rng, face, text, hand)

    def line(self) -> tuple[Grey, str, str]:
        """Return the next line."""
        rng = self.rng
        kind = "print" if rng.random() < PRINT_SHARE else "hand"
        field = kind == "hand" and rng.random() < FIELD_SHARE
        face = None
        while face is None:
            text = self.texts.name() if field else self.texts()
            face = self.face(text, self.prints if kind == "print" else self.letters if field else self.hands)
        hand = Hand.drawn(rng, face) if kind == "hand" else None
        if field and hand:
            hand = replace(hand, tracking=between(rng, 0.0, 2.2))
        ink = self.written(face, hand, text)
        clean = rng.random() < NEARLY_CLEAN
        wide = ink.ink.shape[1]
        above = self.neighbour(face, hand, wide) if not clean and rng.random() < 0.25 else None
        below = self.neighbour(face, hand, wide) if not clean and rng.random() < 0.25 else None
        sheet = laid(rng, ink, above, below, clean)
        if field and rng.random() < 0.5:
            sheet = under_label(rng, sheet, self.written(self.prints[0], None, LABELS[int(rng.integers(len(LABELS)))]))
        tall = sheet.ink.shape[0]
        x_height = between(rng, 10, 22) if rng.random() < 0.9 else between(rng, 7.5, 10)
        scale = max(float(np.clip(x_height / X_HEIGHT, 18 / tall, 112 / tall)), 8 / X_HEIGHT)
        size = (max(4, round(sheet.ink.shape[1] * scale)), max(12, round(tall * scale)))
        small, rules = (cv2.resize(layer, size, interpolation=cv2.INTER_AREA) for layer in (sheet.ink, sheet.rules))
        image = coloured(rng, np.asarray(small), np.asarray(rules), kind, clean)
        return (np.clip(image, 0, 255).astype(np.uint8) if clean else worn(image, scale * X_HEIGHT, rng)), text, kind

    def __iter__(self) -> Iterator[tuple[Grey, str, str]]:
        while True:
            yield self.line()
