"""Keys that stay with their matter, fields that are there, and tables that are refused with file and line."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings

from pipeline.claims.edits import ClaimEdits, Severity
from pipeline.claims.edits.edit import KINDS
from pipeline.claims.edits.pairs import load_apart
from pipeline.claims.edits.units import load_usual
from pipeline.claims.edits.weights import TABLE, load_weights
from pipeline.errors import SetupError
from pipeline.records import Claim, ServiceLine
from tests.claims.drawn_claims import claims
from tests.claims.edits.conftest import claim, kind_of, line
from tests.claims.edits.test_claim_edits import OTHER


def key(judging: ClaimEdits, kind: str, *lines: ServiceLine, diagnoses: tuple[str, ...] = ("401.9",)) -> str:
    (edit,) = (e for e in judging(claim(*lines, diagnoses=diagnoses), others=()) if kind_of(e) == kind)
    return edit.key


def test_a_key_stays_where_a_line_only_moves(judge: ClaimEdits, judge_cms: ClaimEdits) -> None:
    pair = (line("45385"), line("45380", "59"))
    assert key(judge_cms, "pair_apart", *pair) == key(judge_cms, "pair_apart", line("80053"), *reversed(pair))
    many = line("99213", units=2)
    assert key(judge, "units_usual", many) == key(judge, "units_usual", line("80053"), many)
    assert key(judge, "integral", many, diagnoses=("486", "786.2")) == key(
        judge, "integral", many, diagnoses=("401.9", "486", "786.2")
    )


def test_a_key_changes_with_codes_units_and_modifiers(judge: ClaimEdits, judge_cms: ClaimEdits) -> None:
    assert key(judge, "units_usual", line("99213", units=2)) != key(judge, "units_usual", line("99213", units=3))
    assert key(judge, "units_usual", line("99213", units=2)) != key(judge, "units_usual", line("99214", units=2))
    told = {key(judge_cms, "pair_apart", line("45385"), line("45380", *m)) for m in (("59",), ("XS",), ("59", "RT"))}
    assert len(told) == 3
    visits = {key(judge, "visit", line("99213"), line(code, "RT")) for code in ("20610", "20605")}
    assert len(visits) == 2
    symptoms = {key(judge, "integral", line("99213"), diagnoses=(code, "786.2")) for code in ("486", "493.90")}
    assert len(symptoms) == 2


@given(made=claims())
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_claim_is_judged_the_same_twice_with_keys_of_their_own_and_fields_that_it_has(
    judge_cms: ClaimEdits, made: Claim
) -> None:
    found = judge_cms(made, others=(OTHER,))
    assert found == judge_cms(made, others=(OTHER,))
    assert len({edit.key for edit in found}) == len(found)
    for edit in found:
        part, *rest = edit.field.split(".")
        assert part in ("claim", "diagnoses", "lines") and (part == "claim") is (not rest)
        if rest:
            there = getattr(made, part)[int(rest[0]) - 1]
            assert len(rest) == 1 or hasattr(there, rest[1])
    order = [list(Severity).index(edit.severity) for edit in found]
    assert order == sorted(order) and kind_of(found[-1]) in ("necessity", "cause")


@given(made=claims(most_lines=6))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_the_lines_makes_no_other_matter(judge_cms: ClaimEdits, made: Claim) -> None:
    turned = replace(made, lines=made.lines[::-1])
    assert {e.key for e in judge_cms(made, others=())} == {e.key for e in judge_cms(turned, others=())}


def seconds(judging: ClaimEdits, made: Claim, *others: Claim) -> float:
    """Of the processor, so that what else the machine does counts for nothing."""
    took = []
    for _ in range(7):
        begun = process_time()
        judging(made, others=others)
        took.append(process_time() - begun)
    return min(took)


def test_every_kind_of_edit_has_its_weight() -> None:
    assert set(load_weights()) == set(KINDS)


HEAD = "kind\tseverity\tsource\twhy\n"


@pytest.mark.parametrize(
    ("load", "content", "sentence"),
    [
        (load_weights, HEAD + "speed\terror\tme\tToo fast.\n", "line 2 has speed"),
        (load_weights, HEAD + "age\terror\tme\tSo.\nage\tnote\tme\tSo.\n", "line 3 has age"),
        (load_weights, HEAD + "age\tbad\tme\tSo.\n", "line 2 is not error"),
        (load_weights, HEAD + "age\terror\t\tSo.\n", "line 2 is not error"),
        (load_weights, TABLE.read_text(encoding="utf-8").replace("\nage\t", "\n#age\t"), "has no row for age"),
        (load_apart, "modifier\tof\tcolumn1_from\twhat\n59\tlunch\t\tit\n", "line 2 is no modifier"),
        (load_apart, "modifier\tof\tcolumn1_from\twhat\n59\tservice\tsoon\tit\n", "line 2 has soon"),
        (load_usual, "codes\tunits\twhat\n99213\tfew\tvisits\n", "line 2 is not some services"),
        (load_usual, "codes\tunits\twhat\n99213\t0\tvisits\n", "line 2 is not some services"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_its_line(
    tmp_path: Path, load: Callable[[Path], object], content: str, sentence: str
) -> None:
    table = tmp_path / "table.tsv"
    table.write_text(content, encoding="utf-8")
    with pytest.raises(SetupError, match=sentence):
        load(table)
