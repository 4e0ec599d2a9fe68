"""Names of people: `Maria Lopez`, `LOPEZ, MARIA A.`, `Dr. J. Keller` to `Last, First`."""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.lexicon import Lexicon, NameWordKind

WORD = re.compile(r"[^\W\d_][^\W\d_'’.\-]*(?:['’.\-]+[^\W\d_]+)*\.?")
BREAK = re.compile(r"[\d:;|(){}\[\]#/\\\n\t=<>]|\s{3,}|_{1,}")
LEADING = re.compile(r"[\s._:#=*,;–-]*")
DEGREES = frozenset({NameWordKind.CREDENTIAL, NameWordKind.STAFF})
MISREAD_DEGREE = re.compile(r"m[a-z]?|[nh][dop]|[od][od]", re.IGNORECASE)
"""What hand-written `MD`, `DO` and `NP` are read as; taken for one behind a full name and a comma only."""
LONGEST_DEGREE = 3
"""Letters of `MD` as it is misread at worst, behind two words and a comma: family names are seldom two words."""
VOWELS = frozenset("aeiouy")
FEWEST_LETTERS = 3
"""A scribble is read as fewer letters, or as letters without a vowel."""
LONGEST = 6
"""Words of the longest name."""
SAME_FROM = 85
OTHER_BELOW = 75


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in a text."""

    value: str
    """`Last, First Middle`, or the last name alone."""
    start: int
    end: int
    words: int
    provider: bool
    """A degree or `Dr.` stands beside it."""
    staff: bool
    """The degree of somebody who assists stands behind it."""


class NameReader:
    """Reads names with the words of the lexicon that stand beside them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._kinds: dict[str, NameWordKind] = {word.text: word.kind for word in lexicon.name_words}
        self._stops = frozenset(
            label.text.casefold() for label in lexicon.labels if label.text.isalpha() and len(label.text) > 2
        )

    def __call__(self, text: str, *, any_case: bool = False, provider: bool = False) -> PersonName | None:
        """The name that a text begins with.

        Args:
            text: begins with the name; signs before it do not matter.
            any_case: small first letters are allowed, as in handwriting.
            provider: it is the name of somebody who treats; a short word behind it is a degree, even misread.
        """
        start = LEADING.match(text)
        origin = start.end() if start else 0
        stop = BREAK.search(text, origin)
        held = text[: stop.start()] if stop else text
        words: list[re.Match[str]] = []
        degree: NameWordKind | None = None
        for match in WORD.finditer(held, origin):
            plain = _plain(match.group())
            kind = self._kinds.get(plain)
            between = held[words[-1].end() : match.start()] if words else ""
            if kind in DEGREES and words and (degree or len(words) > 1 or "," in between):
                degree = degree if degree is NameWordKind.CREDENTIAL else kind
                continue
            if provider and len(words) > 1 and "," in between and self._may_be_degree(plain, words):
                degree = NameWordKind.CREDENTIAL
                continue
            ended = degree or kind is NameWordKind.NEVER or (len(words) > 1 and plain in self._stops)
            small = not any_case and match.group()[0].islower() and kind is not NameWordKind.PARTICLE
            if ended or small or between.count(",") > 1 or len(words) == LONGEST:
                break
            words.append(match)
        titled = bool(words) and self._kinds.get(_plain(words[0].group())) is NameWordKind.TITLE
        doctor = titled and _plain(words[0].group()) in {"dr", "doctor"}
        words = words[1:] if titled else words
        letters = "".join(_plain(word.group()) for word in words)
        if all(len(_plain(word.group())) < 2 for word in words) or not _may_be_said(letters):
            return None
        value = self._ordered(held, words)
        if value is None:
            return None
        provider = degree is NameWordKind.CREDENTIAL or doctor
        return PersonName(value, words[0].start(), words[-1].end(), len(words), provider, degree is NameWordKind.STAFF)

    def _may_be_degree(self, plain: str, words: list[re.Match[str]]) -> bool:
        """Whether a word behind a name and a comma is a degree: no given name is shorter behind a plain family name."""
        if MISREAD_DEGREE.fullmatch(plain):
            return True
        particles = any(self._kinds.get(_plain(word.group())) is NameWordKind.PARTICLE for word in words)
        return len(plain) <= LONGEST_DEGREE and not particles and "-" not in words[-1].group()

    def _ordered(self, text: str, words: list[re.Match[str]]) -> str | None:
        """Last name first, whichever way it was written."""
        cut = next((i for i in range(1, len(words)) if "," in text[words[i - 1].end() : words[i].start()]), None)
        kinds = [self._kinds.get(_plain(word.group())) for word in words]
        spelled = [_cased(word.group(), kind) for word, kind in zip(words, kinds, strict=True)]
        suffix = [word for i, word in enumerate(spelled) if kinds[i] is NameWordKind.SUFFIX and i]
        keep = [i for i in range(len(words)) if not i or kinds[i] is not NameWordKind.SUFFIX]
        if cut is not None and any(i >= cut for i in keep):
            last = [spelled[i] for i in keep if i < cut]
            first = [spelled[i] for i in keep if i >= cut]
        else:
            split = len(keep) - 1
            while split > 1 and kinds[keep[split - 1]] is NameWordKind.PARTICLE:
                split -= 1
            last = [spelled[i] for i in keep[split:]]
            first = [spelled[i] for i in keep[:split]]
        family = " ".join([*last, *suffix])
        return f"{family}, {' '.join(first)}" if first else family


