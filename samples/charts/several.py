"""Files of several pages: two visits, two patients, a page upside down."""

from dataclasses import replace

import numpy as np

from samples.charts.notes import BLUE, INK, body
from samples.drawing.chart import Chart, ChartPage, Visit
from samples.drawing.effects import faxed, scan, skewed, softened, turned
from samples.drawing.handwriting import Hand
from samples.drawing.sheet import Sheet
from samples.drawing.stationery import field, lay_separator, letterhead, ruled


def two_visits(random: np.random.Generator) -> Chart:
    """One back, two visits: the first before October 2015, the second after."""
    hand = Hand(font="cedarville-cursive", height=25, ink=BLUE)
    pages: list[ChartPage] = []
    for day, top_line, lines in (
        (
            "9/28/2015",
            "First visit",
            (
                "CC: {D low back pain} x 5 d after lifting boxes",
                "34 yo M. No {D-n fever}, no {D-n leg weakness}.",
                "Denies {D-n bladder problems}. h/o {D-h kidney stones}",
                "Exam: tender L4 L5, SLR neg",
                "{P Urinalysis} dip: no {D-n hematuria}",
                "A: {D Low back pain}",
                "P: {P Toradol injection} 60 mg IM given",
                "heat, {s cyclobenzaprine} 10 mg qhs",
                "{P-y MRI} if not better",
            ),
        ),
        (
            "10/12/2015",
            "Follow-up",
            (
                "Back some better, now {D R leg pain}",
                "No {D-n fever}, no {D-n weight loss}",
                "Exam: SLR positive R, reflexes equal",
                "A: {D Sciatica} R side, {D muscle spasm} of back",
                "r/o {D-u herniated disc}",
                "P: {s prednisone} taper, {P PT} 2 x wk",
                "{S Lumbar brace} fitted",
                "Call if {D-y leg weakness}",
            ),
        ),
    ):
        sheet = Sheet(random)
        letterhead(sheet, "Alder Creek Family Practice", "12 Mill Lane, Fernbrook   Tel 555-0142", "PROGRESS NOTE")
        field(sheet, 100, 318, 820, "Patient:", "Jasper Holloway", hand)
        field(sheet, 850, 318, 1180, "DOB:", "6/3/1981", hand)
        field(sheet, 1210, 318, 1600, "MRN:", "005120", hand)
        field(sheet, 100, 400, 620, "Date of service:", day, hand)
        field(sheet, 850, 400, 1600, "Provider:", "Tess Okonjo, MD", hand)
        ruled(sheet, 490, 2080, 88)
        body(sheet, hand, 120, 490 + 88, 88, (top_line, *lines))
        sheet.sign(1080, 1880, 400, hand)
        picture = softened(skewed(scan(sheet), 0.5 - 0.9 * len(pages)), 0.6, 2.0, random)
        pages.append(ChartPage(sheet=sheet, scan=picture))
    before = Visit(
        patient_name="Holloway, Jasper",
        birth_date="1981-06-03",
        record_number="005120",
        date_of_service="2015-09-28",
        provider="Okonjo, Tess",
        sex="M",
        pages=(1,),
        codes=(
            ("ICD9CM", "724.2", "Low back pain"),
            ("CPT", "96372", "Toradol injection"),
            ("CPT", "81002", "Urinalysis dip"),
            ("HCPCS", "J1885", "Toradol injection 60 mg"),
        ),
    )
    after = replace(
        before,
        date_of_service="2015-10-12",
        sex=None,
        pages=(2,),
        codes=(
            ("ICD10CM", "M54.31", "Sciatica R side"),
            ("ICD10CM", "M62.830", "muscle spasm of back"),
        ),
    )
    return Chart(name="two-visits.pdf", pages=tuple(pages), visits=(before, after))


