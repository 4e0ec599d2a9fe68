"""The packaged spaCy pipeline and what tests build on it, each loaded once."""

from functools import cache

from spacy.language import Language

from pipeline.entities import EntityFinder, load_packaged
from pipeline.entities.tokens import Tokenizer
from pipeline.lexicon import load_lexicon
from pipeline.onnx import read_manifest


@cache
def language() -> Language:
    """The packaged pipeline."""
    return load_packaged(read_manifest()["entities"].checked())


@cache
def tokenizer() -> Tokenizer:
    """Its tokenizer."""
    return Tokenizer(language())


@cache
def entity_finder() -> EntityFinder:
    """The lexicon's terms alone, no code book's."""
    return EntityFinder(load_lexicon(), language())
