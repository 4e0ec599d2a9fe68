import json
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.evaluation.truth import find, load
from tests.evaluation.made import truth, truth_encounter, truth_line


def write(folder: Path, **changes: object) -> Path:
    true = truth([truth_line("no fever", 0)], entities=[("DIAGNOSIS", "fever", 0, "negated")])
    path = folder / "a.truth.json"
    path.write_text(json.dumps({**true.model_dump(mode="json"), **changes}))
    return path


def test_a_chart_is_found_with_its_truth(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "a.png").touch()
    (tmp_path / "README.md").touch()

    ((chart, true),) = find(tmp_path)

    assert (chart.name, true.entities[0].text) == ("a.png", "fever")


def test_a_chart_without_truth_is_named(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "a.png").touch()
    (tmp_path / "b.pdf").touch()

    with pytest.raises(UsageError, match=r"b\.pdf has no truth: b\.truth\.json is missing"):
        find(tmp_path)


def test_a_truth_without_chart_is_named(tmp_path: Path) -> None:
    write(tmp_path)

    with pytest.raises(UsageError, match=r"a\.truth\.json tells of a\.png, which is not"):
        find(tmp_path)


def test_a_folder_without_charts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no charts with truth"):
        find(tmp_path)
    with pytest.raises(UsageError, match="is not a folder"):
        find(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"extra": 1}, "extra: Extra inputs are not permitted"),
        ({"synthetic": False}, "synthetic"),
        ({"encounters": [truth_encounter((7,))]}, "names pages"),
        (
            {
                "entities": [
                    {
                        **truth([truth_line("a", 0)], entities=[("DIAGNOSIS", "a", 0, "")])
                        .entities[0]
                        .model_dump(mode="json"),
                        "text": "cough",
                    }
                ]
            },
            "'cough' is not in line 0",
        ),
        ({"pages": [truth([]).pages[0].model_dump(mode="json") | {"number": 2}], "entities": []}, "numbered 1, 2, 3"),
    ],
)
def test_a_truth_that_does_not_fit_names_its_file_and_what_is_wrong(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        load(write(tmp_path, **changes))
    assert str(caught.value).startswith("a.truth.json is not a truth file: ")


def test_a_box_outside_its_page_is_refused() -> None:
    with pytest.raises(ValueError, match="not inside page 1"):
        truth([truth_line("a", 0, width=2000)])


def test_a_file_that_is_not_json_or_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.truth.json").write_text("{")

    with pytest.raises(UsageError, match=r"x\.truth\.json is not a truth file"):
        load(tmp_path / "x.truth.json")
    with pytest.raises(UsageError, match=r"y\.truth\.json cannot be read"):
        load(tmp_path / "y.truth.json")
