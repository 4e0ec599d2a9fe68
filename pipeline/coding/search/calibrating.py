"""How the numbers in `calibration.toml` are made: `python -m pipeline.coding.search.calibrating CACHE`.

Mentions are made from the books' own wordings, as clinicians and scanners disfigure them: filler left out,
words cut short, letters misread, something else said behind. For part of them the wording itself is hidden
from the search, so that a paraphrase must do. Codes that offices use are drawn as often as all others together.
Nothing else goes in: no chart, no benchmark.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from pipeline.codebooks import CodeBooks, load_books
from pipeline.codebooks.tables import SYSTEMS
from pipeline.codebooks.wording import plain, without_filler
from pipeline.coding.search.features import NAMES, VISIT, facts_of
from pipeline.coding.search.finding import KINDS_OF_CODES, SERVICES, Finder, Measured, numbers
from pipeline.coding.search.index import load_index
from pipeline.coding.search.scoring import CHANCE, Weights, chance_inputs, shares
from pipeline.coding.search.sides import Side, side_of
from pipeline.records import CLAIMED, CodeSystem

Real: TypeAlias = NDArray[np.float64]

SEED = 20260
_START = {
    "letters": 10.0,
    "asked": 2.0,
    "told": 1.0,
    "exact": 2.0,
    "exact_synonym": 2.0,
    "prior": 2.0,
    "quantity_right": 1.0,
    "quantity_wrong": -2.0,
    "side_wrong": -2.0,
}
_SAID = {Side.LEFT: "left", Side.RIGHT: "right", Side.BOTH: "bilateral"}
_AT_LEAST = {
    "exact_synonym": 2.0,
    "from_synonym": 0.3,
    "told": 0.0,
    "filler": 0.0,
    "filler_said": 1.5,
    "category": -2.5,
}
"""The synonym table is a person's decision: made-up mentions may not unlearn it. Nor may agreement cost."""
_AT_MOST = {"visit_wrong": -9.0}
"""A seventh character of another visit than the text tells is hardly ever meant; made-up mentions draw all alike."""
_MISREAD = {
    "a": "o",
    "o": "a",
    "e": "c",
    "c": "e",
    "i": "l",
    "l": "i",
    "n": "u",
    "u": "n",
    "m": "rn",
    "r": "v",
    "h": "b",
}
_MORE = 0.25
"""Share of the mentions that go on with words of something else."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A made-up mention of a code."""

    text: str
    system: CodeSystem
    identity: int
    hidden: str | None
    """The wording that must not be found."""


def mentions(books: CodeBooks, count: int, seed: int, *, noise: float = 0.1, hide: float = 0.25) -> Iterator[Mention]:
    """Mentions of billable codes.

    Args:
        books: whose wordings are disfigured.
        count: how many.
        seed: the same seed, the same mentions.
        noise: share of letters misread in the noisiest; each mention draws its own share below it.
        hide: share of mentions whose own wording is hidden.
    """
    random = Random(seed)
    tables, facts = books.tables, facts_of(books)
    billable = set(tables.row_identity[tables.row_billable.astype(bool)].tolist())
    rows = {identity: row for row, identity in enumerate(tables.row_identity.tolist())}
    ways: dict[int, list[int]] = {}
    for index in (load_index(books, name, numbers(systems)) for name, systems in KINDS_OF_CODES):
        for wording, identity in zip(index.link_wording.tolist(), index.link_identity.tolist(), strict=True):
            if identity in billable:
                ways.setdefault(identity, []).append(wording)
    everyone = {s: [i for i in ways if SYSTEMS[int(tables.identity_system[i])] is s] for s in CLAIMED}
    office = {s: [i for i in everyone[s] if tables.identity_prior[i] > 0] or everyone[s] for s in CLAIMED}
    for _ in range(count):
        system = random.choice(CLAIMED)
        identity = random.choice(random.choice((everyone, office))[system])
        original = tables.wording_text[random.choice(ways[identity])]
        side = Side(int(facts.side[identity]))
        said = original if side in (Side.NONE, side_of(original)) else f"{_SAID[side]} {original}"
        told = VISIT.search(tables.row_display[rows[identity]]) if facts.visit[identity] else None
        said += told[0] if told else ""
        hidden = original if random.random() < hide and len(set(ways[identity])) > 1 else None
        text = disfigured(said, random, noise * random.random())
        if random.random() < _MORE:
            other = without_filler(plain(tables.wording_text[random.choice(ways[random.choice(everyone[system])])]))
            text = f"{text}, {' '.join(other.split()[: random.randint(1, 3)])}"
        yield Mention(text=text, system=system, identity=identity, hidden=hidden)


