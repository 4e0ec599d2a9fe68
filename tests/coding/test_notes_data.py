"""What must hold for the whole office notes in `notes/` before anything is measured on them.

Each file is one visit: the note as it was scribbled, under `code` everything a coder would report for that visit and
the words that carry it, under `never` what must not be offered and why. A code on which coders differ, such as that of
an illness only listed, stands in neither. `part` was set before anything was tuned: nothing may be fitted
to "held-out".
"""

import re
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.codebooks import CodeBooks
from pipeline.records import CodeSystem

NOTES = Path(__file__).parent / "notes"
PATHS = sorted(NOTES.glob("*.toml"))
ICD10_FROM = date(2015, 10, 1)
KEYS = {"date_of_service", "setting", "part", "age", "sex", "payer", "note", "code", "never"}
# The product's own books hold only some CPT and HCPCS codes: there the official form is what can be proved.
FORMS = {CodeSystem.CPT: re.compile(r"\d{4}[\dFTU]"), CodeSystem.HCPCS: re.compile(r"[A-V]\d{4}")}

# Deleted before 2019, so the annual file of that year no longer holds them.
ENDED = {"J0560", "J1055"}


def load(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def entries(note: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from note["code"]
    yield from note.get("never", ())


def identities(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(row["system"], row["code"]) for row in rows]


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def note(request: pytest.FixtureRequest) -> dict[str, Any]:
    path: Path = request.param
    return load(path)


@pytest.fixture
def annual_2019() -> str:
    path = Path(__file__).parents[3] / "shared" / "codes" / "2019-Alpha-Numeric-HCPCS-File.zip"
    if not path.is_file():
        pytest.skip("the CMS file is not at hand")
    with zipfile.ZipFile(path) as folder:
        return folder.read("HCPC2019_CONTR_ANWEB.txt").decode("latin-1")


def test_there_are_at_least_sixty_notes_of_both_parts_and_both_editions() -> None:
    notes = [load(path) for path in PATHS]
    assert len(notes) >= 60
    parts = Counter(note["part"] for note in notes)
    assert set(parts) == {"tune", "held-out"}
    assert min(parts.values()) >= 50
    later = sum(note["date_of_service"] >= ICD10_FROM for note in notes)
    assert len(notes) * 0.25 <= later <= len(notes) * 0.45


def test_no_two_notes_are_the_same() -> None:
    texts = [" ".join(load(path)["note"].lower().split()) for path in PATHS]
    assert len(set(texts)) == len(texts)


def test_a_note_says_when_and_where_and_nothing_unknown(note: dict[str, Any]) -> None:
    assert set(note) <= KEYS
    assert type(note["date_of_service"]) is date
    assert note["setting"] == "office"
    assert note.get("sex") in {None, "F", "M"}
    assert 0 <= note.get("age", 0) <= 110
    assert note.get("payer", "").lower() in note["note"].lower()
    assert 30 <= len(note["note"].split()) <= 260


def test_the_words_that_carry_a_code_stand_in_the_note(note: dict[str, Any]) -> None:
    missing = [row["words"] for row in note["code"] if not row["words"] or row["words"] not in note["note"]]
    assert not missing


def test_every_code_exists_in_the_edition_of_the_day(note: dict[str, Any], books: CodeBooks) -> None:
    icd = CodeSystem.ICD10CM if note["date_of_service"] >= ICD10_FROM else CodeSystem.ICD9CM
    for row in entries(note):
        system = CodeSystem(row["system"])
        if form := FORMS.get(system):
            assert form.fullmatch(row["code"]), row
            continue
        assert system is icd, row
        code = books.get(system, row["code"])
        assert code is not None, row
        assert code.code == row["code"], row
        assert code.kind == "diagnosis", row


def test_every_wanted_diagnosis_is_billable(note: dict[str, Any], books: CodeBooks) -> None:
    for row in note["code"]:
        if row["system"].startswith("ICD"):
            code = books.get(CodeSystem(row["system"]), row["code"])
            assert code is not None, row
            assert code.billable, row


def test_no_code_is_both_wanted_and_forbidden_or_told_twice(note: dict[str, Any]) -> None:
    wanted, never = identities(note["code"]), identities(note.get("never", []))
    assert not set(wanted) & set(never)
    assert len(set(wanted)) == len(wanted)
    assert len(set(never)) == len(never)


def test_rows_hold_only_what_a_coder_would_fill_in(note: dict[str, Any]) -> None:
    for row in note["code"]:
        assert set(row) <= {"system", "code", "words", "units", "modifiers"}
        assert row.get("units", 1) >= 1
        assert all(re.fullmatch(r"[A-Z0-9]{2}", modifier) for modifier in row.get("modifiers", ()))
    for row in note.get("never", ()):
        assert set(row) == {"system", "code", "why"}
        assert row["why"]


def test_an_external_cause_never_stands_alone(note: dict[str, Any]) -> None:
    diagnoses = [row["code"] for row in note["code"] if row["system"].startswith("ICD")]
    if note["date_of_service"] < ICD10_FROM:
        causes = [code for code in diagnoses if code.startswith("E")]
    else:
        causes = [code for code in diagnoses if code[0] in "VWXY"]
    assert len(causes) < len(diagnoses) or not causes


def test_every_hcpcs_code_is_official_or_known_to_have_ended(annual_2019: str) -> None:
    told = {row["code"] for path in PATHS for row in entries(load(path)) if row["system"] == "HCPCS"}
    official = set(re.findall(r"^[A-Z]\d{4}", annual_2019, re.MULTILINE))
    assert told - official <= ENDED
