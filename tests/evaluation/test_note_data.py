import json
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.evaluation.note_data import choose, chosen_documents, chosen_statements, load_documents, load_statements
from pipeline.records import Label

TEXT = "Fever and cough.\fChest x-ray clear."
HEAD = "sentence\tconcept\tnegation"


def written(folder: Path, *lines: str) -> Path:
    path = folder / "data"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def note(*entities: object, **more: object) -> str:
    return json.dumps({"id": "1", "text": TEXT, "entities": entities, **more})


def test_labels_of_others_become_ours_and_unknown_ones_are_passed_over(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        note([0, 5, "Sign_symptom", "Fever"], [10, 15, "SpecificDisease", "cough"], [17, 22, "Body", "Chest"]),
        "",
        note([17, 28, "Diagnostic_procedure", "Chest x-ray"], id=2),
    )

    loaded = load_documents(path)

    assert loaded.labels == (Label.DIAGNOSIS, Label.PROCEDURE)
    assert [document.id for document in loaded.documents] == ["1", "2"]
    assert [(one.label, one.text) for one in loaded.documents[0].mentions] == [
        (Label.DIAGNOSIS, "Fever"),
        (Label.DIAGNOSIS, "cough"),
    ]


def test_an_entity_with_a_gap_is_named_without_what_stands_in_it(tmp_path: Path) -> None:
    path = written(tmp_path, note([0, 15, "DIAGNOSIS", "Fever cough"]))

    assert load_documents(path).documents[0].mentions[0].end == 15


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "not JSON"),
        ('["a"]', "not an object"),
        ('{"id": "1", "text": 5, "entities": []}', "not an object"),
        ('{"text": "a", "entities": []}', "not an object"),
        ('{"id": "1", "text": "a"}', "not a list"),
        (note([0, 5, "DIAGNOSIS"]), "is not \\[start"),
        (note(["0", 5, "DIAGNOSIS", "Fever"]), "is not \\[start"),
        (note([5, 5, "DIAGNOSIS", ""]), "place 5 to 5"),
        (note([30, 99, "DIAGNOSIS", "clear"]), "place 30 to 99"),
        (note([1, 6, "DIAGNOSIS", "Fever"]), "something else"),
        (note([0, 5, "DIAGNOSIS", " "]), "something else"),
    ],
)
def test_a_note_that_does_not_fit_is_told_with_its_line(tmp_path: Path, line: str, why: str) -> None:
    path = written(tmp_path, note([0, 5, "DIAGNOSIS", "Fever"]), "", line)

    with pytest.raises(UsageError, match=f"data, line 3: .*{why}"):
        load_documents(path)


def test_a_file_without_a_known_label_has_nothing_to_measure(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no finding with a label"):
        load_documents(written(tmp_path, note([0, 5, "Body", "Fever"])))


def test_columns_say_which_flags_are_known(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "id\tconcept\tsentence\tnegation\ttemporality\texperiencer\tnote",
        "a\tFever\tNo fever.\tNegated\tRecent\tPatient\tx",
        "\tMI\tFather had an MI.\tAffirmed\tHistorical\tFamily member\t",
        "c\tMI\tMI.\tAffirmed\t\t\t",
    )

    first, second, third = load_statements(path)

    assert (first.id, first.concept, first.sentence) == ("a", "Fever", "No fever.")
    assert first.flags == {"negated": True, "historical": False, "family": False}
    assert second.id == "line 3"
    assert second.flags == {"negated": False, "historical": True, "family": True}
    assert third.flags == {"negated": False}


def test_a_column_of_flags_tells_all_of_them(tmp_path: Path) -> None:
    path = written(
        tmp_path, "sentence\tfinding\tflags", "r/o MI\tMI\tuncertain", "MI\tMI\t", "x MI\tMI\tfamily, negated"
    )

    flags = [statement.flags for statement in load_statements(path)]

    assert [{name for name, stated in one.items() if stated} for one in flags] == [
        {"uncertain"},
        set(),
        {"family", "negated"},
    ]
    assert all(len(one) == 5 for one in flags)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("sentence\tnegation", "a\tNegated"), "needs the columns"),
        (("sentence\tconcept", "a\ta"), "needs the columns"),
        ((HEAD, "a\ta\tAffirmed", "a\ta"), "line 3: it has 2 columns"),
        ((HEAD, "a\ta\tPerhaps"), "line 2: negation is one of negated, affirmed"),
        ((HEAD, "a\t \tNegated"), "line 2: concept and sentence"),
        (("sentence\tconcept\tflags", "a\ta\tgone"), "line 2: flags are .*, not gone"),
        (("",), "is empty"),
    ],
)
def test_a_table_that_does_not_fit_is_told(tmp_path: Path, lines: tuple[str, ...], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        load_statements(written(tmp_path, *lines))


def test_a_file_that_is_missing_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_documents(tmp_path / "none")
    (tmp_path / "picture").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="not UTF-8"):
        load_statements(tmp_path / "picture")


