"""Finds the longest phrase of a list that begins at a place; built in a second also for 100,000 phrases."""

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

P = TypeVar("P")


class PhraseIndex(Generic[P]):
    """Phrases, each a sequence of words, and what belongs to each."""

    def __init__(self, phrases: Iterable[tuple[Sequence[str], P]]) -> None:
        """Index the phrases; of two with the same words the first stays."""
        self._phrases: dict[str, P] = {}
        lengths: dict[str, set[int]] = {}
        for words, payload in phrases:
            if words:
                self._phrases.setdefault(" ".join(words), payload)
                lengths.setdefault(words[0], set()).add(len(words))
        self._lengths = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}

    def longest(self, words: Sequence[str], start: int) -> tuple[int, P] | None:
        """How many words the longest phrase at a place has, and what belongs to it."""
        for length in self._lengths.get(words[start], ()):
            if start + length <= len(words):
                phrase = words[start] if length == 1 else " ".join(words[start : start + length])
                if phrase in self._phrases:
                    return length, self._phrases[phrase]
        return None

    def __contains__(self, phrase: str) -> bool:
        return phrase in self._phrases
