from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from pipeline.export.x837p import interchange
from pipeline.records import Accident, Claim, CodeSystem, Frequency, RelatedTo, Relationship
from tests.claims.drawn_claims import CLAIM, diagnosis, service
from tests.export.drawn_837p import AT, CONTROL, FULL, LONG, RECEIVER, SUPERVISED, batches, deviations_of, file_of
from tests.export.read_837p import read_837p, read_file, segments_of, written


def segments(claim: Claim, *beginning: str) -> list[str]:
    """The segments of a claim's file that begin so."""
    found = (segment for segment in segments_of(file_of([claim])) if segment[: len(beginning)] == beginning)
    return ["*".join(segment) for segment in found]


def test_a_claim_is_written_byte_for_byte() -> None:
    assert file_of([CLAIM]).decode().split("~") == [
        "ISA*00*          *00*          *ZZ*FERNHOLLOW     *ZZ*CLEARHOUSE01   *240506*0708*^*00501*000000652*0*P*:",
        "GS*HC*FERNHOLLOW*CLEARHOUSE01*20240506*0708*652*X*005010X222A1",
        "ST*837*0001*005010X222A1",
        "BHT*0019*00*0000006520001*20240506*0708*CH",
        "NM1*41*2*Fern Hollow Clinic*****46*FERNHOLLOW",
        "PER*IC*Billing Office*TE*5035550199",
        "NM1*40*2*Clear House*****46*CLEARHOUSE01",
        "HL*1**20*1",
        "PRV*BI*PXC*207Q00000X",
        "NM1*85*2*Fern Hollow Clinic*****XX*1234567893",
        "N3*1 Clinic Way*Suite 4",
        "N4*Salem*OR*973010001",
        "REF*EI*123456789",
        "HL*2*1*22*0",
        "SBR*P*18*G100******CI",
        "NM1*IL*1*Okafor*Ruth*A***MI*NM1234567",
        "N3*12 Elm Street",
        "N4*Salem*OR*973011234",
        "DMG*D8*19610719*F",
        "NM1*PR*2*Northern Mutual*****PI*60054",
        "CLM*FH00652-1*109.5***11:B:1*Y*A*Y*Y",
        "HI*BK:4019*BF:25000",
        "NM1*82*1*Moss*Ruth****XX*1987654328",
        "LX*1",
        "SV1*HC:99213*85*UN*1***1",
        "DTP*472*D8*20140314",
        "LX*2",
        "SV1*HC:J3301*24.5*UN*2***2:1",
        "DTP*472*D8*20140314",
        "SE*28*0001",
        "GE*1*652",
        "IEA*1*000000652",
        "",
    ]


@settings(deadline=None, max_examples=30)
@given(batch=batches(3))
def test_a_batch_read_back_is_what_was_written_in_every_field(batch: tuple[Claim, ...]) -> None:
    assert deviations_of(file_of(batch), batch) == []


@settings(deadline=None, max_examples=20)
@given(batch=batches(2))
def test_codes_units_charges_and_pointers_read_back_are_the_claims(batch: tuple[Claim, ...]) -> None:
    read = {each.number: each for each in read_837p(file_of(batch))}
    assert len(read) == len(batch)
    for claim in batch:
        found = read[claim.number]
        assert found.diagnoses == tuple((each.system, each.code.replace(".", "")) for each in claim.diagnoses)
        assert [(each.code, each.modifiers, each.units, each.charge, each.points_to) for each in found.lines] == [
            (each.code, each.modifiers, each.units, each.charge, each.points_to) for each in claim.lines
        ]
        assert found.total == claim.total == sum(each.charge for each in found.lines)


@settings(deadline=None, max_examples=20)
@given(batch=batches(2))
def test_a_file_split_and_joined_is_the_same_bytes(batch: tuple[Claim, ...]) -> None:
    content = file_of(batch)
    assert written(segments_of(content)) == content


@pytest.mark.parametrize("batch", [[CLAIM], [FULL], [LONG], [SUPERVISED], [CLAIM, FULL, LONG, SUPERVISED]])
def test_claims_at_the_corners_read_back_whole(batch: list[Claim]) -> None:
    assert deviations_of(file_of(batch), batch) == []


