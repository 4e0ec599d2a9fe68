from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.codebooks import CodeBooks, Source, import_file, load_books
from pipeline.records import CodeSystem

Maker = Callable[[list[tuple[int, int, str]]], bytes]
ICD9, ICD10 = CodeSystem.ICD9CM, CodeSystem.ICD10CM
INDEX = [
    (0, 0, "INDEX TO DISEASES AND INJURIES"),
    (1080, -1080, "Grumbling (loud) 787.3"),
    *((1080, -720, f"kind {n} 787.3") for n in range(5)),
]
TABULAR = [
    (0, 0, "CLASSIFICATION OF DISEASES AND INJURIES"),
    *((1440, -1440, f"{n}\tIll number {n}") for n in range(780, 789)),
    (2160, -1440, "787.3\tGrumbling of the belly"),
]  # fmt: skip


def of_imported(tmp_path: Path, cache: Path, **files: bytes) -> CodeBooks:
    for name, content in files.items():
        path = tmp_path / f"{name}.rtf"
        path.write_bytes(content)
        import_file(path, tmp_path / "data")
    return load_books(cache, data_dir=tmp_path / "data")


@pytest.fixture
def cache(request: pytest.FixtureRequest) -> Path:
    assert request.config.cache is not None
    return request.config.cache.mkdir("codebooks-icd9")


def test_the_packaged_icd_10_notes_are_there_without_any_import(books: CodeBooks) -> None:
    notes = {(note.kind, note.text) for note in books.notes(ICD10, "E11")}
    assert "excludes1" in {kind for kind, _ in notes}
    assert any(kind == "use_additional" and "Z79.4" in text for kind, text in notes)
    assert books.notes(ICD10, "E11.99") == ()


def test_an_index_lends_its_paths_and_answers_for_no_day(tmp_path: Path, cache: Path, rich_text: Maker) -> None:
    books = of_imported(tmp_path, cache, Dindex12=rich_text(INDEX))
    tables = books.tables
    place = tables.wording_text.index("grumbling")
    assert tables.identity_code[int(tables.wording_identity[place])] == "787.3"
    assert tables.wording_source[place] == Source.INDEX
    assert tables.wording_path[place] == "Grumbling (loud) 787.3"
    assert [book.edition for book in tables.supplements] == ["fiscal year 2012"]
    book = books.book_for(ICD9, date(2012, 3, 1))
    assert book is not None
    assert not book.covers(date(2012, 3, 1))
    assert "fiscal year 2012" in {part.edition for part in books.parts()}


def test_an_imported_edition_stands_beside_the_packaged_one(tmp_path: Path, cache: Path, rich_text: Maker) -> None:
    excludes = (2160, -1440, "Excludes:\tgrumbling of engines (E000)")
    books = of_imported(tmp_path, cache, Dtab12=rich_text([*TABULAR, excludes]))
    then, later = date(2012, 3, 1), date(2015, 3, 1)
    ours, packaged = books.get(ICD9, "787.3", then), books.get(ICD9, "787.3", later)
    assert ours is not None
    assert packaged is not None
    assert ours.display == "Grumbling of the belly"
    assert packaged.display != ours.display
    assert books.get(ICD9, "401.9", then) is not None
    assert [(note.kind, note.text) for note in books.notes(ICD9, "787.3", later)] == [
        ("excludes", "grumbling of engines (E000)")
    ]
