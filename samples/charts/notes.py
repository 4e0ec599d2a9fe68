"""Handwritten visit notes."""

import numpy as np

from samples.drawing.chart import Chart, ChartPage, Visit
from samples.drawing.effects import faxed, scan, shaded, skewed, softened, stained
from samples.drawing.handwriting import Hand
from samples.drawing.sheet import Sheet
from samples.drawing.stationery import field, letterhead, ruled

BLUE = (30, 44, 128)
INK = (26, 26, 34)
PENCIL = (86, 86, 92)


def body(sheet: Sheet, hand: Hand, x: int, top: int, pitch: int, lines: tuple[str, ...]) -> int:
    """Write lines under each other, a little off the rule; returns the y of the next one."""
    y = top
    for line in lines:
        if line:
            sheet.write(x + sheet.random.normal(0, 5), y - 6 + sheet.random.normal(0, 2), line, hand)
        y += pitch
    return y


def uri_note(random: np.random.Generator) -> Chart:
    """A cold, on the practice's ruled progress note."""
    hand = Hand(font="homemade-apple", height=23, ink=BLUE)
    sheet = Sheet(random)
    letterhead(sheet, "Alder Creek Family Practice", "12 Mill Lane, Fernbrook   Tel 555-0142", "PROGRESS NOTE")
    field(sheet, 100, 312, 820, "Patient:", "Dana Quillfeather", hand)
    field(sheet, 850, 312, 1180, "DOB:", "5/2/1971", hand)
    field(sheet, 1210, 312, 1600, "MRN:", "004417", hand)
    field(sheet, 100, 390, 620, "Date of service:", "3/14/2017", hand)
    field(sheet, 850, 390, 1600, "Provider:", "Tess Okonjo, MD", hand)
    ruled(sheet, 480, 2060, 78)
    body(
        sheet,
        hand,
        110,
        480 + 78,
        78,
        (
            "CC: {D cough} x 3 d, {D sore throat}",
            "HPI: 45 yo F c/o dry {D cough}, {D runny nose}, low grade {D fever}.",
            "Denies {D-n CP}, {D-n SOB}. No {D-n ear pain}.",
            "PMH: {D HTN}, {D DM2}      FH: father {D-f MI} age 60",
            "Meds: {s lisinopril} 10 mg qd, {s metformin} 500 mg bid",
            "Exam: T 99.8  BP 138/84  HR 82",
            "Throat red, no exudate. Lungs clear, no {D-n wheezes}.",
            "{P Rapid strep test} negative. Possible {D-u strep}, cx sent.",
            "",
            "A/P: 1. {D URI} - fluids, rest, salt water gargle",
            "2. {D HTN} stable, continue {s lisinopril}",
            "3. {D DM2} - {P A1c} today",
            "Return if {D-y fever} > 101 or {D-y SOB}",
        ),
    )
    sheet.print(1000, 1900, "Signature", size=24)
    sheet.sign(1130, 1890, 330, hand)
    picture = softened(skewed(scan(sheet), 0.7), 0.6, 2.5, random)
    visit = Visit(
        patient_name="Quillfeather, Dana",
        birth_date="1971-05-02",
        record_number="004417",
        date_of_service="2017-03-14",
        provider="Okonjo, Tess",
        sex="F",
        pages=(1,),
        codes=(
            ("ICD10CM", "J06.9", "URI"),
            ("ICD10CM", "I10", "HTN"),
            ("ICD10CM", "E11.9", "DM2"),
            ("CPT", "87880", "Rapid strep test"),
            ("CPT", "83036", "A1c"),
        ),
    )
    return Chart(name="clinic-note-uri.pdf", pages=(ChartPage(sheet=sheet, scan=picture),), visits=(visit,))


