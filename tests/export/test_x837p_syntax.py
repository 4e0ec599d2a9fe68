"""pyx12 reads what is written against its own map of 005010X222A1, and finds nothing."""

import io
import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from pyx12.params import ParamsBase
from pyx12.x12n_document import x12n_document
from x12sdk.io import X12ModelReader

from pipeline.claims.fields import STATES
from pipeline.records import Claim, PayerKind
from tests.claims.drawn_claims import CLAIM, claims
from tests.export.drawn_837p import FULL, LONG, SUPERVISED, deviations_of, file_of

GENERATED = 510
CLAIMS_OF_A_FILE = 130


def findings(content: bytes) -> list[str]:
    """Everything that pyx12 finds, and that it is not satisfied where it says no more than that."""
    said = io.StringIO()
    satisfied = x12n_document(ParamsBase(), io.StringIO(content.decode("ascii")), None, None, fd_json=said)
    found = list(_errors(json.loads(said.getvalue())))
    return found if satisfied or found else ["pyx12 is not satisfied."]


def _errors(part: object) -> list[str]:
    if isinstance(part, list):
        return [error for each in part for error in _errors(each)]
    if not isinstance(part, dict):
        return []
    own = [str(error) for error in part.get("errors", [])]
    return own + [error for each in part.values() if isinstance(each, list | dict) for error in _errors(each)]


@pytest.mark.parametrize("batch", [[CLAIM], [FULL], [LONG], [SUPERVISED], [CLAIM, FULL, LONG, SUPERVISED]])
def test_claims_at_the_corners_have_no_finding(batch: Sequence[Claim]) -> None:
    assert findings(file_of(batch)) == []


def test_x12sdks_own_model_of_the_set_reads_it_and_writes_the_same_bytes() -> None:
    # It writes 0.05 where X12 writes .05, so no charge is below a dollar.
    full = replace(FULL, lines=tuple(replace(line, charge=line.charge + 1) for line in FULL.lines))
    content = file_of([CLAIM, full, LONG])
    with X12ModelReader(content.decode("ascii")) as reader:
        again = "".join(each.x12(use_new_lines=False) for each in reader.models()).encode("ascii")
    assert again == content[content.index(b"ST*837") : content.index(b"GE*")]


def test_every_state_and_kind_of_payer_has_no_finding() -> None:
    home = CLAIM.patient.address
    kinds = sorted(PayerKind)
    batch = []
    for number, state in enumerate(sorted(STATES)):
        patient = replace(CLAIM.patient, address=replace(home, state=state))
        payer = replace(CLAIM.coverage.payer, kind=kinds[number % len(kinds)])
        coverage = replace(CLAIM.coverage, insured=patient, payer=payer)
        batch.append(replace(CLAIM, number=f"S{number}", patient=patient, coverage=coverage))
    assert findings(file_of(batch)) == []


def test_generated_claims_have_no_finding_and_read_back_whole() -> None:
    drawn: list[Claim] = []

    # One at a time: hypothesis has no room for a whole file in one example.
    @settings(deadline=None, max_examples=GENERATED, phases=[Phase.generate], database=None)
    @given(claim=claims(most_lines=4))
    def draw(claim: Claim) -> None:
        drawn.append(replace(claim, number=f"{len(drawn)}-{claim.number}"[:20]))

    draw()
    assert len(drawn) >= GENERATED
    practices = [claim.practice for claim in drawn[::50]]
    batch = [replace(claim, practice=practices[place // 50]) for place, claim in enumerate(drawn)]
    for start in range(0, len(batch), CLAIMS_OF_A_FILE):
        part = batch[start : start + CLAIMS_OF_A_FILE]
        content = file_of(part)
        assert findings(content) == []
        assert deviations_of(content, part) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b"SE*28*", b"SE*29*"),
        (b"IEA*1*000000652", b"IEA*1*000000653"),
        (b"HL*2*1*22*0", b"HL*3*1*22*0"),
        (b"**11:B:1*", b"**11:X:1*"),
        (b"DTP*472*D8*20140314", b"DTP*472*D8*20140399"),
        (b"*UN*1***1~", b"*UN*1***13~"),
    ],
)
def test_pyx12_does_find_what_is_wrong(right: bytes, wrong: bytes) -> None:
    content = file_of([CLAIM])
    assert right in content
    assert findings(content.replace(right, wrong)) != []
