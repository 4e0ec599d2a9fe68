"""Dates in the forms that charts have."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.entities.visits.dates import dates_in


@pytest.mark.parametrize(
    "text",
    ["3/14/12", "03-14-2012", "3.14.12", "Mar 14, 2012", "MARCH 14 2012", "14 March 2012", "14-Mar-12", "2012-03-14",
     "3 / 14 / 12", "O3/l4/2Ol2", "Mar. 14th, 2012", "03 14 2012", "seen 3/14/12."],
)  # fmt: skip
def test_a_date_is_read_in_its_american_forms(text: str) -> None:
    (written,) = dates_in(text)
    assert written.of_service() == date(2012, 3, 14)


@pytest.mark.parametrize(
    "text", ["13/45/2012", "2/30/2012", "BP 120/80", "5/2011", "555-1234", "10/10", "1.5", "14/3/12", ""]
)
def test_what_no_calendar_holds_is_no_date(text: str) -> None:
    assert dates_in(text) == ()


@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(["%m/%d/%Y", "%Y-%m-%d", "%b %d, %Y", "%d %B %Y"])
)
def test_every_date_with_four_digits_of_year_comes_back(day: date, form: str) -> None:
    (written,) = dates_in(f"on {day.strftime(form)} seen")
    assert written.of_service() == day


@pytest.mark.parametrize(("text", "year"), [("1/2/00", 2000), ("1/2/69", 2069), ("1/2/70", 1970), ("1/2/99", 1999)])
def test_two_digits_of_a_year_are_of_this_century_up_to_69(text: str, year: int) -> None:
    assert dates_in(text)[0].of_service().year == year


@pytest.mark.parametrize(
    ("text", "visit", "year"),
    [
        ("4/12/57", date(2012, 3, 14), 1957),
        ("4/12/08", date(2012, 3, 14), 2008),
        ("4/12/12", date(2012, 3, 14), 1912),
        ("3/14/12", date(2012, 3, 14), 2012),
        ("4/12/57", None, 1957),
        ("4/12/1957", date(2012, 3, 14), 1957),
    ],
)
def test_a_birth_lies_before_the_visit(text: str, visit: date | None, year: int) -> None:
    assert dates_in(text)[0].of_birth(visit).year == year


def test_several_dates_come_in_order() -> None:
    assert [w.of_service().day for w in dates_in("3/14/12 and 3/28/12")] == [14, 28]
