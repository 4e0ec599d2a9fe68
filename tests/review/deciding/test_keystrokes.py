"""How many keys it takes to code the sample charts, pressed in a real browser."""

import sys
from datetime import date
from statistics import median

import pytest
from playwright.sync_api import Browser

from pipeline.evaluation.truth import Truth
from pipeline.store import Store
from tests.review.deciding.conftest import coder_at
from tests.review.deciding.practised_coder import PractisedCoder

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
BUDGET = 2.0
"""Keys for each confirmed code: identity, choices, pointers, sign-off and the way to the next chart, all included."""


def test_a_confirmed_code_takes_two_keys_at_most(
    browser: Browser, sample_desk: str, sqlite_store: Store, sample_truths: dict[str, Truth]
) -> None:
    table = []
    with coder_at(browser, sample_desk, sqlite_store) as page:
        page.goto(f"{sample_desk}/next")
        while encounter := sqlite_store.readings.encounter(page.url.rpartition("/")[2]):  # as the desk leads on
            truth = sample_truths[encounter.document]
            true = max(truth.encounters, key=lambda each: len(set(each.pages) & set(encounter.proposal.pages)))
            page.wait_for_load_state("load")
            coder = PractisedCoder(
                page=page,
                wanted=frozenset(f"{each.system} {each.code}" for each in true.codes),
                provider=true.provider or "Moss",
                served=date.fromisoformat(true.date_of_service) if true.date_of_service else None,
            )
            confirmed = coder.code()
            assert set(confirmed) == coder.wanted, truth.file
            table.append((truth.file, len(confirmed), coder.keys, coder.keys / len(confirmed)))
            review = sqlite_store.decisions.reviews()[encounter.id]
            assert review.confirmed_by == "kim" and all(service.points_to for service in review.services())
    assert len(table) == len(sqlite_store.readings.encounters())
    for file, codes, keys, each in table:
        sys.stdout.write(f"{file:32} {codes:3} codes {keys:4} keys {each:5.2f}\n")
    middle = median(each for *_, each in table)
    sys.stdout.write(f"{'median':32} {middle:25.2f}\n")
    assert middle <= BUDGET
