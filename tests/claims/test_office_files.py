from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.claims.office import Office
from pipeline.claims.office_files import COLUMNS, keep, load_rows, office_of, read_file
from pipeline.errors import SetupError, UsageError
from pipeline.records import (
    Agreements,
    Attachment,
    Course,
    OtherCoverage,
    OtherProvider,
    Payer,
    PayerKind,
    PersonName,
    ProviderRole,
    RelatedTo,
    Relationship,
    Span,
    Transmission,
)
from tests.claims.office_data import FILES


def brought(folder: Path, files: dict[str, str] | None = None) -> Office:
    for name, text in (files or FILES).items():
        keep(read_file(name, text.encode()), folder)
    return office_of(load_rows(folder))


def test_the_six_files_make_an_office(tmp_path: Path) -> None:
    office = brought(tmp_path)
    assert office.practice is not None and office.place == "11"
    assert (office.practice.tax_id, office.practice.phone, office.practice.address.zip) == (
        "123456789",
        "5035550199",
        "973010001",
    )
    (moss,) = office.providers
    assert moss.provider.name.last == "Moss" and moss.also == ("R Moss MD",)
    assert office.payers["60054"].kind is PayerKind.COMMERCIAL
    mother, child = office.patients
    assert mother.coverage.relationship is Relationship.SELF and mother.coverage.insured == mother.person
    assert child.coverage.insured.name.first == "Ruth" and child.coverage.payer is office.payers["60054"]
    assert mother.other_coverage is None and child.other_coverage == OtherCoverage(
        payer=Payer(name="Southern Mutual", id="70065", kind=PayerKind.BLUE_CROSS, address=None),
        member_id="SM7654321",
        group=None,
        plan="Silver",
        relationship=Relationship.CHILD,
        insured=PersonName(last="Okafor", first="Ben Senior"),
    )
    visit, stay = office.visits
    assert visit.accident is not None and visit.accident.related_to is RelatedTo.AUTO
    assert (visit.accident.state, visit.frequency) == ("OR", None)
    assert (visit.facility, visit.other_provider, visit.paid, visit.note) == (None, None, None, None)
    assert (visit.agreements, visit.course) == (Agreements(), Course())
    assert office.clia == "38D0123456"
    assert office.facilities["1245319599"].address.zip == "973010009"
    assert (stay.place, stay.facility, stay.paid, stay.note) == (
        "22",
        "1245319599",
        Decimal("20.50"),
        "Came by ambulance",
    )
    assert stay.other_provider == OtherProvider(
        role=ProviderRole.REFERRING, name=PersonName(last="Ames", first="Lin"), npi="1003000126"
    )
    assert stay.agreements == Agreements(releases=False, assigns=False, accepts=False)
    assert stay.course == Course(
        onset=date(2014, 5, 30),
        last_menstruation=date(2014, 4, 20),
        unable_to_work=Span(first=date(2014, 6, 1), last=date(2014, 6, 9)),
        in_hospital=Span(first=date(2014, 5, 31), last=date(2014, 6, 3)),
    )


@pytest.mark.parametrize(("cell", "paid"), [("", None), ("0", None), ("0.00", None), ("$12.5", "12.50"), ("12", "12")])
def test_what_was_paid_is_an_amount_or_nothing(tmp_path: Path, cell: str, paid: str | None) -> None:
    office = brought(tmp_path, {"visits.csv": f"record_number,date_of_service,paid\nA,2014-03-14,{cell}\n"})
    assert office.visits[0].paid == (None if paid is None else Decimal(paid))


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    brought(tmp_path)
    office = brought(tmp_path, {"visits.csv": "record_number,date_of_service,related_to\nFH2,2014-03-14,none\n"})
    (visit,) = office.visits
    assert visit.said_of_cause and visit.accident is None and len(office.patients) == 2


