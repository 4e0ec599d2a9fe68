"""Loads the packaged spaCy pipeline, a tokenizer with the habits of charts.

All that spaCy is asked for lies in `models/entities/pipeline`; its global classes get no state.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import MissingModelError

if TYPE_CHECKING:
    from spacy.language import Language

WORDS = 200_000
"""So many words are remembered as they were cut; spaCy's 10,000 are used up by the lists before a chart is read."""


def load_packaged(folder: Path) -> "Language":
    """Load the pipeline.

    Args:
        folder: as spaCy writes it: configuration, tokenizer, vocabulary and components.

    Raises:
        MissingModelError: it is missing or damaged.
    """
    from spacy.util import load_model_from_path  # takes over a second: only where entities are looked for

    try:
        language = load_model_from_path(folder)
    except (OSError, ImportError, ValueError, KeyError) as error:
        raise MissingModelError(
            f"The spaCy pipeline {folder.name} cannot be loaded; install the product again."
        ) from error
    tokenizer: Any = language.tokenizer  # spaCy types it as any callable
    tokenizer.max_cache_size = WORDS
    return language
