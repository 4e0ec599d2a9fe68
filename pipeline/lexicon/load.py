"""Loads the lexicon: terms, headings, abbreviations, cues, labels and modifiers, all checked."""

import hashlib
from collections.abc import Callable, Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

from pipeline.errors import MissingModelError
from pipeline.lexicon.entries import (
    Abbreviation,
    Category,
    Cause,
    Confusion,
    Cue,
    Direction,
    Done,
    DoneCue,
    FormKind,
    Heading,
    Injury,
    Lexicon,
    Modifier,
    ModifierKind,
    Payer,
    Side,
    Supplied,
    SuppliedCue,
    Term,
    WordForm,
)
from pipeline.lexicon.tables import Row, read, rows, wordings
from pipeline.lexicon.visit_entries import NUMBER_PLACE, Field, FieldLabel, NameWord, NameWordKind, Place, VisitWording
from pipeline.records import Label

TABLES = (
    "diagnoses.tsv",
    "procedures.tsv",
    "supplies.tsv",
    "chronic.tsv",
    "sections.tsv",
    "abbreviations.tsv",
    "cues.tsv",
    "labels.tsv",
    "visit.tsv",
    "modifiers.tsv",
    "supplied.tsv",
    "done.tsv",
    "payers.tsv",
    "causes.tsv",
    "injuries.tsv",
    "decoys.tsv",
    "name_words.tsv",
    "word_forms.tsv",
    "plain_words.txt",
    "confusions.tsv",
)
UNDIRECTED = (Category.PSEUDO, Category.END, Category.PATIENT, Category.TELLS, Category.BESIDE)
"""Cues that say nothing themselves."""
VISIT_VALUES = {
    Field.PATIENT_STATUS: ("new", "established"),
    Field.VISIT_LEVEL: ("",),
    Field.TIME_SPENT: ("total", "part"),
}
PAYERS = ("medicare", "medicaid", "commercial")
SINGLE = (Category.TELLS, Category.BESIDE)
"""Cues that are looked for right beside a person, word by word."""
CONTEXTS = (Category.HISTORICAL, Category.FAMILY, Category.HYPOTHETICAL)

R = TypeVar("R")


def load_lexicon(folder: Traversable | None = None) -> Lexicon:
    """Read and check every table.

    Args:
        folder: where the tables are; the package's own where none is given.

    Raises:
        MissingModelError: a table is missing or a row is wrong; the message names file and line.
    """
    folder = files("pipeline.lexicon") / "data" if folder is None else folder
    contexts: dict[str, Category | None] = {}
    headings = _table(
        folder / "sections.tsv",
        ("heading", "section", "context", "bare"),
        lambda row: _heading(row, contexts),
        key=lambda h: h.text.casefold(),
    )
    sections = frozenset(contexts)
    diagnoses = _terms(folder / "diagnoses.tsv", Label.DIAGNOSIS)
    procedures = _terms(folder / "procedures.tsv", Label.PROCEDURE)
    supplies = _terms(folder / "supplies.tsv", Label.SUPPLY)
    illnesses = frozenset(term.normalized for term in diagnoses)
    return Lexicon(
        terms=(*diagnoses, *procedures, *supplies),
        chronic=frozenset(
            _table(folder / "chronic.tsv", ("normalized",), lambda row: _diagnosis(row, illnesses), key=str)
        ),
        headings=headings,
        abbreviations=_table(
            folder / "abbreviations.tsv",
            ("short", "long", "case", "sections", "neighbours"),
            lambda row: _abbreviation(row, sections),
            key=lambda a: (a.short, a.long),
        ),
        cues=_table(
            folder / "cues.tsv",
            ("cue", "category", "direction", "reach"),
            _cue,
            key=lambda c: (c.text.casefold(), c.category, c.direction),
        ),
        labels=_table(folder / "labels.tsv", ("label", "field", "weak"), _label, key=lambda f: f.text.casefold()),
        visit_wordings=_table(
            folder / "visit.tsv",
            ("wording", "field", "value", "place"),
            _visit_wording,
            key=lambda w: (w.text, w.field),
        ),
        modifiers=_table(
            folder / "modifiers.tsv", ("word", "kind", "value", "case"), _modifier, key=lambda m: (m.text, m.kind)
        ),
        supplied=_table(
            folder / "supplied.tsv", ("phrase", "supplied", "side"), _supplied, key=lambda c: c.text.casefold()
        ),
        done=_table(folder / "done.tsv", ("wording", "done", "side"), _done, key=lambda c: (c.text, c.side)),
        payers=_table(folder / "payers.tsv", ("wording", "payer"), _payer, key=lambda p: p.text),
        causes=_table(folder / "causes.tsv", ("words", "cause"), _cause, key=lambda c: c.words),
        injuries=_table(
            folder / "injuries.tsv",
            ("word", "sign"),
            lambda row: Injury(word=row.text("word").lower(), sign=row.yes("sign")),
            key=lambda i: i.word,
        ),
        decoys=_table(folder / "decoys.tsv", ("phrase",), lambda row: row.text("phrase"), key=str.casefold),
        name_words=_table(folder / "name_words.tsv", ("word", "kind"), _name_word, key=lambda w: (w.text, w.kind)),
        word_forms=_table(folder / "word_forms.tsv", ("form", "kind"), _word_form, key=lambda f: (f.text, f.kind)),
        plain_words=_plain_words(folder / "plain_words.txt"),
        confusions=_table(
            folder / "confusions.tsv", ("one", "other"), _confusion, key=lambda c: frozenset((c.one, c.other))
        ),
        fingerprint=_fingerprint(folder),
    )


