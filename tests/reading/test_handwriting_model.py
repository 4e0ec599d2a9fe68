import csv
import re
from collections.abc import Iterator

import cv2
import numpy as np

from pipeline.evaluation import cer
from pipeline.evaluation.words import character_errors
from pipeline.onnx import MODELS, read_manifest
from pipeline.reading.ctc import best_path
from pipeline.reading.recognizer import HEIGHT
from pipeline.records import Pixels
from tests import ink

FOLDER = MODELS / "handwriting"


def _lines() -> Iterator[tuple[Pixels, str]]:
    """The committed lines: strips of one picture, in hands that were not trained on."""
    sheet = cv2.imread(str(FOLDER / "check.png"), cv2.IMREAD_GRAYSCALE)
    assert sheet is not None
    with (FOLDER / "check.tsv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(sheet) == len(rows) * HEIGHT
    for place, row in enumerate(rows):
        strip = sheet[place * HEIGHT : (place + 1) * HEIGHT, : int(row["width"])]
        yield np.ascontiguousarray(strip, np.uint8), row["text"]


def _read(crop: Pixels) -> str:
    """By the ink alone: the likeliest character at each step."""
    recognizer = ink.recognizer()
    return "".join(recognizer.characters[found - 1] for found, _, _ in best_path(recognizer(crop)))


def test_the_shipped_file_reads_as_its_card_says() -> None:
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    said = re.search(r"error rate on them: (\.\d+) of (\d+) characters", card)
    assert said

    errors = [character_errors(_read(crop), text) for crop, text in _lines()]

    assert sum(one.length for one in errors) == int(said[2])
    rate = cer.rate(errors)
    assert rate is not None
    assert abs(rate - float(said[1])) < 0.002


def test_the_network_knows_every_character_of_an_english_chart() -> None:
    known = ink.recognizer().characters

    assert {chr(code) for code in range(33, 127)} <= set(known)
    assert known[-1] == " "
    assert len(known) < 120


def test_the_file_and_its_card_name_the_same_characters() -> None:
    metadata = ink.model("handwriting").metadata["character"].split("\n")

    assert "".join(metadata) + " " == ink.recognizer().characters
    assert read_manifest()["handwriting"].licence == "Apache-2.0"
