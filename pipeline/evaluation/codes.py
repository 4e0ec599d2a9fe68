"""Codes: is what a coder would give among the candidates, and are the proposed ones right?

The truth's encounters are matched with the reading's by pages, the pair that shares the most first.
An expected code is found at k where an entity of its encounter has it among its first k candidates of
that code system. Where no encounter was proposed for it, it is not found.
"""

from collections.abc import Sequence

from pipeline.evaluation.places import PlacedChart
from pipeline.evaluation.shares import Share
from pipeline.evaluation.truth import TruthEncounter
from pipeline.records import Candidate, CodeSystem, Encounter


def match_encounters(
    truth: Sequence[TruthEncounter], read: Sequence[Encounter]
) -> tuple[tuple[TruthEncounter, Encounter | None], ...]:
    """Each encounter of the truth with the one that was proposed for it; each proposed one is used once."""
    options = sorted(
        (-len(set(true.pages) & set(encounter.pages)), len(set(true.pages) ^ set(encounter.pages)), t, r)
        for t, true in enumerate(truth)
        for r, encounter in enumerate(read)
        if set(true.pages) & set(encounter.pages)
    )
    chosen: dict[int, int] = {}
    for _, _, t, r in options:
        if t not in chosen and r not in chosen.values():
            chosen[t] = r
    return tuple((true, read[chosen[t]] if t in chosen else None) for t, true in enumerate(truth))


def found_at(chart: PlacedChart, k: int, system: CodeSystem | None = None) -> Share:
    """Expected codes that are among the first k candidates of an entity; of one system where it is given."""
    right = of = 0
    for true, encounter in match_encounters(chart.truth.encounters, chart.reading.encounters):
        first = {
            (candidate.system, candidate.code)
            for candidate in _candidates(chart, encounter)
            if candidate.entity is not None and candidate.rank <= k
        }
        expected = [code for code in true.codes if system is None or code.system is system]
        right += sum((code.system, code.code) in first for code in expected)
        of += len(expected)
    return Share(right=right, of=of)


def proposed_right(chart: PlacedChart) -> Share:
    """Proposed codes, each once an encounter, that a coder would give."""
    right = of = 0
    used = set()
    for true, encounter in match_encounters(chart.truth.encounters, chart.reading.encounters):
        if encounter is None:
            continue
        used.add(encounter.id)
        proposed = _proposed(chart, encounter)
        right += len(proposed & {(code.system, code.code) for code in true.codes})
        of += len(proposed)
    of += sum(len(_proposed(chart, other)) for other in chart.reading.encounters if other.id not in used)
    return Share(right=right, of=of)


def proposed_of_expected(chart: PlacedChart) -> Share:
    """Expected codes that were proposed: what a coder would only have to confirm."""
    right = of = 0
    for true, encounter in match_encounters(chart.truth.encounters, chart.reading.encounters):
        proposed = _proposed(chart, encounter) if encounter is not None else set()
        right += sum((code.system, code.code) in proposed for code in true.codes)
        of += len(true.codes)
    return Share(right=right, of=of)


def _proposed(chart: PlacedChart, encounter: Encounter) -> set[tuple[CodeSystem, str]]:
    return {(c.system, c.code) for c in _candidates(chart, encounter) if c.proposed}


def _candidates(chart: PlacedChart, encounter: Encounter | None) -> tuple[Candidate, ...]:
    if encounter is None:
        return ()
    return tuple(candidate for candidate in chart.reading.candidates if candidate.encounter == encounter.id)
