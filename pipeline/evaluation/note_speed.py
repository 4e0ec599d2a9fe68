"""How long a typed note takes from text to findings and encounters, and how long what finds them takes to load.

Times depend on the machine and on what else it does. So the note is also timed through spaCy's tokenizer alone, in
turns with the whole: the ratio says how much the rest costs, wherever it was measured.
"""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from statistics import median

from pipeline.codebooks import load_books
from pipeline.entities import EncounterFinder, EntityFinder, load_packaged, pages_from_text
from pipeline.entities.tokens import Tokenizer
from pipeline.lexicon import Term, load_lexicon
from pipeline.onnx import read_manifest

WARM_UP = 3
"""Notes that are read before any is timed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSpeed:
    """How fast a note is understood; the middle one of so many times."""

    words: int
    """Of the note."""
    times: int
    load_seconds: float
    """Lexicon, code books' terms and finders, the books compiled before; with spaCy where it was not yet loaded."""
    milliseconds: float
    """From the text to findings and encounters."""
    tokenizer_milliseconds: float
    """The same text cut into tokens, no more."""

    @property
    def ratio(self) -> float:
        """The whole as a multiple of the tokenizer alone."""
        return self.milliseconds / self.tokenizer_milliseconds


def measure(data: Path, *, times: int) -> NoteSpeed:
    """Load the finders and time a clean note of about 300 words.

    Args:
        data: folder for the compiled code books.
        times: how often the note is read.

    Raises:
        SetupError: a table is missing or does not fit.
    """
    cache = data / "cache"
    load_books(cache)
    before = time.perf_counter()
    lexicon, books = load_lexicon(), load_books(cache)
    terms = (Term(text=text, label=label, normalized=normalized) for text, label, normalized in books.terms())
    language = load_packaged(read_manifest()["entities"].checked())
    find_entities, find_encounters = EntityFinder(lexicon, language, terms), EncounterFinder(lexicon)
    loaded = time.perf_counter() - before
    text = (files("pipeline.evaluation") / "note.txt").read_text(encoding="utf-8")
    tokenize = Tokenizer(language)

    def understand() -> None:
        pages = pages_from_text(text)
        find_encounters(pages, find_entities(pages))

    both = [(_milliseconds(understand), _milliseconds(lambda: tokenize(text))) for _ in range(WARM_UP + times)][
        WARM_UP:
    ]
    return NoteSpeed(
        words=len(text.split()),
        times=times,
        load_seconds=loaded,
        milliseconds=median(whole for whole, _ in both),
        tokenizer_milliseconds=median(alone for _, alone in both),
    )


def write_speed(speed: NoteSpeed, out: Path) -> Path:
    """Write `note-speed.json`; returns its path."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / "note-speed.json"
    path.write_text(json.dumps({**asdict(speed), "ratio": speed.ratio}, indent=1) + "\n", encoding="utf-8")
    return path


def _milliseconds(run: Callable[[], object]) -> float:
    before = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - before)
