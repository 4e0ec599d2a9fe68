"""Builds the packaged pipeline: spaCy's English tokenizer with the habits of charts added.

    python -m models.entities.build

Its SHA-256, which the command prints, belongs into `manifest.toml`.
"""

import shutil
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

from pipeline.onnx import fingerprint

SPLITS = (
    r"(?<=[A-Za-z0-9)\]])[,;](?=[^\W\d])",
    r"(?<=[A-Za-z)])[,;:](?=\d)",
    r"(?<=[^\W\d)]):(?=[\w,])",
    r"(?<=[^\W\d)]:),",
    r"(?<=[:.]),(?=[^\W_])",
    r"(?<=\d)[.)](?=[A-Z])",
    r"(?<=[a-z]{2})\.(?=[A-Z])",
    r"(?<=[a-z])[+](?=[a-z])",
    r"[—–→↑↓±∅]",
)
"""Signs that part words in charts, where English has a blank."""
SIGNS = (r"[.,;:~≈<>=/]", r"[→←↑↓±∅Ø⊕⊖Δ℞♀♂]", r"-(?!ve\b)(?=\)?[A-Za-z])")
"""What is cut off the beginning of a word: `↑BP`, `Øfever`, `-N/V`."""


def chart_language() -> Language:
    """Blank English that cuts `cough,fever`, `500mg.Then` and `≈2` and leaves `p.o.` whole."""
    language = spacy.blank("en")
    tokenizer: Any = language.tokenizer  # spaCy types it as any callable
    infixes = [*(language.Defaults.infixes or ()), *SPLITS]
    prefixes = [*(language.Defaults.prefixes or ()), *SIGNS]
    suffixes = [*(language.Defaults.suffixes or ()), r"(?<=[A-Z])\.", r"(?<=[A-Za-z])[-–]"]
    tokenizer.suffix_search = compile_suffix_regex(suffixes).search
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    tokenizer.prefix_search = compile_prefix_regex(prefixes).search
    # English contractions without their apostrophe would cut "IM" and "id"; shortenings with a dot stay whole.
    tokenizer.rules = {word: parts for word, parts in tokenizer.rules.items() if "." in word[2:] and len(parts) == 1}
    return language


def main() -> None:
    """Write the pipeline beside this file."""
    out = Path(__file__).parent / "pipeline"
    shutil.rmtree(out, ignore_errors=True)
    language = chart_language()
    language.meta.update(
        name="charts", version="1.0.0", description="Cuts the text of charts into tokens", license="Apache-2.0"
    )
    language.to_disk(out)
    print(fingerprint(out))


if __name__ == "__main__":
    main()
