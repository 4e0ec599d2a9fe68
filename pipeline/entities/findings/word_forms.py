"""Findings that no list names, known by their form: `sialadenitis`, `C9 deficiency`, `Norrie disease`."""

from collections.abc import Sequence

from pipeline.entities.text.tokens import Token
from pipeline.entities.words.shorthand import Sense
from pipeline.lexicon import FormKind, Lexicon, Term
from pipeline.records import Label

STEM = 3
"""Letters that a word has at least before its ending."""
REACH = 3
"""So many words before a head may belong to it."""


class FormReader:
    """Reads a finding off the endings of its words, where the lists are at their end."""

    def __init__(self, lexicon: Lexicon) -> None:
        def texts(kind: FormKind) -> frozenset[str]:
            return frozenset(form.text for form in lexicon.word_forms if form.kind is kind)

        self._endings, self._before = tuple(texts(FormKind.ENDING)), tuple(texts(FormKind.BEFORE))
        self._exceptions = texts(FormKind.EXCEPTION) | lexicon.plain_words
        self._heads, self._words, self._loose = texts(FormKind.HEAD), texts(FormKind.WORD), texts(FormKind.LOOSE)

    def __call__(
        self, tokens: Sequence[Token], senses: Sequence[Sense], index: int, floor: int
    ) -> tuple[int, Term] | None:
        """The first sense of the finding that ends at a sense, and the finding; None where there is none.

        Args:
            tokens: of the text.
            senses: of a stretch of it.
            index: the sense that may end a finding.
            floor: the first sense that is free.
        """
        word = senses[index].key
        if word in self._heads:
            first = index
            while first > max(0, floor, index - REACH) and self._belongs(tokens, senses[first - 1]):
                first -= 1
            if first < index:
                return first, _finding(" ".join(sense.key for sense in senses[first : index + 1]))
        elif word.endswith(self._endings) and word.isalpha() and word not in self._exceptions:
            ending = max(len(form) for form in self._endings if word.endswith(form))
            if len(word) >= ending + STEM:
                return index, _finding(word)
        return None

    def _belongs(self, tokens: Sequence[Token], sense: Sense) -> bool:
        word, token = sense.key, tokens[sense.first]
        if word in self._loose or not word.isalnum():
            return False
        if word in self._words or (len(word) > 4 and word.endswith(self._before)):
            return True
        if any(char.isdigit() for char in word):
            return any(char.isalpha() for char in word)
        before = tokens[sense.first - 1].text if sense.first else "."
        # a capital within a sentence: the name that a disease is called by
        return token.text[0].isupper() and len(word) > 2 and not token.begins_line and before not in {".", ":", ";"}


def _finding(text: str) -> Term:
    return Term(text=text, label=Label.DIAGNOSIS, normalized=text)
