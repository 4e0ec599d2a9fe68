"""Fetch the print faces of faces.txt: `python models/kind/faces.py FACES` fills FACES/print and FACES/script.

Each is the Latin subset of a @fontsource package, regular and, where there is one, bold. A package whose licence is
not one of LICENCES is left out with a line that says so.
"""

import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

LIST = Path(__file__).with_name("faces.txt")
LICENCES = {"OFL-1.1", "Apache-2.0", "MIT", "UFL-1.0"}
WEIGHTS = (400, 700)


def main() -> None:
    """Fetch every face of the list."""
    for line in LIST.read_text(encoding="utf-8").splitlines():
        style, name = line.split()
        folder = Path(sys.argv[1]) / style
        folder.mkdir(parents=True, exist_ok=True)
        print(name, fetch(name, folder), flush=True)


def fetch(name: str, folder: Path) -> str:
    """Put the files of one family into a folder; says under which licence, or why not."""
    with tempfile.TemporaryDirectory() as place:
        subprocess.run(["npm", "pack", "--silent", f"@fontsource/{name}"], cwd=place, capture_output=True, check=False)
        archives = list(Path(place).glob("*.tgz"))
        if not archives:
            return "missing"
        with tarfile.open(archives[0]) as archive:
            package = archive.extractfile("package/package.json")
            licence = str(json.load(package).get("license", "")) if package else ""
            if licence not in LICENCES:
                return f"left out: {licence or 'no licence'}"
            inside = set(archive.getnames())
            for weight in WEIGHTS:
                file = f"{name}-latin-{weight}-normal.woff2"
                found = archive.extractfile(f"package/files/{file}") if f"package/files/{file}" in inside else None
                if found:
                    (folder / f"{name}-{weight}.woff2").write_bytes(found.read())
            return licence


if __name__ == "__main__":
    main()
