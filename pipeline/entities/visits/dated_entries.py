"""Progress-note sheets: entries with their date at the left, one visit each."""

import re
from collections.abc import Collection, Iterator

from pipeline.entities.text.chart_text import BREAK, PageText
from pipeline.entities.visits.dates import WrittenDate, dates_in
from pipeline.entities.visits.facts import BARE, COMMON
from pipeline.records import Page

TIME_OF_DAY = re.compile(r"[\s,@-]*(?:at\s)?\d{1,2}:?\d\d\s?(?:[ap]\.?m?\.?|h|hrs?)?\b", re.I)
OPENS_NOTE = re.compile(
    r"[\s:;,.–-]*(?:c\.?c\b|c/c|c/o|hpi|s\s?[:)-]|s/|o:|subj|chief|here (?:for|today|with)|f/u|fu\b|follow|recheck|"
    r"re-?check|presents?|seen|pt\b|patient|returns?|rtc|comes|came|in for|in with|well (?:child|visit)|"
    r"wcc|annual|physical|sick visit|ov\b|office visit|new pt|new patient|est\.? p|acute visit|walk-?in|"
    r"\d{1,3}\s?(?:y/?o|yr|year|mo\b|month)|here\b|np visit|soap)",
    re.I,
)
NOT_SEEN = re.compile(
    r"[^\n]{0,20}\b(?:called|phone|tel(?:ephone)?|tc\b|t/c|no.?show|cancel\w*|left message|lm\b|refill|"
    r"records? (?:sent|received|request\w*)|letter|mailed|faxed|lab(?:s)? (?:result|back)|reminder|dna\b)",
    re.I,
)
BODY = re.compile(
    r"(?:^|\s)(?:s|o|a|p|cc|hpi|pe|a/p|ap|plan|assessment|exam|imp|impression|dx|objective|subjective|vs|bp)\s?[:=)]|"
    r"\b(?:bp|wt|temp)\s?\d|\b(?:rtc|f/u|return)\b",
    re.I,
)
LISTS = re.compile(
    r"\s*(?:pmh|psh|pshx|pmhx|past|surg|immuniz|vaccin|shots?\b|labs?\b|results?\b|imaging|x-?rays?\b|procedures?\b|"
    r"hospitali|medications?|meds?\b|allerg|problem|flow|vitals?\b|growth|appointments?|hx\b|history)",
    re.I,
)


def dated_entries(text: PageText, page: Page, skipped: Collection[int]) -> Iterator[tuple[int, WrittenDate, int]]:
    """Index of the line that begins a dated entry of a visit, its date, and how firmly it dates the visit.

    Args:
        text: of the page.
        page: upright.
        skipped: lines whose dates mean something else.
    """
    begins: list[tuple[int, WrittenDate]] = []
    listed = False
    for index, line in enumerate(page.lines):
        if LISTS.match(line.text):
            listed = True
        if index in skipped:
            continue
        written = next(iter(dates_in(line.text[:24])), None)
        start = text.starts[index]
        if start and text.text[start - 1] != BREAK and start not in text.soft:
            continue
        if written is None or line.text[: written.start].strip(" _*•([-") or not written.dates_a_visit():
            if re.match(r"\s*(?:cc|hpi|s|a|assessment|plan|exam|subjective)\s?:", line.text, re.I):
                listed = False
            continue
        if not listed or OPENS_NOTE.match(_behind(line.text, written)):
            listed = False
            begins.append((index, written))
    edges = [*(index for index, _ in begins[1:]), len(page.lines)]
    for (index, written), edge in zip(begins, edges, strict=False):
        behind = _behind(page.lines[index].text, written)
        rest = [page.lines[at].text for at in range(index + 1, edge)]
        first = behind if behind.strip(" :;,.–-") else next(iter(rest), "")
        if NOT_SEEN.match(first) or not first.strip():
            continue
        opens, body = OPENS_NOTE.match(first) is not None, sum(bool(BODY.search(text)) for text in (behind, *rest))
        if (opens and (body or len(rest) > 1 or len(first) > 12)) or body > 1:
            yield index, written, COMMON if opens or body > 1 else BARE


def _behind(text: str, written: WrittenDate) -> str:
    """What stands behind the date of an entry, and behind its time of day."""
    rest = text[written.end :]
    clock = TIME_OF_DAY.match(rest)
    return rest[clock.end() :] if clock else rest
