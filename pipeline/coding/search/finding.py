"""The codes that a text may mean, best first, in the editions of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pipeline.codebooks import CodeBooks
from pipeline.codebooks.tables import SYSTEMS
from pipeline.codebooks.validity import same_meaning
from pipeline.codebooks.wording import is_leftover, plain, without_filler
from pipeline.coding.search.features import NAMES, CodeFacts, Said, features
from pipeline.coding.search.fuller import Fuller
from pipeline.coding.search.index import Index, load_index
from pipeline.coding.search.quantities import quantities
from pipeline.coding.search.retrieval import Likeness, Retriever
from pipeline.coding.search.scoring import Weights, chance_inputs, chances, shares
from pipeline.coding.search.seventh import visit_marks, without_visit
from pipeline.coding.search.sides import Side, with_sides
from pipeline.records import CodeSystem

Whole: TypeAlias = NDArray[np.int64]
_EXACT, _ASKED = NAMES.index("exact"), NAMES.index("asked")
_ENDED = 1.0
"""What a code that has ended is worth less, as log-odds, where no day is given: it stands below its successor."""
DIAGNOSES = (CodeSystem.ICD9CM, CodeSystem.ICD10CM)
SERVICES = (CodeSystem.CPT, CodeSystem.HCPCS)
KINDS_OF_CODES = (("diagnoses", DIAGNOSES), ("services", SERVICES))
"""Each kind has an index of its own, of this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A code that a text may mean."""

    row: int
    """In the tables of the books."""
    identity: int
    score: float
    wording: int
    """The wording that speaks for it, in the tables of the books."""
    descended: bool
    """The wording is that of the category above it."""
    exact: bool
    """The same words, but for order."""
    asked: float
    """Share of what the text says that the wording says too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The codes of one system with their measures, one row a code: what fitting looks at too."""

    links: Whole
    identities: Whole
    rows: Whole
    matrix: NDArray[np.float32]
    """One row for each code, columns as `features.NAMES`."""


def numbers(systems: tuple[CodeSystem, ...]) -> frozenset[int]:
    """The systems as the tables of the books number them."""
    return frozenset(SYSTEMS.index(system) for system in systems)


class Finder:
    """Finds codes in the books of one kind: diagnoses, or services and supplies."""

    def __init__(
        self,
        books: CodeBooks,
        weights: Weights,
        facts: CodeFacts,
        name: str,
        systems: tuple[CodeSystem, ...],
    ) -> None:
        self.index: Index = load_index(books, name, numbers(systems))
        self._books = books
        self._weights = weights
        self._facts = facts
        self._retriever = Retriever(self.index)
        self._fuller = Fuller(self.index)
        tables = books.tables
        of_link = tables.identity_system[self.index.link_identity]
        self._links = {s: np.flatnonzero(of_link == SYSTEMS.index(s)) for s in systems}
        self._documents = {
            s: np.unique(self.index.link_document[links]).astype(np.int64) for s, links in self._links.items()
        }
        self._rows: dict[tuple[CodeSystem, date | None], Whole] = {}
        """Of the day that was asked last: a note has one."""

    def __call__(
        self,
        text: str,
        systems: Sequence[CodeSystem],
        on: date | None,
        *,
        side: Side,
        limit: int,
        among: NDArray[np.bool_] | None = None,
    ) -> dict[CodeSystem, list[Found]]:
        """The likeliest codes of each system.

        Args:
            text: as a chart or an entity has it.
            on: date of service; without one, the newest editions.
            side: the side that is meant.
            limit: how many a system.
            among: for each identity, whether it may be found at all; None for all.
        """
        measured = self.measure(text, systems, on, side=side, among=among)
        return {system: self._ranked(found, limit, on) for system, found in measured.items()}

    def fuller(self, text: str, clause: str, systems: Sequence[CodeSystem]) -> tuple[str, ...]:
        """Longer wordings of the books for what the text says, borne out by the clause that it stands in."""
        known = [self._documents[system] for system in systems if system in self._documents]
        found = (wording for among in known for wording in self._fuller(text, clause, among))
        return tuple(dict.fromkeys(found))

    def measure(
        self,
        text: str,
        systems: Sequence[CodeSystem],
        on: date | None,
        *,
        side: Side,
        among: NDArray[np.bool_] | None = None,
        without: str | None = None,
    ) -> dict[CodeSystem, Measured]:
        """Every code that was looked at, by its best wording. `without` leaves one wording out, for fitting."""
        asked = [s for s in systems if s in self._documents]
        groups = [self._group(system, among) for system in asked]
        found = self._retriever(without_visit(with_sides(text)), groups)
        words = plain(text)
        said = Said(
            side=side,
            visit=visit_marks(text),
            amounts=quantities(text),
            leftover=is_leftover(words),
            filler=without_filler(words) != words,
        )
        return {
            system: self._measure(system, self._rows_on(system, on), likeness, said, among, without)
            for system, likeness in zip(asked, found, strict=True)
        }

    def _rows_on(self, system: CodeSystem, on: date | None) -> Whole:
        """Of each identity the row that answers for the day; -1 where it has none."""
        if (system, on) not in self._rows:
            self._rows = {key: rows for key, rows in self._rows.items() if key[1] == on}
            self._rows[system, on] = self._books.rows_on(system, on)
        return self._rows[system, on]

    def _group(self, system: CodeSystem, among: NDArray[np.bool_] | None) -> Whole:
        if among is None:
            return self._documents[system]
        links = self._links[system]
        allowed = links[among[self.index.link_identity[links]]]
        within = np.zeros(len(self.index.document_start) - 1, dtype=bool)
        within[self.index.link_document[allowed]] = True
        return np.flatnonzero(within)

    def _measure(
        self,
        system: CodeSystem,
        rows_on: Whole,
        likeness: Likeness,
        said: Said,
        among: NDArray[np.bool_] | None,
        without: str | None,
    ) -> Measured:
        index, tables = self.index, self._books.tables
        pool = self._links[system]
        of_pool = index.link_document[pool]
        begins = np.searchsorted(of_pool, likeness.documents, side="left")
        ends = np.searchsorted(of_pool, likeness.documents, side="right")
        place = np.repeat(np.arange(len(likeness.documents)), ends - begins)
        links = pool[np.concatenate([np.arange(b, e) for b, e in zip(begins, ends, strict=True)] or [begins])]
        rows = rows_on[index.link_identity[links]]
        keep = (rows >= 0) & same_meaning(tables, index.link_wording[links], rows)
        keep &= (index.link_before[links] == 0) | (tables.row_billable[rows] == 1)
        if among is not None:
            keep &= among[index.link_identity[links]]
        if without is not None:
            keep &= np.array(
                [tables.wording_text[w] != without for w in index.link_wording[links].tolist()], dtype=bool
            )
        place, links, rows = place[keep], links[keep], rows[keep]
        billable = tables.row_billable[rows].astype(bool)
        matrix = features(self._books, index, self._facts, likeness, place, links, billable, said)
        order = np.lexsort((-(matrix @ self._weights.rank), index.link_identity[links]))
        best = order[np.unique(index.link_identity[links][order], return_index=True)[1]]
        return Measured(
            links=links[best],
            identities=index.link_identity[links[best]].astype(np.int64),
            rows=rows[best],
            matrix=matrix[best],
        )

    def _ranked(self, measured: Measured, limit: int, on: date | None) -> list[Found]:
        sums = measured.matrix @ self._weights.rank
        if on is None:  # the day may be any, and is rather one of what is in force now
            sums = sums - _ENDED * (self._books.tables.row_to[measured.rows] > 0)
        share = shares(sums, self._weights.none)
        chance = chances(self._weights, chance_inputs(share, measured.matrix))
        order = np.lexsort((measured.identities, -share))[:limit]
        # A code is never shown as likelier than the one ranked before it.
        falling = np.minimum.accumulate(chance[order])
        return [
            Found(
                row=int(measured.rows[n]),
                identity=int(measured.identities[n]),
                score=float(score),
                wording=int(self.index.link_wording[measured.links[n]]),
                descended=bool(self.index.link_descended[measured.links[n]]),
                exact=bool(measured.matrix[n, _EXACT]),
                asked=float(measured.matrix[n, _ASKED]),
            )
            for n, score in zip(order.tolist(), falling.tolist(), strict=True)
        ]
