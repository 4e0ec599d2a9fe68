"""Prescriptions and a procedure sheet."""

import numpy as np

from samples.charts.notes import BLUE, INK, PENCIL, body
from samples.drawing.chart import Chart, ChartPage, Visit
from samples.drawing.effects import faxed, photographed, scan, shaded, skewed, softened
from samples.drawing.handwriting import Hand
from samples.drawing.sheet import Sheet
from samples.drawing.stationery import checkbox, field, letterhead


def _pad(sheet: Sheet, doctor: str, address: str, licence: str) -> None:
    """The printed part of a prescription pad."""
    middle = sheet.width / 2
    sheet.frame(30, 30, sheet.width - 30, sheet.height - 30, thick=4)
    sheet.print(middle, 110, doctor, size=46, face="source-serif-4", weight=700, centre=True)
    sheet.print(middle, 154, address, size=25, face="source-serif-4", centre=True)
    sheet.print(middle, 192, licence, size=22, face="source-serif-4", centre=True)
    sheet.rule(60, 214, sheet.width - 60, thick=3)


def antibiotic_prescription(random: np.random.Generator) -> Chart:
    """A prescription for a child's ear, photographed with a phone."""
    hand = Hand(font="la-belle-aurore", height=24, ink=BLUE, weight=2)
    sheet = Sheet(random, width=1100, height=1400, tint=(246, 250, 252))
    _pad(sheet, "Marguerite Lowell, MD", "Pediatrics, 18 Cloister Way, Fernbrook", "Lic. 55-0042     Tel 555-0119")
    field(sheet, 70, 290, 1020, "Patient", "Theodora Vance", hand)
    field(sheet, 70, 368, 540, "DOB", "1/27/2012", hand)
    field(sheet, 570, 368, 1020, "Date", "11/8/2016", hand)
    sheet.print(80, 500, "Rx", size=84, face="source-serif-4", weight=700)
    body(
        sheet,
        hand,
        130,
        600,
        92,
        (
            "{s Amoxicillin} susp 400 mg per 5 ml",
            "Sig: 8 ml po bid x 10 days",
            "Disp: 160 ml",
            "",
            "Dx: L {D otitis media}",
            "no h/o {D-n penicillin allergy}",
        ),
    )
    field(sheet, 70, 1180, 420, "Refills", "0", hand)
    checkbox(sheet, 560, 1180, "Substitution permitted", "ticked", hand, size=25)
    sheet.rule(520, 1300, 1030)
    sheet.sign(560, 1292, 380, hand)
    sheet.print(520, 1334, "Signature of prescriber", size=21)
    picture = photographed(scan(sheet), random, width=1300, height=1700, tilt=1.25)
    visit = Visit(
        patient_name="Vance, Theodora",
        birth_date="2012-01-27",
        record_number=None,
        date_of_service="2016-11-08",
        provider="Lowell, Marguerite",
        sex=None,
        pages=(1,),
        codes=(("ICD10CM", "H66.92", "L otitis media"),),
    )
    return Chart(
        name="prescription-amoxicillin.jpeg", pages=(ChartPage(sheet=sheet, scan=picture),), visits=(visit,), quality=68
    )


