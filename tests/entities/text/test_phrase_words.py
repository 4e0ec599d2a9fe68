"""Phrases of lists are cut piece by piece, and the same as text is."""

from spacy.language import Language

from pipeline.entities.text.tokens import SOFT, Tokenizer
from pipeline.lexicon import load_lexicon


def test_every_phrase_of_the_lists_is_cut_as_text_is(language: Language) -> None:
    lexicon, tokenizer = load_lexicon(), Tokenizer(language)
    shorthand = [entry.short for entry in lexicon.abbreviations]
    phrases = [
        *(term.text for term in lexicon.terms),
        *(entry.long for entry in lexicon.abbreviations),
        *(modifier.text for modifier in lexicon.modifiers),
        *(cue.text for cue in lexicon.cues),
        *(heading.text for heading in lexicon.headings),
        *(short + plural for short in shorthand for plural in ("", "s")),
        *lexicon.decoys,
    ]
    for phrase in phrases:
        tokens = tokenizer(phrase)
        assert tokenizer.lowers(phrase) == tuple(token.lower for token in tokens)
        assert tokenizer.words(phrase) == tuple(token.lower for token in tokens if token.text not in SOFT)
