"""How fast a chart with 1,000 boxes on a page opens, and how fast pointing at a finding lights up its ink.

A chart is written into a store of its own: a page of 300 dots an inch with 500 lines, 440 doubtful words and 60
findings with five codes each. `inkchart serve` serves it, and each request is timed as a browser would send it. Where
Playwright and Chromium are there, a browser opens the chart too: pointing is timed from the event until the frame
after it is drawn, with the lines alone and with each of the 1,500 words drawn besides.

    python -m pipeline.evaluation.bench_chart [times=40] [out=out]
"""

import json
import sys
import tempfile
import time
import urllib.request
from dataclasses import asdict, dataclass
from datetime import timedelta
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from PIL import Image, ImageDraw
from rich.console import Console
from rich.table import Table

from pipeline.evaluation.bench_chart_page import SIZE, chart_reading, words
from pipeline.evaluation.served import Served, served
from pipeline.inbox.originals import Originals
from pipeline.settings import Settings
from pipeline.store import Store, open_store
from pipeline.store.sign_ins import NEW_ACCOUNT

CHROMIUM = Path("/usr/bin/chromium")
POINT = """async () => {
    const times = [];
    for (const card of document.querySelectorAll("#panel [data-entity]")) {
        const before = performance.now();
        card.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
        // The frame that shows the light has been drawn when the next one begins.
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        times.push(performance.now() - before);
        if (!document.querySelector(`.osd .lit[data-ink="${card.dataset.ink}"]`)) throw new Error("nothing lit up");
    }
    return times;
}"""

ZOOM = """async () => {
    const times = [];
    for (const name of ["Larger", "Larger", "Larger", "Smaller", "Smaller", "Smaller"]) {
        document.querySelector(`[aria-label="${name}"]`).click();
        let last = performance.now();
        for (let frame = 0; frame < 20; frame += 1) {
            await new Promise(requestAnimationFrame);
            times.push(performance.now() - last);
            last = performance.now();
        }
    }
    return times;
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Milliseconds."""

    count: int
    median: float
    percentile_95: float
    slowest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """What the store is told of the one file."""

    path: Path
    name: str
    size: int = 1
    mtime_ns: int = 1
    batch: str = ""


def main(arguments: list[str]) -> None:
    """Measure, print and write `bench_chart.json`."""
    given = dict(argument.split("=", 1) for argument in arguments)
    times, out = int(given.get("times", "40")), Path(given.get("out", "out"))
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), times)
    out.mkdir(parents=True, exist_ok=True)
    (out / "bench_chart.json").write_text(json.dumps({k: asdict(v) for k, v in figures.items()}, indent=2) + "\n")
    table = Table("milliseconds", "median", "95 % under", "slowest", "times")
    for name, found in figures.items():
        row = (found.median, found.percentile_95, found.slowest)
        table.add_row(name, *(f"{value:.1f}" for value in row), str(found.count))
    Console().print(table)


def measure(folder: Path, times: int) -> dict[str, Times]:
    """Every figure by its name, from a chart in a new folder."""
    settings = Settings(data_dir=folder / "data", inbox_dir=folder / "inbox")
    settings.data_dir.mkdir()
    (folder / "inbox").mkdir()
    store = open_store(settings)
    encounter = put_in(store, Originals(settings.data_dir), folder)
    with served(settings) as server:
        return measure_server(store, server, encounter, times) | measure_browser(store, server.address(), encounter)


def put_in(store: Store, originals: Originals, folder: Path) -> str:
    """The chart in the store and its page among the originals; the id of its encounter."""
    picture = Image.new("RGB", SIZE, (250, 249, 245))
    pen = ImageDraw.Draw(picture)
    for word in words():
        if word.box is not None:
            pen.text((word.box.x0, word.box.y0), word.text, fill=(30, 40, 90), font_size=22)
    page = folder / "page.png"
    picture.save(page, dpi=(300, 300))
    content = page.read_bytes()
    name = sha256(content).hexdigest()
    originals.path(name).parent.mkdir(parents=True, exist_ok=True)
    originals.path(name).write_bytes(content)
    file = Inbox(path=Path("page.png"), name="page.png", size=len(content))
    arrival = store.arrivals.sight([file])[file.path]
    taken = store.arrivals.take(arrival.id, name, size=len(content), mtime_ns=1)
    assert taken.document is not None
    store.readings.add(chart_reading(taken.document), arrival=arrival.id)
    return store.readings.encounters(taken.document)[0].id


def _session(store: Store) -> str:
    """A session of a coder, as signing in would open it."""
    user = store.users.named("bench") or store.users.add("bench", NEW_ACCOUNT)
    assert user is not None  # one of the two
    return store.sign_ins.open(user.id, timedelta(hours=1))


def measure_server(store: Store, server: Served, encounter: str, times: int) -> dict[str, Times]:
    """The chart's page as HTML and its pictures, the first of each and the later ones.

    The processor's time, in steps of 10 ms, tells what is due to the chart where the machine has other work too.
    """
    opener = urllib.request.build_opener()
    opener.addheaders = [("Cookie", f"inkchart={_session(store)}")]
    asked = {
        "chart": "",
        "page picture": "/pages/1",
        "thumbnail": "/thumbnails/1",
        "crop": "/crops/1/100-100-500-160",
        "words": "/words",
    }
    figures = {}
    for name, end in asked.items():
        found, worked = [], 0.0
        for number in range(times + 1):
            worked = worked if number > 1 else server.worked()
            before = time.perf_counter()
            with opener.open(f"{server.address()}/encounters/{encounter}{end}") as answer:
                answer.read()
            found.append(1000 * (time.perf_counter() - before))
        figures[f"server: {name}, the first time"] = _times(found[:1])
        figures[f"server: {name}"] = _times(found[1:])
        figures[f"server: {name}, processor"] = _times([(server.worked() - worked) / times])
    return figures


def measure_browser(store: Store, address: str, encounter: str) -> dict[str, Times]:
    """Opening the chart and pointing at each finding; nothing where there is no browser."""
    if find_spec("playwright") is None or not CHROMIUM.is_file():
        return {}
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.context.add_cookies([{"name": "inkchart", "value": _session(store), "url": address}])
        opened = []
        for _ in range(3):
            before = time.perf_counter()
            page.goto(f"{address}/encounters/{encounter}")
            page.locator(".thumb img").first.wait_for()  # comes after the page's picture
            opened.append(1000 * (time.perf_counter() - before))
        drawn = page.locator(".osd .over rect").count()
        figures = {"browser: chart opened with its picture": _times(opened)}
        figures[f"browser: highlight among {drawn:,} boxes"] = _times(page.evaluate(POINT))
        figures[f"browser: a frame of zooming, {drawn:,} boxes"] = _times(page.evaluate(ZOOM))
        page.locator("#open-layers").click()
        page.locator("#layers [name=words]").check()
        page.locator(".osd .words rect").first.wait_for()
        drawn = page.locator(".osd .over rect").count()
        figures[f"browser: highlight among {drawn:,} boxes"] = _times(page.evaluate(POINT))
        browser.close()
    return figures


def _times(found: list[float]) -> Times:
    ordered = sorted(found)
    return Times(
        count=len(ordered),
        median=median(ordered),
        percentile_95=ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))],
        slowest=ordered[-1],
    )


if __name__ == "__main__":
    main(sys.argv[1:])
