"""How long the desk's queue takes with very many charts.

A store is filled by SQL, then `inkchart serve` is asked for the list as a coder's browser asks it: in every order,
narrowed and searched. Times are those of the whole answer over the machine's own network.

    python -m pipeline.evaluation.bench_desk [charts=100000] [times=9] [out=out]
"""

import http.client
import json
import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from urllib.parse import urlencode

from rich.console import Console
from rich.table import Table

from pipeline.errors import InkchartError, SetupError, UsageError
from pipeline.evaluation.served import Served, served
from pipeline.settings import Settings
from pipeline.store import open_store
from pipeline.store.sign_ins import NEW_ACCOUNT

FIRST = ("Ann", "José", "Ruth", "Wei", "Olga", "Sam", "Mary", "Ivan", "Noor", "Lea", "Tom", "Zoë")
LAST = ("Okafor", "Lopez", "Smith", "Nguyen", "Keller", "Öztürk", "Brown", "Novak", "Hill", "Marsh", "Osei", "Ito")
BATCHES = 40
QUESTIONS: dict[str, tuple[str, str | None]] = {
    "the list": ("/", None),
    "open ones": ("/?state=open", None),
    "confirmed ones": ("/?state=confirmed", None),
    "oldest first": ("/?order=age", None),
    "hardest first": ("/?order=hardest", None),
    "surest first": ("/?order=surest", None),
    "by patient": ("/?order=patient", None),
    "by date of service": ("/?order=day", None),
    "held": ("/?only=held", None),
    "mine": ("/?only=mine", None),
    "deadline near": ("/?only=deadline", None),
    "screen 1000": ("/?screen=1000", None),
    "search, many found": ("/", "lopez"),
    "search, few found": ("/", "lopez ruth 4242"),
    "search, none found": ("/?state=open", "nobody"),
    "claims": ("/claims", None),
    "claims, searched": ("/claims", "lopez"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is measured."""

    charts: int = 100_000
    times: int = 9
    out: Path = Path("out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How long one question took."""

    question: str
    charts: int
    milliseconds: float
    """The middle one of so many times."""
    times: int
    slowest: float
    processor: float
    """Milliseconds of work for one answer on the average: the same where the machine has other work too."""
    kilobytes: float


def plan(arguments: Sequence[str]) -> Plan:
    """Read `name=value` arguments.

    Raises:
        UsageError: a name is unknown or a value does not fit.
    """
    chosen = Plan()
    for argument in arguments:
        name, _, value = argument.partition("=")
        if name == "out":
            chosen = replace(chosen, out=Path(value))
        elif name == "charts" and value.isdigit() and int(value) > 0:
            chosen = replace(chosen, charts=int(value))
        elif name == "times" and value.isdigit() and int(value) > 0:
            chosen = replace(chosen, times=int(value))
        else:
            raise UsageError(f"{argument} does not fit; there are charts=, times= (from 1) and out=.")
    return chosen


def fill(path: Path, charts: int, today: date) -> None:
    """Put so many charts of one visit each into an empty SQLite store, a fifth of them confirmed."""
    random = Random(charts)
    moment = datetime(today.year, today.month, today.day, tzinfo=UTC)
    with sqlite3.connect(path) as connection:
        for number in range(charts):
            document = f"{number:016x}"
            patient = f"{random.choice(LAST)}, {random.choice(FIRST)} {number % 97}"
            day = today - timedelta(days=random.randrange(500))
            since = (moment - timedelta(minutes=random.randrange(90 * 24 * 60))).strftime("%Y-%m-%d %H:%M:%S.000000")
            state = random.choices(("open", "started", "confirmed"), (70, 10, 20))[0]
            name, batch = f"scan_{number:06}.pdf", f"batch {number % BATCHES:02}"
            held = random.random() < 0.03 and state != "confirmed"
            connection.execute(
                "INSERT INTO document VALUES (?,?,1,?,?,'read',0,?)", (document, f"{number:064x}", name, batch, since)
            )
            connection.execute(
                "INSERT INTO arrival (path, name, batch, state, document, size, mtime_ns, first_seen) "
                "VALUES (?,?,?,'read',?,1,'1',?)",
                (name.encode(), name, batch, document, since),
            )
            connection.execute("INSERT INTO encounter (id, document) VALUES (?,?)", (f"e{document}", document))
            row = {
                "encounter": f"e{document}",
                "document": document,
                "document_name": name,
                "batch": batch,
                "part": 1,
                "first_page": 1,
                "pages": 3,
                "state": state,
                "done": state == "confirmed",
                "waiting_since": since,
                "patient": patient,
                "patient_confirmed": state == "confirmed",
                "patient_folded": patient.casefold(),
                "day": day.isoformat(),
                "day_confirmed": state == "confirmed",
                "edition": "ICD10CM",
                "provider": f"{random.choice(LAST)}, {random.choice(FIRST)}",
                "proposed": 6,
                "accepted": 2,
                "claim": "draft" if state == "confirmed" else None,
                "confidence": random.random(),
                "coder": None if state == "open" else f"coder {number % 30}",
                "hold_kind": "query" if held else None,
                "hold_owner": "kim" if held else None,
                "hold_since": since if held else None,
                "conflict": number % 9 == 0,
                "stale": False,
                "same_visit": "[]",
                "search": f"{patient.casefold()}\n{random.choice(LAST).casefold()}\n{name}\n{number:07}",
            }
            marks = ",".join("?" * len(row))
            connection.execute(f"INSERT INTO worklist ({','.join(row)}) VALUES ({marks})", tuple(row.values()))


def measure(chosen: Plan, folder: Path) -> tuple[Answered, ...]:
    """Fill a store, serve it and ask.

    Raises:
        SetupError: the server did not start or did not answer as it should.
    """
    settings = Settings(inbox_dir=folder / "inbox", data_dir=folder / "data")
    for made in (settings.inbox_dir, settings.data_dir):
        made.mkdir()
    store = open_store(settings)
    fill(settings.data_dir / "inkchart.sqlite3", chosen.charts, datetime.now(UTC).date())
    lifetime = timedelta(hours=1)
    user = store.users.add("kim", NEW_ACCOUNT)
    assert user is not None  # the store was empty
    session = store.sign_ins.open(user.id, lifetime)
    with served(settings) as server:
        return tuple(
            _asked(name, address, words, server, session, chosen) for name, (address, words) in QUESTIONS.items()
        )


def _asked(question: str, address: str, words: str | None, server: Served, session: str, chosen: Plan) -> Answered:
    headers = {"Cookie": f"inkchart={session}", "Sec-Fetch-Site": "same-origin"}
    form = None if words is None else urlencode({"q": words, "csrf": _form_token(server, headers)})
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    took, size = [], 0
    connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
    worked = server.worked()
    for _ in range(chosen.times + 1):
        began = time.perf_counter()
        connection.request("GET" if form is None else "POST", address, body=form, headers=headers)
        answer = connection.getresponse()
        size = len(answer.read())
        took.append(1000 * (time.perf_counter() - began))
        if answer.status != 200:
            raise SetupError(f"The list answered with {answer.status} while it was measured.")
    connection.close()
    worked = (server.worked() - worked) / len(took)
    took = took[1:]  # the first one warms up
    return Answered(
        question=question,
        charts=chosen.charts,
        milliseconds=median(took),
        times=chosen.times,
        slowest=max(took),
        processor=worked,
        kilobytes=size / 1000,
    )


def _form_token(server: Served, headers: dict[str, str]) -> str:
    """What a form of this session carries."""
    connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
    connection.request("GET", "/", headers=headers)
    page = connection.getresponse().read().decode()
    connection.close()
    found = re.search(r'name="csrf" value="(\w+)"', page)
    if found is None:
        raise SetupError("The list has no form while it was measured.")
    return found[1]


def main(arguments: Sequence[str]) -> int:
    """Measure and show; returns the exit code."""
    console = Console()
    try:
        chosen = plan(arguments)
        with tempfile.TemporaryDirectory(prefix="inkchart-bench-") as folder:
            answers = measure(chosen, Path(folder))
    except InkchartError as error:
        console.print(str(error), markup=False)
        return error.exit_code
    table = Table(
        f"the list with {chosen.charts} charts", f"median of {chosen.times}, ms", "slowest, ms", "processor, ms"
    )
    for each in answers:
        table.add_row(each.question, f"{each.milliseconds:.0f}", f"{each.slowest:.0f}", f"{each.processor:.0f}")
    console.print(table)
    chosen.out.mkdir(parents=True, exist_ok=True)
    path = chosen.out / "bench-desk.json"
    path.write_text(json.dumps([asdict(each) for each in answers], indent=1) + "\n", encoding="utf-8")
    console.print(f"Written to {path}.", markup=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
