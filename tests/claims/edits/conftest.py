"""Edits with and without the tables of CMS; these hold real pairs in the form in which CMS publishes them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from pipeline.claims.edits import ClaimEdits, Edit
from pipeline.codebooks import CodeBooks
from pipeline.codebooks.edits import Edits, load_edits, take
from pipeline.coding.check import CodeCheck
from pipeline.records import Claim, CodeSystem, ServiceLine
from pipeline.settings import CodingSettings
from tests.claims.drawn_claims import CLAIM, diagnosis, service

PAIRS = (
    "Column 1\tColumn 2\t*=in existence prior to 1996\tEffective Date\tDeletion Date *=no data\t"
    "Modifier 0=not allowed 1=allowed 9=not applicable\tPTP Edit Rationale\n"
    "45385\t45380\t\t20020101\t*\t1\tMore extensive procedure\n"
    "11042\t97597\t\t20050101\t*\t1\tMisuse\n"
    "20610\t99213\t\t20000101\t*\t1\tStandards\n"
    "90471\t99213\t\t20130101\t*\t1\tStandards\n"
    "99396\t99213\t\t20100101\t20121231\t9\tStandards\n"
    "93000\t93005\t\t19960101\t*\t0\tParts\n"
    "80053\t80048\t\t20000101\t*\t0\tParts\n"
)
LIMITS = (
    "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n"
    "99213,1,2 Date of Service Edit: Policy,Code descriptor\n"
    "J3301,16,3 Date of Service Edit: Clinical,Clinical: Data\n"
    "73610,2,1 Line Edit,Anatomic consideration\n"
)
IN_2014, IN_2015, IN_2018, IN_2020 = date(2014, 3, 14), date(2015, 3, 16), date(2018, 3, 14), date(2020, 3, 16)

Judge = Callable[..., tuple[Edit, ...]]


@pytest.fixture(scope="session")
def cms(tmp_path_factory: pytest.TempPathFactory) -> Edits:
    folder = tmp_path_factory.mktemp("cms")
    assert take("ccipra-v260r0-f1.txt", PAIRS.encode(), folder) is not None
    for quarter in ("01-01-2014", "01-01-2018", "01-01-2020"):
        assert take(f"MCR_MUE_PractitionerServices_Eff_{quarter}.csv", LIMITS.encode(), folder) is not None
    return load_edits(folder)


@pytest.fixture(scope="session")
def judge(books: CodeBooks) -> ClaimEdits:
    """As the program is delivered."""
    return ClaimEdits(books, CodeCheck(books, CodingSettings()))


@pytest.fixture(scope="session")
def judge_cms(books: CodeBooks, cms: Edits) -> ClaimEdits:
    """With the tables of CMS."""
    return ClaimEdits(books, CodeCheck(books, CodingSettings(), cms), cms)


def line(
    code: str, *modifiers: str, units: int = 1, on: date = IN_2014, points_to: tuple[int, ...] = (1,)
) -> ServiceLine:
    return replace(service(code, units=units, points_to=points_to), modifiers=modifiers, day=on)


def claim(
    *lines: ServiceLine,
    diagnoses: tuple[str, ...] = ("401.9",),
    sex: str | None = "F",
    born: date = date(1961, 7, 19),
) -> Claim:
    """A claim of these services; the edition of the diagnoses is that of their day."""
    system = CodeSystem.ICD9CM if lines[0].day < date(2015, 10, 1) else CodeSystem.ICD10CM
    patient = replace(CLAIM.patient, sex=sex, birth_date=born)
    return replace(
        CLAIM,
        patient=patient,
        coverage=replace(CLAIM.coverage, insured=patient),
        diagnoses=tuple(diagnosis(code, system) for code in diagnoses),
        lines=lines,
    )


def kinds(edits: tuple[Edit, ...], *, but: tuple[str, ...] = ("not_proven", "necessity")) -> list[tuple[str, str, str]]:
    """Kind, severity and field of each, without those that nearly every claim has."""
    found = [(kind_of(edit), edit.severity.value, edit.field) for edit in edits]
    return [each for each in found if each[0] not in but]


def kind_of(edit: Edit) -> str:
    return edit.key.partition("-")[0]
