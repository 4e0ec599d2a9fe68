"""Runs the command in a process of its own, as people and scripts do."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from select import select
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent.parent
TIMEOUT = 170
"""Seconds."""
CACHES: list[Path] = []
"""Compiled code books to begin with, put here by the fixture."""


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    def objects(self) -> list[dict[str, object]]:
        """Its output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


def inkchart(*arguments: str | Path, folder: Path, stdin: bytes = b"", **environ: str) -> Ran:
    """Run a command on the inbox and the data of a folder."""
    return _warm().run([str(argument) for argument in arguments], environment(folder, **environ), stdin)


class Warm:
    """A process with the product loaded, which every command is forked from."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.warm"],
            cwd=ROOT,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # it is forked, and threads are not
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, arguments: list[str], environ: dict[str, str], stdin: bytes) -> Ran:
        """Run one command; fails where it does not end."""
        assert self._process.stdin is not None and self._process.stdout is not None
        with TemporaryDirectory() as name:
            files = {each: str(Path(name) / each) for each in ("stdin", "out", "err")}
            Path(files["stdin"]).write_bytes(stdin)
            request = {"arguments": arguments, "environ": environ, "folder": str(ROOT), **files}
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            answered, _, _ = select([self._process.stdout], [], [], TIMEOUT)
            if not answered:
                _warm.cache_clear()
                self._process.kill()
                raise TimeoutError(f"inkchart {arguments[0]} did not end")
            code = int(self._process.stdout.readline())
            return Ran(code, Path(files["out"]).read_text("utf-8"), Path(files["err"]).read_text("utf-8"))

    def end(self) -> None:
        """End it once no command is wanted any more."""
        self._process.communicate()


@cache
def _warm() -> Warm:
    return Warm()


def end() -> None:
    """End what was begun to run commands."""
    if _warm.cache_info().currsize:
        _warm().end()
        _warm.cache_clear()


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Variables for a command on the inbox and the data of a folder, which begins with compiled code books."""
    data = folder / "data"
    if CACHES and not data.exists():
        data.mkdir(parents=True)
        shutil.copytree(CACHES[0], data / "cache")
    return {
        **os.environ,
        "INKCHART_INBOX": str(folder / "inbox"),
        "INKCHART_DATA": str(data),
        "INKCHART_INBOX__SETTLE_SECONDS": "0.5",
        "INKCHART_INBOX__PATIENCE_SECONDS_ONCE": "2",
        **more,
    }
