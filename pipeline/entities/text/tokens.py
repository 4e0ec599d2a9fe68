"""Text to tokens, by the tokenizer of the packaged spaCy pipeline."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

SOFT = frozenset({"-", "'", "’", "'s", "’s", "–", "'S", "’S"})
"""Tokens that a term may hold or leave out: `x-ray`, `crohn's`."""
WORDS = 1 << 16
"""So many words keep their key: charts say most of theirs again."""
MINUS = "−"
"""Lower case of a dash that denies the word it is glued to: `+cough -fever`; cues name it."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign of a text."""

    text: str
    start: int
    end: int
    lower: str
    begins_line: bool
    """Nothing before it on its line."""
    spaced: bool
    """White space stands before it, or a line begins."""
    read: str = ""
    """What was read where its gaps were mended: `ches t`."""

    @property
    def key(self) -> str:
        """What terms are matched by."""
        return key_of(self.lower)


class Tokenizer:
    """Cuts text into tokens; white space is no token."""

    def __init__(self, language: "Language") -> None:
        """Take the tokenizer of the packaged pipeline; its rules are made in `models/entities/build.py`."""
        self._language = language
        self._chunks: dict[str, tuple[str, ...]] = {}

    def __call__(self, text: str) -> tuple[Token, ...]:
        """The tokens of a text, in order."""
        tokens: list[Token] = []
        end = 0
        for token in self._language.make_doc(text):
            if token.is_space:
                continue
            start = token.idx
            begins = not tokens or "\n" in text[end:start]
            spaced = begins or start > end
            lower = token.lower_
            if lower == "-" and spaced and not begins and text[start + 1 : start + 2].isalpha():
                lower = MINUS
            tokens.append(Token(token.text, start, start + len(token), lower, begins, spaced))
            end = start + len(token)
        return tuple(tokens)

    def lowers(self, phrase: str) -> tuple[str, ...]:
        """A phrase as lower-case tokens: what cues, headings and shorthand are matched by."""
        chunks = phrase.split()
        if all(map(_is_plain, chunks)):
            return tuple(map(str.lower, chunks))
        return tuple(token.lower for token in self(phrase))

    def words(self, phrase: str) -> tuple[str, ...]:
        """A phrase of a list as lower-case tokens, soft signs left out.

        Blanks part tokens whatever stands around them, so a piece between blanks is cut once for all phrases that
        hold it, and one of plain letters is a token as it is: that tells the same as cutting every phrase, in a
        tenth of the time.
        """
        found: list[str] = []
        for chunk in phrase.split():
            cut = self._chunks.get(chunk)
            if cut is None:
                cut = (
                    (chunk.lower(),)
                    if _is_plain(chunk)
                    else tuple(token.lower for token in self(chunk) if token.text not in SOFT)
                )
                self._chunks[chunk] = cut
            found += cut
        return tuple(found)

    def keys(self, phrase: str) -> tuple[str, ...]:
        """What the terms of a phrase are matched by."""
        return tuple(map(key_of, self.words(phrase)))


def _is_plain(chunk: str) -> bool:
    """Whether what stands between blanks holds nothing that the tokenizer cuts at."""
    return chunk.isascii() and chunk.isalpha()


_PLURAL = re.compile(r"(?<=[a-z]{3})(?:(?<=[^aeiou])ies|(?<=ss)es|(?<=[cs]h)es|(?<=x)es|(?<![siu])s)$")
_GREEK_PLURAL = re.compile(r"(?:(?<=[a-z]{2}sta)|(?<=[a-z]{3}[nbrc]o)|(?<=mbo))ses$")
"""`metastases`, `stenoses`, `thromboses`; not `diseases` and `overdoses`."""
_BRITISH = (
    (re.compile(r"ae(?=[a-z])|(?<=[a-z])oe(?=[a-z]{3}|a)|^oe(?=[a-z]{4})"), "e"),
    (re.compile(r"(?<=[a-z]{3})our(?=$|s$)"), "or"),
    (re.compile(r"(?<=[a-z]{2}[bt])re(?=s?$)"), "er"),
    (re.compile(r"(?<=[a-z]{4}i)s(?=ed$|ing$|ation$)"), "z"),
)
_MAY_BE_BRITISH = re.compile(r"[ao]e|our|[bt]re|is(?:ed|ing|ation)$")


def american(lower: str) -> str:
    """A word in American letters: `tumour` as `tumor`, `diarrhoea` as `diarrhea`."""
    if _MAY_BE_BRITISH.search(lower):
        for pattern, letters in _BRITISH:
            lower = pattern.sub(letters, lower)
    return lower


@lru_cache(maxsize=WORDS)
def key_of(lower: str) -> str:
    """A word without the ending of the plural, in American letters.

    The same for a term and for the text that it is looked for in.
    """
    lower = american(lower)
    if lower[-1:] != "s":
        return lower
    if _GREEK_PLURAL.search(lower):
        return lower[:-2] + "is"
    found = _PLURAL.search(lower)
    if not found:
        return lower
    return lower[: found.start()] + ("y" if found.group() == "ies" else "")
