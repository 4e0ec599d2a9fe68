"""The chain of the entity stage.

pages -> running text -> tokens -> sections -> repaired words -> senses -> terms -> context, details -> entities
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.entities.findings.context import ContextReader
from pipeline.entities.findings.details import DetailReader
from pipeline.entities.findings.levels import LevelReader, WrittenLevel
from pipeline.entities.findings.note import Found, Note
from pipeline.entities.findings.terms import TermFinder, term_index
from pipeline.entities.findings.written_codes import WrittenCode, written_codes
from pipeline.entities.findings.written_down import INJECTED, entities_of
from pipeline.entities.text.chart_text import page_text
from pipeline.entities.text.marks import MarkReader
from pipeline.entities.text.sections import Section, SectionFinder
from pipeline.entities.text.sentences import sentence_starts
from pipeline.entities.text.tokens import Tokenizer
from pipeline.entities.words.defined import explained_in
from pipeline.entities.words.gaps import GapMender
from pipeline.entities.words.known import KnownWords
from pipeline.entities.words.repair import Repairer
from pipeline.entities.words.shorthand import Shorthand
from pipeline.lexicon import Lexicon, Term
from pipeline.records import Entity, Label, MarkState, Page, PageRole

if TYPE_CHECKING:
    from spacy.language import Language

EXAMINED = frozenset({"objective", "physical_exam", "review_of_systems"})
"""Sections that list vital signs and examinations, which are part of the visit."""


class EntityFinder:
    """Finds diagnoses, procedures and supplies with their context on the pages of a file."""

    def __init__(self, lexicon: Lexicon, language: "Language", extra_terms: Iterable[Term] = ()) -> None:
        """Index the lists.

        Args:
            lexicon: terms, headings, shorthand and cues.
            language: the packaged spaCy pipeline, as `load_packaged` gives it.
            extra_terms: further terms, such as the descriptions of the code books.
        """
        tokenizer = Tokenizer(language)
        extra = tuple(extra_terms)
        terms = term_index(lexicon, tokenizer, extra)
        self._tokenize = tokenizer
        self._find_sections = SectionFinder(lexicon, tokenizer, terms)
        known = KnownWords(lexicon, extra)
        self._repair = Repairer(lexicon, known)
        self._mend_gaps = GapMender(lexicon, known)
        self._expand = Shorthand(lexicon, tokenizer, terms)
        self._find_terms = TermFinder(lexicon, tokenizer, terms)
        self._read_context = ContextReader(lexicon, tokenizer)
        self._read_details = DetailReader(lexicon, tokenizer)
        self._read_levels = LevelReader(lexicon)
        self._chronic = lexicon.chronic
        self._injections = frozenset(term.normalized for term in lexicon.terms if term.normalized.endswith(INJECTED))

    def __call__(self, pages: tuple[Page, ...]) -> tuple[Entity, ...]:
        """The entities of a file, in reading order, numbered from n1."""
        entities: list[Entity] = []
        before: Note | None = None
        for page in pages:
            if page.role is not PageRole.CONTENT:
                continue
            goes_on = before is not None and before.page.page.part == page.part
            note = self.note(page, before if goes_on else None)
            entities.extend(self._entities(note))
            before = note
        return tuple(replace(entity, id=f"n{number}") for number, entity in enumerate(entities, start=1))

    def note(self, page: Page, before: Note | None = None) -> Note:
        """A page's text, cut, sorted under its headings and repaired; it may go on with the page before."""
        text = page_text(page)
        tokens = self._mend_gaps(text, self._tokenize(text.text))
        carried = _last_section(before)
        sections = self._find_sections(tokens, carried, text.hand_starts())
        words = self._repair(text, tokens)
        explained = explained_in(tokens, words)
        if before is not None:
            explained |= before.explained
        senses = self._expand(tokens, words, sections, explained)
        starts = sentence_starts(tokens, sections, text.soft)
        return Note(text, tokens, words, sections, starts, senses, explained)

    def _found(self, note: Note) -> tuple[Found, ...]:
        matches = self._find_terms(note.tokens, note.senses, note.sections)
        found = [Found(match, note.senses[match.first].first, note.senses[match.last].last) for match in matches]
        return tuple(each for each in found if not _part_of_visit(each, note))

    def _entities(self, note: Note) -> list[Entity]:
        found = self._found(note)
        levels = self._levels(note, found)
        # "Established visit, level four": the level has the visit
        found = tuple(each for each in found if not (_is_visit(each) and _within(note, each, levels)))
        said = self._read_context(
            note.tokens,
            note.words,
            note.sections,
            note.starts,
            [each.place for each in found],
            done=[each.match.term.label is not Label.DIAGNOSIS for each in found],
        )
        details = self._read_details(
            note.page.text,
            note.tokens,
            note.words,
            note.starts,
            [each.match for each in found],
            [each.place for each in found],
            [each for each, _ in said],
        )
        read_mark = MarkReader(note.page.page)
        codes = _codes(note, found, read_mark)
        written = [(code.start, code.end) for code in codes]
        levels = tuple(each for each in levels if not any(a < each.end and each.start < b for a, b in written))
        return entities_of(note, found, said, details, (*codes, *levels), read_mark, self._chronic, self._injections)

    def _levels(self, note: Note, found: Sequence[Found]) -> tuple[WrittenLevel, ...]:
        others = [each for each in found if not _is_visit(each)]
        taken = [(note.tokens[each.first].start, note.tokens[each.last].end) for each in others]
        return self._read_levels(note.page, taken)


def _is_visit(found: Found) -> bool:
    name = found.match.term.normalized
    return "office visit" in name or name == "consultation"


def _within(note: Note, found: Found, levels: Sequence[WrittenLevel]) -> bool:
    first, end = note.tokens[found.first].start, note.tokens[found.last].end
    return any(level.start < end and first < level.end for level in levels)


def _last_section(before: Note | None) -> Section | None:
    return before.sections[-1] if before is not None and before.sections else None


def _codes(note: Note, found: Sequence[Found], read_mark: MarkReader) -> tuple[WrittenCode, ...]:
    """The provider's own code numbers on a page."""

    def ticked(start: int, end: int) -> bool | None:
        state = read_mark(note.page.spans(start, end))
        return None if state is None else state is not MarkState.BLANK

    offsets = [(note.tokens[each.first].start, note.tokens[each.last].end) for each in found]
    return written_codes(note.page.text, note.page.starts, offsets, [each.match.term.label for each in found], ticked)


def _part_of_visit(found: Found, note: Note) -> bool:
    """Whether a chart notes here only that a value was taken or a part looked at: `BP 120/80`, `Neuro: gait normal`."""
    term, last = found.match.term, found.last
    if term.coded or term.label is not Label.PROCEDURE:
        return False
    behind = last + 1
    if behind < len(note.tokens) and note.tokens[behind].text in {":", "="}:
        behind += 1
    valued = behind < len(note.tokens) and note.tokens[behind].text[0].isdigit()
    return valued or note.sections[last].key in EXAMINED
