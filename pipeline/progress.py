"""What the worker tells while it works, and what a run adds up to."""

from dataclasses import dataclass
from enum import Enum, auto

from pipeline.store.rows import Arrival


class Step(Enum):
    """What happened to a file."""

    STARTED = auto()
    PAGE = auto()
    READ = auto()
    DUPLICATE = auto()
    REJECTED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAdvice:
    """What the clerk should do about one page of a chart that was read all the same."""

    page: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Told to the screen; never logged, since file names hold patients' names."""

    step: Step
    arrival: Arrival
    page: int | None = None
    """Number of the page that is done."""
    advice: tuple[PageAdvice, ...] = ()
    """Once it is read: which pages are better scanned again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one run did."""

    read: int = 0
    pages: int = 0
    advised: int = 0
    """Of the pages, those that are better scanned again."""
    duplicates: int = 0
    rejected: int = 0
    failed: int = 0
    """Of the rejected ones, those that met a fault of the program."""
    waiting: tuple[str, ...] = ()
    """Names of files that are not whole yet."""
    passed_over: tuple[str, ...] = ()
    """Sentences on what was not opened."""
    unmoved: tuple[str, ...] = ()
    """Sentences on files that are decided and could not be moved or purged."""
