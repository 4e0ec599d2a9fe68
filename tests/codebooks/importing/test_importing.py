import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.codebooks import Imported, Source, import_file, load_books
from pipeline.codebooks.importing import read_stored, stored
from pipeline.codebooks.importing.imported import unpacked
from pipeline.errors import SetupError, UsageError
from pipeline.records import CodeSystem


def hcpcs_row(code: str, long: str, short: str = "", *, record: int = 3, ended: str = "") -> str:
    head = f"{code}{'00100'}{record}{long:<80}{short:<28}"
    return f"{head:<268}{'20120101':<8}{'20120101':<8}{ended:<8}N".ljust(320)


HCPCS = "\n".join(
    (
        "a title",
        hcpcs_row("J9998", "Injection of a made-up drug, per", "Made-up drug"),
        hcpcs_row("J9998", "7 mg", record=4),
        hcpcs_row("G9998", "A made-up service", "Made-up service", ended="20121231"),
        hcpcs_row("   XX", "A modifier", record=7),
    )
)
CPT = """\ufeffLicence text of the owner

#year 2012
code\tdescription
99213\tA visit, in my words
0001T\tSomething new
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def brought(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_an_annual_hcpcs_file_is_taken_with_its_validity(tmp_path: Path, data: Path) -> None:
    book = import_file(brought(tmp_path, "HCPC2012_CONTR_ANWEB.txt", HCPCS), data).book
    assert (book.system, book.edition, book.count) == (CodeSystem.HCPCS, "2012", 2)
    assert (book.valid_from, book.valid_to) == (date(2012, 1, 1), date(2012, 12, 31))
    (path,) = stored(data)
    volume = unpacked(read_stored(path))
    assert volume.book == book
    assert [w.text for w in volume.wordings if w.source is Source.SHORT] == ["Made-up drug", "Made-up service"]
    first, second = volume.entries
    assert first.display == "Injection of a made-up drug, per 7 mg"
    assert (first.kind, second.kind, second.valid_to) == ("supply", "procedure", date(2012, 12, 31))


def test_the_zip_that_holds_the_file_is_taken_too(tmp_path: Path, data: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "hello")
        archive.writestr("HCPC2012_CONTR_ANWEB.txt", HCPCS)
    assert import_file(brought(tmp_path, "download.zip", packed.getvalue()), data).book.edition == "2012"


def test_the_official_file_is_taken(hcpcs_2019: Path, data: Path) -> None:
    book = import_file(hcpcs_2019, data).book
    assert (book.edition, book.count) == ("2019", 6440)


@pytest.mark.parametrize(
    "content",
    [
        CPT,
        "#year 2012\n99213|A visit, in my words\n0001T|Something new\n",
        '#year 2012\n"99213"\t"A visit, in my words"\n"0001T"\t"Something new"\n',
        "#year 2012\n99213 A visit, in my words\n0001T Something new\n",
    ],
)
def test_a_licensed_cpt_file_is_taken(tmp_path: Path, data: Path, content: str) -> None:
    book = import_file(brought(tmp_path, "LONGULT.txt", content), data, licensed=True).book
    assert (book.system, book.edition, book.count) == (CodeSystem.CPT, "2012", 2)
    (path,) = stored(data)
    assert [(e.code, e.display) for e in unpacked(read_stored(path)).entries] == [
        ("99213", "A visit, in my words"),
        ("0001T", "Something new"),
    ]


def test_importing_an_edition_again_replaces_it(tmp_path: Path, data: Path) -> None:
    file = brought(tmp_path, "cpt.txt", CPT)
    import_file(file, data, licensed=True)
    (path,) = stored(data)
    before = path.read_bytes()
    import_file(file, data, licensed=True)
    assert stored(data) == (path,)
    assert path.read_bytes() == before


def test_a_cpt_file_is_refused_unless_the_practice_says_that_it_holds_the_licence(tmp_path: Path, data: Path) -> None:
    with pytest.raises(UsageError, match="American Medical Association"):
        import_file(brought(tmp_path, "cpt.txt", CPT), data)
    assert stored(data) == ()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("notes.txt", "This is no code book.\n", "neither"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0", "neither"),
        ("empty.txt", "", "neither"),
        ("broken.zip", b"PK\x03\x04garbage", "damaged zip"),
        ("ANWEB.txt", HCPCS, "does not tell its year"),
        ("HCPC2012_ANWEB.txt", HCPCS + "\n" + hcpcs_row("J9998", "again"), "line 6 holds J9998 a second time"),
        ("HCPC2012_ANWEB.txt", hcpcs_row("J0001", "lost", record=4), "line 1 continues a code"),
        ("HCPC2012_ANWEB.txt", hcpcs_row("J0001", "x", ended="2012ABCD"), "line 1 has '2012ABCD'"),
        ("cpt.txt", "99213\ta\n99214\tb\n", "does not tell its year"),
        ("cpt2012.txt", "99213\ta\nrubbish here\n", "line 2 is not a CPT code"),
        ("cpt2012.txt", "99213\ta\n99213\tb\n", "line 2 holds 99213 a second time"),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence(
    tmp_path: Path, data: Path, name: str, content: str | bytes, sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        import_file(brought(tmp_path, name, content), data)
    assert stored(data) == ()


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, data: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        import_file(tmp_path / "missing.txt", data)


@settings(max_examples=80, deadline=None)
@given(content=st.binary(max_size=300))
def test_any_file_is_taken_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    try:
        held = import_file(brought(folder, "any2012.txt", content), folder / "data", licensed=True)
    except UsageError:
        assert stored(folder / "data") == ()
    else:
        assert isinstance(held, Imported)


def test_a_stored_book_that_was_changed_is_told(tmp_path: Path, data: Path) -> None:
    import_file(brought(tmp_path, "cpt.txt", CPT), data, licensed=True)
    (path,) = stored(data)
    path.write_text(path.read_text().replace("0001T", "0001T\tmore"))
    with pytest.raises(SetupError, match="import its file again"):
        read_stored(path)
    path.write_text("rubbish")
    with pytest.raises(SetupError, match="import its file again"):
        read_stored(path)


def test_an_imported_book_answers_for_its_year(request: pytest.FixtureRequest, tmp_path: Path, data: Path) -> None:
    assert request.config.cache is not None
    import_file(brought(tmp_path, "cpt.txt", CPT), data, licensed=True)
    books = load_books(request.config.cache.mkdir("codebooks-imported"), data_dir=data)
    licensed = books.book_for(CodeSystem.CPT, date(2012, 5, 1))
    assert licensed is not None
    assert licensed.covers(date(2012, 5, 1))
    code = books.get(CodeSystem.CPT, "99213", date(2012, 5, 1))
    assert code is not None
    assert code.display == "A visit, in my words"
    assert books.get(CodeSystem.CPT, "99214", date(2012, 5, 1)) is not None
