"""Other patients' names, birth dates and numbers on a page are masked, and nothing of the patient's own."""

from dataclasses import replace
from datetime import date

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.claims.masks import masks, may_be
from pipeline.export.evidence import Mask, MaskReason
from pipeline.records import Line, Page, Patient
from tests.charts import page

RUTH = Patient(name="Okafor, Ruth", birth_date=date(1961, 7, 19), record_number="7741029", sex="F")
OSWIN = Patient(name="Breckenridge, Oswin", birth_date=date(1990, 2, 14), record_number="W-3187", sex=None)
BEN = Patient(name="Okafor, Ben", birth_date=date(2004, 1, 2), record_number="7741555", sex=None)
CLEAN = ("52 yo woman, cough and fever for 4 days", "mother had DM, sister breast cancer", "recheck 2 weeks")
FIRSTS = st.sampled_from(["Oswin", "Maria", "Li", "Jean-Luc", "Siobhán", "Theodora"])
LASTS = st.sampled_from(["Breckenridge", "O'Hara", "De La Cruz", "Wu", "Quillfeather", "Núñez", "Smith-Jones"])
WORDS = st.sampled_from(["seen", "today", "cough", "no", "fever", "plan", "recheck", "in", "two", "weeks", "metformin"])


def masked(page: Page, found: tuple[Mask, ...]) -> list[str]:
    boxes = {mask.box for mask in found}
    return [word.text for line in page.lines for word in line.words if word.box in boxes]


def on(*texts: str, others: tuple[Patient, ...] = (OSWIN, BEN)) -> list[str]:
    drawn = page(1, *texts)
    return masked(drawn, masks(drawn.lines, RUTH, others))


def test_a_name_is_masked_however_it_is_written() -> None:
    for text in (
        "Oswin Breckenridge",
        "BRECKENRIDGE, OSWIN",
        "breckenridge,oswin",
        "Breckenridge Oswin T.",
        "Oswln Breckenrldge",
        "Oswin Quentin Breckenridge",
        "Brecken ridge, Oswin",
        "Mr. Breckenridge",
        "O. Breckenridge",
    ):
        wanted = [word for word in text.split() if word != "T."]
        found = on(f"faxed with {text} on top")
        assert [word for word in found if word != "T."] == wanted, text


def test_a_name_that_runs_over_two_lines_is_masked() -> None:
    assert on("results of Oswin", "Breckenridge came") == ["Oswin", "Breckenridge"]


def test_what_is_said_of_others_without_a_name_stays() -> None:
    assert on(*CLEAN) == []


def test_the_patients_own_name_stays_beside_one_of_the_same_family() -> None:
    assert on("Patient: Okafor, Ruth", "R. Okafor seen, son Ben Okafor waits") == ["Ben", "Okafor"]


def test_whoever_treats_keeps_initial_and_name() -> None:
    assert on("seen by O. Breckenridge MD") == [] and on("seen by O. Breckenridge, PA-C") == []
    assert on("O. Breckenridge do not call") == ["O.", "Breckenridge"]


def test_who_treats_stays_on_the_own_notes_though_a_patient_elsewhere() -> None:
    drawn = page(1, "signed Oswin Breckenridge", "Ben Okafor called")
    found = masks(drawn.lines, RUTH, (OSWIN, BEN), provider="Breckenridge, Oswin")
    assert masked(drawn, found) == ["Ben", "Okafor"]
    initial = masks(drawn.lines, RUTH, (OSWIN, BEN), provider="Breckenridge, O")
    assert masked(drawn, initial) == ["Oswin", "Breckenridge", "Ben", "Okafor"]


def test_a_record_number_is_masked_and_the_own_one_stays() -> None:
    assert on("MRN:W-3187 and W 3187, not 7741029") == ["MRN:W-3187", "W", "3187,"]


def test_a_birth_date_is_masked_where_the_line_says_that_it_is_one_or_names_the_person() -> None:
    assert on("DOB 2/14/1990") == ["2/14/1990"]
    assert on("Oswin Breckenridge 2/14/90") == ["Oswin", "Breckenridge", "2/14/90"]
    assert on("films of 2/14/1990, born 7/19/1961") == []


def test_words_without_a_place_are_masked_with_their_line() -> None:
    (line,) = page(1, "Oswin Breckenridge").lines
    bare = replace(line, words=tuple(replace(word, box=None) for word in line.words))
    assert masks((bare,), RUTH, (OSWIN,)) == (Mask(box=line.box, reason=MaskReason.NAME),)  # type: ignore[arg-type]


def test_the_patient_as_read_elsewhere_is_nobody_else() -> None:
    assert may_be(replace(RUTH, name="Okafar, Ruth", record_number=None), RUTH)
    assert may_be(replace(RUTH, name="Qxf, Rvth"), RUTH)
    assert not may_be(BEN, RUTH)
    assert not may_be(replace(RUTH, birth_date=date(1988, 1, 1), record_number="5550001"), RUTH)
    assert not may_be(replace(OSWIN, record_number=RUTH.record_number), RUTH)


def test_of_a_namesake_number_and_birth_date_are_masked() -> None:
    namesake = replace(RUTH, birth_date=date(1988, 1, 1), record_number="5550001")
    assert on("Okafor, Ruth MRN 5550001 DOB 1/1/1988", others=(namesake,)) == ["5550001", "1/1/1988"]


@settings(deadline=None, max_examples=150)
@given(
    first=FIRSTS,
    last=LASTS,
    before=st.lists(WORDS, max_size=6),
    after=st.lists(WORDS, max_size=6),
    turned=st.booleans(),
    style=st.sampled_from([str.upper, str.lower, str.title, str]),
)
def test_every_name_is_covered_wherever_it_stands(
    first: str, last: str, before: list[str], after: list[str], turned: bool, style: type[str]
) -> None:
    written = style(f"{last}, {first}" if turned else f"{first} {last}")
    drawn = page(1, " ".join([*before, written, *after]))
    other = Patient(name=f"{last}, {first}", birth_date=None, record_number=None, sex=None)
    found = masked(drawn, masks(drawn.lines, RUTH, (other, BEN)))
    assert [word for word in found if word in written.split()] == written.split()
    assert len(found) <= len(written.split()) + 1


@settings(deadline=None, max_examples=100)
@given(first=FIRSTS, last=LASTS, words=st.lists(WORDS, max_size=8))
def test_the_own_name_is_never_masked(first: str, last: str, words: list[str]) -> None:
    patient = Patient(name=f"{last}, {first}", birth_date=None, record_number=None, sex=None)
    drawn = page(1, " ".join(words), f"{first} {last}", f"{last}, {first}".upper())
    others = (OSWIN, BEN, Patient(name=f"{last}, Zebedee", birth_date=None, record_number="1", sex=None))
    assume(not may_be(others[2], patient) and first != "Oswin")
    assert masks(drawn.lines, patient, others) == ()


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=8), max_size=6))
def test_each_mask_is_a_place_on_the_page(texts: list[list[str]]) -> None:
    drawn = page(1, *(" ".join(words) for words in texts), "Oswin Breckenridge")
    found = masks(drawn.lines, RUTH, (OSWIN,))
    places = {word.box for line in drawn.lines for word in line.words}
    assert found and all(mask.box in places and mask.reason is MaskReason.NAME for mask in found)


def test_lines_without_anybody_known_have_no_mask() -> None:
    lines: tuple[Line, ...] = page(1, "Oswin Breckenridge").lines
    assert masks(lines, RUTH, ()) == ()
