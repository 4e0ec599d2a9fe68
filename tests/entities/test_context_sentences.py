"""What sentences of charts say of findings, measured against what was meant.

A finding is marked in its sentence with what the note says of it: `Mother has {asthma|family}. Pt has {cough|none}`;
`|done` marks something done or given. Of relatives' findings it is not asked whether they are past.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.entities import EntityFinder, pages_from_text
from pipeline.entities.context import ContextReader
from pipeline.lexicon import Lexicon
from tests import findings

TABLE = Path(__file__).with_name("context_sentences.tsv")
UNSEEN = Path(__file__).with_name("context_sentences_2.tsv")
"""Written before the cues were looked at. When first read, F1 was .87 for family, .90 negated, .73 uncertain, .79
historical and .71 hypothetical; only those figures are of sentences that nobody had in mind."""
MARK = re.compile(r"\{([^{}|]+)\|([a-z ]+)(\|done)?\}")
KINDS = ("negated", "uncertain", "historical", "hypothetical", "family")
LEAST = {"negated": 0.93, "uncertain": 0.93, "historical": 0.93, "hypothetical": 0.93, "family": 0.95}
LEAST_HELD_OUT = {"negated": 0.87, "uncertain": 0.9, "historical": 0.85, "hypothetical": 0.9, "family": 0.9}
"""Of the sentences whose errors were not looked at while the cues were written."""
LEAST_UNSEEN = {"negated": 0.9, "uncertain": 0.8, "historical": 0.85, "hypothetical": 0.8, "family": 0.85}


@pytest.fixture(scope="module")
def read_context(lexicon: Lexicon) -> ContextReader:
    return ContextReader(lexicon, findings.tokenizer())


def sentences(table: Path, *, held_out: bool) -> Iterator[str]:
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["part"].endswith("held-out") == held_out:
                yield row["sentence"].replace("\\n", "\n")


def judged(find: EntityFinder, read: ContextReader, marked: str) -> Iterator[tuple[set[str], set[str]]]:
    """What is meant and what is read of each marked finding of a sentence."""
    text = MARK.sub(lambda mark: mark[1], marked)
    note = find.note(pages_from_text(text)[0])
    places, meant, done = [], [], []
    shift = 0
    for mark in MARK.finditer(marked):
        start = mark.start() - shift
        end = start + len(mark[1])
        shift += len(mark[0]) - len(mark[1])
        held = [index for index, token in enumerate(note.tokens) if token.start < end and token.end > start]
        places.append((held[0], held[-1]))
        meant.append(set(mark[2].split()) - {"none"})
        done.append(mark[3] is not None)
    said = read(note.tokens, note.words, note.sections, note.starts, places, done=done)
    for flags, (context, _) in zip(meant, said, strict=True):
        yield flags, {kind for kind in KINDS if getattr(context, kind)}


@pytest.mark.parametrize(
    ("table", "held_out", "least"),
    [(TABLE, False, LEAST), (TABLE, True, LEAST_HELD_OUT), (UNSEEN, False, LEAST_UNSEEN)],
)
def test_context_is_read_as_it_was_meant(
    find_entities: EntityFinder, read_context: ContextReader, table: Path, held_out: bool, least: dict[str, float]
) -> None:
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for sentence in sentences(table, held_out=held_out):
        for meant, read in judged(find_entities, read_context, sentence):
            asked = set(KINDS) - ({"historical"} if "family" in meant else set())
            right.update(meant & read & asked)
            wrong.update((meant ^ read) & asked)
    scores = {kind: 2 * right[kind] / (2 * right[kind] + wrong[kind]) for kind in KINDS}
    assert {kind: score for kind, score in scores.items() if score < least[kind]} == {}