def test_a_part_is_chosen_and_a_limit_draws_the_same_each_time(tmp_path: Path) -> None:
    lines = [f"{place}\tMI.\tMI\tNegated" for place in range(20)]
    rows = load_statements(written(tmp_path, f"id\t{HEAD}", *lines))
    split = {str(place): "tune" if place % 2 else "train" for place in range(18)}

    kept = choose(rows, split=split, part="tune", limit=None)
    few = choose(rows, split=split, part="tune", limit=4)

    assert [row.id for row in kept] == ["1", "3", "5", "7", "9", "11", "13", "15", "17", "18", "19"]
    assert len(few) == 4
    assert few == choose(rows, split=split, part="tune", limit=4)
    assert {row.id for row in few} < {row.id for row in kept}


def test_each_file_gives_its_part_with_the_labels_of_the_whole(tmp_path: Path) -> None:
    path = written(tmp_path, note([0, 5, "DIAGNOSIS", "Fever"]), note([17, 28, "PROCEDURE", "Chest x-ray"], id="2"))

    (data,) = chosen_documents([path], split={"1": "tune", "2": "train"}, part="tune", limit=None)

    assert [document.id for document in data.documents] == ["1"]
    assert data.labels == (Label.DIAGNOSIS, Label.PROCEDURE)
    with pytest.raises(UsageError, match=r"No note of .* the part held-out"):
        chosen_documents([path], split={"1": "tune", "2": "train"}, part="held-out", limit=None)


def test_a_table_without_a_row_of_the_part_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, f"id\t{HEAD}", "1\tMI.\tMI\tNegated")

    assert chosen_statements([path], split={}, part="tune", limit=1) == ((path, load_statements(path)),)
    with pytest.raises(UsageError, match=r"No sentence of .* the part tune"):
        chosen_statements([path], split={"1": "train"}, part="tune", limit=None)


def test_truth_may_stand_in_the_sentence(tmp_path: Path) -> None:
    path = written(
        tmp_path, "part\tsentence", "other\tFH: {gout|family negated}\\n{gout|none}, {MRI|hypothetical|done}"
    )

    relative, own, service = load_statements(path)

    assert own.sentence == "FH: gout\ngout, MRI"
    assert [one.sentence[slice(*(one.place or (0, 0)))] for one in (relative, own, service)] == ["gout", "gout", "MRI"]
    assert (own.id, own.place) == ("line 2.2", (9, 13))
    assert relative.flags == {"negated": True, "uncertain": False, "hypothetical": False, "family": True}
    assert not any(own.flags.values())
    assert service.flags["hypothetical"]


@pytest.mark.parametrize(("sentence", "why"), [("no cough", "not marked"), ("{cough|denied}", "flags are")])
def test_a_sentence_marked_wrong_is_refused_with_its_line(tmp_path: Path, sentence: str, why: str) -> None:
    with pytest.raises(UsageError, match=f"line 2: .*{why}"):
        load_statements(written(tmp_path, "sentence", sentence))
