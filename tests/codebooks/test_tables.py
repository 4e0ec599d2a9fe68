import pickle
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.codebooks.entries import Book
from pipeline.codebooks.tables import Tables, load, read_arrays, save, write_arrays
from pipeline.records import CodeSystem

BOOK = Book(
    system=CodeSystem.CPT,
    name="a book",
    edition="2012",
    valid_from=date(2012, 1, 1),
    valid_to=None,
    sha256="0" * 64,
    count=1,
)
TABLES = Tables(
    key="k",
    books=(BOOK,),
    supplements=(),
    row_book=np.zeros(1, np.uint8),
    row_identity=np.zeros(1, np.int32),
    row_billable=np.ones(1, np.uint8),
    row_kind=np.ones(1, np.uint8),
    row_from=np.zeros(1, np.int32),
    row_to=np.zeros(1, np.int32),
    row_proven_from=np.zeros(1, np.int32),
    row_proven_to=np.zeros(1, np.int32),
    row_display=["A visit – long"],
    row_search=["a visit"],
    sorted_code=["99213"],
    sorted_row=np.zeros(1, np.int32),
    identity_system=np.full(1, 2, np.uint8),
    identity_code=["99213"],
    identity_prior=np.zeros(1, np.float32),
    wording_text=["visit"],
    wording_identity=np.zeros(1, np.int32),
    wording_source=np.zeros(1, np.uint8),
    wording_from=np.zeros(1, np.int32),
    wording_to=np.zeros(1, np.int32),
    wording_path=["Visit, long"],
    note_place=["CPT 99213"],
    note_book=np.zeros(1, np.uint8),
    note_kind=np.zeros(1, np.uint8),
    note_text=["a note"],
    term_text=[],
    term_label=np.zeros(0, np.uint8),
    term_normalized=[],
)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "cache" / "books.npz"
    save(TABLES, path)
    return path


def test_what_was_saved_is_loaded(saved: Path) -> None:
    loaded = load(saved, "k")
    assert loaded is not None
    assert loaded.books == (BOOK,)
    assert loaded.row_display == ["A visit – long"]
    assert loaded.term_text == []


def test_nothing_but_the_file_is_left_behind(saved: Path) -> None:
    assert [path.name for path in saved.parent.iterdir()] == ["books.npz"]


def test_a_cache_of_other_sources_is_not_trusted(saved: Path) -> None:
    assert load(saved, "another key") is None


def test_a_missing_or_foreign_file_is_not_trusted(tmp_path: Path) -> None:
    path = tmp_path / "books.npz"
    assert load(path, "k") is None
    path.write_bytes(b"hello")
    assert load(path, "k") is None
    write_arrays(path, {"a": np.zeros(1)})
    assert load(path, "k") is None


def test_nothing_is_ever_unpickled(tmp_path: Path) -> None:
    path = tmp_path / "books.npz"
    path.write_bytes(pickle.dumps({"key": "k"}))
    assert read_arrays(path) is None
    np.savez(path, key=np.array([{"key": "k"}], dtype=object))
    assert read_arrays(path) is None


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 10**6), value=st.integers(0, 255), cut=st.booleans())
def test_a_damaged_cache_is_not_trusted_or_is_whole_all_the_same(
    tmp_path_factory: pytest.TempPathFactory, place: int, value: int, cut: bool
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "books.npz"
    save(TABLES, path)
    content = bytearray(path.read_bytes())
    place %= len(content)
    if cut:
        del content[place:]
    else:
        content[place] = value
    path.write_bytes(content)
    loaded = load(path, "k")
    assert loaded is None or loaded.row_display == TABLES.row_display
