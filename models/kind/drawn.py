"""Lines of print drawn in a font, and what scanners and fax machines do to a line."""

import re
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pipeline.records import Pixels


def words_of(notes: Path) -> list[str]:
    """The words of `notes_mtsamples.tsv`, with its numbers and marks."""
    text = notes.read_text(encoding="utf-8").replace("\\n", " ").replace("\t", " ")
    return re.findall(r"[A-Za-z0-9./%:,-]{1,16}", text)


def chart_text(words: list[str], rng: np.random.Generator) -> str:
    """What stands on charts: running words, dates, numbers, and the labels of forms."""
    chance = rng.random()
    start = int(rng.integers(0, len(words) - 12))
    if chance < 0.1:
        separator = str(rng.choice(["/", "-", "."]))
        return separator.join(str(int(n)) for n in (rng.integers(1, 13), rng.integers(1, 32), rng.integers(1930, 2030)))
    if chance < 0.16:
        letters = "".join(rng.choice(list("ABCDEFGHKLMNPRSTW"), int(rng.integers(0, 3))))
        return f"{letters} {int(rng.integers(100, 999999))}".strip()
    if chance < 0.3:
        return " ".join(words[start : start + int(rng.integers(1, 3))]).title() + str(rng.choice([":", "", "#", "?"]))
    line = " ".join(words[start : start + int(rng.integers(1, 11))])
    return line.upper() if rng.random() < 0.15 else line


def draw_line(line: str, font: Path, rng: np.random.Generator, *, struck: bool = False) -> Pixels:
    """A line of text in a font, at a random size and grey, sometimes on a rule; struck letter by letter or set."""
    size = int(rng.integers(28, 72))
    face = ImageFont.truetype(str(font), size)
    left, top, right, bottom = face.getbbox(line)
    room = int(0.25 * size)
    picture = Image.new("L", (max(16, int(right - left)) + 2 * room, max(16, int(bottom - top)) + 2 * room), 255)
    draw = ImageDraw.Draw(picture)
    shade = int(rng.integers(0, 110))
    if struck:
        _strike(draw, line, (room - left, room - top), face, shade, rng)
    else:
        draw.text((room - left, room - top), line, font=face, fill=shade)
    if rng.random() < 0.2:
        y = picture.height - int(rng.integers(2, room + 2))
        draw.line([(0, y), (picture.width, y)], fill=int(rng.integers(0, 160)), width=int(rng.integers(1, 4)))
    pixels: Pixels = np.array(picture, np.uint8)
    return pixels


def _strike(
    draw: ImageDraw.ImageDraw,
    line: str,
    start: tuple[float, float],
    face: ImageFont.FreeTypeFont,
    shade: int,
    rng: np.random.Generator,
) -> None:
    """Type a line: letters stand a little high or low and are struck hard or softly."""
    uneven, force = float(rng.uniform(0, 0.04)) * face.size, float(rng.uniform(0, 50))
    for place, letter in enumerate(line):
        at = (start[0] + face.getlength(line[:place]), start[1] + float(rng.normal(0, uneven)))
        draw.text(at, letter, font=face, fill=int(np.clip(shade + abs(rng.normal(0, force)), 0, 170)))


def spoil(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """What scanners and fax machines do to a line: a slight turn, few pixels, blur, noise, margins."""
    height, width = pixels.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.normal(0, 0.8)), 1.0)
    spoilt = cv2.warpAffine(pixels, turn, (width, height), borderValue=255)
    low = float(rng.uniform(0.35, 1.0))
    if rng.random() < 0.6 and height * low > 14:
        small = cv2.resize(spoilt, None, fx=low, fy=low, interpolation=cv2.INTER_AREA)
        if rng.random() < 0.4:
            small = np.where(small < rng.integers(120, 210), 0, 255).astype(np.uint8)
        spoilt = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.25:
        spoilt = _faxed(spoilt.astype(np.uint8), rng)
    if rng.random() < 0.5:
        spoilt = cv2.GaussianBlur(spoilt, (0, 0), float(rng.uniform(0.3, 1.4)))
    noisy = spoilt + rng.normal(0, rng.uniform(0, 9), spoilt.shape)
    room = rng.integers(0, max(2, height // 4), 2)
    padded = cv2.copyMakeBorder(
        np.clip(noisy, 0, 255).astype(np.uint8), int(room[0]), int(room[1]), 4, 4, cv2.BORDER_CONSTANT, value=255
    )
    spoilt_line: Pixels = padded.astype(np.uint8)
    return spoilt_line


def _faxed(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Black and white with ragged edges, specks, at times a scratch; then turned a little, as deskewing does."""
    height, width = pixels.shape
    scale = float(rng.uniform(22, 40)) / height
    small = cv2.resize(
        pixels, (max(8, round(width * scale)), max(8, round(height * scale))), interpolation=cv2.INTER_AREA
    )
    ragged = small + rng.normal(0, rng.uniform(10, 45), small.shape)
    black = np.where(ragged < rng.integers(120, 200), 0, 255).astype(np.uint8)
    black[rng.random(black.shape) < rng.uniform(0, 0.004)] = 0
    if rng.random() < 0.15:
        scratch = int(rng.integers(0, black.shape[1]))
        black[rng.random(black.shape[0]) < 0.6, scratch] = 0
    turn = cv2.getRotationMatrix2D((black.shape[1] / 2, black.shape[0] / 2), float(rng.normal(0, 0.6)), 1.0)
    turned = cv2.warpAffine(black, turn, black.shape[::-1], flags=cv2.INTER_CUBIC, borderValue=255)
    faxed: Pixels = cv2.resize(turned, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    return faxed
