from pipeline.evaluation.kinds import kinds_right, lines_found
from pipeline.evaluation.shares import Share, rate
from pipeline.records import LineKind
from tests.evaluation.made import laid, read_line, truth, truth_line


def test_a_line_is_of_the_kind_that_most_of_its_characters_were_read_as() -> None:
    chart = laid(
        truth([truth_line("written by hand", 0), truth_line("printed", 1, "print"), truth_line("missed", 2)]),
        read_line("by", 0, LineKind.PRINT, x=250, width=60),
        read_line("written", 0, width=140),
        read_line("printed", 1),
    )

    assert kinds_right(chart) == Share(right=1, of=2)
    assert lines_found(chart) == Share(right=2, of=3)


def test_a_share_of_nothing_is_unknown() -> None:
    assert rate([Share(right=0, of=0)]) is None
    assert rate([Share(right=1, of=2), Share(right=2, of=2)]) == 0.75
