"""Who a claim is about: patient and insured, practice, payer, provider, and the coders who answer for its codes."""

from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.location import Location
from fhir.resources.R4B.organization import Organization, OrganizationContact
from fhir.resources.R4B.patient import Patient
from fhir.resources.R4B.practitioner import Practitioner, PractitionerQualification
from fhir.resources.R4B.relatedperson import RelatedPerson

from pipeline.export.fhir.systems import EIN, GENDERS, IDENTIFIER_TYPE, ORGANIZATION_TYPE, SSN, TAXONOMY
from pipeline.export.fhir.terms import Role, called, concept, npi, person_name, phone, postal, refer
from pipeline.records import Claim, Facility, OtherCoverage, OtherProvider, Payer


def patient(claim: Claim) -> Patient:
    """The patient; without a gender where nobody said."""
    person = claim.patient
    return Patient(
        name=[person_name(person.name)],
        birthDate=person.birth_date,
        gender=GENDERS[person.sex] if person.sex else None,
        address=[postal(person.address)],
        telecom=phone(person.phone),
    )


def insured(claim: Claim) -> RelatedPerson:
    """Whose insurance it is, where it is not the patient's own. What they are to each other, Coverage says."""
    person = claim.coverage.insured
    return RelatedPerson(
        patient=refer(claim, Role.PATIENT),
        name=[person_name(person.name)],
        birthDate=person.birth_date,
        gender=GENDERS[person.sex] if person.sex else None,
        address=[postal(person.address)],
        telecom=phone(person.phone),
    )


def practice(claim: Claim) -> Organization:
    """Who bills."""
    biller = claim.practice
    tax_id = Identifier(
        system=SSN if biller.tax_id_is_ssn else EIN,
        value=biller.tax_id,
        type=concept(IDENTIFIER_TYPE, "SS" if biller.tax_id_is_ssn else "TAX"),
    )
    kinds = [concept(ORGANIZATION_TYPE, "prov")]
    return Organization(
        identifier=[npi(biller.npi), tax_id, called(biller.submitter_id, "submitter id")],
        type=[*kinds, concept(TAXONOMY, biller.taxonomy)] if biller.taxonomy else kinds,
        name=biller.name,
        address=[postal(biller.address)],
        telecom=phone(biller.phone),
        contact=[OrganizationContact(name={"text": biller.contact})],
    )


def payer(asked: Payer) -> Organization:
    """Who is asked to pay."""
    return Organization(
        identifier=[called(asked.id, "payer id")],
        type=[concept(ORGANIZATION_TYPE, "pay")],
        name=asked.name,
        address=[postal(asked.address)] if asked.address else None,
    )


def other_insured(claim: Claim, other: OtherCoverage) -> RelatedPerson:
    """Whose the second insurance is, where it is not the patient's own."""
    return RelatedPerson(patient=refer(claim, Role.PATIENT), name=[person_name(other.insured)])


def provider(claim: Claim) -> Practitioner:
    """Who treated the patient."""
    who = claim.provider
    return Practitioner(
        identifier=[npi(who.npi)],
        name=[person_name(who.name)],
        qualification=[PractitionerQualification(code=concept(TAXONOMY, who.taxonomy))] if who.taxonomy else None,
    )


def other_provider(other: OtherProvider) -> Practitioner:
    """Who referred, ordered or supervised; which, the claim says."""
    return Practitioner(identifier=[npi(other.npi)], name=[person_name(other.name)])


def facility(place: Facility) -> Location:
    """Where the services were."""
    return Location(identifier=[npi(place.npi)], status="active", name=place.name, address=postal(place.address))


def confirmers(claim: Claim) -> tuple[str, ...]:
    """Everybody who confirmed a code of the claim, in the order of the codes."""
    diagnoses, services = (each.who for each in claim.diagnoses), (each.who for each in claim.lines)
    return tuple(dict.fromkeys((*diagnoses, *services)))


def coders(claim: Claim) -> tuple[str, ...]:
    """Everybody who signed or confirmed, the one who signed first."""
    return tuple(dict.fromkeys((claim.signed_by, *confirmers(claim))))


def coder(claim: Claim, who: str) -> Practitioner:
    """A coder, by the name under which this practice knows them: staff are Practitioners in FHIR as well."""
    sign_in = called(who, "sign-in name")
    sign_in.assigner = refer(claim, Role.PRACTICE)
    return Practitioner(identifier=[sign_in], name=[{"text": who}])
