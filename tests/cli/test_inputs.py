import json
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.command import ROOT, Ran, inkchart

SAMPLES = ROOT / "samples"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("inputs")


@pytest.fixture(scope="module")
def read(folder: Path) -> Ran:
    (folder / "bad.pdf").write_text("no chart")
    (folder / "list").write_text(f"{folder / 'bad.pdf'}\n{SAMPLES / 'lab-order.png'}\n")
    return inkchart("read", folder / "missing.pdf", folder, "--from", folder / "list", "--json", folder=folder)


def test_read_answers_every_input_in_order_and_one_bad_input_does_not_end_the_others(read: Ran, folder: Path) -> None:
    missing, whole_folder, bad, good = read.objects()
    assert whole_folder["error"] == "This is a folder, not a file."
    assert (missing["file"], missing["error"]) == (str(folder / "missing.pdf"), "There is no such file.")
    assert set(bad) == {"file", "error"}
    assert set(good) == {"file", "document", "pages", "entities", "encounters", "candidates", "provenance"}
    assert read.code == 4


def test_every_candidate_leads_back_to_words_and_boxes(read: Ran) -> None:
    good = read.objects()[3]
    entities = {entity["id"]: entity for entity in good["entities"]}  # type: ignore[attr-defined]
    lines = {line["id"]: line for page in good["pages"] for line in page["lines"]}  # type: ignore[attr-defined]
    assert good["candidates"] and entities
    for candidate in good["candidates"]:  # type: ignore[attr-defined]
        for span in entities[candidate["entity"]]["lines"]:
            line = lines[span["line"]]
            assert 0 <= span["start"] < span["end"] <= len(line["text"])
            assert span["boxes"]
            words = [tuple(word["box"]) for word in line["words"]]
            assert all(tuple(box) in words for box in span["boxes"])


def test_extract_gives_code_points_of_the_unmodified_note(folder: Path) -> None:
    note = (
        "Patient: Ann Ray\r\nDate of service: 03/14/2012\r\n\r\nAssessment:\r\n\tHypertension — “stable” 😀 asthma.\r\n"
    )
    ran = inkchart("extract", "-", "--json", folder=folder, stdin=note.encode())
    assert ran.code == 0, ran.err
    (result,) = ran.objects()
    assert set(result) == {"id", "entities", "encounters", "candidates"}
    found = {note[e["start"] : e["end"]].lower() for e in result["entities"]}  # type: ignore[attr-defined]
    assert found == {"hypertension", "asthma"}
    assert {c["system"] for c in result["candidates"]} == {"ICD9CM"}  # type: ignore[attr-defined]


def test_extract_carries_the_id_of_each_line_and_tells_the_bad_ones(folder: Path) -> None:
    lines = [
        {"id": "a", "text": "Asthma", "date_of_service": "2016-01-05"},
        {"id": 7},
        {"id": "b", "text": "Asthma", "date_of_service": "yesterday"},
        {"id": "c", "text": "No asthma. \ud800"},
    ]
    source = folder / "notes.jsonl"
    source.write_text("\n".join(json.dumps(line) for line in lines) + "\nnot json\n")
    ran = inkchart("extract", "--from", source, "--json", folder=folder)
    a, seven, b, c, broken = ran.objects()
    assert ran.code == 4
    assert {x["system"] for x in a["candidates"]} == {"ICD10CM"}  # type: ignore[attr-defined]
    assert (seven["id"], set(seven)) == (7, {"id", "error"})
    assert (b["id"], set(b)) == ("b", {"id", "error"})
    assert (c["id"], c["candidates"]) == ("c", [])
    assert set(broken) == {"id", "error"}


def test_suggest_answers_in_the_edition_that_the_date_asks_for(folder: Path) -> None:
    for day, system, code in (("2012-03-14", "ICD9CM", "401.9"), ("2016-03-14", "ICD10CM", "I10")):
        ran = inkchart(
            "suggest", "essential hypertension", "--label", "diagnosis", "--date-of-service", day, "--limit", "3",
            "--json", folder=folder,
        )  # fmt: skip
        (result,) = ran.objects()
        candidates: list[dict[str, object]] = result["candidates"]  # type: ignore[assignment]
        assert {c["system"] for c in candidates} == {system}
        assert candidates[0]["code"] == code and candidates[0]["entity"] is None
        assert [c["rank"] for c in candidates] == list(range(1, len(candidates) + 1)) and len(candidates) <= 3


def test_suggest_without_a_date_answers_in_both_editions(folder: Path) -> None:
    ran = inkchart("suggest", "asthma", "--label", "diagnosis", "--json", folder=folder)
    (result,) = ran.objects()
    assert {c["system"] for c in result["candidates"]} == {"ICD9CM", "ICD10CM"}  # type: ignore[attr-defined]


def test_recognize_reads_crops_and_tells_the_bad_ones(folder: Path) -> None:
    crop = folder / "crop.png"
    truth = json.loads((SAMPLES / "lab-order.truth.json").read_text())
    line = next(line for line in truth["pages"][0]["lines"] if line["kind"] == "print" and len(line["text"]) > 8)
    x0, y0, x1, y1 = line["box"]
    Image.open(SAMPLES / "lab-order.png").crop((x0 - 6, y0 - 6, x1 + 6, y1 + 6)).save(crop)
    ran = inkchart("recognize", crop, SAMPLES / "README.md", "--kind", "print", "--json", folder=folder)
    good, bad = ran.objects()
    assert ran.code == 4 and set(bad) == {"file", "error"}
    assert set(good) == {"file", "kind", "text", "confidence", "unreadable", "alternatives"}
    assert good["kind"] == "print"
    assert str(good["text"]).split()[0].lower() in line["text"].lower()


@pytest.mark.parametrize(
    "arguments",
    [
        ["read"],
        ["nonsense"],
        ["suggest", "asthma"],
        ["suggest", "asthma", "--label", "illness"],
        ["extract", "--date-of-service", "14.3.2012"],
        ["read", "--from", "/no/such/list"],
        ["codebook", "show", "ZZZ99.99"],
    ],
)
def test_a_wrong_call_ends_with_exit_code_2_and_no_traceback(folder: Path, arguments: list[str]) -> None:
    ran = inkchart(*arguments, folder=folder)
    assert ran.code == 2, ran.out + ran.err
    assert "Traceback" not in ran.err and ran.err.strip()


def test_an_unknown_setting_is_refused(folder: Path) -> None:
    ran = inkchart("codebook", "list", folder=folder, INKCHART_RENDER__DPPI="200")
    assert ran.code == 2 and "DPPI".lower() in ran.err.lower()


def test_check_says_that_this_machine_has_everything(folder: Path) -> None:
    ran = inkchart("check", folder=folder)
    assert ran.code == 0, ran.out


def test_folders_may_be_named_before_the_command_too(folder: Path) -> None:
    ran = inkchart("--data", folder / "other", "migrate", folder=folder)
    assert ran.code == 0 and (folder / "other" / "inkchart.sqlite3").is_file()
