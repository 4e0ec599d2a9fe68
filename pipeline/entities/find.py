"""The chain of the entity stage: text, sections, spelling, shorthand, terms, context, details.

pages -> running text -> tokens -> sections -> repaired words -> senses -> terms -> entities
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.entities.chart_text import PageText, page_text
from pipeline.entities.context import ContextReader
from pipeline.entities.details import DetailReader
from pipeline.entities.marks import MarkReader
from pipeline.entities.repair import Repairer
from pipeline.entities.sections import Section, SectionFinder
from pipeline.entities.sentences import sentence_starts
from pipeline.entities.shorthand import Shorthand
from pipeline.entities.terms import Match, TermFinder, term_index
from pipeline.entities.tokens import Token, Tokenizer
from pipeline.entities.written_codes import WrittenCode, written_codes
from pipeline.lexicon import Lexicon, ModifierKind, Term
from pipeline.records import Attribute, Context, Entity, Label, MarkState, Page, PageRole

EXAMINED = frozenset({"objective", "physical_exam", "review_of_systems"})
"""Sections that list vital signs and examinations, which are part of the visit."""


@dataclass(frozen=True, slots=True)
class Note:
    """A page's text with all that is known of its words, one entry a token."""

    page: PageText
    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    """Tokens in lower case, repaired."""
    sections: tuple[Section, ...]


class EntityFinder:
    """Finds diagnoses, procedures and supplies with their context on the pages of a file."""

    def __init__(self, lexicon: Lexicon, extra_terms: Iterable[Term] = ()) -> None:
        """Load the tokenizer and index the lists.

        Args:
            lexicon: terms, headings, shorthand and cues.
            extra_terms: further terms, such as the descriptions of the code books.
        """
        tokenizer = Tokenizer()
        extra = tuple(extra_terms)
        terms = term_index(lexicon, tokenizer, extra)
        self._tokenize = tokenizer
        self._find_sections = SectionFinder(lexicon, tokenizer, terms)
        self._repair = Repairer(lexicon, extra)
        self._expand = Shorthand(lexicon, tokenizer, terms)
        self._find_terms = TermFinder(lexicon, tokenizer, terms)
        self._read_context = ContextReader(lexicon, tokenizer)
        self._chronic = lexicon.chronic
        self._read_details = DetailReader(lexicon, tokenizer)

    def __call__(self, pages: tuple[Page, ...]) -> tuple[Entity, ...]:
        """The entities of a file, in reading order, numbered from n1."""
        entities: list[Entity] = []
        carried: Section | None = None
        part = None
        for page in pages:
            if page.role is not PageRole.CONTENT:
                continue
            note = self.note(page, carried if page.part == part else None)
            part = page.part
            carried = note.sections[-1] if note.sections else carried
            entities.extend(self._entities(note))
        return tuple(replace(entity, id=f"n{number}") for number, entity in enumerate(entities, start=1))

    def note(self, page: Page, carried: Section | None = None) -> Note:
        """A page's text, cut, sorted under its headings and repaired."""
        text = page_text(page)
        tokens = self._tokenize(text.text)
        sections = self._find_sections(tokens, carried, text.hand_starts())
        return Note(text, tokens, self._repair(text, tokens), sections)

    def _entities(self, note: Note) -> list[Entity]:
        senses = self._expand(note.tokens, note.words, note.sections)
        found = self._find_terms(note.tokens, senses, note.sections)
        matches = [match for match in found if not _part_of_visit(match, note, senses[match.last].last)]
        places = [(senses[match.first].first, senses[match.last].last) for match in matches]
        said = self._read_context(
            note.tokens,
            note.words,
            note.sections,
            places,
            done=[match.term.label is not Label.DIAGNOSIS for match in matches],
            soft=note.page.soft,
        )
        starts = sentence_starts(note.tokens, note.sections, note.page.soft)
        details = self._read_details(
            note.page.text, note.tokens, note.words, starts, matches, places, [each for each, _ in said]
        )
        read_mark = MarkReader(note.page.page)
        codes = _written_codes(note, matches, places, read_mark)
        of_finding = {code.finding: code.code for code in codes}
        entities = [_coded(note, code) for code in codes if code.finding is None]
        for number, (match, (first, last), (context, still)) in enumerate(zip(matches, places, said, strict=True)):
            start, end = note.tokens[first].start, note.tokens[last].end
            spans = note.page.spans(start, end)
            state = read_mark(spans)
            if state is MarkState.BLANK:
                continue
            attributes = list(details[number])
            if number in of_finding:
                attributes.append(Attribute(name="written_code", value=of_finding[number]))
            repaired = " ".join(
                token.text
                for token, word in zip(note.tokens[first : last + 1], note.words[first : last + 1], strict=True)
                if token.lower != word
            )
            if repaired:
                attributes.append(Attribute(name="repaired", value=repaired))
            if state is not None:
                attributes.append(Attribute(name="mark", value=state.value))
            if context.historical and (match.term.normalized in self._chronic if still is None else still):
                attributes.append(Attribute(name="lasting", value="yes"))
            if not match.term.coded:
                attributes.append(Attribute(name="coded", value="no"))
            words = note.page.words_in(start, end)
            known = [word.confidence for word in words if word.confidence is not None]
            label, normalized = _named(match, note.sections[first], attributes)
            entities.append(
                Entity(
                    id="",
                    label=label,
                    text=note.page.text[start:end],
                    normalized=normalized,
                    section=note.sections[first].key,
                    context=replace(context, uncertain=context.uncertain or state is MarkState.DOUBTFUL),
                    attributes=tuple(attributes),
                    spans=spans,
                    confidence=math.prod(known) if known else None,
                    unreadable=any(word.unreadable for word in words),
                )
            )
        # findings are in order already; only a code that stands alone has to find its place
        return sorted(entities, key=note.page.place) if None in of_finding else entities


