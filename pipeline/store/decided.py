"""What a person can decide, and the journal's record of it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pipeline.records import Anchor, CodeSystem, Context, Label, PageSource, Patient, WrittenLine


class Action(StrEnum):
    """What a person decided."""

    ACCEPT = "accept"
    REJECT = "reject"
    REPLACE = "replace"
    ADD = "add"
    CLEAR = "clear"
    """Takes back what was decided on this code."""
    BILL = "bill"
    """Units, modifiers and diagnoses of an accepted service."""
    ORDER = "order"
    """The diagnoses as they will stand on the claim."""
    WRITE_LINE = "write-line"
    """What a line of the page says, or what stands in a box that was drawn."""
    SET_CONTEXT = "set-context"
    """How the note means a finding."""
    CONFIRM_PATIENT = "confirm-patient"
    CONFIRM_DATE = "confirm-date"
    ATTEST_SIGNATURE = "attest-signature"
    """The note is signed, though the reading did not see it."""
    SET_PAGES = "set-pages"
    """The pages of the encounter, after a split, a merge or a page that was moved."""
    MERGE = "merge"
    """Its pages went to another encounter."""
    HOLD = "hold"
    RELEASE = "release"
    ASK = "ask"
    """A question to the provider."""
    ANSWER = "answer"
    """What the provider answered, to the question `about`."""
    CONFIRM_ENCOUNTER = "confirm-encounter"
    REOPEN = "reopen"
    """With its reason."""
    UNDO = "undo"
    """The decision `about` does not count any more."""


class HoldKind(StrEnum):
    """What an encounter waits for."""

    QUERY = "query"
    SIGNATURE = "signature"
    MISSING_PAGE = "missing-page"
    DATE = "date"
    RESCAN = "re-scan"
    ADDENDUM = "addendum"
    OTHER = "other"


ON_CODES = frozenset({Action.ACCEPT, Action.REJECT, Action.REPLACE, Action.ADD, Action.CLEAR, Action.BILL})
"""Actions that are about one code."""
FIRST_ROUND = 1
SECOND_ROUND = 2
"""Of a second coder who does not see the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One thing that one person decided at one time. Appended, never edited."""

    id: int
    at: datetime
    who: str
    encounter: str
    """Encounter id in the store."""
    round: int = FIRST_ROUND
    reading: int
    """Number of the reading that the person saw."""
    action: Action
    system: CodeSystem | None = None
    code: str | None = None
    """The code that is accepted, rejected, added or cleared, or that replaces another."""
    display: str | None = None
    """What the code book called it at that time."""
    replaces: str | None = None
    """Code that `code` stands in for."""
    anchors: tuple[Anchor, ...] = ()
    patient: Patient | None = None
    date_of_service: date | None = None
    units: int | None = None
    """Of BILL; None leaves them to the claim, which takes 1."""
    modifiers: tuple[str, ...] = ()
    """Of BILL."""
    points_to: tuple[str, ...] = ()
    """Of BILL: diagnosis codes that justify the service, the primary first."""
    order: tuple[str, ...] = ()
    """Of ORDER: diagnosis codes of `system`, the primary first."""
    line: WrittenLine | None = None
    """Of WRITE_LINE."""
    label: Label | None = None
    """Of SET_CONTEXT."""
    context: Context | None = None
    """Of SET_CONTEXT, for the finding at the anchors."""
    pages: tuple[PageSource, ...] = ()
    """Of SET_PAGES: all pages of the encounter from now on."""
    other: str | None = None
    """Another encounter: that pages went to or came from."""
    hold: HoldKind | None = None
    owner: str | None = None
    """Of HOLD: who sees to it."""
    due: date | None = None
    """Of HOLD: when it is looked at again."""
    text: str | None = None
    """A person's own words: a reason, a question, an answer, who signed."""
    about: int | None = None
    """Id of the decision that is undone or answered."""
