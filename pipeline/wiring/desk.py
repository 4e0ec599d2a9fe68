"""The coders' web app. Imported only when it is served: its framework takes long to load."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from starlette.types import ASGIApp

from pipeline.errors import InkchartError
from pipeline.inbox.originals import Originals
from pipeline.process import TextReader
from pipeline.render import Renderer
from pipeline.render.preview import LONGEST, save_picture
from pipeline.review import build_app
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.wiring.assembly import books, text_reader
from pipeline.wiring.folders import work_folder
from pipeline.wiring.machine import open_store


def review_app(settings: Settings) -> ASGIApp:
    """The coders' web app."""
    opened, loaded = open_store(settings), books(settings)
    return build_app(
        store=opened,
        codebooks=loaded,
        text=_in_background(lambda: text_reader(settings, loaded)),
        picture=_pictures(settings, opened),
        settings=settings.review,
        inbox=settings.inbox_dir,
    )


def _in_background(load: Callable[[], TextReader]) -> Callable[[], TextReader]:
    """Start loading beside the first requests; whoever needs it waits for it.

    A thread that the program does not wait for when it ends: loading takes seconds.
    """
    loaded: Future[TextReader] = Future()

    def run() -> None:
        try:
            loaded.set_result(load())
        except InkchartError as error:
            loaded.set_exception(error)

    threading.Thread(target=run, name="text stages", daemon=True).start()
    return loaded.result


def _pictures(settings: Settings, opened: Store) -> Callable[[str, int], Path]:
    """Page pictures, drawn from the originals when first asked for and kept in the cache."""
    render, originals = Renderer(settings.render, work_folder(settings)), Originals(settings.data_dir)
    lock = threading.Lock()

    def picture(document: str, number: int) -> Path:
        folder = settings.data_dir / "cache" / "pages" / settings.fingerprint()[:12]
        path = folder / f"{document}-{number}-{LONGEST}.jpg"
        if path.is_file():
            return path
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
