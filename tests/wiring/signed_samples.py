"""Sample charts in a store with their originals, coded as their truth says, each code on its ink, and signed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pipeline.claims.build import claim_of
from pipeline.codebooks import CodeBooks
from pipeline.evaluation.truth import Truth, TruthCode, TruthEncounter, find
from pipeline.inbox.originals import Originals
from pipeline.process import TextStages
from pipeline.records import DIAGNOSES, Claim, ConfirmedEncounter, Patient, Reading
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.store.confirmed import confirmed
from pipeline.store.decided import Action
from pipeline.store.matching import anchors_of
from tests.claims.test_sample_claims import fees, office_of
from tests.review.deciding.sample_readings import SAMPLES, reading_of
from tests.review.signing import decide
from tests.store.test_arrivals import File


@dataclass(frozen=True)
class Sample:
    """A sample in the store."""

    document: str
    truth: Truth
    reading: Reading
    encounters: tuple[str, ...]
    """Ids in the store, in the order of the truth."""


def settings_in(folder: Path) -> Settings:
    return Settings(inbox_dir=folder / "inbox", data_dir=folder / "data")


def put_in(store: Store, settings: Settings, stages: TextStages, names: Iterable[str]) -> dict[str, Sample]:
    """Let samples arrive with their originals and be read as a perfect reader would."""
    originals, wanted, put = Originals(settings.data_dir), set(names), {}
    for path, truth in find(SAMPLES):
        if truth.file not in wanted:
            continue
        original = originals.take(path)
        assert original is not None
        place = Path("samples") / truth.file
        arrival = store.arrivals.sight([File(place, batch="samples")])[place]
        taken = store.arrivals.take(arrival.id, original.sha256, size=original.size, mtime_ns=original.mtime_ns)
        assert taken.document is not None
        reading = reading_of(taken.document, truth, stages)
        store.readings.add(reading, arrival=arrival.id)
        ids = tuple(each.id for each in store.readings.encounters(taken.document))
        put[truth.file] = Sample(taken.document, truth, reading, ids)
    return put


def code_and_sign(store: Store, sample: Sample, number: int = 0) -> str:
    """Accept the true codes of an encounter, each on the ink of a candidate where there is one; its id."""
    id, true = sample.encounters[number], sample.truth.encounters[number]
    proposed = sample.reading.encounters[number]
    spans = {entity.id: entity.spans for entity in sample.reading.entities}
    services: list[TruthCode] = []
    diagnoses: list[TruthCode] = []
    for code in true.codes:
        ink = next(
            (
                anchors_of(spans[candidate.entity])
                for candidate in sample.reading.candidates
                if (candidate.system, candidate.code) == (code.system, code.code)
                and candidate.entity in proposed.entities
            ),
            (),
        )
        action = Action.ACCEPT if ink else Action.ADD
        decide(store, id, action, code.code, system=code.system, display=code.text, anchors=ink)
        (diagnoses if code.system in DIAGNOSES else services).append(code)
    for code in services:
        points_to = tuple(each.code for each in diagnoses[:2])
        decide(store, id, Action.BILL, code.code, system=code.system, units=1, points_to=points_to)
    decide(store, id, Action.CONFIRM_PATIENT, patient=patient_of(true))
    decide(store, id, Action.CONFIRM_DATE, date_of_service=day_of(true))
    decide(store, id, Action.CONFIRM_ENCOUNTER)
    return id


def signed(store: Store, id: str) -> ConfirmedEncounter:
    """A signed encounter."""
    (encounter,) = [each for each in store.readings.encounters() if each.id == id]
    found = confirmed(encounter, store.decisions.reviews()[id])
    assert found is not None
    return found


def claim_for(encounter: ConfirmedEncounter, books: CodeBooks) -> Claim:
    """Its claim, by an office that has the patient as confirmed."""
    office = office_of(encounter)
    (patient,) = office.patients
    born = encounter.patient.birth_date or patient.person.birth_date
    person = replace(patient.person, birth_date=born)
    patient = replace(patient, person=person, coverage=replace(patient.coverage, insured=person))
    (moss,) = office.providers
    moss = replace(moss, also=(encounter.provider,) if encounter.provider else ())
    return claim_of(encounter, replace(office, patients=(patient,), providers=(moss,)), fees(encounter), books)


def patient_of(true: TruthEncounter) -> Patient:
    born = None if true.birth_date is None else date.fromisoformat(true.birth_date)
    return Patient(name=true.patient_name or "", birth_date=born, record_number=true.record_number, sex=None)


def day_of(true: TruthEncounter) -> date:
    return date(2014, 3, 14) if true.date_of_service is None else date.fromisoformat(true.date_of_service)
