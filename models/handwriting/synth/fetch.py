"""Fetches the fonts of fonts.tsv into a cache folder: python -m models.handwriting.synth.fetch /tmp/synth/fonts.

A font is the Latin subset of a @fontsource package, or a file of a Debian package. One that is missing, or whose
licence is not one of LICENCES, is left out with a line that says so.
"""

import json
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

from fontTools.ttLib import TTFont

from models.handwriting.synth.fonts import Font, listed

LICENCES = {"OFL-1.0", "OFL-1.1", "Apache-2.0", "MIT"}


def from_npm(font: Font, place: Path) -> tuple[str, bytes]:
    """Return the licence that a @fontsource package states and its font; FileNotFoundError if it cannot be had."""
    subprocess.run(["npm", "pack", "--silent", font.package], cwd=place, capture_output=True, check=False)
    for archive in place.glob("*.tgz"):
        with tarfile.open(archive) as opened:
            about = opened.extractfile("package/package.json")
            file = opened.extractfile(f"package/files/{font.name}-latin-400-normal.woff2")
            assert about is not None and file is not None
            return str(json.load(about).get("license", "")), file.read()
    raise FileNotFoundError(font.package)


def from_debian(font: Font, place: Path) -> tuple[str, bytes]:
    """Return a font of a Debian package with the licence the list gives it, read from its copyright file."""
    package, inside = font.package.split("/", 1)
    subprocess.run(["apt-get", "download", "-qq", package], cwd=place, capture_output=True, check=False)
    for archive in place.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", archive.name, "out"], cwd=place, check=True)
        return font.licence, (place / "out" / inside).read_bytes()
    raise FileNotFoundError(package)


def fetch(font: Font, folder: Path) -> str:
    """Put NAME.ttf into folder; return what became of it."""
    with tempfile.TemporaryDirectory() as place:
        try:
            licence, held = (from_npm if font.package.startswith("@") else from_debian)(font, Path(place))
        except FileNotFoundError:
            return "missing"
    if licence not in LICENCES:
        return f"left out: licence {licence}"
    file = TTFont(BytesIO(held))
    file.flavor = None
    file.save(folder / f"{font.name}.ttf")
    return licence


def main() -> None:
    """Fetch what is not yet there."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for font in listed():
        if not (folder / f"{font.name}.ttf").exists():
            print(font.name, fetch(font, folder), flush=True)


if __name__ == "__main__":
    main()
