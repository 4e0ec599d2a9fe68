"""The lexicon's tables load, and a slip in one is refused where it stands."""

from importlib.resources import files
from pathlib import Path

import pytest

from pipeline.errors import MissingModelError, SetupError
from pipeline.lexicon import NUMBER, TABLES, Category, Lexicon, Term, load_lexicon
from pipeline.records import Label


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A copy of the package's tables that a test may spoil."""
    for name in TABLES:
        (tmp_path / name).write_bytes((files("pipeline.lexicon") / "data" / name).read_bytes())
    return tmp_path


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def append(path: Path, row: str) -> int:
    """Add a row and tell its line number."""
    path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    return path.read_text(encoding="utf-8").count("\n")


def test_the_packaged_tables_hold_hundreds_of_terms_of_each_label(lexicon: Lexicon) -> None:
    for label in Label:
        assert sum(term.label is label for term in lexicon.terms) > 300


def test_a_variant_has_its_preferred_wording(lexicon: Lexicon) -> None:
    wordings = {(term.text, term.label): term.normalized for term in lexicon.terms}
    assert wordings["high blood pressure", Label.DIAGNOSIS] == "hypertension"
    assert wordings["hypertension", Label.DIAGNOSIS] == "hypertension"


def test_a_row_of_choices_stands_for_each_wording(tables: Path) -> None:
    append(tables / "procedures.tsv", "zapping|burning_off of the| mole|nevus\tmole zapping")
    wordings = {term.text for term in load_lexicon(tables).terms if term.normalized == "mole zapping"}
    assert len(wordings) == 8
    assert {"zapping of the mole", "burning off of nevus"} <= wordings


def test_a_row_that_may_be_left_out_as_a_whole_is_refused(tables: Path) -> None:
    line = append(tables / "procedures.tsv", "zapping|\tmole zapping")
    with pytest.raises(MissingModelError, match=f"procedures.tsv, line {line}"):
        load_lexicon(tables)


def test_what_stands_under_past_history_is_historical(lexicon: Lexicon) -> None:
    contexts = {heading.text: heading.context for heading in lexicon.headings}
    assert contexts["pmh"] is Category.HISTORICAL
    assert contexts["fh"] is Category.FAMILY
    assert contexts["assessment"] is None


def test_a_section_has_one_context_whatever_its_heading(lexicon: Lexicon) -> None:
    contexts: dict[str, set[Category | None]] = {}
    for heading in lexicon.headings:
        if heading.section:
            contexts.setdefault(heading.section, set()).add(heading.context)
    assert all(len(found) == 1 for found in contexts.values())


def test_a_lasting_illness_is_a_diagnosis_of_the_terms(tables: Path) -> None:
    line = append(tables / "chronic.tsv", "hypertention")
    with pytest.raises(MissingModelError, match=f"chronic.tsv, line {line}: 'hypertention'"):
        load_lexicon(tables)


def test_a_neighbour_with_an_exclamation_mark_speaks_against_the_sense(tables: Path) -> None:
    append(tables / "abbreviations.tsv", "XQ\tlong\texact\t\tBeside,!Never,#")
    sense = load_lexicon(tables).abbreviations[-1]
    assert sense.neighbours == {"beside", NUMBER}
    assert sense.against == {"never"}


def test_the_fingerprint_changes_with_a_table(tables: Path) -> None:
    before = load_lexicon(tables).fingerprint
    append(tables / "cues.tsv", "by no means\tnegated\tforward")
    assert len(before) == 64
    assert load_lexicon(tables).fingerprint != before


