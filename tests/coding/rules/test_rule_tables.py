"""What does not fit in a table of rules is refused with file and line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.coding.rules.aftercare import load_aftercare
from pipeline.coding.rules.asks import load_asks
from pipeline.coding.rules.check_ups import load_check_ups
from pipeline.coding.rules.integral import load_integral
from pipeline.coding.rules.limits import load_limits
from pipeline.coding.rules.long_term import load_uses
from pipeline.coding.rules.optional import load_optional
from pipeline.coding.rules.pairs import load_pairs
from pipeline.coding.rules.ranges import ranges_of
from pipeline.coding.rules.rulebook import load_rules
from pipeline.coding.rules.treated import load_treats
from pipeline.errors import SetupError
from pipeline.records import CodeSystem

RULES = "rule\tsystem\tsetting\tsentence\tsource\n"
PAIRS = "system\tone\tother\tlink\tsince\tone_becomes\tother_becomes\n"
LIMITS = "what\ticd9\ticd10\tservices\tsex\tfrom\tto\tsure\n"
INTEGRAL = "disease\ticd9\ticd9_symptoms\ticd10\ticd10_symptoms\n"
OPTIONAL = "what\ticd9\ticd9_unless\ticd10\ticd10_unless\n"
LONG_TERM = "rule\twords\ticd9\ticd9_with\ticd9_not_with\ticd10\ticd10_with\ticd10_not_with\n"
ASKS = "system\tcodes\tbeside\twithout\tmodifiers\tkind\tsentence\tsource\n"
TREATS = "drugs\ticd9\ticd10\n"


def rules(path: Path) -> object:
    return load_rules("outpatient", path)


@pytest.mark.parametrize(
    ("load", "content", "sentence"),
    [
        (rules, RULES + "a\tICD8\t*\tNo.\tme\n", "line 2 is not a rule"),
        (rules, RULES + "a\tICD\t*\tNo.\tme\na\tICD9CM\t*\tNo.\tme\n", "line 3 gives the rule a .* a second time"),
        (load_pairs, PAIRS + "ICD9CM\t250.0?\t357.2\tguessed\t\t250.6?\t\n", "line 2 is not a pair"),
        (load_limits, LIMITS + "x\t600\t\t\tX\t\t\t\n", "line 2 has no sex"),
        (load_limits, LIMITS + "x\t600\t\t\tM\t\t\tmaybe\n", "line 2 limits neither"),
        (load_limits, LIMITS + "x\t600\t\t\t\t\t\tyes\n", "line 2 limits neither"),
        (load_integral, INTEGRAL + "x\t486-480\t786.2\t\t\n", "line 2 has 486-480"),
        (load_optional, OPTIONAL + "x\tV85\t\tZ68;never\t\n", "line 2 has never"),
        (load_uses, LONG_TERM + "long_term\tinsulin\tV58.67\t2500\t\t\t\t\n", "line 2 has 2500"),
        (load_uses, LONG_TERM + "often\tinsulin\tV58.67\t\t\t\t\t\n", "line 2 names no rule"),
        (load_check_ups, "without\twith\nZ00.00\t70\n", "line 2 is not two codes"),
        (load_aftercare, "fractures\taftercare\n813\tV5\n", "line 2 is not a stretch of fractures"),
        (load_asks, ASKS + "CPT\t90471\t\t\t\tcompanion\tWhich one?\t\n", "line 2 does not say"),
        (load_asks, ASKS + "CPT\t90471\t\t\t\tfriend\tWhich one?\tme\n", "line 2 asks for friend"),
        (load_treats, TREATS + "aspirin\t410-\t\t\n", "columns"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_its_line(
    tmp_path: Path, load: Callable[[Path], object], content: str, sentence: str
) -> None:
    table = tmp_path / "table.tsv"
    table.write_text(content, encoding="utf-8")
    with pytest.raises(SetupError, match=sentence):
        load(table)


def test_a_stretch_holds_everything_below_its_ends() -> None:
    stretch = ranges_of("460-466;V10-V15;786.0", CodeSystem.ICD9CM, "here")
    assert all(code in stretch for code in ("460", "466.19", "V12.51", "786.05"))
    assert not any(code in stretch for code in ("459.9", "467", "V16.0", "786.1", "E460"))


def test_a_rule_is_in_force_only_in_its_setting() -> None:
    assert load_rules("outpatient").reason("uncertain", CodeSystem.ICD9CM)
    assert load_rules("inpatient").reason("uncertain", CodeSystem.ICD9CM) is None
