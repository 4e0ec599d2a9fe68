"""Code numbers that the provider wrote or ticked himself: `Dx: 401.9`, `HTN 401.9`, `[x] 99214`, `J1885 x4`.

A number is taken for a code only where it has a code's form and something shows that a code is meant: a
label, a diagnosis or service beside it, a tick, or a line that holds nothing but codes. Whether a book
holds it is asked later: a code that is in no book is never shown.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from itertools import pairwise

from pipeline.records import Label


class Form(StrEnum):
    """What a code number looks like."""

    ICD9 = "icd9"
    ICD10 = "icd10"
    CPT = "cpt"
    HCPCS = "hcpcs"


LABELS = {Form.ICD9: Label.DIAGNOSIS, Form.ICD10: Label.DIAGNOSIS, Form.CPT: Label.PROCEDURE, Form.HCPCS: Label.SUPPLY}
CODE = re.compile(
    r"(?<![\w.$#/+-])(?:"
    r"(?P<icd10>[A-TV-Z]\d[\dAB](?:\.[\dA-Z]{1,4})?)"
    r"|(?P<icd9>V\d\d(?:\.\d{1,2})?|E[89]\d\d(?:\.\d)?|\d{3}(?:\.\d{1,2})?)"
    r"|(?P<hcpcs>[AEGJLQS]\d{4})(?:-?[A-Z][A-Z\d])?"
    r"|(?P<cpt>\d{5}|\d{4}[FT])(?:\s?-\s?(?:\d\d|[A-Z]{2})\b|\s?[/.]\s?(?:2[2456]|5[02379]|7[6-9]|TC|RT|LT)\b)?"
    r"|(?P<undotted>(?:\d{3}|V\d\d)\d{1,2})"
    r")(?![\w/%°]|\.\d|-\d)"
)
DIAGNOSIS_LABEL = re.compile(
    r"\b(?:ICD(?:[\s-]?(?:9|10))?(?:[\s-]?CM)?|(?:dx|diag(?:nosis)?)\.?\s?(?:codes?|#)|dx|diagnos[ei]s)\b[\s:#.]*",
    re.IGNORECASE,
)
SERVICE_LABEL = re.compile(
    r"\b(?:CPT|HCPCS|E\s?/\s?M|E&M|(?:procedure|proc|billing|service|visit|charge)\s(?:codes?|level)|codes?)\b[\s:#.]*",
    re.IGNORECASE,
)
PLAIN_DX = re.compile(r"(?:dx|diagnos[ei]s)[\s:#.]*", re.IGNORECASE)
"""A heading that also stands over words: only dotted codes follow from it."""
OTHER_NUMBER = re.compile(
    r"(?:\b(?:lot|mrn|acct|account|id|ssn|dob|chart|policy|group|grp|serial|exp|npi|tel|ph|phone|fax|zip|po box|box|"
    r"room|rm|ext|temp|t|wt|weight|wgt|ht|bp|hr|pulse|sats?|spo2|bmi|fever|wbc|plts?|platelets?|hgb|hct|glucose|bs|ldl|"
    r"hdl|chol|cholesterol|psa|tsh|a1c|na|k|cr|bun|ck|bnp|count|peak flow|ref|order|invoice|claim|copay|paid|balance)"
    r"|[$#@])[\s.:#=]*$",
    re.IGNORECASE,
)
"""Right before a number these say that it is no code."""
STATE = re.compile(r"\b(?!OV|NP|EP|EM|FU|PE|AP|CC|HP|DX|TX|RX|ER|UC|PT|HX)[A-Z]{2},?\s+$")
"""`CA 90210`: a zip code."""
UNIT = re.compile(
    r"\s?(?:lbs?|pounds|kg|mg|mcg|g|gm|ml|cc|units?|u|iu|meq|cm|mm|in|inch(?:es)?|ft|feet|deg|degrees|[FC]|mmhg|bpm|"
    r"dollars?|hours?|hrs?|min(?:utes)?|days?|weeks?|wks?|months?|yrs?|years?|k|x10|/|%|\xb0)(?!\w)",
    re.IGNORECASE,
)
VISIT = re.compile(
    r"\b(?:office|visit|est(?:ablished)?|new\s(?:pt|patient)|level|consult\w*|e/m|exam|f/u)\b", re.IGNORECASE
)
APART = re.compile(r"[\s,:;()=\[\]xX✓✔☑☒_.#&+-]*")
"""Nothing but signs: what may stand between a finding and its code."""
ONLY_CODES = re.compile(r"(?:[\s,;:/&+()#.*-]|\band\b|\bx\s?\d{1,2}\b|\bunits?\b)*", re.IGNORECASE)
TIMES = re.compile(r"\s*(?:x\s?\d|\(\s?x?\d\s?\)|\d{1,2}\sunits)", re.IGNORECASE)
EVALUATION = re.compile(r"99(?:20[1-5]|21[1-5]|24[1-5]|38[1-7]|39[1-7]|024|40[67])")
"""A visit, one after an operation, advice against tobacco: in a note hardly any other number looks so."""
VISIT_NUMBER = re.compile(r"99(?:2[014]\d|024)")
"""It numbers the whole visit, whatever it stands beside."""
BLANK_APART = re.compile(r"[\[(]\s*[\])]\s{3,}$")
"""A blank box that stands too far away to speak of what follows."""
SPINE = re.compile(r"[CTLS]\d")
"""`T12` and `C5` are vertebrae before they are categories."""
FEVER = (94.0, 108.0)
"""A number with one decimal in this range is a temperature in Fahrenheit, not a category of ICD-9."""


@dataclass(frozen=True, slots=True)
class WrittenCode:
    """A code number in the text."""

    code: str
    """As a book writes it, with its dot."""
    label: Label
    start: int
    end: int
    finding: int | None
    """The finding that it stands with; None where it stands alone."""


def written_codes(
    text: str,
    starts: Sequence[int],
    places: Sequence[tuple[int, int]],
    labels: Sequence[Label],
    ticked: Callable[[int, int], bool | None],
) -> tuple[WrittenCode, ...]:
    """The provider's own codes, in order.

    Args:
        text: of a page.
        starts: where each of its lines begins.
        places: first and one past the last code point of each finding, in order.
        labels: of each finding.
        ticked: whether the mark beside a stretch of the text is set; None where there is none.
    """
    found = []
    for start, stop in pairwise((*starts, len(text) + 1)):
        line = text[start : stop - 1]
        if any(char.isdigit() for char in line):
            first = bisect_left(places, (start, start))
            last = bisect_left(places, (stop, 0))
            here = [(a - start, b - start, labels[n], n) for n, (a, b) in enumerate(places[first:last], start=first)]
            for each in _of_line(line, here, partial(_ticked_at, ticked, start)):
                found.append(replace(each, start=start + each.start, end=start + each.end))
    return tuple(found)


def _ticked_at(ticked: Callable[[int, int], bool | None], start: int, first: int, end: int) -> bool | None:
    return ticked(start + first, start + end)


_Here = tuple[int, int, Label, int]


def _of_line(line: str, findings: Sequence[_Here], ticked: Callable[[int, int], bool | None]) -> Iterator[WrittenCode]:
    hits = [hit for hit in CODE.finditer(line) if not any(a < hit.end() and hit.start() < b for a, b, _, _ in findings)]
    if not hits:
        return
    bare = ONLY_CODES.fullmatch(_without(line, hits)) is not None
    charged = bare and any(hit["cpt"] and hit["cpt"].startswith("99") for hit in hits)
    taken: set[int] = set()
    leads = not findings or hits[0].start() < findings[0][0]
    for number, hit in enumerate(hits):
        form, code = _read(hit, line)
        before, after = line[: hit.start()], line[hit.end() :]
        if (
            form is None
            or OTHER_NUMBER.search(before[-30:])
            or (form is Form.CPT and STATE.search(before[-8:]))
            or UNIT.match(after)
        ):
            continue
        floor = hits[number - 1].end() if number else 0
        ceiling = hits[number + 1].start() if number + 1 < len(hits) else len(line)
        beside = _beside(line, hit, findings, floor, ceiling, leads=leads)
        fits = beside is not None and _fits(form, beside[2])
        mark = ticked(hit.start(), hit.end())
        if mark is False:
            if form is not Form.CPT or not BLANK_APART.search(before):
                continue
            mark = None
        if not charged and not _meant(form, hit, line, bare=bare, beside=beside if fits else None, mark=mark):
            continue
        finding = beside[3] if beside is not None and fits and beside[3] not in taken else None
        if beside is not None and VISIT_NUMBER.match(code) and not VISIT.search(line[beside[0] : beside[1]]):
            finding = None
        if finding is not None:
            taken.add(finding)
        label = LABELS[form] if finding is None or beside is None else beside[2]
        yield WrittenCode(code, label, hit.start(), hit.end(), finding)


def _without(line: str, hits: Sequence[re.Match[str]]) -> str:
    """A line without its numbers, labels and ticks: what else it says."""
    for hit in reversed(hits):
        line = line[: hit.start()] + " " + line[hit.end() :]
    return re.sub(r"\[\s?[xX✓✔]\s?\]|[☑☒✓✔]", " ", line)


def _read(hit: re.Match[str], line: str) -> tuple[Form | None, str]:
    """Form of a number and how a book writes it; five digits are ICD-9 only behind a label of diagnoses."""
    kind, code = hit.lastgroup or "", hit[hit.lastgroup or 0]
    behind_dx = _label_before(line, hit.start()) is DIAGNOSIS_LABEL
    if kind == "undotted" or (kind == "cpt" and behind_dx and code.isdigit()):
        strong = behind_dx and not PLAIN_DX.search(line[: hit.start()])
        return (Form.ICD9, f"{code[:3]}.{code[3:]}") if strong else (None, "")
    if kind == "icd10" and code[0] == "V" and (len(code) == 3 or (len(code) <= 6 and code[4:].isdigit())):
        return Form.ICD9, code
    return Form(kind), code


def _label_before(line: str, place: int) -> re.Pattern[str] | None:
    """The kind of label that stands nearest before a place."""
    diagnoses = [found.span() for found in DIAGNOSIS_LABEL.finditer(line, 0, place)]
    services = [found.span() for found in SERVICE_LABEL.finditer(line, 0, place)]
    # "Dx codes:" is no label of services
    services = [each for each in services if not any(a <= each[0] < b for a, b in diagnoses)]
    if not diagnoses and not services:
        return None
    return DIAGNOSIS_LABEL if max(diagnoses, default=(-1, 0)) > max(services, default=(-1, 0)) else SERVICE_LABEL


def _beside(
    line: str, hit: re.Match[str], findings: Sequence[_Here], floor: int, ceiling: int, *, leads: bool
) -> _Here | None:
    """The finding right before a code, or right behind it where the line begins with a code."""
    before = [each for each in findings if floor <= each[0] and each[1] <= hit.start()]
    after = [each for each in findings if hit.end() <= each[0] and each[1] <= ceiling]
    behind = before[-1] if before and APART.fullmatch(line[before[-1][1] : hit.start()]) else None
    ahead = after[0] if after and APART.fullmatch(line[hit.end() : after[0][0]]) else None
    return (ahead or behind) if leads else (behind or ahead)


def _fits(form: Form, label: Label) -> bool:
    return (LABELS[form] is Label.DIAGNOSIS) == (label is Label.DIAGNOSIS)


def _meant(form: Form, hit: re.Match[str], line: str, *, bare: bool, beside: _Here | None, mark: bool | None) -> bool:
    """Whether something shows that a code is meant."""
    code, before, after = hit[0], line[: hit.start()], line[hit.end() :]
    label = _label_before(line, hit.start())
    if LABELS[form] is Label.DIAGNOSIS:
        dotted = "." in code
        if beside is None and label is not DIAGNOSIS_LABEL and _warm(code):
            return False
        if label is DIAGNOSIS_LABEL:
            strong = not PLAIN_DX.fullmatch(line[_last(DIAGNOSIS_LABEL, before) : hit.start()])
            listed = _listed(before)
            return (dotted or strong or not code[0].isdigit()) and (listed or beside is not None)
        if not dotted:
            return (mark is True and form is Form.ICD10) or (
                beside is not None and form is not Form.ICD9 and not SPINE.match(code)
            )
        return not code[0].isdigit() or mark is True or (beside is not None and not _heat(code, line, beside))
    if label is SERVICE_LABEL and _listed(before):
        return True
    if mark is True:
        return True
    if form is Form.HCPCS:
        return bare or beside is not None or TIMES.match(after) is not None
    if EVALUATION.match(code):
        return True
    if code.startswith("99"):
        return bare or VISIT.search(line) is not None or beside is not None
    return beside is not None and line[: hit.start()].strip(" -*•[]()xX☑☒✓✔") == ""


def _listed(before: str) -> bool:
    """Whether between the last label and here only codes and findings' short words stand: no sentence has ended."""
    last = max(_last(DIAGNOSIS_LABEL, before), _last(SERVICE_LABEL, before))
    return re.search(r"[.!?]\s+[A-Z]", before[last:]) is None


def _last(kind: re.Pattern[str], text: str) -> int:
    found = list(kind.finditer(text))
    return found[-1].start() if found else 0


def _warm(code: str) -> bool:
    """Whether a number may be a temperature in Fahrenheit."""
    return re.fullmatch(r"\d{2,3}\.\d", code) is not None and FEVER[0] <= float(code) <= FEVER[1]


def _heat(code: str, line: str, beside: _Here) -> bool:
    """Whether a number beside a finding is its temperature: `fever 101.5`."""
    words = line[beside[0] : beside[1]].lower()
    return _warm(code) and any(word in words for word in ("fever", "febrile", "temp"))