@pytest.mark.parametrize(
    ("table", "row", "complaint"),
    [
        ("diagnoses.tsv", "sore elbow\telbow pain\tnever", "'coded' is 'no' or empty, not 'never'"),
        ("procedures.tsv", "\tchest x-ray", "'term' is empty"),
        ("diagnoses.tsv", "hypertension", "stands in line"),
        ("visit.tsv", "new person\tpatient_status\tnovel", "'novel' is no value of the field"),
        ("visit.tsv", "visit of level\tvisit_level", "with one <n> for the number"),
        ("visit.tsv", "a level <n>\tvisit_level\t\tnowhere", "'nowhere' is not a place"),
        ("supplies.tsv", "a\tb\tno\tc", "4 fields for 3 columns"),
        ("sections.tsv", "old things\tpast\tnegated", "a section is historical"),
        ("sections.tsv", "old things\tpast\t\ttrue", "'bare' is 'yes' or empty"),
        ("sections.tsv", "old things\tpast_history", "has another context"),
        ("abbreviations.tsv", "XQ\tlong\texactly", "'case' is 'exact' or empty"),
        ("abbreviations.tsv", "XQ\tlong\texact\tnowhere", "'nowhere' is not a section"),
        ("cues.tsv", "by no means\tnegates\tforward", "'negates' is not a category"),
        ("cues.tsv", "by no means\tnegated\tonward", "'onward' is not a direction"),
        ("cues.tsv", "by no means\tnegated\tforward\tfar", "whole number or empty"),
        ("cues.tsv", "gives account\ttells", "is one word"),
        ("labels.tsv", "badge\tbadges", "'badges' is not a field"),
        ("modifiers.tsv", "leftish\tside", "'side' is not a kind"),
        ("word_forms.tsv", "itis\tsuffix", "'suffix' is not a kind"),
        ("word_forms.tsv", "-itis\tending", "not a word in lower case"),
        ("supplied.tsv", "#30 given\tgiven", "does not begin with a letter"),
        ("supplied.tsv", "bought\tsold", "'sold' is not a supplied"),
        ("causes.tsv", "fell/ off roof\tfall", "has an empty choice"),
        ("injuries.tsv", "scab\tmaybe", "'sign' is 'yes' or empty"),
        ("name_words.tsv", "Esq\tsuffix", "not a word in lower case"),
    ],
)
def test_a_slip_is_refused_with_file_and_line(tables: Path, table: str, row: str, complaint: str) -> None:
    line = append(tables / table, row)
    with pytest.raises(MissingModelError) as refused:
        load_lexicon(tables)
    assert str(refused.value).startswith(f"{table}, line {line}: ")
    assert complaint in str(refused.value)


def test_a_plain_word_with_a_capital_is_refused(tables: Path) -> None:
    line = append(tables / "plain_words.txt", "Resting")
    with pytest.raises(SetupError, match=rf"plain_words.txt, line {line}: 'Resting'"):
        load_lexicon(tables)


def test_a_table_with_other_columns_is_refused(tables: Path) -> None:
    (tables / "diagnoses.tsv").write_text("term\tkind\nx\ty\n", encoding="utf-8")
    with pytest.raises(SetupError, match=r"diagnoses\.tsv, line 1: the columns must be term, normalized, coded"):
        load_lexicon(tables)


def test_a_missing_table_is_a_setup_error(tables: Path) -> None:
    (tables / "cues.tsv").unlink()
    with pytest.raises(SetupError, match=r"cues\.tsv is missing"):
        load_lexicon(tables)


def test_a_table_that_is_not_utf8_is_refused(tables: Path) -> None:
    (tables / "decoys.tsv").write_bytes(b"phrase\n\xff\n")
    with pytest.raises(SetupError, match=r"decoys\.tsv is not UTF-8"):
        load_lexicon(tables)


def test_windows_line_ends_and_remarks_do_not_matter(tables: Path) -> None:
    before = load_lexicon(tables)
    cues = (tables / "cues.tsv").read_text(encoding="utf-8")
    (tables / "cues.tsv").write_bytes((cues + "\n# a remark\n").replace("\n", "\r\n").encode())
    assert load_lexicon(tables).cues == before.cues


def test_own_terms_win_over_further_ones_of_the_same_wording(lexicon: Lexicon) -> None:
    further = [
        Term(text="Hypertension", label=Label.DIAGNOSIS, normalized="something else"),
        Term(text="Ackee poisoning", label=Label.DIAGNOSIS, normalized="ackee poisoning"),
    ]
    terms = lexicon.with_terms(further)
    assert [term.text for term in terms[len(lexicon.terms) :]] == ["Ackee poisoning"]


def test_the_tables_stay_small_enough_to_edit() -> None:
    folder = files("pipeline.lexicon") / "data"
    assert sum(len((folder / name).read_bytes()) for name in TABLES) < 2_000_000
