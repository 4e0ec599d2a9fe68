"""The patient's sex and age as the note says them: `45 y/o F`, `Mr. Lopez`, `♀`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.entities.text.chart_text import PageText
from pipeline.entities.visits.facts import BARE, Fact, fact_at
from pipeline.lexicon import Field
from pipeline.records import Page

_YEARS = r"y\.?\s?/?o\.?|yr?s?\.?(?:[\s-]?old)?|years?[\s-]+old|years?(?=[\s-]+(?:fe)?male)"
_YOUNG = r"mos?\.?(?:[\s-]?old)?|m/?o|months?[\s-]+old|w/?o|wks?\.?(?:[\s-]?old)?|weeks?[\s-]+old|d/?o|days?[\s-]+old"
_WHO = r"female|male|woman|man|boy|girl|gentleman|lady|fem|f|m|wf|wm|bf|bm|hf|hm|aaf|aam|♀|♂"
AGE_SEX = re.compile(
    rf"(?<![\w/.])(?P<age>\d{{1,3}})(?:\s?-?\s?(?P<unit>{_YEARS}|{_YOUNG})[\s,-]*(?:(?!and\b|with\b|w/|pt\b)[\w-]+\s+){{0,3}}?"
    rf"|\s?(?=[FM♀♂](?!\w)))(?P<sex>{_WHO})(?![\w/])",
    re.I,
)
SEX_AGE = re.compile(r"(?<!\w)(?P<sex>male|female|♀|♂)[,\s]+(?:age[d:]?\s*)?(?P<age>\d{1,3})(?=\s?(?:y|yr|$|\W))", re.I)
AGE = re.compile(
    r"(?<![\w/.])(?P<age>\d{1,3})\s?-?\s?(?P<unit>y\.?\s?/?o\b\.?|yrs?\.?[\s-]?old|years?[\s-]+old|mos?\.?[\s-]?old|m/o\b|"
    r"months?[\s-]+old|wks?\.?[\s-]?old|weeks?[\s-]+old|days?[\s-]+old)"
    r"(?!\s*(?:son|daughter|brother|sister|child\b))",
    re.I,
)
"""An age without a sex."""
WELL_AGE = re.compile(
    r"(?:\b(?:wcc|wcv|well child|well baby|well visit|epsdt)\W{1,3}(?P<age>\d{1,2})\s?-?(?P<unit>y|m|w)[a-z]*\b"
    r"|(?<![\w/.])(?P<first>\d{1,2})\s?-?(?P<of>y|m|w)[a-z]*\W{1,2}(?:wcc|wcv|well|check\s?up|epsdt)\b)",
    re.I,
)
"""`12 MONTH WCC`, `WCC 2 mo`."""
SIGN = re.compile(r"[♀♂]")
RELATIVE = re.compile(
    r"\b(?:her|his|their|my|wife|husband|with an?|has an?|and an?|two|three|sibling|brother|sister|son|daughter|mother|"
    r"father|mom|dad|baby|delivered an?|by an?|lives with)\W*(?:an?\W*|healthy\W*)*$",
    re.I,
)
TITLE = re.compile(r"\b(?P<title>Mr|Mister|Mrs|Ms|Miss)\.?\s+(?P<name>[A-Z][\w'’-]+)")
FEMALE = frozenset({"female", "fem", "f", "woman", "girl", "lady", "wf", "bf", "hf", "aaf", "♀", "mrs", "ms", "miss"})


@dataclass(frozen=True, slots=True)
class SaidAge:
    """The age that a note gives its patient."""

    years: int
    text: str


def sex_facts(text: PageText, page: Page, names: Sequence[str]) -> Iterator[Fact]:
    """The sexes that a page's sentences give.

    Args:
        text: of the page.
        page: upright.
        names: the patient's as the page gives them, `Last, First`.
    """
    family = {name.partition(",")[0].casefold() for name in names}
    for index, line in enumerate(page.lines):
        origin = text.starts[index]
        said = AGE_SEX.search(line.text) or SEX_AGE.search(line.text)
        if said and not RELATIVE.search(line.text[: said.start()]):
            yield fact_at(text, Field.SEX, sex_of(said["sex"]), origin + said.start(), origin + said.end(), BARE)
        elif sign := SIGN.search(line.text):
            yield fact_at(text, Field.SEX, sex_of(sign.group()), origin + sign.start(), origin + sign.end(), BARE)
        for titled in TITLE.finditer(line.text):
            if titled["name"].casefold().removesuffix("'s").removesuffix("’s") in family:
                start, end = origin + titled.start(), origin + titled.end()
                yield fact_at(text, Field.SEX, sex_of(titled["title"]), start, end, BARE)


def said_age(page: Page, first: int, last: int) -> SaidAge | None:
    """The first age on some lines of a page, beside a sex before one without; 0 years for an infant's."""
    lines = [line.text for line in page.lines[first:last]]
    for pattern in (AGE_SEX, AGE):
        for text in lines:
            said = pattern.search(text)
            if said and not RELATIVE.search(text[: said.start()]):
                return SaidAge(_years(said["age"], said["unit"] or "y"), said.group().strip())
    for text in lines:
        if well := WELL_AGE.search(text):
            years = _years(well["age"] or well["first"], well["unit"] or well["of"])
            return SaidAge(years, well.group().strip())
    return None


def _years(number: str, unit: str) -> int:
    """Whole years of an age in years, months, weeks or days."""
    return {"y": int(number), "m": int(number) // 12}.get(unit[0].lower(), 0)


def sex_of(word: str) -> str:
    """`F` or `M` of a word for it."""
    return "F" if word.casefold() in FEMALE else "M"
