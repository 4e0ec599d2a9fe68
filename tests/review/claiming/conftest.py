from pathlib import Path

import pytest
from fastapi import FastAPI

from pipeline.codebooks import CodeBooks
from pipeline.store import Store
from tests.review.claiming.small_office import WARNING, sign_with_codes, small_desk
from tests.review.conftest import app_on
from tests.review.drawn_chart import put_in


@pytest.fixture
def signed(sqlite_store: Store) -> str:
    """Id of an encounter that is signed off with a diagnosis and two services."""
    put_in(sqlite_store)
    id = sqlite_store.readings.encounters()[0].id
    sign_with_codes(sqlite_store, id)
    return id


@pytest.fixture
def app(sqlite_store: Store, pictures: Path, books: CodeBooks, signed: str) -> FastAPI:
    """The app of an office that lacks one provider's name for this chart, and of two people who release."""
    return app_on(sqlite_store, pictures, claims=small_desk(sqlite_store, books, WARNING, people=2))
