"""Make `language.npz`: which words there are, how likely each is, which follow which, and how words are spelt.

`python -m models.language.build DATA SYMSPELL`: DATA holds `notes_mtsamples.tsv`; SYMSPELL is the folder of the
Python package symspellpy 6.10 with its two frequency dictionaries of English (MIT). Further words come from
`drugs.txt` and `names.txt` beside this file, from the project's lexicon, and from the code books it carries.
No line of a collection of handwriting is read.
"""

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.codebooks import hcpcs_facts, icd9, icd10
from pipeline.reading.language import SIGNS

HERE = Path(__file__).parent
PIPELINE = HERE.parents[1] / "pipeline"
SHARES = {"general": 0.5, "clinical": 0.4, "books": 0.06, "drugs": 0.02, "names": 0.02}
"""What each source gives to the probability of a word."""
FEWEST = 2
"""A word of the notes that stands there less often is taken only where another source knows it, too."""
DISCOUNT = 0.6
CLINICAL_BIGRAMS = 2
ORDER = 4
_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")


def main() -> None:
    """Count, mix, pack, write."""
    data, symspell = Path(sys.argv[1]), Path(sys.argv[2])
    sentences = list(_sentences(data / "notes_mtsamples.tsv"))
    general = _frequencies(symspell / "frequency_dictionary_en_82_765.txt")
    notes = Counter(word for sentence in sentences for word in sentence)
    books = Counter(word for text in _books() for word in _words(text))
    drugs, names = Counter(_listed("drugs.txt")), Counter(_listed("names.txt"))
    elsewhere = general.keys() | books.keys() | drugs.keys() | names.keys()
    clinical = Counter({word: count for word, count in notes.items() if count >= FEWEST or word in elsewhere})
    sources = {"general": general, "clinical": clinical, "books": books, "drugs": drugs, "names": names}
    chance: dict[str, float] = defaultdict(float)
    for name, counts in sources.items():
        total = sum(counts.values())
        for word, count in counts.items():
            chance[word] += SHARES[name] * count / total
    words = sorted(word for word in chance if len(word) > 1 or word in "ai")
    parents, signs, ends = _trie(words)
    place = dict(zip(words, ends.tolist(), strict=True))
    pairs = _pairs(place, chance, sentences, clinical, general, symspell / "frequency_bigramdictionary_en_243_342.txt")
    first, second, follows, left = pairs
    packed = {
        "words": np.frombuffer("\n".join(words).encode(), np.uint8),
        "parents": parents,
        "signs": signs,
        "ends": ends.astype(np.uint32),
        "chance": np.log([chance[word] for word in words]).astype(np.float16),
        "first": first,
        "second": second,
        "follows": follows,
        "left": np.array([left.get(word, 0.0) for word in words], np.float16),
        # A word that is not known is most often a name.
        "spelling": _spelling([*drugs, *names]),
        "drugs": np.array(sorted(place[word] for word in drugs if word in place), np.uint32),
    }
    np.savez_compressed(HERE / "language.npz", **packed)
    print(f"{len(words)} words, {len(parents)} nodes, {len(first)} pairs")


def _sentences(path: Path) -> Iterator[list[str]]:
    """The notes in stretches without a stop, a number or any other break between the words."""
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            for stretch in re.split(r"[^a-z' -]+| - |\s{2,}", row["transcription"].lower()):
                yield _words(stretch)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _frequencies(path: Path) -> Counter[str]:
    counts: Counter[str] = Counter()
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        word, count = line.split()
        if _WORD.fullmatch(word):
            counts[word] += int(count)
    return counts


def _listed(name: str) -> list[str]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in _words(line)]


def _books() -> Iterator[str]:
    """Names of diagnoses, procedures, supplies and terms."""
    for book in (icd9, icd10):
        yield from (entry.display for entry in book.read().entries)
    for table in ("diagnoses", "procedures", "supplies", "labels"):
        yield from (line.split("\t")[0] for line in _lines(PIPELINE / f"lexicon/data/{table}.tsv"))
    yield from (" ".join(line.split("\t")[2:4]) for line in _lines(PIPELINE / "codebooks/cpt.tsv"))
    yield from (" ".join((facts.name, *facts.synonyms)) for facts in hcpcs_facts.read_facts())


def _lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")][1:]


