"""Every type that passes between stages.

Records are frozen and keyword-only; a change makes a new one. Boxes are pixels of the page as
rendered (after EXIF rotation, before any cleanup), origin top left. Confidences and scores are
probabilities from 0 to 1; what is unknown is None, never 0. Times are aware and UTC; dates of
service are plain dates.
"""

from pipeline.records.codes import (
    CLAIMED,
    Candidate,
    Code,
    CodeSystem,
    CodeWarning,
    Evidence,
)
from pipeline.records.decided import (
    Anchor,
    ConfirmedCode,
    ConfirmedEncounter,
    ContextChange,
    Layer,
    PageSource,
    Patient,
    WrittenLine,
)
from pipeline.records.findings import (
    Addendum,
    Attribute,
    Context,
    Encounter,
    Entity,
    Finding,
    Label,
)
from pipeline.records.pages import (
    Alternative,
    Box,
    CleanImage,
    Layout,
    Line,
    LineKind,
    LineSpan,
    Mark,
    MarkRegion,
    MarkState,
    Matrix,
    Page,
    PageImage,
    PageQuality,
    PageRole,
    Pixels,
    Region,
    TextWord,
    Word,
)
from pipeline.records.results import (
    Part,
    Provenance,
    Reading,
    RecognizedLine,
)

__all__ = [
    "CLAIMED",
    "Addendum",
    "Alternative",
    "Anchor",
    "Attribute",
    "Box",
    "Candidate",
    "CleanImage",
    "Code",
    "CodeSystem",
    "CodeWarning",
    "ConfirmedCode",
    "ConfirmedEncounter",
    "Context",
    "ContextChange",
    "Encounter",
    "Entity",
    "Evidence",
    "Finding",
    "Label",
    "Layer",
    "Layout",
    "Line",
    "LineKind",
    "LineSpan",
    "Mark",
    "MarkRegion",
    "MarkState",
    "Matrix",
    "Page",
    "PageImage",
    "PageQuality",
    "PageRole",
    "PageSource",
    "Part",
    "Patient",
    "Pixels",
    "Provenance",
    "Reading",
    "RecognizedLine",
    "Region",
    "TextWord",
    "Word",
    "WrittenLine",
]
