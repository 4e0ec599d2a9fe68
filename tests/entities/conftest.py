import pytest
from spacy.language import Language

from pipeline.entities import EncounterFinder, EntityFinder
from pipeline.lexicon import Lexicon, load_lexicon
from tests import findings


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture(scope="session")
def language() -> Language:
    """The packaged spaCy pipeline."""
    return findings.language()


@pytest.fixture(scope="session")
def find_entities() -> EntityFinder:
    return findings.entity_finder()


@pytest.fixture(scope="session")
def find_encounters(lexicon: Lexicon) -> EncounterFinder:
    return EncounterFinder(lexicon)
