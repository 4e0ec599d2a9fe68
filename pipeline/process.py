"""The pipeline: its stages, their types and their order.

    file -> page images -> clean images -> layout -> text -> entities -> encounters -> candidate codes

A page's pixels live only while that page is read, so memory does not grow with a file's length.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pipeline.records import (
    Candidate,
    CleanImage,
    Encounter,
    Entity,
    Finding,
    Layout,
    Page,
    PageImage,
    PageRole,
    Provenance,
    Reading,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InkStages:
    """From a file to the text on its pages."""

    render: Callable[[Path], Iterator[PageImage]]
    is_separator: Callable[[PageImage], bool]
    clean: Callable[[PageImage], CleanImage]
    find_layout: Callable[[CleanImage], Layout]
    read: Callable[[CleanImage, Layout], Page]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextStages:
    """From the text of pages to candidate codes; a typed note begins here."""

    find_entities: Callable[[tuple[Page, ...]], tuple[Entity, ...]]
    find_encounters: Callable[[tuple[Page, ...], tuple[Entity, ...]], tuple[Encounter, ...]]
    suggest_codes: Callable[[Encounter, tuple[Entity, ...]], tuple[Candidate, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReader:
    """The stages that look at text, for pages that were read before."""

    stages: TextStages
    provenance: Provenance
    """Of these stages alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """What the pipeline is made of; `wiring` builds it."""

    ink: InkStages
    text: TextStages
    provenance: Provenance


def process(
    document: str,
    source: Path,
    stages: Stages,
    *,
    date_of_service: date | None = None,
    on_page: Callable[[int], None] = lambda number: None,
    on_count: Callable[[int], None] = lambda count: None,
) -> Reading:
    """Read one file from ink to candidate codes.

    Args:
        document: id that the result will carry.
        source: the file.
        date_of_service: stands for every encounter whose page does not say one.
        on_page: told the number of each page that is done.
        on_count: told once how many pages the file has, where it says so.

    Raises:
        ChartError: this file cannot be read.
        SetupError: a program or model is missing.
    """
    pages: list[Page] = []
    part = 1
    for image in stages.ink.render(source):
        if image.of is not None and not pages:
            on_count(image.of)
        page, part = read_page(image, part, stages.ink)
        pages.append(page)
        on_page(page.number)
    entities, encounters, candidates = understand(pages, stages.text, date_of_service=date_of_service)
    return Reading(
        document=document,
        pages=tuple(pages),
        entities=entities,
        encounters=encounters,
        candidates=candidates,
        provenance=stages.provenance,
    )


def read_page(image: PageImage, part: int, stages: InkStages) -> tuple[Page, int]:
    """Read one page; the part of the file goes up by one at a separator sheet that follows other pages."""
    clean = stages.clean(image)
    if stages.is_separator(image):
        part = part + 1 if image.number > 1 else part
        page = stages.read(clean, Layout(lines=()))
        # Nobody reads the sheet, so nobody need scan it again.
        quality = replace(page.quality, advice=None)
        return replace(page, role=PageRole.SEPARATOR, part=part, quality=quality), part
    if clean.quality.blank:
        page = stages.read(clean, Layout(lines=()))
        return replace(page, role=PageRole.BLANK, part=part), part
    return replace(stages.read(clean, stages.find_layout(clean)), part=part), part


def understand(
    pages: Sequence[Page], stages: TextStages, *, date_of_service: date | None = None
) -> tuple[tuple[Entity, ...], tuple[Encounter, ...], tuple[Candidate, ...]]:
    """From pages that were read to entities, encounters and candidates."""
    content = tuple(page for page in pages if page.role is PageRole.CONTENT)
    entities = stages.find_entities(content)
    encounters = stages.find_encounters(content, entities)
    if date_of_service is not None:
        encounters = tuple(_dated(encounter, date_of_service) for encounter in encounters)
    by_id = {entity.id: entity for entity in entities}
    candidates = tuple(
        candidate
        for encounter in encounters
        for candidate in stages.suggest_codes(encounter, tuple(by_id[id] for id in encounter.entities))
    )
    return entities, encounters, candidates


def _dated(encounter: Encounter, day: date) -> Encounter:
    """The encounter with a date of service, if its page did not say one."""
    if encounter.date_of_service is not None:
        return encounter
    given = Finding(value=day.isoformat(), text=day.isoformat(), confidence=None, spans=())
    return replace(encounter, date_of_service=given)
