"""Everyday mentions as clinicians write them, and the codes that a coder would choose; `mentions.tsv` holds them."""

import csv
import zipfile
from collections import defaultdict
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.codebooks import CodeBooks
from pipeline.coding import Suggester
from pipeline.evaluation.coding_data import Asked, load_coding_data
from pipeline.evaluation.coding_terms import answer
from pipeline.records import CLAIMED, CodeSystem

MENTIONS = Path(__file__).with_name("mentions.tsv")
FLOORS = {
    CodeSystem.ICD9CM: (0.70, 0.86),
    CodeSystem.ICD10CM: (0.65, 0.83),
    CodeSystem.CPT: (0.59, 0.70),
    CodeSystem.HCPCS: (0.53, 0.55),
}
"""Recall among the first one and the first five that is not to be lost; a little under what is measured."""
DATED = (CodeSystem.ICD9CM, CodeSystem.ICD10CM)


@pytest.fixture(scope="module")
def mentions() -> tuple[Asked, ...]:
    return load_coding_data(MENTIONS, part=None, limit=None).asked


def test_mentions_are_many_and_halved_by_their_text(mentions: tuple[Asked, ...]) -> None:
    with MENTIONS.open() as file:
        parts = {row["text"]: row["part"] for row in csv.DictReader(file, delimiter="\t")}

    count: defaultdict[CodeSystem, int] = defaultdict(int)
    for one in mentions:
        count[one.system] += 1
    assert all(count[system] >= 160 for system in CLAIMED)
    assert parts == {text: ("held-out", "tune")[sha256(text.encode()).digest()[0] % 2] for text in parts}


def test_every_diagnosis_of_a_mention_can_be_billed(mentions: tuple[Asked, ...], books: CodeBooks) -> None:
    asked = [(one.system, code) for one in mentions if one.system in DATED for code in one.codes]
    found = [(key, books.get(*key)) for key in asked]

    assert [key for key, code in found if code is None or not code.billable] == []


def test_every_supply_of_a_mention_is_in_the_official_file(mentions: tuple[Asked, ...], data: Path) -> None:
    with zipfile.ZipFile(data.parent / "codes" / "2019-Alpha-Numeric-HCPCS-File.zip") as archive:
        name = next(name for name in archive.namelist() if name.endswith("ANWEB.txt"))
        official = {line[:5] for line in archive.read(name).decode("latin-1").splitlines()}

    asked = {code for one in mentions if one.system is CodeSystem.HCPCS for code in one.codes}
    assert asked - official == set()


@pytest.mark.parametrize("system", CLAIMED)
def test_mentions_find_their_codes(system: CodeSystem, mentions: tuple[Asked, ...], suggester: Suggester) -> None:
    ranks = [answer(one, suggester.for_text).rank for one in mentions if one.system is system]

    first, five = (sum(rank is not None and rank <= most for rank in ranks) / len(ranks) for most in (1, 5))
    assert first >= FLOORS[system][0]
    assert five >= FLOORS[system][1]
