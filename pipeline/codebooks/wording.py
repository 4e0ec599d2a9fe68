"""How words are compared: one spelling for the many that charts and code books use.

`plain` keeps a text readable (lower case, no punctuation, "w/o" written out). `stems` goes further and
gives the words by which texts are looked up: plurals folded, little words and the phrases that only say
"nothing more was said" left out.
"""

import re
import unicodedata

_WRITTEN_OUT = (
    ("/", re.compile(r"\bw/\s?o\b"), "without"),
    ("/", re.compile(r"\bw/(?=\s|[a-z])"), "with "),
    ("/", re.compile(r"\bd/t\b"), "due to"),
    ("/", re.compile(r"\bc/w\b"), "consistent with"),
    ("/", re.compile(r"\bs/p\b"), "status post"),
    (" ray", re.compile(r"\bx rays?\b"), "xray"),
    ("-ray", re.compile(r"\bx-rays?\b"), "xray"),
    ("s)", re.compile(r"\(e?s\)"), ""),
    ("'", re.compile(r"(?<=[a-z])'s\b|'"), ""),
    ("&", re.compile(r"&"), " and "),
    ("-", re.compile(r"\b([a-z])-(?=[a-z0-9])"), r"\1"),
    (" i", re.compile(r"\b(types?|stage|grade|class|degree) iii\b"), r"\1 3"),
    (" i", re.compile(r"\b(types?|stage|grade|class|degree) ii\b"), r"\1 2"),
    (" i", re.compile(r"\b(types?|stage|grade|class|degree) i\b"), r"\1 1"),
    (" iv", re.compile(r"\b(types?|stage|grade|class|degree) iv\b"), r"\1 4"),
)
"""What must stand in a text (a quick look), what is looked for, and what is written instead."""
_WORD = re.compile(r"\d+(?:\.\d+)?|[a-z]+\d*[a-z]*", re.ASCII)

_SAYS_NO_MORE = re.compile(
    r"\b(?:(?:or )?(?:unspecified|unspec|unsp)"
    r" (?:type|site|part|degree|cause|severity|laterality|side|sex|organism)(?: of)?"
    r"|(?:site|part|type|cause|degree|severity|side|organism|etiology)s? (?:unspecified|unspec|nos)"
    r"|not otherwise specified|unspecified as to [a-z ]+|of unspecified [a-z]+|without mention of complications?"
    r"|not stated as uncontrolled|without complications?|uncomplicated|unspecified|unspec|nos|initial encounter)\b"
)
_LEFTOVER = re.compile(
    r"\b(?:other specified|other and|and other|other|not elsewhere classified|classified elsewhere|nec|elsewhere)\b"
)
# fmt: off
_LITTLE = frozenset((
    "a", "an", "and", "any", "are", "as", "at", "be", "by", "for", "from", "has", "have", "if", "in", "into", "is",
    "it", "its", "of", "on", "or", "that", "the", "their", "there", "this", "to", "was", "were", "which", "who",
))
# fmt: on


def plain(text: str) -> str:
    """The text in lower case, words and numbers only, shorthand such as `w/o` and `d/t` written out."""
    lowered = text.lower()
    if not lowered.isascii():
        parted = unicodedata.normalize("NFKD", lowered.replace("’", "'"))
        lowered = "".join(c for c in parted if not unicodedata.combining(c))
    for glimpse, pattern, instead in _WRITTEN_OUT:
        if glimpse in lowered:
            lowered = pattern.sub(instead, lowered)
    return " ".join(_WORD.findall(lowered))


def is_leftover(words: str) -> bool:
    """Whether a plain description is one of "other", for what has no code of its own."""
    return _LEFTOVER.search(words) is not None


def without_filler(words: str) -> str:
    """A plain text without the phrases that say that nothing more was said ("unspecified", "NOS", ...)."""
    return " ".join(_SAYS_NO_MORE.sub(" ", words).split()) or words


def stem(word: str) -> str:
    """A word with its plural folded: `fractures` -> `fracture`, `allergies` -> `allergy`."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def stems(text: str) -> tuple[str, ...]:
    """The words of a text that carry meaning, folded, in their order; the whole text if none do."""
    return stems_of(plain(text))


def stems_of(words: str) -> tuple[str, ...]:
    """As `stems`, of a text that is plain already; where little else is said, little words count: `hepatitis a`."""
    kept = without_filler(words).split()
    telling = tuple(stem(word) for word in kept if word not in _LITTLE)
    return telling if len(telling) > 1 or len(kept) == 1 else tuple(stem(word) for word in kept)


def bag(text: str) -> str:
    """What two texts have in common if they differ only in order, plural, punctuation and little words."""
    return " ".join(sorted(set(stems(text))))