def disfigured(text: str, random: Random, noise: float) -> str:
    """A wording as it may come out of a scanned note; `noise` is the share of letters misread."""
    words = without_filler(plain(text)).split()
    if len(words) > 3 and random.random() < 0.3:
        words.pop(random.randrange(1, len(words)))
    words = [word[: max(4, len(word) // 2)] if len(word) > 7 and random.random() < 0.15 else word for word in words]
    return "".join(_misread(letter, random) if random.random() < noise else letter for letter in " ".join(words))


def _misread(letter: str, random: Random) -> str:
    way = random.random()
    if way < 0.35 and letter in _MISREAD:
        return _MISREAD[letter]
    if way < 0.65:
        return random.choice(_LETTERS)
    return "" if way < 0.85 else letter + random.choice(_LETTERS)


def fit(books: CodeBooks, count: int = 4000, rounds: int = 2) -> Weights:
    """Fit both steps: the ranking on some mentions, the chance on others."""
    start = np.array([_START.get(name, 0.0) for name in NAMES])
    weights = Weights(rank=start, none=0.0, chance=np.zeros(len(CHANCE) + 1))
    made = list(mentions(books, count, SEED))
    for _ in range(rounds):
        cases = _cases(books, weights, made)
        rank = _fit_rank(cases)
        weights = Weights(rank=rank[:-1], none=float(rank[-1]), chance=weights.chance)
    inputs, right = _chance_rows(_cases(books, weights, list(mentions(books, count // 3, SEED + 1))), weights)
    return Weights(rank=weights.rank, none=weights.none, chance=_fit_chance(inputs, right))


_Case: TypeAlias = tuple[Measured, NDArray[np.bool_]]


def _cases(books: CodeBooks, weights: Weights, made: list[Mention]) -> list[_Case]:
    """The codes that were found for each mention, and which is right: in the other system of services, none is."""
    facts = facts_of(books)
    finders = {
        system: (finder, systems)
        for name, systems in KINDS_OF_CODES
        for finder in [Finder(books, weights, facts, name, systems)]
        for system in systems
    }
    cases = []
    for mention in made:
        finder, systems = finders[mention.system]
        asked = systems if mention.system in SERVICES else (mention.system,)
        found = finder.measure(mention.text, asked, None, side=side_of(mention.text), without=mention.hidden)
        cases += [(measured, measured.identities == mention.identity) for measured in found.values()]
    return cases


def _fit_rank(cases: list[_Case]) -> Real:
    """The weights of the measures, and last that of "none of these", which is right where no code is."""
    useful = []
    for measured, right in cases:
        matrix = np.zeros((len(right) + 1, len(NAMES) + 1))
        matrix[:-1, :-1], matrix[-1, -1] = measured.matrix, 1.0
        useful.append((matrix, np.append(right, not right.any())))

    def loss(rank: Real) -> tuple[float, Real]:
        total, slope = 0.01 * float(rank @ rank), 0.02 * rank
        for matrix, right in useful:
            share = shares(matrix @ rank, -np.inf)
            total -= float(np.log(share[right].sum() + 1e-12))
            slope = slope - (matrix[right].sum(axis=0) / right.sum() - share @ matrix)
        return total, slope

    bounds = [(_AT_LEAST.get(name), _AT_MOST.get(name)) for name in (*NAMES, "none")]
    start = np.array([_START.get(name, 0.0) for name in (*NAMES, "none")])
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x)


def _chance_rows(cases: list[_Case], weights: Weights) -> tuple[Real, NDArray[np.bool_]]:
    rows, right = [], []
    for measured, hit in cases:
        share = shares(measured.matrix @ weights.rank, weights.none)
        order = np.argsort(-share)[:10]
        rows.append(chance_inputs(share, measured.matrix)[order])
        right.append(hit[order])
    return np.concatenate(rows), np.concatenate(right)


def _fit_chance(inputs: Real, right: NDArray[np.bool_]) -> Real:
    def loss(chance: Real) -> tuple[float, Real]:
        sums = inputs @ chance
        chances = 1 / (1 + np.exp(-sums))
        total = float(np.sum(np.logaddexp(0, sums) - right * sums)) + 0.5 * float(chance[:-1] @ chance[:-1])
        return total, inputs.T @ (chances - right) + np.append(chance[:-1], 0.0)

    return np.asarray(minimize(loss, np.zeros(inputs.shape[1]), jac=True, method="L-BFGS-B").x)


def written(weights: Weights) -> str:
    """The numbers as TOML."""
    head = (
        "# Fitted by `python -m pipeline.coding.search.calibrating` on mentions made of the wordings of the books\n"
        f"# (seed {SEED}): filler left out, words cut short, up to a tenth of the letters misread, for a quarter of\n"
        "# them something else said behind, and for a quarter the wording itself hidden. No chart, no benchmark.\n"
    )
    rank = "".join(f"{name} = {value:.3f}\n" for name, value in zip(NAMES, weights.rank, strict=True))
    rank += f"none = {weights.none:.3f}\n"
    chance = "".join(f"{n} = {v:.3f}\n" for n, v in zip((*CHANCE, "bias"), weights.chance, strict=True))
    return f"{head}\n[rank]\n{rank}\n[chance]\n{chance}"


if __name__ == "__main__":
    fitted = fit(load_books(Path(sys.argv[1])))
    (Path(__file__).parent / "calibration.toml").write_text(written(fitted), encoding="utf-8")
