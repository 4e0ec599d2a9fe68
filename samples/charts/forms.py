"""Encounter forms: printed grids with boxes to tick and a few words by hand."""

import numpy as np

from samples.charts.notes import BLUE, INK, body
from samples.drawing.chart import Chart, ChartPage, Visit
from samples.drawing.effects import faxed, scan, shaded, skewed, softened
from samples.drawing.handwriting import Hand
from samples.drawing.sheet import Sheet
from samples.drawing.stationery import checkbox, field, letterhead

Group = tuple[str, tuple[tuple[str, str], ...]]
T, B, Q = "ticked", "blank", "doubtful"


def grid(sheet: Sheet, top: int, columns: tuple[tuple[int, tuple[Group, ...]], ...], hand: Hand, *, pitch: int) -> int:
    """Columns of headed groups of boxes; returns the y below the longest."""
    lowest = top
    for left, groups in columns:
        y = top
        for heading, boxes in groups:
            sheet.shade(left - 12, y - 34, left + 470, y + 12)
            sheet.print(left, y, heading, size=26, weight=700)
            y += pitch
            for label, state in boxes:
                checkbox(sheet, left, y, label, state, hand, size=25)
                y += pitch
            y += pitch // 2
        lowest = max(lowest, y)
    return lowest


def ortho_form(random: np.random.Generator) -> Chart:
    """An orthopaedic superbill by fax, with the blank back of the form as its second page."""
    hand = Hand(font="just-me-again-down-here", height=26, ink=INK, weight=2, wildness=1.5)
    sheet = Sheet(random)
    letterhead(
        sheet, "Cobalt Ridge Orthopaedics", "9 Quarry Street, Slatefield   555-0136", "ENCOUNTER FORM", face="roboto"
    )
    field(sheet, 90, 320, 800, "Patient", "Finley Marchbank", hand)
    field(sheet, 830, 320, 1180, "DOB", "8-14-1988", hand)
    field(sheet, 1210, 320, 1610, "Acct", "CR 40216", hand)
    field(sheet, 90, 392, 800, "Date of service", "6-11-2013", hand)
    field(sheet, 830, 392, 1610, "Provider", "Dr. Helga Stroud", hand)
    low = grid(
        sheet,
        480,
        (
            (
                90,
                (
                    (
                        "OFFICE VISIT",
                        (
                            ("{P New patient visit, level 2}", B),
                            ("{P New patient visit, level 3}", B),
                            ("{P Established visit, level 2}", B),
                            ("{P Established visit, level 3}", T),
                            ("{P Established visit, level 4}", B),
                        ),
                    ),
                    (
                        "{p X-RAY}",
                        (
                            ("{P X-ray ankle, 3 views}", T),
                            ("{P X-ray wrist, 3 views}", B),
                            ("{P X-ray knee, 2 views}", B),
                            ("{P X-ray shoulder, 2 views}", B),
                        ),
                    ),
                ),
            ),
            (
                620,
                (
                    (
                        "PROCEDURES",
                        (
                            ("{P Joint injection, large}", B),
                            ("{P Joint injection, small}", B),
                            ("{P Short arm splint}", B),
                            ("{P Strapping, ankle}", B),
                            ("{P Cast removal}", B),
                        ),
                    ),
                    (
                        "SUPPLIES",
                        (
                            ("{S Crutches, pair}", T),
                            ("{S Ankle brace, stirrup}", T),
                            ("{S Wrist splint}", B),
                            ("{S Elastic bandage}", Q),
                        ),
                    ),
                ),
            ),
            (
                1150,
                (
                    (
                        "DIAGNOSES",
                        (
                            ("{D Ankle sprain}", T),
                            ("{D Wrist sprain}", B),
                            ("{D Knee osteoarthritis}", B),
                            ("{D Low back pain}", B),
                            ("{D Shoulder pain}", B),
                            ("{D Rotator cuff tear}", B),
                            ("{D Carpal tunnel}", B),
                            ("{D Plantar fasciitis}", B),
                            ("{D Contusion, knee}", T),
                        ),
                    ),
                ),
            ),
        ),
        hand,
        pitch=58,
    )
    sheet.print(90, low + 40, "Notes", size=28, weight=700)
    sheet.frame(90, low + 60, 1610, low + 600)
    body(
        sheet,
        hand,
        110,
        low + 140,
        82,
        (
            "L {D ankle sprain}, {d fell} down 2 steps. {D L knee contusion}",
            "{P Xray} neg, no {D-n fracture}, no {D-n effusion}",
            "{S stirrup brace}, {S crutches} 2 wks, ice",
            "{P-y PT} if not better. h/o {D-h ankle fracture} 2005",
        ),
    )
    sheet.print(90, low + 680, "Signature", size=24)
    sheet.sign(250, low + 676, 380, hand)
    back = Sheet(random)
    pages = tuple(
        ChartPage(sheet=page, scan=faxed(skewed(scan(page), skew), random), role=role)
        for page, skew, role in ((sheet, 0.6, "content"), (back, -0.4, "blank"))
    )
    visit = Visit(
        patient_name="Marchbank, Finley",
        birth_date="1988-08-14",
        record_number="CR40216",
        date_of_service="2013-06-11",
        provider="Stroud, Helga",
        sex=None,
        pages=(1,),
        codes=(
            ("ICD9CM", "845.00", "Ankle sprain"),
            ("ICD9CM", "924.11", "Contusion, knee"),
            ("CPT", "99213", "Established visit, level 3"),
            ("CPT", "73610", "X-ray ankle, 3 views"),
            ("HCPCS", "E0114", "Crutches, pair"),
            ("HCPCS", "L4350", "Ankle brace, stirrup"),
        ),
    )
    return Chart(name="encounter-form-ortho.tif", pages=pages, visits=(visit,))


