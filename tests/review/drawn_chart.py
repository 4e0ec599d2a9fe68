"""A chart drawn and read by hand: pages with their pictures, entities, encounters and candidates.

A mixed file: page 1 a visit note, page 2 blank, page 3 its second sheet scanned upside down, page 4 another visit.
"""

from collections.abc import Iterable
from pathlib import Path

from pipeline.records import (
    Attribute,
    Candidate,
    CodeSystem,
    Context,
    Encounter,
    Entity,
    Evidence,
    Finding,
    Label,
    LineSpan,
    Part,
    Provenance,
    Reading,
)
from pipeline.store import Store
from tests.review.drawn_page import HAND, PRINT, draw
from tests.store.test_arrivals import File

NOTE = (
    (PRINT, 110, 90, "RIVERBEND FAMILY MEDICINE", 0.99),
    (PRINT, 110, 140, "Progress note", 0.99),
    (PRINT, 110, 230, "Patient: Okafor, Ruth    Born: 07/19/1961    MRN: 7741029", 0.97),
    (PRINT, 110, 280, "Date of visit: 03/14/2014    Provider: Helen Marsh MD", 0.96),
    (PRINT, 110, 390, "SUBJECTIVE", 0.99),
    (HAND, 150, 440, "52 yo woman, cough and fever for 4 days", 0.84),
    (HAND, 150, 510, "no chest pain, mother had breast cancer", 0.79),
    (HAND, 150, 580, "home sugars runing 180-220", 0.61),
    (PRINT, 110, 690, "ASSESSMENT", 0.99),
    (HAND, 150, 740, "1. acute bronchitis", 0.92),
    (HAND, 150, 810, "2. DM2 uncontrolled", 0.88),
    (HAND, 150, 880, "3. HTN, stable", 0.95),
    (HAND, 150, 950, "4. r/o pneumonia", 0.81),
    (PRINT, 110, 1060, "PLAN", 0.99),
    (HAND, 150, 1110, "chest x-ray 2 views today", 0.86),
    (HAND, 150, 1180, "albuterol neb given in office", 0.74),
    (HAND, 150, 1250, "recheck 2 weeks", 0.9),
    (PRINT, 160, 1380, "Flu vaccine given today", 0.97),
)
SECOND = (
    (PRINT, 110, 120, "Okafor, Ruth    03/14/2014    page 2", 0.97),
    (HAND, 150, 240, "influenza vaccine left deltoid IM", 0.83),
    (HAND, 150, 310, "pt tolerated well", 0.9),
)
OTHER_VISIT = (
    (PRINT, 110, 120, "Patient: Okafor, Ruth    Date of visit: 11/02/2015", 0.97),
    (HAND, 150, 240, "HTN follow up", 0.93),
)


PAGES = (draw(1, NOTE), draw(2, ()), draw(3, SECOND, turn=180), draw(4, OTHER_VISIT))


def span(page: int, line: int, text: str) -> LineSpan:
    """Where a text stands on a line of the drawn chart."""
    found = PAGES[page - 1].page.lines[line - 1]
    start = found.text.index(text)
    end, at, boxes = start + len(text), 0, []
    for word in found.words:
        if at < end and at + len(word.text) > start and word.box:
            boxes.append(word.box)
        at += len(word.text) + 1
    return LineSpan(page=page, line=found.id, start=start, end=end, boxes=tuple(boxes))


def fact(value: str, text: str, page: int, line: int, confidence: float = 0.97) -> Finding:
    """A fact read from the drawn chart."""
    return Finding(value=value, text=text, confidence=confidence, spans=(span(page, line, text),))


def entity(
    id: str, label: Label, where: tuple[int, int, str], normalized: str, section: str, sure: float, **context: bool
) -> Entity:
    """An entity of the drawn chart."""
    page, line, text = where
    return Entity(
        id=id,
        label=label,
        text=text,
        normalized=normalized,
        section=section,
        context=Context(**context),
        attributes=(Attribute(name="laterality", value="left"),) if "left" in text else (),
        spans=(span(page, line, text),),
        confidence=sure,
    )


