"""An edit: one thing that is the matter with a claim, and how much it weighs."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from pipeline.records import WarningKind

CLAIM = "claim"
"""The field of what concerns a claim as a whole."""


class Severity(StrEnum):
    """How much an edit weighs."""

    ERROR = "error"
    """The claim is not released."""
    WARNING = "warning"
    """It is released only with a reason."""
    NOTE = "note"
    """To be known; nothing is asked."""


class ClaimKind(StrEnum):
    """What only a claim shows, besides what the rules say of its codes."""

    NOT_PROVEN = "not_proven"
    POINTER = "pointer"
    CAUSE_FIRST = "cause_first"
    SEX_STATED = "sex_stated"
    """The code is of the other sex, and a line says that the payer's conditions are met."""
    PAIR_NEVER = "pair_never"
    PAIR = "pair"
    PAIR_APART = "pair_apart"
    """The claim says that the two were separate services."""
    UNITS_POLICY = "units_policy"
    UNITS_BENCHMARK = "units_benchmark"
    UNITS_LINE = "units_line"
    UNITS_USUAL = "units_usual"
    SIDE_MISSING = "side_missing"
    SIDE_OPEN = "side_open"
    SIDE_CONFLICT = "side_conflict"
    DUPLICATE = "duplicate"
    REPEATED = "repeated"
    """A service that stands on another claim, too."""
    LINE_TWICE = "line_twice"
    NECESSITY = "necessity"


Kind: TypeAlias = WarningKind | ClaimKind
KINDS: tuple[Kind, ...] = (
    *(kind for kind in WarningKind if kind not in (WarningKind.PAIR, WarningKind.UNITS)),
    *ClaimKind,
)
"""Every kind of edit. Pairs and units are judged by line, which the rules for codes do not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What was found, before it is weighed."""

    kind: Kind
    field: str
    sentence: str
    about: tuple[str, ...] = ()
    """What it depends on: another code, other units or modifiers make it another matter."""
    source: str | None = None
    """Where the rule stands; None where the table of severities says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What the table says of a kind."""

    severity: Severity
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One thing that is the matter with a claim."""

    key: str
    """The same as long as the matter is, wherever its line stands; a reason is kept with it."""
    severity: Severity
    field: str
    """Where it stands in the `Claim`: `lines.2`, `lines.2.units`, `diagnoses.1`, counted from 1, or `claim`."""
    sentence: str
    """What is the matter. It never names a modifier with which the claim would pass."""
    source: str


def weighed(matters: Iterable[Matter], weights: dict[Kind, Weight]) -> tuple[Edit, ...]:
    """The edits of what was found: errors first, then as the claim goes; each once, with a key of its own."""
    seen: Counter[str] = Counter()
    edits = []
    for matter in dict.fromkeys(matters):
        weight = weights[matter.kind]
        key = _key(matter)
        seen[key] += 1
        edits.append(
            Edit(
                key=key if seen[key] == 1 else f"{key}-{seen[key]}",
                severity=weight.severity,
                field=matter.field,
                sentence=matter.sentence,
                source=matter.source or weight.source,
            )
        )
    order = list(Severity)
    return tuple(sorted(edits, key=lambda edit: (order.index(edit.severity), _place(edit.field))))


def _key(matter: Matter) -> str:
    said = "\n".join((*matter.about, matter.sentence))
    return f"{matter.kind}-{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def _place(field: str) -> tuple[str, int]:
    """The claim, then its diagnoses, then its lines."""
    part, _, rest = field.partition(".")
    number, *_ = rest.split(".")
    return part, int(number or 0)
