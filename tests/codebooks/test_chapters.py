from pathlib import Path

import pytest

from pipeline.codebooks import CodeBooks
from pipeline.codebooks.chapters import OTHER, chapter_of, load_chapters
from pipeline.errors import SetupError
from pipeline.records import CLAIMED, CodeSystem


def test_every_code_of_the_books_has_its_chapter(books: CodeBooks) -> None:
    lost = [(system, code) for system, code in books.codes() if system in CLAIMED and chapter_of(system, code) == OTHER]
    assert lost == []


def test_a_chapter_has_one_name_in_both_editions() -> None:
    assert chapter_of(CodeSystem.ICD9CM, "401.9") == chapter_of(CodeSystem.ICD10CM, "I10") == "Circulation"
    assert chapter_of(CodeSystem.ICD9CM, "V70.0") == chapter_of(CodeSystem.ICD10CM, "Z00.00")
    assert chapter_of(CodeSystem.ICD9CM, "E920.3") == chapter_of(CodeSystem.ICD10CM, "W25.XXXA")


def test_a_row_that_is_no_stretch_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "chapters.tsv"
    table.write_text("system\tfirst\tlast\tchapter\nICD9CM\t500\t400\tUpside down\n", encoding="utf-8")
    with pytest.raises(SetupError, match="line 2 is not a stretch"):
        load_chapters(table)
