"""What each word means: misreadings repaired, then shorthand written out.

A sense keeps the tokens that it came from, so that a finding found in the long form leads back to
the ink of the short one.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.entities.text.phrases import PhraseIndex
from pipeline.entities.text.sections import Section
from pipeline.entities.text.tokens import SOFT, Token, Tokenizer, key_of
from pipeline.entities.words.known import TITLES
from pipeline.lexicon import NUMBER, Abbreviation, Lexicon, Term

WINDOW = 6
"""So many tokens on either side are a shorthand's neighbours."""
LONGEST_LETTERS = 5
"""What has more letters is no abbreviation but a word."""
BETWEEN = frozenset({"of", "is", "was", ":", "=", "-", "<", ">", "(", "~"})
"""What may stand between a shorthand and its value: `CR of 1.2`."""


@dataclass(frozen=True, slots=True)
class Sense:
    """A word as understood."""

    text: str
    """Lower case, written out."""
    key: str
    first: int
    """First token that it came from."""
    last: int
    """Last token that it came from."""
    expanded: bool = False


class Shorthand:
    """Writes out abbreviations, each in the sense that its section and neighbours ask for."""

    def __init__(
        self, lexicon: Lexicon, tokenizer: Tokenizer, terms: PhraseIndex[tuple[Term, ...]] | None = None
    ) -> None:
        """Index the abbreviations, those in capitals also with the `s` of the plural.

        Args:
            lexicon: abbreviations and plain words.
            tokenizer: cuts the wordings as it cuts the text.
            terms: a term that is longer as it is written, such as `hiv test`, stays as it is written.
        """
        senses: defaultdict[tuple[str, ...], list[tuple[Abbreviation, tuple[str, ...]]]] = defaultdict(list)
        listed = {entry.short.lower() for entry in lexicon.abbreviations}
        for entry in lexicon.abbreviations:
            words = tokenizer.words(entry.long)
            senses[tokenizer.lowers(entry.short)].append((entry, words))
            plural = entry.short + "s"
            if entry.short.isupper() and len(entry.short) > 1 and plural.lower() not in lexicon.plain_words | listed:
                senses[tokenizer.lowers(plural)].append((replace(entry, short=plural, exact_case=True), words))
        self._plain = lexicon.plain_words
        self._index = PhraseIndex(list(senses.items()))
        self._terms = terms

    def __call__(
        self,
        tokens: Sequence[Token],
        words: Sequence[str],
        sections: Sequence[Section],
        explained: Mapping[tuple[str, ...], tuple[str, ...]],
    ) -> tuple[Sense, ...]:
        """The senses of a text, in order; soft signs are left out.

        Args:
            tokens: of the text.
            words: the tokens in lower case, repaired.
            sections: of each token.
            explained: shorthand that the text itself explains; it means that, whatever the table says.
        """
        senses: list[Sense] = []
        words = _whole_index(words)
        named = self._named(tokens, words)
        own = PhraseIndex(explained.items())
        texts = [token.text for token in tokens] if explained else ()
        index = 0
        while index < len(tokens):
            said = own.longest(texts, index) if explained else None
            if said is not None:
                last = index + said[0] - 1
                senses.extend(Sense(word, key_of(word), index, last, True) for word in said[1])
                index = last + 1
                continue
            hit = self._index.longest(words, index)
            if hit and hit[0] == 1 and named[index]:
                hit = None
            meant = self._meant(hit[1], tokens, words, index, hit[0], sections) if hit else None
            if hit and meant is not None:
                last = index + hit[0] - 1
                senses.extend(Sense(word, key_of(word), index, last, True) for word in meant)
                index = last + 1
                continue
            if tokens[index].text not in SOFT or tokens[index].begins_line:
                senses.append(Sense(words[index], key_of(words[index]), index, index))
            index += 1
        return tuple(senses)

    def _named(self, tokens: Sequence[Token], words: Sequence[str]) -> list[bool]:
        """For each token, whether it lies in a term of several words that is listed as it is written."""
        named = [False] * len(words)
        if self._terms is None:
            return named
        places = [place for place, token in enumerate(tokens) if token.text not in SOFT]
        keys = [key_of(words[place]) for place in places]
        index = 0
        while index < len(places):
            hit = self._terms.longest(keys, index)
            length = hit[0] if hit else 1
            first, last = places[index], places[index + length - 1]
            if length > 1 and not any(token.begins_line for token in tokens[first + 1 : last + 1]):
                named[first : last + 1] = [True] * (last + 1 - first)
            index += length
        return named

    def _meant(
        self,
        entries: Sequence[tuple[Abbreviation, tuple[str, ...]]],
        tokens: Sequence[Token],
        words: Sequence[str],
        index: int,
        length: int,
        sections: Sequence[Section],
    ) -> tuple[str, ...] | None:
        """The long form that most speaks for; None where the letters are no shorthand here."""
        if any(token.begins_line for token in tokens[index + 1 : index + length]) or self._is_degree(tokens, index):
            return None
        written = "".join(token.text for token in tokens[index : index + length])
        section = sections[index]
        around = _around(words, index, length, sections)
        opens = index > 0 and section.first == index and written.islower()
        plain = written.lower() in self._plain
        # "8 cm", and a degree in capitals that only looks like the plural of "MI"
        counted = (index > 0 and words[index - 1][0].isdigit()) or (written.isupper() and written.endswith("S"))
        shouted = plain and _shouted(tokens, index)
        # repaired from what the reader took for other capitals or figures: `A7` for `AF`
        repaired = written.isupper() and written.lower() != "".join(words[index : index + length])
        capital = repaired or (length == 1 and _is_half_capital(tokens, index))
        best: tuple[int, tuple[str, ...]] | None = None
        for entry, long in entries:
            in_section = section.key in entry.sections
            # a whole word has its senses from the note: "reflux" is of the bladder where kidneys are looked at
            whole = not entry.exact_case and len(written) > LONGEST_LETTERS
            beside = len(entry.neighbours & (set(words) if whole else around))
            if (entry.sections or entry.neighbours) and not (in_section or beside):
                continue
            if entry.against & around:
                continue
            # in another case only a word beside it makes "ms" shorthand, and nothing does "as" and "or"
            alike = entry.short.replace(" ", "") == written
            named = entry.neighbours & around - {NUMBER}
            if entry.exact_case and not alike and (plain or counted or not (named or opens or capital)):
                continue
            if entry.exact_case and shouted and not beside:
                continue
            fits = 2 * in_section + 4 * beside + alike
            if best is None or fits > best[0]:
                best = (fits, long)
        return best[1] if best else None

    def _is_degree(self, tokens: Sequence[Token], index: int) -> bool:
        """Whether capitals that end a line stand behind somebody's name: `Tess Okonjo, MS`."""
        if index < 3 or tokens[index - 1].text != "," or not tokens[index].text.isupper():
            return False
        if index + 1 < len(tokens) and not tokens[index + 1].begins_line:
            return False
        name = tokens[index - 3 : index - 1]
        listed = self._terms is not None and any(
            self._terms.longest([token.key for token in name], at) for at in (0, 1)
        )
        return all(token.text.istitle() for token in name) and not name[1].begins_line and not listed


