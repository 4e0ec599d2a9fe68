"""`office` and `export`: from a signed chart to the files that are sent."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.export.claim_tables import claim_read
from pipeline.records import CodeSystem
from pipeline.settings import Settings
from pipeline.store import open_store
from pipeline.store.claim_steps import Step
from pipeline.store.decided import Action
from tests.claims.office_data import FILES
from tests.cli.command import Ran, inkchart
from tests.review.drawn_chart import put_in
from tests.review.signing import decide, sign

RECORD = "7741029"
"""Of the drawn chart's patient."""
PROVIDER = "Helen Marsh"
"""Whom it names."""
FEES = "name,code,fee\nVisit,99213,85.00\nChest film,71020,60.50\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one signed encounter and another that waits."""
    folder = tmp_path_factory.mktemp("claims")
    assert inkchart("--version", folder=folder).code == 0  # which brings the compiled books into it
    (folder / "inbox").mkdir()
    store = open_store(Settings(inbox_dir=folder / "inbox", data_dir=folder / "data"))
    put_in(store)
    first, *_ = store.readings.encounters()
    decide(store, first.id, Action.ACCEPT, "401.9", display="High blood pressure")
    decide(store, first.id, Action.ACCEPT, "99213", system=CodeSystem.CPT, display="A visit")
    decide(store, first.id, Action.BILL, "99213", system=CodeSystem.CPT, units=2, points_to=("401.9",))
    sign(store, first.id)
    for name, text in FILES.items():
        (folder / name).write_text(text.replace("FH1", RECORD).replace("R Moss MD", PROVIDER))
    (folder / "fees.csv").write_text(FEES)
    return folder


@pytest.fixture(scope="module")
def brought(folder: Path) -> Ran:
    ran = inkchart("office", *(folder / name for name in FILES), folder=folder)
    assert inkchart("codebook", "import", folder / "fees.csv", folder=folder).code == 0
    return ran


def test_without_a_file_the_columns_are_shown(folder: Path) -> None:
    shown = inkchart("office", folder=folder).out
    assert "practice.csv  name,npi" in shown and "visits.csv  record_number" in shown


def test_before_the_office_is_known_everything_that_is_missing_is_told(folder: Path) -> None:
    ran = inkchart("export", "--format", "837p", "--to", folder / "none.837", folder=folder)
    assert ran.code == 5 and not (folder / "none.837").exists()
    for part in ("okafor march.pdf", "no record of the patient", "Nothing is known of the practice", "has no fee"):
        assert part in ran.err, ran.err


def test_files_of_the_office_are_taken(brought: Ran) -> None:
    assert brought.code == 0, brought.err
    assert "patients.csv: 2 of patients" in brought.out


@pytest.mark.parametrize(
    ("format", "name", "begins"),
    [("837p", "claims.837", b"ISA*"), ("claims-csv", "claims.csv", b"claim"), ("claims-json", "claims.json", b"[")],
)
def test_all_claims_go_into_one_file(folder: Path, brought: Ran, format: str, name: str, begins: bytes) -> None:
    ran = inkchart("export", "--format", format, "--to", folder / name, folder=folder)
    assert ran.code == 0, ran.err
    content = (folder / name).read_bytes()
    assert content.startswith(begins) and b"99213" in content and b"170" in content


@pytest.mark.parametrize(("format", "begins"), [("cms1500", b"%PDF"), ("fhir", b"{")])
def test_other_formats_have_a_file_for_each_claim(folder: Path, brought: Ran, format: str, begins: bytes) -> None:
    ran = inkchart("export", "--format", format, "--to", folder / format, folder=folder)
    assert ran.code == 0, ran.err
    (file,) = (folder / format).iterdir()
    assert file.read_bytes().startswith(begins) and str(file) in ran.out


def test_an_export_of_claims_stands_in_the_audit_log(folder: Path, brought: Ran) -> None:
    inkchart("export", "--format", "fhir", "--to", folder / "audited", folder=folder)
    assert "fhir 1" in inkchart("audit", "show", folder=folder).out


def test_a_chart_that_is_not_signed_off_is_refused_by_name(folder: Path, brought: Ran) -> None:
    store = open_store(Settings(inbox_dir=folder / "inbox", data_dir=folder / "data"))
    _, second, *_ = store.readings.encounters()
    ran = inkchart("export", "--format", "cms1500", "--encounter", second.id, "--to", folder / "refused", folder=folder)
    assert ran.code == 5 and "is not signed off" in ran.err and not (folder / "refused").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("export", "--format", "fax"), "There is no format fax"),
        (("export", "--format", "837p"), "Say where the claims go"),
        (("office", "none.csv"), "cannot be read"),
    ],
)
def test_a_wrong_call_is_told(folder: Path, arguments: tuple[str, ...], sentence: str) -> None:
    ran = inkchart(*arguments, folder=folder)
    assert ran.code == 2 and sentence in ran.err


def test_the_codes_alone_need_no_office(folder: Path) -> None:
    codes = json.loads(inkchart("export", "--format", "json", folder=folder).out)
    assert [code["code"] for each in codes for code in each["codes"]] == ["401.9", "99213"]


def test_claims_that_nobody_released_leave_as_drafts_that_say_so(folder: Path, brought: Ran) -> None:
    ran = inkchart("export", "--format", "837p", "--to", folder / "draft.837", folder=folder)
    assert "marked as drafts: 1" in ran.out
    assert (folder / "draft.837").read_text()[:106].split("*")[15] == "T"
    refused = inkchart("export", "--format", "837p", "--released", "--to", folder / "none.837", folder=folder)
    assert refused.code == 5 and "None of these claims is released and unsent" in refused.err


def test_a_released_claim_leaves_as_it_was_released(folder: Path, brought: Ran, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    assert inkchart("export", "--format", "claims-json", "--to", copy / "claims.json", folder=copy).code == 0
    (made,) = json.loads((copy / "claims.json").read_text())
    claim = claim_read(json.dumps(made))
    store = open_store(Settings(inbox_dir=copy / "inbox", data_dir=copy / "data"))
    store.claims.append(Step.RELEASE, who="kim", encounter=claim.encounter, claim=claim, complete=True)
    (copy / "fees.csv").write_text(FEES.replace("85.00", "99.00"))
    assert inkchart("codebook", "import", copy / "fees.csv", folder=copy).code == 0
    ran = inkchart("export", "--format", "837p", "--released", "--to", copy / "claims.837", folder=copy)
    assert ran.code == 0 and "drafts" not in ran.out, ran.err
    text = (copy / "claims.837").read_text()
    assert text[:106].split("*")[15] == "P" and "*170*" in text
    store.claims.append(Step.SEND, who="kim", encounter=claim.encounter)
    again = inkchart("export", "--format", "837p", "--to", copy / "again.837", folder=copy)
    assert "Sent before, so that an 837P is marked as a test: 1" in again.out
    assert (copy / "again.837").read_text()[:106].split("*")[15] == "T"
    refused = inkchart("export", "--format", "837p", "--released", "--to", copy / "none.837", folder=copy)
    assert refused.code == 5 and not (copy / "none.837").exists()
