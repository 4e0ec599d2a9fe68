"""Codes, headings and words show which law protects a note specially."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.claims.protected import WRITTEN, Sign, protected, table
from pipeline.codebooks import CodeBooks
from pipeline.errors import SetupError
from pipeline.records import CodeSystem

NINE, TEN, CPT, HCPCS = CodeSystem.ICD9CM, CodeSystem.ICD10CM, CodeSystem.CPT, CodeSystem.HCPCS
PLAIN = "Cough and fever for 4 days. No alcohol, never smoked. Hearing aids. FH: father diabetes.\nPlan: rest"
HEAD = "kind\thow\tfirst\tlast\nHIV\tSOURCE\tA law.\t\n"


def kinds(*codes: tuple[CodeSystem, str], text: str = PLAIN) -> list[str]:
    return [found.kind for found in protected(codes, text)]


def test_an_ordinary_note_is_not_protected() -> None:
    ordinary = ((NINE, "401.9"), (NINE, "305.1"), (TEN, "F17.210"), (TEN, "J06.9"), (CPT, "99213"), (HCPCS, "J3420"))
    assert kinds(*ordinary) == []


@pytest.mark.parametrize(
    ("system", "code", "kind"),
    [
        (NINE, "304.01", "substance use disorder"),
        (NINE, "305.00", "substance use disorder"),
        (TEN, "F11.20", "substance use disorder"),
        (HCPCS, "H0020", "substance use disorder"),
        (CPT, "90834", "psychotherapy"),
        (CPT, "90806", "psychotherapy"),
        (NINE, "042", "HIV"),
        (NINE, "V08", "HIV"),
        (TEN, "Z21", "HIV"),
        (CPT, "87389", "HIV"),
        (TEN, "Z15.01", "genetic"),
        (NINE, "V84.01", "genetic"),
        (CPT, "81211", "genetic"),
        (NINE, "V25.09", "reproductive"),
        (TEN, "O04.5", "reproductive"),
        (TEN, "Z30.430", "reproductive"),
        (CPT, "58300", "reproductive"),
        (NINE, "099.41", "sexually transmitted infection"),
        (TEN, "A56.01", "sexually transmitted infection"),
    ],
)
def test_codes_of_both_editions_and_services_show_a_kind(system: CodeSystem, code: str, kind: str) -> None:
    (found,) = protected([(system, code)], PLAIN)
    assert found.kind == kind and found.why == f"code {code}" and found.source.endswith(".")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("pt on Suboxone 8 mg", "substance use disorder"),
        ("goes to the methadone\nclinic", "substance use disorder"),
        ("Psychotherapy note: talked of work", "psychotherapy"),
        ("PROCESS NOTES\nfeels better", "psychotherapy"),
        ("HIV negative 2012", "HIV"),
        ("dx AIDS 1996", "HIV"),
        ("mother BRCA1 positive", "genetic"),
        ("IUD placed 2014", "reproductive"),
        ("depo-provera today", "reproductive"),
        ("rx for chlamydia", "sexually transmitted infection"),
    ],
)
def test_words_and_headings_show_a_kind(text: str, kind: str) -> None:
    assert kind in kinds(text=f"{PLAIN}\n{text}")


def test_words_within_other_words_and_case_do_not_mislead() -> None:
    assert kinds(text="hearing aids, preparing, studio, archive, first aid, prep for colonoscopy") == []
    assert kinds(text="the process notes that were sent are gone") == []


def test_a_kind_is_told_once_with_all_that_shows_it() -> None:
    (found,) = protected([(TEN, "B20"), (CPT, "87536")], "HIV, on Biktarvy")
    assert found.why == "code B20, code 87536, the words “hiv”, the words “biktarvy”"
    assert found.sentence.startswith("HIV (code B20, ") and "State law" in found.sentence


def test_a_reason_holds_no_words_of_the_note_but_those_of_the_table() -> None:
    known = {sign.first for sign in table()[0]}
    for found in protected([], "Ruth Okafor HIV since 1999, suboxone, IUD"):
        assert all(part.split("“")[1].rstrip("”") in known for part in found.why.split(", "))


def test_every_range_of_diagnoses_has_a_code_in_the_books(books: CodeBooks) -> None:
    signs, _ = table()
    for sign in signs:
        if sign.how in {NINE.value, TEN.value}:
            system = CodeSystem(sign.how)
            assert books.get(system, sign.first) or books.search(sign.first, system=system, limit=1), sign


@given(st.sampled_from([s for s in table()[0] if s.how not in WRITTEN]), st.sampled_from(["", ".1", "9", "A"]))
def test_a_range_holds_its_ends_and_what_begins_with_them(sign: Sign, more: str) -> None:
    system = CodeSystem(sign.how)
    assert sign.has(system, sign.first) and sign.has(system, sign.last) and sign.has(system, f"{sign.last}{more}")
    assert sum(sign.has(other, sign.first) for other in CodeSystem) == 1


@pytest.mark.parametrize(
    "row",
    [
        "genetic\tTERM\tbrca\t",
        "HIV\tICD11\tA00\tA01",
        "HIV\tICD9CM\t043\t042",
        "HIV\tICD9CM\t042\t",
        "HIV\tTERM\t\t",
    ],
)
def test_a_row_that_is_none_is_refused(tmp_path: Path, row: str) -> None:
    path = tmp_path / "protected.tsv"
    path.write_text(f"{HEAD}{row}\n")
    with pytest.raises(SetupError):
        table(path)


def test_only_records_of_substance_use_treatment_come_with_a_notice() -> None:
    found = protected([(TEN, "F11.20"), (TEN, "B20")], PLAIN)
    assert [each.notice is not None for each in found] == [True, False]
