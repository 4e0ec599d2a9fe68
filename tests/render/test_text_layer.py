from pathlib import Path

import numpy as np
import pytest

from pipeline.records import PageImage
from pipeline.render import Renderer
from pipeline.settings import RenderSettings
from tests.render.files import NOTE, form, pdf, scan, typed

WORDS = ["Assessment:", "ankle", "sprain,", "left.", "Plan:", "ice,", "elevation,", "ibuprofen", "400", "mg."]


@pytest.fixture
def renderer(tmp_path: Path) -> Renderer:
    return Renderer(RenderSettings(dpi=150), tmp_path / "work")


def _words(page: PageImage) -> list[str] | None:
    return None if page.text_layer is None else [word.text for word in page.text_layer]


def _page(renderer: Renderer, path: Path) -> PageImage:
    (page,) = renderer(path)
    return page


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_words_stand_where_their_ink_is(turn: int, renderer: Renderer, tmp_path: Path) -> None:
    page = _page(renderer, pdf(tmp_path / "chart", NOTE, page=f"/Rotate {turn}/CropBox[30 40 562 772]"))

    assert page.text_layer is not None
    assert sorted(word.text for word in page.text_layer) == sorted(WORDS)
    ink = page.pixels[:, :, 0] < 128
    for word in page.text_layer:
        x0, y0, x1, y1 = word.box  # may differ from the ink by the font's rounding
        rows, columns = np.nonzero(ink[y0 - 2 : y1 + 2, x0 - 2 : x1 + 2])
        assert max(abs(rows.min() - 2), abs(columns.min() - 2)) <= 3
        assert max(abs(rows.max() - 1 - (y1 - y0)), abs(columns.max() - 1 - (x1 - x0))) <= 3
        ink[y0 - 2 : y1 + 2, x0 - 2 : x1 + 2] = False
    assert not ink.any()


@pytest.mark.parametrize(
    ("case", "content"),
    [
        ("ruled lines", b"0.7 w 72 690 m 540 690 l S 72 600 468 40 re S 72 580 468 1 re f\n"),
        ("a shaded row", b"0.9 g 60 700 480 16 re f 0 g\n"),
        ("a box with round corners", b"80 500 m 300 500 l 306 500 310 504 310 510 c 310 560 l 80 560 l h S\n"),
        ("text outside the page", typed("far away", top=2000)),
        ("hidden white text", b"1 g " + typed("anchor", top=300) + b"0 g\n"),
    ],
)
def test_what_adds_no_ink_of_a_pen_leaves_the_text_layer(
    case: str, content: bytes, renderer: Renderer, tmp_path: Path
) -> None:
    assert _words(_page(renderer, pdf(tmp_path / "chart", content + NOTE))) == WORDS


@pytest.mark.parametrize(
    ("case", "content"),
    [
        ("an old recognition's invisible text", b"3 Tr " + NOTE),
        ("a clipped-away text", b"7 Tr " + NOTE),
        ("white text", b"1 g " + NOTE),
        ("tiny text", typed("Assessment: ankle sprain", size=2)),
        ("a text under white paint", NOTE + b"1 g 60 600 480 140 re f"),
        ("a text under black paint", NOTE + b"0 g 60 600 480 140 re f"),
        ("white text on a dark bar", NOTE + b"0.2 g 60 400 400 40 re f 1 g " + typed("ALLERGIES", top=425)),
        ("a pen's stroke", NOTE + b"2 w 100 100 m 150 130 l 170 90 l 220 140 l S"),
        ("a faint pen's stroke", NOTE + b"0.8 G 2 w 100 100 m 150 130 l 170 90 l 220 140 l S"),
        ("a tick", NOTE + b"1 w 100 100 m 104 95 l 112 108 l S"),
        ("a circle around an answer", NOTE + b"120 722 m 120 740 60 740 60 722 c 60 700 120 700 120 722 c S"),
        ("a drawing that is filled", NOTE + b"100 100 m 150 130 l 170 90 l f"),
        ("a picture in the text", NOTE + b"q 100 0 0 40 200 400 cm /Im Do Q"),
        ("a scan behind the text", b"q 612 0 0 792 0 0 cm /Im Do Q " + NOTE),
        ("a scan over the text", NOTE + b"q 612 0 0 792 0 0 cm /Im Do Q "),
        ("a scan with its text hidden behind it", b"3 Tr " + NOTE + b"q 612 0 0 792 0 0 cm /Im Do Q "),
        ("nothing", b""),
    ],
)
def test_a_page_that_shows_more_or_less_than_its_text_is_read_from_its_pixels(
    case: str, content: bytes, renderer: Renderer, tmp_path: Path
) -> None:
    assert _page(renderer, pdf(tmp_path / "chart", content, image=scan())).text_layer is None


