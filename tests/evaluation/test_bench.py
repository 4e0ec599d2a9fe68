import json
import os
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from pipeline.errors import UsageError
from pipeline.evaluation.bench import Plan, Run, main, plan, resident_bytes, write_chart, write_runs


def test_arguments_are_name_and_value() -> None:
    assert plan(["pages=60", "workers=1,3", "out=x"]) == Plan(pages=60, workers=(1, 3), out=Path("x"))
    assert plan(["notes=5"]) == Plan(notes=5)
    assert plan([]) == Plan(pages=300, short=30, workers=(1, 2))


@pytest.mark.parametrize("argument", ["sheets=3", "pages=many", "workers=", "pages=-1", "short=0", "pages"])
def test_an_argument_that_does_not_fit_is_refused(argument: str) -> None:
    with pytest.raises(UsageError):
        plan([argument])
    assert main([argument]) == 2


def test_a_chart_of_any_length_is_made_from_the_samples_pages(tmp_path: Path) -> None:
    for name, height in (("a.png", 110), ("b.jpg", 120)):
        Image.new("L", (85, height), 255).save(tmp_path / name)

    write_chart(tmp_path / "long.pdf", tmp_path, 45)
    write_chart(tmp_path / "next.pdf", tmp_path, 2, skip=1)

    document = pypdfium2.PdfDocument(tmp_path / "long.pdf")
    assert len(document) == 45
    assert [round(document[i].get_height() / 72 * 200) for i in (0, 1, 44)] == [110, 120, 110]
    assert (tmp_path / "long.pdf").read_bytes() != (tmp_path / "next.pdf").read_bytes()


def test_without_pictures_no_chart_can_be_made(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no pictures"):
        write_chart(tmp_path / "x.pdf", tmp_path, 3)


def test_memory_is_summed_over_the_children() -> None:
    before = resident_bytes(os.getpid())
    held = "held = bytearray(60_000_000); print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", held], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        with_child, alone = resident_bytes(os.getpid()), resident_bytes(child.pid)
        child.communicate("\n")

    assert alone > 60_000_000
    assert with_child > before + 50_000_000


def test_runs_are_written_with_their_speed(tmp_path: Path) -> None:
    run = Run(name="long chart", charts=1, pages=300, workers=1, seconds=600.0, peak_mb=900.0)

    written = json.loads(write_runs((run,), tmp_path / "out").read_text())

    assert written == [
        {
            "name": "long chart",
            "charts": 1,
            "pages": 300,
            "workers": 1,
            "seconds": 600.0,
            "peak_mb": 900.0,
            "pages_per_minute": 30.0,
        }
    ]


def test_a_note_is_timed_beside_the_tokenizer_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["notes=1", "pages=0", "charts=0", f"out={tmp_path / 'out'}"]) == 0

    written = json.loads((tmp_path / "out" / "note-speed.json").read_text())
    assert 290 <= written["words"] <= 310
    assert written["milliseconds"] > written["tokenizer_milliseconds"] > 0
    assert written["ratio"] == written["milliseconds"] / written["tokenizer_milliseconds"]
    assert not (tmp_path / "out" / "bench.json").exists()
    assert "tokenizer alone" in capsys.readouterr().out
