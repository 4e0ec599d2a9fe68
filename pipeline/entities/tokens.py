"""Text to tokens, by spaCy's English tokenizer with the habits of charts added."""

import re
from dataclasses import dataclass
from typing import Any

SOFT = frozenset({"-", "'", "’", "'s", "’s", "–", "'S", "’S"})
"""Tokens that a term may hold or leave out: `x-ray`, `crohn's`."""
SPLITS = (
    r"(?<=[A-Za-z0-9)\]])[,;](?=[^\W\d])",
    r"(?<=[A-Za-z)])[,;:](?=\d)",
    r"(?<=[^\W\d)]):(?=[\w,])",
    r"(?<=[^\W\d)]:),",
    r"(?<=[:.]),(?=[^\W_])",
    r"(?<=\d)[.)](?=[A-Z])",
    r"(?<=[a-z]{2})\.(?=[A-Z])",
    r"(?<=[a-z])[+](?=[a-z])",
    r"[—–→]",
)


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

    @property
    def key(self) -> str:
        """What terms are matched by."""
        return key_of(self.lower)


class Tokenizer:
    """Cuts text into tokens; white space is no token."""

    def __init__(self) -> None:
        import spacy  # takes over a second: only where entities are looked for
        from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

        language = spacy.blank("en")
        tokenizer: Any = language.tokenizer  # spaCy types it as any callable
        infixes = [*(language.Defaults.infixes or ()), *SPLITS]
        prefixes = [*(language.Defaults.prefixes or ()), r"[.,;:~≈<>=/]", r"[-–](?=[^\W\d])"]
        suffixes = [*(language.Defaults.suffixes or ()), r"(?<=[A-Z])\."]
        tokenizer.suffix_search = compile_suffix_regex(suffixes).search
        tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
        tokenizer.prefix_search = compile_prefix_regex(prefixes).search
        # English contractions without their apostrophe would cut "IM" and "id"; shortenings with a dot stay whole.
        tokenizer.rules = {
            word: parts for word, parts in tokenizer.rules.items() if "." in word[2:] and len(parts) == 1
        }
        self._tokenizer = tokenizer

    def __call__(self, text: str) -> tuple[Token, ...]:
        """The tokens of a text, in order."""
        tokens: list[Token] = []
        end = 0
        for token in self._tokenizer(text):
            if token.is_space:
                continue
            start = token.idx
            begins = not tokens or "\n" in text[end:start]
            tokens.append(Token(token.text, start, start + len(token), token.lower_, begins, begins or start > end))
            end = start + len(token)
        return tuple(tokens)

    def lowers(self, phrase: str) -> tuple[str, ...]:
        """A phrase as lower-case tokens: what cues, headings and shorthand are matched by."""
        return tuple(token.lower for token in self(phrase))


def keys(tokens: tuple[Token, ...]) -> tuple[str, ...]:
    """What a phrase's terms are matched by, soft signs left out."""
    return tuple(token.key for token in tokens if token.text not in SOFT)


_PLURAL = re.compile(r"(?<=[a-z]{3})(?:(?<=[^aeiou])ies|(?<=ss)es|(?<=[cs]h)es|(?<=x)es|(?<![siu])s)$")


def key_of(lower: str) -> str:
    """A word without the ending of the plural; the same for a term and for the text that it is looked for in."""
    if lower[-1:] != "s":
        return lower
    found = _PLURAL.search(lower)
    if not found:
        return lower
    return lower[: found.start()] + ("y" if found.group() == "ies" else "")
