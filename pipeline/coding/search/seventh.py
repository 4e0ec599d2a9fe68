"""What the seventh character of an injury code tells: which visit it is, and how a fracture heals.

The words for it are compared by themselves, not with the words for the injury: they are the same for
thousands of codes.
"""

import re

_MARKS = (
    re.compile(r"\bsubsequent|\bfollow[- ]?up|\bhealing\b|\baftercare\b"),
    re.compile(r"\bsequelae?\b|\blate effects?\b"),
    re.compile(r"\bopen fracture|\bopen fx\b|\bcompound fracture"),
    re.compile(r"\bdelayed healing\b|\bdelayed union\b"),
    re.compile(r"\bnonunion\b|\bnon-union\b"),
    re.compile(r"\bmalunion\b"),
    re.compile(r"\btype iii|\biii[abc]\b"),
)
_SAID = re.compile(
    r",? *\b(?:initial|subsequent) (?:encounter|visit)(?: for)?"
    r"|\b(?:closed|open) fracture(?: type [i abcor,]+)?(?: with (?=routine|delayed|non|mal))?"
    r"|\b(?:with )?(?:routine|delayed) healing\b|\bwith (?:non|mal)union\b|,? *\bsequelae?\b",
    re.IGNORECASE,
)


def visit_marks(text: str) -> int:
    """Which of the seven marks a text bears, one bit each."""
    lowered = text.lower()
    return sum(1 << bit for bit, mark in enumerate(_MARKS) if mark.search(lowered))


def without_visit(text: str) -> str:
    """The text without the words for the visit, the fracture itself kept; all of it where nothing else is left."""
    left = _SAID.sub(lambda m: " fracture " if "fracture" in m[0].lower() else " ", text)
    return left if left.strip() else text