def test_a_transparent_text_is_not_used(renderer: Renderer, tmp_path: Path) -> None:
    path = pdf(
        tmp_path / "chart",
        b"/Gs gs " + NOTE,
        page="/Resources<</Font<</F1 3 0 R>>/ExtGState<</Gs<</ca 0.05/CA 0.05>>>>>>",
    )

    assert _page(renderer, path).text_layer is None


def test_a_logo_in_the_letterhead_leaves_the_text_layer(renderer: Renderer, tmp_path: Path) -> None:
    logo = b"q 80 0 0 40 72 745 cm /Im Do Q "
    assert _words(_page(renderer, pdf(tmp_path / "chart", logo + NOTE))) == WORDS

    word_over_logo = typed("Assessment: ankle sprain", top=770)
    assert _page(renderer, pdf(tmp_path / "over", logo + word_over_logo)).text_layer is None


def test_text_and_strokes_inside_forms_are_found_where_they_are_drawn(renderer: Renderer, tmp_path: Path) -> None:
    lower = "1 0 0 1 0 -300"
    ruled = form(NOTE + b"72 690 m 540 690 l S", lower)
    penned = form(NOTE + b"100 690 m 140 660 l S", lower)
    pictured = form(NOTE + b"q 60 0 0 40 300 500 cm /Im Do Q", lower)

    page = _page(renderer, pdf(tmp_path / "ruled", b"/Fm Do", more={11: ruled}))

    assert _words(page) == WORDS
    assert page.text_layer is not None
    assert abs(page.text_layer[0].box.y1 - (792 - 706 + 300) * 150 / 72) <= 2
    for body in (penned, pictured):
        assert _page(renderer, pdf(tmp_path / "other", b"/Fm Do", more={11: body})).text_layer is None


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        ("/Subtype/Ink/Rect[90 90 200 200]/InkList[[100 100 150 130]]", False),
        ("/Subtype/FreeText/Rect[90 90 200 200]/Contents(call back)/DA(/F1 10 Tf)", False),
        ("/Subtype/Widget/FT/Tx/V(yes)/Rect[90 90 200 200]", False),
        ("/Subtype/Ink/Rect[90 90 200 200]/F 2/InkList[[100 100 150 130]]", True),
        ("/Subtype/Link/Border[0 0 0]/Rect[90 90 200 200]", True),
    ],
)
def test_a_page_that_was_annotated_is_read_from_its_pixels(
    kind: str, kept: bool, renderer: Renderer, tmp_path: Path
) -> None:
    page = _page(renderer, pdf(tmp_path / "chart", NOTE, annotation="/Type/Annot" + kind))

    assert (page.text_layer is not None) is kept


def test_text_whose_letters_the_file_does_not_name_is_not_used(renderer: Renderer, tmp_path: Path) -> None:
    to_unicode = b"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <41> <7A> <E041> endbfrange"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 12 0 R>>"
    mapped = b"<</Length %d>>\nstream\n%s\nendstream" % (len(to_unicode), to_unicode)

    page = _page(renderer, pdf(tmp_path / "chart", NOTE.replace(b"/F1", b"/F2"), more={10: font, 12: mapped}))

    assert page.text_layer is None