def two_patients(random: np.random.Generator) -> Chart:
    """Two charts in one scan, told apart by a separator sheet; the first has a blank back."""
    first_hand = Hand(font="zeyada", height=27, ink=INK, weight=2)
    second_hand = Hand(font="caveat", height=25, ink=BLUE, weight=2)
    first, back, separator, second = (Sheet(random) for _ in range(4))
    for sheet, hand, name, birth, record, lines in (
        (
            first,
            first_hand,
            "Imogen Saltmarsh",
            "8/25/1939",
            "W-2204",
            (
                "Here for {P B12 injection}, monthly",
                "{D Pernicious anemia}, feels better",
                "No {D-n numbness}, no {D-n chest pain}",
                "PMH {D hypothyroidism}, {D-h breast cancer} 1996",
                "sister {D-f diabetes}",
                "{S Cyanocobalamin} 1000 mcg IM R deltoid",
                "{P CBC} next month. RTC 4 wks",
            ),
        ),
        (
            second,
            second_hand,
            "Oswin Breckenridge",
            "2/14/1990",
            "W-3187",
            (
                "CC: {D sore throat}, {D fever} 102 since Tuesday",
                "No {D-n cough}, no {D-n rash}. Son had {D-f strep}",
                "Exam: tonsils 2+ w exudate, tender nodes",
                "{P Rapid strep} positive",
                "A: {D Strep pharyngitis}",
                "P: {P Bicillin injection} 1.2 MU IM, fluids",
                "ER if {D-y trouble breathing}",
            ),
        ),
    ):
        letterhead(sheet, "Willowmere Clinic", "5 Ferry Road, Willowmere   555-0170", "VISIT NOTE")
        field(sheet, 100, 320, 860, "Patient", name, hand)
        field(sheet, 890, 320, 1250, "DOB", birth, hand)
        field(sheet, 1280, 320, 1600, "MRN", record, hand)
        field(sheet, 100, 400, 700, "Date of service", "10/22/2018", hand)
        field(sheet, 890, 400, 1600, "Provider", "Dr. Abel Norrington", hand)
        body(sheet, hand, 120, 530, 96, lines)
        sheet.sign(160, 1400, 400, hand)
    lay_separator(separator)
    pages = tuple(
        ChartPage(sheet=sheet, scan=softened(skewed(scan(sheet), skew), 0.55, 2.0, random), role=role, part=part)
        for sheet, skew, role, part in (
            (first, 0.8, "content", 1),
            (back, 0.3, "blank", 1),
            (separator, -0.6, "separator", 2),
            (second, -1.3, "content", 2),
        )
    )
    visits = (
        Visit(
            patient_name="Saltmarsh, Imogen",
            birth_date="1939-08-25",
            record_number="W-2204",
            date_of_service="2018-10-22",
            provider="Norrington, Abel",
            sex=None,
            pages=(1,),
            codes=(
                ("ICD10CM", "D51.0", "Pernicious anemia"),
                ("ICD10CM", "E03.9", "hypothyroidism"),
                ("ICD10CM", "Z85.3", "breast cancer 1996"),
                ("CPT", "96372", "B12 injection"),
                ("HCPCS", "J3420", "Cyanocobalamin 1000 mcg"),
            ),
        ),
        Visit(
            patient_name="Breckenridge, Oswin",
            birth_date="1990-02-14",
            record_number="W-3187",
            date_of_service="2018-10-22",
            provider="Norrington, Abel",
            sex=None,
            pages=(4,),
            codes=(
                ("ICD10CM", "J02.0", "Strep pharyngitis"),
                ("CPT", "87880", "Rapid strep"),
                ("CPT", "96372", "Bicillin injection"),
                ("HCPCS", "J0561", "Bicillin injection 1.2 MU"),
            ),
        ),
    )
    return Chart(name="two-patients.pdf", pages=pages, visits=visits)


def upside_down(random: np.random.Generator) -> Chart:
    """A history on two pages, the second fed in upside down."""
    hand = Hand(font="homemade-apple", height=23, ink=INK)
    pages: list[ChartPage] = []
    for number, lines in (
        (
            1,
            (
                "60 yo M for f/u {D HTN}, {D DM2}, {D high cholesterol}",
                "Feels well. Denies {D-n chest pain}, {D-n dyspnea}.",
                "h/o {D-h MI} 2009, {P-h CABG} 2009",
                "{P-h Appendectomy} 1975",
                "FH: father {D-f stroke}, brother {D-f DM2}",
                "SH: {D smoker} 1/2 ppd, no alcohol",
                "BP 150/92  HR 76  Wt 214",
                "Heart: regular, no {D-n murmur}. Lungs clear.",
                "No {D-n edema}. {D Obesity}",
            ),
        ),
        (
            2,
            (
                "{P EKG} today: old inferior changes",
                "{P A1c} 7.4, {P lipid panel} drawn",
                "Imp: 1. {D HTN}, not at goal, add {s HCTZ} 25",
                "2. {D DM2} fair control",
                "3. {D High cholesterol}, {s simvastatin} 40",
                "4. {D-h Old MI}, {s asa} 81 qd",
                "5. {D Tobacco use}, quit date set",
                "{P-y Stress test} if {D-y angina}",
                "RTC 3 months",
            ),
        ),
    ):
        sheet = Sheet(random)
        letterhead(
            sheet,
            "Thornbury Medical Associates",
            "22 High Street, Thornbury   555-0115",
            f"OFFICE NOTE - PAGE {number}",
        )
        field(sheet, 100, 320, 860, "Patient:", "Desmond Farrow", hand)
        field(sheet, 890, 320, 1250, "DOB:", "1/30/1952", hand)
        field(sheet, 1280, 320, 1600, "MRN:", "88214", hand)
        field(sheet, 100, 400, 700, "Date of service:", "4/17/2012", hand)
        field(sheet, 890, 400, 1600, "Provider:", "Dr. Celia Vantongeren", hand)
        body(sheet, hand, 120, 540, 98, lines)
        if number == 2:
            sheet.sign(1050, 1560, 400, hand)
        picture = skewed(scan(sheet), 0.5)
        picture = turned(picture, 180) if number == 2 else picture
        pages.append(ChartPage(sheet=sheet, scan=faxed(picture, random, speckle=0.0004, streak=False)))
    visit = Visit(
        patient_name="Farrow, Desmond",
        birth_date="1952-01-30",
        record_number="88214",
        date_of_service="2012-04-17",
        provider="Vantongeren, Celia",
        sex="M",
        pages=(1, 2),
        codes=(
            ("ICD9CM", "401.9", "HTN"),
            ("ICD9CM", "250.00", "DM2"),
            ("ICD9CM", "272.0", "High cholesterol"),
            ("ICD9CM", "412", "Old MI"),
            ("ICD9CM", "305.1", "Tobacco use"),
            ("ICD9CM", "278.00", "Obesity"),
            ("CPT", "93000", "EKG"),
            ("CPT", "83036", "A1c"),
            ("CPT", "80061", "lipid panel"),
        ),
    )
    return Chart(name="office-note-upside-down.tif", pages=tuple(pages), visits=(visit,))
