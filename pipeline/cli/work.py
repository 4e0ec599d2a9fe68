"""`up`, `run` and `serve`: the worker and the review app."""

import getpass
import logging
import signal
import socket
import ssl
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
from pipeline.errors import ExitCode, SetupError, UsageError
from pipeline.pool import die_with_parent
from pipeline.settings import ReviewSettings, Settings, listed
from pipeline.store.rows import Role
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
    name: Annotated[str, typer.Argument(help="Whose link it is; decisions carry this name.")],
    roles: Annotated[
        str | None,
        typer.Option("--roles", help="What the account may do: scan, code, lead, audit, admin.", metavar="R,R"),
    ] = None,
    inbox: Inbox = None,
    data: Data = None,
) -> None:
    """Print a one-time link to choose a password with: for a new coder, or for who forgot it."""
    settings = settings_of(inbox, data)
    path = machine.sign_in_path(settings, name, None if roles is None else _roles(roles))
    out.print(f"{_address(settings.review, settings.review.port)}{path}", soft_wrap=True)


def serve(inbox: Inbox = None, data: Data = None) -> None:
    """Serve the review app; the very first time, print the link that makes the admin."""
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

    review = settings.review
    _check_certificate(review)
    app = desk.review_app(settings)
    host, port = review.host, review.port
    try:
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise SetupError(
            f"Nothing can listen on {host}:{port} ({error.strerror}); set INKCHART_REVIEW__PORT to another port."
        ) from error
    proxies = listed(review.trusted_proxies)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        ssl_certfile=review.certificate,
        ssl_keyfile=review.key,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
    )
    server = uvicorn.Server(config)
    if worker is not None:
        threading.Thread(target=_end_with, args=(worker, server), daemon=True).start()
    address = _address(review, listener.getsockname()[1])
    out.print(f"Review app on {address}", soft_wrap=True)
    if machine.has_admin(settings):
        out.print("A new coder, or a password forgotten: inkchart link NAME", markup=False)
    else:
        path = machine.sign_in_path(settings, review.user or _system_user(), frozenset(Role))
        out.print(f"Sign in once with {address}{path}", soft_wrap=True)
    with suppress(KeyboardInterrupt):  # uvicorn raises it again once everything is closed
        server.run(sockets=[listener])


def _address(review: ReviewSettings, port: int) -> str:
    """Where a browser finds the app; behind a proxy, where it finds the proxy."""
    if review.trusted_proxies and review.host_names:
        return f"https://{review.host_names[0]}"
    scheme = "https" if review.certificate else "http"
    host = review.host
    if host in {"0.0.0.0", "::"}:  # to listen on, not to go to
        host = review.host_names[0] if review.host_names else "127.0.0.1"
    elif review.certificate and review.host_names:
        host = review.host_names[0]  # the name that the certificate is for
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _check_certificate(review: ReviewSettings) -> None:
    """The server itself would only say that something is wrong with TLS.

    Raises:
        SetupError: one of the two files is missing, or they do not belong together.
    """
    if review.certificate is None and review.key is None:
        return
    if review.certificate is None or review.key is None:
        raise SetupError("TLS needs both files: set INKCHART_REVIEW__CERTIFICATE and INKCHART_REVIEW__KEY.")
    try:
        # A key with a passphrase would otherwise wait for somebody to type it.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(review.certificate, review.key, password=lambda: "")
    except (OSError, ValueError) as error:
        raise SetupError(
            f"The TLS certificate or its key cannot be used ({error.args[-1]}). INKCHART_REVIEW__CERTIFICATE and "
            "INKCHART_REVIEW__KEY name two PEM files that belong together, the key without a passphrase."
        ) from error


def _roles(text: str) -> frozenset[Role]:
    """Roles from an option.

    Raises:
        UsageError: there is no such role, or none was named.
    """
    try:
        roles = frozenset(Role(each) for each in listed(text.lower()))
    except ValueError:
        roles = frozenset()
    if not roles:
        raise UsageError(f"--roles takes one or more of {', '.join(Role)}, with commas between them.")
    return roles


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