def same_person(one: str, other: str) -> bool | None:
    """Whether two names may be one person's: True, False, or None where they are merely alike."""
    if one.casefold() == other.casefold():
        return True
    last, first = _halves(one)
    other_last, other_first = _halves(other)
    if fuzz.ratio(last, other_last) >= 80 and (not first or not other_first):
        return None
    initials = len(first) == 1 or len(other_first) == 1
    if initials and fuzz.ratio(last, other_last) >= SAME_FROM and first[:1] == other_first[:1]:
        return True
    alike = max(
        fuzz.token_sort_ratio(_letters(one), _letters(other)),
        fuzz.ratio(f"{last} {first}", f"{other_last} {other_first}"),
    )
    if alike >= SAME_FROM:
        return None if fuzz.ratio(first, other_first) < 90 and not initials else True
    return False if alike < OTHER_BELOW else None


def spelled_alike(one: str, other: str) -> bool:
    """Whether two ways to write a name differ in no letter, but for names left out or cut to their initials."""
    last, _, first = one.partition(",")
    other_last, _, other_first = other.partition(",")
    if _letters(last).split() != _letters(other_last).split():
        return False
    pairs = zip(_letters(first).split(), _letters(other_first).split(), strict=False)
    return all(a == b or (1 in (len(a), len(b)) and a[0] == b[0]) for a, b in pairs)


def _may_be_said(letters: str) -> bool:
    """Whether letters can be a name's; letters beyond English count as vowels."""
    return len(letters) >= FEWEST_LETTERS and any(char in VOWELS or not char.isascii() for char in letters)


def _halves(name: str) -> tuple[str, str]:
    last, _, first = name.partition(",")
    return _letters(last), _letters(first.split()[0]) if first.split() else ""


def _letters(name: str) -> str:
    return " ".join("".join(c if c.isalpha() else " " for c in name.casefold()).split())


def _cased(word: str, kind: NameWordKind | None) -> str:
    """A name without the full stop of its initials, in capitals or small letters set with capital first letters."""
    word = word.rstrip(".")
    if kind is NameWordKind.PARTICLE and word.islower():
        return word
    if kind is NameWordKind.SUFFIX:
        return word.upper() if set(word.lower()) <= set("iv") else word.capitalize()
    if not (word.isupper() or word.islower()) or len(word) == 1:
        return word[0].upper() + word[1:]
    return re.sub(r"[^\W\d_]+", lambda part: part.group().capitalize(), word)


def _plain(word: str) -> str:
    return "".join(char for char in word.casefold() if char.isalpha())
