"""The decoder process: draws the pages of one file, so that a decoder's crash or greed ends here.

Started by `Sandbox` as `python -m pipeline.render.child FILE FORMAT LIMITS`. It reads one request a
line from standard input, `count` or a page number, and answers on standard output with the length
of a JSON header (4 bytes, big-endian), the header, and for a page its pixels, RGB, row by row.
"""

import json
import math
import os
import resource
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from pipeline.errors import InkchartError
from pipeline.render.drawn import Answer, Drawer, DrawnPage, Limits
from pipeline.render.formats import Format

_ROWS_AT_ONCE = 256


def main() -> None:
    """Serve requests until there are no more, or the file proves unreadable."""
    source, format, limits = Path(sys.argv[1]), Format(sys.argv[2]), Limits(**json.loads(sys.argv[3]))
    answers = _private_output()

    def report_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Say where it broke, not what the message was: that may hold text of the chart."""
        frames = traceback.extract_tb(trace)
        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "nowhere"
        _answer(answers, {"bug": f"{kind.__name__} at {place}"})

    sys.excepthook = report_bug
    _limit(limits)
    try:
        drawer = _open(source, format, limits)
        for line in sys.stdin.buffer:
            _allow_time(limits)
            if line == b"count\n":
                _answer(answers, {"count": drawer.count()})
            else:
                _send(answers, drawer.draw(int(line)))
    except InkchartError as error:
        _answer(answers, {"error": type(error).__name__, "sentence": str(error)})


def _private_output() -> BinaryIO:
    """Keep the pipe for answers, and let whatever else is printed go nowhere."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return answers


def _limit(limits: Limits) -> None:
    """Bound the address space, here and in the programs started from here, and write no core file."""
    _lower(resource.RLIMIT_AS, limits.memory_mb * 1024 * 1024)
    _lower(resource.RLIMIT_CORE, 0)
    _allow_time(limits)


def _allow_time(limits: Limits) -> None:
    """Let the next page use its time of processor; this ends a stuck decoder also when its caller is gone."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, math.ceil(usage.ru_utime + usage.ru_stime + limits.page_seconds) + 1)


def _lower(kind: int, value: int) -> None:
    """Set a soft limit, unless the machine's own is tighter."""
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _open(source: Path, format: Format, limits: Limits) -> Drawer:
    """Open the file; what a format needs is imported under the limits, and only then."""
    if format is Format.PDF:
        from pipeline.render.pdf import Pdf

        return Pdf(source, limits)
    from pipeline.render.pictures import Pictures

    return Pictures(source, format, limits)


def _answer(answers: BinaryIO, header: Answer) -> None:
    encoded = json.dumps(header).encode()
    _write(answers, len(encoded).to_bytes(4, "big") + encoded)


def _send(answers: BinaryIO, page: DrawnPage) -> None:
    width, height = page.image.size
    _answer(answers, {"width": width, "height": height, "dpi": page.dpi, "words": page.words})
    for top in range(0, height, _ROWS_AT_ONCE):
        rows = page.image.crop((0, top, width, min(top + _ROWS_AT_ONCE, height)))
        _write(answers, rows.tobytes())


def _write(answers: BinaryIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[answers.write(rest) :]


if __name__ == "__main__":
    main()
