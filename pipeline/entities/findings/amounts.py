"""How much: dose, route, count, size and how long, read from the words beside a finding."""

import re

from pipeline.lexicon import Lexicon, ModifierKind

NUMBER = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|\.\d+|[½¼¾]|one|two|three|four|five|six|seven|eight|nine|ten"
NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
    )
}
COUNT = r"\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten"
ROUTE_NEAR = 12
"""Without a dose, a route begins within so many code points of the finding."""
COURSE = re.compile(r"#\s?\d{1,3}\s(?:of|in)\s(?:series|\d)", re.IGNORECASE)
"""`#2 of 3` says which of a course of injections it is, not how many."""
BARE = re.compile(
    r"\s*(\d{2,4}(?:/\d{2,4})?|\d?\.\d+|\d/\d{2,4})"
    r"(?=\s*(?:#|[,;]|$|\b(?:given|po|im|iv|ivp|sl|sq|bid|tid|qid|qd|qhs|daily|prn|x\s?\d|q\d|at\s|w/)))",
    re.IGNORECASE,
)
"""A dose that nobody writes the unit of: `Keflex 500 #28`."""

GAUGE = re.compile(r"(?:1[4-9]|2\d|30)\s?-?\s?[gG]a?\s*")
"""`25g needle` tells how thin it is; so many grams are not given."""


class Amounts:
    """Knows the units, routes and periods of the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = {(entry.kind, entry.text): entry for entry in lexicon.modifiers}
        self._values = {(entry.kind, entry.text.casefold()): entry.value for entry in lexicon.modifiers}
        units, periods, routes = (
            self._alternation(kind) for kind in (ModifierKind.UNIT, ModifierKind.PERIOD, ModifierKind.ROUTE)
        )
        dose = rf"(?<![\w.#/-])({NUMBER})\s?-?\s?({units})(?![\w/])"
        self._dose = re.compile(dose, re.IGNORECASE)
        self._dose_ahead = re.compile(dose + r"\s*(?:of\s*)?(?:\d+(?:\.\d+)?\s?%\s*)?$", re.IGNORECASE)
        self._route = re.compile(rf"(?<![\w/])({routes})(?![\w/])", re.IGNORECASE)
        self._route_ahead = re.compile(rf"(?<!\w)({routes})\s*$", re.IGNORECASE)
        self._duration = re.compile(
            rf"(?:\bx\s?|\bfor\s(?:the\s(?:past|last)\s)?|\bpast\s|\blast\s|,\s?)({NUMBER})\s?-?\s?({periods})\b(?!\s?old)",
            re.IGNORECASE,
        )
        self._quantity = re.compile(
            rf"#\s?(\d{{1,3}})\b|\b(?:qty|quantity|disp)[.:]?\s?#?(\d{{1,3}})\b"
            rf"|\bx\s?(\d{{1,2}})\b(?!\s?-?\s?(?:{periods})\b)",
            re.IGNORECASE,
        )
        self._quantity_ahead = re.compile(rf"(?<![\w.#/-])({COUNT})\s+$", re.IGNORECASE)
        size = (
            rf"(?<![\w./])({NUMBER})(?:\s?(?:cm|mm)?\s?(?:x|by)\s?({NUMBER}))?\s?-?"
            r"(cm|mm|inch|inches|in|\")(?!\w|\.|-\d|\s?h2o)"
        )
        self._size = re.compile(size, re.IGNORECASE)
        self._size_ahead = re.compile(size + r"[\s,]*(?:[\w/-]+\s+){0,3}$", re.IGNORECASE)
        # possessive: a long number must not be cut in every way there is
        self._between = re.compile(
            rf"(?:[\s,&/+:]|\band\b|\bplus\b|\bwith\b|\bw/|\bmixed\b|(?>{NUMBER})|(?<![a-z])(?:{units}|{routes})\b)*+",
            re.IGNORECASE,
        )

    def dose(self, before: str, inside: str, after: str, *, shared: bool, bare: bool) -> str | None:
        """How much of it, such as `60 mg`.

        Args:
            before: text up to the finding.
            inside: the finding's own text.
            after: text behind it.
            shared: another finding follows, which may own a dose that ends where it begins.
            bare: whether a number without a unit may be a dose.
        """
        behind = [
            dose
            for dose in self._dose.finditer(after)
            if not (shared and dose.start() > 1 and not after[dose.end() :].strip(" of"))
        ]
        found = [*behind, *self._dose.finditer(inside)]
        if not found and (ahead := self._dose_ahead.search(before)) and not GAUGE.fullmatch(ahead[0]):
            found = [ahead]
        # "1% lidocaine 5 cc": the strength is no dose where a dose is told
        best = next((dose for dose in found if dose[2] != "%"), found[0] if found else None)
        if best is not None:
            return f"{number(best[1])} {self._value(ModifierKind.UNIT, best[2])}"
        if bare and (plain := BARE.match(after)):
            return number(plain[1])
        return None

    def route(self, before: str, after: str, *, dosed: bool) -> str | None:
        """The way it went in; `dosed` tells that a dose is known."""
        route = self._route.search(after)
        if route is not None:
            return self._value(ModifierKind.ROUTE, route[1]) if dosed or route.start() < ROUTE_NEAR else None
        ahead = self._route_ahead.search(before)
        return self._value(ModifierKind.ROUTE, ahead[1]) if ahead else None

    def is_route(self, text: str) -> bool:
        """Whether the words say nothing but a way of giving: `IV push`."""
        return self._route.fullmatch(text) is not None

    def quantity(self, before: str, after: str) -> str | None:
        """How many: `#28`, `x2`, `7 stitches`."""
        if behind := self._quantity.search(COURSE.sub(" ", after)):
            return next(group for group in behind.groups() if group)
        ahead = self._quantity_ahead.search(before)
        return number(ahead[1]) if ahead else None

    def duration(self, after: str) -> str | None:
        """How long: `3 days`."""
        found = self._duration.search(after)
        if found is None:
            return None
        count, period = number(found[1]), self._value(ModifierKind.PERIOD, found[2])
        return f"{count} {period}" + ("" if count == "1" else "s")

    def size(self, before: str, after: str) -> str | None:
        """How long or wide: `3 cm`, `1.5 x 1 cm`."""
        found = self._size_ahead.search(before) or self._size.search(after)
        if found is None:
            return None
        unit = "in" if found[3].lower().startswith(("in", '"')) else found[3].lower()
        sides = " x ".join(number(side) for side in (found[1], found[2]) if side)
        return f"{sides} {unit}"

    def only_joins(self, text: str) -> bool:
        """Whether nothing but amounts and signs of a list stands between two findings."""
        return self._between.fullmatch(text) is not None

    def _alternation(self, kind: ModifierKind) -> str:
        words = sorted((entry for (of, _), entry in self._words.items() if of is kind), key=lambda e: -len(e.text))
        return "|".join(f"(?-i:{re.escape(e.text)})" if e.exact_case else re.escape(e.text) for e in words)

    def _value(self, kind: ModifierKind, text: str) -> str:
        return self._values.get((kind, text.casefold()), text.casefold())


def number(text: str) -> str:
    """A number as digits: `two` is `2`, `.5` is `0.5`."""
    lower = text.casefold().replace(",", "")
    return NUMBERS.get(lower, f"0{lower}" if lower.startswith(".") else lower)
