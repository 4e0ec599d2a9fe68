"""Whether the provider signed: ink at the place for it, words that say so, or a signed last line."""

import re
from collections.abc import Iterator, Sequence

from pipeline.entities.chart_text import PageText, same_row
from pipeline.entities.facts import BARE, COMMON, LABELLED, Fact, fact_at
from pipeline.entities.fields import SIGNS, FieldValue
from pipeline.lexicon import Field
from pipeline.records import Line, LineKind, Page

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
ABOVE, BELOW = 2.2, 1.2
"""Heights of a label by which handwriting above or below it may be away from it."""


def signature_facts(text: PageText, page: Page, fields: Sequence[FieldValue], signed: Sequence[int]) -> Iterator[Fact]:
    """What an upright page says of the provider's signature.

    Args:
        text: of the page.
        page: upright.
        fields: its labelled fields, also the labels for a signature that have no value.
        signed: indices of lines that hold nothing but the provider's handwritten name and degree.
    """
    places = [v for v in fields if v.label.field is Field.PROVIDER and SIGNS.search(v.label.text)]
    for value in places:
        before = text.text[text.starts[value.labelled_on] :][: _label_start(text, value)]
        above = " ".join(line.text for line in page.lines[max(0, value.labelled_on - 3) : value.labelled_on])
        if not OTHER_PAPER.search(before) and not AGREES.search(above):
            yield from _at_label(text, page, value, fields)
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


def _at_label(text: PageText, page: Page, value: FieldValue, fields: Sequence[FieldValue]) -> Iterator[Fact]:
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
            yield fact_at(text, Field.SIGNATURE, SIGNED, origin + first, end, LABELLED)
        return
    labelled = {other.labelled_on for other in fields} | {o.line for o in fields if o.label.field is not Field.OTHER}
    for index, line in enumerate(page.lines):
        if line.kind is LineKind.HAND and index not in labelled and _near(label_line, line):
            start = text.starts[index]
            yield fact_at(text, Field.SIGNATURE, SIGNED, start, start + len(line.text), COMMON)
            return
    if label_line.box is None:  # on a scan a stroke of the pen is no line of text, and nobody knows whether it is there
        start = text.starts[value.labelled_on]
        yield fact_at(text, Field.SIGNATURE, UNSIGNED, start, start + len(label_line.text), BARE)


def _near(label: Line, line: Line) -> bool:
    """Whether handwriting stands on, above or below a label."""
    if label.box is None or line.box is None:
        return False
    height = max(1, label.box.y1 - label.box.y0)
    apart = max(line.box.x0 - label.box.x1, label.box.x0 - line.box.x1) > 4 * height
    over = label.box.y0 - line.box.y1 < ABOVE * height and line.box.y0 < label.box.y0
    under = line.box.y0 - label.box.y1 < BELOW * height and line.box.y1 > label.box.y1
    return not apart and (over or under) and line.box.y0 < label.box.y1 + BELOW * height


def _label_start(text: PageText, value: FieldValue) -> int:
    """Code points of the label's line before the value, or all of it where the value is elsewhere."""
    line = text.page.lines[value.labelled_on].text
    upto = value.start if value.line == value.labelled_on else len(line)
    at = line.casefold().rfind(value.label.text.split()[0].casefold(), 0, upto)
    return max(0, at)


def _line_around(text: PageText, offset: int) -> str:
    return text.page.lines[text.line_at(offset)].text
