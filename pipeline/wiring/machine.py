"""Store, worker and the proof that nothing was lost."""

import fcntl
import getpass
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from pipeline import reconcile, store
from pipeline.coding import Suggester
from pipeline.errors import InkchartError, SetupError, UsageError
from pipeline.inbox.originals import Originals
from pipeline.pool import ReadingPool
from pipeline.progress import Progress
from pipeline.render import Renderer
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.store.audit_rows import Act
from pipeline.store.rows import Role
from pipeline.store.sign_ins import NEW_ACCOUNT
from pipeline.wiring.assembly import books, ink_stages, stages, text_stages
from pipeline.wiring.folders import prepare, work_folder
from pipeline.worker import Worker

LEFT_OVER_SECONDS = 3600.0
SECOND_LOOK_SECONDS = 1.0
LITTLE_ROOM = 500_000_000
"""Bytes under which `check` asks for room."""


def open_store(settings: Settings) -> Store:
    """The store, its tables brought up to this program."""
    prepare(settings)
    return store.open_store(settings)


@contextmanager
def worker(settings: Settings, *, tell: Callable[[Progress], None]) -> Iterator[Worker]:
    """The worker, alone on its data folder.

    Raises:
        SetupError: another worker is at work there.
    """
    opened = open_store(settings)
    pool = ReadingPool(settings, stages, settings.worker.workers)
    with _alone(settings.data_dir / "worker.lock"):
        _clear(work_folder(settings))
        _compile(settings)
        try:
            yield Worker(
                settings=settings,
                store=opened,
                originals=Originals(settings.data_dir),
                pool=pool,
                tell=tell,
            )
        finally:
            pool.close()


def _clear(work: Path) -> None:
    """Delete what decoders of a killed worker left; what is young may belong to another command."""
    for left in work.iterdir():
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > LEFT_OVER_SECONDS:
                shutil.rmtree(left) if left.is_dir() else left.unlink()


def _compile(settings: Settings) -> None:
    """Compile the code books' tables once, before several processes would each do it."""
    Suggester(books(settings), settings.coding)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    try:
        lock = path.open("w")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise SetupError(f"Another worker is already at work on {path.parent}; stop it first.") from error
    except OSError as error:
        raise SetupError(f"{path} cannot be locked: {error.strerror}.") from error
    with lock:
        yield


@contextmanager
def inbox_changes(inbox: Path) -> Iterator[threading.Event]:
    """An event that is set when something happens in the inbox; polling goes on beside it, for network shares."""
    wake = threading.Event()

    class _Wake(FileSystemEventHandler):
        def on_any_event(self, event: FileSystemEvent) -> None:
            wake.set()

    observer = Observer()
    with suppress(OSError):  # no more watches to be had: polling alone must do
        observer.schedule(_Wake(), str(inbox), recursive=True)
        observer.start()
    try:
        yield wake
    finally:
        if observer.is_alive():
            observer.stop()
            observer.join()


def account(settings: Settings) -> reconcile.Account:
    """Hold inbox, originals, store and receipts against each other.

    A worker that is at work changes things between one look and the next, so an exception must be seen twice.
    """
    opened, originals = open_store(settings), Originals(settings.data_dir)
    count_pages = Renderer(settings.render, work_folder(settings)).count_pages
    first = reconcile.reconcile(settings.inbox_dir, opened, originals, count_pages)
    if not first.exceptions:
        return first
    time.sleep(SECOND_LOOK_SECONDS)
    second = reconcile.reconcile(settings.inbox_dir, opened, originals, count_pages)
    return replace(second, exceptions=tuple(each for each in second.exceptions if each in first.exceptions))


def sign_in_path(settings: Settings, who: str, roles: frozenset[Role] | None = None) -> str:
    """Path and query of a one-time link with which an account chooses a password; it is made where there is none.

    Args:
        settings: of everything.
        who: name of the account.
        roles: given to the account; None leaves those it has.

    Raises:
        UsageError: the account is disabled, or nobody would be left to keep the accounts.
    """
    opened = open_store(settings)
    user = opened.users.named(who)
    if user is not None:
        account = opened.users.get(user.id)
        if account is not None and account.disabled_at is not None:
            raise UsageError("This account is disabled; an admin enables it on the page of accounts.")
        if roles is not None and not opened.users.change(user.id, roles, user.batches):
            raise UsageError("Nobody would be left to keep the accounts; make somebody else an admin first.")
    lifetime = timedelta(minutes=settings.review.link_minutes)
    token = opened.sign_ins.issue(who, lifetime, roles=roles or NEW_ACCOUNT)
    subject = opened.audit.account(who)
    opened.audit.write(Act.ACCOUNT, who=system_user(), vouched=True, subject=subject, detail="invitation")
    return f"/sign-in?token={token}"


def system_user() -> str | None:
    """Who runs the command; None where the system has no name for this user."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None


def has_admin(settings: Settings) -> bool:
    """Whether anybody can sign in and keep the accounts."""
    return open_store(settings).users.has_admin()


def checks(settings: Settings) -> Iterator[tuple[str, str | None]]:
    """What this machine needs, each with what is wrong with it, or None."""
    for name, check in (
        ("inbox and data folders", lambda: prepare(settings)),
        ("store", lambda: open_store(settings)),
        ("Tesseract and models", lambda: ink_stages(settings)),
        ("poppler", _poppler),
        ("lexicon and code books", lambda: text_stages(settings)),
        ("room on the disk", lambda: _room(settings)),
    ):
        try:
            check()
        except InkchartError as error:
            yield name, str(error)
        else:
            yield name, None


def _poppler() -> None:
    if shutil.which("pdftoppm") is None:
        raise SetupError("pdftoppm is missing; install the Debian package poppler-utils.")


def _room(settings: Settings) -> None:
    free = shutil.disk_usage(settings.data_dir).free
    if free < LITTLE_ROOM:
        raise SetupError(f"Only {free // 1_000_000} MB are free for the data folder; make room.")
