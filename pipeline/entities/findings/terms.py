"""Finds terms in the senses of a text, and the words beside a term that belong to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.entities.findings.word_forms import FormReader
from pipeline.entities.text.phrases import PhraseIndex
from pipeline.entities.text.sections import Section
from pipeline.entities.text.tokens import Token, Tokenizer, key_of
from pipeline.entities.words.shorthand import Sense
from pipeline.lexicon import Lexicon, Modifier, ModifierKind, Term
from pipeline.records import Label

LINKS = frozenset({"of", "in", "to", "on", "at"})
FILLERS = frozenset({"the", "his", "her", "a", "an", "my"})
BEFORE = frozenset({ModifierKind.LATERALITY, ModifierKind.SEVERITY, ModifierKind.ACUITY, ModifierKind.SITE})
AFTER = frozenset({ModifierKind.LATERALITY, ModifierKind.SITE})
NEAR = 6
"""So many words around a disease may say that its vaccine is meant."""
DOSES = frozenset({"mg", "mcg", "gm", "ml", "cc", "unit"})
HISTORIES = frozenset({("family", "history"), ("personal", "history")})
SHORTEST_EXTRA = 5
"""A term of one word from a code book has at least this many letters."""


@dataclass(frozen=True, slots=True)
class Match:
    """A term in a text, with the details that stand beside it."""

    term: Term
    first: int
    """First sense of the term with its details."""
    last: int
    core: tuple[int, int]
    """First and last sense of the term alone."""
    details: tuple[tuple[Modifier, int], ...]
    """Modifiers beside the term and the sense that each begins at, in order."""
    within: tuple[Modifier, ...] = ()
    """Sides and sites that the term itself names: `knee pain`."""


def term_index(lexicon: Lexicon, tokenizer: Tokenizer, extra: Iterable[Term] = ()) -> PhraseIndex[tuple[Term, ...]]:
    """Index the lexicon's terms and further ones; a wording has each label once, the lexicon's first."""
    wordings: dict[tuple[str, ...], dict[Label, Term]] = {}
    for term in lexicon.terms:
        wordings.setdefault(tokenizer.keys(term.text), {}).setdefault(term.label, term)
    for term in lexicon.with_terms(extra)[len(lexicon.terms) :]:
        # blanks and commas cut descriptions well enough, twenty times faster than the tokenizer
        words = tuple(_plain_keys(term.text))
        if words not in wordings and _usable(words, lexicon):
            wordings[words] = {term.label: term}
    return PhraseIndex((words, tuple(labels.values())) for words, labels in wordings.items())


def _plain_keys(text: str) -> Iterable[str]:
    spaced = text.lower().replace("-", " ").replace("'s", " ").replace("'", " ").replace(",", " , ")
    return (key_of(word) for word in spaced.split())


def _usable(words: Sequence[str], lexicon: Lexicon) -> bool:
    if not DOSES.isdisjoint(words):
        return False  # the drug is meant; how much of it is read beside it
    if tuple(words[:2]) in HISTORIES:
        return False  # the illness is meant; whose and when is its context
    if len(words) > 1:
        return True
    return bool(words) and len(words[0]) >= SHORTEST_EXTRA and words[0] not in lexicon.plain_words


class TermFinder:
    """Finds the longest terms, from left to right, without overlap."""

    def __init__(self, lexicon: Lexicon, tokenizer: Tokenizer, terms: PhraseIndex[tuple[Term, ...]]) -> None:
        self._terms = terms
        self._decoys = PhraseIndex([(tokenizer.keys(phrase), True) for phrase in lexicon.decoys])
        self._read_form = FormReader(lexicon)
        self._modifiers = PhraseIndex(
            [
                (tokenizer.keys(entry.text), entry)
                for entry in lexicon.modifiers
                if entry.kind in BEFORE and not entry.exact_case
            ]
        )

    def __call__(
        self, tokens: Sequence[Token], senses: Sequence[Sense], sections: Sequence[Section]
    ) -> tuple[Match, ...]:
        """The terms of a text, in order; none runs over a line that begins anew or into a heading."""
        matches: list[Match] = []
        free = 0
        for first, last in _stretches(tokens, senses, sections):
            words = [sense.key for sense in senses[first:last]]
            details = self._details(words)
            index = 0
            while index < len(words):
                decoy = self._decoys.longest(words, index)
                hit = self._terms.longest(words, index)
                vague = hit is not None and hit[0] == 1 and not hit[1][0].coded
                form = None
                if decoy is None and (hit is None or vague):
                    form = self._read_form(tokens, senses[first:last], index, free - first)
                    if vague and form is not None and form[0] == index:
                        form = None  # what a list calls vague says enough only with words before it
                if decoy is not None and (hit is None or decoy[0] >= hit[0]):
                    index += decoy[0]
                    free = first + index
                elif form is not None:
                    begin, term = form
                    length = index - begin + 1
                    match = self._widened(term, first, first + begin, length, free, details, senses[first:last])
                    matches.append(match)
                    index = match.last + 1 - first
                    free = first + index
                elif hit is not None:
                    terms = self._meant(hit[1], words, index, hit[0], sections[senses[first].first])
                    for term in terms:
                        match = self._widened(term, first, first + index, hit[0], free, details, senses[first:last])
                        matches.append(match)
                    index = max(index + hit[0], match.last + 1 - first)
                    free = first + index
                else:
                    index += 1
        return tuple(matches)

    def _meant(
        self, terms: tuple[Term, ...], words: Sequence[str], index: int, length: int, section: Section
    ) -> tuple[Term, ...]:
        """The terms of a wording; among vaccinations a disease's name stands for its vaccine."""
        near = words[max(0, index - NEAR) : index + length + NEAR]
        if terms[0].label is Label.DIAGNOSIS and (section.key == "immunizations" or "vaccine" in near):
            hit = self._terms.longest([*words[index : index + length], "vaccine"], 0)
            if hit is not None and hit[0] == length + 1:
                return hit[1]
        return terms

    def _details(self, words: Sequence[str]) -> dict[int, tuple[int, Modifier]]:
        found = {}
        for index in range(len(words)):
            hit = self._modifiers.longest(words, index)
            if hit is not None:
                found[index] = hit
        return found

    def _widened(
        self,
        term: Term,
        origin: int,
        start: int,
        length: int,
        free: int,
        details: dict[int, tuple[int, Modifier]],
        senses: Sequence[Sense],
    ) -> Match:
        """The term with the site, side and grade that stand right beside it."""
        words = [sense.key for sense in senses]
        found: list[tuple[Modifier, int]] = []
        first, last = start - origin, start - origin + length - 1
        floor = free - origin
        moved = term.label is not Label.SUPPLY
        while moved:
            moved = False
            for size in (3, 2, 1):
                place = first - size
                if place >= max(0, floor) and place in details and details[place][0] == size:
                    found.insert(0, (details[place][1], origin + place))
                    first, moved = place, True
                    break
        place = last + 1
        while place < len(words):
            linked = place
            if words[linked] in LINKS and (term.label is Label.DIAGNOSIS or words[linked] == "of"):
                linked += 1
                while linked < len(words) and words[linked] in FILLERS:
                    linked += 1
            hit = details.get(linked)
            begun = self._terms.longest(words, linked) if hit is not None else None
            if begun is not None and hit is not None and begun[0] > hit[0]:
                break  # "low back pain, shoulder pain": the site belongs to the next term
            if (
                hit is not None
                and linked == place
                and term.label is Label.DIAGNOSIS
                and self._is_study(words, place + hit[0])
            ):
                break  # "sprain ankle x-ray": the site belongs to the study
            if hit is None or hit[1].kind not in AFTER or (linked > place and not _leads_to_site(details, linked)):
                break
            if term.label is Label.SUPPLY and hit[1].kind is ModifierKind.SITE:
                break
            if hit[1].kind is ModifierKind.LATERALITY and not _leads_to_site(details, linked):
                # "sprain, right" and "sprain R", but not "foreign body left behind" and "pain right now"
                after = linked + hit[0]
                if not senses[linked].expanded and after < len(words) and words[after].isalnum():
                    break
            found.append((hit[1], origin + linked))
            last = linked + hit[0] - 1
            place = last + 1
        within = tuple(
            details[place][1]
            for place in range(start - origin, start - origin + length)
            if place in details and details[place][1].kind in AFTER
        )
        return Match(term, origin + first, origin + last, (start, start + length - 1), tuple(found), within)

    def _is_study(self, words: Sequence[str], place: int) -> bool:
        hit = self._terms.longest(words, place) if place < len(words) else None
        return hit is not None and hit[1][0].label is Label.PROCEDURE


def _leads_to_site(details: dict[int, tuple[int, Modifier]], place: int) -> bool:
    """Whether a site stands here, or a side with its site behind it."""
    hit = details.get(place)
    if hit is None:
        return False
    if hit[1].kind is ModifierKind.SITE:
        return True
    following = details.get(place + hit[0])
    return hit[1].kind is ModifierKind.LATERALITY and following is not None and following[1].kind is ModifierKind.SITE


def _stretches(
    tokens: Sequence[Token], senses: Sequence[Sense], sections: Sequence[Section]
) -> Iterable[tuple[int, int]]:
    """Runs of senses that a term may lie in: within a line's sentence, outside headings."""
    start = 0
    for index, sense in enumerate(senses):
        section = sections[sense.first]
        heading = section.heading <= sense.first < section.first
        fresh = index == 0 or senses[index - 1].first != sense.first
        if heading or (fresh and (tokens[sense.first].begins_line or sense.first == section.first)):
            if start < index:
                yield start, index
            start = index + 1 if heading else index
    if start < len(senses):
        yield start, len(senses)
