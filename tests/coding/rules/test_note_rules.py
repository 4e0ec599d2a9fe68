"""Rules of the trade on short notes, from the words to what is proposed."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.codebooks import CodeBooks
from pipeline.coding import Suggester
from pipeline.entities import EncounterFinder, EntityFinder, pages_from_text
from pipeline.lexicon import Term, load_lexicon
from pipeline.records import Candidate, CodeSystem, Finding
from tests.findings import language

TABLES = ("diagnosis_notes.tsv", "service_notes.tsv")
"""Notes in own words, `\\n` for a line end; `J1885*4` is a code with its units, `99213-25` one with its modifier."""


def rows() -> Iterator[dict[str, str]]:
    for name in TABLES:
        with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as table:
            yield from csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)


@pytest.fixture(scope="module")
def find_entities(books: CodeBooks) -> EntityFinder:
    extra = (Term(text=text, label=label, normalized=normalized) for text, label, normalized in books.terms())
    return EntityFinder(load_lexicon(), language(), extra)


@pytest.fixture(scope="module")
def find_encounters() -> EncounterFinder:
    return EncounterFinder(load_lexicon())


@pytest.mark.parametrize("row", tuple(rows()), ids=lambda row: row["fact"])
def test_what_is_proposed_follows_what_the_ink_says(
    row: dict[str, str], find_entities: EntityFinder, find_encounters: EncounterFinder, suggester: Suggester
) -> None:
    pages = pages_from_text(row["note"].replace("\\n", "\n"))
    entities = find_entities(pages)
    (encounter, *_) = find_encounters(pages, entities)
    on = date.fromisoformat(row["day"]).isoformat()
    day = Finding(value=on, text=on, confidence=None, spans=())
    found = suggester(replace(encounter, date_of_service=day), entities)
    proposed = {each.code: each for each in found if each.proposed}
    for wanted in (row["proposed"] or "").split():
        code, units, modifier = _parts(wanted)
        assert code in proposed
        assert units is None or proposed[code].units == units
        assert modifier is None or modifier in proposed[code].modifiers
    assert not set((row["silent"] or "").split()) & set(proposed)
    assert all(each.withheld for each in found if _held(each, proposed))


def _parts(wanted: str) -> tuple[str, int | None, str | None]:
    code, _, modifier = wanted.partition("-")
    code, _, units = code.partition("*")
    return code, int(units) if units else None, modifier or None


def _held(candidate: Candidate, proposed: dict[str, Candidate]) -> bool:
    """A first choice of a service that is likely and not proposed: it must say why."""
    service = candidate.system in (CodeSystem.CPT, CodeSystem.HCPCS)
    likely = candidate.rank == 1 and candidate.score > 0.6 and not candidate.proposed
    return service and likely and candidate.code not in proposed
