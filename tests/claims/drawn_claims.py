"""Claims for tests: one that is easy to read, and hypothesis' claims of every kind that has no fault."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from pipeline.claims.fields import STATES, is_npi
from pipeline.records import (
    Accident,
    Address,
    Agreements,
    Anchor,
    Attachment,
    Box,
    Claim,
    ClaimDiagnosis,
    CodeSystem,
    Course,
    Coverage,
    Facility,
    Frequency,
    OtherCoverage,
    OtherProvider,
    Payer,
    PayerKind,
    Person,
    PersonName,
    Practice,
    Provider,
    ProviderRole,
    RelatedTo,
    Relationship,
    ServiceLine,
    Span,
    Transmission,
)

HOME = Address(street="12 Elm Street", second=None, city="Salem", state="OR", zip="973011234")
INK = (Anchor(page=1, boxes=(Box(150, 740, 500, 790),)),)
PATIENT = Person(
    name=PersonName(last="Okafor", first="Ruth", middle="A"),
    birth_date=date(1961, 7, 19),
    sex="F",
    address=HOME,
    phone="5035550100",
)
PRACTICE = Practice(
    name="Fern Hollow Clinic",
    npi="1234567893",
    tax_id="123456789",
    tax_id_is_ssn=False,
    address=Address(street="1 Clinic Way", second="Suite 4", city="Salem", state="OR", zip="973010001"),
    phone="5035550199",
    contact="Billing Office",
    taxonomy="207Q00000X",
    submitter_id="FERNHOLLOW",
)
PAYER = Payer(name="Northern Mutual", id="60054", kind=PayerKind.COMMERCIAL, address=HOME)


def diagnosis(code: str = "401.9", system: CodeSystem = CodeSystem.ICD9CM) -> ClaimDiagnosis:
    """A diagnosis."""
    return ClaimDiagnosis(system=system, code=code, display="A diagnosis", who="kim", anchors=INK)


def service(
    code: str = "99213", *, charge: str = "85.00", units: int = 1, points_to: tuple[int, ...] = (1,)
) -> ServiceLine:
    """A service."""
    return ServiceLine(
        day=date(2014, 3, 14),
        place="11",
        system=CodeSystem.CPT if code.isdigit() else CodeSystem.HCPCS,
        code=code,
        display="A service",
        modifiers=(),
        units=units,
        charge=Decimal(charge),
        points_to=points_to,
        who="kim",
        anchors=INK,
    )


CLAIM = Claim(
    number="FH00652-1",
    encounter="8c1",
    signed_by="kim",
    frequency=Frequency.ORIGINAL,
    original_number=None,
    practice=PRACTICE,
    provider=Provider(name=PersonName(last="Moss", first="Ruth"), npi="1987654328", taxonomy=None),
    patient=PATIENT,
    coverage=Coverage(
        payer=PAYER,
        member_id="NM1234567",
        group="G100",
        plan=None,
        relationship=Relationship.SELF,
        insured=PATIENT,
    ),
    diagnoses=(diagnosis(), diagnosis("250.00")),
    lines=(service(), service("J3301", charge="24.50", units=2, points_to=(2, 1))),
    accident=None,
    authorization=None,
    attachments=(),
)
"""Two diagnoses, two services, the patient the insured."""

NAMES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ'- ", min_size=1, max_size=12).map(str.strip).filter(bool)
DIGITS = "0123456789"
ICD9 = (
    "401.9",
    "250.00",
    "250.60",
    "V04.81",
    "E885.9",
    "493.90",
    "714.0",
    "724.2",
    "881.00",
    "845.00",
    "V70.0",
    "034.0",
    "466.0",
)
ICD10 = (
    "I10",
    "E11.9",
    "E11.42",
    "Z23",
    "W01.0XXA",
    "J45.909",
    "M06.9",
    "M54.5",
    "S61.401A",
    "S93.401A",
    "Z00.00",
    "J02.0",
)
SERVICES = ("99213", "99214", "90471", "90658", "J3301", "A4253", "20610", "12001", "E0114", "73610", "80053", "G0008")


def _npi(nine: str) -> str:
    return next(f"{nine}{digit}" for digit in DIGITS if is_npi(f"{nine}{digit}"))


npis = st.text(DIGITS, min_size=8, max_size=8).map(lambda eight: _npi(f"1{eight}"))
addresses = st.builds(
    Address,
    street=NAMES.map(lambda name: f"1 {name}"),
    second=st.none() | NAMES,
    city=NAMES.filter(lambda name: len(name) > 1),
    state=st.sampled_from(sorted(STATES)),
    zip=st.text(DIGITS, min_size=9, max_size=9),
)
names = st.builds(PersonName, last=NAMES, first=NAMES, middle=st.none() | NAMES, suffix=st.none() | st.just("JR"))
phones = st.text(DIGITS, min_size=10, max_size=10)
people = st.builds(
    Person,
    name=names,
    birth_date=st.dates(date(1925, 1, 1), date(1999, 12, 31)),
    sex=st.sampled_from(["F", "M", None]),
    address=addresses,
    phone=st.none() | phones,
)
payers = st.builds(
    Payer,
    name=NAMES.filter(lambda name: len(name) > 1),
    id=st.text("ABCDEFGHJKLMNP" + DIGITS, min_size=2, max_size=15),
    kind=st.sampled_from(PayerKind),
    address=st.none() | addresses,
)
facilities = st.builds(Facility, name=NAMES.filter(lambda name: len(name) > 1), npi=npis, address=addresses)
other_providers = st.builds(OtherProvider, role=st.sampled_from(ProviderRole), name=names, npi=npis)
agreements = st.builds(Agreements, releases=st.booleans(), assigns=st.booleans(), accepts=st.booleans())


@st.composite
def spans(draw: st.DrawFn, around: date) -> Span:
    """Days that begin in the months around a day."""
    first = around + timedelta(days=draw(st.integers(-60, 10)))
    return Span(first=first, last=draw(st.none() | st.integers(0, 40).map(lambda days: first + timedelta(days=days))))


@st.composite
def courses(draw: st.DrawFn, day: date, *, pregnant: bool) -> Course:
    """What a claim may say of an illness that a service on a day is for."""
    earlier = st.integers(0, 200).map(lambda days: day - timedelta(days=days))
    return Course(
        onset=draw(st.none() | earlier),
        last_menstruation=draw(st.none() | earlier) if pregnant else None,
        unable_to_work=draw(st.none() | spans(day)),
        in_hospital=draw(st.none() | spans(day)),
    )


@st.composite
def coverages(draw: st.DrawFn, patient: Person) -> Coverage:
    """Insurance of a patient, or of somebody whose it is."""
    relationship = draw(st.sampled_from(Relationship))
    return Coverage(
        payer=draw(payers),
        member_id=draw(st.text("ABCDEFGHJ" + DIGITS, min_size=2, max_size=12)),
        group=draw(st.none() | st.text(DIGITS, min_size=2, max_size=10)),
        plan=draw(st.none() | NAMES),
        relationship=relationship,
        insured=patient if relationship is Relationship.SELF else draw(people),
    )


@st.composite
def other_coverages(draw: st.DrawFn, patient: Person) -> OtherCoverage:
    """A second insurance, whose number no first one has."""
    relationship = draw(st.sampled_from(Relationship))
    return OtherCoverage(
        payer=draw(payers.filter(lambda payer: payer.kind is not PayerKind.MEDICARE)),
        member_id=draw(st.text("XYZ" + DIGITS, min_size=13, max_size=16)),
        group=draw(st.none() | st.text(DIGITS, min_size=2, max_size=10)),
        plan=draw(st.none() | NAMES),
        relationship=relationship,
        insured=patient.name if relationship is Relationship.SELF else draw(names),
    )


@st.composite
def claims(draw: st.DrawFn, most_lines: int = 14) -> Claim:
    """Claims without a fault, of every kind that a practice bills."""
    day = draw(st.dates(date(2006, 1, 1), date(2024, 12, 31)))
    icd10 = day >= date(2015, 10, 1)
    system = CodeSystem.ICD10CM if icd10 else CodeSystem.ICD9CM
    codes = draw(st.lists(st.sampled_from(ICD10 if icd10 else ICD9), min_size=1, max_size=12, unique=True))
    numbers = st.lists(st.integers(1, len(codes)), min_size=1, max_size=min(4, len(codes)), unique=True).map(tuple)
    cents = st.integers(1, 99_999_999).map(lambda number: Decimal(number) / 100)
    lines = tuple(
        replace(
            service(draw(st.sampled_from(SERVICES)), units=draw(st.integers(1, 999)), points_to=draw(numbers)),
            day=day,
            place=draw(st.sampled_from(["11", "12", "22", "23", "31"])),
            modifiers=tuple(draw(st.lists(st.sampled_from(["25", "59", "LT", "RT", "QW"]), max_size=4, unique=True))),
            charge=draw(cents),
        )
        for _ in range(draw(st.integers(1, most_lines)))
    )
    patient = draw(people)
    frequency = draw(st.sampled_from(Frequency))
    related = draw(st.none() | st.sampled_from(RelatedTo))
    transmission = draw(st.sampled_from(Transmission))
    control = None if transmission is Transmission.ON_REQUEST else draw(st.text(DIGITS, min_size=2, max_size=20))
    total = sum((line.charge for line in lines), Decimal(0))
    cents_paid = st.integers(1, min(int(total * 100), 99_999_999)).map(lambda number: Decimal(number) / 100)
    attachment = Attachment(report_type="OZ", transmission=transmission, control_number=control)
    return Claim(
        number=draw(st.text("ABCDEFGHJ-" + DIGITS, min_size=1, max_size=20).filter(lambda n: n.strip("-") != "")),
        encounter="8c1",
        signed_by="kim",
        frequency=frequency,
        original_number=None if frequency is Frequency.ORIGINAL else draw(st.text(DIGITS, min_size=2, max_size=15)),
        practice=replace(
            PRACTICE,
            npi=draw(npis),
            name=draw(NAMES.filter(lambda name: len(name) > 1)),
            tax_id_is_ssn=draw(st.booleans()),
        ),
        provider=Provider(name=draw(names), npi=draw(npis), taxonomy=draw(st.sampled_from([None, "207Q00000X"]))),
        patient=patient,
        coverage=draw(coverages(patient)),
        diagnoses=tuple(diagnosis(code, system) for code in codes),
        lines=lines,
        accident=None
        if related is None
        else Accident(
            related_to=related,
            day=day - timedelta(days=draw(st.integers(0, 200))),
            state="OR" if related is RelatedTo.AUTO else None,
        ),
        authorization=draw(st.none() | st.text(DIGITS, min_size=2, max_size=12)),
        attachments=draw(st.sampled_from([(), (attachment,)])),
        facility=None if any(line.place == "12" for line in lines) else draw(st.none() | facilities),
        other_provider=draw(st.none() | other_providers),
        paid=draw(st.none() | cents_paid),
        agreements=draw(agreements),
        course=draw(courses(day, pregnant=patient.sex != "M")),
        other_coverage=draw(st.none() | other_coverages(patient)),
        note=draw(st.none() | NAMES),
        clia=draw(st.none() | st.text(DIGITS, min_size=9, max_size=9).map(lambda nine: f"{nine[:2]}D{nine[2:]}")),
    )
