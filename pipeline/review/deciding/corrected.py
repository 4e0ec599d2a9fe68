"""What people corrected of a chart, as the panel shows it: lines, contexts, and what became of the codes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from pipeline.layers.meaning import SAME_INK, share_of_ink
from pipeline.records import SYSTEM_NAMES, Candidate, Context, Entity, Finding
from pipeline.review.chart.cards import BECAUSE, shown_first
from pipeline.review.chart.sheets import Sheet, Sheets
from pipeline.review.chart.understanding import Seen
from pipeline.store.decided import Action, Decision
from pipeline.store.matching import anchors_of
from pipeline.store.review_state import effective

ANEW = frozenset(
    {Action.WRITE_LINE, Action.SET_CONTEXT, Action.UNDO, Action.CONFIRM_DATE, Action.CONFIRM_PATIENT, Action.SET_PAGES}
)
"""Decisions after which a chart may be understood otherwise."""
IDENTITY = frozenset({Action.CONFIRM_DATE, Action.CONFIRM_PATIENT})
"""Said together in one form."""
MEANINGS = ("negated", "uncertain", "historical", "hypothetical", "family")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A line or context that a person corrected."""

    decision: int
    """Its id, to undo it."""
    who: str
    at: datetime
    page: int
    box: str | None
    """Of the line, as its address has it."""
    text: str
    """What the person says."""
    read: str
    """What the reading has there; empty where it has nothing."""
    drawn: bool = False
    read_again: bool = False
    """It was made on an older reading than the one beside which it stands."""
    lost: bool = False
    """What it was said of is not found any more."""
    line: str | None = None
    """Id of the line that it became."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """How the note means a finding: what holds, the sentence it stands in, and who said so."""

    context: Context
    sentence: str
    """As read."""
    said: Correction | None
    """None where nobody did: the product took it from the note."""

    def holds(self) -> tuple[tuple[str, str, bool], ...]:
        """Each way to mean it: its name, what it says, and whether it holds."""
        return tuple((name, BECAUSE[name], getattr(self.context, name)) for name in MEANINGS)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeChange:
    """A code that is proposed now and was not before, or the reverse."""

    system_name: str
    code: str
    display: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What became of the proposed codes."""

    new: tuple[CodeChange, ...] = ()
    gone: tuple[CodeChange, ...] = ()
    other_findings: bool = False
    """Findings changed, whether or not their codes did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """All that people corrected of one chart."""

    lines: tuple[Correction, ...] = ()
    """Those that count, the newest first."""
    unmatched: tuple[Correction, ...] = ()
    """Contexts of findings that are not found any more."""
    meanings: Mapping[str, Meaning] = field(default_factory=dict)
    """By entity id."""
    line_of: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """Page and box of the line that an entity begins on, by entity id."""
    changed: Changed | None = None
    """After the latest correction; None where the latest decision was none."""

    def of_line(self, id: str) -> Correction | None:
        """The correction that a line of the page stands for."""
        return next((each for each in self.lines if each.line == id), None)


def address_of(box: tuple[int, ...]) -> str:
    """A box as an address has it: `x0-y0-x1-y1`."""
    return "-".join(map(str, box))


def corrected(seen: Seen, decisions: tuple[Decision, ...]) -> Corrections:
    """What people corrected of a chart.

    Args:
        seen: the chart with the corrections in it.
        decisions: its journal, oldest first.
    """
    counting = effective(decisions)
    entities = seen.reading.entities
    boxes = {line.id: line.box for page in seen.reading.pages for line in page.lines}
    own = [entity for entity in entities if entity.id in seen.encounter.proposal.entities]
    return Corrections(
        lines=_lines(seen, counting),
        unmatched=_unmatched(seen, counting),
        meanings={entity.id: _meaning(entity, counting) for entity in own},
        line_of={
            entity.id: (entity.spans[0].page, address_of(box))
            for entity in own
            if entity.spans and (box := boxes.get(entity.spans[0].line)) is not None
        },
    )


def _lines(seen: Seen, decisions: tuple[Decision, ...]) -> tuple[Correction, ...]:
    by_line = {decision.line: decision for decision in decisions if decision.line is not None}
    found = []
    for laid in seen.understanding.lines if seen.understanding else ():
        decision = by_line[laid.written]
        found.append(
            Correction(
                decision=decision.id,
                who=decision.who,
                at=decision.at,
                page=laid.written.page,
                box=address_of(laid.written.box),
                text=laid.written.text,
                read=laid.read,
                drawn=laid.written.drawn,
                read_again=decision.reading < seen.encounter.reading and laid.read != laid.written.text,
                lost=laid.line is None and bool(laid.written.text.strip()),
                line=laid.line,
            )
        )
    return tuple(sorted(found, key=lambda each: -each.decision))


def _unmatched(seen: Seen, decisions: tuple[Decision, ...]) -> tuple[Correction, ...]:
    lost = seen.understanding.unmatched if seen.understanding else ()
    return tuple(
        _of_context(decision)
        for decision in decisions
        if decision.action is Action.SET_CONTEXT
        and any(
            (change.anchors, change.label, change.context) == (decision.anchors, decision.label, decision.context)
            for change in lost
        )
    )


def _meaning(entity: Entity, decisions: tuple[Decision, ...]) -> Meaning:
    ink = anchors_of(entity.spans)
    said = [
        decision
        for decision in decisions
        if decision.action is Action.SET_CONTEXT
        and decision.label is entity.label
        and decision.context == entity.context
        and (decision.anchors == ink or share_of_ink(decision.anchors, ink) >= SAME_INK)
    ]
    return Meaning(
        context=entity.context,
        sentence=entity.line or entity.text,
        said=_of_context(said[-1]) if said else None,
    )


def _of_context(decision: Decision) -> Correction:
    context = decision.context or Context()
    words = " and ".join(name for name in MEANINGS if getattr(context, name)) or "present"
    return Correction(
        decision=decision.id,
        who=decision.who,
        at=decision.at,
        page=decision.anchors[0].page if decision.anchors else 0,
        box=None,
        text=words,
        read="",
    )


def marked(sheets: Sheets, corrections: Corrections) -> Sheets:
    """The pages with the lines marked that people wrote."""
    if not corrections.lines:
        return sheets
    by_place = {(each.page, each.box): each for each in corrections.lines}

    def one(sheet: Sheet) -> Sheet:
        lines = []
        for rect in sheet.lines:
            place = address_of((rect.x, rect.y, rect.x + rect.width, rect.y + rect.height))
            each = by_place.get((sheet.number, place))
            if each is not None:
                title = f"{'Drawn' if each.drawn else 'Corrected'} by {each.who}: {each.text}"
                rect = replace(rect, kind=f"{rect.kind} corrected", title=title)
            lines.append(rect)
        return replace(sheet, lines=tuple(lines))

    return replace(
        sheets,
        own=tuple(map(one, sheets.own)),
        empty=tuple(map(one, sheets.empty)),
        others=tuple(map(one, sheets.others)),
    )


def before_change(decisions: tuple[Decision, ...]) -> tuple[Decision, ...] | None:
    """The journal before its latest decision, where that is one after which a chart may be understood otherwise.

    Patient and date of service are said in one form, so they go together.
    """
    if not decisions or decisions[-1].action not in ANEW:
        return None
    earlier = decisions[:-1]
    if decisions[-1].action in IDENTITY:
        while earlier and earlier[-1].action in IDENTITY:
            earlier = earlier[:-1]
    return earlier


def changes(before: Seen, now: Seen) -> Changed | None:
    """What became of the proposed codes; None where it is the same chart."""
    if before == now:
        return None
    old, new = _proposed(before), _proposed(now)
    return Changed(
        new=tuple(change for key, change in new.items() if key not in old),
        gone=tuple(change for key, change in old.items() if key not in new),
        other_findings=_findings(before) != _findings(now),
    )


def _proposed(seen: Seen) -> dict[tuple[str, str], CodeChange]:
    encounter = seen.encounter.proposal
    first = shown_first(_day(encounter.date_of_service))
    return {
        (candidate.system, candidate.code): _code(candidate)
        for candidate in seen.reading.candidates
        if candidate.proposed and candidate.encounter == encounter.id and candidate.system in first
    }


def _code(candidate: Candidate) -> CodeChange:
    return CodeChange(system_name=SYSTEM_NAMES[candidate.system], code=candidate.code, display=candidate.display)


def _findings(seen: Seen) -> list[tuple[str, Context]]:
    own = seen.encounter.proposal.entities
    return [(entity.normalized, entity.context) for entity in seen.reading.entities if entity.id in own]


def _day(finding: Finding | None) -> date | None:
    try:
        return None if finding is None else date.fromisoformat(finding.value)
    except ValueError:
        return None
