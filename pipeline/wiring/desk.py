"""The coders' web app, and what leaves it."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from starlette.types import ASGIApp

from pipeline.errors import InkchartError, UsageError
from pipeline.export import as_csv, as_json
from pipeline.inbox.originals import Originals
from pipeline.render import Renderer
from pipeline.render.preview import save_picture
from pipeline.render.separator import separator_sheet
from pipeline.review import build_app
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.store.review_state import confirmed
from pipeline.wiring.assembly import books
from pipeline.wiring.folders import work_folder
from pipeline.wiring.machine import open_store


def review_app(settings: Settings) -> ASGIApp:
    """The coders' web app."""
    opened = open_store(settings)
    return build_app(
        store=opened,
        codebooks=books(settings),
        picture=_pictures(settings, opened),
        settings=settings.review,
        inbox=settings.inbox_dir,
    )


def sign_in_path(settings: Settings, who: str) -> str:
    """Path and query of a link that signs one person in, once."""
    token = open_store(settings).sign_ins.issue(who, timedelta(minutes=settings.review.link_minutes))
    return f"/sign-in?token={token}"


def _pictures(settings: Settings, opened: Store) -> Callable[[str, int], Path]:
    """Page pictures, drawn from the originals when first asked for and kept in the cache."""
    render, originals = Renderer(settings.render, work_folder(settings)), Originals(settings.data_dir)
    lock = threading.Lock()

    def picture(document: str, number: int) -> Path:
        path = settings.data_dir / "cache" / "pages" / settings.fingerprint()[:12] / f"{document}-{number}.jpg"
        known = opened.arrivals.document(document)
        if known is None:
            raise KeyError(document)
        with lock:  # one decoder at a time: a coder's screen asks for many pages at once
            if not path.is_file():
                try:
                    image = render.page(originals.path(known.sha256), number)
                except (InkchartError, ValueError) as error:
                    raise KeyError(document) from error
                save_picture(image, path)
        return path

    return picture


def export_codes(settings: Settings, format: str) -> str:
    """The codes of every confirmed encounter, as CSV or JSON."""
    opened = open_store(settings)
    reviews = opened.decisions.reviews()
    signed = [
        record
        for encounter in opened.readings.encounters()
        if encounter.id in reviews and (record := confirmed(encounter, reviews[encounter.id])) is not None
    ]
    return as_csv(signed) if format == "csv" else as_json(signed)


def write_text(path: Path, text: str) -> None:
    """Write a file.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error


def write_separator(path: Path) -> None:
    """Write the sheet that splits a scan in two.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        separator_sheet().save(path, resolution=300)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be written; name a PDF or PNG file in a folder that is there.") from error
