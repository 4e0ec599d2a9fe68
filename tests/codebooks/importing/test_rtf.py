import io
import zipfile

import pytest

from pipeline.codebooks.importing.rtf import paragraphs, rich_text
from pipeline.errors import UsageError


def texts(body: str) -> list[tuple[int, str]]:
    content = ("{\\rtf1 " + body + "}").encode("cp1252")
    return [(line.begins, line.text) for line in paragraphs("a.rtf", content)]


def test_a_paragraph_keeps_where_its_first_line_begins() -> None:
    assert texts("\\pard\\li1080\\fi-720 one\\par two\\par\\pard three\\par") == [
        (360, "one"),
        (360, "two"),
        (0, "three"),
    ]


def test_a_word_that_is_cut_into_runs_is_whole() -> None:
    assert texts("{\\hich\\f1 cer}{\\loch vix 79}{5.00}\\par") == [(0, "cervix 795.00")]


def test_what_is_no_text_is_left_out() -> None:
    assert texts("{\\fonttbl{\\f0 Arial;}}{\\*\\generator x;}{\\stylesheet{a;}}seen\\par") == [(0, "seen")]


def test_signs_are_written_plainly() -> None:
    assert texts("a\\tab b\\'ad see\\emdash c\\~d \\{e\\}\\par") == [(0, "a\tb- see-c d {e}")]


def test_a_group_gives_its_indentation_back() -> None:
    assert texts("\\li360 {\\li720 in\\par}out\\par") == [(720, "in"), (360, "out")]


def test_a_file_that_ends_in_the_middle_is_refused() -> None:
    with pytest.raises(UsageError, match="ends in the middle"):
        list(paragraphs("a.rtf", b"{\\rtf1 {one\\par"))


def test_a_zip_with_one_rich_text_is_opened() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("Dindex98.rtf", "{\\rtf1 x}")
        archive.writestr("readme.txt", "hello")
    assert rich_text("a.zip", packed.getvalue()) == ("Dindex98.rtf", b"{\\rtf1 x}")
    assert rich_text("a.txt", b"hello") is None
