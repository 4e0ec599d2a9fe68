"""Rules of the trade on short notes, from the words to what is proposed."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.entities import pages_from_text
from pipeline.process import TextStages
from pipeline.records import Candidate, CodeSystem, Finding

TABLES = ("diagnosis_notes.tsv", "service_notes.tsv")
"""Notes in own words, `\\n` for a line end; `J1885*4` is a code with its units, `99213-25` one with its modifier."""


def rows() -> Iterator[dict[str, str]]:
    for name in TABLES:
        with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as table:
            yield from csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)


@pytest.mark.parametrize("row", tuple(rows()), ids=lambda row: row["fact"])
def test_what_is_proposed_follows_what_the_ink_says(row: dict[str, str], text_stages: TextStages) -> None:
    pages = pages_from_text(row["note"].replace("\\n", "\n"))
    entities = text_stages.find_entities(pages)
    (encounter, *_) = text_stages.find_encounters(pages, entities)
    on = date.fromisoformat(row["day"]).isoformat()
    day = Finding(value=on, text=on, confidence=None, spans=())
    found = text_stages.suggest_codes(replace(encounter, date_of_service=day), entities)
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
