from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from pipeline.process import InkStages, Stages, TextStages, process, understand
from pipeline.records import CleanImage, Entity, Layout, Page, PageImage, PageRole, Provenance
from tests import charts

BLANK, SEPARATOR, WRITTEN = 0, 1, 2


def stages(kinds: list[int], seen: list[tuple[Page, ...]]) -> Stages:
    """Stages whose pages are blank, separators or written, by the one pixel that they have."""

    def render(source: Path) -> Iterator[PageImage]:
        for number, kind in enumerate(kinds, 1):
            yield PageImage(number=number, pixels=np.full((1, 1, 3), kind, np.uint8), dpi=None)

    def clean(image: PageImage) -> CleanImage:
        blank = int(image.pixels[0, 0, 0]) == BLANK
        return CleanImage(
            page=image,
            pixels=image.pixels[:, :, 0],
            turn=0,
            skew_degrees=0.0,
            to_page=np.eye(3),
            quality=replace(charts.QUALITY, blank=blank),
        )

    def find_entities(pages: tuple[Page, ...]) -> tuple[Entity, ...]:
        seen.append(pages)
        return (charts.entity("n1"), charts.entity("n2"))

    return Stages(
        ink=InkStages(
            render=render,
            is_separator=lambda image: int(image.pixels[0, 0, 0]) == SEPARATOR,
            clean=clean,
            find_layout=lambda clean: Layout(lines=()),
            read=lambda clean, layout: charts.page(clean.page.number),
        ),
        text=TextStages(
            find_entities=find_entities,
            find_encounters=lambda pages, entities: (charts.encounter(entities=("n2",), day=None),),
            suggest_codes=lambda encounter, entities: tuple(charts.candidate(entity=e.id) for e in entities),
        ),
        provenance=Provenance(version="1", settings="", parts=()),
    )


@pytest.mark.parametrize(
    ("kinds", "parts"),
    [
        ([WRITTEN, WRITTEN], [1, 1]),
        ([WRITTEN, SEPARATOR, WRITTEN], [1, 2, 2]),
        ([SEPARATOR, WRITTEN], [1, 1]),
        ([WRITTEN, SEPARATOR, SEPARATOR, WRITTEN], [1, 2, 3, 3]),
        ([WRITTEN, BLANK, SEPARATOR, WRITTEN, BLANK], [1, 1, 2, 2, 2]),
    ],
)
def test_a_separator_sheet_begins_the_next_part(kinds: list[int], parts: list[int]) -> None:
    reading = process("id", Path("x"), stages(kinds, []))
    assert [page.part for page in reading.pages] == parts
    roles = {WRITTEN: PageRole.CONTENT, BLANK: PageRole.BLANK, SEPARATOR: PageRole.SEPARATOR}
    assert [page.role for page in reading.pages] == [roles[kind] for kind in kinds]


def test_blank_and_separator_pages_are_kept_but_not_searched() -> None:
    seen: list[tuple[Page, ...]] = []
    reading = process("id", Path("x"), stages([WRITTEN, BLANK, SEPARATOR, WRITTEN], seen))
    assert len(reading.pages) == 4
    assert [page.number for page in seen[0]] == [1, 4]


def test_nobody_is_asked_to_scan_a_separator_sheet_again() -> None:
    def pale(clean: CleanImage, layout: Layout) -> Page:
        return replace(charts.page(clean.page.number), quality=replace(charts.QUALITY, advice="Scan it darker."))

    made = stages([SEPARATOR, WRITTEN], [])
    reading = process("id", Path("x"), replace(made, ink=replace(made.ink, read=pale)))
    assert [page.quality.advice for page in reading.pages] == [None, "Scan it darker."]


def test_an_encounter_gets_candidates_for_its_own_entities_only() -> None:
    reading = process("id", Path("x"), stages([WRITTEN], []))
    assert [candidate.entity for candidate in reading.candidates] == ["n2"]


def test_a_given_date_of_service_stands_where_the_page_says_none() -> None:
    day = date(2014, 5, 6)
    text = stages([], []).text
    _, (undated,), _ = understand([charts.page()], text, date_of_service=day)
    assert undated.date_of_service is not None and undated.date_of_service.value == "2014-05-06"
    dated = replace(text, find_encounters=lambda pages, entities: (charts.encounter(entities=()),))
    _, (encounter,), _ = understand([charts.page()], dated, date_of_service=day)
    assert encounter.date_of_service is not None and encounter.date_of_service.value == "2012-03-14"


def test_each_page_is_told_when_it_is_done() -> None:
    told: list[int] = []
    process("id", Path("x"), stages([WRITTEN, BLANK, WRITTEN], []), on_page=told.append)
    assert told == [1, 2, 3]
