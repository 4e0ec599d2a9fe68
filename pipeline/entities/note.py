"""A page's text with all that is known of its words, and what was found in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.entities.chart_text import PageText
from pipeline.entities.sections import Section
from pipeline.entities.shorthand import Sense
from pipeline.entities.terms import Match
from pipeline.entities.tokens import Token


@dataclass(frozen=True, slots=True)
class Note:
    """A page's text, one entry a token."""

    page: PageText
    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    """Tokens in lower case, repaired."""
    sections: tuple[Section, ...]
    starts: tuple[int, ...]
    """First token of each token's sentence."""
    senses: tuple[Sense, ...]
    """What the words mean, shorthand written out."""
    explained: Mapping[tuple[str, ...], tuple[str, ...]]
    """Shorthand that the file explains up to here, as the texts of its tokens, and the words that it stands for."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding and its tokens."""

    match: Match
    first: int
    last: int

    @property
    def place(self) -> tuple[int, int]:
        """First and last token."""
        return self.first, self.last
