"""Runs the command as people and scripts do: in a process of its own."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
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
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *arguments],
        input=stdin,
        capture_output=True,
        timeout=170,
        cwd=ROOT,
        env=environment(folder, **environ),
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


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
