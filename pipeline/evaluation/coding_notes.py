"""Whole notes asked for their codes: what is shown for some entity of theirs, what is proposed, what must not be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from pipeline.evaluation.coding_data import CodedNote, Known, bare
from pipeline.evaluation.coding_figures import Figure, Miss, figure, share, sureness
from pipeline.evaluation.shares import Share
from pipeline.process import TextStages, understand
from pipeline.records import Candidate, CodeSystem, Page

_AGAIN = "Already proposed"
Key = tuple[CodeSystem, str]
_SHOWN = 5
"""Of each entity and system, candidates that a coder sees at once."""
_POOLED = (5, 10)
_THRESHOLDS = tuple(step / 20 for step in range(1, 20))
_QUOTED = 300
"""Characters of a note that stand beside what no words are known for."""
_HALVES = ("first half", "second half")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A note and the candidates of its encounters."""

    note: CodedNote
    shown: tuple[Candidate, ...]
    words: Mapping[str, str]
    """Of each finding what the note says, by its id."""

    @property
    def wanted(self) -> frozenset[Key]:
        """Its codes."""
        return frozenset(known.key for known in self.note.codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What was proposed of a note."""

    right: int
    proposed: int
    wanted: int


def answer(note: CodedNote, pages: Sequence[Page], stages: TextStages) -> Answered:
    """Understand a note from its pages, typed or read."""
    entities, _, candidates = understand(pages, stages, date_of_service=note.on)
    return Answered(note=note, shown=candidates, words={entity.id: entity.text for entity in entities})


def report_figures(answers: Sequence[Answered]) -> Iterator[Figure]:
    """Of notes that are coded in one system alone: the order of all candidates, and what is proposed."""
    system = CodeSystem.ICD9CM
    for most in _POOLED:
        parts = [_share(one.wanted, set(_pooled(one, system)[:most])) for one in answers]
        yield share(system.value, f"among the first {most} of the note", "codes", parts)
    for most in _POOLED:
        parts = [_share(one.wanted, _first(one, most)) for one in answers]
        yield share(system.value, f"among the first {most} of an entity", "codes", parts)
    yield from _proposed_figures(system.value, "proposed", [_proposed(one, system) for one in answers])
    yield from _tuned(answers, system)
    yield from sureness(system.value, [_judged(one, system) for one in answers])


def note_figures(answers: Sequence[Answered]) -> Iterator[Figure]:
    """Of notes with all their codes: what is shown and proposed by system and over all, and what must not be."""
    systems = [s for s in CodeSystem if any(known.system is s for one in answers for known in one.note.codes)]
    for system in [*systems, None]:
        of = "all" if system is None else system.value
        parts = [_share(_of(one.wanted, system), _first(one, _SHOWN)) for one in answers]
        yield share(of, f"among the first {_SHOWN} of an entity", "codes", parts)
        yield from _proposed_figures(of, "proposed", [_proposed(one, system) for one in answers])
        parts = [_share(_of({known.key for known in one.note.never}, system), _ticked(one)) for one in answers]
        yield share(of, "proposed of what must not be", "codes", parts)
    not_had = [
        _share({known.key for known in one.note.never if known.is_disease_not_had}, _ticked(one)) for one in answers
    ]
    yield share("all", "proposed of diseases negated, a relative's or not established", "codes", not_had)
    yield from sureness("all", [_judged(one, None) for one in answers])


def misses(answers: Sequence[Answered]) -> list[Miss]:
    """What was missed and wrongly proposed, the notes with most of it first; of the systems that are coded alone."""
    systems = {known.system for one in answers for known in one.note.codes}
    by_note = [[miss for miss in _misses(one) if miss.of in systems] for one in answers]
    by_note.sort(key=lambda found: -sum(miss.weight for miss in found))
    return [miss for found in by_note for miss in sorted(found, key=lambda miss: -miss.weight)]


def _misses(one: Answered) -> Iterator[Miss]:
    first, ticked = _first(one, _SHOWN), _ticked(one)
    words = {known.key: known for known in one.note.codes}
    for key, known in words.items():
        if key not in ticked:
            yield _missed(one, known, shown=key in first)
    never = {known.key: known for known in one.note.never}
    for key in sorted(ticked - set(words)):
        best = max((c for c in one.shown if _key(c) == key and c.proposed), key=lambda c: c.score)
        forbidden = never.get(key)
        yield Miss(
            id=one.note.id,
            of=key[0].value,
            what="proposed" if forbidden is None else "must not be proposed",
            text=one.words.get(best.entity or "", ""),
            wanted="" if forbidden is None else f"not: {forbidden.words}",
            shown=f"{best.code} {best.display} ({best.score:.2f})",
            weight=best.score if forbidden is None else 2.0,
        )


def _missed(one: Answered, known: Known, *, shown: bool) -> Miss:
    """A code that is not proposed: what stands in its way, as far as it is found at all."""
    found = [c for c in one.shown if _key(c) == known.key]
    best = max(found, key=lambda c: (c.withheld is None, c.score), default=None)
    return Miss(
        id=one.note.id,
        of=known.system.value,
        what="not proposed" if shown else "not shown",
        text=known.words or one.note.text[:_QUOTED],
        wanted=known.code,
        shown="" if best is None else f"rank {best.rank} ({best.score:.2f}) {best.withheld or ''}".strip(),
        weight=0.5 if shown else 1.0,
    )


def _tuned(answers: Sequence[Answered], system: CodeSystem) -> Iterator[Figure]:
    """What is proposed of each half at the threshold that is best for the other."""
    halves: tuple[list[Answered], list[Answered]] = ([], [])
    for one in answers:
        halves[sha256(one.note.id.encode()).digest()[0] % 2].append(one)
    both: list[Proposed] = []
    for here, other, name in ((halves[0], halves[1], _HALVES[0]), (halves[1], halves[0], _HALVES[1])):
        best = max(_THRESHOLDS, key=lambda at: _f1([_proposed(one, system, at=at) for one in other]) or 0.0)
        own = [_proposed(one, system, at=best) for one in here]
        both += own
        yield figure(system.value, f"F1, {name}, from {best:.2f}", "codes", own, _f1, sum(p.wanted for p in own))
    yield from _proposed_figures(system.value, "at thresholds of the other half", both)


def _proposed_figures(of: str, name: str, parts: Sequence[Proposed]) -> Iterator[Figure]:
    wanted = sum(part.wanted for part in parts)
    yield share(of, f"{name}: recall", "codes", [Share(right=part.right, of=part.wanted) for part in parts])
    yield share(of, f"{name}: precision", "proposed", [Share(right=part.right, of=part.proposed) for part in parts])
    yield figure(of, f"{name}: F1", "codes", parts, _f1, wanted)


def _f1(parts: Sequence[Proposed]) -> float | None:
    """Over all notes together (micro); None where nothing is wanted and nothing proposed."""
    total = sum(part.proposed + part.wanted for part in parts)
    return 2 * sum(part.right for part in parts) / total if total else None


def _proposed(one: Answered, system: CodeSystem | None, *, at: float | None = None) -> Proposed:
    ticked = _of(_ticked(one) if at is None else _from(one, at), system)
    wanted = _of(one.wanted, system)
    return Proposed(right=len(ticked & wanted), proposed=len(ticked), wanted=len(wanted))


def _from(one: Answered, at: float) -> set[Key]:
    """What would be proposed at another threshold: of each entity the first that nothing speaks against."""
    first: dict[tuple[str | None, str | None, CodeSystem], Candidate] = {}
    for candidate in one.shown:
        if _nothing_against(candidate):
            first.setdefault((candidate.encounter, candidate.entity, candidate.system), candidate)
    return {_key(candidate) for candidate in first.values() if candidate.score >= at}


def _nothing_against(candidate: Candidate) -> bool:
    """No rule speaks against it; that it is proposed already, from another mention, does not."""
    return candidate.withheld is None or candidate.withheld.startswith(_AGAIN)


def _pooled(one: Answered, system: CodeSystem) -> list[Key]:
    """All candidates of a note, the likeliest first."""
    best: dict[Key, float] = {}
    for candidate in one.shown:
        if candidate.system is system:
            best[_key(candidate)] = max(candidate.score, best.get(_key(candidate), 0.0))
    return sorted(best, key=lambda key: -best[key])


def _judged(one: Answered, system: CodeSystem | None) -> list[tuple[float, bool]]:
    """Score and whether it is right of each code that a coder sees and nothing speaks against."""
    best: dict[Key, float] = {}
    for candidate in one.shown:
        seen = candidate.rank <= _SHOWN and _nothing_against(candidate)
        if seen and system in (None, candidate.system):
            best[_key(candidate)] = max(candidate.score, best.get(_key(candidate), 0.0))
    return [(score, key in one.wanted) for key, score in best.items()]


def _first(one: Answered, most: int) -> set[Key]:
    return {_key(candidate) for candidate in one.shown if candidate.rank <= most}


def _ticked(one: Answered) -> set[Key]:
    return {_key(candidate) for candidate in one.shown if candidate.proposed}


def _of(keys: frozenset[Key] | set[Key], system: CodeSystem | None) -> set[Key]:
    return {key for key in keys if system in (None, key[0])}


def _share(wanted: frozenset[Key] | set[Key], found: set[Key]) -> Share:
    return Share(right=len(wanted & found), of=len(wanted))


def _key(candidate: Candidate) -> Key:
    return candidate.system, bare(candidate.code)