def well_child_form(random: np.random.Generator) -> Chart:
    """A check-up at one year: milestones, vaccines, a few words."""
    hand = Hand(font="zeyada", height=27, ink=BLUE, weight=2)
    sheet = Sheet(random)
    letterhead(
        sheet,
        "Poppyfield Pediatrics",
        "3 Nursery Walk, Larkbridge   555-0158",
        "{p WELL CHILD VISIT} - 12 MONTHS",
        face="roboto",
    )
    field(sheet, 90, 320, 860, "Child's name", "Milo Featherstone", hand)
    field(sheet, 890, 320, 1240, "DOB", "5/2/2015", hand)
    checkbox(sheet, 1300, 320, "M", T, hand)
    checkbox(sheet, 1440, 320, "F", B, hand)
    field(sheet, 90, 392, 700, "Date of visit", "5/9/2016", hand)
    field(sheet, 730, 392, 1120, "MRN", "PP-8804", hand)
    field(sheet, 1150, 392, 1610, "MD", "Sunita Raghav", hand)
    field(sheet, 90, 464, 480, "Weight", "21 lb 4 oz", hand)
    field(sheet, 510, 464, 860, "Length", "29.5 in", hand)
    field(sheet, 890, 464, 1240, "Head", "46 cm", hand)
    low = grid(
        sheet,
        560,
        (
            (
                90,
                (
                    (
                        "MILESTONES",
                        (("Pulls to stand", T), ("Says mama, dada", T), ("Waves bye-bye", T), ("Walks alone", B)),
                    ),
                    ("VISIT", (("{P Well child visit}", T), ("{P Developmental screening}", B))),
                ),
            ),
            (
                620,
                (
                    (
                        "VACCINES GIVEN",
                        (
                            ("{P MMR}", T),
                            ("{P Varicella}", T),
                            ("{P Hepatitis A}", T),
                            ("{P Pneumococcal}", B),
                            ("{P Influenza}", B),
                        ),
                    ),
                ),
            ),
            (
                1150,
                (
                    ("LABS", (("{P Hemoglobin}", T), ("{P Lead level}", T), ("{P Urinalysis}", B))),
                    ("HISTORY", (("{D Ear infections}", B), ("{D Eczema}", T), ("{D Food allergy}", B))),
                ),
            ),
        ),
        hand,
        pitch=58,
    )
    body(
        sheet,
        hand,
        110,
        low + 90,
        86,
        (
            "Healthy 12 mo old, growing well. No {D-n fever}, no concerns.",
            "{D Eczema} on cheeks - {s hydrocortisone} 1 % prn",
            "Father {D-f peanut allergy}. Avoid nuts for now.",
            "{P MMR}, {P varicella}, {P hep A} given, tolerated",
            "{s Tylenol} if {D-y fever}. Next visit 15 mo",
        ),
    )
    sheet.print(90, low + 660, "Provider signature", size=24)
    sheet.sign(350, low + 655, 360, hand)
    picture = softened(shaded(skewed(scan(sheet), -0.5), 0.06, random), 0.55, 2.0, random)
    visit = Visit(
        patient_name="Featherstone, Milo",
        birth_date="2015-05-02",
        record_number="PP-8804",
        date_of_service="2016-05-09",
        provider="Raghav, Sunita",
        sex="M",
        pages=(1,),
        codes=(
            ("ICD10CM", "Z00.129", "Well child visit"),
            ("ICD10CM", "L30.9", "Eczema"),
            ("ICD10CM", "Z23", "MMR"),
            ("CPT", "99392", "Well child visit"),
            ("CPT", "90707", "MMR"),
            ("CPT", "90716", "Varicella"),
            ("CPT", "90633", "Hepatitis A"),
            ("CPT", "90471", "MMR"),
            ("CPT", "90472", "Varicella"),
            ("CPT", "85018", "Hemoglobin"),
            ("CPT", "83655", "Lead level"),
        ),
    )
    return Chart(name="well-child-visit.pdf", pages=(ChartPage(sheet=sheet, scan=picture),), visits=(visit,))