def _trie(words: list[str]) -> tuple[NDArray[np.uint32], NDArray[np.uint8], NDArray[np.int64]]:
    """Nodes level by level, the children of one node side by side: (parent, sign, node at which each word ends)."""
    prefixes = sorted({word[:size] for word in words for size in range(1, len(word) + 1)}, key=lambda p: (len(p), p))
    node = {"": 0} | {prefix: place for place, prefix in enumerate(prefixes, start=1)}
    parents = np.array([0, *(node[prefix[:-1]] for prefix in prefixes)], np.uint32)
    signs = np.array([0, *(SIGNS.index(prefix[-1]) + 1 for prefix in prefixes)], np.uint8)
    return parents, signs, np.array([node[word] for word in words])


def _pairs(
    place: dict[str, int],
    chance: dict[str, float],
    sentences: list[list[str]],
    clinical: Counter[str],
    general: Counter[str],
    path: Path,
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.float16], dict[str, float]]:
    """Pairs of words, the log probability of the second after the first, and the log share left to all others."""
    both = Counter(pair for sentence in sentences for pair in pairwise(sentence))
    kept = {pair: count - DISCOUNT for pair, count in both.items() if count >= CLINICAL_BIGRAMS}
    seen: dict[tuple[str, str], int] = {}
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        one, other, count = line.rsplit(" ", 2)
        seen[one, other] = int(count)
    after: list[dict[tuple[str, str], float]] = []
    for table, totals in ((seen, general), (kept, clinical)):
        sums: Counter[str] = Counter()
        for (one, _), count in table.items():
            sums[one] += count
        # The list of English pairs counts some pairs more often than their first word alone.
        after.append({pair: count / max(totals[pair[0]], 1.02 * sums[pair[0]]) for pair, count in table.items()})
    covered = [Counter[str](), Counter[str]()]
    for found, sums in zip(after, covered, strict=True):
        for (one, _), share in found.items():
            sums[one] += share
    left: dict[str, float] = {}
    weight: dict[str, tuple[float, float]] = {}
    sums_of = sum(general.values()), sum(clinical.values())
    for word in place:
        # Each source speaks as much as it knows of the first word.
        one = SHARES["general"] * general[word] / sums_of[0]
        other = SHARES["clinical"] * clinical[word] / sums_of[1]
        weight[word] = (one / (one + other), other / (one + other)) if one + other else (0.5, 0.5)
        left[word] = float(np.log(sum(w * (1 - sums[word]) for w, sums in zip(weight[word], covered, strict=True))))
    pairs = sorted(
        (pair for pair in after[0].keys() | after[1].keys() if pair[0] in place and pair[1] in place),
        key=lambda pair: (place[pair[0]], place[pair[1]]),
    )
    follows = []
    for pair in pairs:
        rest = np.exp(left[pair[0]]) * chance[pair[1]]
        known = sum(w * table.get(pair, 0.0) for w, table in zip(weight[pair[0]], after, strict=True))
        follows.append(np.log(known + rest))
    first = np.array([place[one] for one, _ in pairs], np.uint32)
    second = np.array([place[other] for _, other in pairs], np.uint32)
    return first, second, np.array(follows, np.float16), left


def _spelling(words: Iterable[str]) -> NDArray[np.uint8]:
    """Log probability of each sign after the three before it, in sixteenths below 0; 0 is the edge of a word."""
    size = len(SIGNS) + 1
    grams = np.zeros((size,) * ORDER)
    for word in words:
        signs = [0] * (ORDER - 1) + [SIGNS.index(sign) + 1 for sign in word] + [0]
        for at in range(ORDER - 1, len(signs)):
            grams[tuple(signs[at - ORDER + 1 : at + 1])] += 1
    share = np.full(size, 1 / size)
    for order in range(1, ORDER + 1):
        # Witten-Bell: a context gives to the shorter one as much as it has seen kinds of signs.
        counts = grams.sum(axis=tuple(range(ORDER - order)))
        total, kinds = counts.sum(axis=-1, keepdims=True), (counts > 0).sum(axis=-1, keepdims=True)
        share = np.where(total > 0, (counts + kinds * share) / np.maximum(total + kinds, 1), share)
    return np.minimum(255, np.round(-16 * np.log(share))).astype(np.uint8)


if __name__ == "__main__":
    main()