def test_a_diagnosis_has_the_qualifier_of_its_edition_and_rank() -> None:
    older = replace(CLAIM, diagnoses=(diagnosis("401.9"), diagnosis("V04.81"), diagnosis("E885.9")))
    codes = ("I10", "W01.0XXA")
    newer = replace(CLAIM, diagnoses=tuple(diagnosis(code, CodeSystem.ICD10CM) for code in codes))
    assert segments(older, "HI") == ["HI*BK:4019*BF:V0481*BF:E8859"]
    assert segments(newer, "HI") == ["HI*ABK:I10*ABF:W010XXA"]


def test_twelve_diagnoses_stand_in_one_segment() -> None:
    (hi,) = segments(FULL, "HI")
    assert hi.count("*") == 12


@pytest.mark.parametrize(
    ("charge", "as_written"), [("85.00", "85"), ("24.50", "24.5"), ("0.05", ".05"), ("100", "100"), ("999999.99",) * 2]
)
def test_an_amount_has_no_zeros_at_its_ends(charge: str, as_written: str) -> None:
    claim = replace(CLAIM, lines=(service(charge=charge),))
    assert segments(claim, "SV1") == [f"SV1*HC:99213*{as_written}*UN*1***1"]
    assert read_837p(file_of([claim]))[0].total == claim.lines[0].charge


def test_a_line_says_its_place_only_where_it_is_not_the_claims() -> None:
    first, second = service(), replace(service("J3301"), place="22", modifiers=("LT", "59"))
    claim = replace(CLAIM, lines=(first, second))
    assert segments(claim, "CLM") == ["CLM*FH00652-1*170***11:B:1*Y*A*Y*Y"]
    assert segments(claim, "SV1") == ["SV1*HC:99213*85*UN*1***1", "SV1*HC:J3301:LT:59*85*UN*1*22**1"]


@pytest.mark.parametrize("frequency", [Frequency.REPLACEMENT, Frequency.VOID])
def test_a_claim_that_replaces_or_voids_names_the_earlier_one(frequency: Frequency) -> None:
    claim = replace(CLAIM, frequency=frequency, original_number="EARLIER77")
    assert segments(claim, "CLM") == [f"CLM*FH00652-1*109.5***11:B:{frequency}*Y*A*Y*Y"]
    assert segments(claim, "REF", "F8") == ["REF*F8*EARLIER77"]
    assert segments(CLAIM, "REF", "F8") == []


@pytest.mark.parametrize(
    ("related_to", "state", "causes"),
    [(RelatedTo.AUTO, "OR", "AA:::OR"), (RelatedTo.EMPLOYMENT, None, "EM"), (RelatedTo.OTHER, None, "OA")],
)
def test_an_accident_has_its_cause_and_day(related_to: RelatedTo, state: str | None, causes: str) -> None:
    claim = replace(CLAIM, accident=Accident(related_to=related_to, day=date(2014, 3, 1), state=state))
    assert segments(claim, "CLM") == [f"CLM*FH00652-1*109.5***11:B:1*Y*A*Y*Y**{causes}"]
    assert segments(claim, "DTP", "439") == ["DTP*439*D8*20140301"]


def test_attachments_and_authorization_are_named() -> None:
    assert segments(FULL, "PWK") == ["PWK*OZ*FX***AC*DOC-1", "PWK*M1*AA"]
    assert segments(FULL, "REF", "G1") == ["REF*G1*AUTH9"]


def test_what_surrounds_the_services_has_its_segments() -> None:
    assert segments(FULL, "CLM") == ["CLM*FH00700-2*1200.05***11:B:7*Y*C*N*I**AA:::OR"]
    assert segments(FULL, "DTP")[:6] == [
        "DTP*431*D8*20190428",
        "DTP*439*D8*20190429",
        "DTP*484*D8*20190402",
        "DTP*314*RD8*20190430-20190509",
        "DTP*435*D8*20190429",
        "DTP*096*D8*20190502",
    ]
    assert segments(FULL, "AMT") + segments(FULL, "NTE") == ["AMT*F5*20.5", "NTE*ADD*Came by ambulance"]
    assert segments(FULL, "REF", "X4") == ["REF*X4*38D0123456"]
    assert segments(FULL, "NM1", "77") == ["NM1*77*2*Elm Street Hospital*****XX*1245319599"]
    assert segments(LONG, "DTP")[:3] == ["DTP*439*D8*20140314", "DTP*360*D8*20140314", "DTP*435*D8*20140313"]


