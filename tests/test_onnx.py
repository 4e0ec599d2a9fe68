import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline import onnx
from pipeline.errors import MissingModelError
from tests import ink

MANIFEST = onnx.read_manifest()


@pytest.mark.parametrize("name", sorted(MANIFEST))
def test_every_model_of_the_manifest_is_there_and_is_the_pinned_one(name: str) -> None:
    assert MANIFEST[name].checked().exists()
    assert "Apache-2.0" in MANIFEST[name].licence


def test_every_weights_file_stands_in_the_manifest() -> None:
    weights = {path for path in onnx.MODELS.glob("*/*") if path.suffix in {".onnx", ".toml", ".npz"} or path.is_dir()}
    weights -= {path for path in weights if path.is_dir() and not (path / "config.cfg").exists()}

    assert weights == {entry.path for entry in MANIFEST.values() if onnx.MODELS in entry.path.parents}


def test_a_model_says_what_took_part_in_a_reading() -> None:
    part = MANIFEST["detector"].part()

    assert (part.name, part.edition) == ("PP-OCRv6 small text detector", "rapidocr 3.10.0")
    assert part.sha256 == ink.model("detector").sha256


def test_nothing_of_this_machine_is_told_to_the_makers_of_the_runtime(tmp_path: Path) -> None:
    """Its telemetry begins with the import, and keeps a number of the machine in the home folder."""
    environ = {name: value for name, value in os.environ.items() if name not in {"CI", "ORT_DISABLE_TELEMETRY"}}
    command = "from pipeline import onnx; onnx.Model(onnx.read_manifest()['recognizer'].path, threads=1, sha256=None)"
    subprocess.run([sys.executable, "-c", command], env={**environ, "HOME": str(tmp_path)}, check=True)
    assert list(tmp_path.rglob("*")) == []


def test_the_recogniser_names_its_characters() -> None:
    assert "A" in ink.model("recognizer").metadata["character"].split("\n")


def test_a_network_turns_an_array_into_an_array() -> None:
    rows = ink.model("recognizer")(np.zeros((1, 3, 48, 96), np.float32))

    assert rows.shape == (1, 12, 18_710)
    assert rows.dtype == np.float32


def test_the_package_that_carries_the_weights_is_never_imported() -> None:
    ink.model("detector")

    assert "rapidocr" not in sys.modules


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match=r"gone\.onnx is missing"):
        onnx.Model(tmp_path / "gone.onnx", threads=1, sha256=None)


def test_a_file_that_was_changed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.onnx"
    path.write_bytes(b"other")

    with pytest.raises(MissingModelError, match="not the model that was pinned"):
        onnx.Model(path, threads=1, sha256="0" * 64)


@pytest.mark.parametrize("content", [b"", b"no network", b"\x08\x07\x12\x00"])
def test_a_file_that_holds_no_network_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.onnx"
    path.write_bytes(content)

    with pytest.raises(MissingModelError, match="cannot be loaded"):
        onnx.Model(path, threads=1, sha256=None)


def test_a_missing_manifest_is_a_missing_model(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match="list of models"):
        onnx.read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ('[one]\nname = "n"', "lacks one of"),
        ("one = 3", "lacks one of"),
        ("not toml", "cannot be read"),
        (
            '[one]\nname = "n"\nedition = "1"\npackage = "no_such_package"\nfile = "f"\nsha256 = "0"\n'
            'licence = "x"\nsource = "x"',
            "no_such_package",
        ),
    ],
)
def test_a_damaged_manifest_says_what_is_wrong(tmp_path: Path, entry: str, reason: str) -> None:
    (tmp_path / "manifest.toml").write_text(entry, encoding="utf-8")

    with pytest.raises(MissingModelError, match=reason):
        onnx.read_manifest(tmp_path)
