from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pipeline.claims.build import claim_of, fee_of, is_injury, number_of
from pipeline.claims.office import Office, same_person
from pipeline.claims.office_files import keep, load_office, read_file
from pipeline.codebooks import CodeBooks
from pipeline.codebooks.practice import Service
from pipeline.errors import ExportError
from pipeline.records import CodeSystem, ConfirmedCode, ConfirmedEncounter, Patient, RelatedTo
from tests.claims.office_data import FILES

DAY = date(2014, 3, 14)
AT = datetime(2014, 3, 15, 9, tzinfo=UTC)


def code(
    system: CodeSystem,
    number: str,
    *,
    units: int | None = None,
    points_to: tuple[str, ...] = (),
    modifiers: tuple[str, ...] = (),
) -> ConfirmedCode:
    return ConfirmedCode(
        system=system,
        code=number,
        display="What it is",
        who="kim",
        at=AT,
        anchors=(),
        units=units,
        modifiers=modifiers,
        points_to=points_to,
    )


ENCOUNTER = ConfirmedEncounter(
    id="lwKhsc88xz4aoX2MTwFTeg",
    document="d",
    document_name="chart.pdf",
    batch="",
    reading=1,
    pages=(1,),
    patient=Patient(name="Okafor, Ruth", birth_date=date(1961, 7, 19), record_number="fh-1", sex="F"),
    date_of_service=DAY,
    provider="Ruth Moss, M.D.",
    confirmed_by="kim",
    confirmed_at=AT,
    codes=(
        code(CodeSystem.ICD9CM, "401.9"),
        code(CodeSystem.ICD9CM, "250.00"),
        code(CodeSystem.CPT, "99213", points_to=("250.00", "401.9"), modifiers=("25",)),
        code(CodeSystem.HCPCS, "J3301", units=4, points_to=("401.9",)),
    ),
)


def fee(number: str, dollars: str | None, system: CodeSystem = CodeSystem.CPT, *modifiers: str) -> Service:
    amount = None if dollars is None else Decimal(dollars)
    return Service(line=1, name="A service", code=number, system=system, modifiers=modifiers, fee=amount)


FEES = (
    fee("99213", "85.00"),
    fee("99213", "92.50", CodeSystem.CPT, "25"),
    fee("J3301", "12.25", CodeSystem.HCPCS),
    fee("12001", "150.00"),
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("office")
    for name, text in FILES.items():
        keep(read_file(name, text.encode()), folder)
    return load_office(folder)


def problems(encounter: ConfirmedEncounter, office: Office, books: CodeBooks) -> tuple[str, ...]:
    with pytest.raises(ExportError) as refused:
        claim_of(encounter, office, FEES, books)
    return refused.value.problems


def test_what_was_signed_and_what_the_office_knows_make_a_claim(office: Office, books: CodeBooks) -> None:
    claim = claim_of(ENCOUNTER, office, FEES, books)
    assert [each.code for each in claim.diagnoses] == ["401.9", "250.00"]
    visit, drug = claim.lines
    assert (visit.code, visit.modifiers, visit.units, visit.charge, visit.points_to) == (
        "99213",
        ("25",),
        1,
        Decimal("92.50"),
        (2, 1),
    )
    assert (drug.units, drug.charge, drug.place, drug.points_to) == (4, Decimal("49.00"), "11", (1,))
    assert claim.total == Decimal("141.50")
    assert (claim.provider.npi, claim.coverage.member_id, claim.signed_by) == ("1987654328", "NM1234567", "kim")
    assert claim.number == number_of(ENCOUNTER) and len(claim.number) == 14


def test_an_injury_asks_for_its_cause_and_the_visit_gives_it(office: Office, books: CodeBooks) -> None:
    wound = replace(
        ENCOUNTER,
        codes=(code(CodeSystem.ICD9CM, "881.00"), code(CodeSystem.CPT, "12001", points_to=("881.00",))),
    )
    assert any("881.00 ask whether" in each for each in problems(wound, office, books))
    child = Patient(name="Okafor, Ben", birth_date=date(2004, 1, 2), record_number="FH2", sex="M")
    claim = claim_of(replace(wound, patient=child), office, FEES, books)
    assert claim.accident is not None and claim.accident.related_to is RelatedTo.AUTO
    assert claim.coverage.insured.name.first == "Ruth" and claim.patient.name.first == "Ben"


def test_everything_that_is_missing_is_told_at_once(books: CodeBooks) -> None:
    found = problems(ENCOUNTER, Office(), books)
    for part in ("no record of the patient", "names is nobody in", "Nothing is known of the practice"):
        assert any(part in each for each in found), (part, found)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"codes": (code(CodeSystem.CPT, "00000"),)}, "00000 is in no loaded code book"),
        ({"codes": (code(CodeSystem.ICD9CM, "493"),)}, "493 is a category"),
        ({"codes": (code(CodeSystem.CPT, "90471", points_to=("401.9",)),)}, "90471 has no fee"),
        ({"codes": (code(CodeSystem.CPT, "99213", points_to=("401.9",)),)}, "points to 401.9, which is no diagnosis"),
        ({"date_of_service": date(2015, 10, 1)}, "ask for ICD-10-CM, and 401.9, 250.00 is not of it"),
        ({"provider": "Somebody Else"}, "names is nobody"),
        (
            {"patient": Patient(name="Okafor, Ruth", birth_date=date(1961, 7, 18), record_number="FH1", sex="F")},
            "are not those of the office's record",
        ),
        (
            {"patient": Patient(name="Marsh, Ruth", birth_date=None, record_number="FH1", sex="F")},
            "are not those of the office's record",
        ),
    ],
)
def test_what_keeps_it_from_being_a_claim_is_told(
    changes: dict[str, object], sentence: str, office: Office, books: CodeBooks
) -> None:
    found = problems(replace(ENCOUNTER, **changes), office, books)  # type: ignore[arg-type]
    assert any(sentence in each for each in found), found