DX, PX, SUPPLY = Label.DIAGNOSIS, Label.PROCEDURE, Label.SUPPLY
ENTITIES = (
    entity("n1", DX, (1, 6, "cough"), "cough", "subjective", 0.9),
    entity("n2", DX, (1, 6, "fever"), "fever", "subjective", 0.88),
    entity("n3", DX, (1, 7, "chest pain"), "chest pain", "subjective", 0.8, negated=True),
    entity("n4", DX, (1, 7, "breast cancer"), "breast cancer", "subjective", 0.78, family=True),
    entity("n5", DX, (1, 10, "acute bronchitis"), "acute bronchitis", "assessment", 0.92),
    entity("n6", DX, (1, 11, "DM2 uncontrolled"), "type 2 diabetes mellitus uncontrolled", "assessment", 0.66),
    entity("n7", DX, (1, 12, "HTN"), "hypertension", "assessment", 0.95),
    entity("n8", DX, (1, 13, "pneumonia"), "pneumonia", "assessment", 0.81, uncertain=True),
    entity("n9", PX, (1, 15, "chest x-ray 2 views"), "chest x-ray two views", "plan", 0.86),
    entity("n10", SUPPLY, (1, 16, "albuterol neb"), "albuterol nebulizer", "plan", 0.74),
    entity("n11", PX, (3, 2, "influenza vaccine left deltoid"), "influenza vaccine", "plan", 0.83),
    entity("n12", DX, (4, 2, "HTN"), "hypertension", "assessment", 0.93),
)
NINE, TEN, CPT, HCPCS = CodeSystem.ICD9CM, CodeSystem.ICD10CM, CodeSystem.CPT, CodeSystem.HCPCS
RULED_OUT = "A diagnosis that is only suspected is not coded in an outpatient chart; code the sign or symptom."
CODES = {
    "n1": ((NINE, "786.2", "Cough", 0.93), (TEN, "R05.9", "Cough, unspecified", 0.9)),
    "n2": ((NINE, "780.60", "Fever, unspecified", 0.9), (TEN, "R50.9", "Fever, unspecified", 0.91)),
    "n5": (
        (NINE, "466.0", "Acute bronchitis", 0.95),
        (NINE, "490", "Bronchitis, not specified as acute or chronic", 0.41),
        (NINE, "466.19", "Acute bronchiolitis due to other infectious organisms", 0.22),
        (NINE, "491.22", "Obstructive chronic bronchitis with acute bronchitis", 0.17),
        (TEN, "J20.9", "Acute bronchitis, unspecified", 0.94),
    ),
    "n6": (
        (NINE, "250.02", "Diabetes mellitus without mention of complication, type II, uncontrolled", 0.81),
        (NINE, "250.00", "Diabetes mellitus without mention of complication, type II", 0.63),
        (TEN, "E11.65", "Type 2 diabetes mellitus with hyperglycemia", 0.77),
    ),
    "n7": (
        (NINE, "401.9", "Unspecified essential hypertension", 0.94),
        (NINE, "401", "Essential hypertension", 0.7),
        (NINE, "401.1", "Benign essential hypertension", 0.44),
        (TEN, "I10", "Essential (primary) hypertension", 0.95),
    ),
    "n8": (
        (NINE, "486", "Pneumonia, organism unspecified", 0.9),
        (TEN, "J18.9", "Pneumonia, unspecified organism", 0.9),
    ),
    "n9": ((CPT, "71020", "Chest x-ray, two views", 0.88), (CPT, "71010", "Chest x-ray, one view", 0.43)),
    "n10": ((HCPCS, "J7613", "Albuterol, inhalation solution, 1 mg", 0.72),),
    "n11": ((CPT, "90471", "Giving one vaccine by injection", 0.83), (CPT, "90658", "Influenza vaccine", 0.79)),
    "n12": (
        (TEN, "I10", "Essential (primary) hypertension", 0.95),
        (NINE, "401.9", "Unspecified essential hypertension", 0.94),
    ),
}


def _candidates() -> Iterable[Candidate]:
    for entity, codes in CODES.items():
        ranks: dict[CodeSystem, int] = {}
        for system, code, display, score in codes:
            ranks[system] = rank = ranks.get(system, 0) + 1
            withheld = RULED_OUT if entity == "n8" else None
            yield Candidate(
                encounter="e2" if entity == "n12" else "e1",
                entity=entity,
                system=system,
                code=code,
                display=display,
                score=score,
                rank=rank,
                proposed=withheld is None and rank == 1 and score > 0.6,
                billable=code != "401",
                evidence=(
                    Evidence(
                        source="synonym",
                        detail=f"The book's wording “{display.lower()}” is nearest to what stands there.",
                    ),
                    *((Evidence(source="note", detail="It stands under the assessment."),) if rank == 1 else ()),
                ),
                withheld=withheld,
            )


ENCOUNTERS = (
    Encounter(
        id="e1",
        part=1,
        pages=(1, 2, 3),
        patient_name=fact("Okafor, Ruth", "Okafor, Ruth", 1, 3),
        birth_date=fact("1961-07-19", "07/19/1961", 1, 3),
        record_number=fact("7741029", "7741029", 1, 3, 0.64),
        date_of_service=fact("2014-03-14", "03/14/2014", 1, 4),
        provider=fact("Marsh, Helen", "Helen Marsh MD", 1, 4),
        signature=fact("signed", "Helen Marsh MD", 1, 4),
        visit_level=Finding(value="4", text="level 4", confidence=0.9, spans=()),
        entities=tuple(f"n{i}" for i in range(1, 12)),
        conflicts=("Page 3 does not name the birth date; check that it belongs to this patient.",),
    ),
    Encounter(
        id="e2",
        part=1,
        pages=(4,),
        patient_name=fact("Okafor, Ruth", "Okafor, Ruth", 4, 1),
        birth_date=None,
        record_number=None,
        date_of_service=fact("2015-11-02", "11/02/2015", 4, 1),
        provider=None,
        entities=("n12",),
    ),
)


def reading_of(document: str) -> Reading:
    """The drawn chart as read from a document."""
    return Reading(
        document=document,
        pages=tuple(drawn.page for drawn in PAGES),
        entities=ENTITIES,
        encounters=ENCOUNTERS,
        candidates=tuple(_candidates()),
        provenance=Provenance(version="0", settings="0", parts=(Part(name="hand", edition="1", sha256=None),)),
    )


def put_in(store: Store, name: str = "okafor march.pdf", batch: str = "monday", seed: str = "a") -> str:
    """Let the drawn chart arrive and be read; its document id."""
    arrival = store.arrivals.sight([File(Path(batch) / name, batch=batch)])[Path(batch) / name]
    taken = store.arrivals.take(arrival.id, seed * 64, size=1, mtime_ns=1)
    assert taken.document is not None
    store.readings.add(reading_of(taken.document), arrival=arrival.id)
    return taken.document


def save_pictures(folder: Path) -> None:
    """The pages' pictures as `page-N.jpg`."""
    for drawn in PAGES:
        drawn.picture.save(folder / f"page-{drawn.page.number}.jpg", quality=85)
