import math

from pipeline.evaluation.places import place
from pipeline.records import Box, Line, LineKind, Word
from tests.evaluation.made import area, laid, page, read_line, reading, truth, truth_line


def test_a_word_belongs_to_the_line_that_holds_its_centre() -> None:
    chart = laid(
        truth([truth_line("first line", 0), truth_line("second line", 1)]),
        read_line("second lime", 1),
        read_line("first line", 0),
    )

    assert [line.text for line in chart.lines] == ["first line", "second lime"]
    assert chart.extra == ()


def test_a_line_that_was_read_in_two_parts_is_put_together_from_left_to_right() -> None:
    right = read_line("500 mg", 0, x=300, width=200)
    left = read_line("metformin", 0, width=150)

    assert laid(truth([truth_line("metformin 500 mg", 0)]), right, left).lines[0].text == "metformin 500 mg"


def test_one_read_line_over_two_lines_of_the_truth_is_taken_apart() -> None:
    label, value = truth_line("Patient", 0, "print", width=100), truth_line("Ann Oak", 0, x=220, width=280)

    chart = laid(truth([label, value]), read_line("Patient Ann Oak", 0, width=400))

    assert [line.text for line in chart.lines] == ["Patient", "Ann Oak"]


def test_words_in_a_signature_are_left_out_and_words_elsewhere_are_extra() -> None:
    signed = truth([truth_line("a", 0)], ignored=[area((100, 700, 500, 740))])

    chart = laid(signed, read_line("scrawl", 10), read_line("ghost words", 15))

    assert [placed.word.text for placed in chart.extra] == ["ghost", "words"]


def test_the_resolution_of_the_reading_does_not_matter() -> None:
    read = page((read_line("low back pain", 3, scale=0.5),), scale=0.5)

    assert place(truth([truth_line("low back pain", 3)]), reading((read,))).lines[0].text == "low back pain"


def test_a_line_that_runs_upside_down_is_read_from_its_own_left() -> None:
    corners = [(900.0, 300.0), (500.0, 300.0), (500.0, 260.0), (900.0, 260.0)]
    true = truth([{"text": "one two", "kind": "hand", "box": (500, 260, 900, 300), "corners": corners}])
    words = (
        Word(text="two", box=Box(520, 260, 680, 300), confidence=1.0),
        Word(text="one", box=Box(720, 260, 880, 300), confidence=1.0),
    )
    lines = tuple(
        Line(id=word.text, kind=LineKind.HAND, box=None, text=word.text, confidence=None, words=(word,))
        for word in words
    )

    assert laid(true, *lines).lines[0].text == "one two"


def test_on_a_skewed_page_a_word_keeps_to_its_own_line_though_boxes_overlap() -> None:
    slope = math.tan(math.radians(4))
    lines: list[dict[str, object]] = []
    for row in (0, 1):
        y = 300 + 50 * row
        corners = [(100.0, y), (800.0, y - 700 * slope), (800.0, y + 36 - 700 * slope), (100.0, y + 36.0)]
        box = (100, int(y - 700 * slope), 800, y + 36)
        lines.append({"text": f"left{row} right{row}", "kind": "hand", "box": box, "corners": corners})
    words = tuple(
        Word(
            text=f"right{row}",
            box=Box(700, round(300 + 50 * row - 625 * slope), 750, round(336 + 50 * row - 625 * slope)),
            confidence=None,
        )
        for row in (0, 1)
    )
    read = Line(id="x", kind=LineKind.HAND, box=None, text="right0 right1", confidence=None, words=words)

    assert [line.text for line in laid(truth(lines), read).lines] == ["right0", "right1"]


def test_nothing_read_leaves_every_line_empty() -> None:
    chart = place(truth([truth_line("a", 0)]), reading(()))

    assert [line.words for line in chart.lines] == [()]


def test_words_read_on_a_blank_page_are_extra() -> None:
    chart = laid(truth([], role="blank"), read_line("dirt", 4))

    assert [placed.word.text for placed in chart.extra] == ["dirt"]
