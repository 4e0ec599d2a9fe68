from pathlib import Path

import pytest
from PIL import Image

from pipeline.errors import UsageError
from pipeline.evaluation.reading_data import DataKind, choose, load_data, load_split, open_picture, short
from pipeline.records import LineKind


def table(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(row.replace("|", "\t") for row in rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("head", "row", "kind"),
    [
        ("file|text", "a.png|acute bronchitis", DataKind.CROPS),
        ("file|text", r"a.png|acute\nbronchitis", DataKind.PAGES),
        ("id|file|truth|text", r"1|a.png|a.json|x\ny", DataKind.FORMS),
        ("file|skew_ccw_deg|quarter_turn", "a.png|1.5|90", DataKind.DESKEW),
    ],
)
def test_what_a_table_holds_is_told_by_its_columns(tmp_path: Path, head: str, row: str, kind: DataKind) -> None:
    assert load_data(table(tmp_path / "a.tsv", head, row)).kind is kind


def test_a_row_says_where_its_picture_is_and_what_is_true_of_it(tmp_path: Path) -> None:
    path = table(
        tmp_path / "a.tsv",
        "id|file|text|writer|style|source",
        '1|lines/a.png|He said "no|w7|handwritten|owner/lines (GPL)',
    )

    row = load_data(path).rows[0]

    assert row.file == tmp_path / "lines" / "a.png"
    assert (row.text, row.writer, row.kind) == ('He said "no', "w7", LineKind.HAND)
    assert row.collection == "lines, handwritten"


@pytest.mark.parametrize(
    ("style", "source", "kind"),
    [
        ("typed", "handwriting collection", LineKind.PRINT),
        ("hand-printed form field", "x", LineKind.HAND),
        ("printed visit note", "x", LineKind.PRINT),
        ("prescription word", "Doctor's Handwritten Prescription BD", LineKind.HAND),
        ("prescription word", "x", None),
    ],
)
def test_who_wrote_is_told_by_the_style_and_else_by_the_source(
    tmp_path: Path, style: str, source: str, kind: LineKind | None
) -> None:
    path = table(tmp_path / "a.tsv", "file|text|kind|source", f"a.png|x|{style}|{source}")

    assert load_data(path).rows[0].kind is kind


def test_a_name_is_shown_short() -> None:
    assert short("mcorgi/tuftsProject (Kaggle landlord/x)") == "tuftsProject"
    assert short("FUNSD form funsd_0001.png") == "FUNSD form"
    assert short("handwritten page: truth is elsewhere") == "handwritten page"
    assert short("HN2021-Memorials_Jane_Lathrop_Stanford") == "HN2021-Memorials_Jane_Lathrop…"


@pytest.mark.parametrize("rows", [("file|other", "a|b"), ("file|text",), ("file|text", "a.png")])
def test_a_table_that_does_not_fit_is_refused(tmp_path: Path, rows: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match=r"a\.tsv"):
        load_data(table(tmp_path / "a.tsv", *rows))


def test_a_missing_table_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_data(tmp_path / "none.tsv")


def test_a_part_of_a_split_is_chosen_by_writer_or_id(tmp_path: Path) -> None:
    data = load_data(table(tmp_path / "a.tsv", "id|file|text|writer", *(f"{n}|{n}.png|x|w{n}" for n in range(1, 5))))
    split = load_split(table(tmp_path / "s.tsv", "writer|part", "w1|train", "w2|held-out", "w3|tune"))
    by_id = load_split(table(tmp_path / "i.tsv", "id|part", "4|train"))

    assert [row.writer for row in choose(data, split=split, part="held-out", limit=None)] == ["w2", "w4"]
    assert len(choose(data, split=by_id, part="held-out", limit=None)) == 3
    assert len(choose(data, split={}, part="held-out", limit=None)) == 4


def test_a_limit_keeps_the_same_rows_of_each_collection(tmp_path: Path) -> None:
    rows = [f"{n}.png|x|{'typed' if n % 2 else 'handwritten'}" for n in range(40)]
    data = load_data(table(tmp_path / "a.tsv", "file|text|style", *rows))

    chosen = choose(data, split={}, part="", limit=3)

    assert chosen == choose(data, split={}, part="", limit=3)
    assert sorted(row.collection for row in chosen) == ["handwritten"] * 3 + ["typed"] * 3


def test_a_split_needs_its_columns(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a split"):
        load_split(table(tmp_path / "s.tsv", "who|part", "w1|train"))


def test_a_picture_is_opened_as_colour(tmp_path: Path) -> None:
    Image.new("L", (30, 20), 200).save(tmp_path / "a.png")

    assert open_picture(tmp_path / "a.png").pixels.shape == (20, 30, 3)


def test_what_is_no_picture_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"not a picture")

    for name in ("a.png", "none.png"):
        with pytest.raises(UsageError, match=name):
            open_picture(tmp_path / name)
