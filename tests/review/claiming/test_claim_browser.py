"""A claim on its way in a real browser, from what is missing to what the payer answered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from pipeline.codebooks import CodeBooks
from pipeline.store import Store
from pipeline.store.claim_steps import Step
from tests.review.browsing import drawn, needs_chromium, window
from tests.review.claiming.small_office import PATIENT, WARNING, small_desk
from tests.review.conftest import app_on, enter
from tests.review.test_accessible import SERIOUS

pytestmark = needs_chromium


@pytest.fixture
def app(sqlite_store: Store, pictures: Path, books: CodeBooks, signed: str) -> FastAPI:
    """The app of an office that does not know the patient."""
    return app_on(sqlite_store, pictures, claims=small_desk(sqlite_store, books, WARNING, patient=None))


@pytest.fixture
def claim(desk: Page, served: str, signed: str) -> Page:
    desk.goto(f"{served}/encounters/{signed}")
    desk.get_by_role("link", name="Claim", exact=True).click()
    expect(desk.get_by_role("heading", name="Okafor, Ruth")).to_be_visible()
    return desk


def test_a_biller_completes_releases_and_sends_a_claim_and_writes_down_its_denial(
    claim: Page, signed: str, tmp_path: Path
) -> None:
    release = claim.get_by_role("button", name="Release this claim")
    expect(release).to_be_disabled()
    expect(claim.get_by_text("The office has no record of the patient")).to_be_visible()
    claim.get_by_role("link", name="Change Patient and insurance").click()
    expect(claim.get_by_label("Record number")).to_have_value("7741029")
    for label, column in (
        ("Street", "street"),
        ("City", "city"),
        ("State", "state"),
        ("ZIP code", "zip"),
        ("Payer's id", "payer_id"),
        ("Member number", "member_id"),
    ):
        claim.get_by_label(label, exact=True).fill(PATIENT[column])
    claim.locator("select[name=relationship]").select_option("self")
    claim.get_by_role("button", name="Keep").click()
    expect(claim.get_by_text("NM1234567")).to_be_visible()
    claim.get_by_label("Why this warning does not keep the claim").fill("the other knee")
    claim.get_by_role("button", name="Give reason").click()
    expect(claim.get_by_text("Reason: the other knee")).to_be_visible()
    with claim.expect_download() as download:
        claim.get_by_role("link", name="CMS-1500", exact=True).click()
    download.value.save_as(tmp_path / "draft.pdf")
    assert (tmp_path / "draft.pdf").read_bytes().startswith(b"%PDF")
    release.click()
    claim.get_by_role("button", name="Mark as sent").click()
    claim.get_by_text("Denied", exact=True).click()
    claim.get_by_label("Reason code, such as CO-16").fill("co-16")
    claim.get_by_role("button", name="It was denied").click()
    expect(claim.get_by_text("Denied, CO-16.")).to_be_visible()
    claim.get_by_role("link", name="Chart and ink").click()
    expect(claim.get_by_text("The payer denied the claim (CO-16)").first).to_be_visible()


def test_the_ticked_claims_of_the_list_leave_as_one_file(
    claim: Page, served: str, sqlite_store: Store, signed: str
) -> None:
    sqlite_store.office.enter("patients", PATIENT, who="kim")
    sqlite_store.claims.append(Step.REASON, who="kim", encounter=signed, key=WARNING.key, text="the other knee")
    claim.reload()
    claim.get_by_role("button", name="Release this claim").click()
    expect(claim.get_by_role("button", name="Mark as sent")).to_be_visible()
    claim.goto(f"{served}/claims?state=released")
    with claim.expect_download() as download:
        claim.get_by_role("button", name="837P").click()
    assert download.value.suggested_filename.endswith(".837")
    claim.get_by_role("button", name="Mark as sent").click()
    expect(claim.get_by_text("Sent", exact=True).first).to_be_visible()


@pytest.fixture
def screens(sqlite_store: Store, signed: str) -> Iterator[tuple[str, ...]]:
    yield "/claims", f"/claims/{signed}", f"/claims/{signed}?edit=patients", f"/claims/{signed}?edit=visits"


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_nothing_is_cut_off_at_twice_the_size(
    browser: Browser, served: str, sqlite_store: Store, screens: tuple[str, ...], scheme: str, known: bool
) -> None:
    if known:
        sqlite_store.office.enter("patients", PATIENT, who="kim")
    found, wide = [], []
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = window(context)
    enter(page, served, sqlite_store)
    for address in screens:
        page.goto(served + address)
        found += [
            (address, violation["id"], [node["target"] for node in violation["nodes"][:3]])
            for violation in Axe().run(page).response["violations"]
            if violation["impact"] in SERIOUS
        ]
        page.set_viewport_size({"width": 640, "height": 400})
        page.wait_for_function("window.innerWidth == 640")
        drawn(page)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
            wide.append(address)
        page.set_viewport_size({"width": 1280, "height": 800})
    context.close()
    assert (found, wide) == ([], [])
