"""A small office with one patient, and judges of claims that say what a test wants."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from pipeline.claims.edits import Edit, Severity
from pipeline.claims.entered import whole
from pipeline.claims.office_files import read_file
from pipeline.claims.preparing import ClaimDesk
from pipeline.codebooks import CodeBooks
from pipeline.codebooks.practice import Service
from pipeline.records import Claim, CodeSystem, Patient
from pipeline.store import Store
from pipeline.store.decided import Action
from tests.claims.office_data import FILES
from tests.review.signing import PATIENT as SIGNED
from tests.review.signing import decide, sign

PATIENT = {
    "record_number": "7741029",
    "last": "Okafor",
    "first": "Ruth",
    "birth_date": "1961-07-19",
    "sex": "F",
    "street": "12 Elm Street",
    "city": "Salem",
    "state": "OR",
    "zip": "97301-1234",
    "payer_id": "60054",
    "member_id": "NM1234567",
    "relationship": "self",
}
SERVICES = (
    Service(line=1, name="Visit", code="99213", system=CodeSystem.CPT, modifiers=(), fee=Decimal("85.00")),
    Service(line=2, name="Injection", code="J3301", system=CodeSystem.HCPCS, modifiers=(), fee=Decimal("12.25")),
)
NOTE = Edit(
    key="necessity", severity=Severity.NOTE, field="claim", sentence="Medical necessity was not checked.", source="none"
)
WARNING = Edit(
    key="pair 99213 J3301",
    severity=Severity.WARNING,
    field="lines.2",
    sentence="J3301 and 99213 are looked at twice by a payer.",
    source="a test",
)
ERROR = Edit(
    key="unproven 466.0",
    severity=Severity.ERROR,
    field="diagnoses.1",
    sentence="No loaded book proves that 466.0 was in force.",
    source="a test",
)


class Says:
    """A judge that finds the same in every claim."""

    def __init__(self, *edits: Edit) -> None:
        self.edits = (NOTE, *edits)

    def __call__(self, claim: Claim, *, others: Sequence[Claim]) -> tuple[Edit, ...]:
        return self.edits


def small_desk(
    store: Store, books: CodeBooks, *edits: Edit, people: int = 1, patient: Mapping[str, str] | None = PATIENT
) -> ClaimDesk:
    """A desk on an office with one practice and one patient, or none."""
    rows = {name.removesuffix(".csv"): read_file(name, text.encode()).rows for name, text in FILES.items()}
    rows["providers"] = ({**rows["providers"][0], "also": "Marsh, Helen"},)
    rows["practice"] = ({**rows["practice"][0], "release_by": str(people)},)
    rows["patients"] = (whole("patients", patient),) if patient else ()
    return ClaimDesk(store=store, files=lambda: rows, services=lambda: SERVICES, books=books, edits=Says(*edits))


def sign_with_codes(store: Store, encounter: str, *, patient: Patient = SIGNED) -> None:
    """A diagnosis and two services that point to it, signed."""
    decide(store, encounter, Action.ACCEPT, "466.0", display="Acute bronchitis")
    for system, code in ((CodeSystem.CPT, "99213"), (CodeSystem.HCPCS, "J3301")):
        decide(store, encounter, Action.ADD, code, system=system, display="A service")
        decide(store, encounter, Action.BILL, code, system=system, points_to=("466.0",))
    sign(store, encounter, patient=patient)
