"""From the sources to the columns: done once, then cached."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.codebooks import gems, hcpcs_facts, icd9, icd10, starter, validity
from pipeline.codebooks.entries import NOTE_KINDS, Entry, Source, Volume, Wording
from pipeline.codebooks.tables import KINDS, LABELS, SYSTEMS, Tables
from pipeline.codebooks.wording import is_leftover, plain, without_filler
from pipeline.errors import SetupError
from pipeline.records import CodeSystem, Label

LONGEST_TERM = 7
"""Words of the longest term that is worth looking for in a note."""
_SHORTEST = 5
"""Letters of the shortest term that is taken from a book; short ones are often words of another meaning."""
_JOINS = frozenset(
    ("and", "or", "with", "without", "due", "to", "not", "except", "including", "elsewhere", "following", "by")
)
# fmt: off
_VAGUE = frozenset((
    "acute", "chronic", "disease", "disorder", "disorders", "pain", "mass", "lesion", "history", "status", "test",
    "tests", "injury", "care", "exam", "examination", "screening", "visit", "problem", "problems", "symptoms",
    "syndrome", "infection", "condition", "evaluation", "type", "stage", "level",
))
# fmt: on
_IN_CONTEXT = re.compile(
    r"(?:status post|sp|history of|h o|hx|fh|fhx|family history of|mother|father|sister|brother|parents?|needs|wants|"
    r"exposed to|contact with|suspected|possible|routine|discuss|repeat|recheck|follow up|former|due for|declines) .*"
    r"|.* (?:due|survivor|today|history|surveillance)"
)
"""A name that says itself how the note means it: in a note the words around a finding say so, and are heeded there."""
_IN_NOTES = (Source.SYNONYM, Source.DESCRIPTION, Source.INCLUSION)


def compile_books(key: str, imported: Sequence[Volume], practice: Sequence[Wording] = ()) -> Tables:
    """Read every source and lay it out in columns.

    Args:
        key: SHA-256 of all sources.
        imported: the books that were brought.
        practice: the practice's own names.

    Raises:
        SetupError: a table of the project does not fit, or names a code that no book has.
    """
    supplements = [volume for volume in imported if not volume.entries]
    volumes = [icd9.read(), icd9.read_procedures(), icd10.read(), *map(starter.read_services, starter.SERVICES)]
    volumes += [hcpcs_facts.read_volume(), *(volume for volume in imported if volume.entries)]
    wordings = _unlike([wording for volume in (*volumes, *supplements) for wording in validity.dated(volume)])
    maps = list(gems.read())
    wordings += gems.lend(maps, wordings)
    synonyms = list(starter.read_synonyms())
    wordings = [*practice, *synonyms, *wordings]

    identities: dict[tuple[CodeSystem, str], int] = {}
    rows = [
        (number, identities.setdefault((volume.book.system, entry.code), len(identities)), entry)
        for number, volume in enumerate(volumes)
        for entry in volume.entries
    ]
    _check_synonyms(synonyms, identities)
    wordings = [wording for wording in wordings if (wording.system, wording.code) in identities]
    searched: dict[int, list[Wording]] = {}
    for wording in wordings:
        if wording.source in (Source.SYNONYM, Source.INCLUSION):
            searched.setdefault(identities[wording.system, wording.code], []).append(wording)
    ordered = sorted((entry.code.replace(".", ""), row) for row, (_, _, entry) in enumerate(rows))
    proven = [validity.proven(volumes[number].book, entry) for number, _, entry in rows]
    terms = _terms(wordings, {(v.book.system, e.code): e.kind for v in volumes for e in v.entries})
    notes = sorted(
        (
            (f"{note.system} {note.code}", number, NOTE_KINDS.index(note.kind), " ".join(note.text.split()))
            for number, volume in enumerate(volumes)
            for note in volume.notes
        ),
        key=lambda note: note[:3],
    )
    return Tables(
        key=key,
        books=tuple(volume.book for volume in volumes),
        supplements=tuple(volume.book for volume in supplements),
        row_book=np.array([book for book, _, _ in rows], dtype=np.uint8),
        row_identity=np.array([identity for _, identity, _ in rows], dtype=np.int32),
        row_billable=np.array([entry.billable for _, _, entry in rows], dtype=np.uint8),
        row_kind=np.array([KINDS.index(entry.kind) for _, _, entry in rows], dtype=np.uint8),
        row_from=np.array([e.valid_from.toordinal() if e.valid_from else 0 for _, _, e in rows], dtype=np.int32),
        row_to=np.array([e.valid_to.toordinal() if e.valid_to else 0 for _, _, e in rows], dtype=np.int32),
        row_proven_from=np.array([first for first, _ in proven], dtype=np.int32),
        row_proven_to=np.array([last for _, last in proven], dtype=np.int32),
        row_display=[" ".join(entry.display.split()) for _, _, entry in rows],
        row_search=[
            " | ".join([plain(entry.display), *_names(entry, searched.get(identity, ()))])
            for _, identity, entry in rows
        ],
        sorted_code=[code for code, _ in ordered],
        sorted_row=np.array([row for _, row in ordered], dtype=np.int32),
        identity_system=np.array([SYSTEMS.index(system) for system, _ in identities], dtype=np.uint8),
        identity_code=[code for _, code in identities],
        identity_prior=_priors(identities, maps, _parted(volumes)),
        wording_text=[" ".join(wording.text.split()) for wording in wordings],
        wording_identity=np.array([identities[w.system, w.code] for w in wordings], dtype=np.int32),
        wording_source=np.array([wording.source for wording in wordings], dtype=np.uint8),
        wording_from=np.array([w.valid_from.toordinal() if w.valid_from else 0 for w in wordings], dtype=np.int32),
        wording_to=np.array([w.valid_to.toordinal() if w.valid_to else 0 for w in wordings], dtype=np.int32),
        wording_path=[w.canonical or "" if w.source is Source.INDEX else "" for w in wordings],
        note_place=[place for place, _, _, _ in notes],
        note_book=np.array([book for _, book, _, _ in notes], dtype=np.uint8),
        note_kind=np.array([kind for _, _, kind, _ in notes], dtype=np.uint8),
        note_text=[text for _, _, _, text in notes],
        term_text=list(terms),
        term_label=np.array([LABELS.index(label) for label, _ in terms.values()], dtype=np.uint8),
        term_normalized=[normalized for _, normalized in terms.values()],
    )


def _names(entry: Entry, wordings: Iterable[Wording]) -> Iterator[str]:
    """Plain names of a code, without those of another meaning that its number had on other days."""
    for wording in wordings:
        ended = wording.valid_to and entry.valid_from and wording.valid_to < entry.valid_from
        unborn = wording.valid_from and entry.valid_to and entry.valid_to < wording.valid_from
        if not ended and not unborn:
            yield plain(wording.text)


def _unlike(wordings: Iterable[Wording]) -> list[Wording]:
    """The wordings without those that say the same of the same code as one before: editions repeat each other.

    What two editions say counts for the days of both.
    """
    kept: dict[tuple[CodeSystem, str, str], Wording] = {}
    for wording in wordings:
        key = (wording.system, wording.code, wording.text.lower())
        first = kept.setdefault(key, wording)
        if first is not wording:
            begins = first.valid_from and wording.valid_from and min(first.valid_from, wording.valid_from)
            ends = first.valid_to and wording.valid_to and max(first.valid_to, wording.valid_to)
            kept[key] = replace(first, valid_from=begins, valid_to=ends)
    return list(kept.values())


def _check_synonyms(synonyms: Iterable[Wording], identities: dict[tuple[CodeSystem, str], int]) -> None:
    for synonym in synonyms:
        if (synonym.system, synonym.code) not in identities:
            raise SetupError(f"The synonyms name {synonym.system} {synonym.code}, which is not in the book.")


def _priors(
    identities: dict[tuple[CodeSystem, str], int], maps: Iterable[gems.Map], parted: Iterable[str]
) -> NDArray[np.float32]:
    """Bands of ICD-9-CM codes, handed on to ICD-10-CM: halved once where the map is not one to one."""
    bands = starter.read_priors()
    for heading in parted:  # in its days it was used as often as the commonest of its parts is now
        below = [band for code, band in bands.items() if code.startswith(heading)]
        bands[heading] = max(below, default=0.0)
    priors = np.zeros(len(identities), dtype=np.float32)
    for code, band in bands.items():
        if (CodeSystem.ICD9CM, code) in identities:
            priors[identities[CodeSystem.ICD9CM, code]] = band
    for row in maps:
        to = identities.get((CodeSystem.ICD10CM, row.icd10))
        if row.forward and not row.scenario and to is not None and row.icd9 in bands:
            priors[to] = max(priors[to], bands[row.icd9] - row.approximate, 0)
    return priors


def _parted(volumes: Iterable[Volume]) -> Iterator[str]:
    """ICD-9-CM headings that were codes until they were parted."""
    for volume in volumes:
        if volume.book.system is CodeSystem.ICD9CM:
            yield from (e.code for e in volume.entries if e.billable and e.valid_to is not None)


def _terms(wordings: Iterable[Wording], kinds: dict[tuple[CodeSystem, str], str]) -> dict[str, tuple[Label, str]]:
    """Wordings that a note may hold, each with its label and what it is short for.

    Left out: wordings of what has no code of its own ("other ..."), vague or ordinary words, two letters,
    sentences, and names of the project that carry their own context ("hx ...", "... due").
    """
    ordinary = starter.read_ordinary()
    labels = {"diagnosis": Label.DIAGNOSIS, "procedure": Label.PROCEDURE, "supply": Label.SUPPLY}
    terms: dict[str, tuple[Label, str]] = {}
    for wording in wordings:
        own = wording.source is Source.SYNONYM
        if wording.source not in _IN_NOTES:
            continue
        text = plain(wording.text)
        if not own:
            text = "" if is_leftover(text) else without_filler(text)
        words = text.split()
        if not 0 < len(words) <= LONGEST_TERM or len(text) < 3 or text in ordinary or words[-1] in _JOINS:
            continue
        if (own and _IN_CONTEXT.fullmatch(text)) or (len(words) == 1 and text in _VAGUE):
            continue
        if not own and (words[0] in _JOINS or len(text) < _SHORTEST or all(w in _VAGUE or w.isdigit() for w in words)):
            continue
        label = labels[kinds[wording.system, wording.code]]
        terms.setdefault(text, (label, plain(wording.canonical) if wording.canonical else text))
    return terms