def test_a_second_insurance_has_its_loop_behind_the_providers() -> None:
    assert segments(FULL, "SBR", "S") + segments(FULL, "OI") == ["SBR*S*19*G200******BL", "OI***N***I"]
    assert segments(FULL, "NM1", "IL")[1:] == ["NM1*IL*1*Okafor*Ben*C**SR*MI*SM7654321"]
    assert segments(FULL, "NM1", "PR")[1:] == ["NM1*PR*2*Southern Mutual*****PI*70065"]
    assert segments(SUPERVISED, "SBR", "S") == ["SBR*S*18**Care Plan*****MC"]
    assert segments(CLAIM, "OI") == []


def test_who_referred_or_supervised_is_the_claims_and_who_ordered_each_lines() -> None:
    for claim, role, count in ((FULL, "DN", 1), (SUPERVISED, "DQ", 1), (LONG, "DK", 50)):
        assert segments(claim, "NM1", role) == [f"NM1*{role}*1*Ames*Lin*Q**JR*XX*1003000126"] * count


@pytest.mark.parametrize(
    ("relationship", "code"), [(Relationship.SPOUSE, "01"), (Relationship.CHILD, "19"), (Relationship.OTHER, "G8")]
)
def test_a_patient_who_is_not_the_insured_has_a_level_and_the_insured_only_a_name(
    relationship: Relationship, code: str
) -> None:
    claim = replace(FULL, coverage=replace(FULL.coverage, relationship=relationship))
    assert segments(claim, "HL") == ["HL*1**20*1", "HL*2*1*22*1", "HL*3*2*23*0"]
    assert segments(claim, "PAT") == [f"PAT*{code}"]
    assert segments(claim, "SBR", "P") == ["SBR*P***Gold Plan*****CI"]
    assert segments(claim, "NM1", "IL")[0] == "NM1*IL*1*Okafor*Ada*B**SR*MI*NM1234567"
    assert segments(claim, "NM1", "QC") == ["NM1*QC*1*Okafor*Ruth*A"]
    assert len(segments(claim, "DMG")) == 1


def test_a_sex_that_nobody_said_is_unknown() -> None:
    patient = replace(CLAIM.patient, sex=None)
    claim = replace(CLAIM, patient=patient, coverage=replace(CLAIM.coverage, insured=patient))
    assert segments(claim, "DMG") == ["DMG*D8*19610719*U"]


def test_who_bills_is_not_named_again_as_who_renders() -> None:
    alone = replace(CLAIM, provider=replace(CLAIM.provider, npi=CLAIM.practice.npi))
    assert segments(alone, "NM1", "82") == []
    assert segments(FULL, "PRV", "PE") == ["PRV*PE*PXC*207R00000X"]


def test_a_contact_of_the_practices_own_name_is_not_said_twice() -> None:
    claim = replace(CLAIM, practice=replace(CLAIM.practice, contact=CLAIM.practice.name))
    assert segments(claim, "PER") == ["PER*IC**TE*5035550199"]


def test_a_social_security_number_is_told_from_an_employers() -> None:
    claim = replace(CLAIM, practice=replace(CLAIM.practice, tax_id_is_ssn=True))
    assert segments(claim, "REF") == ["REF*SY*123456789"]


def test_a_file_to_try_says_so() -> None:
    content = interchange.x837p([CLAIM], control_number=CONTROL, at=AT, receiver=RECEIVER, test=True)
    assert read_file(content).isa[14] == "T"
    assert content.replace(b"*T*:~", b"*P*:~") == file_of([CLAIM])


def test_each_practice_has_a_set_of_its_own() -> None:
    other = replace(CLAIM, number="B", practice=replace(CLAIM.practice, npi="1987654328", name="Elm Clinic"))
    batch = [CLAIM, other, FULL]
    file = read_file(file_of(batch))
    assert [[claim.number for claim in each.claims] for each in file.sets] == [[CLAIM.number, FULL.number], ["B"]]
    assert [each.head[1] for each in file.sets] == ["0001", "0002"]
    assert file.ge[0] == "2"
    assert deviations_of(file_of(batch), batch) == []


def test_more_claims_than_a_set_takes_begin_another() -> None:
    short = replace(CLAIM, lines=CLAIM.lines[:1])
    batch = [replace(short, number=str(number)) for number in range(interchange.MOST_CLAIMS + 1)]
    file = read_file(file_of(batch))
    assert [len(each.claims) for each in file.sets] == [interchange.MOST_CLAIMS, 1]
    assert file.sets[1].claims[0].levels == (("2", "1", "22", "0"),)