def splint_prescription(random: np.random.Generator) -> Chart:
    """A prescription for supplies, written in pencil-grey."""
    hand = Hand(font="kristi", height=30, ink=PENCIL, weight=2)
    sheet = Sheet(random, width=1100, height=1400)
    _pad(sheet, "Bartholomew Finch, DO", "Hand and Wrist Care, 205 Foundry Row", "Lic. 21-7788     Tel 555-0163")
    field(sheet, 70, 290, 1020, "Name", "Odessa Kirkwall", hand)
    field(sheet, 70, 368, 540, "DOB", "07-04-1969", hand)
    field(sheet, 570, 368, 1020, "Date", "01-22-2015", hand)
    field(sheet, 70, 446, 540, "MRN", "HW 1432", hand)
    sheet.print(80, 570, "Rx", size=84, face="source-serif-4", weight=700)
    body(
        sheet,
        hand,
        140,
        660,
        94,
        (
            "1. {S Wrist splint}, cock-up, R, wear at night",
            "2. {S Ace wrap} 3 inch",
            "Dx {D carpal tunnel syndrome} R",
            "possible {D-u tendinitis}, no {D-n fracture}",
            "{P-y steroid injection} if not better 6 wks",
        ),
    )
    sheet.rule(520, 1290, 1030)
    sheet.sign(560, 1282, 380, hand)
    sheet.print(520, 1324, "Signature", size=21)
    picture = softened(skewed(scan(sheet), 1.4), 0.6, 2.0, random)
    visit = Visit(
        patient_name="Kirkwall, Odessa",
        birth_date="1969-07-04",
        record_number="HW1432",
        date_of_service="2015-01-22",
        provider="Finch, Bartholomew",
        sex=None,
        pages=(1,),
        codes=(
            ("ICD9CM", "354.0", "carpal tunnel syndrome"),
            ("HCPCS", "L3908", "Wrist splint"),
            ("HCPCS", "A6449", "Ace wrap"),
        ),
    )
    return Chart(name="prescription-splint.pdf", pages=(ChartPage(sheet=sheet, scan=picture),), visits=(visit,))


def knee_injection(random: np.random.Generator) -> Chart:
    """A procedure sheet with printed sentences whose gaps are filled in by hand."""
    hand = Hand(font="rock-salt", height=25, ink=INK, wildness=0.8)
    sheet = Sheet(random)
    letterhead(
        sheet,
        "Stonebridge Sports Medicine",
        "140 Causeway, Millhaven   555-0127",
        "{p JOINT INJECTION} RECORD",
        face="roboto",
    )
    field(sheet, 90, 330, 900, "Patient:", "Percy Oakhurst", hand)
    field(sheet, 930, 330, 1610, "Birth date:", "12-19-1951", hand)
    field(sheet, 90, 412, 900, "Record #:", "SB-6120", hand)
    field(sheet, 930, 412, 1610, "Service date:", "8-21-2017", hand)
    field(sheet, 90, 494, 900, "Physician:", "Dr. Yara Melnyk", hand)
    field(sheet, 90, 600, 1610, "Indication:", "R {D knee osteoarthritis}, {D knee pain}", hand)
    sheet.print(90, 690, "Risks and benefits were explained and consent was given.", size=27)
    field(sheet, 90, 780, 1610, "Procedure:", "{P Joint injection} R knee", hand)
    field(sheet, 90, 870, 860, "Medication:", "{S Kenalog} 40 mg", hand)
    field(sheet, 890, 870, 1610, "Anesthetic:", "{s Lidocaine} 1% 4 ml", hand)
    sheet.print(90, 960, "Complications", size=27)
    checkbox(sheet, 300, 960, "None", "ticked", hand)
    checkbox(sheet, 460, 960, "{D Bleeding}", "blank", hand)
    checkbox(sheet, 660, 960, "{D Vasovagal reaction}", "blank", hand)
    sheet.print(90, 1050, "Comments", size=27, weight=700)
    body(
        sheet,
        hand,
        110,
        1140,
        96,
        (
            "No {D-n effusion}, no {D-n infection}",
            "h/o {D-h gout}. Failed NSAIDs, {P-h PT}",
            "{S knee sleeve} given",
            "ER if {D-y fever}, {D-y redness}",
        ),
    )
    sheet.print(90, 1640, "Signature", size=24)
    sheet.sign(260, 1632, 400, hand)
    picture = faxed(shaded(skewed(scan(sheet), 0.8), 0.05, random), random, speckle=0.0004, streak=False)
    visit = Visit(
        patient_name="Oakhurst, Percy",
        birth_date="1951-12-19",
        record_number="SB-6120",
        date_of_service="2017-08-21",
        provider="Melnyk, Yara",
        sex=None,
        pages=(1,),
        codes=(
            ("ICD10CM", "M17.11", "R knee osteoarthritis"),
            ("CPT", "20610", "Joint injection R knee"),
            ("HCPCS", "J3301", "Kenalog 40 mg"),
        ),
    )
    return Chart(name="knee-injection.png", pages=(ChartPage(sheet=sheet, scan=picture),), visits=(visit,))
