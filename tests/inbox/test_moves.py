import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import UnmovableFileError
from pipeline.inbox.moves import WHY, Outcome, execute, plan, purge


def put(inbox: Path, name: str, content: bytes = b"chart") -> Path:
    path = inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return Path(name)


def move(inbox: Path, path: Path, moved_to: Path, sentence: str | None = None) -> Outcome:
    place = inbox / path if (inbox / path).exists() else inbox / moved_to
    status = place.stat()
    return execute(inbox, path, moved_to, size=status.st_size, mtime_ns=status.st_mtime_ns, sentence=sentence)


def test_a_rejected_file_keeps_its_batch_and_has_its_sentence_beside_it(tmp_path: Path) -> None:
    path = put(tmp_path, "monday/a.pdf")
    target = plan(tmp_path, path, "rejected", id="id")
    assert target == Path("rejected/monday/a.pdf")
    assert move(tmp_path, path, target, "The file is empty.") is Outcome.MOVED
    assert not (tmp_path / path).exists()
    assert (tmp_path / "rejected/monday/a.pdf").read_bytes() == b"chart"
    assert (tmp_path / "rejected/monday/a.pdf.why.txt").read_text() == "The file is empty.\n"


def test_same_named_files_never_overwrite_each_other(tmp_path: Path) -> None:
    places = []
    for content in (b"1", b"2", b"3"):
        path = put(tmp_path, "a.pdf", content)
        places.append(plan(tmp_path, path, "done", id="id"))
        assert move(tmp_path, path, places[-1]) is Outcome.MOVED
    assert [str(place) for place in places] == ["done/a.pdf", "done/a~2.pdf", "done/a~3.pdf"]
    assert [(tmp_path / place).read_bytes() for place in places] == [b"1", b"2", b"3"]


def test_a_file_named_like_a_sentence_takes_no_sentences_place(tmp_path: Path) -> None:
    one = put(tmp_path, "a.pdf.why.txt", b"mine")
    assert move(tmp_path, one, plan(tmp_path, one, "rejected", id="1"), "Unknown.") is Outcome.MOVED
    two = put(tmp_path, "a.pdf")
    target = plan(tmp_path, two, "rejected", id="2")
    assert target == Path("rejected/a~2.pdf")
    assert move(tmp_path, two, target, "Empty.") is Outcome.MOVED
    assert (tmp_path / "rejected/a.pdf.why.txt").read_bytes() == b"mine"


def test_a_name_that_is_too_long_for_its_companion_is_cut_between_characters(tmp_path: Path) -> None:
    name = "ü" * 125 + ".pdf"  # 254 bytes
    path = put(tmp_path, name)
    target = plan(tmp_path, path, "rejected", id="0123456789abcdef")
    assert target.name.endswith("~0123456789abcdef.pdf")
    assert target.name.startswith("üüü") and len(os.fsencode(target.name + WHY)) <= 255
    assert move(tmp_path, path, target, "Empty.") is Outcome.MOVED
    assert (tmp_path / target.with_name(target.name + WHY)).is_file()


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1, max_size=80).filter(
    lambda name: name not in {".", ".."} and len(name.encode()) <= 255
))  # fmt: skip
def test_every_name_fits_with_its_companion(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    target = plan(tmp_path_factory.getbasetemp() / "nowhere", Path(name), "rejected", id="0123456789abcdef")
    assert len(os.fsencode(target.name + WHY)) <= 255
    assert len(os.fsencode(name)) > 255 - len(WHY) or target.name == name


def test_bytes_that_are_no_utf8_survive_a_move(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff" * 250)
    path = put(tmp_path, name)
    target = plan(tmp_path, path, "done", id="0123456789abcdef")
    assert move(tmp_path, path, target) is Outcome.MOVED
    assert (tmp_path / target).is_file()


def test_a_move_that_was_cut_short_is_finished_the_next_time(tmp_path: Path) -> None:
    path = put(tmp_path, "a.pdf")
    target = Path("done/a.pdf")
    (tmp_path / "done").mkdir()
    os.link(tmp_path / path, tmp_path / target)  # stopped between the link and the unlink
    assert move(tmp_path, path, target, "A copy.") is Outcome.MOVED
    assert not (tmp_path / path).exists() and (tmp_path / "done/a.pdf.why.txt").exists()
    assert move(tmp_path, path, target, "A copy.") is Outcome.MOVED  # stopped before the store knew


def test_a_file_that_was_replaced_while_it_was_read_stays(tmp_path: Path) -> None:
    path = put(tmp_path, "a.pdf", b"longer than before")
    assert execute(tmp_path, path, Path("done/a.pdf"), size=5, mtime_ns=1, sentence=None) is Outcome.GONE
    assert (tmp_path / path).read_bytes() == b"longer than before"
    assert not (tmp_path / "done/a.pdf").exists()


def test_a_place_that_was_taken_in_the_meantime_is_not_overwritten(tmp_path: Path) -> None:
    path = put(tmp_path, "a.pdf")
    put(tmp_path, "done/a.pdf", b"another's")
    assert move(tmp_path, path, Path("done/a.pdf")) is Outcome.TAKEN
    assert (tmp_path / "done/a.pdf").read_bytes() == b"another's" and (tmp_path / path).exists()


def test_purging_deletes_the_receipt_and_its_sentence_only(tmp_path: Path) -> None:
    path = put(tmp_path, "a.pdf")
    move(tmp_path, path, Path("done/a.pdf"), "A copy.")
    put(tmp_path, "done/b.pdf")
    receipt = (tmp_path / "done/a.pdf").stat()
    purge(tmp_path, Path("done/a.pdf"), size=receipt.st_size, mtime_ns=receipt.st_mtime_ns + 1)  # another's
    assert (tmp_path / "done/a.pdf").exists()
    purge(tmp_path, Path("done/a.pdf"), size=receipt.st_size, mtime_ns=receipt.st_mtime_ns)
    assert [p.name for p in (tmp_path / "done").iterdir()] == ["b.pdf"]


def test_a_batch_named_like_a_receipt_gets_a_folder_of_another_name(tmp_path: Path) -> None:
    put(tmp_path, "done/two-visits.pdf", b"a receipt")
    path = put(tmp_path, "two-visits.pdf/a.pdf")
    target = plan(tmp_path, path, "done", id="id")
    assert target == Path("done/two-visits.pdf~/a.pdf")
    assert move(tmp_path, path, target) is Outcome.MOVED


def test_a_file_that_cannot_move_stays_in_one_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, "batch/a.pdf")
    real = os.unlink

    def not_there(name: Path, **more: object) -> None:
        if Path(name).parent == tmp_path / "batch":
            raise PermissionError(13, "Permission denied")
        real(name)

    monkeypatch.setattr(os, "unlink", not_there)  # a folder of the scanner's account; root may do all in it
    with pytest.raises(UnmovableFileError, match=r"a\.pdf"):
        move(tmp_path, path, Path("done/batch/a.pdf"))
    assert (tmp_path / path).exists() and not (tmp_path / "done/batch/a.pdf").exists()
