"""The loops of a transaction set: who sends and receives, who bills, and each claim from its subscriber to its lines.

What the guide wants only in a case that the record does not have is left out: the payer's address (only for payers
who print), the patient's phone number (only for property and casualty), the insured person's address, birth date and
sex where somebody else is the patient.
"""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.export.x837p import segments
from pipeline.export.x837p.text import amount, plain
from pipeline.records import (
    Address,
    Claim,
    Frequency,
    Person,
    PersonName,
    Practice,
    ProviderRole,
    Receiver,
    RelatedTo,
    Relationship,
    ServiceLine,
)

_RELATIONSHIPS = {Relationship.SPOUSE: "01", Relationship.CHILD: "19", Relationship.OTHER: "G8"}
_CAUSES = {RelatedTo.AUTO: "AA", RelatedTo.EMPLOYMENT: "EM", RelatedTo.OTHER: "OA"}
PROVIDER = 1
"""The number of the billing provider's level, which every subscriber is below."""


def head(practice: Practice, receiver: Receiver) -> Iterator[str]:
    """Submitter (1000A), receiver (1000B) and billing provider (2000A): the submitter is who bills."""
    name, contact = plain(practice.name), plain(practice.contact)
    yield segments.organization("41", name, "46", practice.submitter_id)
    yield segments.per(None if contact == name else contact, practice.phone)
    yield segments.organization("40", plain(receiver.name), "46", receiver.id)
    yield segments.hl(PROVIDER, None, "20", has_child=True)
    if practice.taxonomy:
        yield segments.prv("BI", practice.taxonomy)
    yield segments.organization("85", name, "XX", practice.npi)
    yield from _address(practice.address)
    yield segments.ref("SY" if practice.tax_id_is_ssn else "EI", practice.tax_id)


def levels(claim: Claim) -> int:
    """How many levels a claim takes below the billing provider's: the subscriber's, and the patient's if another."""
    return 1 if claim.coverage.relationship is Relationship.SELF else 2


def body(claim: Claim, level: int) -> Iterator[str]:
    """Subscriber (2000B), payer (2010BB), patient (2000C) and claim; `level` is the number of its first level."""
    coverage = claim.coverage
    is_patient = coverage.relationship is Relationship.SELF
    yield segments.hl(level, PROVIDER, "22", has_child=not is_patient)
    yield segments.sbr(
        relationship="18" if is_patient else None,
        group=coverage.group or None,
        plan=None if coverage.group else plain(coverage.plan or "") or None,
        kind=coverage.payer.kind.value,
    )
    yield segments.person("IL", _name(coverage.insured.name), "MI", coverage.member_id)
    if is_patient:
        yield from _lives(claim.patient)
    yield segments.organization("PR", plain(coverage.payer.name), "PI", coverage.payer.id)
    if not is_patient:
        yield segments.hl(level + 1, level, "23", has_child=False)
        yield segments.pat(_RELATIONSHIPS[coverage.relationship])
        yield segments.person("QC", _name(claim.patient.name))
        yield from _lives(claim.patient)
    yield from _claim(claim)
    for number, line in enumerate(claim.lines, start=1):
        yield segments.lx(number)
        yield _service(line, claim.lines[0].place)
        yield segments.dtp("472", line.day)
        yield from _other_provider(claim, ProviderRole.ORDERING)


def _claim(claim: Claim) -> Iterator[str]:
    accident = claim.accident
    yield segments.clm(
        claim.number,
        amount(claim.total),
        claim.lines[0].place,
        claim.frequency.value,
        claim.agreements,
        _CAUSES[accident.related_to] if accident else None,
        accident.state if accident else None,
    )
    yield from _days(claim)
    for each in claim.attachments:
        yield segments.pwk(each.report_type, each.transmission.value, each.control_number)
    if claim.paid is not None:
        yield segments.amt(amount(claim.paid))
    if claim.authorization:
        yield segments.ref("G1", claim.authorization)
    if claim.frequency is not Frequency.ORIGINAL and claim.original_number:
        yield segments.ref("F8", claim.original_number)
    if claim.clia:
        yield segments.ref("X4", claim.clia)
    if claim.note:
        yield segments.nte(plain(claim.note))
    first, others = ("ABK", "ABF") if claim.is_icd10 else ("BK", "BF")
    codes = tuple(each.code.replace(".", "") for each in claim.diagnoses)
    yield segments.hi(((first, codes[0]), *((others, code) for code in codes[1:])))
    yield from _providers(claim)
    yield from _other_coverage(claim)


def _days(claim: Claim) -> Iterator[str]:
    """Days of the accident and the illness, in the order of the guide."""
    course = claim.course
    if course.onset:
        yield segments.dtp("431", course.onset)
    if claim.accident:
        yield segments.dtp("439", claim.accident.day)
    if course.last_menstruation:
        yield segments.dtp("484", course.last_menstruation)
    if unable := course.unable_to_work:
        yield segments.dtp("314" if unable.last else "360", unable.first, unable.last)
    if stay := course.in_hospital:
        yield segments.dtp("435", stay.first)
        if stay.last:
            yield segments.dtp("096", stay.last)


def _providers(claim: Claim) -> Iterator[str]:
    """Who referred (2310A), who treated unless it is who bills (2310B), where (2310C), and who supervised (2310D)."""
    yield from _other_provider(claim, ProviderRole.REFERRING)
    if claim.provider.npi != claim.practice.npi:
        yield segments.person("82", _name(claim.provider.name), "XX", claim.provider.npi)
        if claim.provider.taxonomy:
            yield segments.prv("PE", claim.provider.taxonomy)
    if facility := claim.facility:
        yield segments.organization("77", plain(facility.name), "XX", facility.npi)
        yield from _address(facility.address)
    yield from _other_provider(claim, ProviderRole.SUPERVISING)


def _other_provider(claim: Claim, role: ProviderRole) -> Iterator[str]:
    """Who ordered stands at every line (2420E), as a claim has no place for it."""
    other = claim.other_provider
    if other is not None and other.role is role:
        yield segments.person(role.value, _name(other.name), "XX", other.npi)


def _other_coverage(claim: Claim) -> Iterator[str]:
    """The second insurance (2320), whose it is (2330A) and who is asked (2330B)."""
    other = claim.other_coverage
    if other is None:
        return
    yield segments.sbr(
        relationship="18" if other.relationship is Relationship.SELF else _RELATIONSHIPS[other.relationship],
        group=other.group or None,
        plan=None if other.group else plain(other.plan or "") or None,
        kind=other.payer.kind.value,
        second=True,
    )
    yield segments.oi(claim.agreements)
    yield segments.person("IL", _name(other.insured), "MI", other.member_id)
    yield segments.organization("PR", plain(other.payer.name), "PI", other.payer.id)


def _service(line: ServiceLine, place: str) -> str:
    return segments.sv1(
        (line.code, *line.modifiers),
        amount(line.charge),
        line.units,
        None if line.place == place else line.place,
        line.points_to,
    )


def _lives(patient: Person) -> Iterator[str]:
    yield from _address(patient.address)
    yield segments.dmg(patient.birth_date, patient.sex)


def _address(address: Address) -> tuple[str, str]:
    second = plain(address.second or "") or None
    return segments.address(replace(address, street=plain(address.street), second=second, city=plain(address.city)))


def _name(name: PersonName) -> PersonName:
    return PersonName(
        last=plain(name.last),
        first=plain(name.first),
        middle=plain(name.middle or "") or None,
        suffix=plain(name.suffix or "") or None,
    )