def _around(words: Sequence[str], index: int, length: int, sections: Sequence[Section]) -> set[str]:
    """The words near a shorthand under the same heading, and the sign for a number right behind it."""
    end = index + length
    near = [*range(max(0, index - WINDOW), index), *range(end, min(len(words), end + WINDOW))]
    around = {words[place] for place in near if sections[place] is sections[index]} - {NUMBER}
    behind = end + 1 if end < len(words) and words[end] in BETWEEN else end
    if behind < len(words) and words[behind][0].isdigit():
        around.add(NUMBER)
    return around


def _is_half_capital(tokens: Sequence[Token], index: int) -> bool:
    """Whether a word is in capitals but for some letters, as a hand writes or a reader takes them: `Af`, `cVA`."""
    text = tokens[index].text
    if text.islower() or text.isupper() or tokens[index].lower in TITLES:
        return False
    after = tokens[index + 1].text if index + 1 < len(tokens) else ""
    if after.istitle() or (index > 0 and tokens[index - 1].lower in TITLES):
        return False  # "Ed Jones" and "Dr. Le"
    return len(text) == 2 or not text[1:].islower()


def _shouted(tokens: Sequence[Token], index: int) -> bool:
    """Whether the words around are all in capitals, so that case tells nothing."""
    around = [token.text for token in tokens[max(0, index - WINDOW) : index + WINDOW + 1] if len(token.text) > 3]
    words = [text for text in around if text.isalpha()]
    return len(words) > 2 and all(word.isupper() for word in words)


def _whole_index(words: Sequence[str]) -> Sequence[str]:
    """The words with a body mass index in whole numbers, as the books tell it: `BMI 31.8` is `bmi 31`."""
    whole = list(words)
    for index, word in enumerate(words):
        told, _, behind = word.partition(".")
        before = words[index - 2 : index] if words[index - 1 : index] in ([":"], ["="]) else words[index - 1 : index]
        if behind.isdigit() and told.isdigit() and {"bmi", "index", "is"} & set(before):
            whole[index] = told
    return whole
