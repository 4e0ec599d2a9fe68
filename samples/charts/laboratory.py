"""Laboratory: an order, and a note with the printed result behind it."""

import numpy as np

from samples.charts.notes import INK, body
from samples.drawing.chart import Chart, ChartPage, Visit
from samples.drawing.effects import scan, shaded, skewed, softened, turned
from samples.drawing.handwriting import Hand
from samples.drawing.sheet import Sheet
from samples.drawing.stationery import checkbox, field, letterhead, ruled


def lab_order(random: np.random.Generator) -> Chart:
    """A laboratory order: printed head, written body."""
    hand = Hand(font="dawning-of-a-new-day", height=24, ink=INK, weight=2)
    sheet = Sheet(random)
    letterhead(
        sheet,
        "Northgate Internal Medicine",
        "81 Assembly Road, Harrowgate   555-0184",
        "LABORATORY ORDER",
        face="roboto",
    )
    field(sheet, 90, 330, 860, "PATIENT", "Marcella Obuya", hand)
    field(sheet, 890, 330, 1250, "DOB", "10/5/1962", hand)
    field(sheet, 1280, 330, 1610, "SEX", "F", hand)
    field(sheet, 90, 410, 860, "ORDERED BY", "Dr. Simon Achterberg", hand)
    field(sheet, 890, 410, 1610, "DATE OF SERVICE", "2/20/2014", hand)
    field(sheet, 90, 490, 860, "CHART NO.", "NIM 7715", hand)
    checkbox(sheet, 890, 490, "Fasting", "ticked", hand)
    checkbox(sheet, 1120, 490, "Stat", "blank", hand)
    sheet.shade(90, 540, 1610, 592)
    sheet.print(110, 577, "DIAGNOSIS OR SYMPTOM (required)", size=28, weight=700)
    ruled(sheet, 680, 950, 90, colour=(170, 170, 176))
    body(
        sheet,
        hand,
        120,
        680,
        90,
        (
            "{D DM2}, {D hyperlipidemia}",
            "{D fatigue} x 2 mo, r/o {D-u hypothyroidism}",
            "{D-f colon cancer} in mother, no {D-n weight loss}",
        ),
    )
    sheet.shade(90, 1000, 1610, 1052)
    sheet.print(110, 1037, "TESTS REQUESTED", size=28, weight=700)
    ruled(sheet, 1140, 1780, 90, colour=(170, 170, 176))
    body(
        sheet,
        hand,
        120,
        1140,
        90,
        (
            "{P CBC}",
            "{P CMP}",
            "{P Lipid panel}",
            "{P Hemoglobin A1c}",
            "{P TSH}",
            "{P Urinalysis}",
            "{P Venipuncture} done in office 8:40 am",
        ),
    )
    sheet.print(90, 1900, "Physician signature", size=24)
    sheet.sign(350, 1890, 380, hand)
    sheet.print(90, 2080, "Results are sent to the ordering practice within two working days.", size=22)
    picture = softened(skewed(scan(sheet), -1.1), 0.6, 0.0, random)
    visit = Visit(
        patient_name="Obuya, Marcella",
        birth_date="1962-10-05",
        record_number="NIM7715",
        date_of_service="2014-02-20",
        provider="Achterberg, Simon",
        sex="F",
        pages=(1,),
        codes=(
            ("ICD9CM", "250.00", "DM2"),
            ("ICD9CM", "272.4", "hyperlipidemia"),
            ("ICD9CM", "780.79", "fatigue"),
            ("CPT", "85025", "CBC"),
            ("CPT", "80053", "CMP"),
            ("CPT", "80061", "Lipid panel"),
            ("CPT", "83036", "Hemoglobin A1c"),
            ("CPT", "84443", "TSH"),
            ("CPT", "36415", "Venipuncture"),
        ),
    )
    return Chart(name="lab-order.png", pages=(ChartPage(sheet=sheet, scan=picture),), visits=(visit,))


def uti_note(random: np.random.Generator) -> Chart:
    """A bladder infection, and the laboratory's printed sheet that was scanned sideways."""
    hand = Hand(font="la-belle-aurore", height=24, ink=INK, weight=2, wildness=1.6)
    sheet = Sheet(random, tint=(244, 244, 240))
    ruled(sheet, 300, 2080, 86, colour=(182, 190, 202))
    sheet.write(120, 120, "Rosalind Achebe", hand)
    sheet.write(900, 120, "DOB 7/9/1985", hand)
    sheet.write(120, 210, "DOS 12/1/2010", hand)
    sheet.write(900, 210, "MRN 61-0733   Dr. I. Penhallow", hand)
    body(
        sheet,
        hand,
        130,
        386,
        86,
        (
            "CC: {D burning with urination} x 2 d, {D frequency}",
            "No {D-n fever}, no {D-n flank pain}, no {D-n vaginal discharge}",
            "h/o {D-h UTI} 2008. Denies {D-n hematuria}",
            "PE: afebrile, no {D-n CVA tenderness}, abd soft",
            "{P Urine dip}: leuk 2+, nitrite pos",
            "{P Urine pregnancy test} neg",
            "A: {D UTI}, doubt {D-u pyelonephritis}",
            "P: {s Macrobid} 100 mg bid x 5 d",
            "{P Urine culture} sent",
            "return if {D-y fever} or {D-y vomiting}",
        ),
    )
    sheet.sign(1000, 1500, 400, hand)
    report = Sheet(random)
    report.print(120, 160, "VALE REFERENCE LABORATORY", size=40, face="courier-prime", weight=700)
    rows = (
        "Patient: ACHEBE, ROSALIND      DOB: 07/09/1985",
        "MRN: 61-0733                   Ordered by: PENHALLOW, I",
        "Collected: 12/01/2010          Reported: 12/03/2010",
        "",
        "{P URINE CULTURE}",
        "Organism: Escherichia coli  >100,000 CFU/mL",
        "{s Nitrofurantoin}    S",
        "{s Ciprofloxacin}     S",
        "{s Ampicillin}        R",
        "",
        "End of report",
    )
    y = 280
    for row in rows:
        if row:
            report.print(120, y, row, size=30, face="courier-prime")
        y += 62
    report.rule(120, 200, 1580, thick=3)
    first = softened(shaded(skewed(scan(sheet), 1.5), 0.12, random), 0.7, 3.0, random)
    second = softened(turned(scan(report), 90), 0.6, 2.0, random)
    visit = Visit(
        patient_name="Achebe, Rosalind",
        birth_date="1985-07-09",
        record_number="61-0733",
        date_of_service="2010-12-01",
        provider="Penhallow, I",
        sex=None,
        pages=(1, 2),
        codes=(
            ("ICD9CM", "599.0", "UTI"),
            ("CPT", "81002", "Urine dip"),
            ("CPT", "81025", "Urine pregnancy test"),
            ("CPT", "87086", "Urine culture"),
        ),
    )
    pages = (ChartPage(sheet=sheet, scan=first), ChartPage(sheet=report, scan=second))
    return Chart(name="uti-note.tif", pages=pages, visits=(visit,), quality=55)
