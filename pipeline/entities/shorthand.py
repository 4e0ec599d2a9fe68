"""What each word means: misreadings repaired, then shorthand written out.

A sense keeps the tokens that it came from, so that a finding found in the long form leads back to
the ink of the short one.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.entities.phrases import PhraseIndex
from pipeline.entities.sections import Section
from pipeline.entities.tokens import SOFT, Token, Tokenizer, key_of
from pipeline.lexicon import Abbreviation, Lexicon

WINDOW = 6
"""So many tokens on either side are a shorthand's neighbours."""


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

    def __init__(self, lexicon: Lexicon, tokenizer: Tokenizer) -> None:
        senses: defaultdict[tuple[str, ...], list[tuple[Abbreviation, tuple[str, ...]]]] = defaultdict(list)
        for entry in lexicon.abbreviations:
            words = tuple(token.lower for token in tokenizer(entry.long) if token.text not in SOFT)
            senses[tokenizer.lowers(entry.short)].append((entry, words))
        self._plain = lexicon.plain_words
        self._index = PhraseIndex(list(senses.items()))

    def __call__(self, tokens: Sequence[Token], words: Sequence[str], sections: Sequence[Section]) -> tuple[Sense, ...]:
        """The senses of a text, in order; soft signs are left out.

        Args:
            tokens: of the text.
            words: the tokens in lower case, repaired.
            sections: of each token.
        """
        senses: list[Sense] = []
        index = 0
        while index < len(tokens):
            hit = self._index.longest(words, index)
            meant = self._meant(hit[1], tokens, words, index, hit[0], sections[index]) if hit else None
            if hit and meant is not None:
                last = index + hit[0] - 1
                senses.extend(Sense(word, key_of(word), index, last, True) for word in meant)
                index = last + 1
                continue
            if tokens[index].text not in SOFT or tokens[index].begins_line:
                senses.append(Sense(words[index], key_of(words[index]), index, index))
            index += 1
        return tuple(senses)

    def _meant(
        self,
        entries: Sequence[tuple[Abbreviation, tuple[str, ...]]],
        tokens: Sequence[Token],
        words: Sequence[str],
        index: int,
        length: int,
        section: Section,
    ) -> tuple[str, ...] | None:
        """The long form that fits best; None where the letters are no shorthand here."""
        if any(token.begins_line for token in tokens[index + 1 : index + length]):
            return None
        written = "".join(token.text for token in tokens[index : index + length])
        before = set(words[max(0, index - WINDOW) : index])
        after = set(words[index + length : index + length + WINDOW])
        shouted = _shouted(tokens, index)
        best: tuple[int, tuple[str, ...]] | None = None
        for entry, long in entries:
            in_section = section.key in entry.sections
            beside = bool(entry.neighbours & (before | after))
            if (entry.sections or entry.neighbours) and not (in_section or beside):
                continue
            # "as", "ms" and "or" are words; in another case only what stands beside them can make them shorthand
            opens = index > 0 and section.first == index and written.islower()
            if entry.exact_case and entry.short.replace(" ", "") != written and not (beside or opens):
                continue
            if entry.exact_case and shouted and not beside and written.lower() in self._plain:
                continue
            fits = in_section + 2 * beside
            if best is None or fits > best[0]:
                best = (fits, long)
        return best[1] if best else None


def _shouted(tokens: Sequence[Token], index: int) -> bool:
    """Whether the words around are all in capitals, so that case tells nothing."""
    around = [token.text for token in tokens[max(0, index - WINDOW) : index + WINDOW + 1] if len(token.text) > 3]
    words = [text for text in around if text.isalpha()]
    return len(words) > 2 and all(word.isupper() for word in words)
