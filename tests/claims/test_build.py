from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pipeline.claims.build import claim_of, draft_of, fee_of, is_injury, is_laboratory, number_of
from pipeline.claims.office import Office, same_person
from pipeline.claims.office_files import keep, load_rows, office_of, read_file
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
    return office_of(load_rows(folder))


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


def test_a_claim_says_what_the_office_said_of_the_visit(office: Office, books: CodeBooks) -> None:
    stay = replace(ENCOUNTER, date_of_service=date(2014, 6, 2))
    claim = claim_of(stay, office, FEES, books)
    visit = next(each for each in office.visits if each.day == stay.date_of_service)
    assert claim.facility == office.facilities["1245319599"]
    assert {line.place for line in claim.lines} == {"22"}
    assert (claim.other_provider, claim.paid, claim.note) == (visit.other_provider, Decimal("20.50"), visit.note)
    assert (claim.agreements, claim.course) == (visit.agreements, visit.course)
    unknown = replace(office, facilities={})
    draft = draft_of(stay, unknown, FEES, books)
    assert [fault.field for fault in draft.faults] == ["facility"]
    assert (draft.facility, draft.claim) == (None, None)
    assert draft_of(stay, office, FEES, books).facility == claim.facility


def test_the_laboratorys_number_goes_with_tests_in_the_practice(office: Office, books: CodeBooks) -> None:
    codes = (code(CodeSystem.ICD9CM, "250.00"), code(CodeSystem.CPT, "82947", points_to=("250.00",)))
    fees = (*FEES, fee("82947", "30.00"))
    assert claim_of(replace(ENCOUNTER, codes=codes), office, fees, books).clia == "38D0123456"
    assert claim_of(replace(ENCOUNTER, codes=codes, date_of_service=date(2014, 6, 2)), office, fees, books).clia is None
    assert claim_of(ENCOUNTER, office, FEES, books).clia is None
    assert is_laboratory(CodeSystem.CPT, "80048") and not is_laboratory(CodeSystem.CPT, "90471")


def test_a_draft_without_a_fault_holds_the_claim(office: Office, books: CodeBooks) -> None:
    draft = draft_of(ENCOUNTER, office, FEES, books)
    assert draft.faults == () and draft.claim == claim_of(ENCOUNTER, office, FEES, books)
    assert (draft.number, draft.place, draft.visit) == (draft.claim.number, "11", None)
    assert draft.patient is not None and draft.patient.person is draft.claim.patient
    assert [line.charge for line in draft.lines] == [line.charge for line in draft.claim.lines]


def test_a_draft_of_an_office_that_brought_nothing_shows_the_codes(books: CodeBooks) -> None:
    draft = draft_of(ENCOUNTER, Office(), (), books)
    assert draft.claim is None and (draft.practice, draft.provider, draft.patient) == (None, None, None)
    assert [each.code for each in draft.diagnoses] == ["401.9", "250.00"]
    assert [(line.code, line.charge, line.units, line.points_to) for line in draft.lines] == [
        ("99213", None, 1, (2, 1)),
        ("J3301", None, 4, (1,)),
    ]
    assert [fault.field for fault in draft.faults] == [
        "patient",
        "provider",
        "practice",
        "lines.1.charge",
        "lines.2.charge",
    ]


def test_a_draft_tells_what_the_claim_lacks_once_and_by_its_field(office: Office, books: CodeBooks) -> None:
    bad = replace(
        ENCOUNTER,
        codes=(
            code(CodeSystem.ICD9CM, "401.9"),
            code(CodeSystem.ICD9CM, "493"),
            code(CodeSystem.CPT, "99213"),
            code(CodeSystem.CPT, "90471", points_to=("250.00",)),
            code(CodeSystem.CPT, "00000", points_to=("401.9",)),
        ),
    )
    sick = replace(office, practice=None if office.practice is None else replace(office.practice, npi="1"))
    draft = draft_of(bad, sick, FEES, books)
    assert draft.claim is None and draft.practice is not None
    assert [fault.field for fault in draft.faults] == [
        "diagnoses.2",
        "lines.3.code",
        "lines.2.charge",
        "lines.2.points_to",
        "lines.3.charge",
        "practice.npi",
        "lines.1.points_to",
    ]


def test_an_injury_without_its_cause_is_a_fault_of_the_accident(office: Office, books: CodeBooks) -> None:
    wound = replace(
        ENCOUNTER,
        codes=(code(CodeSystem.ICD9CM, "881.00"), code(CodeSystem.CPT, "12001", points_to=("881.00",))),
    )
    assert [fault.field for fault in draft_of(wound, office, FEES, books).faults] == ["accident"]


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


def test_the_attachment_of_a_visit_goes_on_its_claim(office: Office, books: CodeBooks) -> None:
    head = "record_number,date_of_service,attachment,attachment_by,attachment_number"
    for number, complete in (("A-7", True), ("", False)):
        rows = read_file("visits.csv", f"{head}\nFH1,2014-03-14,M1,by mail,{number}\n".encode()).rows
        visits = office_of({"visits": rows}).visits
        draft = draft_of(ENCOUNTER, replace(office, visits=visits), FEES, books)
        if complete:
            assert draft.claim is not None and draft.claim.attachments == visits[0].attachments
        else:
            assert [fault.field for fault in draft.faults] == ["attachments.1.control_number"]
