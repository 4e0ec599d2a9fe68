"""Understanding one encounter anew with people's corrections on its pages.

pages -> written lines laid over -> entities -> their ids and contexts -> one encounter -> candidate codes
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from pipeline.layers.meaning import meant, with_ids
from pipeline.layers.pages import as_proposed, as_set
from pipeline.layers.visit import confirmed, merged, own_share
from pipeline.layers.written import laid_over, standing
from pipeline.process import TextReader, TextStages
from pipeline.records import (
    Encounter,
    Entity,
    Finding,
    LaidLine,
    Layer,
    Page,
    PageRole,
    Reading,
    Understanding,
)


def matters(layer: Layer, proposal: Encounter) -> bool:
    """Whether a layer can change what is understood; a fact that was confirmed as it was read cannot."""
    if layer.pages is not None or layer.lines or layer.contexts:
        return True
    if layer.date_of_service is not None and _differs(proposal.date_of_service, layer.date_of_service):
        return True
    patient = layer.patient
    return patient is not None and (
        _differs(proposal.birth_date, patient.birth_date) or _differs(proposal.sex, patient.sex)
    )


def _differs(read: Finding | None, said: date | str | None) -> bool:
    return (read.value if read else None) != (said.isoformat() if isinstance(said, date) else said)


def relayered(
    proposal: Encounter,
    own: Reading,
    layer: Layer,
    text: TextReader,
    *,
    others: Mapping[str, Reading] | None = None,
) -> Understanding:
    """One encounter as it is understood with people's corrections.

    Args:
        proposal: the encounter as the reading proposes it.
        own: reading of its file.
        layer: what people changed.
        text: from text to candidate codes.
        others: latest reading of each other file that pages were brought from, by document id.
    """
    gathered = as_proposed(proposal, own)
    if layer.pages is not None:
        gathered = as_set(layer.pages, proposal, own, others or {})
    pages, laid = _laid(gathered.pages, layer)
    if layer.pages is None and not layer.lines:
        by_id = {entity.id: entity for entity in own.entities}
        entities, encounter = tuple(by_id[id] for id in proposal.entities), proposal
    else:
        entities, encounter = _found(proposal, own, layer, pages, text.stages)
    entities, unmatched = meant(entities, layer.contexts)
    encounter = confirmed(encounter, layer)
    if gathered.missing:
        numbers = ", ".join(map(str, gathered.missing))
        gone = f"Page {numbers} of this encounter is missing from the latest reading of its file."
        encounter = replace(encounter, conflicts=(*encounter.conflicts, gone))
    as_read = {page.number: page for page in own.pages}
    return Understanding(
        pages=tuple(page for page in pages if as_read.get(page.number) != page),
        encounter=encounter,
        entities=entities,
        candidates=text.stages.suggest_codes(encounter, entities),
        lines=laid,
        unmatched=unmatched,
        provenance=text.provenance,
    )


def as_reading(understanding: Understanding, own: Reading) -> Reading:
    """What a screen shows of an understanding: its encounter on all pages of its file and on those brought to it."""
    changed = {page.number: page for page in understanding.pages}
    numbers = {page.number for page in own.pages}
    return replace(
        own,
        pages=(
            *(changed.get(page.number, page) for page in own.pages),
            *(page for number, page in sorted(changed.items()) if number not in numbers),
        ),
        entities=understanding.entities,
        encounters=(understanding.encounter,),
        candidates=understanding.candidates,
        provenance=understanding.provenance,
    )


def _laid(pages: Sequence[Page], layer: Layer) -> tuple[tuple[Page, ...], tuple[LaidLine, ...]]:
    """Pages with the lines that people wrote on them; a blank page on which something was written is blank no more."""
    counting = standing(layer.lines)
    changed: list[Page] = []
    laid: list[LaidLine] = []
    for page in pages:
        written = [line for line in counting if line.page == page.number]
        if written:
            page, made = laid_over(page, written)
            page = replace(page, role=PageRole.CONTENT) if page.lines else page
            laid.extend(made)
        changed.append(page)
    laid += [LaidLine(written=line, line=None, read="") for line in counting if line not in {x.written for x in laid}]
    place = {line: n for n, line in enumerate(counting)}
    return tuple(changed), tuple(sorted(laid, key=lambda each: place[each.written]))


def _found(
    proposal: Encounter, own: Reading, layer: Layer, pages: tuple[Page, ...], stages: TextStages
) -> tuple[tuple[Entity, ...], Encounter]:
    """The encounter and its entities as the pages say them now."""
    content = tuple(page for page in pages if page.role is PageRole.CONTENT)
    found = stages.find_entities(content)
    encounters = stages.find_encounters(content, found)
    ids = with_ids(found, own.entities)
    entities = tuple(replace(entity, id=ids[entity.id]) for entity in found)
    encounters = tuple(replace(each, entities=tuple(ids[id] for id in each.entities)) for each in encounters)
    if layer.pages is None:
        neighbours = [other for other in own.encounters if other.id != proposal.id]
        encounter = own_share(proposal, neighbours, encounters, entities)
    else:
        numbers = tuple(sorted(source.number for source in layer.pages))
        every = tuple(entity.id for entity in entities)
        encounter = replace(merged(proposal, encounters), pages=numbers, entities=every)
    own_entities = {*encounter.entities}
    return tuple(entity for entity in entities if entity.id in own_entities), encounter
