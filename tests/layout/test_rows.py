import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.layout.rows import Stretch, in_reading_order, join
from pipeline.records import LineKind


def _stretch(x0: float, y0: float, x1: float, y1: float, kind: LineKind = LineKind.PRINT) -> Stretch:
    corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)
    return Stretch(corners=corners, kind=kind, hand=0.9 if kind is LineKind.HAND else 0.1)


def _box(stretch: Stretch) -> tuple[float, ...]:
    return (*stretch.corners.min(axis=0).tolist(), *stretch.corners.max(axis=0).tolist())


def test_words_of_one_row_become_one_line() -> None:
    joined = join([_stretch(230, 101, 400, 131), _stretch(100, 100, 200, 130)])

    assert [_box(line) for line in joined] == [pytest.approx((100, 100, 400, 131), abs=1)]


def test_a_wide_gap_parts_a_row() -> None:
    assert len(join([_stretch(100, 100, 200, 130), _stretch(300, 100, 400, 130)])) == 2


def test_print_joins_over_the_gap_that_is_asked_for_and_handwriting_over_its_own() -> None:
    for kind, lines in ((LineKind.PRINT, 2), (LineKind.HAND, 1)):
        words = [_stretch(100, 100, 200, 130, kind), _stretch(230, 100, 400, 130, kind)]

        assert len(join(words)) == 1
        assert len(join(words, print_gap=0.85)) == lines


def test_print_and_handwriting_of_one_row_stay_apart() -> None:
    joined = join([_stretch(100, 100, 200, 130), _stretch(210, 100, 400, 130, LineKind.HAND)])

    assert [line.kind for line in joined] == [LineKind.PRINT, LineKind.HAND]


def test_a_heading_does_not_join_the_small_print_beside_it() -> None:
    assert len(join([_stretch(100, 100, 200, 180), _stretch(205, 130, 300, 150)])) == 2


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [_stretch(100, 100 + 50 * row, 700, 140 + 50 * row) for row in range(6)]
    right = [_stretch(800, 105 + 50 * row, 1400, 145 + 50 * row) for row in range(6)]
    mixed = [line for pair in zip(left, right, strict=True) for line in pair]

    assert in_reading_order(mixed, 1500) == [*left, *right]


def test_a_title_over_two_columns_comes_first() -> None:
    title = _stretch(100, 20, 1400, 80)
    left = [_stretch(100, 100 + 50 * row, 700, 140 + 50 * row) for row in range(6)]
    right = [_stretch(800, 105 + 50 * row, 1400, 145 + 50 * row) for row in range(6)]

    assert in_reading_order([*right, *left, title], 1500) == [title, *left, *right]


def test_labels_and_values_of_a_form_are_read_across() -> None:
    labels = [_stretch(100, 100 + 60 * row, 180 + 20 * (row % 3), 130 + 60 * row) for row in range(6)]
    values = [_stretch(600, 98 + 60 * row, 700 + 90 * (row % 4), 134 + 60 * row) for row in range(6)]
    across = [line for pair in zip(labels, values, strict=True) for line in pair]

    assert in_reading_order([*values, *labels], 1500) == across


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 1400), st.integers(0, 1900), st.integers(5, 600), st.integers(5, 90), st.booleans()),
        max_size=25,
    )
)
def test_no_line_is_lost_or_doubled(boxes: list[tuple[int, int, int, int, bool]]) -> None:
    stretches = [
        _stretch(x, y, x + width, y + height, LineKind.HAND if hand else LineKind.PRINT)
        for x, y, width, height, hand in boxes
    ]

    assert sorted(map(id, in_reading_order(stretches, 2000))) == sorted(map(id, stretches))
    joined = join(stretches)
    assert len(joined) <= len(stretches)
    for x, y, width, height, _ in boxes:
        middle = (x + width / 2, y + height / 2)
        assert any(
            left - 1 <= middle[0] <= right + 1 and top - 1 <= middle[1] <= bottom + 1
            for left, top, right, bottom in map(_box, joined)
        )


def test_a_value_stays_beside_its_label_where_fields_stand_in_two_columns() -> None:
    patient, name = _stretch(140, 455, 275, 488), _stretch(300, 410, 955, 525, LineKind.HAND)
    birth, number = _stretch(1267, 447, 1353, 478), _stretch(1372, 395, 2170, 490, LineKind.HAND)
    label, day = _stretch(142, 577, 273, 611), _stretch(275, 525, 800, 622, LineKind.HAND)
    provider, doctor = _stretch(1268, 566, 1422, 602), _stretch(1475, 522, 2145, 630, LineKind.HAND)
    across = [patient, name, birth, number, label, day, provider, doctor]

    assert in_reading_order([day, doctor, label, provider, patient, name, birth, number], 2550) == across


def test_a_signature_beside_several_rows_does_not_mix_them() -> None:
    rows = [_stretch(400 - 90 * row, 100 + 50 * row, 700, 130 + 50 * row) for row in range(4)]
    signature = _stretch(750, 90, 1200, 290, LineKind.HAND)

    ordered = in_reading_order([signature, *rows], 1500)

    assert [line for line in ordered if line is not signature] == rows


def test_two_lists_of_names_are_read_across() -> None:
    left = [_stretch(100, 100 + 50 * row, 450, 140 + 50 * row) for row in range(8)]
    right = [_stretch(800, 105 + 50 * row, 1160, 145 + 50 * row) for row in range(3)]

    across = [line for pair in zip(left, right, strict=False) for line in pair]

    assert in_reading_order([*left, *right], 1500) == [*across, *left[3:]]
