"""What the words of a text are short for: the search's own table, and the abbreviations of the lexicon.

An abbreviation of several senses stands for each that its neighbours allow; in the wrong case only a long one
that is no word by itself is taken for one.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from pipeline.codebooks.starter import parted, rows
from pipeline.codebooks.wording import plain
from pipeline.lexicon.tables import rows as lexicon_rows

TABLE = Path(__file__).parent / "shorthand.tsv"
_COLUMNS = ("short", "long", "case", "sections", "neighbours")
_WRITTEN = re.compile(r"[A-Za-z0-9]+(?:[/&.+-][A-Za-z0-9]+)*")
_LONGEST = 3
"""Words of the longest shorthand."""
_OWN, _ONLY, _ONE_OF_SEVERAL = 0.9, 0.95, 0.85
"""How surely the long form is meant, beside the word itself."""
_LONG_ENOUGH = 3
"""Letters from which shorthand is known in any case."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One or a few words of a text that belong together."""

    words: tuple[str, ...]
    longs: tuple[tuple[tuple[str, ...], float], ...] = ()
    """What they may be short for, each with how surely it is meant."""


@dataclass(frozen=True, slots=True)
class _Sense:
    short: str
    long: tuple[str, ...]
    exact: bool
    beside: frozenset[str]
    never_beside: frozenset[str]


@lru_cache(maxsize=1)
def _own() -> dict[str, list[tuple[str, ...]]]:
    """The search's own table."""
    return {
        plain(short): [tuple(plain(text).split()) for text in parted(long)]
        for _, (short, long) in rows(TABLE, ("short", "long"))
    }


@lru_cache(maxsize=1)
def _senses() -> dict[str, list[_Sense]]:
    """The lexicon's abbreviations that a text may hold which stands under no heading, or names a problem."""
    senses: dict[str, list[_Sense]] = {}
    for row in lexicon_rows(files("pipeline.lexicon") / "data" / "abbreviations.tsv", _COLUMNS):
        key = plain(row.fields["short"])
        beside, listed = row.words("neighbours"), "assessment" in row.words("sections")
        if len(key) > 1 and (beside or listed or not row.fields["sections"]):
            senses.setdefault(key, []).append(
                _Sense(
                    row.fields["short"],
                    tuple(plain(row.fields["long"]).split()),
                    row.fields["case"] == "exact",
                    frozenset() if listed else frozenset(word for word in beside if word[0] != "!"),
                    frozenset(word[1:] for word in beside if word[0] == "!"),
                )
            )
    return senses


class Shorthand:
    """Parts a text into pieces, shorthand with its long forms."""

    def __init__(self, known: Collection[str]) -> None:
        """Read the tables, once for all.

        Args:
            known: words that are none in another case.

        Raises:
            SetupError: the search's own table does not fit.
            MissingModelError: the lexicon's does not.
        """
        self._known = known
        self._own, self._senses = _own(), _senses()

    def __call__(self, text: str, words: Sequence[str]) -> Iterator[Piece]:
        """The pieces of a text, in order.

        Args:
            text: as it is written.
            words: the same in plain words.
        """
        written = frozenset(_WRITTEN.findall(text))
        around = frozenset(words)
        place = 0
        while place < len(words):
            for size in range(min(_LONGEST, len(words) - place), 0, -1):
                longs = self._longs(" ".join(words[place : place + size]), written, around)
                if longs or size == 1:
                    yield Piece(tuple(words[place : place + size]), longs)
                    place += size
                    break

    def _longs(
        self, phrase: str, written: frozenset[str], around: frozenset[str]
    ) -> tuple[tuple[tuple[str, ...], float], ...]:
        senses = self._senses.get(phrase, ())
        meant = list(dict.fromkeys(s.long for s in senses if s.long and self._holds(s, phrase, written, around)))
        sure = _ONLY if len(meant) == 1 else _ONE_OF_SEVERAL
        own = [long for long in self._own.get(phrase, ()) if long not in meant]
        return (*((long, sure) for long in meant), *((long, _OWN) for long in own))

    def _holds(self, sense: _Sense, phrase: str, written: frozenset[str], around: frozenset[str]) -> bool:
        if sense.never_beside & around:
            return False
        if sense.beside and not sense.beside & around:
            return False
        if not sense.exact or sense.short in written:
            return True
        return len(phrase) >= _LONG_ENOUGH and phrase not in self._known
