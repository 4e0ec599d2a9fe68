"""One input at a time, nothing stored: what `read`, `recognize`, `extract` and `suggest` call."""

import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline import __version__
from pipeline.coding import Suggester
from pipeline.entities import pages_from_text, text_offsets
from pipeline.errors import UnreadableFileError
from pipeline.process import process, understand
from pipeline.records import Candidate, Label, LineKind, Provenance, Reading, RecognizedLine
from pipeline.render import Renderer
from pipeline.settings import Settings
from pipeline.wiring.assembly import books, ink_stages, stages, text_stages
from pipeline.wiring.folders import work_folder


def chart_reader(settings: Settings) -> Callable[[Path, date | None], Reading]:
    """A function from a file to its reading."""
    built = stages(settings)

    def read(path: Path, day: date | None) -> Reading:
        source = path.absolute()
        return process(_sha256(source)[:16], source, built, date_of_service=day)

    return read


def crop_reader(settings: Settings) -> Callable[[Path, LineKind | None], RecognizedLine]:
    """A function from the picture of one line or word to its text; no kind lets the reader decide."""
    ink = ink_stages(settings)
    render = Renderer(settings.render, work_folder(settings))

    def recognize(path: Path, kind: LineKind | None) -> RecognizedLine:
        _sha256(path)  # tells a missing file or a folder as what it is
        return ink.reader.recognize(render.page(path.absolute(), 1).pixels, kind)

    return recognize


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a typed note says."""

    reading: Reading
    offsets: dict[str, tuple[int, int]]
    """Where each entity stands: code points of the unmodified note, end exclusive."""


def note_reader(settings: Settings) -> Callable[[str, date | None], Note]:
    """A function from a typed note to what it says."""
    text = text_stages(settings)
    provenance = Provenance(version=__version__, settings=settings.fingerprint(), parts=text.parts)

    def read(given: str, day: date | None) -> Note:
        # Half a surrogate pair is valid in JSON and nowhere else; replaced one for one, offsets still hold.
        note = re.sub("[\ud800-\udfff]", "\ufffd", given)
        pages = pages_from_text(note)
        entities, encounters, candidates = understand(pages, text.stages, date_of_service=day)
        reading = Reading(
            document=hashlib.sha256(note.encode()).hexdigest()[:16],
            pages=pages,
            entities=entities,
            encounters=encounters,
            candidates=candidates,
            provenance=provenance,
        )
        return Note(reading=reading, offsets={each.id: text_offsets(note, each, pages) for each in entities})

    return read


def code_suggester(
    settings: Settings,
) -> Callable[[str, Label, date | None, int | None], tuple[Candidate, ...]]:
    """A function from a text, its label, a date of service and a limit to candidates."""
    return Suggester(books(settings), settings.coding).for_text


def _sha256(path: Path) -> str:
    """Hash of a file's bytes.

    Raises:
        UnreadableFileError: it is missing or cannot be opened.
    """
    try:
        if path.is_dir():
            raise UnreadableFileError("This is a folder, not a file.")
        # Opening a pipe would wait for its writer.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, ValueError) as error:  # a name with a NUL in it can be no file's
        raise UnreadableFileError("There is no such file.") from error
    except OSError as error:
        raise UnreadableFileError from error
