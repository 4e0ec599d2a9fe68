"""`up`, `run` and `serve`: the worker and the review app."""

import getpass
import logging
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType
from typing import Annotated

import typer
import uvicorn

from pipeline.cli.options import Data, Inbox, settings_of
from pipeline.cli.screen import Board, out, print_tally
from pipeline.errors import ExitCode, SetupError
from pipeline.pool import die_with_parent
from pipeline.settings import Settings
from pipeline.wiring import machine

Once = Annotated[bool, typer.Option("--once", help="Drain the inbox, then exit.")]


def add_to(app: typer.Typer) -> None:
    """Give the commands to the app."""
    app.command()(up)
    app.command()(run)
    app.command()(serve)
    app.command()(link)


def up(inbox: Inbox = None, data: Data = None) -> None:
    """Work through the inbox and serve the review app."""
    settings = settings_of(inbox, data)
    # The worker is a process of its own, so that reading never makes the coders' screens wait.
    where = ["--inbox", str(settings.inbox_dir), "--data", str(settings.data_dir)]
    machine.open_store(settings)  # before two processes would both make its tables
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(ExitCode.DONE))  # so that `finally` is reached
    worker = subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "run", *where], preexec_fn=partial(die_with_parent, signal.SIGTERM)
    )
    try:
        _serve(settings, worker)
    finally:
        worker.terminate()
        worker.wait()
    if worker.returncode != ExitCode.DONE:
        raise typer.Exit(max(worker.returncode, ExitCode.BUG))


def run(once: Once = False, inbox: Inbox = None, data: Data = None) -> None:
    """Watch the inbox, or drain it once, with progress shown."""
    settings = settings_of(inbox, data)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    with _stopped_by_signals() as stop, Board() as board, machine.worker(settings, tell=board) as worker:
        if once:
            tally = worker.drain(stop)
        else:
            out.print(f"Watching {settings.inbox_dir}; Ctrl-C ends.", markup=False)
            with machine.inbox_changes(settings.inbox_dir) as wake:
                tally = worker.watch(stop, wake)
    print_tally(tally)
    if tally.failed:
        raise typer.Exit(ExitCode.BUG)
    if once and tally.rejected:
        raise typer.Exit(ExitCode.SOME_REJECTED)


def link(
    name: Annotated[str, typer.Argument(help="Who is to be signed in; decisions carry this name.")],
    inbox: Inbox = None,
    data: Data = None,
) -> None:
    """Print a one-time sign-in link for a coder."""
    settings = settings_of(inbox, data)
    address = f"http://{settings.review.host}:{settings.review.port}"
    out.print(f"{address}{machine.sign_in_path(settings, name)}")


def serve(inbox: Inbox = None, data: Data = None) -> None:
    """Serve the review app and print a sign-in link."""
    _serve(settings_of(inbox, data))


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set; a second Ctrl-C breaks off at once."""
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _serve(settings: Settings, worker: "subprocess.Popen[bytes] | None" = None) -> None:
    """Serve the review app until Ctrl-C, or until the worker ends.

    Raises:
        SetupError: the port is taken, or the store cannot be opened.
    """
    from pipeline.wiring import desk  # its framework takes long to load

    app = desk.review_app(settings)
    host, port = settings.review.host, settings.review.port
    try:
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise SetupError(
            f"Nothing can listen on {host}:{port} ({error.strerror}); set INKCHART_REVIEW__PORT to another port."
        ) from error
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    server = uvicorn.Server(config)
    if worker is not None:
        threading.Thread(target=_end_with, args=(worker, server), daemon=True).start()
    address = f"http://{host}:{listener.getsockname()[1]}"
    out.print(f"Review app on {address}")
    out.print(f"Sign in once with {address}{machine.sign_in_path(settings, settings.review.user or _system_user())}")
    with suppress(KeyboardInterrupt):  # uvicorn raises it again once everything is closed
        server.run(sockets=[listener])


def _system_user() -> str:
    """Who starts the server; in a container there may be no such name.

    Raises:
        SetupError: the system has no name for this user.
    """
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise SetupError(
            "This user has no name on this machine; say whom to sign in by INKCHART_REVIEW__USER."
        ) from error


def _end_with(worker: "subprocess.Popen[bytes]", server: uvicorn.Server) -> None:
    worker.wait()
    server.should_exit = True
