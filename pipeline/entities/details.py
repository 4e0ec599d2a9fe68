"""Details of a finding: side, site, grade, dose, route, count, size and how long."""

import re

from pipeline.entities.terms import Match
from pipeline.lexicon import Lexicon, ModifierKind
from pipeline.records import Attribute, Label

NUMBER = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|\.\d+|[½¼¾]|one|two|three|four|five|six|seven|eight|nine|ten"
NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
    )
}
WINDOW = 45
"""Code points behind a finding that may hold its dose, count or duration."""
LEVEL = re.compile(r"\b(?:level|lev|lvl)\.?\s?([1-5])\b", re.IGNORECASE)
VIEWS = re.compile(r"\b(\d|one|two|three|four|five)[\s-]views?\b", re.IGNORECASE)
GIVEN = re.compile(r"\b(?:given|gave|injected|administered|applied|dispensed|provided|fitted|placed)\b", re.IGNORECASE)
PRESCRIBED = re.compile(
    r"#\s?\d+|\brefills?\b|\b(?:qd|bid|tid|qid|qhs|q\d{1,2}h|prn|daily|sig|disp|po|p\.o\.|b\.i\.d|t\.i\.d|q\.d)\b",
    re.IGNORECASE,
)


class DetailReader:
    """Reads the attributes of a finding from the words beside it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._values = {(entry.kind, entry.text.casefold()): entry.value for entry in lexicon.modifiers}
        units = self._alternation(ModifierKind.UNIT)
        periods = self._alternation(ModifierKind.PERIOD)
        self._dose = re.compile(rf"(?<![\w.#-])({NUMBER})\s?({units})(?![\w/])", re.IGNORECASE)
        self._duration = re.compile(
            rf"(?:\bx\s?|\bfor\s(?:the\s(?:past|last)\s)?|\bpast\s|\blast\s|,\s?)({NUMBER})\s?-?\s?({periods})\b(?!\s?old)",
            re.IGNORECASE,
        )
        self._route_words = self._alternation(ModifierKind.ROUTE)
        self._route = re.compile(rf"(?<!\w)({self._alternation(ModifierKind.ROUTE)})(?!\w)", re.IGNORECASE)
        self._quantity = re.compile(
            rf"#\s?(\d{{1,3}})\b|\b(?:qty|quantity|disp)[.:]?\s?#?(\d{{1,3}})\b|\bx\s?(\d{{1,2}})\b(?!\s?-?\s?(?:{periods})\b)",
            re.IGNORECASE,
        )
        self._size = re.compile(
            rf"(?<![\w.])({NUMBER})(?:\s?x\s?({NUMBER}))?\s?-?(cm|mm|inch|inches|in)\b(?!\.)", re.IGNORECASE
        )

    def __call__(self, match: Match, before: str, inside: str, after: str) -> tuple[Attribute, ...]:
        """The attributes of a finding, each name once.

        Args:
            match: the term with the modifiers right beside it.
            before: text of the finding's sentence before it, up to the finding before.
            inside: the finding's own text.
            after: text of its sentence behind it, up to the next finding.
        """
        found: dict[str, str] = {}
        for modifier, _ in match.details:
            if modifier.kind is ModifierKind.SITE and match.term.label is Label.SUPPLY:
                continue
            held = found.get(modifier.kind.value)
            if held is None:
                found[modifier.kind.value] = modifier.value
            elif modifier.value not in held:
                found[modifier.kind.value] = f"{held} {modifier.value}"
        near, far = after[:WINDOW], before[-WINDOW:]
        if match.term.label is not Label.DIAGNOSIS:
            self._given(found, near, far, inside)
        if match.term.label is Label.PROCEDURE:
            if "visit" in match.term.normalized and (level := LEVEL.search(inside + near)):
                found["level"] = level[1]
            if views := VIEWS.search(near):
                found["views"] = _number(views[1])
        if match.term.label is Label.DIAGNOSIS:
            self._measured(found, near, far)
        return tuple(Attribute(name=name, value=value) for name, value in sorted(found.items()))

    def _given(self, found: dict[str, str], near: str, far: str, inside: str) -> None:
        """Dose, route, count, and whether it was given here or prescribed."""
        dose = self._dose.search(near) or self._dose.search(inside)
        if dose is None and (behind := re.search(self._dose.pattern + r"\s*(?:of\s*)?$", far, re.IGNORECASE)):
            dose = behind
        if dose:
            found["dose"] = f"{_number(dose[1])} {self._value(ModifierKind.UNIT, dose[2])}"
        route = self._route.search(near)
        if route and (dose or route.start() < 12):
            found["route"] = self._value(ModifierKind.ROUTE, route[1])
        elif route is None and (ahead := re.search(rf"(?<!\w)({self._route_words})\s*$", far, re.IGNORECASE)):
            found["route"] = self._value(ModifierKind.ROUTE, ahead[1])
        quantity = self._quantity.search(near)
        if quantity:
            found["quantity"] = next(group for group in quantity.groups() if group)
        if GIVEN.search(near) or GIVEN.search(far) or found.get("route") in ("intramuscular", "intravenous"):
            found["supplied"] = "given"
        elif PRESCRIBED.search(near):
            found["supplied"] = "prescribed"

    def _measured(self, found: dict[str, str], near: str, far: str) -> None:
        """How long it has lasted, how large it is."""
        duration = self._duration.search(near)
        if duration:
            number, period = _number(duration[1]), self._value(ModifierKind.PERIOD, duration[2])
            found["duration"] = f"{number} {period}" + ("" if number == "1" else "s")
        size = re.search(self._size.pattern + r"\s*(?:\w+\s+){0,2}$", far, re.IGNORECASE) or self._size.search(
            near[:25]
        )
        if size:
            unit = "in" if size[3].lower().startswith("in") else size[3].lower()
            sides = " x ".join(_number(side) for side in (size[1], size[2]) if side)
            found["size"] = f"{sides} {unit}"

    def _alternation(self, kind: ModifierKind) -> str:
        words = sorted((text for of, text in self._values if of is kind), key=len, reverse=True)
        return "|".join(re.escape(word) for word in words)

    def _value(self, kind: ModifierKind, text: str) -> str:
        return self._values.get((kind, text.casefold()), text.casefold())


def _number(text: str) -> str:
    lower = text.casefold().replace(",", "")
    return NUMBERS.get(lower, f"0{lower}" if lower.startswith(".") else lower)