def _table(
    file: Traversable, columns: tuple[str, ...], make: Callable[[Row], R], *, key: Callable[[R], object]
) -> tuple[R, ...]:
    """A table's records; the same row twice is a slip as well."""
    seen: dict[object, int] = {}
    records = []
    for row in rows(file, columns):
        record = make(row)
        first = seen.setdefault(key(record), row.line)
        if first != row.line:
            row.refuse(f"'{row.text(columns[0])}' stands in line {first} already")
        records.append(record)
    return tuple(records)


def _terms(file: Traversable, label: Label) -> tuple[Term, ...]:
    def terms(row: Row) -> tuple[Term, ...]:
        coded = row.fields["coded"]
        if coded not in ("", "no"):
            row.refuse(f"the column 'coded' is 'no' or empty, not '{coded}'")
        texts = tuple(wordings(row.text("term")))
        if not all(texts):
            row.refuse(f"a choice of '{row.text('term')}' leaves every word out")
        normalized = row.fields["normalized"] or texts[0]
        return tuple(Term(text=text, label=label, normalized=normalized, coded=not coded) for text in texts)

    table = _table(file, ("term", "normalized", "coded"), terms, key=lambda t: t[0].text.casefold())
    return tuple(term for terms in table for term in terms)


def _diagnosis(row: Row, illnesses: frozenset[str]) -> str:
    text = row.text("normalized")
    if text not in illnesses:
        row.refuse(f"'{text}' is no wording of diagnoses.tsv")
    return text


def _heading(row: Row, contexts: dict[str, Category | None]) -> Heading:
    """A heading; its section must have the context that the rows before gave it."""
    context = row.one_of("context", Category) if row.fields["context"] else None
    if context is not None and context not in CONTEXTS:
        row.refuse(f"a section is {', '.join(CONTEXTS)} or has no context, not '{context}'")
    section = row.fields["section"] or None
    if section is not None and contexts.setdefault(section, context) is not context:
        row.refuse(f"the section '{section}' has another context in a line before")
    return Heading(text=row.text("heading"), section=section, context=context, bare=row.yes("bare"))


def _abbreviation(row: Row, sections: frozenset[str]) -> Abbreviation:
    unknown = sorted(row.words("sections") - sections)
    if unknown:
        row.refuse(f"'{unknown[0]}' is not a section of sections.tsv")
    beside = frozenset(word.casefold() for word in row.words("neighbours"))
    return Abbreviation(
        short=row.text("short"),
        long=row.text("long"),
        exact_case=_exact(row),
        sections=row.words("sections"),
        neighbours=frozenset(word for word in beside if word[0] != "!"),
        against=frozenset(word[1:] for word in beside if word[0] == "!"),
    )


def _cue(row: Row) -> Cue:
    category = row.one_of("category", Category)
    direction = Direction.BOTH
    if category not in UNDIRECTED:
        direction = row.one_of("direction", Direction)
    text = row.text("cue")
    if category in SINGLE and " " in text:
        row.refuse(f"a cue that {category} is one word, '{text}' would never be seen")
    return Cue(text=text, category=category, direction=direction, reach=row.number("reach"))


