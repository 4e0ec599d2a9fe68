"""A consent with questions, yes and no."""

import numpy as np

from samples.charts.notes import BLUE
from samples.drawing.chart import Chart, ChartPage, Visit
from samples.drawing.effects import scan, shaded, skewed, softened
from samples.drawing.handwriting import Hand
from samples.drawing.sheet import Sheet
from samples.drawing.stationery import checkbox, field, letterhead

T, B = "ticked", "blank"


def flu_form(random: np.random.Generator) -> Chart:
    """A flu shot consent with questions, yes and no."""
    hand = Hand(font="over-the-rainbow", height=25, ink=BLUE, weight=2)
    sheet = Sheet(random, tint=(255, 253, 240))
    letterhead(
        sheet,
        "Tamarack County Health",
        "Public clinic, 60 Courthouse Square",
        "{p INFLUENZA VACCINE} RECORD AND CONSENT",
    )
    field(sheet, 90, 330, 900, "Last name, first name", "Lindqvist, Ansel", hand, size=25)
    field(sheet, 930, 330, 1600, "Date of birth", "04/12/1941", hand, size=25)
    field(sheet, 90, 410, 900, "Date of service", "10/15/2013", hand, size=25)
    field(sheet, 930, 410, 1600, "Record number", "TC-3371", hand, size=25)
    y = 520
    sheet.print(90, y, "Please answer these questions", size=29, weight=700)
    sheet.print(1310, y, "Yes", size=26, weight=700)
    sheet.print(1470, y, "No", size=26, weight=700)
    for question, answer in (
        ("Are you sick today?", "no"),
        ("Do you have an allergy to eggs?", "no"),
        ("Have you had a bad reaction to a vaccine?", "no"),
        ("Have you ever had Guillain-Barre syndrome?", "no"),
        ("Are you covered by Medicare part B?", "yes"),
    ):
        y += 74
        sheet.print(90, y, question, size=27)
        sheet.rule(90, y + 22, 1600, colour=(190, 190, 196), thick=1)
        checkbox(sheet, 1300, y, "Yes", T if answer == "yes" else B, hand, size=22)
        checkbox(sheet, 1460, y, "No", T if answer == "no" else B, hand, size=22)
    sheet.print(90, y + 110, "I have read the information sheet and I agree to be vaccinated.", size=27)
    sheet.print(90, y + 190, "Signature", size=25)
    sheet.sign(250, y + 185, 420, hand)
    top = y + 290
    sheet.frame(90, top, 1610, top + 560, thick=3)
    sheet.print(120, top + 56, "FOR CLINIC USE", size=28, weight=700)
    field(sheet, 120, top + 140, 860, "Vaccine", "{S Fluzone} 0.5 ml", hand)
    field(sheet, 900, top + 140, 1580, "Lot", "UH 482 AB", hand)
    field(sheet, 120, top + 224, 860, "Site", "L deltoid IM", hand)
    field(sheet, 900, top + 224, 1580, "Given by", "Joan Birdwell, RN", hand)
    sheet.write(130, top + 330, "{P flu vaccine} given, no reaction after 15 min", hand)
    sheet.write(130, top + 416, "h/o {D-h shingles} 2011. No {D-n fever} today.", hand)
    sheet.write(130, top + 502, "return if {D-y rash} or {D-y swelling}", hand)
    picture = softened(shaded(skewed(scan(sheet), 0.9), 0.1, random), 0.7, 3.0, random)
    visit = Visit(
        patient_name="Lindqvist, Ansel",
        birth_date="1941-04-12",
        record_number="TC-3371",
        date_of_service="2013-10-15",
        provider=None,
        sex=None,
        pages=(1,),
        codes=(
            ("ICD9CM", "V04.81", "flu vaccine"),
            ("HCPCS", "G0008", "flu vaccine"),
            ("HCPCS", "Q2038", "Fluzone"),
        ),
    )
    return Chart(name="flu-clinic.webp", pages=(ChartPage(sheet=sheet, scan=picture),), visits=(visit,), quality=60)
