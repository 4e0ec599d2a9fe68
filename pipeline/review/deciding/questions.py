"""Questions to providers: the table to begin from, and what makes a question lead.

The practice is that of compliant queries: what the chart says is quoted with its place, the question is open or gives
choices among which are “other” and “unable to determine”, and neither a code, a payment nor a condition that the note
does not name stands in it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from pipeline.records import CodeSystem
from pipeline.review.desk import CodeSearch

BOX = "☐ "
"""Begins a choice in a question's text."""
PAYMENT = re.compile(
    r"\b(paid|pay(s|er|ers|ing|ment|ments|able)?|money|reimburse\w*|bill(s|ed|ing|able)?|claims?|denials?|denied|revenue|drgs?|hccs?|raf|"
    r"insur(er|ers|ance)|cod(e|es|ed|ing) higher|severity of illness|rvus?|e/?m level|higher level)\b",
    re.IGNORECASE,
)
PUSHES = (
    (
        re.compile(r"\bplease\s+(document|add|state|write|include|change|addend|amend)\b", re.IGNORECASE),
        "asks to write",
    ),
    (re.compile(r"\b(should|must|needs? to)\s+(be|say|read|state|include)\b", re.IGNORECASE), "says what should stand"),
    (re.compile(r"\b(do|would|don't|wouldn't) you (not )?agree\b", re.IGNORECASE), "asks for agreement"),
    (re.compile(r"\b(isn't|wasn't|doesn't|aren't|right\?|correct\?)", re.IGNORECASE), "suggests its answer"),
)
CLOSED = re.compile(r"^(is|are|was|were|does|do|did|has|have|had|can|could|would)\b", re.IGNORECASE)
CODE = re.compile(r"\b(?:[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?|[EV]?\d{2,3}\.\d{1,2}|\d{3}|\d{5}|[A-Z]\d{4})\b")
WORD = re.compile(r"[^\W\d_]{5,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A question to begin from; `{words}` in it stands for the words that it is about."""

    key: str
    name: str
    question: str
    choices: tuple[str, ...]

    def about(self, words: str) -> str:
        """The question on these words of the note."""
        return self.question.replace("{words}", words or "…")


def load_templates() -> tuple[Template, ...]:
    """The questions of the package, in the order in which they are offered."""
    lines = (files("pipeline.review.deciding") / "questions.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    return tuple(
        Template(key=key, name=name, question=question, choices=tuple(c for c in choices.split("|") if c))
        for key, name, question, choices in rows
    )


@cache
def ordinary_words() -> frozenset[str]:
    """Words that begin descriptions of codes and name no condition by themselves."""
    return frozenset((files("pipeline.review.deciding") / "ordinary.tsv").read_text(encoding="utf-8").split())


def joined(question: str, choices: Iterable[str]) -> str:
    """A question with its choices as the journal keeps it."""
    return "\n".join((question.strip(), *(f"{BOX}{choice.strip()}" for choice in choices if choice.strip())))


def parted(text: str) -> tuple[str, tuple[str, ...]]:
    """A question of the journal, and its choices."""
    lines = text.splitlines()
    words = "\n".join(line for line in lines if not line.startswith(BOX))
    return words, tuple(line.removeprefix(BOX) for line in lines if line.startswith(BOX))


def leading(question: str, choices: tuple[str, ...], note: str, books: CodeSearch, on: date | None) -> tuple[str, ...]:
    """Why a question leads the provider to an answer; empty where nothing was noticed.

    Args:
        question: as typed.
        choices: to tick; none for an open question.
        note: all that was read of the encounter.
        books: tell codes and the names of conditions.
        on: date of service.
    """
    whole = " ".join((question, *choices))
    found = []
    for code in dict.fromkeys(CODE.findall(whole)):
        if code not in note and any(books.get(system, code, on) for system in CodeSystem):
            found.append(f"It names the code {code}: ask for what happened, and code that.")
    payment = PAYMENT.search(whole)
    if payment:
        found.append(f"It speaks of payment (“{payment[0]}”), which has no place in a question to a provider.")
    for pattern, why in PUSHES:
        pushed = pattern.search(question)
        if pushed:
            found.append(f"“{pushed[0]}” {why}: ask openly instead.")
    asked = re.split(r"(?<=[.!?])\s+", question.strip())[-1]
    if CLOSED.match(asked) and not choices and "or not" not in asked:
        found.append("It can only be answered by yes or no, which suggests yes: ask openly, or give choices.")
    if choices:
        found += _missing(choices)
    found += [
        f"It names “{word}”, which the note does not: quote what the note says and ask what it means."
        for word in _conditions(whole, note, books, on)
    ]
    return tuple(found)


def _missing(choices: tuple[str, ...]) -> list[str]:
    text = " ".join(choices).casefold()
    return [
        f"Its choices lack {name}: a provider must be able to say so."
        for name, words in (("“other”", ("other",)), ("“unable to determine”", ("unable to determine", "undetermined")))
        if not any(word in text for word in words)
    ]


def _conditions(text: str, note: str, books: CodeSearch, on: date | None) -> list[str]:
    """Words that begin the description of a diagnosis and do not stand in the note."""
    known = note.casefold()
    found = []
    for word in dict.fromkeys(word.casefold() for word in WORD.findall(text)):
        if word in ordinary_words() or word in known:
            continue
        for system in (CodeSystem.ICD10CM, CodeSystem.ICD9CM):
            if any(
                code.display.casefold().startswith(word) for code in books.search(word, system=system, on=on, limit=20)
            ):
                found.append(word)
                break
    return found
