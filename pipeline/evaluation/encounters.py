"""Encounters: are their pages and their facts exactly right?

A field counts where the truth states it. It is right where the proposed value, normalised as text is
(spaces left out of record numbers), equals the truth's; an encounter that was not proposed has none right.
"""

from enum import StrEnum

from pipeline.evaluation.cer import normalise
from pipeline.evaluation.codes import match_encounters
from pipeline.evaluation.places import PlacedChart
from pipeline.evaluation.shares import Share
from pipeline.records import Finding


class Field(StrEnum):
    """A fact of an encounter, by its name in the records."""

    PATIENT_NAME = "patient_name"
    BIRTH_DATE = "birth_date"
    RECORD_NUMBER = "record_number"
    DATE_OF_SERVICE = "date_of_service"
    PROVIDER = "provider"


def pages_right(chart: PlacedChart) -> Share:
    """Encounters proposed with exactly their pages; blank pages and separators do not count."""
    matched = match_encounters(chart.truth.encounters, chart.reading.encounters)
    content = {page for true in chart.truth.encounters for page in true.pages}
    right = sum(found is not None and set(found.pages) & content == set(true.pages) for true, found in matched)
    return Share(right=right, of=len(matched))


def field_right(chart: PlacedChart, field: Field) -> Share:
    """Encounters whose field is exactly right, of those whose truth states it."""
    right = of = 0
    for true, found in match_encounters(chart.truth.encounters, chart.reading.encounters):
        stated: str | None = getattr(true, field)
        if stated is None:
            continue
        of += 1
        right += says_the_same(getattr(found, field) if found is not None else None, stated, field)
    return Share(right=right, of=of)


def says_the_same(finding: Finding | None, stated: str, field: Field) -> bool:
    """Whether what was found is what the chart states."""
    return finding is not None and _bare(finding.value, field) == _bare(stated, field)


def _bare(value: str, field: Field) -> str:
    bare = normalise(value)
    return bare.replace(" ", "") if field is Field.RECORD_NUMBER else bare