def _written_codes(
    note: Note, matches: Sequence[Match], places: Sequence[tuple[int, int]], read_mark: MarkReader
) -> tuple[WrittenCode, ...]:
    """The provider's own code numbers on a page."""

    def ticked(start: int, end: int) -> bool | None:
        state = read_mark(note.page.spans(start, end))
        return None if state is None else state is not MarkState.BLANK

    offsets = [(note.tokens[first].start, note.tokens[last].end) for first, last in places]
    return written_codes(note.page.text, note.page.starts, offsets, [match.term.label for match in matches], ticked)


def _coded(note: Note, code: WrittenCode) -> Entity:
    """A code number that stands alone."""
    words = note.page.words_in(code.start, code.end)
    known = [word.confidence for word in words if word.confidence is not None]
    place = next((n for n, token in enumerate(note.tokens) if token.end > code.start), 0)
    return Entity(
        id="",
        label=code.label,
        text=note.page.text[code.start : code.end],
        normalized="",
        section=note.sections[place].key,
        context=Context(),
        attributes=(Attribute(name="written_code", value=code.code),),
        spans=note.page.spans(code.start, code.end),
        confidence=math.prod(known) if known else None,
        unreadable=any(word.unreadable for word in words),
    )


def _named(match: Match, section: Section, attributes: Sequence[Attribute]) -> tuple[Label, str]:
    """Label and normal wording of a finding: grade, side and site before the term's own wording."""
    if section.key == "allergies" and match.term.label is Label.SUPPLY:
        return Label.DIAGNOSIS, f"allergy to {match.term.normalized}"
    if match.term.label is Label.SUPPLY:
        return match.term.label, match.term.normalized
    order = (ModifierKind.ACUITY, ModifierKind.LATERALITY, ModifierKind.SITE)
    said = [modifier.value for kind in order for modifier, _ in match.details if modifier.kind is kind]
    words = [word for word in dict.fromkeys(said) if word not in match.term.normalized]
    level = [f"level {attribute.value}" for attribute in attributes if attribute.name == "level"]
    return match.term.label, " ".join([*words, match.term.normalized, *level])


def _part_of_visit(match: Match, note: Note, last: int) -> bool:
    """Whether a chart notes here only that a value was taken or a part looked at: `BP 120/80`, `Neuro: gait normal`."""
    if match.term.coded or match.term.label is not Label.PROCEDURE:
        return False
    valued = last + 1 < len(note.tokens) and note.tokens[last + 1].text[0].isdigit()
    return valued or note.sections[last].key in EXAMINED
