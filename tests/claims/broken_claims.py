"""Claims with anything wrong in them, and the paths of a record."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from hypothesis import strategies as st

from pipeline.records import Claim, CodeSystem
from tests.claims.drawn_claims import claims

Path = tuple[str | int, ...]
UNTOUCHED = {"anchors", "related_to", "kind", "report_type"}
NO_TEXT = frozenset(
    (
        *("accident", "address", "facility", "other_provider", "paid", "onset", "last_menstruation", "unable_to_work"),
        *("in_hospital", "last", "other_coverage"),
    )
)
"""Fields where None may stand, and no text."""


def leaves(part: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The path and value of everything in a record that is no record itself; tuples, and then what is in them."""
    if is_dataclass(part):
        for field in fields(part):
            if field.name not in UNTOUCHED:
                yield from leaves(getattr(part, field.name), (*path, field.name))
        return
    yield path, part
    if isinstance(part, tuple):
        for place, each in enumerate(part):
            yield from leaves(each, (*path, place))


def changed(part: Any, path: Path, value: Any) -> Any:
    """The record with another value at a path."""
    if not path:
        return value
    first, *rest = path
    if isinstance(first, int):
        return (*part[:first], changed(part[first], tuple(rest), value), *part[first + 1 :])
    return replace(part, **{first: changed(getattr(part, first), tuple(rest), value)})


def at(record: Any, field: str) -> Any:
    """What stands at a fault's dotted path, its numbers from 1.

    Raises:
        LookupError: nothing does.
    """
    for name in field.split("."):
        if isinstance(record, tuple):
            record = dict(enumerate(record, start=1))[int(name)]
        else:
            record = {each.name: getattr(record, each.name) for each in fields(record)}[name]
    return record


def _others(value: Any) -> st.SearchStrategy[Any]:
    """Values that may be wrong in the place of one."""
    match value:
        case bool():
            return st.booleans()
        case CodeSystem():
            return st.sampled_from(CodeSystem)
        case StrEnum():
            return st.sampled_from(type(value))
        case str() | None:
            return st.sampled_from(["", " ", "1", "X" * 30, "ZZ"])
        case int():
            return st.sampled_from([-1, 0, 13, 1000])
        case Decimal():
            return st.sampled_from(
                [Decimal(text) for text in ("-1", "0", "0.001", "1000000", "NaN", "1E40", "Infinity")]
            )
        case date():
            return st.sampled_from([date(2005, 1, 1), date(2015, 10, 1), date(2030, 1, 1)])
        case tuple():
            return st.sampled_from([(), value * 2, value * 9])
    raise TypeError(type(value))


@st.composite
def broken_claims(draw: st.DrawFn) -> Claim:
    """Claims of which some fields were changed into something that does not fit, or happens to."""
    claim = draw(claims(most_lines=6))
    for _ in range(draw(st.integers(1, 6))):
        found = [(path, value) for path, value in leaves(claim) if value is not None or path[-1] not in NO_TEXT]
        path, value = draw(st.sampled_from(found))
        claim = changed(claim, path, draw(_others(value)))
    return claim