def test_without_a_record_number_name_and_birth_date_find_the_patient(office: Office, books: CodeBooks) -> None:
    nameless = replace(ENCOUNTER.patient, record_number=None)
    assert claim_of(replace(ENCOUNTER, patient=nameless), office, FEES, books).patient.name.first == "Ruth"
    twin = replace(office, patients=(*office.patients, replace(office.patients[0], record_number="FH9")))
    assert any("several records" in each for each in problems(replace(ENCOUNTER, patient=nameless), twin, books))


def test_a_single_provider_stands_for_a_chart_that_names_none(office: Office, books: CodeBooks) -> None:
    assert claim_of(replace(ENCOUNTER, provider=None), office, FEES, books).provider.npi == "1987654328"
    two = replace(office, providers=(*office.providers, *office.providers))
    assert any("names no provider" in each for each in problems(replace(ENCOUNTER, provider=None), two, books))


def test_the_fee_of_the_same_modifiers_goes_before_the_one_of_none() -> None:
    assert fee_of(code(CodeSystem.CPT, "99213", modifiers=("25",)), FEES) == Decimal("92.50")
    assert fee_of(code(CodeSystem.CPT, "99213", modifiers=("57",)), FEES) == Decimal("85.00")
    assert fee_of(code(CodeSystem.CPT, "99214"), FEES) is None
    assert fee_of(code(CodeSystem.CPT, "99215"), (fee("99215", None),)) is None


def test_injuries_are_known_in_both_editions() -> None:
    assert is_injury(CodeSystem.ICD9CM, "881.00") and is_injury(CodeSystem.ICD9CM, "E885.9")
    assert is_injury(CodeSystem.ICD10CM, "S61.401A") and is_injury(CodeSystem.ICD10CM, "W01.0XXA")
    assert not is_injury(CodeSystem.ICD9CM, "V70.0") and not is_injury(CodeSystem.ICD9CM, "493.90")
    assert not is_injury(CodeSystem.ICD10CM, "T78.40XA") and not is_injury(CodeSystem.ICD10CM, "I10")


def test_names_are_compared_without_case_accents_titles_and_middle_names(office: Office) -> None:
    ruth = office.patients[0].person
    born = ruth.birth_date
    for name in ("OKAFOR, RUTH", "Okafor, Ruth A.", "Ókafor, Ruth"):
        assert same_person(Patient(name=name, birth_date=born, record_number=None, sex=None), ruth), name
    for name in ("Okafor, Rita", "Okafor", "Ruth, Okafor"):
        assert not same_person(Patient(name=name, birth_date=born, record_number=None, sex=None), ruth), name
