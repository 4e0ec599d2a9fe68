"""Bare texts asked for their codes: mentions, what code books call a code, and disturbed descriptors of the books."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from pipeline.codebooks import CodeBooks
from pipeline.codebooks.tables import KINDS
from pipeline.evaluation.coding_data import HOSPITAL, Asked, bare
from pipeline.evaluation.coding_figures import Figure, Miss, share, sureness
from pipeline.evaluation.resampling import SEED
from pipeline.evaluation.shares import Share
from pipeline.records import Candidate, CodeSystem, Label

Suggest = Callable[[str, Label, date | None, int | None], tuple[Candidate, ...]]
"""From a text, its label, a day and how many a system, to candidates, each system's best first."""
_RANKS = (1, 5, 10)
_BAND = 5
"""Candidates of each list whose scores are judged: those that a coder sees at once."""
_DAY = {CodeSystem.ICD9CM: date(2014, 6, 2), CodeSystem.ICD10CM: date(2026, 6, 1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A text, as it was asked, and the candidates of its system."""

    asked: Asked
    text: str
    shown: tuple[Candidate, ...]

    @property
    def rank(self) -> int | None:
        """Of the first right code, from 1; None where none is shown."""
        return next((n for n, one in enumerate(self.shown, start=1) if bare(one.code) in self.asked.codes), None)


def answer(asked: Asked, suggest: Suggest, disturb: Callable[[str], str] | None = None) -> Answer:
    """Ask for the codes of a text, disturbed or as it is."""
    text = asked.text if disturb is None else disturb(asked.text)
    shown = suggest(text, asked.label, asked.on, max(_RANKS))
    return Answer(asked=asked, text=text, shown=tuple(one for one in shown if one.system is asked.system))


def figures(answers: Sequence[Answer]) -> Iterator[Figure]:
    """Recall by what is counted and over all, then what the scores are worth."""
    groups = list(dict.fromkeys(one.asked.group for one in answers))
    for group in [*groups, *(["all"] if len(groups) > 1 else [])]:
        own = [one for one in answers if group == one.asked.group or (group == "all" and one.asked.group != HOSPITAL)]
        # the same text asked of two systems is one document
        documents: dict[str, list[Answer]] = {}
        for one in own:
            documents.setdefault(one.asked.text, []).append(one)
        for most in _RANKS:
            parts = [
                Share(right=sum(one.rank is not None and one.rank <= most for one in given), of=len(given))
                for given in documents.values()
            ]
            yield share(group, f"recall@{most}", "texts", parts)
        if group == "all" or len(groups) == 1:
            shown = [[pair for one in given for pair in _judged(one)] for given in documents.values()]
            yield from sureness(group, shown)


def misses(answers: Sequence[Answer]) -> list[Miss]:
    """What is not first, the farthest down and the surest wrong ones first."""
    found = []
    for one in answers:
        if one.rank == 1:
            continue
        best = one.shown[0] if one.shown else None
        found.append(
            Miss(
                id=one.asked.id,
                of=one.asked.group,
                what="not found" if one.rank is None else f"rank {one.rank}",
                text=one.text,
                wanted=";".join(one.asked.codes),
                shown="" if best is None else f"{best.code} {best.display} ({best.score:.2f})",
                weight=(100 if one.rank is None else one.rank) + (best.score if best is not None else 0),
            )
        )
    return sorted(found, key=lambda miss: (-miss.weight, miss.id))


def descriptors(books: CodeBooks, system: CodeSystem, count: int) -> tuple[Asked, ...]:
    """So many billable codes of a system and what the newest book calls them, drawn with a fixed seed."""
    book = books.book_for(system, _DAY.get(system))
    tables = books.tables
    number = next((n for n, one in enumerate(books.books()) if one is book), -1)
    of_kind = tables.row_kind != KINDS.index("procedure") if system in _DAY else np.ones(len(tables.row_kind), bool)
    rows = np.flatnonzero((tables.row_book == number) & tables.row_billable & of_kind).tolist()
    drawn = sorted(random.Random(SEED).sample(rows, min(count, len(rows))))
    labels = {name: Label(name.upper()) for name in KINDS}
    return tuple(
        Asked(
            id=code.code,
            text=code.display,
            label=labels[code.kind],
            on=_DAY.get(system),
            system=system,
            group=system.value,
            codes=(bare(code.code),),
        )
        for code in map(books.code, drawn)
    )


def _judged(one: Answer) -> Iterator[tuple[float, bool]]:
    for candidate in one.shown[:_BAND]:
        yield candidate.score, bare(candidate.code) in one.asked.codes
