"""The packaged spaCy pipeline is the one of its recipe, and leaves spaCy as it was."""

from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens.underscore import Underscore

from models.entities.build import chart_language
from pipeline.entities import load_packaged
from pipeline.errors import SetupError


def rules(language: Language) -> bytes:
    assert isinstance(language.tokenizer, spacy.tokenizer.Tokenizer)
    packed: bytes = language.tokenizer.to_bytes(exclude=["vocab"])
    return packed


def test_the_packaged_tokenizer_is_the_one_of_its_recipe(language: Language) -> None:
    assert rules(language) == rules(chart_language())


def test_loading_leaves_no_mark_on_the_global_classes(language: Language) -> None:
    assert language.pipe_names == []
    state = (Underscore.doc_extensions, Underscore.span_extensions, Underscore.token_extensions)
    assert not any(state)


def test_a_missing_pipeline_is_a_setup_error(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="cannot be loaded"):
        load_packaged(tmp_path / "nowhere")


def test_a_damaged_pipeline_is_a_setup_error(tmp_path: Path) -> None:
    chart_language().to_disk(tmp_path / "pipeline")
    (tmp_path / "pipeline" / "config.cfg").write_text("[nlp]\nlang = ", encoding="utf-8")
    with pytest.raises(SetupError, match="cannot be loaded"):
        load_packaged(tmp_path / "pipeline")
