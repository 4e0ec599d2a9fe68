"""Whatever is changed in a written file, the check that the other tests use sees it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pipeline.records import Claim, ProviderRole
from tests.claims.drawn_claims import CLAIM
from tests.export.drawn_837p import AMES, FULL, SUPERVISED, deviations_of, file_of
from tests.export.read_837p import Segments, segments_of, written

BATCH = (CLAIM, FULL, SUPERVISED)
ORDERED = replace(CLAIM, other_provider=replace(AMES, role=ProviderRole.ORDERING))
OTHER_QUALIFIERS = {"BK": ("ABK", "BF"), "BF": ("ABF", "BK"), "ABK": ("BK", "ABF"), "ABF": ("BF", "ABK")}
NEXT = str.maketrans("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "1234567890BCDEFGHIJKLMNOPQRSTUVWXYZA")


def changed(content: Segments, segment: int, element: int, value: str) -> bytes:
    """The file with another value in one element."""
    row = list(content[segment])
    row[element] = value
    return written((*content[:segment], tuple(row), *content[segment + 1 :]))


def places(content: Segments, name: str, element: int) -> Iterator[tuple[int, str]]:
    """Where an element stands, and its value."""
    for place, segment in enumerate(content):
        if segment[0] == name and len(segment) > element and segment[element]:
            yield place, segment[element]


def test_the_unchanged_file_has_no_deviation() -> None:
    assert deviations_of(file_of(BATCH), BATCH) == []


@pytest.mark.parametrize(
    ("name", "element", "at_least"),
    [
        pytest.param("SV1", 2, 4, id="charge"),
        pytest.param("SV1", 4, 4, id="units"),
        pytest.param("CLM", 2, 2, id="total"),
        pytest.param("ISA", 13, 1, id="interchange control number"),
        pytest.param("IEA", 2, 1, id="interchange control number at its end"),
        pytest.param("GS", 6, 1, id="group control number"),
        pytest.param("GE", 2, 1, id="group control number at its end"),
        pytest.param("ST", 2, 1, id="set control number"),
        pytest.param("SE", 2, 1, id="set control number at its end"),
        pytest.param("SE", 1, 1, id="count of segments"),
        pytest.param("GE", 1, 1, id="count of sets"),
        pytest.param("IEA", 1, 1, id="count of groups"),
        pytest.param("DTP", 3, 12, id="date of service or of the course"),
        pytest.param("AMT", 2, 1, id="amount paid"),
        pytest.param("DMG", 2, 2, id="birth date"),
        pytest.param("GS", 4, 1, id="date of the group"),
        pytest.param("HL", 1, 4, id="level"),
        pytest.param("HL", 2, 3, id="parent level"),
        pytest.param("HL", 4, 4, id="has levels below"),
    ],
)
def test_another_number_is_seen_wherever_it_stands(name: str, element: int, at_least: int) -> None:
    content = segments_of(file_of(BATCH))
    found = list(places(content, name, element))
    assert len(found) >= at_least
    for place, value in found:
        for digit in range(len(value)):
            if value[digit].isdigit():
                other = value[:digit] + value[digit].translate(NEXT) + value[digit + 1 :]
                assert deviations_of(changed(content, place, element, other), BATCH), (name, value, other)


def test_another_qualifier_or_code_of_a_diagnosis_is_seen() -> None:
    content = segments_of(file_of(BATCH))
    seen = 0
    for place, segment in enumerate(content):
        for element in range(1, len(segment) if segment[0] == "HI" else 0):
            qualifier, code = segment[element].split(":")
            others = [f"{other}:{code}" for other in OTHER_QUALIFIERS[qualifier]]
            for value in (*others, f"{qualifier}:{code[:-1]}", f"{qualifier}:{code[:-1]}{code[-1].translate(NEXT)}"):
                assert deviations_of(changed(content, place, element, value), BATCH), value
                seen += 1
    assert seen == 4 * sum(len(claim.diagnoses) for claim in BATCH)


def test_an_edition_changed_throughout_is_seen() -> None:
    content = file_of([CLAIM])
    assert deviations_of(content.replace(b"BK:", b"ABK:").replace(b"*BF:", b"*ABF:"), [CLAIM])


def test_other_pointers_in_another_order_or_number_are_seen() -> None:
    content = segments_of(file_of(BATCH))
    for place, value in places(content, "SV1", 7):
        pointers = value.split(":")
        wrong = [":".join([*pointers[:at], str(int(pointers[at]) % 12 + 1), *pointers[at + 1 :]]) for at in (0, -1)]
        wrong += [":".join(pointers[:-1]), f"{value}:3"]
        wrong += [":".join(reversed(pointers))] if len(pointers) > 1 else []
        for other in wrong:
            assert deviations_of(changed(content, place, 7, other), BATCH), (value, other)


@pytest.mark.parametrize("claim", [*BATCH, ORDERED])
def test_any_element_that_is_changed_is_seen(claim: Claim) -> None:
    content = segments_of(file_of([claim]))
    for place, segment in enumerate(content):
        for element in range(1, len(segment)):
            value = segment[element]
            others = {f"{value}1", value[:-1], value[:-1] + value[-1:].translate(NEXT)} - {value}
            for other in others:
                assert deviations_of(changed(content, place, element, other), [claim]), (segment, element, other)


@pytest.mark.parametrize("claim", [*BATCH, ORDERED])
def test_a_segment_that_is_left_out_or_stands_twice_is_seen_even_where_the_count_follows(claim: Claim) -> None:
    content = segments_of(file_of([claim]))
    end = next(place for place, segment in enumerate(content) if segment[0] == "SE")
    for place in range(2, end):
        for copies in (0, 2):
            count = str(int(content[end][1]) + copies - 1)
            wrong = (
                *content[:place],
                *(content[place],) * copies,
                *content[place + 1 : end],
                ("SE", count, content[end][2]),
                *content[end + 1 :],
            )
            assert deviations_of(written(wrong), [claim]), (content[place], copies)
