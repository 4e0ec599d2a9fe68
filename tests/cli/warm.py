"""A process that has loaded the product and turns into a command whenever it is asked to.

What a command loads takes seconds, and tests run hundreds of them. A request is a line of JSON on standard input:
`arguments`, `environ`, `folder`, and the files `stdin`, `out` and `err`; its answer is the exit code on a line.
"""

import json
import os
import runpy
import sys
from typing import TypedDict


class Request(TypedDict):
    """What is asked for."""

    arguments: list[str]
    environ: dict[str, str]
    folder: str
    stdin: str
    out: str
    err: str


def serve() -> None:
    """Answer requests until there are no more."""
    import spacy  # noqa: F401

    import pipeline.cli
    import pipeline.wiring.measuring
    import pipeline.wiring.measuring_coding  # noqa: F401

    requests, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w", buffering=1)
    while line := requests.readline():
        child = os.fork()
        if not child:
            requests.close()
            answers.close()
            _become(json.loads(line))
            return
        answers.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")


def _become(request: Request) -> None:
    write = os.O_WRONLY | os.O_CREAT
    files = ((request["stdin"], os.O_RDONLY), (request["out"], write), (request["err"], write))
    for number, (file, flags) in enumerate(files):
        os.dup2(os.open(file, flags, 0o600), number)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environ"])
    sys.argv[1:] = request["arguments"]
    runpy.run_module("pipeline.cli", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    serve()
