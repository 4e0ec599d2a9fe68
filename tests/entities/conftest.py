import pytest

from pipeline.entities import EncounterFinder, EntityFinder
from pipeline.lexicon import Lexicon, load_lexicon


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture(scope="session")
def find_entities(lexicon: Lexicon) -> EntityFinder:
    return EntityFinder(lexicon)


@pytest.fixture(scope="session")
def find_encounters(lexicon: Lexicon) -> EncounterFinder:
    return EncounterFinder(lexicon)
