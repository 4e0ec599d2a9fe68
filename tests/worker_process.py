"""A worker in a process of its own, as `inkchart run` has one, with the small stages: folder, pages allowed."""

import signal
import sys
import threading
from pathlib import Path

from pipeline.inbox.originals import Originals
from pipeline.pool import ReadingPool
from pipeline.store import open_store
from pipeline.worker import Worker
from tests.stages import build, quick_settings


def main(folder: Path, max_pages: int) -> None:
    """Work until SIGTERM."""
    settings = quick_settings(folder)
    settings = settings.model_copy(update={"render": settings.render.model_copy(update={"max_pages": max_pages})})
    stop, wake = threading.Event(), threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stop.set())
    pool = ReadingPool(settings, build, 1)
    worker = Worker(settings=settings, store=open_store(settings), originals=Originals(settings.data_dir), pool=pool)
    try:
        worker.watch(stop, wake)
    finally:
        pool.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
