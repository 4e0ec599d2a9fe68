"""The caller's side of the decoder process: starts it, waits for it no longer than allowed, ends it."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

import numpy as np

from pipeline import errors
from pipeline.errors import ChartError, DecoderFailedError, DiskFullError, SetupError
from pipeline.records import Box, PageImage, Pixels, TextWord
from pipeline.render.drawn import Answer, Limits
from pipeline.render.failures import NO_ROOM
from pipeline.render.formats import Format

_PIPE_BYTES = 1 << 20


class Sandbox:
    """A decoder process for one file.

    Requests are answered in their order, and the process works ahead on the next while the caller
    is busy with the last.
    """

    def __init__(self, source: Path, format: Format, limits: Limits, work: Path) -> None:
        self._limits = limits
        try:
            work.mkdir(parents=True, exist_ok=True)
            self._folder = Path(tempfile.mkdtemp(prefix="render-", dir=work.absolute()))
            # Decoders get a plain name: no leading dash, no newline, no patient.
            link = self._folder / "chart"
            link.symlink_to(source.absolute())
        except OSError as error:
            if error.errno in NO_ROOM:
                raise DiskFullError("The disk is full; make room and start again.") from error
            raise SetupError(f"The work folder {work} cannot be used: {error.strerror}.") from error
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-m", "pipeline.render.child", link, format, json.dumps(asdict(limits))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # decoders quote what they stumble over
                bufsize=0,
                cwd=self._folder,
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TMPDIR": str(self._folder)},
                start_new_session=True,  # one group to end, and Ctrl-C is the caller's
                pipesize=_PIPE_BYTES,
            )
        except OSError as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise SetupError(f"The machine starts no more processes: {error.strerror}.") from error

    def __enter__(self) -> Self:
        """Nothing more to do: the process runs."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process with all that it started, and remove its folder."""
        with suppress(ProcessLookupError):  # it ended by itself
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()
        shutil.rmtree(self._folder, ignore_errors=True)

    def count(self) -> int:
        """Number of pages.

        Raises:
            ChartError: the file cannot be opened.
            SetupError: a program is missing, or the disk is full.
        """
        self._request("count")
        return self._header(time.monotonic() + self._limits.page_seconds)["count"]

    def request(self, number: int) -> None:
        """Ask for a page, numbered from 1, without waiting for it."""
        self._request(str(number))

    def receive(self, number: int) -> PageImage:
        """The page that was asked for first and not yet received.

        Raises:
            ChartError: the page cannot be drawn.
            SetupError: a program is missing, or the disk is full.
        """
        deadline = time.monotonic() + self._limits.page_seconds
        header = self._header(deadline)
        pixels: Pixels = np.empty((header["height"], header["width"], 3), np.uint8)
        self._read(pixels.reshape(-1).data, deadline)
        words = header["words"]
        return PageImage(
            number=number,
            pixels=pixels,
            dpi=header["dpi"],
            text_layer=None if words is None else tuple(TextWord(text=text, box=Box(*box)) for text, *box in words),
        )

    def _request(self, request: str) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # it ended; its last answer says why
            self._process.stdin.write(f"{request}\n".encode())

    def _header(self, deadline: float) -> Answer:
        length = bytearray(4)
        self._read(memoryview(length), deadline)
        encoded = bytearray(int.from_bytes(length, "big"))
        self._read(memoryview(encoded), deadline)
        answer: Answer = json.loads(encoded)
        if "error" in answer:
            _fail(answer["error"], answer["sentence"])
        if "bug" in answer:
            failure = DecoderFailedError()
            failure.add_note(f"in the decoder process: {answer['bug']}")
            raise failure
        return answer

    def _read(self, into: memoryview, deadline: float) -> None:
        """Fill a buffer from the process.

        Raises:
            DecoderFailedError: the process ended first, or the time was over.
        """
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        while into:
            if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise DecoderFailedError
            count = os.readv(descriptor, [into])
            if count == 0:
                raise DecoderFailedError
            into = into[count:]


def _fail(name: str, sentence: str) -> NoReturn:
    """Raise the error that the process named."""
    kind = getattr(errors, name)
    assert issubclass(kind, ChartError | SetupError)
    raise kind(sentence)
