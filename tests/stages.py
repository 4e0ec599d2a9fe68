"""Small real stages: a chart is a text file whose first line says what it does to its reader.

`gated N PATH` waits before each page after the first until a test opens its gate: it lasts as long as that needs.
"""

import os
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from pipeline.errors import ChartError, DamagedFileError, DiskFullError, MissingProgramError, TooManyPagesError
from pipeline.pool import PageDone
from pipeline.process import InkStages, Stages, TextStages, process
from pipeline.records import CleanImage, Encounter, Layout, Page, PageImage, Provenance, Reading
from pipeline.settings import InboxSettings, Settings, WorkerSettings
from tests import charts

GATES_OPEN_WITHIN = 120.0
"""Seconds."""


def quick_settings(folder: Path, *, workers: int = 1, attempts: int = 2) -> Settings:
    """Settings under which a test does not wait."""
    (folder / "inbox").mkdir(exist_ok=True)
    (folder / "data").mkdir(exist_ok=True)
    return Settings(
        inbox_dir=folder / "inbox",
        data_dir=folder / "data",
        inbox=InboxSettings(settle_seconds=0.02, patience_seconds=0.3, patience_seconds_once=0.3, poll_seconds=0.05),
        worker=WorkerSettings(workers=workers, attempts=attempts),
    )


def build(settings: Settings) -> Stages:
    """The stages, as `pool` builds them in each of its processes."""
    return Stages(
        ink=InkStages(
            render=partial(_render, settings.render.max_pages),
            is_separator=lambda image: False,
            clean=_clean,
            find_layout=_layout,
            read=_read,
        ),
        text=TextStages(
            find_entities=lambda pages: (),
            find_encounters=_encounters,
            suggest_codes=lambda encounter, entities: (),
        ),
        provenance=Provenance(version="test", settings="", parts=()),
    )


def build_on_a_bare_machine(settings: Settings) -> Stages:
    """What `pool` meets where a program is not installed."""
    raise MissingProgramError("tesseract is missing.")


def _render(max_pages: int, source: Path) -> Iterator[PageImage]:
    words = source.read_text().split()
    match words[0]:
        case "damaged":
            raise DamagedFileError
        case "crash":
            os.kill(os.getpid(), 9)
        case "fault":
            raise ValueError(" ".join(words))
        case "full":
            raise DiskFullError("The disk is full.")
        case "slow":
            time.sleep(float(words[2]))
    count = int(words[1])
    if count > max_pages:
        raise TooManyPagesError
    for number in range(1, count + 1):
        if words[0] == "gated" and number > 1:
            _wait_at(gate(Path(words[2]), number))
        level = 200 if words[0] == "pale" and number > 1 else 0
        yield PageImage(number=number, pixels=np.full((4, 4, 3), level, np.uint8), dpi=None, of=count)


def gate(folder: Path, number: int) -> Path:
    """What opens the way to a page of a gated chart, once it is there."""
    return folder / f"page-{number}"


def _wait_at(closed: Path) -> None:
    until = time.monotonic() + GATES_OPEN_WITHIN
    while not closed.exists():
        if time.monotonic() > until:
            raise TimeoutError("no test opened this gate")
        time.sleep(0.01)


def _clean(image: PageImage) -> CleanImage:
    return CleanImage(
        page=image,
        pixels=image.pixels[:, :, 0],
        turn=0,
        skew_degrees=0.0,
        to_page=np.eye(3),
        quality=replace(charts.QUALITY, advice="Scan it darker." if image.pixels.any() else None),
    )


def _layout(clean: CleanImage) -> Layout:
    return Layout(lines=())


def _read(clean: CleanImage, layout: Layout) -> Page:
    return replace(charts.page(clean.page.number, "Patient: Maria Lopez"), quality=clean.quality)


def _encounters(pages: tuple[Page, ...], entities: tuple[object, ...]) -> tuple[Encounter, ...]:
    return (charts.encounter(pages=tuple(page.number for page in pages), entities=()),)


class InlinePool:
    """Reads in the calling process, at once."""

    def __init__(self, settings: Settings) -> None:
        self.workers = settings.worker.workers
        self._stages = build(settings)

    def submit(self, document: str, source: Path) -> "Future[Reading]":
        """A future that is done already."""
        future: Future[Reading] = Future()
        try:
            future.set_result(process(document, source, self._stages))
        except (ChartError, ValueError) as error:
            future.set_exception(error)
        return future

    def pages_done(self) -> Iterator[PageDone]:
        """Nothing to tell."""
        return iter(())

    def restart(self) -> None:
        """Nothing to restart."""

    def close(self) -> None:
        """Nothing to close."""
