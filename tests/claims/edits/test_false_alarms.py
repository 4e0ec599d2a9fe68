"""What is said of claims that coders made: each edit of the sample charts and the coded notes, but the unproven codes.

A coder would agree with each that is listed here; another one is a false alarm, or a new finding to be looked at.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from pipeline.claims.build import claim_of
from pipeline.claims.edits import ClaimEdits
from pipeline.codebooks import CodeBooks
from pipeline.records import DIAGNOSES, Claim, CodeSystem
from tests.claims.drawn_claims import diagnosis
from tests.claims.edits.conftest import claim, kind_of, line
from tests.claims.test_sample_claims import encounters, fees, office_of, signed

NOTES = Path(__file__).parents[2] / "coding" / "notes"
SILENT = frozenset(("not_proven", "necessity", "cause"))

OF_SAMPLES = {
    # as these claims are made here, no line has a modifier
    ("ankle-injury.jpg 1", "side_missing", "73610"),
    ("encounter-form-ortho.tif 1", "side_missing", "73610"),
    ("knee-injection.png 1", "side_missing", "20610"),
    # is the nebulizer the office's, or was it given home?
    ("asthma-visit.jpg 1", "included", "E0570"),
    # dressings are part of a repair
    ("hand-laceration.jpeg 1", "included", "A6402"),
}
OF_NOTES = {
    # trouble with swallowing goes with reflux as a rule, and may be looked into by itself
    ("gerd-dysphagia-gi-2011", "integral", "787.20"),
    # the starter set has no contrast medium
    ("pain-esi-lumbar-c", "unknown", "Q9967"),
    # V58.3 had no subdivisions before October 2006
    ("uc-staple-removal-c", "not_in_force", "V58.32"),
    # strapping of a foot, which the note does not name
    ("plantar-fasciitis-injection-2012", "side_missing", "29540"),
}


def told(judge: ClaimEdits, name: str, made: Claim) -> set[tuple[str, str, str]]:
    found = set()
    for edit in judge(made, others=()):
        part, *rest = edit.field.split(".")
        if kind_of(edit) not in SILENT:
            assert rest, edit
            found.add((name, kind_of(edit), getattr(made, part)[int(rest[0]) - 1].code))
    return found


def test_the_edits_of_the_sample_charts_are_those_that_a_coder_would_want(judge: ClaimEdits, books: CodeBooks) -> None:
    found, count = set(), 0
    for number, (name, truth) in enumerate(encounters()):
        encounter = signed(truth, f"sample{number}")
        codes = tuple(replace(code, units=None if code.units is None else 1) for code in encounter.codes)
        encounter = replace(encounter, codes=codes)
        made = claim_of(encounter, office_of(encounter), fees(encounter), books)
        born = date.fromisoformat(truth.birth_date) if truth.birth_date else made.patient.birth_date
        made = replace(made, patient=replace(made.patient, sex=truth.sex, birth_date=born))
        found |= told(judge, name, made)
        count += 1
    assert count >= 15 and found == OF_SAMPLES


def coded_notes() -> Iterator[tuple[str, Claim]]:
    for path in sorted(NOTES.glob("*.toml")):
        note = tomllib.loads(path.read_text(encoding="utf-8"))
        codes = note.get("code", [])
        day = date.fromisoformat(str(note["date_of_service"]))
        diagnoses = [diagnosis(each["code"], s) for each in codes if (s := CodeSystem(each["system"])) in DIAGNOSES]
        lines = [
            line(each["code"], *each.get("modifiers", ()), units=each.get("units") or 1, on=day)
            for each in codes
            if CodeSystem(each["system"]) not in DIAGNOSES
        ]
        if diagnoses and lines:
            age = note.get("age")
            born = date(1970, 1, 1) if age is None else date(day.year - age, 1, 1)
            yield path.stem, replace(claim(*lines, sex=note.get("sex"), born=born), diagnoses=tuple(diagnoses))


def test_the_edits_of_coded_notes_are_those_that_a_coder_would_want(judge: ClaimEdits) -> None:
    found, count = set(), 0
    for name, made in coded_notes():
        found |= told(judge, name, made)
        count += 1
    assert count >= 200 and found == OF_NOTES