def asthma_note(random: np.random.Generator) -> Chart:
    """An asthma attack, on school paper with a red margin and a coffee ring."""
    hand = Hand(font="nothing-you-could-do", height=25, ink=INK, weight=1, wildness=1.1)
    sheet = Sheet(random, tint=(250, 246, 236))
    ruled(sheet, 200, 2120, 64, margin=210)
    body(
        sheet,
        hand,
        240,
        200,
        64,
        (
            "Pt: Halloran, Beatrix     MRN 77-3105",
            "DOB 9-30-2006          2-5-2018",
            "Dr. Amos Trelawney",
            "",
            "CC: {D wheezing} and {D cough} since Saturday",
            "11 yo F w mod persistent {D asthma}, out of {s inhaler}.",
            "No {D-n fever}, no {D-n chest pain}. Mother has {D-f asthma}",
            "and {D-f eczema}. h/o {D-h pneumonia} 2014.",
            "",
            "Meds: {s Flovent} 44 mcg 2 puffs bid, {s albuterol} prn",
            "PE: RR 26  SpO2 94 %  HR 110",
            "diffuse exp {D wheezes}, no {D-n retractions}",
            "{P Spirometry} pre and post, FEV1 68 % to 84 %",
            "{P Nebulizer treatment} {s albuterol} 2.5 mg x 1",
            "",
            "A: {D Asthma exacerbation}, mod persistent",
            "r/o {D-u pneumonia} if not better",
            "P: {s prednisolone} 30 mg qd x 5 d",
            "{S spacer} for {s inhaler}, home {S nebulizer}",
            "call if {D-y SOB} worse. RTC 1 wk",
        ),
    )
    sheet.sign(1000, 1640, 420, hand)
    picture = stained(scan(sheet), 1320, 1800, 170, random)
    picture = softened(shaded(skewed(picture, 1.2), 0.08, random), 0.6, 2.5, random)
    visit = Visit(
        patient_name="Halloran, Beatrix",
        birth_date="2006-09-30",
        record_number="77-3105",
        date_of_service="2018-02-05",
        provider="Trelawney, Amos",
        sex="F",
        pages=(1,),
        codes=(
            ("ICD10CM", "J45.41", "Asthma exacerbation, mod persistent"),
            ("CPT", "94640", "Nebulizer treatment"),
            ("CPT", "94060", "Spirometry pre and post"),
            ("HCPCS", "A4627", "spacer"),
            ("HCPCS", "E0570", "nebulizer"),
        ),
    )
    return Chart(name="asthma-visit.jpg", pages=(ChartPage(sheet=sheet, scan=picture),), visits=(visit,), quality=48)


def ear_note(random: np.random.Generator) -> Chart:
    """Ears: wax washed out and an infection, fed in aslant."""
    hand = Hand(font="shadows-into-light", height=27, ink=BLUE, weight=2, wildness=1.6)
    sheet = Sheet(random)
    letterhead(sheet, "Dr. Winifred Brackenbury", "Internal and Family Medicine, Thistledown", "{p OFFICE VISIT}")
    field(sheet, 100, 312, 900, "Patient Name", "Cyril Dunmorrow", hand)
    field(sheet, 930, 312, 1600, "Date of Birth", "6-17-1948", hand)
    field(sheet, 100, 390, 700, "Record No.", "B-4480", hand)
    field(sheet, 930, 390, 1600, "Visit Date", "4-26-2019", hand)
    for y, heading, line in (
        (500, "Chief complaint", "{D hearing loss} R ear x 1 wk, {D ear pain}"),
        (720, "Exam", "R canal: {D cerumen impaction}. L TM normal."),
        (960, "Procedure", "{P Ear lavage} R, wax out, then TM red, bulging"),
        (1200, "Assessment", "{D Otitis media} R, {D cerumen impaction} R"),
        (1440, "Plan", "{s amoxicillin} 500 mg tid x 10 d. {s Debrox} prn"),
    ):
        sheet.print(100, y, heading, size=29, weight=700)
        sheet.rule(100, y + 14, 1600)
        sheet.write(130, y + 92, line, hand)
    sheet.write(130, 720 + 172, "Denies {D-n dizziness}, {D-n tinnitus}. {D HTN} controlled.", hand)
    sheet.write(130, 1440 + 172, "recheck 2 wks, return if {D-y fever}", hand)
    sheet.print(100, 1840, "Provider signature", size=24)
    sheet.sign(360, 1830, 420, hand)
    picture = softened(skewed(scan(sheet), 3.1), 0.7, 3.0, random)
    visit = Visit(
        patient_name="Dunmorrow, Cyril",
        birth_date="1948-06-17",
        record_number="B-4480",
        date_of_service="2019-04-26",
        provider="Brackenbury, Winifred",
        sex=None,
        pages=(1,),
        codes=(
            ("ICD10CM", "H66.91", "Otitis media R"),
            ("ICD10CM", "H61.21", "cerumen impaction R"),
            ("ICD10CM", "I10", "HTN"),
            ("CPT", "69209", "Ear lavage"),
        ),
    )
    return Chart(name="ear-visit.jpg", pages=(ChartPage(sheet=sheet, scan=picture),), visits=(visit,), quality=55)


