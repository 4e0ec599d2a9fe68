"""A file to its page images, one after another."""

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.errors import EmptyFileError, TooManyPagesError, UnknownFormatError, UnreadableFileError
from pipeline.records import PageImage
from pipeline.render.drawn import Limits
from pipeline.render.formats import HEAD_BYTES, Format, sniff
from pipeline.render.sandbox import Sandbox
from pipeline.settings import RenderSettings


class Renderer:
    """Turns a PDF, TIFF, JPEG, PNG, BMP, WebP or HEIC file into page images.

    Decoding happens in a process of its own, one a file; at most two pages exist at a time, so
    memory does not grow with a file's length.

    Args:
        settings: limits and resolution.
        work: folder for what decoders put down for a moment; made where it is missing.
    """

    def __init__(self, settings: RenderSettings, work: Path) -> None:
        self._settings = settings
        self._work = work

    def __call__(self, source: Path) -> Iterator[PageImage]:
        """Yield every page in the file's order.

        Raises:
            ChartError: the file, or the page that would come next, cannot be read.
            SetupError: a program is missing, or the disk is full.
        """
        with self._sandbox(source) as sandbox:
            count = self._allowed(sandbox.count())
            sandbox.request(1)
            for number in range(1, count + 1):
                if number < count:
                    sandbox.request(number + 1)  # is drawn while the caller reads this one
                yield replace(sandbox.receive(number), of=count)

    def page(self, source: Path, number: int) -> PageImage:
        """Render a single page.

        Args:
            source: the file.
            number: place in the file, from 1.

        Raises:
            ChartError: the file or this page cannot be read.
            SetupError: a program is missing, or the disk is full.
            ValueError: the file has no such page.
        """
        with self._sandbox(source) as sandbox:
            if not 1 <= number <= self._allowed(sandbox.count()):
                raise ValueError(f"the file has no page {number}")
            sandbox.request(number)
            return sandbox.receive(number)

    def count_pages(self, source: Path) -> int:
        """Number of pages, without drawing any.

        Raises:
            ChartError: the file cannot be opened, or has more pages than allowed.
            SetupError: a program is missing, or the disk is full.
        """
        with self._sandbox(source) as sandbox:
            return self._allowed(sandbox.count())

    def _sandbox(self, source: Path) -> Sandbox:
        limits = Limits(
            dpi=self._settings.dpi,
            max_pixels=self._settings.max_pixels,
            page_seconds=self._settings.page_seconds,
            memory_mb=self._settings.memory_mb,
        )
        return Sandbox(source, _format_of(source), limits, self._work)

    def _allowed(self, count: int) -> int:
        if count > self._settings.max_pages:
            raise TooManyPagesError
        return count


def _format_of(source: Path) -> Format:
    """Look at the first bytes of a file.

    Raises:
        UnreadableFileError: it cannot be opened, or is no regular file.
        EmptyFileError: it is empty.
        UnknownFormatError: it is in no format that is read here.
    """
    try:
        # Opening a pipe would wait for its writer.
        descriptor = os.open(source, os.O_RDONLY | os.O_NONBLOCK)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise UnreadableFileError
            head = os.read(descriptor, HEAD_BYTES)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise UnreadableFileError from error
    if not head:
        raise EmptyFileError
    format = sniff(head)
    if format is None:
        raise UnknownFormatError
    return format
