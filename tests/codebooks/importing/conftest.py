from collections.abc import Callable
from pathlib import Path

import pytest

CODES = Path(__file__).parents[4] / "shared" / "codes"


@pytest.fixture(scope="session")
def official() -> Callable[[str], bytes]:
    """The content of an official file, where it is at hand."""

    def content(name: str) -> bytes:
        path = CODES / name
        if not path.is_file():
            pytest.skip(f"{name} is not at hand")
        return path.read_bytes()

    return content


@pytest.fixture(scope="session")
def rich_text() -> Callable[[list[tuple[int, int, str]]], bytes]:
    """Makes a rich text file of paragraphs: left margin, first line against it, text."""

    def made(lines: list[tuple[int, int, str]]) -> bytes:
        body = "".join(
            f"\\pard \\li{left}\\fi{first} {{" + text.replace("\t", "\\tab ") + "}\\par\n"
            for left, first, text in lines
        )
        return ("{\\rtf1\\ansi{\\fonttbl{\\f0 Times;}}" + body + "}").encode("cp1252")

    return made
