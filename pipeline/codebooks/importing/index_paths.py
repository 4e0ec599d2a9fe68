"""Paths of an alphabetic index as words that stand for a code, whichever edition and file they are from."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.codebooks.entries import Source, Wording
from pipeline.codebooks.importing.imported import Row
from pipeline.records import CodeSystem

REFERENCES = "cross references"
"""Rows of a path, `see` or `see also`, and where it points to."""
_JOINS = frozenset(
    ("with", "without", "due", "of", "in", "by", "from", "following", "complicating", "affecting", "during", "on", "to",
     "for", "as", "at", "involving", "associated", "resulting", "causing", "after", "and", "not", "than", "under")
)  # fmt: skip
"""A subterm that begins so is read after its main term, any other before it."""
_ASIDE = re.compile(r"\s*\([^()]*\)")
_SAYS_NOTHING = re.compile(r"[\s,]*\b(?:NEC|NOS)\b")
_LONGEST = 14
"""Words; a longer path is no way in which a chart says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One entry of an index under all entries above it."""

    path: tuple[str, ...]
    """Main term, subterm, subterm below that, ..., as the index has them, without codes and references."""
    codes: tuple[str, ...] = ()
    """The code, with its dot; a second one is the manifestation that goes with it."""
    see: str = ""
    also: str = ""
    qualifier: str = ""
    """What the column of a table adds, such as `malignant`."""


@dataclass(slots=True)
class IndexContent:
    """What the steps of an index come to."""

    wordings: list[Wording] = field(default_factory=list)
    references: list[Row] = field(default_factory=list)


def content_of(system: CodeSystem, steps: Iterable[Step]) -> IndexContent:
    """Wordings of all steps that have a code, and of those that only say where to look instead."""
    content = IndexContent()
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    kept = list(steps)
    for step in kept:
        if step.codes:
            known.setdefault(tuple(_key(words) for words in step.path if _key(words)), step.codes)
    seen: set[tuple[str, str]] = set()
    for step in kept:
        path = ", ".join(words for words in (*step.path, step.qualifier) if words)
        for kind, target in (("see", step.see), ("see also", step.also)):
            if target:
                content.references.append((path, kind, target))
        codes = step.codes or _followed(step.see, known)
        if not codes:
            continue
        path += f" - see {step.see}" if not step.codes else ""
        path += f" {codes[0]}" + "".join(f" [{code}]" for code in codes[1:])
        for text in _readings(step):
            if (text, codes[0]) not in seen:
                seen.add((text, codes[0]))
                content.wordings.append(
                    Wording(text=text, system=system, code=codes[0], source=Source.INDEX, canonical=path)
                )
    return content


def readable(path: Sequence[str], qualifier: str = "") -> str:
    """The path as a chart would say it: `Pain, abdominal, upper` -> `abdominal pain upper`."""
    main, *below = [words for words in (_bare(words) for words in path) if words] or [""]
    main = main[:1].lower() + main[1:] if main[1:2].islower() else main
    if below and below[0].split()[0].lower() not in _JOINS:
        main, below = f"{below[0]} {main}", below[1:]
    return " ".join(words for words in (qualifier, main, *below) if words)


def _readings(step: Step) -> Iterator[str]:
    """One text, or two where the main term has a second name beside it: `Abdomen, abdominal`."""
    first, *rest = step.path
    names = [name.strip() for name in _bare(first).split(",")]
    alternative = len(names) == 2 and " " not in names[1] and names[0][:3].lower() == names[1][:3].lower()
    for name in names if alternative else [first]:
        text = readable((name, *rest), step.qualifier)
        if 0 < len(text.split()) <= _LONGEST:
            yield text


@lru_cache(maxsize=1 << 16)
def _bare(words: str) -> str:
    """A term without what may be there or not (in parentheses) and without "NEC"."""
    for _ in range(3):
        words = _ASIDE.sub("", words)
    return " ".join(_SAYS_NOTHING.sub("", words).replace("\t", " ").split()).strip(" ,-*")


def _key(words: str) -> str:
    return _bare(words).lower().split(",")[0]


def _followed(target: str, known: dict[tuple[str, ...], tuple[str, ...]]) -> tuple[str, ...]:
    """The codes of what "see" points to, where that is one path."""
    wanted = tuple(words.strip().lower() for words in target.split(",") if words.strip())
    return known.get(wanted, ())
