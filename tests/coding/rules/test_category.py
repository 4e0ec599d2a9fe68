import pytest

from pipeline.coding import Suggester
from pipeline.records import Attribute, Label
from tests.coding.findings import encounter, entity


@pytest.mark.parametrize(
    ("day", "code", "asked"),
    [
        ("2012-05-01", "250", "250 needs a fifth digit: 250.00, "),
        ("2012-05-01", "250", "(40 from 250.00 to 250.93)"),
        ("2012-05-01", "733.0", "733.0 needs a fifth digit: 733.00 "),
        ("2026-05-01", "E11.32", "E11.32 needs a seventh character"),
        ("2026-05-01", "M54.5", "M54.5 needs a fifth digit: M54.50 Low back pain, unspecified; M54.51 "),
        ("2026-05-01", "S93.401", "S93.401 needs a seventh character: S93.401A Sprain of unspecified ligament"),
    ],
)
def test_a_category_asks_for_what_is_missing_and_lists_the_choices(
    suggester: Suggester, day: str, code: str, asked: str
) -> None:
    wrote = entity("", attributes=(Attribute(name="written_code", value=code),))
    (first,) = suggester(encounter(day), (wrote,))
    assert not first.proposed
    assert first.withheld is not None
    assert asked in first.withheld
    assert "highest specificity" in first.withheld


def test_a_choice_that_did_not_exist_that_day_is_not_listed(suggester: Suggester) -> None:
    wrote = entity("", attributes=(Attribute(name="written_code", value="276"),))
    (first,) = suggester(encounter("2003-05-01"), (wrote,))
    assert first.withheld is not None
    assert "276.51" not in first.withheld


def test_a_bare_text_asks_too(suggester: Suggester) -> None:
    candidates = suggester.for_text("diabetes type 2 with retinopathy", Label.DIAGNOSIS)
    asking = [c for c in candidates if c.rank == 1 and not c.billable]
    assert all(c.withheld is not None and "needs a" in c.withheld for c in asking)
