"""The pages of an encounter for its evidence packet: as corrected, masked, drawn from the originals one at a time."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from pipeline.claims.masks import masks
from pipeline.claims.whose import IdentityFinder, meet, part_masks
from pipeline.errors import ChartError, ExportError
from pipeline.export.evidence import Mask, PacketPage
from pipeline.inbox.originals import Originals
from pipeline.layers.pages import as_set
from pipeline.layers.written import laid_over, standing
from pipeline.lexicon import load_lexicon
from pipeline.records import (
    Anchor,
    Box,
    ConfirmedEncounter,
    Encounter,
    Line,
    Page,
    PageSource,
    Patient,
    Pixels,
    Reading,
)
from pipeline.render import Renderer
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.store.audit_proof import Proof
from pipeline.store.placed import pages_of
from pipeline.store.review_state import Review
from pipeline.store.rows import ProposedEncounter
from pipeline.wiring.folders import work_folder

DOUBTFUL_BELOW = 0.7
"""A line less sure than this may hide a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charts:
    """What the store knows of all charts, looked up once for any number of packets."""

    store: Store
    originals: Originals
    render: Renderer
    find_identity: IdentityFinder
    encounters: tuple[ProposedEncounter, ...]
    reviews: Mapping[str, Review]
    proof: Proof
    """Of the audit log."""

    def others(self, id: str) -> tuple[Patient, ...]:
        """Every identity of the other encounters, as confirmed and as read."""
        found: dict[Patient, None] = {}
        for each in self.encounters:
            review = self.reviews.get(each.id, Review())
            if each.id == id or review.merged_into is not None:
                continue
            if review.patient is not None:
                found[review.patient] = None
            if (read := _read(each.proposal)) is not None:
                found[read] = None
        return tuple(found)

    def sharing(self, source: PageSource, id: str) -> tuple[ProposedEncounter, ...]:
        """The other encounters that a page is of as well."""
        return tuple(
            each for each in self.encounters if each.id != id and (source.document, source.page) in self._sources(each)
        )

    def _sources(self, each: ProposedEncounter) -> frozenset[tuple[str, int]]:
        pages = pages_of(each.proposal, each.document, self.reviews.get(each.id, Review()))
        return frozenset((page.document, page.page) for page in pages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """An encounter's pages, and what was found out while they were masked."""

    pages: tuple[PacketPage, ...]
    lines: Mapping[int, tuple[Line, ...]]
    """Of each page, without what is masked: of a line that a mask meets, the words that it leaves."""
    doubtful: tuple[tuple[int, int], ...]
    """Pages with lines that may be misread, and how many."""
    notes: tuple[str, ...]


def charts(settings: Settings, store: Store) -> Charts:
    """What packets are made from."""
    return Charts(
        store=store,
        originals=Originals(settings.data_dir),
        render=Renderer(settings.render, work_folder(settings)),
        find_identity=_identity_finder(),
        encounters=store.readings.encounters(),
        reviews=store.decisions.reviews(),
        proof=store.audit.verify(),
    )


@cache
def _identity_finder() -> IdentityFinder:
    return IdentityFinder(load_lexicon())


def gather(charts: Charts, encounter: ConfirmedEncounter, anchors: Collection[Anchor]) -> Gathered:
    """The pages of a signed encounter and of no other.

    Args:
        charts: what the store knows.
        encounter: as it was signed.
        anchors: the ink of its billed codes.

    Raises:
        ExportError: a page, or what was read of it, is missing.
    """
    review = charts.reviews.get(encounter.id, Review())
    sources = review.pages or tuple(PageSource(number=n, document=encounter.document, page=n) for n in encounter.pages)
    readings = {document: _reading(charts, document, encounter) for document in {s.document for s in sources}}
    own = readings.get(encounter.document) or _reading(charts, encounter.document, encounter)
    proposal = next((each.proposal for each in charts.encounters if each.id == encounter.id), None)
    if proposal is None:
        raise ExportError("The encounter is not in the store any more.")
    found = as_set(sources, proposal, own, readings)
    if found.missing:
        raise ExportError(f"Page {', '.join(map(str, found.missing))} is missing from what was read of its file.")
    others = charts.others(encounter.id)
    pages, lines, doubtful, notes = [], {}, [], list[str]()
    for source, page in zip(sources, found.pages, strict=True):
        written = [line for line in standing(review.lines) if line.page == page.number]
        page = laid_over(page, written)[0] if written else page
        ink = [box for anchor in anchors if anchor.page == page.number for box in anchor.boxes]
        identified = charts.find_identity(page, encounter.patient)
        hidden = (
            *masks(page.lines, encounter.patient, others, provider=encounter.provider),
            *identified.masks,
            *_parts(charts, encounter, source, readings[source.document], ink, notes),
        )
        notes.extend(identified.notes)
        if any(meet(mask.box, box) for mask in hidden for box in ink):
            notes.append(f"Page {page.number}: ink of a billed code is masked as another person's; look at it.")
        pages.append(_packet_page(charts, source, page, _single(hidden)))
        lines[page.number] = tuple(_left(page.lines, hidden))
        if doubts := sum(_is_doubtful(line) for line in page.lines):
            doubtful.append((page.number, doubts))
    return Gathered(pages=tuple(pages), lines=lines, doubtful=tuple(doubtful), notes=tuple(dict.fromkeys(notes)))


def _reading(charts: Charts, document: str, encounter: ConfirmedEncounter) -> Reading:
    number = encounter.reading if document == encounter.document else None
    reading = charts.store.readings.get(document, number)
    if reading is None:
        raise ExportError("What was read of the chart is missing from the store; run `inkchart reconcile`.")
    return reading


def _parts(
    charts: Charts,
    encounter: ConfirmedEncounter,
    source: PageSource,
    reading: Reading,
    ink: Iterable[Box],
    notes: list[str],
) -> tuple[Mask, ...]:
    """What of a page that several encounters share is the others'."""
    sharing = charts.sharing(source, encounter.id)
    if not sharing:
        return ()
    page = next(page for page in reading.pages if page.number == source.page)
    known = [(each.id, each.proposal) for each in charts.encounters if each.document == source.document]
    owners = charts.find_identity.parts(reading.pages, known)
    here = {owners.get((page.number, line.id)) for line in page.lines}
    if encounter.id not in here or not here & {each.id for each in sharing}:
        notes.append(f"Page {source.number} is of another encounter too and could not be parted; look at all of it.")
        return ()
    notes.append(f"Page {source.number} is of another encounter too: look whether all of that one is masked.")
    if page.loose_ink is None:
        notes.append(f"Page {source.number}: strokes that are no text were not looked for, so none of them is masked.")
    kept = charts.find_identity(page, encounter.patient).own
    return part_masks(page, encounter.id, owners, kept, ink)


def _packet_page(charts: Charts, source: PageSource, page: Page, hidden: tuple[Mask, ...]) -> PacketPage:
    return PacketPage(
        number=source.number,
        width=page.width,
        height=page.height,
        turn=page.turn,
        image=_image(charts, source),
        masks=hidden,
    )


def _image(charts: Charts, source: PageSource) -> Callable[[], Pixels | None]:
    def draw() -> Pixels | None:
        document = charts.store.arrivals.document(source.document)
        if document is None or not charts.originals.intact(document.sha256):
            return None
        try:
            return charts.render.page(charts.originals.path(document.sha256), source.page).pixels
        except (ChartError, ValueError):  # it cannot be decoded any more, or has no such page
            return None

    return draw


def _single(hidden: Iterable[Mask]) -> tuple[Mask, ...]:
    """One mask a box, for the first reason that was found."""
    by_box: dict[Box, Mask] = {}
    for mask in hidden:
        by_box.setdefault(mask.box, mask)
    return tuple(by_box.values())


def _left(lines: Iterable[Line], hidden: Collection[Mask]) -> Iterator[Line]:
    for line in lines:
        boxes = [mask.box for mask in hidden if line.box is None or meet(mask.box, line.box)]
        words = tuple(
            word
            for word in line.words
            if not boxes or (word.box is not None and not any(meet(box, word.box) for box in boxes))
        )
        if words or not line.words:
            yield (
                line
                if len(words) == len(line.words)
                else replace(line, words=words, text=" ".join(word.text for word in words))
            )


def _is_doubtful(line: Line) -> bool:
    sure = line.confidence is None or line.confidence >= DOUBTFUL_BELOW
    return not sure or any(word.unreadable for word in line.words)


def _read(proposal: Encounter) -> Patient | None:
    name, born, number = proposal.patient_name, proposal.birth_date, proposal.record_number
    if name is None and number is None:
        return None
    return Patient(
        name=name.value if name else "",
        birth_date=date.fromisoformat(born.value) if born else None,
        record_number=number.value if number else None,
        sex=None,
    )