def chest_pain_fax(random: np.random.Generator) -> Chart:
    """Chest pain, sent by fax: one bit a pixel, with the machine's own line on top."""
    hand = Hand(font="kalam", height=21, ink=INK, wildness=1.8)
    sheet = Sheet(random)
    sheet.print(
        90,
        60,
        "09/04/2014 08:12   FROM: MARLOW MEDICAL 555-0190   TO: 555-0121   PAGE 1/1",
        size=24,
        face="courier-prime",
    )
    letterhead(sheet, "Marlow Medical Group", "77 Orchard Road, Wickhaven", "ACUTE VISIT")
    field(sheet, 100, 318, 860, "Patient:", "Gideon Ashworth", hand)
    field(sheet, 890, 318, 1600, "DOB:", "12/01/1957", hand)
    field(sheet, 100, 396, 860, "DOS:", "09/03/2014", hand)
    field(sheet, 890, 396, 1600, "MRN:", "MM30127", hand)
    field(sheet, 100, 474, 860, "Provider:", "Nora Castellane, DO", hand)
    body(
        sheet,
        hand,
        110,
        590,
        88,
        (
            "CC: {D chest pain} x 2 days, burning, after meals",
            "HPI: 56 yo M, {D smoker} 1 ppd. No {D-n SOB}, no {D-n syncope}.",
            "Hx {D hyperlipidemia}, h/o {D-h MI} 2009 s/p {P-h stent}",
            "FH: brother {D-f CAD}, mother {D-f stroke}",
            "Exam: BP 142/88, chest wall nontender, RRR",
            "{P EKG}: NSR, no ST changes",
            "A/P: 1) {D Chest pain}, likely {D-u GERD}, r/o {D-u angina}",
            "{s omeprazole} 20 mg daily, {P-y stress test} if persists",
            "2) {D Tobacco use} - counselled to quit",
            "3) {D Hyperlipidemia} - {s simvastatin} 40 mg",
            "To ER if {D-y chest pain} at rest",
        ),
    )
    sheet.sign(140, 1680, 380, hand)
    picture = faxed(skewed(scan(sheet), -0.9), random)
    visit = Visit(
        patient_name="Ashworth, Gideon",
        birth_date="1957-12-01",
        record_number="MM30127",
        date_of_service="2014-09-03",
        provider="Castellane, Nora",
        sex="M",
        pages=(1,),
        codes=(
            ("ICD9CM", "786.50", "Chest pain"),
            ("ICD9CM", "305.1", "Tobacco use"),
            ("ICD9CM", "272.4", "Hyperlipidemia"),
            ("ICD9CM", "412", "h/o MI 2009"),
            ("CPT", "93000", "EKG"),
        ),
    )
    return Chart(name="chest-pain-fax.tif", pages=(ChartPage(sheet=sheet, scan=picture),), visits=(visit,))


def diabetes_bitmap(random: np.random.Generator) -> Chart:
    """A diabetes follow-up, scanned black and white without noise."""
    hand = Hand(font="caveat", height=23, ink=INK, weight=1, wildness=1.7)
    sheet = Sheet(random)
    ruled(sheet, 300, 2080, 70, colour=(188, 204, 226))
    sheet.print(850, 110, "FERN HOLLOW CLINIC", size=40, weight=700, centre=True)
    field(sheet, 90, 190, 760, "Name", "Lucinda Wrenfield", hand)
    field(sheet, 790, 190, 1180, "DOB", "3/19/1950", hand)
    field(sheet, 1210, 190, 1620, "Date", "9/7/2011", hand)
    field(sheet, 90, 256, 760, "MRN", "FH 00652", hand)
    field(sheet, 790, 256, 1620, "Provider", "P. Idowu MD", hand)
    body(
        sheet,
        hand,
        100,
        370,
        70,
        (
            "F/u {D DM2}. Sugars 140 to 200 at home. Feet numb at night.",
            "Denies {D-n polyuria}, {D-n blurred vision}. No {D-n hypoglycemia}.",
            "PMH {D HTN}, {D hypothyroidism}. s/p {P-h cholecystectomy} 1998",
            "FH sister {D-f breast cancer}",
            "Meds {s glipizide} 5 mg bid, {s levothyroxine} 75 mcg, {s HCTZ} 25",
            "BP 130/76 Wt 188. Feet: decreased monofilament bilat,",
            "no {D-n ulcer}. Heart regular, no {D-n murmur}.",
            "",
            "{P A1c} 8.1 today in office, {P urine microalbumin} sent",
            "",
            "Imp: {D DM2 with neuropathy}",
            "{D HTN} well controlled",
            "{D Hypothyroidism} - {P TSH}",
            "Plan: {s gabapentin} 100 mg qhs, {P-y eye exam} referral",
            "Rx {S test strips} #100, {S lancets} #100",
            "RTC 3 mo",
        ),
    )
    sheet.sign(1050, 1560, 380, hand)
    picture = faxed(scan(sheet), random, speckle=0.0, streak=False)
    visit = Visit(
        patient_name="Wrenfield, Lucinda",
        birth_date="1950-03-19",
        record_number="FH00652",
        date_of_service="2011-09-07",
        provider="Idowu, P",
        sex=None,
        pages=(1,),
        codes=(
            ("ICD9CM", "250.60", "DM2 with neuropathy"),
            ("ICD9CM", "357.2", "DM2 with neuropathy"),
            ("ICD9CM", "401.9", "HTN"),
            ("ICD9CM", "244.9", "Hypothyroidism"),
            ("CPT", "83036", "A1c"),
            ("CPT", "82043", "urine microalbumin"),
            ("CPT", "84443", "TSH"),
            ("HCPCS", "A4253", "test strips"),
            ("HCPCS", "A4259", "lancets"),
        ),
    )
    return Chart(name="diabetes-followup.bmp", pages=(ChartPage(sheet=sheet, scan=picture),), visits=(visit,))
