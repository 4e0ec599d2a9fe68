from pipeline.evaluation.pages import marks_right, roles_right, turns_right
from pipeline.evaluation.places import place
from pipeline.evaluation.shares import Share
from pipeline.records import Box, Mark, MarkState
from tests.evaluation.made import area, page, reading, truth


def mark(x: int, state: MarkState) -> Mark:
    return Mark(box=Box(x, 500, x + 24, 524), state=state, line=None)


def test_a_box_is_right_where_it_was_found_with_its_state() -> None:
    true = truth(
        [],
        marks=[
            {"label": "a", "state": "ticked", **area((100, 500, 126, 526))},
            {"label": "b", "state": "blank", **area((300, 500, 326, 526))},
            {"label": "c", "state": "ticked", **area((500, 500, 526, 526))},
        ],
    )
    read = page((), marks=(mark(103, MarkState.TICKED), mark(299, MarkState.TICKED)))

    assert marks_right(place(true, reading((read,)))) == Share(right=1, of=3)


def test_a_page_must_be_turned_as_it_lies_and_told_for_what_it_is() -> None:
    chart = place(truth([], turn=180), reading((page((), turn=180),)))
    other = place(truth([], role="blank"), reading((page(()),)))

    assert (turns_right(chart), roles_right(chart)) == (Share(right=1, of=1), Share(right=1, of=1))
    assert (turns_right(other), roles_right(other)) == (Share(right=0, of=0), Share(right=0, of=1))
