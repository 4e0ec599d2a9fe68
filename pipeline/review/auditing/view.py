"""The audit screen as frozen records, computed from entries by pure functions. Nothing of a chart is on it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby

from pipeline.store.audit_proof import Proof, sentence
from pipeline.store.audit_rows import Act, Entry, Wanted, text_of

WORDS: dict[Act, str] = {
    Act.VIEW_LIST: "Looked at the list",
    Act.VIEW_CHART: "Looked at a chart",
    Act.VIEW_PAGE: "Looked at a page",
    Act.VIEW_CROP: "Looked at a crop",
    Act.VIEW_CLAIM: "Looked at a claim",
    Act.CLAIM: "Step with a claim",
    Act.OFFICE: "Entered data of the office",
    Act.VIEW_INBOX: "Looked at the inbox",
    Act.VIEW_FIGURES: "Looked at figures",
    Act.VIEW: "Looked at something else",
    Act.SEARCH_CODES: "Searched for codes",
    Act.SEARCH_CHARTS: "Searched for charts",
    Act.PRINT_QUERY: "Printed a query",
    Act.DECIDE: "Decided",
    Act.TAKE: "Took a chart",
    Act.TAKE_OVER: "Took a chart over",
    Act.RELEASE: "Gave a chart back",
    Act.EXPORT: "Exported",
    Act.DOWNLOAD: "Downloaded",
    Act.SIGN_IN: "Signed in",
    Act.SIGN_IN_FAILED: "Failed to sign in",
    Act.SIGN_OUT: "Signed out",
    Act.ACCOUNT: "Changed an account",
    Act.REFUSED: "Was refused",
}
KINDS: dict[str, frozenset[Act]] = {
    "decided": frozenset({Act.DECIDE, Act.CLAIM, Act.OFFICE, Act.TAKE, Act.TAKE_OVER, Act.RELEASE}),
    "left": frozenset({Act.EXPORT, Act.DOWNLOAD, Act.PRINT_QUERY}),
    "door": frozenset({Act.SIGN_IN, Act.SIGN_OUT, Act.ACCOUNT}),
    "refused": frozenset({Act.SIGN_IN_FAILED, Act.REFUSED}),
}
NOBODY = "-nobody"
"""Stands for entries of nobody known, where an account's id stands for its entries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry."""

    number: int
    time: str
    """UTC, HH:MM:SS."""
    moment: str
    """The same to the microsecond, with its day."""
    who: str | None
    words: str
    kind: str
    """How the mark before it looks; `seen` for everything that was only looked at."""
    subject: str | None
    """Id, to ask for."""
    subject_name: str | None
    """The same for people: an account by its name."""
    detail: str | None
    request: str | None
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The entries of one day."""

    date: date
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An entry of a list to choose from."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """All that the screen shows of the log."""

    days: tuple[Day, ...]
    """The newest first."""
    shown: int
    total: int
    """Entries that fit what is asked for, shown or not."""
    whos: tuple[Choice, ...]
    acts: tuple[Choice, ...]
    asked: dict[str, str]
    """What is asked for, as the form's fields; only those that are filled in."""
    before: int | None
    """Only entries before this one are shown; None on the first screen."""
    older: int | None
    """To ask for the next screen with; None on the last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of proving the chain."""

    whole: bool
    sentence: str
    rows: int
    first: datetime | None
    last: datetime | None
    head: str


def log_of(
    entries: tuple[Entry, ...],
    wanted: Wanted,
    accounts: dict[str, str],
    *,
    total: int,
    before: int | None,
    limit: int,
) -> Log:
    """The screen of the log.

    Args:
        entries: the newest first, one more than fits the screen where there are more.
        wanted: what was asked for.
        accounts: name of each account by its id.
        total: how many entries fit.
        before: id that the entries stand before.
        limit: entries on one screen.
    """
    shown = entries[:limit]
    by_name = {name: id for id, name in accounts.items()}
    who = None if wanted.who is None else by_name.get(wanted.who, NOBODY)
    asked = {
        "who": who,
        "action": wanted.act and wanted.act.value,
        "since": wanted.since and wanted.since.isoformat(),
        "until": wanted.until and wanted.until.isoformat(),
        "subject": wanted.subject,
    }
    return Log(
        days=tuple(
            Day(date=day, lines=tuple(_line(entry, accounts) for entry in group))
            for day, group in groupby(shown, key=lambda entry: entry.at.date())
        ),
        shown=len(shown),
        total=total,
        whos=(
            Choice(value="", label="Anybody", chosen=who is None),
            *(Choice(value=id, label=name, chosen=who == id) for id, name in accounts.items()),
            Choice(value=NOBODY, label="Nobody known", chosen=who == NOBODY),
        ),
        acts=(
            Choice(value="", label="Anything", chosen=wanted.act is None),
            *(Choice(value=act.value, label=words, chosen=wanted.act is act) for act, words in WORDS.items()),
        ),
        asked={name: value for name, value in asked.items() if value},
        before=before,
        older=shown[-1].id if len(entries) > limit else None,
    )


def _line(entry: Entry, accounts: dict[str, str]) -> Line:
    act = next((act for act in Act if act.value == entry.action), None)
    name = accounts.get(entry.subject or "")
    return Line(
        number=entry.id,
        time=f"{entry.at:%H:%M:%S}",
        moment=text_of(entry.at),
        who=entry.who,
        words=WORDS[act] if act else entry.action,
        kind=next((kind for kind, acts in KINDS.items() if act in acts), "seen"),
        subject=entry.subject,
        subject_name=name or entry.subject,
        detail=entry.detail,
        request=entry.request,
        hash=entry.hash,
    )


def verdict(proof: Proof, expected: str | None) -> Verdict:
    """What a proof says to people.

    Args:
        proof: of the chain.
        expected: the head that was asked for.
    """
    return Verdict(
        whole=proof.fault is None,
        sentence=sentence(proof, expected),
        rows=proof.rows,
        first=_moment(proof.first),
        last=_moment(proof.last),
        head=proof.head,
    )


def _moment(text: str | None) -> datetime | None:
    try:
        return None if text is None else datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:  # proven entries hold times; what proves nothing shows none
        return None


def chosen_name(who: str, accounts: dict[str, str]) -> str | None:
    """The name that is asked for by an account's id; the empty name for nobody known, None for anybody."""
    return "" if who == NOBODY else accounts.get(who)
