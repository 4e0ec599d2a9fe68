"""Handwritten notes of injuries: an ankle, a cut hand."""

import numpy as np

from samples.charts.notes import BLUE, INK, body
from samples.drawing.chart import Chart, ChartPage, Visit
from samples.drawing.effects import photographed, scan, shaded, skewed, softened
from samples.drawing.handwriting import Hand
from samples.drawing.sheet import Sheet
from samples.drawing.stationery import field, letterhead


def ankle_note(random: np.random.Generator) -> Chart:
    """A sprained ankle on plain paper, saved once too often as JPEG."""
    hand = Hand(font="reenie-beanie", height=27, ink=BLUE, weight=2)
    sheet = Sheet(random, tint=(250, 249, 244))
    top = body(
        sheet,
        hand,
        120,
        150,
        84,
        (
            "Orla Pemberwick    DOB 11/23/1994    MRN 20881",
            "Date of service 7/30/2019      Dr Lew Haddock",
            "",
            "S: twisted R ankle stepping off curb yesterday",
            "c/o {D ankle pain}, {D swelling}. Denies {D-n numbness}.",
            "no h/o prior {D-n fracture}",
            "O: tender over ATFL, no {d-n bony tenderness}, can bear wt",
            "{P Xray ankle 3 views} : no {D-n fracture}",
            "A: {D R ankle sprain}",
            "P: RICE, {s ibuprofen} 600 mg tid w food",
            "{S Ace wrap} applied, {S air stirrup brace}",
            "{S Crutches} x 1 wk, WBAT",
            "f/u 2 wks, sooner if {D-y numbness}",
        ),
    )
    sheet.scribble(760, top + 40, 150, hand)
    sheet.write(120, top + 40, "no work until Monday", hand)
    sheet.sign(900, top + 190, 360, hand)
    picture = softened(shaded(skewed(scan(sheet), -1.8), 0.14, random), 0.9, 5.0, random)
    visit = Visit(
        patient_name="Pemberwick, Orla",
        birth_date="1994-11-23",
        record_number="20881",
        date_of_service="2019-07-30",
        provider="Haddock, Lew",
        sex=None,
        pages=(1,),
        codes=(
            ("ICD10CM", "S93.401A", "R ankle sprain"),
            ("CPT", "73610", "Xray ankle 3 views"),
            ("HCPCS", "E0114", "Crutches"),
            ("HCPCS", "L4350", "air stirrup brace"),
            ("HCPCS", "A6449", "Ace wrap"),
        ),
    )
    return Chart(name="ankle-injury.jpg", pages=(ChartPage(sheet=sheet, scan=picture),), visits=(visit,), quality=30)


def laceration_photo(random: np.random.Generator) -> Chart:
    """A cut hand, photographed on a table by a phone that was held sideways."""
    hand = Hand(font="covered-by-your-grace", height=30, ink=INK)
    sheet = Sheet(random)
    letterhead(sheet, "Harbor Street Urgent Care", "400 Harbor St, Saltmere   555-0177", "URGENT CARE NOTE")
    field(sheet, 100, 312, 800, "Name:", "Ruben Tallow", hand)
    field(sheet, 830, 312, 1160, "DOB:", "02/08/1983", hand)
    field(sheet, 1190, 312, 1600, "Chart #:", "HS-5520", hand)
    field(sheet, 100, 390, 620, "DOS:", "01/16/2020", hand)
    field(sheet, 830, 390, 1600, "Seen by:", "Ines Vardy, PA-C", hand)
    body(
        sheet,
        hand,
        110,
        500,
        92,
        (
            "CC: cut R hand on broken glass 2 hrs ago",
            "HPI: 36 yo M, {D laceration R hand}, {d bleeding} controlled",
            "Denies {D-n numbness}, denies {D-n weakness}. Last {p-h tetanus} 2007",
            "PMH: {D-h asthma} as a child. NKDA",
            "Exam: 2 cm {D lac} dorsum R hand, no {D-n foreign body},",
            "tendon intact, sensation ok",
            "Proc: {s lido} 1 pc local, irrigated w {s NS} 500 ml",
            "{P laceration repair} 4-0 nylon x 4 {s sutures}",
            "{S sterile gauze} 4x4 {s dressing}",
            "{P Tdap} 0.5 ml IM L deltoid",
            "A/P: {D laceration R hand}, {P simple repair}",
            "{p-y suture removal} 10 d. Return if {D-y infection}",
        ),
    )
    sheet.sign(150, 1760, 380, hand)
    picture = photographed(scan(sheet), random, width=1560, height=2080)
    visit = Visit(
        patient_name="Tallow, Ruben",
        birth_date="1983-02-08",
        record_number="HS-5520",
        date_of_service="2020-01-16",
        provider="Vardy, Ines",
        sex="M",
        pages=(1,),
        codes=(
            ("ICD10CM", "S61.411A", "laceration R hand"),
            ("ICD10CM", "Z23", "Tdap"),
            ("CPT", "12001", "laceration repair"),
            ("CPT", "90715", "Tdap"),
            ("CPT", "90471", "Tdap"),
            ("HCPCS", "A6402", "sterile gauze"),
        ),
    )
    return Chart(
        name="hand-laceration.jpeg", pages=(ChartPage(sheet=sheet, scan=picture),), visits=(visit,), quality=60
    )
