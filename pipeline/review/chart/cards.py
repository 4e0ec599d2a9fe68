"""The cards of the review panel: each entity with its candidates, as the coder sees them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from pipeline.records import CLAIMED, ICD10_FROM, SYSTEM_NAMES, Candidate, CodeSystem, Context, Entity, Label
from pipeline.store.matching import anchors_of
from pipeline.store.review_state import Review, Verdict

LABEL_NAMES = {Label.DIAGNOSIS: "Diagnosis", Label.PROCEDURE: "Procedure", Label.SUPPLY: "Supply"}
BECAUSE = {
    "negated": "the note denies it",
    "uncertain": "it is only suspected",
    "historical": "it lies in the past",
    "family": "a relative has it",
    "hypothetical": "it may never happen",
}
DETAILS = {
    "coded": None,
    "written_code": "provider wrote {}",
    "repaired": "read as “{}”",
    "also_read": "or else “{}”",
    "lasting": "a lasting illness",
    "supplied": "{}",
    "mark": "box {}",
    "done": "{}",
    "drawn": "drawn here",
    "counselled": "with counselling",
}
"""How attributes are told, others as `laterality left`; the first is told by the note below."""
SHOWN = 3
"""Candidates of a system that are shown before the fold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One candidate code on a card."""

    system: CodeSystem
    code: str
    display: str
    score: int
    """Percent."""
    proposed: bool
    billable: bool
    reasons: tuple[str, ...]
    """Sentences of its evidence, the strongest first."""
    withheld: str | None
    billed: str | None
    """How it would be billed, beyond its number: `3 units, RT`."""
    warnings: tuple[str, ...]
    """What to look at before accepting it."""
    verdict: Verdict | None
    """How the coder decided on this code in this encounter; None while open."""
    open: bool
    """It is proposed and waits for the coder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceGroup:
    """The candidates of one code system."""

    system: CodeSystem
    name: str
    shown: tuple[Choice, ...]
    more: tuple[Choice, ...]
    """Below the fold."""
    folded: bool
    """The date of service asks for the other edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One entity with all that a coder needs to decide on it."""

    id: str
    """Entity id; the same stands on its boxes."""
    label: Label
    label_name: str
    text: str
    reads_as: str | None
    """What the code books were asked for, where it differs from the text."""
    section: str | None
    badges: tuple[str, ...]
    details: tuple[str, ...]
    """Attributes as a person would say them: `laterality left`."""
    sure: int | None
    """Percent that its words were read right."""
    unreadable: bool
    pages: tuple[int, ...]
    groups: tuple[ChoiceGroup, ...]
    note: str | None
    """Why nothing is proposed, where nothing is."""
    quiet: bool
    """Nothing is proposed and nothing was decided: one line is enough."""
    open: bool
    """One of its proposed codes waits for the coder."""
    decided: tuple[Choice, ...]
    """Its codes that were decided on; with nothing open, they are what a line tells."""
    first: Choice | None
    """Where nothing is proposed and nothing was decided: what comes nearest, told while the card is folded."""
    crop: str | None
    """Its ink as `PAGE/X0-Y0-X1-Y1`, in pixels of the page as rendered; None where it has no boxes."""
    search_in: CodeSystem | None
    """Where a search for this entity begins."""


def shown_first(day: date | None) -> frozenset[CodeSystem]:
    """Systems that the date of service asks for; all of them while it is unknown."""
    systems = set(CLAIMED)
    if day is not None:
        systems.discard(CodeSystem.ICD9CM if day >= ICD10_FROM else CodeSystem.ICD10CM)
    return frozenset(systems)


def icd_for(day: date | None) -> CodeSystem:
    """The ICD edition of a date of service; the present one while it is unknown."""
    return CodeSystem.ICD9CM if day is not None and day < ICD10_FROM else CodeSystem.ICD10CM


def percent(probability: float | None) -> int | None:
    """A probability as whole percent: 100 only where it is certain, 0 only where it is impossible."""
    if probability is None:
        return None
    if probability in (0.0, 1.0):
        return round(probability * 100)
    return min(99, max(1, round(probability * 100)))


