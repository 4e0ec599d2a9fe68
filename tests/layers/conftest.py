"""The real stages that look at text."""

import pytest

from pipeline.process import TextReader, TextStages
from pipeline.records import Provenance


@pytest.fixture(scope="session")
def text(text_stages: TextStages) -> TextReader:
    return TextReader(stages=text_stages, provenance=Provenance(version="test", settings="", parts=()))
