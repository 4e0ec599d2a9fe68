from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI

from pipeline.codebooks import CodeBooks
from pipeline.export.evidence import Packet, PacketFindings
from pipeline.store import Store
from pipeline.store.audit_rows import Act, Wanted
from pipeline.store.rows import Role
from pipeline.wiring.evidence import release_in
from tests.export.evidence.drawn_packet import PACKET
from tests.review.claiming.small_office import small_desk
from tests.review.conftest import Client, app_on, signed_in

PROTECTED = "Substance use: 303.90 is coded (42 CFR Part 2)."


@pytest.fixture
def app(sqlite_store: Store, pictures: Path, books: CodeBooks, signed: str) -> FastAPI:
    """The app of an office whose packets all hold a specially protected note."""

    def packet(encounter: str, by: str | None) -> tuple[Packet, PacketFindings]:
        release = release_in(sqlite_store)(encounter)
        found = PacketFindings(claim=PACKET.claim, doubtful=((1, 3),), notes=("Page 1: a name is hard to read.",))
        signed_at = PACKET.signed_at if release is None else release.at
        return replace(PACKET, protected=(PROTECTED,), release=release, signed_at=signed_at), found

    return app_on(sqlite_store, pictures, claims=small_desk(sqlite_store, books), packet=packet)


@pytest.fixture
def lead(app: FastAPI, sqlite_store: Store) -> Client:
    return signed_in(app, sqlite_store, "ann", frozenset({Role.LEAD}))


@pytest.fixture
def coder(app: FastAPI, sqlite_store: Store) -> Client:
    return signed_in(app, sqlite_store, "ben", frozenset({Role.CODE}))


def test_what_to_look_at_is_told_before_it_leaves(coder: Client, signed: str) -> None:
    page = coder.get(f"/claims/{signed}/evidence")
    assert page.status_code == 200
    for words in ("3 lines were read with doubt", "a name is hard to read", PROTECTED, "only when a lead releases it"):
        assert words in page.text


def test_a_specially_protected_note_leaves_only_when_a_lead_released_it(
    coder: Client, lead: Client, signed: str, sqlite_store: Store
) -> None:
    refused = coder.get(f"/claims/{signed}/evidence.pdf")
    assert refused.status_code == 409 and "A lead must release this first" in refused.text
    assert coder.post(f"/claims/{signed}/evidence/release", data={"text": "consent"}).status_code == 403
    assert lead.post(f"/claims/{signed}/evidence/release", data={"text": " "}).status_code == 409
    assert lead.post(f"/claims/{signed}/evidence/release", data={"text": "consent of March 1"}).status_code == 303
    packet = coder.get(f"/claims/{signed}/evidence.pdf")
    assert packet.status_code == 200 and packet.content.startswith(b"%PDF")
    assert "Released by ann" in coder.get(f"/claims/{signed}/evidence").text
    (entry,) = sqlite_store.audit.newest(Wanted(act=Act.EXPORT), limit=1)
    assert (entry.subject, entry.detail) == (signed, "evidence packet")


def test_an_open_encounter_has_no_packet(coder: Client, sqlite_store: Store) -> None:
    other = sqlite_store.readings.encounters()[1].id
    assert coder.get(f"/claims/{other}/evidence").status_code == 404
    assert coder.get(f"/claims/{other}/evidence.pdf").status_code == 404
