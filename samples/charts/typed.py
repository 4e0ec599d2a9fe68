"""Typed notes: one with its text in the file, one from a typewriter with remarks by hand."""

import numpy as np

from samples.charts.notes import BLUE
from samples.drawing.chart import Chart, ChartPage, TypedPage, Visit
from samples.drawing.effects import scan, shaded, skewed, softened, stained
from samples.drawing.files import typed_line
from samples.drawing.handwriting import Hand
from samples.drawing.sheet import Sheet


def dictated_note(random: np.random.Generator) -> Chart:
    """A dictated note as a word processor saves it: real text in the PDF, nothing scanned."""
    rows = (
        (16, True, "Eastbrook Pulmonary Associates"),
        (9, False, "310 Larch Avenue, Eastbrook     Telephone 555-0108"),
        (10, False, ""),
        (11, True, "OFFICE NOTE"),
        (10, False, "Patient: Victor Lindgren          DOB: 11/02/1966          MRN: EP-10442"),
        (10, False, "Date of service: 06/02/2015          Provider: Harriet Osei, MD"),
        (10, False, ""),
        (11, True, "CHIEF COMPLAINT"),
        (10, False, "{D Shortness of breath} and {D wheezing} for two days."),
        (10, False, ""),
        (11, True, "HISTORY OF PRESENT ILLNESS"),
        (10, False, "This is a 48 year old man with {D asthma} who ran out of his {s inhaler} last week."),
        (10, False, "He denies {D-n fever}, {D-n chest pain} and {D-n hemoptysis}. No {D-n leg swelling}."),
        (10, False, ""),
        (11, True, "PAST MEDICAL HISTORY"),
        (10, False, "{D Allergic rhinitis}. History of {D-h pneumonia} in 2011. {P-h Tonsillectomy} as a child."),
        (11, True, "FAMILY HISTORY"),
        (10, False, "Mother with {D-f emphysema}. Father with {D-f hypertension}."),
        (11, True, "MEDICATIONS"),
        (
            10,
            False,
            "{s Fluticasone} 110 mcg two puffs twice daily, {s albuterol} as needed, {s loratadine} 10 mg daily.",
        ),
        (10, False, ""),
        (11, True, "PHYSICAL EXAMINATION"),
        (10, False, "Respirations 22, {p oxygen saturation} 95 % on room air. Diffuse expiratory {D wheezes}."),
        (10, False, "Heart regular, no {D-n murmur}."),
        (10, False, ""),
        (11, True, "PROCEDURES"),
        (10, False, "{P Spirometry}: FEV1 61 % of predicted. {P Nebulizer treatment} with {S albuterol} 2.5 mg,"),
        (10, False, "after which the {D wheezing} was much less."),
        (10, False, ""),
        (11, True, "ASSESSMENT AND PLAN"),
        (10, False, "1. {D Asthma with acute exacerbation}. {s Prednisone} 40 mg daily for five days."),
        (10, False, "2. {D Allergic rhinitis}, continue {s loratadine}."),
        (10, False, "Rule out {D-u pneumonia}; {P-y chest x-ray} if {D-y fever} develops."),
        (10, False, "A new {S peak flow meter} was given to the patient. Return in one week."),
        (10, False, ""),
        (10, False, "Harriet Osei, MD"),
        (8, False, "Dictated 06/02/2015, transcribed 06/04/2015"),
    )
    y, lines = 66.0, []
    for size, bold, text in rows:
        if text:
            lines.append(typed_line(64, y, text, size=size, bold=bold))
        y += 17.5
    visit = Visit(
        patient_name="Lindgren, Victor",
        birth_date="1966-11-02",
        record_number="EP-10442",
        date_of_service="2015-06-02",
        provider="Osei, Harriet",
        sex="M",
        pages=(1,),
        codes=(
            ("ICD9CM", "493.92", "Asthma with acute exacerbation"),
            ("ICD9CM", "477.9", "Allergic rhinitis"),
            ("CPT", "94010", "Spirometry"),
            ("CPT", "94640", "Nebulizer treatment"),
            ("HCPCS", "J7613", "albuterol 2.5 mg"),
            ("HCPCS", "A4614", "peak flow meter"),
        ),
    )
    return Chart(name="dictated-note.pdf", pages=(TypedPage(lines=tuple(lines)),), visits=(visit,))


def annotated_note(random: np.random.Generator) -> Chart:
    """A typewritten note from 2003 with the doctor's remarks by hand and a coffee ring."""
    hand = Hand(font="reenie-beanie", height=26, ink=BLUE, weight=2)
    sheet = Sheet(random, tint=(247, 241, 226))
    rows = (
        "WETHERBY FAMILY MEDICINE",
        "",
        "Patient: Agatha Norcross       Chart: 5518",
        "Born:    03/06/1934            Seen:  05/19/2003",
        "Doctor:  Dr. Rupert Quayle",
        "",
        "SUBJECTIVE: {D Dizziness} for one week when standing.",
        "No {D-n syncope}, no {D-n palpitations}. {D Nausea} at times.",
        "History of {D-h hip fracture} in 1999. Mother had",
        "{D-f Parkinson disease}.",
        "",
        "OBJECTIVE: BP 104/60 standing, 132/74 lying.",
        "Heart regular. {P EKG} shows {D atrial fibrillation}.",
        "",
        "ASSESSMENT:",
        "1. {D Orthostatic hypotension}.",
        "2. {D Atrial fibrillation}, rate controlled.",
        "3. {D Osteoporosis}.",
        "",
        "PLAN: Stop {s hydrochlorothiazide}. {P INR} today.",
        "Call if {D-y syncope}.",
    )
    y = 180
    for row in rows:
        if row:
            sheet.print(130 + sheet.random.normal(0, 1), y, row, size=33, face="courier-prime")
        y += 64
        if row.startswith("No {D-n syncope}"):
            sheet.write(1260, y - 60, "BP pill?", hand)
        if row.startswith("1. "):
            sheet.write(1010, y - 64, "better w fluids", hand)
        if row.startswith("3. "):
            sheet.write(780, y - 62, "{P DEXA} ordered", hand)
    for line in ("also {D UTI} - {P UA} pos, {s Bactrim DS} bid x 3 d", "{S folding walker} w wheels for home"):
        y += 40
        sheet.write(140, y, line, hand)
        y += 50
    sheet.sign(1000, y + 110, 420, hand)
    picture = stained(scan(sheet), 1180, 1540, 190, random)
    picture = softened(shaded(skewed(picture, -0.8), 0.1, random), 0.75, 4.0, random)
    visit = Visit(
        patient_name="Norcross, Agatha",
        birth_date="1934-03-06",
        record_number="5518",
        date_of_service="2003-05-19",
        provider="Quayle, Rupert",
        sex=None,
        pages=(1,),
        codes=(
            ("ICD9CM", "458.0", "Orthostatic hypotension"),
            ("ICD9CM", "427.31", "Atrial fibrillation"),
            ("ICD9CM", "733.00", "Osteoporosis"),
            ("ICD9CM", "599.0", "UTI"),
            ("CPT", "93000", "EKG"),
            ("CPT", "85610", "INR"),
            ("HCPCS", "E0143", "folding walker w wheels"),
        ),
    )
    return Chart(
        name="typed-note-annotated.jpg", pages=(ChartPage(sheet=sheet, scan=picture),), visits=(visit,), quality=45
    )
