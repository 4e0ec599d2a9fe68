"""Shorthand that a note explains in brackets."""

import pytest
from spacy.language import Language

from pipeline.entities.defined import defined_shorthand
from pipeline.entities.tokens import Tokenizer


def explained(language: Language, text: str) -> dict[str, str]:
    tokens = Tokenizer(language)(text)
    return {
        "".join(short): text[tokens[first].start : tokens[last].end]
        for short, (first, last) in defined_shorthand(tokens).items()
    }


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("Biopsy showed hepatocellular carcinoma (HCC).", "HCC", "hepatocellular carcinoma"),
        ("He has von Hippel-Lindau disease (VHL) since youth", "VHL", "von Hippel-Lindau disease"),
        ("a girl with ataxia telangiectasia (A-T)", "A-T", "ataxia telangiectasia"),
        ("glucose-6-phosphate dehydrogenase (G6PD) was low", "G6PD", "glucose-6-phosphate dehydrogenase"),
    ],
)
def test_letters_in_brackets_stand_for_the_words_before_them(
    language: Language, text: str, short: str, long: str
) -> None:
    assert explained(language, text)[short].startswith(long.split("-")[0])


@pytest.mark.parametrize(
    "text",
    [
        "pain in the left arm (see below)",
        "blood pressure was high (120)",
        "seen by the nurse (Dr. Hill)",
        "chest pain (XQZ)",
        "Chest pain.\n(CP)",
        "(HCC) carcinoma",
    ],
)
def test_other_brackets_explain_nothing(language: Language, text: str) -> None:
    assert explained(language, text) == {}