def test_the_data_is_for_its_owner_alone(tmp_path: Path) -> None:
    brought(tmp_path)
    for path in (tmp_path / "office").iterdir():
        assert path.stat().st_mode & 0o077 == 0


def test_a_folder_without_files_is_an_empty_office(tmp_path: Path) -> None:
    assert office_of(load_rows(tmp_path)) == Office()


def test_a_file_that_was_damaged_is_told(tmp_path: Path) -> None:
    brought(tmp_path)
    (tmp_path / "office" / "payers.csv").write_text("rubbish")
    with pytest.raises(SetupError, match=r"payers\.csv is damaged"):
        office_of(load_rows(tmp_path))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", ["has not the columns"]),
        ("name,address\nA,B\n", ["has not the columns"]),
        ("npi,last,first,npi\n1,2,3,4\n", ["has not the columns"]),
        ("id,kind,name\n1,private,A\n,commercial,B\n", ["row 2, kind: it is one of", "row 3, id: it is empty"]),
        ("record_number,date_of_service\nA,3/14/2014\n", ["row 2, date_of_service: a day is written"]),
        ("record_number,date_of_service,related_to\nA,2014-03-14,auto accident\n", ["accident_date: it is empty"]),
        (
            "record_number,member_id,birth_date,payer_id,relationship,sex\nA,1,1990-01-01,60054,child,X\n",
            ["sex: it is one of F, M", "insured_birth_date: it is empty"],
        ),
        ("tax_id,submitter_id\n1,2\n3,4\n", ["has 2 rows"]),
        (
            "record_number,date_of_service,paid,accepts,onset,unable_to,discharged,other_npi\n"
            "A,2014-03-14,twenty,perhaps,soon,2014-03-15,2014-03-16,1003000126\n",
            [
                "row 2, paid: an amount is written",
                "row 2, accepts: it is one of yes, no",
                "row 2, onset: a day is written",
                "row 2, unable_from: it is empty",
                "row 2, admitted: it is empty",
                "row 2, other_role: it is empty",
            ],
        ),
        (
            "record_number,member_id,birth_date,payer_id,relationship,second_member_id\nA,1,1990-01-01,60054,self,2\n",
            ["second_payer_id: it is empty, and there", "second_relationship: it is empty, and there"],
        ),
        ("name,npi,street\nElm,,9 Elm Street\n", ["row 2, npi: it is empty"]),
        (
            "record_number,date_of_service,attachment_by,attachment_number\nA,2014-03-14,pigeon,7\n",
            ["attachment_by: it is one of", "row 2, attachment: it is empty"],
        ),
    ],
)
def test_every_cell_that_does_not_fit_is_told(text: str, sentences: list[str]) -> None:
    with pytest.raises(UsageError) as told:
        read_file("file.csv", text.encode())
    for sentence in sentences:
        assert sentence in str(told.value)


def test_a_spreadsheet_with_semicolons_and_a_byte_order_mark_is_read() -> None:
    text = "\ufeffRecord Number;Date of Service;Place\nFH1;2014-03-14;22\n"
    (row,) = read_file("visits.csv", text.encode()).rows
    assert (row["record_number"], row["place"]) == ("FH1", "22")
    assert set(row) == set(COLUMNS["visits"])


@pytest.mark.parametrize(
    ("cells", "transmission", "number"),
    [("m1,by fax,A-7", Transmission.BY_FAX, "A-7"), ("M1,,", Transmission.ON_REQUEST, None)],
)
def test_an_attachment_of_a_visit_is_on_request_unless_said_otherwise(
    cells: str, transmission: Transmission, number: str | None
) -> None:
    head = "record_number,date_of_service,attachment,attachment_by,attachment_number"
    rows = read_file("visits.csv", f"{head}\nFH1,2014-03-14,{cells}\n".encode()).rows
    (visit,) = office_of({"visits": rows}).visits
    assert visit.attachments == (Attachment(report_type="M1", transmission=transmission, control_number=number),)
