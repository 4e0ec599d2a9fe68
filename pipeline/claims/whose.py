"""Whose the lines of a page are: another encounter's part of it, and the identity of a person who is not the patient.

A page names a person in its own labels, as `Patient:` and `DOB:`. Where nothing of that is the confirmed patient's, it
is another person's and is masked. Where some of it is, the rest is taken for misread or wrong, and a person must look.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf

from pipeline.claims.masks import plain
from pipeline.entities.text.upright import turned
from pipeline.entities.visits.encounters import EncounterFinder
from pipeline.entities.visits.facts import Fact
from pipeline.entities.visits.fields import FieldFinder
from pipeline.entities.visits.names import same_person
from pipeline.entities.visits.page_facts import FactFinder
from pipeline.export.evidence import Mask, MaskReason
from pipeline.lexicon import Field, Lexicon
from pipeline.records import Box, Encounter, Line, Page, Patient

WHERE_ONE_LIVES = frozenset({"address", "phone", "tel", "telephone", "home phone", "work phone", "ssn", "email"})
"""Labels of what goes with a name, as the lexicon spells them."""
SAID = {Field.NAME: "a name", Field.BIRTH_DATE: "a birth date", Field.RECORD_NUMBER: "a record number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """What a page says of who it is of."""

    masks: tuple[Mask, ...]
    notes: tuple[str, ...]
    """Sentences on what a person must look at."""
    own: frozenset[str]
    """Ids of the lines that hold the patient's own identity."""


class IdentityFinder:
    """Reads whose a page is."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._find_facts = FactFinder(lexicon)
        self._find_fields = FieldFinder(lexicon)
        self._find_encounters = EncounterFinder(lexicon)

    def __call__(self, page: Page, patient: Patient) -> Identified:
        """Whose identity stands on a page of the encounter of a confirmed patient."""
        masks: list[Mask] = []
        notes: list[str] = []
        own: set[str] = set()
        for stretch in self._find_facts(page):
            facts = [fact for fact in stretch.facts if fact.field in SAID]
            agreeing = [fact for fact in facts if _agrees(fact, patient) is True]
            differing = [fact for fact in facts if _agrees(fact, patient) is False]
            own.update(span.line for fact in agreeing for span in fact.finding.spans)
            # A patient may have two numbers, the record's and an account's, but neither two names nor two births.
            fields_agreed = {fact.field for fact in agreeing} - {Field.RECORD_NUMBER}
            foreign = [fact for fact in differing if not agreeing or fact.field in fields_agreed]
            masks.extend(
                Mask(box=box, reason=MaskReason.IDENTITY)
                for fact in foreign
                for span in fact.finding.spans
                for box in span.boxes
            )
            if foreign and not agreeing:
                lines = range(stretch.first, stretch.last)
                masks.extend(Mask(box=box, reason=MaskReason.IDENTITY) for box in self._beside(page, lines))
            notes.extend(
                f"Page {page.number} has {SAID[fact.field]} that is not the confirmed patient's; look whose it is."
                for fact in differing
                if fact not in foreign
            )
        return Identified(masks=tuple(dict.fromkeys(masks)), notes=tuple(dict.fromkeys(notes)), own=frozenset(own))

    def parts(self, pages: tuple[Page, ...], encounters: Sequence[tuple[str, Encounter]]) -> dict[tuple[int, str], str]:
        """Of each line of a file, by page number and line id, the encounter in whose part it stands.

        Args:
            pages: of the file, as read.
            encounters: id and proposal of each of the file.
        """
        owners: dict[tuple[int, str], str] = {}
        for found, lines in self._find_encounters.lines(pages):
            rivals = [(id, each) for id, each in encounters if {*each.pages} & {*found.pages}]
            best = max(rivals, key=lambda rival: _likeness(found, rival[1]), default=None)
            if best is not None:
                owners.update(dict.fromkeys(lines, best[0]))
        return owners

    def _beside(self, page: Page, lines: Collection[int]) -> Iterator[Box]:
        """The words of addresses and the like, among some lines."""
        for value in self._find_fields(page):
            if value.line in lines and value.label.text.casefold() in WHERE_ONE_LIVES:
                yield from _words(page.lines[value.line], value.start, value.start + len(value.text))


def part_masks(
    page: Page,
    encounter: str,
    owners: dict[tuple[int, str], str],
    kept: Collection[str],
    anchored: Iterable[Box],
) -> tuple[Mask, ...]:
    """What of a page lies in another encounter's part of it.

    Args:
        page: with its number in its file.
        encounter: whose packet it is.
        owners: of `IdentityFinder.parts`.
        kept: ids of lines that stay whosever they are.
        anchored: the ink of the billed codes: a coder stands for its being this encounter's.
    """
    ink = tuple(anchored)
    placed = [(line, line.box) for line in page.lines if line.box is not None]
    foreign = [
        box
        for line, box in placed
        if owners.get((page.number, line.id), encounter) != encounter
        and line.id not in kept
        and not any(meet(box, each) for each in ink)
    ]
    own = [box for _, box in placed if box not in foreign]
    # What is no line, as a signature or a ticked box, is of whatever line it is nearest to.
    strokes = (*(page.loose_ink or ()), *(mark.box for mark in page.marks))
    foreign += [
        box
        for box in strokes
        if foreign
        and not any(meet(box, each) for each in ink)
        and _nearest(page, box, foreign) < _nearest(page, box, own)
    ]
    return tuple(Mask(box=box, reason=MaskReason.PART) for box in foreign)


def _nearest(page: Page, box: Box, lines: Iterable[Box]) -> tuple[float, float]:
    """How far a stroke is from the nearest of some lines: first in height, as the page is read, then in width."""
    here = turned(box, page)
    apart = (
        (max(here.y0 - each.y1, each.y0 - here.y1, 0), max(here.x0 - each.x1, each.x0 - here.x1, 0))
        for each in (turned(line, page) for line in lines)
    )
    return min(apart, default=(inf, inf))


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes share pixels."""
    return one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1


def _agrees(fact: Fact, patient: Patient) -> bool | None:
    """Whether a fact is the patient's; None where nobody confirmed it, or it cannot be told."""
    value = fact.finding.value
    match fact.field:
        case Field.NAME:
            return same_person(value, patient.name) is not False
        case Field.RECORD_NUMBER:
            return None if not patient.record_number else plain(value) == plain(patient.record_number)
        case Field.BIRTH_DATE if patient.birth_date is not None:
            born = patient.birth_date
            return value[5:] == f"{born:%m-%d}" and value[2:4] == f"{born:%y}"
    return None


def _words(line: Line, start: int, stop: int) -> Iterator[Box]:
    at = 0
    for word in line.words:
        box = word.box or line.box
        if at < stop and at + len(word.text) > start and box is not None:
            yield box
        at += len(word.text) + 1


def _likeness(found: Encounter, proposal: Encounter) -> float:
    """Share of pages in common, and a half for each of day and name that are the same."""
    pages = len({*found.pages} & {*proposal.pages}) / len({*found.pages} | {*proposal.pages})
    for name in ("date_of_service", "patient_name"):
        one, other = getattr(found, name), getattr(proposal, name)
        pages += 0.5 * (one is not None and other is not None and one.value == other.value)
    return pages
