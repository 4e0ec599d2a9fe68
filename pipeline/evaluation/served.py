"""`inkchart serve` as a program of its own, to be measured from outside."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.errors import SetupError
from pipeline.settings import Settings

START_SECONDS = 600.0
"""That the server may take until it answers: the first start of all makes the tables of the code books."""
IDLE = 0.1
"""Share of a processor below which the server is at rest."""
ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A server at work."""

    host: str
    port: int
    process: int
    """Its id."""

    def address(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    def worked(self) -> float:
        """Milliseconds that the processor worked for it so far, in steps of 10."""
        fields = Path(f"/proc/{self.process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(settings: Settings) -> Iterator[Served]:
    """A server on a free port, from when it has loaded all that it loads beside the first requests.

    Raises:
        SetupError: it does not start.
    """
    folders = {"INKCHART_INBOX": settings.inbox_dir, "INKCHART_DATA": settings.data_dir, "INKCHART_REVIEW__PORT": 0}
    environment = {**os.environ, **{key: str(value) for key, value in folders.items()}, "PYTHONUNBUFFERED": "1"}
    log = settings.data_dir / "serve.log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "pipeline.cli", "serve"]
        server = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        started = _started(log, server)
        _rests(started, server)
        yield started
    finally:
        server.terminate()
        server.wait()


def _started(log: Path, server: "subprocess.Popen[bytes]") -> Served:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        if found := ADDRESS.search(log.read_text(encoding="utf-8")):
            address = urlsplit(found[0])
            return Served(host=address.hostname or "", port=address.port or 80, process=server.pid)
        time.sleep(0.2)
    raise SetupError("`inkchart serve` did not start while it was to be measured.")


def _rests(started: Served, server: "subprocess.Popen[bytes]") -> None:
    until, worked = time.monotonic() + START_SECONDS, 0.0
    while time.monotonic() < until and server.poll() is None:
        before, worked = worked, started.worked()
        if worked - before < 1000 * IDLE:
            return
        time.sleep(1.0)
    raise SetupError("`inkchart serve` did not come to rest while it was to be measured.")
