import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.codebooks.importing import READERS, Imported, import_file, stored
from pipeline.errors import UsageError

INDEX = [(1080, -1080, f"Ache number {n} 780.{n % 10}") for n in range(10)]
TABULAR = [(1440, -1440, f"{n}\tIll") for n in range(250, 260)] + [(1440, -360, "Excludes:\tothers (300)")]
ICD10 = "".join(f"<mainTerm><title>Ache {n}</title><code>R1{n}</code></mainTerm>" for n in range(9))
HCPCS = "\n".join(f"{f'J000{n}':<5}001003{'A drug':<80}{'Drug':<28}".ljust(320) for n in range(9))


def zipped(**files: bytes) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("_", "."), text)
    return content.getvalue()


@pytest.fixture(scope="module")
def samples(rich_text: Callable[[list[tuple[int, int, str]]], bytes]) -> dict[str, bytes]:
    index = rich_text([(0, 0, "INDEX TO DISEASES AND INJURIES"), *INDEX])
    return {
        "Dindex12.rtf": index,
        "Dindex12.zip": zipped(Dindex12_rtf=index),
        "Dtab12.rtf": rich_text([(0, 0, "CLASSIFICATION OF DISEASES"), *TABULAR]),
        "index.xml": f"<ICD10CM.index><version>2017</version><letter>{ICD10}</letter></ICD10CM.index>".encode(),
        "HCPC2012_ANWEB.txt": HCPCS.encode(),
        "cpt2012.txt": b"99213\tA visit\n0001T\tSomething new\n",
    }


def test_every_format_is_taken_and_twice_leaves_the_same_bytes(tmp_path: Path, samples: dict[str, bytes]) -> None:
    for name, content in samples.items():
        path, data = tmp_path / name, tmp_path / f"data of {name}"
        path.write_bytes(content)
        imported = import_file(path, data, licensed=True)
        (first,) = stored(data)
        before = first.read_bytes()
        assert sum(len(rows) for rows in imported.tables.values()) > 0
        import_file(path, data, licensed=True)
        assert stored(data) == (first,)
        assert first.read_bytes() == before


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(which=st.integers(0, 5), how=st.sampled_from(("cut", "shuffled", "changed")), seed=st.integers(0, 10**6))
def test_a_damaged_file_is_taken_or_refused_with_a_sentence(
    samples: dict[str, bytes], which: int, how: str, seed: int
) -> None:
    random = Random(seed)
    name, content = list(samples.items())[which]
    if how == "cut":
        content = content[: random.randrange(len(content))]
    elif how == "shuffled":
        lines = content.split(b"\n")
        random.shuffle(lines)
        content = b"\n".join(lines)
    else:
        changed = bytearray(content)
        for _ in range(random.randrange(1, 6)):
            changed[random.randrange(len(changed))] = random.randrange(256)
        content = bytes(changed)
    for reader in READERS:
        try:
            found = reader(name, content)
        except UsageError as error:
            assert str(error).startswith(name.split(".")[0]) or ".rtf" in str(error)
        else:
            assert found is None or isinstance(found, Imported)


def test_a_rich_text_or_zip_that_was_cut_is_refused(tmp_path: Path, samples: dict[str, bytes]) -> None:
    for name in ("Dindex12.rtf", "Dindex12.zip", "Dtab12.rtf", "index.xml"):
        path = tmp_path / name
        path.write_bytes(samples[name][: len(samples[name]) * 2 // 3])
        with pytest.raises(UsageError):
            import_file(path, tmp_path / "data")
    assert stored(tmp_path / "data") == ()


def test_an_import_that_is_killed_leaves_the_edition_as_it_was(tmp_path: Path, samples: dict[str, bytes]) -> None:
    path, data = tmp_path / "cpt2012.txt", tmp_path / "data"
    path.write_bytes(samples["cpt2012.txt"])
    import_file(path, data, licensed=True)
    (first,) = stored(data)
    before = first.read_bytes()
    path.write_bytes(b"99213\tAnother text\n0001T\tAnother again\n")
    killed = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from pipeline.codebooks.importing import import_file\n"
        "os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)\n"
        "import_file(Path(sys.argv[1]), Path(sys.argv[2]), licensed=True)\n"
    )
    ended = subprocess.run([sys.executable, "-c", killed, str(path), str(data)], check=False, cwd=Path.cwd())
    assert ended.returncode < 0
    assert stored(data) == (first,)
    assert first.read_bytes() == before
    import_file(path, data, licensed=True)
    assert b"Another text" in first.read_bytes()
