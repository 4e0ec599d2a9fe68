"""What speaks for and against a code: the measures that ranking weighs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pipeline.codebooks import CodeBooks, Source
from pipeline.codebooks.tables import SYSTEMS
from pipeline.coding.search.caching import cached
from pipeline.coding.search.index import Index
from pipeline.coding.search.quantities import DOSE, Quantity, quantities
from pipeline.coding.search.retrieval import Likeness
from pipeline.coding.search.seventh import visit_marks
from pipeline.coding.search.sides import Side, side_of
from pipeline.records import CodeSystem

Matrix: TypeAlias = NDArray[np.float32]
Whole: TypeAlias = NDArray[np.int64]

NAMES = (
    "letters",
    "asked",
    "told",
    "asked_and_told",
    "exact",
    "exact_synonym",
    "from_synonym",
    "from_inclusion",
    "from_short",
    "from_map",
    "descended",
    "leftover_added",
    "leftover_missing",
    "filler",
    "filler_said",
    "prior",
    "category",
    "side_wrong",
    "side_added",
    "side_right",
    "visit_wrong",
    "strange_number",
    "quantity_right",
    "quantity_wrong",
    "external_cause",
    "birth",
    "status",
)
"""Columns of the matrix, in order."""

_MAKERS = tuple(Path(__file__).with_name(name) for name in ("features.py", "quantities.py", "seventh.py", "sides.py"))
_HIGHEST_PRIOR = 12.0
_MOST_MARKS = 3
_WITH_SEVENTH = 8
VISIT = re.compile(r", (?:initial encounter|subsequent encounter|sequela).*$")
_ICD9, _ICD10 = CodeSystem.ICD9CM, CodeSystem.ICD10CM
_BY_CODE = {
    "external": {_ICD9: re.compile("E"), _ICD10: re.compile("[V-Y]")},
    "birth": {
        _ICD9: re.compile(r"6[3-7]\d|76\d|77\d|V2[2-9]|V3\d"),
        _ICD10: re.compile(r"[OP]\d|Z3[3-9]"),
    },
    "status": {_ICD9: re.compile("V"), _ICD10: re.compile("Z")},
    "personal": {_ICD9: re.compile("V1[0-5]|V87"), _ICD10: re.compile("Z8[5-7]|Z9[12]")},
    "family": {_ICD9: re.compile("V1[6-9]"), _ICD10: re.compile("Z8[0-4]")},
}
"""What a code's first characters tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a text says that is not compared word by word."""

    side: Side
    visit: int
    """The marks of `visit_marks`."""
    amounts: tuple[Quantity, ...]
    leftover: bool
    """It says "other"."""
    filler: bool
    """It says "unspecified"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFacts:
    """What is known of each identity of the books, whatever is asked."""

    side: NDArray[np.uint8]
    prior: NDArray[np.float32]
    """0 to 1."""
    external: NDArray[np.bool_]
    birth: NDArray[np.bool_]
    """Pregnancy, birth, newborn."""
    personal: NDArray[np.bool_]
    """A personal history."""
    family: NDArray[np.bool_]
    """A family history."""
    visit: NDArray[np.uint8]
    """Of codes with a seventh character: the marks of `visit.visit_marks`."""
    seventh: NDArray[np.bool_]
    """The code has a seventh character that tells the visit."""
    status: NDArray[np.bool_]
    """A reason for the visit or a status, not a disease."""
    quantity: NDArray[np.uint8]
    """The unit of the quantity that the code names (`Quantity.unit`), 0 where it names none."""
    quantity_low: NDArray[np.float32]
    quantity_high: NDArray[np.float32]


def facts_of(books: CodeBooks) -> CodeFacts:
    """The facts of every identity in the books, from the cache if it was made of these books.

    Raises:
        SetupError: the cache cannot be written.
    """
    names = tuple(field.name for field in fields(CodeFacts))
    return CodeFacts(**cached(books, "facts", _MAKERS, names, lambda: _facts(books)))  # type: ignore[arg-type]


def _facts(books: CodeBooks) -> dict[str, NDArray[np.generic]]:
    tables = books.tables
    size = len(tables.identity_code)
    side, visit = np.zeros(size, dtype=np.uint8), np.zeros(size, dtype=np.uint8)
    seventh = np.zeros(size, dtype=bool)
    quantity, ends = np.zeros(size, dtype=np.uint8), np.zeros((2, size), dtype=np.float32)
    flags = {name: np.zeros(size, dtype=bool) for name in _BY_CODE}
    for identity, text in zip(tables.row_identity.tolist(), tables.row_display, strict=True):
        if "left" in text or "right" in text or "ilateral" in text:
            side[identity] = side_of(text)
        for named in quantities(text)[:1]:
            quantity[identity], ends[:, identity] = named.unit, (named.low, named.high)
        if len(tables.identity_code[identity]) == _WITH_SEVENTH:
            last = VISIT.search(text)
            visit[identity], seventh[identity] = (visit_marks(last[0]), True) if last else (0, False)
    for name, patterns in _BY_CODE.items():
        for system, pattern in patterns.items():
            for identity in np.flatnonzero(tables.identity_system == SYSTEMS.index(system)).tolist():
                flags[name][identity] = pattern.match(tables.identity_code[identity]) is not None
    prior = (tables.identity_prior / _HIGHEST_PRIOR).astype(np.float32)
    # A later visit for an injury is as common as the injury, whatever the map to the other edition names.
    highest: dict[str, float] = {}
    injuries = [(identity, tables.identity_code[identity][:-1]) for identity in np.flatnonzero(seventh).tolist()]
    for identity, injury in injuries:
        highest[injury] = max(highest.get(injury, 0.0), float(prior[identity]))
    for identity, injury in injuries:
        prior[identity] = highest[injury]
    return {**flags, "side": side, "prior": prior, "visit": visit, "seventh": seventh} | {
        "quantity": quantity,
        "quantity_low": ends[0],
        "quantity_high": ends[1],
    }


def features(
    books: CodeBooks,
    index: Index,
    facts: CodeFacts,
    likeness: Likeness,
    place: Whole,
    links: Whole,
    billable: NDArray[np.bool_],
    said: Said,
) -> Matrix:
    """One row of measures for each link.

    Args:
        likeness: of the documents.
        place: for each link, the position of its document in `likeness`.
        links: numbers of links of the index.
        billable: for each link, whether its code is billable in the edition that is asked.
        said: what the text says besides its words.
    """
    side = said.side
    source = books.tables.wording_source[index.link_wording[links]]
    identity = index.link_identity[links]
    asked, told, exact = likeness.asked[place], likeness.told[place], likeness.exact[place]
    named = facts.side[identity]
    leftover, filler = index.link_leftover[links].astype(bool), index.link_filler[links].astype(bool)
    fits, differs = _quantities(facts, identity, said.amounts)
    columns: Sequence[NDArray[np.generic]] = (
        likeness.letters[place],
        asked,
        told,
        asked * told,
        exact,
        exact & (source == Source.SYNONYM),
        source == Source.SYNONYM,
        source == Source.INCLUSION,
        source == Source.SHORT,
        source == Source.MAP,
        index.link_descended[links],
        leftover & (not said.leftover),
        ~leftover & said.leftover,
        filler,
        filler & said.filler & ((side == Side.NONE) | (named == side)),
        facts.prior[identity],
        ~billable,
        (named != Side.NONE) & (side != Side.NONE) & (named != side),
        (named != Side.NONE) & (side == Side.NONE),
        (named != Side.NONE) & (named == side),
        np.where(
            facts.seventh[identity], np.bitwise_count(facts.visit[identity] ^ np.uint8(said.visit)) / _MOST_MARKS, 0
        ),
        likeness.strange_number[place],
        fits,
        differs & ~fits,
        facts.external[identity],
        facts.birth[identity],
        facts.status[identity],
    )
    return np.stack([column.astype(np.float32) for column in columns], axis=1)


def _quantities(
    facts: CodeFacts, identity: NDArray[np.integer], amounts: Sequence[Quantity]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """For each identity, whether a quantity of the text lies within its own, and whether one of its unit does not."""
    unit, low, high = facts.quantity[identity], facts.quantity_low[identity], facts.quantity_high[identity]
    fits, differs = np.zeros(len(identity), dtype=bool), np.zeros(len(identity), dtype=bool)
    for amount in amounts:
        alike = unit == amount.unit
        within = alike & (low <= amount.high) & (amount.low <= high)
        fits |= within
        differs |= alike & ~within & (amount.unit != DOSE)
    return fits, differs
