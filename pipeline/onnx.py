"""The only door to ONNX Runtime, and the list of models that the product loads.

`models/manifest.toml` names each model with its SHA-256. A model that is missing, or is not the one
that was pinned, stops the program before a page is read by it.
"""

import hashlib
import tomllib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

from pipeline.errors import MissingModelError
from pipeline.records import Part

MODELS = Path(__file__).resolve().parent.parent / "models"
"""Beside the package: the product is installed from its clone."""

_NO_NETWORK = (
    ort_errors.Fail,
    ort_errors.InvalidArgument,
    ort_errors.InvalidGraph,
    ort_errors.InvalidProtobuf,
    ort_errors.NotImplemented,
    RuntimeError,
)
"""What ONNX Runtime raises for a file that holds no network it can run; its errors share no class of their own."""
_KEYS = {"name", "edition", "file", "sha256", "licence", "source"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """One entry of the manifest."""

    name: str
    edition: str
    path: Path
    sha256: str
    licence: str
    source: str

    def part(self) -> Part:
        """What a reading's provenance says of it."""
        return Part(name=self.name, edition=self.edition, sha256=self.sha256)

    def checked(self) -> Path:
        """The path, after the file or folder was found to be the one that was pinned.

        Raises:
            MissingModelError: it is missing, or its SHA-256 differs.
        """
        _check(self.path, self.sha256)
        return self.path


def read_manifest(folder: Path = MODELS) -> dict[str, ModelFile]:
    """Read the manifest; the files themselves are looked at when they are loaded.

    Raises:
        MissingModelError: the manifest is missing or damaged, or a package that carries a model is not installed.
    """
    path = folder / "manifest.toml"
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MissingModelError(f"The list of models, {path}, cannot be read; install the product again.") from error
    return {key: _entry(path, key, entry) for key, entry in entries.items()}


class Model:
    """A network that takes one float32 array and gives one back.

    A session keeps no arena: what a large page took is given back after it.
    """

    def __init__(self, path: Path, *, threads: int, sha256: str | None) -> None:
        """Load the network.

        Args:
            path: the ONNX file.
            threads: threads of this session.
            sha256: what the file must be; None takes any.

        Raises:
            MissingModelError: the file is missing, is not the one that was pinned, or is not a network.
        """
        self.sha256 = _check(path, sha256)
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        try:
            self._session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except _NO_NETWORK as error:
            raise MissingModelError(f"The model {path.name} cannot be loaded; install the product again.") from error
        self._input = self._session.get_inputs()[0].name
        self.metadata: dict[str, str] = dict(self._session.get_modelmeta().custom_metadata_map)
        """What the file says of itself, such as the characters of a recogniser."""

    def __call__(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Run the network once."""
        result: NDArray[np.float32] = self._session.run(None, {self._input: batch})[0]
        return result


def _entry(manifest: Path, key: str, entry: object) -> ModelFile:
    if not isinstance(entry, dict) or not entry.keys() >= _KEYS or not all(isinstance(v, str) for v in entry.values()):
        raise MissingModelError(f"{manifest} lacks one of {', '.join(sorted(_KEYS))} in [{key}].")
    package = entry.get("package")
    folder = manifest.parent if package is None else _package_folder(package)
    return ModelFile(
        name=entry["name"],
        edition=entry["edition"],
        path=folder / entry["file"],
        sha256=entry["sha256"],
        licence=entry["licence"],
        source=entry["source"],
    )


def _package_folder(package: str) -> Path:
    """The folder of an installed package, found without importing it, which can take seconds."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise MissingModelError(f"The Python package {package}, which carries a model, is missing; run `make install`.")
    return Path(spec.submodule_search_locations[0])


def _check(path: Path, sha256: str | None) -> str:
    try:
        found = fingerprint(path)
    except OSError as error:
        raise MissingModelError(f"The model {path} is missing; run `make install`.") from error
    if sha256 is not None and found != sha256:
        raise MissingModelError(f"{path} is not the model that was pinned; run `make install`.")
    return found


def fingerprint(path: Path) -> str:
    """SHA-256 of a file, or of a folder: of the names and digests of its files, in the order of their names.

    Raises:
        OSError: it is missing or cannot be read.
    """
    if not path.is_dir():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    files = sorted(each.relative_to(path).as_posix() for each in path.rglob("*") if each.is_file())
    listed = "".join(f"{name}\0{fingerprint(path / name)}\n" for name in files)
    return hashlib.sha256(listed.encode()).hexdigest()
