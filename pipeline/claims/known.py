"""Whom and what, of all that the office knows, an encounter means; what cannot be told becomes a fault."""

from pipeline.claims.office import Office, OfficePatient, Visit, same_person
from pipeline.records import ConfirmedEncounter, Facility, Fault, Provider


def patient_of(encounter: ConfirmedEncounter, office: Office, found: list[Fault]) -> OfficePatient | None:
    """The patient; None, with a fault, where the office has no record or several."""
    known = office.patient_of(encounter.patient)
    if len(known) != 1:
        by = "record number" if encounter.patient.record_number else "name and birth date"
        how_many = "several records" if known else "no record"
        sentence = (
            f"The office has {how_many} of the patient of the confirmed {by}: see `inkchart office patients.csv`."
        )
        found.append(Fault(field="patient", sentence=sentence))
        return None
    if not same_person(encounter.patient, known[0].person):
        sentence = "Name or birth date of the patient, as confirmed, are not those of the office's record."
        found.append(Fault(field="patient", sentence=sentence))
    return known[0]


def provider_of(encounter: ConfirmedEncounter, office: Office, found: list[Fault]) -> Provider | None:
    """Who treated; None, with a fault, where that cannot be told."""
    if not encounter.provider:
        if len(office.providers) == 1:  # whoever else may have signed
            return office.providers[0].provider
        sentence = "The chart names no provider, and the practice has not just one."
        found.append(Fault(field="provider", sentence=sentence))
        return None
    known = office.provider_named(encounter.provider)
    if len(known) == 1:
        return known[0]
    sentence = (
        f"The provider that the chart names is {'several people' if known else 'nobody'} in `providers.csv`; "
        "its column `also` takes other ways to write a name."
    )
    found.append(Fault(field="provider", sentence=sentence))
    return None


def facility_of(visit: Visit | None, office: Office, found: list[Fault]) -> Facility | None:
    """Where the services were; None for the practice's own place, and with a fault where the office knows no such."""
    if visit is None or visit.facility is None:
        return None
    facility = office.facilities.get(visit.facility)
    if facility is None:
        sentence = "The visit was at a facility whose NPI is not in `facilities.csv`."
        found.append(Fault(field="facility", sentence=sentence))
    return facility
