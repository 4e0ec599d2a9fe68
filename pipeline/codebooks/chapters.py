"""The chapter of a code, under one name in both ICD editions."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.codebooks.starter import rows
from pipeline.errors import SetupError
from pipeline.records import CodeSystem

TABLE = Path(__file__).parent / "chapters.tsv"
OTHER = "Other"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of a code book."""

    system: CodeSystem
    first: str
    last: str
    name: str


def chapter_of(system: CodeSystem, code: str) -> str:
    """The chapter's name; `Other` for a code that no stretch of the table holds."""
    bare = code.replace(".", "")
    if system is CodeSystem.CPT and bare[-1:].isalpha():
        bare = bare[-1] + bare[:-1]
    return next(
        (
            chapter.name
            for chapter in _loaded()
            if chapter.system is system and chapter.first <= bare[: len(chapter.first)] <= chapter.last
        ),
        OTHER,
    )


@cache
def _loaded() -> tuple[Chapter, ...]:
    return load_chapters()


def load_chapters(path: Path = TABLE) -> tuple[Chapter, ...]:
    """Read the table.

    Raises:
        SetupError: a row is no stretch of a system.
    """
    found = []
    for place, (system, first, last, name) in rows(path, ("system", "first", "last", "chapter")):
        if system not in [each.value for each in CodeSystem] or not name or not first <= last:
            raise SetupError(f"{place} is not a stretch of a code system with its name.")
        found.append(Chapter(CodeSystem(system), first, last, name))
    return tuple(found)
