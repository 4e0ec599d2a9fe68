"""All samples, by file name."""

import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from samples.charts import consents, forms, injuries, laboratory, notes, orders, several, typed
from samples.drawing.chart import Chart

CHARTS: Mapping[str, Callable[[np.random.Generator], Chart]] = MappingProxyType(
    {
        "ankle-injury.jpg": injuries.ankle_note,
        "asthma-visit.jpg": notes.asthma_note,
        "chest-pain-fax.tif": notes.chest_pain_fax,
        "clinic-note-uri.pdf": notes.uri_note,
        "diabetes-followup.bmp": notes.diabetes_bitmap,
        "dictated-note.pdf": typed.dictated_note,
        "ear-visit.jpg": notes.ear_note,
        "encounter-form-ortho.tif": forms.ortho_form,
        "flu-clinic.webp": consents.flu_form,
        "hand-laceration.jpeg": injuries.laceration_photo,
        "knee-injection.png": orders.knee_injection,
        "lab-order.png": laboratory.lab_order,
        "office-note-upside-down.tif": several.upside_down,
        "prescription-amoxicillin.jpeg": orders.antibiotic_prescription,
        "prescription-splint.pdf": orders.splint_prescription,
        "two-patients.pdf": several.two_patients,
        "two-visits.pdf": several.two_visits,
        "typed-note-annotated.jpg": typed.annotated_note,
        "uti-note.tif": laboratory.uti_note,
        "well-child-visit.pdf": forms.well_child_form,
    }
)


def draw_chart(name: str) -> Chart:
    """Draw one sample, the same every time: its name is the seed."""
    return CHARTS[name](np.random.default_rng(zlib.crc32(name.encode())))
