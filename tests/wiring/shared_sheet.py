"""A sheet on which two patients were seen one after the other, with its picture in the store."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.inbox.originals import Originals
from pipeline.process import TextStages, understand
from pipeline.records import CodeSystem, Patient, Reading
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.store.decided import Action
from pipeline.store.matching import anchors_of
from tests.review.deciding.sample_readings import PROVENANCE
from tests.review.drawn_page import HAND, PRINT, draw
from tests.review.signing import decide
from tests.store.test_arrivals import File

BEN_SAYS = "HTN stable on metoprolol"
OSWIN_SAYS = "acute pharyngitis, penicillin"
SHEET = (
    (PRINT, 110, 90, "Patient: Okafor, Ben    DOB: 01/02/2004    MRN: 7741555", 0.97),
    (PRINT, 110, 160, "Date of visit: 03/14/2014    Provider: Helen Marsh MD", 0.97),
    (PRINT, 110, 230, BEN_SAYS, 0.95),
    (PRINT, 110, 300, "EKG today", 0.95),
    (HAND, 110, 370, "waiting room busy", 0.61),
    (PRINT, 110, 700, "Date of visit: 03/15/2014    Provider: Helen Marsh MD", 0.97),
    (PRINT, 110, 770, "Patient: Breckenridge, Oswin    DOB: 02/14/1990    MRN: W-3187", 0.97),
    (PRINT, 110, 840, OSWIN_SAYS, 0.95),
    (PRINT, 110, 910, "EKG today", 0.95),
)
PATIENTS = {
    "okafor": Patient(name="Okafor, Ben", birth_date=date(2004, 1, 2), record_number="7741555", sex=None),
    "breckenridge": Patient(name="Breckenridge, Oswin", birth_date=date(1990, 2, 14), record_number="W-3187", sex=None),
}
SEEN = {
    "okafor": (date(2014, 3, 14), "401.9", "HTN"),
    "breckenridge": (date(2014, 3, 15), "462", "acute pharyngitis"),
}


def put_shared_sheet(store: Store, settings: Settings, stages: TextStages) -> dict[str, str]:
    """Let it arrive and be read, code and sign both encounters; their ids by family name."""
    sheet = draw(2, SHEET)  # the first page of the drawn chart has a mark
    page = replace(sheet.page, number=1)
    file = io.BytesIO()
    sheet.picture.save(file, "PNG")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.png"
        path.write_bytes(file.getvalue())
        original = Originals(settings.data_dir).take(path)
    assert original is not None
    place = Path("sheet.png")
    arrival = store.arrivals.sight([File(place)])[place]
    taken = store.arrivals.take(arrival.id, original.sha256, size=original.size, mtime_ns=original.mtime_ns)
    assert taken.document is not None
    entities, encounters, candidates = understand((page,), stages)
    reading = Reading(
        document=taken.document,
        pages=(page,),
        entities=entities,
        encounters=encounters,
        candidates=candidates,
        provenance=PROVENANCE,
    )
    store.readings.add(reading, arrival=arrival.id)
    spans = {entity.id: entity.spans for entity in entities}
    ids = {}
    for proposed in store.readings.encounters(taken.document):
        assert proposed.proposal.patient_name is not None
        name = proposed.proposal.patient_name.value.partition(",")[0].lower()
        day, code, words = SEEN[name]
        own = [entity for entity in entities if entity.id in proposed.proposal.entities]
        ink = next(anchors_of(spans[entity.id]) for entity in own if words.lower() in entity.text.lower())
        ekg = next(anchors_of(spans[entity.id]) for entity in own if "EKG" in entity.text)
        decide(store, proposed.id, Action.ACCEPT, code, display=words, anchors=ink)
        decide(store, proposed.id, Action.ACCEPT, "93000", system=CodeSystem.CPT, display="EKG", anchors=ekg)
        decide(store, proposed.id, Action.BILL, "93000", system=CodeSystem.CPT, units=1, points_to=(code,))
        decide(store, proposed.id, Action.CONFIRM_PATIENT, patient=PATIENTS[name])
        decide(store, proposed.id, Action.CONFIRM_DATE, date_of_service=day)
        decide(store, proposed.id, Action.CONFIRM_ENCOUNTER)
        ids[name] = proposed.id
    return ids
