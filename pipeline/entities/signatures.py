"""Whether the provider signed: ink at the place for it, words that say so, or a signed last line."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from pipeline.entities.chart_text import PageText, same_row
from pipeline.entities.facts import BARE, COMMON, LABELLED, Fact, doubted, fact_at
from pipeline.entities.fields import SIGNS, FieldValue
from pipeline.entities.signature_places import (
    Piece,
    Place,
    crosses,
    is_bare,
    is_signature,
    pieces_of,
    place_on,
    shared_out,
)
from pipeline.lexicon import Field
from pipeline.records import LineKind, Page

SIGNED, UNSIGNED = "signed", "unsigned"
SAID = re.compile(
    r"\b(?:electronically|digitally)\s+(?:reviewed\s+and\s+)?(?:signed|authenticated)\b|\be-?signed\b|"
    r"\b(?:signed|authenticated)\s+(?:electronically|digitally)\b|(?<!\w)/e?s/|\bauthenticated by\b",
    re.I,
)
NOT_SAID = re.compile(
    r"\b(?:not (?:yet )?(?:been )?(?:electronically )?signed|unsigned|"
    r"signature (?:is )?(?:pending|missing|required|needed)|"
    r"(?:awaiting|pending|needs|missing|no) (?:\w+ )?signature|dictated but not (?:read|signed|reviewed))\b",
    re.I,
)
UNTIL = re.compile(r"\b(?:not|un(?:til|less)|must be|to be|pending|once|when|if|awaiting|before)\b[^.;\n]{0,30}$", re.I)
OTHER_PAPER = re.compile(
    r"\b(?:consent\w*|dnr|dni|polst|molst|form|waiver|release|agreement|directive|permission|contract|hipaa|patient|pt|"
    r"parent|guardian|mother|father|witness|insured|ama)\b",
    re.I,
)
"""Beside `signed`: not the note was."""
AGREES = re.compile(
    r"\bI (?:have read|agree|authorize|consent|understand|acknowledge|give (?:my )?permission|request that)\b|"
    r"\bhereby (?:authorize|consent)\b",
    re.I,
)
"""In the lines above a signature: the patient signs."""
ABSENT = re.compile(r"\W*(?:none|missing|absent|pending|not signed|unsigned|needed|required|blank|n/?a)\b", re.I)
ON_FILE = re.compile(r"\W*on file\b", re.I)
DATE_ONLY = re.compile(r"[\W_]*(?:date[\W_]*)?(?:\d[\d/.\- ]*)?(?:\d{1,2}:\d\d\s*(?:[ap]m)?)?[\W_]*", re.I)
PREPRINTED = re.compile(r"^[\s:]*[xX](?=[\s_.]|$)")


def signature_facts(text: PageText, page: Page, fields: Sequence[FieldValue], signed: Sequence[int]) -> Iterator[Fact]:
    """What an upright page says of the provider's signature.

    Args:
        text: of the page.
        page: upright.
        fields: its labelled fields, also the labels for a signature that have no value.
        signed: indices of lines that hold nothing but the provider's handwritten name and degree.
    """
    labels = [value for value in fields if SIGNS.search(value.label.text)]
    places = [_place(text, page, value) for value in labels]
    used = {v.labelled_on for v in fields} | {v.line for v in fields if v.label.field is not Field.OTHER}
    pieces = pieces_of(page, used)
    shared = shared_out(places, pieces)
    owned = {piece for near in shared for piece in near}
    used |= {piece.line for piece in owned if piece.line is not None}
    for value, place, near in zip(labels, places, shared, strict=True):
        if value.label.field is Field.PROVIDER and not _of_another(text, page, value):
            yield from _at_label(text, page, value, place, near, used)
    # an X before a rule says that somebody signs there, and nothing else says whose place it is
    alone = list(crosses(page))
    for place, near in zip(alone, shared_out(alone, [p for p in pieces if p not in owned]), strict=True):
        above = _above(page, place.line)
        if not AGREES.search(above) and not OTHER_PAPER.search(above):
            yield from _drawn(text, place, near, BARE)
    for match in NOT_SAID.finditer(text.text):
        if not OTHER_PAPER.search(_line_around(text, match.start())):
            yield fact_at(text, Field.SIGNATURE, UNSIGNED, *match.span(), COMMON)
    for match in SAID.finditer(text.text):
        before = text.text[max(0, match.start() - 60) : match.start()]
        before = before[before.rfind("\n") + 1 :]
        if not UNTIL.search(before) and not OTHER_PAPER.search(before):
            yield fact_at(text, Field.SIGNATURE, SIGNED, *match.span(), LABELLED)
    for index in signed:
        start = text.starts[index]
        yield fact_at(text, Field.SIGNATURE, SIGNED, start, start + len(page.lines[index].text), BARE)


def _at_label(
    text: PageText,
    page: Page,
    value: FieldValue,
    place: Place | None,
    near: Sequence[Piece],
    used: AbstractSet[int],
) -> Iterator[Fact]:
    """What stands at one place for a signature."""
    label_line = page.lines[value.labelled_on]
    beside = value.line == value.labelled_on or same_row(label_line.box, page.lines[value.line].box)
    written = PREPRINTED.sub("", value.text)
    origin = text.starts[value.line] + value.start
    if (beside or page.lines[value.line].kind is LineKind.HAND) and not DATE_ONLY.fullmatch(written):
        if ABSENT.match(written):
            yield fact_at(text, Field.SIGNATURE, UNSIGNED, origin, origin + len(value.text), LABELLED)
        elif not ON_FILE.match(written):
            first = len(value.text) - len(value.text.lstrip(" \t:_"))
            end = origin + len(value.text.rstrip(" \t_"))
            fact = fact_at(text, Field.SIGNATURE, SIGNED, origin + first, end, LABELLED)
            yield _inked(text, place, near, fact) if page.lines[value.line].kind is LineKind.HAND else fact
    elif place is not None and near:
        yield from _drawn(text, place, near, COMMON)
    elif label_line.box is None or (place is not None and value.exact and is_bare(page, place, used)):
        start = text.starts[value.labelled_on]
        yield fact_at(text, Field.SIGNATURE, UNSIGNED, start, start + len(label_line.text), BARE)


def _drawn(text: PageText, place: Place, near: Sequence[Piece], firmness: int) -> Iterator[Fact]:
    """The ink at a place, if it is large enough for a signature; smaller may be a slip of the pen."""
    large = [piece for piece in near if is_signature(place, piece)]
    if not large:
        return
    if large[0].line is None:
        start = text.starts[place.line] + place.start
        fact = fact_at(text, Field.SIGNATURE, SIGNED, start, text.starts[place.line] + place.end, firmness)
        bare = tuple(replace(span, boxes=()) for span in fact.finding.spans)
        fact = replace(fact, finding=replace(fact.finding, spans=bare))
    else:
        start = text.starts[large[0].line]
        end = start + len(text.page.lines[large[0].line].text)
        fact = fact_at(text, Field.SIGNATURE, SIGNED, start, end, COMMON)
    yield _inked(text, place, large, fact)


def _inked(text: PageText, place: Place | None, near: Sequence[Piece], fact: Fact) -> Fact:
    """The fact of a pen's ink with the boxes of all its strokes.

    It is as sure as its label: which letters a signature has does not matter.
    """
    if place is None or not fact.finding.spans:
        return fact
    drawn = text.page.loose_ink or ()
    boxes = tuple(drawn[piece.loose] for piece in near if piece.loose is not None and is_signature(place, piece))
    *others, last = fact.finding.spans
    spans = (*others, replace(last, boxes=(*last.boxes, *boxes)))
    origin = text.starts[place.line]
    words = text.words_in(origin + place.start, origin + place.end)
    known = [word.confidence for word in words if word.confidence is not None]
    fact = replace(fact, finding=replace(fact.finding, spans=spans))
    return doubted(fact, min(known)) if known else fact


def _place(text: PageText, page: Page, value: FieldValue) -> Place | None:
    """Where the label of a signature stands on its line."""
    start = _label_start(text, value)
    return place_on(page, value.labelled_on, start, start + len(value.label.text))


def _of_another(text: PageText, page: Page, value: FieldValue) -> bool:
    """Whether the words before a label, or above it, say that not the provider signs there."""
    before = page.lines[value.labelled_on].text[: _label_start(text, value)]
    return OTHER_PAPER.search(before) is not None or AGREES.search(_above(page, value.labelled_on)) is not None


def _above(page: Page, index: int) -> str:
    return " ".join(line.text for line in page.lines[max(0, index - 3) : index])


def _label_start(text: PageText, value: FieldValue) -> int:
    """Code points of the label's line before the value, or all of it where the value is elsewhere."""
    line = text.page.lines[value.labelled_on].text
    upto = value.start if value.line == value.labelled_on else len(line)
    at = line.casefold().rfind(value.label.text.split()[0].casefold(), 0, upto)
    return max(0, at)


def _line_around(text: PageText, offset: int) -> str:
    return text.page.lines[text.line_at(offset)].text
