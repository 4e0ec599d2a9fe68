"""What every test may ask for."""

import fcntl
import os
import pwd
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, text

from pipeline.codebooks import CodeBooks, load_books
from pipeline.coding import Suggester
from pipeline.entities import EncounterFinder, EntityFinder
from pipeline.lexicon import Term, load_lexicon
from pipeline.process import TextStages
from pipeline.settings import CodingSettings
from pipeline.store import Store
from pipeline.store.arranging import Arranging
from pipeline.store.arrivals import Arrivals
from pipeline.store.attempts import Attempts
from pipeline.store.audit import Audit
from pipeline.store.claims import ClaimSteps
from pipeline.store.clerk import Clerk
from pipeline.store.connect import migrate, open_engine, sqlite_url
from pipeline.store.decisions import Decisions
from pipeline.store.drafts import Drafts
from pipeline.store.figures import Figures
from pipeline.store.inbox_lists import InboxLists
from pipeline.store.late import NewReadings
from pipeline.store.leases import Leases
from pipeline.store.office_rows import OfficeRows
from pipeline.store.progress import WorkerProgress
from pipeline.store.readings import Readings
from pipeline.store.second_steps import SecondSteps
from pipeline.store.seconds import SecondReviews
from pipeline.store.sign_ins import SignIns
from pipeline.store.understandings import Understandings
from pipeline.store.users import Users
from pipeline.store.waiting import Waiting
from pipeline.store.worklist import Worklist
from tests.findings import language

# How long an example takes says how busy the machine is, and nothing of the product.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def store_on(engine: Engine, clock: Callable[[], datetime] = lambda: NOON) -> Store:
    """A store whose clock stands at noon."""
    return Store(
        arrivals=Arrivals(engine, clock),
        readings=Readings(engine, clock, notice=NewReadings(Decisions(engine, clock), clock)),
        decisions=Decisions(engine, clock),
        understandings=Understandings(engine, clock),
        sign_ins=SignIns(engine, clock),
        users=Users(engine, clock),
        second_steps=SecondSteps(engine, clock),
        attempts=Attempts(engine, clock),
        worklist=Worklist(engine, clock),
        leases=Leases(engine, clock),
        drafts=Drafts(engine, clock),
        audit=Audit(engine, clock),
        clerk=Clerk(engine, clock),
        inbox=InboxLists(engine),
        progress=WorkerProgress(engine, clock),
        figures=Figures(engine),
        seconds=SecondReviews(engine, clock),
        arranging=Arranging(engine, clock),
        waiting=Waiting(engine),
        claims=ClaimSteps(engine, clock),
        office=OfficeRows(engine, clock),
        revision=migrate(engine),
    )


@pytest.fixture(scope="session")
def compiled(request: pytest.FixtureRequest) -> Path:
    """What code books and coder compile: made by the process that comes first, kept for all others and later runs."""
    assert request.config.cache is not None
    folder = request.config.cache.mkdir("compiled")
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        Suggester(load_books(folder), CodingSettings())
    return folder


@pytest.fixture(scope="session")
def books(compiled: Path) -> CodeBooks:
    """The books of this machine."""
    return load_books(compiled)


@pytest.fixture(scope="session")
def suggester(books: CodeBooks) -> Suggester:
    """What proposes codes from them."""
    return Suggester(books, CodingSettings())


@pytest.fixture(scope="session")
def text_stages(books: CodeBooks, suggester: Suggester) -> TextStages:
    """The stages that look at text, with every term of the lexicon and the books."""
    lexicon = load_lexicon()
    extra = (Term(text=text, label=label, normalized=normalized) for text, label, normalized in books.terms())
    return TextStages(
        find_entities=EntityFinder(lexicon, language(), extra),
        find_encounters=EncounterFinder(lexicon),
        suggest_codes=suggester,
    )


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of its own, on a socket in a temporary folder."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        pytest.skip("PostgreSQL is not installed")
    with TemporaryDirectory(prefix="inkchart-") as name:  # a socket's path has little room
        yield from _serving(Path(name), programs[-1])


def _serving(folder: Path, programs: Path) -> Iterator[str]:
    as_user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_user = ["runuser", "-u", "postgres", "--"]
    data = folder / "data"
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"

    def run(program: str, *arguments: str | Path) -> None:
        command = [*as_user, programs / program, "-D", data, *arguments]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)

    run("initdb", "-A", "trust", "-U", "inkchart", "-E", "UTF8")
    run("pg_ctl", "-o", options, "-l", folder / "log", "-w", "start")
    try:
        yield f"postgresql://inkchart@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    """An empty SQLite store."""
    engine = open_engine(sqlite_url(tmp_path))
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty store on each database that is supported."""
    if request.param == "sqlite":
        engine = open_engine(sqlite_url(tmp_path))
    else:
        engine = open_engine(request.getfixturevalue("postgres_url"))
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine) -> Store:
    """A store on each database."""
    return store_on(engine)


@pytest.fixture
def sqlite_store(sqlite: Engine) -> Store:
    """A store on SQLite, for tests that are not about the store."""
    return store_on(sqlite)