def words_of(key: str) -> str:
    """A section key or attribute name as a person would write it."""
    return key.replace("_", " ").strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What the chart names of one kind."""

    name: str
    """`Diagnoses`, `Procedures` or `Supplies`."""
    kind: str
    cards: tuple[Card, ...]
    """With something proposed or decided, in reading order."""
    quiet: tuple[Card, ...]
    """Where nothing is proposed."""
    open: int
    """How many cards wait for the coder."""


def findings(cards: tuple[Card, ...]) -> tuple[Findings, ...]:
    """The cards by kind; a kind of which the chart names nothing is there too."""
    names = {Label.DIAGNOSIS: "Diagnoses", Label.PROCEDURE: "Procedures", Label.SUPPLY: "Supplies"}
    return tuple(
        Findings(
            name=name,
            kind=label.value.lower(),
            cards=tuple(card for card in cards if card.label is label and not card.quiet),
            quiet=tuple(card for card in cards if card.label is label and card.quiet),
            open=sum(card.open for card in cards if card.label is label),
        )
        for label, name in names.items()
    )


def card(
    entity: Entity,
    candidates: Iterable[Candidate],
    review: Review,
    day: date | None,
    sizes: Mapping[int, tuple[int, int]] = MappingProxyType({}),
) -> Card:
    """One entity's card.

    Args:
        entity: what the chart names.
        candidates: of this entity, in any order.
        review: what was decided so far.
        day: date of service, confirmed or proposed.
        sizes: width and height of each page as rendered, by its number.
    """
    first = shown_first(day)
    own = sorted(candidates, key=lambda candidate: candidate.rank)
    systems = sorted({candidate.system for candidate in own}, key=lambda s: (s not in first, list(CodeSystem).index(s)))
    settled = _settled(entity, own, review)
    choices = [_choice(c, review, waits=c.system in first and c.system not in settled) for c in own]
    groups = tuple(_group(s, [c for c in choices if c.system is s], s not in first) for s in systems)
    decided = tuple(c for c in choices if c.verdict is not None)
    proposed = any(c.proposed for c in own if c.system in first)
    badges = _badges(entity.context)
    return Card(
        id=entity.id,
        label=entity.label,
        label_name=LABEL_NAMES[entity.label],
        text=entity.text,
        reads_as=None if entity.normalized.lower() == entity.text.lower() else entity.normalized,
        section=None if entity.section is None else words_of(entity.section).capitalize(),
        badges=badges,
        details=_details(entity),
        sure=percent(entity.confidence),
        unreadable=entity.unreadable,
        pages=tuple(dict.fromkeys(span.page for span in entity.spans)),
        groups=groups,
        note=None if proposed else _why_nothing(entity, own, badges),
        quiet=not proposed and not decided,
        open=any(c.open for c in choices),
        decided=decided,
        first=None
        if proposed or decided
        else next((c for g in groups if not g.folded for c in g.shown if c.billable), None),
        crop=_crop(entity, sizes),
        search_in={Label.DIAGNOSIS: icd_for(day), Label.PROCEDURE: CodeSystem.CPT, Label.SUPPLY: CodeSystem.HCPCS}[
            entity.label
        ],
    )


def _details(entity: Entity) -> tuple[str, ...]:
    ways = [(DETAILS.get(a.name, f"{words_of(a.name)} {{}}"), a.value) for a in entity.attributes]
    return tuple(way.format(value) for way, value in ways if way is not None)


def _badges(context: Context) -> tuple[str, ...]:
    named = (
        ("negated", context.negated),
        ("uncertain", context.uncertain),
        ("historical", context.historical),
        ("family", context.family),
        ("hypothetical", context.hypothetical),
    )
    return tuple(name for name, holds in named if holds)


def _why_nothing(entity: Entity, candidates: list[Candidate], badges: tuple[str, ...]) -> str:
    withheld = next((c.withheld for c in candidates if c.withheld is not None), None)
    if withheld is not None:
        return withheld
    if entity.unreadable:
        return "One of its words is unreadable or crossed out; look at the ink."
    if any(a.name == "coded" and a.value == "no" for a in entity.attributes):
        return "Part of the visit, or too general to have a code of its own."
    if badges:
        return f"Not proposed: {' and '.join(BECAUSE[badge] for badge in badges)}."
    return "Nothing is sure enough to be proposed." if candidates else "No code was found for these words."


def _settled(entity: Entity, candidates: list[Candidate], review: Review) -> frozenset[CodeSystem]:
    """Systems in which the coder chose another code for this finding than what is proposed."""
    proposed = {(c.system, c.code) for c in candidates if c.proposed}
    own = {(c.system, c.code) for c in candidates}
    ink = anchors_of(entity.spans)
    return frozenset(
        code.system
        for code in review.accepted()
        if (code.system, code.code) not in proposed
        and ((code.system, code.code) in own or (code.added and code.anchors == ink))
    )


def _crop(entity: Entity, sizes: Mapping[int, tuple[int, int]]) -> str | None:
    """The line of its first words, with a margin to read them in."""
    span = next((span for span in entity.spans if span.boxes and span.page in sizes), None)
    if span is None:
        return None
    width, height = sizes[span.page]
    top, bottom = min(b.y0 for b in span.boxes), max(b.y1 for b in span.boxes)
    margin = max(4, (bottom - top) // 3)
    x0 = max(0, min(b.x0 for b in span.boxes) - 2 * margin)
    x1 = min(width, max(b.x1 for b in span.boxes) + 2 * margin)
    return f"{span.page}/{x0}-{max(0, top - margin)}-{x1}-{min(height, bottom + margin)}"


def _choice(candidate: Candidate, review: Review, *, waits: bool) -> Choice:
    verdict = review.codes.get((candidate.system, candidate.code))
    return Choice(
        system=candidate.system,
        code=candidate.code,
        display=candidate.display,
        score=percent(candidate.score) or 0,
        proposed=candidate.proposed,
        billable=candidate.billable,
        reasons=tuple(evidence.detail for evidence in candidate.evidence),
        withheld=candidate.withheld,
        billed=_billed(candidate),
        warnings=candidate.warnings,
        verdict=None if verdict is None else verdict.verdict,
        open=waits and candidate.proposed and verdict is None,
    )


def _billed(candidate: Candidate) -> str | None:
    units = () if candidate.units in (None, 1) else (f"{candidate.units} units",)
    return ", ".join((*units, *candidate.modifiers)) or None


def _group(system: CodeSystem, choices: list[Choice], folded: bool) -> ChoiceGroup:
    # A choice that waits or was decided stays in sight wherever it ranks.
    shown = [c for n, c in enumerate(choices) if n < SHOWN or c.open or c.verdict is not None]
    return ChoiceGroup(
        system=system,
        name=SYSTEM_NAMES[system],
        shown=tuple(shown),
        more=tuple(c for c in choices if c not in shown),
        folded=folded,
    )
