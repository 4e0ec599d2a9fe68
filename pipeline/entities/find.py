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
from pipeline.lexicon import Lexicon, ModifierKind, Term
from pipeline.records import Attribute, Entity, Label, MarkState, Page, PageRole


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
        self._expand = Shorthand(lexicon, tokenizer)
        self._find_terms = TermFinder(lexicon, tokenizer, terms)
        self._read_context = ContextReader(lexicon, tokenizer)
        self._chronic = lexicon.chronic
        self._read_details = DetailReader(lexicon)

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
        matches = self._find_terms(note.tokens, senses, note.sections)
        places = [(senses[match.first].first, senses[match.last].last) for match in matches]
        contexts = self._read_context(
            note.tokens,
            note.words,
            note.sections,
            places,
            done=[match.term.label is not Label.DIAGNOSIS for match in matches],
            chronic=[match.term.normalized in self._chronic for match in matches],
            soft=note.page.soft,
        )
        starts = sentence_starts(note.tokens, note.sections, note.page.soft)
        read_mark = MarkReader(note.page.page)
        entities = []
        for number, (match, (first, last), context) in enumerate(zip(matches, places, contexts, strict=True)):
            start, end = note.tokens[first].start, note.tokens[last].end
            spans = note.page.spans(start, end)
            state = read_mark(spans)
            if state is MarkState.BLANK:
                continue
            attributes = list(self._details(note, match, starts, places, number))
            repaired = " ".join(
                token.text
                for token, word in zip(note.tokens[first : last + 1], note.words[first : last + 1], strict=True)
                if token.lower != word
            )
            if repaired:
                attributes.append(Attribute(name="repaired", value=repaired))
            if state is not None:
                attributes.append(Attribute(name="mark", value=state.value))
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
        return entities

    def _details(
        self, note: Note, match: Match, starts: Sequence[int], places: Sequence[tuple[int, int]], number: int
    ) -> tuple[Attribute, ...]:
        """Attributes from the sentence around a finding, between its neighbours."""
        first, last = places[number]
        text = note.page.text
        left = note.tokens[starts[first]].start
        earlier = [place[1] for place in places[:number] if place[1] < first]
        if earlier:
            left = max(left, note.tokens[earlier[-1]].end)
        right = last
        while right + 1 < len(starts) and starts[right + 1] == starts[last]:
            right += 1
        stop = note.tokens[right].end
        later = next((place[0] for place in places[number + 1 :] if place[0] > last), None)
        if later is not None:
            stop = min(stop, note.tokens[later].start)
        start, end = note.tokens[first].start, note.tokens[last].end
        return self._read_details(match, text[min(left, start) : start], text[start:end], text[end : max(end, stop)])


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
