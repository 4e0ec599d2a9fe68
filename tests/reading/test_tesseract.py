from pathlib import Path

import numpy as np
import pytesseract
import pytest

from pipeline.errors import MissingProgramError, ReadingFailedError
from pipeline.reading.tesseract import Tesseract
from tests import ink


def test_each_line_gets_its_own_words_with_their_place(tmp_path: Path) -> None:
    lines = [ink.line(text, size=size) for text, size in zip(ink.NOTE, (20, 40, 90, 33, 28, 50), strict=True)]

    found = Tesseract(work=tmp_path, seconds=60)(lines)

    assert [" ".join(word.text for word in words) for words in found] == list(ink.NOTE)
    for words in found:
        ends = [end for word in words for end in (word.x0, word.x1)]
        assert ends == sorted(ends)
        assert 0 <= ends[0] < ends[-1] <= 1


def test_a_line_without_ink_has_no_words(tmp_path: Path) -> None:
    empty = np.full((40, 300), 255, np.uint8)

    found = Tesseract(work=tmp_path, seconds=60)([empty, ink.line("albuterol inhaler"), empty])

    assert [len(words) for words in found] == [0, 2, 0]


def test_no_lines_need_no_call(tmp_path: Path) -> None:
    assert Tesseract(work=tmp_path / "work", seconds=60)([]) == []
    assert not (tmp_path / "work").exists()


def test_nothing_of_the_page_stays_on_the_disk(tmp_path: Path) -> None:
    Tesseract(work=tmp_path / "work", seconds=60)([ink.line("albuterol inhaler")])

    assert list((tmp_path / "work").iterdir()) == []


def test_a_page_that_takes_too_long_is_a_chart_error(tmp_path: Path) -> None:
    tesseract = Tesseract(work=tmp_path, seconds=0.001)

    with pytest.raises(ReadingFailedError, match="scan the chart again"):
        tesseract([ink.line(text) for text in ink.NOTE])


def test_a_missing_tesseract_is_a_missing_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "no-such-program")

    with pytest.raises(MissingProgramError, match="Tesseract"):
        Tesseract(work=tmp_path, seconds=60)


def test_a_tesseract_that_went_away_is_a_missing_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tesseract = Tesseract(work=tmp_path, seconds=60)
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "no-such-program")

    with pytest.raises(MissingProgramError):
        tesseract([ink.line("aspirin")])


def test_provenance_names_its_version(tmp_path: Path) -> None:
    part = Tesseract(work=tmp_path, seconds=60).part()

    assert part.name == "Tesseract"
    assert part.edition[0].isdigit()
    assert part.sha256 is None