def _label(row: Row) -> FieldLabel:
    return FieldLabel(text=row.text("label"), field=row.one_of("field", Field), weak=row.yes("weak"))


def _visit_wording(row: Row) -> VisitWording:
    field, value = row.one_of("field", Field), row.fields["value"]
    if value not in VISIT_VALUES.get(field, ()):
        row.refuse(f"'{value}' is no value of the field '{field}'")
    text = row.text("wording")
    if text != text.lower() or (text.count(NUMBER_PLACE) != 1 and field is not Field.PATIENT_STATUS):
        row.refuse(f"'{text}' is not in lower case with one {NUMBER_PLACE} for the number")
    place = row.one_of("place", Place) if row.fields["place"] else Place.ANYWHERE
    return VisitWording(text=text, field=field, value=value, place=place)


def _modifier(row: Row) -> Modifier:
    return Modifier(
        text=row.text("word"),
        kind=row.one_of("kind", ModifierKind),
        value=row.fields["value"] or row.text("word"),
        exact_case=_exact(row),
    )


def _supplied(row: Row) -> SuppliedCue:
    if not row.text("phrase")[0].isalpha():
        row.refuse(f"'{row.text('phrase')}' does not begin with a letter")
    side = row.one_of("side", Side) if row.fields["side"] else Side.BOTH
    return SuppliedCue(text=row.text("phrase"), supplied=row.one_of("supplied", Supplied), side=side)


def _done(row: Row) -> DoneCue:
    text = row.text("wording")
    if text != text.lower():
        row.refuse(f"'{text}' is not in lower case")
    side = row.one_of("side", Side) if row.fields["side"] else Side.BOTH
    return DoneCue(text=text, done=row.one_of("done", Done), side=side)


def _payer(row: Row) -> Payer:
    text, payer = row.text("wording"), row.text("payer")
    if text != text.lower() or payer not in PAYERS:
        row.refuse(f"'{text}' is not in lower case with one of {', '.join(PAYERS)}")
    return Payer(text=text, payer=payer)


def _cause(row: Row) -> Cause:
    words = tuple(tuple(place.split("/")) for place in row.text("words").lower().split())
    if not all(choice for place in words for choice in place):
        row.refuse(f"'{row.text('words')}' has an empty choice beside a '/'")
    return Cause(words=words, cause=row.fields["cause"] or None)


def _name_word(row: Row) -> NameWord:
    text = row.text("word")
    if not text.isalpha() or text != text.lower():
        row.refuse(f"'{text}' is not a word in lower case")
    return NameWord(text=text, kind=row.one_of("kind", NameWordKind))


def _word_form(row: Row) -> WordForm:
    text = row.text("form")
    if not text.isalpha() or text != text.lower():
        row.refuse(f"'{text}' is not a word in lower case")
    return WordForm(text=text, kind=row.one_of("kind", FormKind))


def _confusion(row: Row) -> Confusion:
    one, other = row.text("one"), row.text("other")
    for text in (one, other):
        if len(text) > 2 or text != text.lower():
            row.refuse(f"'{text}' is not one or two signs in lower case")
    if one == other or len(one) == len(other) == 2:
        row.refuse("a sign is taken for another sign, or for two")
    return Confusion(one=one, other=other)


def _exact(row: Row) -> bool:
    case = row.fields["case"]
    if case not in ("", "exact"):
        row.refuse(f"the column 'case' is 'exact' or empty, not '{case}'")
    return case == "exact"


def _plain_words(file: Traversable) -> frozenset[str]:
    return frozenset(_words_of(file))


def _words_of(file: Traversable) -> Iterator[str]:
    for number, line in enumerate(read(file).split("\n"), start=1):
        if line.startswith("# "):
            continue
        for word in line.split():
            if not word.isalpha() or word != word.lower():
                raise MissingModelError(f"{file.name}, line {number}: '{word}' is not a word in lower case.")
            yield word


def _fingerprint(folder: Traversable) -> str:
    digest = hashlib.sha256()
    for name in TABLES:
        digest.update(f"{name}\0{read(folder / name)}\0".encode())
    return digest.hexdigest()
