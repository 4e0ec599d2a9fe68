"""The real stages that look at text, loaded once."""

import pytest

from pipeline.codebooks import load_books
from pipeline.coding import Suggester
from pipeline.entities import EncounterFinder, EntityFinder
from pipeline.lexicon import Term, load_lexicon
from pipeline.process import TextReader, TextStages
from pipeline.records import Provenance
from pipeline.settings import CodingSettings
from tests.findings import language


@pytest.fixture(scope="session")
def text(request: pytest.FixtureRequest) -> TextReader:
    assert request.config.cache is not None
    books, lexicon = load_books(request.config.cache.mkdir("codebooks")), load_lexicon()
    extra = (Term(text=text, label=label, normalized=normalized) for text, label, normalized in books.terms())
    return TextReader(
        stages=TextStages(
            find_entities=EntityFinder(lexicon, language(), extra),
            find_encounters=EncounterFinder(lexicon),
            suggest_codes=Suggester(books, CodingSettings()),
        ),
        provenance=Provenance(version="test", settings="", parts=()),
    )
