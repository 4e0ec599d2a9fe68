"""A claim before it leaves: its draft, what stands against it, and its release by the people whom it takes."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.claims.build import draft_of
from pipeline.claims.draft import Draft, EarlierClaim
from pipeline.claims.edits import Edit, Severity
from pipeline.claims.entered import with_entered
from pipeline.claims.office import Office
from pipeline.claims.office_files import office_of
from pipeline.claims.office_rows import Row
from pipeline.codebooks import CodeBooks
from pipeline.codebooks.practice import Service
from pipeline.errors import DecisionRefusedError
from pipeline.export.claim_tables import CLAIM
from pipeline.records import Claim, ConfirmedEncounter
from pipeline.store import Store
from pipeline.store.claim_steps import RELEASABLE, Standing, Step
from pipeline.store.confirmed import confirmed
from pipeline.store.decided import FIRST_ROUND
from pipeline.store.review_state import fold


class Judge(Protocol):
    """Looks at a claim before it leaves: `ClaimEdits`."""

    def __call__(self, claim: Claim, *, others: Sequence[Claim]) -> tuple[Edit, ...]:
        """What stands against a claim; the others are of the same patient and day."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The claim of an encounter and all that is known of it."""

    encounter: ConfirmedEncounter | None
    """None where it was reopened after its claim was sent."""
    draft: Draft | None
    """As the office's data make it now; None where the encounter is open."""
    claim: Claim | None
    """The one that counts: as it was released or sent, else the draft's; None as long as that has a fault."""
    edits: tuple[Edit, ...]
    """Of that claim."""
    standing: Standing
    people: int
    """How many have to release it."""

    @property
    def errors(self) -> tuple[Edit, ...]:
        """What stops the release."""
        return tuple(edit for edit in self.edits if edit.severity is Severity.ERROR)

    @property
    def unanswered(self) -> tuple[Edit, ...]:
        """Warnings that nobody gave a reason for."""
        reasons = self.standing.reasons
        return tuple(e for e in self.edits if e.severity is Severity.WARNING and e.key not in reasons)

    @property
    def is_releasable(self) -> bool:
        """Whether nothing stands against its release."""
        waits = self.standing.state in RELEASABLE
        return waits and self.claim is not None and not self.errors and not self.unanswered

    @property
    def fingerprint(self) -> str:
        """Of the claim that would be released, so that nobody releases another than they saw; empty without one."""
        return "" if self.claim is None else hashlib.sha256(CLAIM.dump_json(self.claim)).hexdigest()


class ClaimDesk:
    """Prepares claims and releases them."""

    def __init__(
        self,
        *,
        store: Store,
        files: Callable[[], Mapping[str, Sequence[Row]]],
        services: Callable[[], Sequence[Service]],
        books: CodeBooks,
        edits: Judge,
    ) -> None:
        """What it works with.

        Args:
            store: the open store.
            files: the rows of the office's files now, by kind; the same mapping as long as they are the same.
            services: the practice's own list now, for its fees.
            books: the code books.
            edits: what judges a claim.
        """
        self._store = store
        self._files = files
        self._services = services
        self._books = books
        self._edits = edits
        self._made: tuple[Mapping[str, Sequence[Row]], int, Mapping[str, tuple[Row, ...]], Office] | None = None

    def rows(self) -> Mapping[str, tuple[Row, ...]]:
        """What the office knows now, by kind: its files, and what was entered by hand."""
        return self._now()[0]

    def office(self) -> Office:
        """The same as records."""
        return self._now()[1]

    def _now(self) -> tuple[Mapping[str, tuple[Row, ...]], Office]:
        files, entered = self._files(), self._store.office.all()
        if self._made is None or self._made[0] is not files or self._made[1] != len(entered):
            rows = with_entered(files, ((row.kind, row.cells) for row in entered))
            # Of very many patients this takes a while, and between two entries nothing of it changes.
            self._made = (files, len(entered), rows, office_of(rows))
        return self._made[2], self._made[3]

    def prepared(self, encounter: str) -> Prepared | None:
        """The claim of an encounter; None where it has none: it was never signed, or reopened before it was sent."""
        proposed = self._store.readings.encounter(encounter)
        if proposed is None:
            return None
        standing = self._store.claims.of(encounter)
        if standing.state is None:
            return None
        signed = confirmed(proposed, fold(self._store.decisions.of(encounter, FIRST_ROUND)))
        office = self.office()
        draft = None
        if signed is not None:
            draft = draft_of(signed, office, self._services(), self._books, earlier=earlier_of(standing))
        claim = None if draft is None else draft.claim
        if standing.state not in RELEASABLE:
            claim = standing.claim if standing.claim is not None else standing.sent[-1].claim
        edits = () if claim is None else self._edits(claim, others=self._store.claims.beside(claim))
        return Prepared(
            encounter=signed, draft=draft, claim=claim, edits=edits, standing=standing, people=office.people
        )

    def release(self, encounter: str, *, who: str, seen: str) -> None:
        """Release a claim, or be the first of two who do.

        Args:
            encounter: whose claim.
            who: who releases it.
            seen: the fingerprint of the claim that they saw.

        Raises:
            DecisionRefusedError: something stands against it, or it is another claim by now.
        """
        now = self.prepared(encounter)
        if now is None or now.standing.state not in RELEASABLE:
            raise DecisionRefusedError("There is no claim here that waits for its release.")
        if now.claim is None:
            raise DecisionRefusedError("Something is missing or contradicts itself; it is told beside its field.")
        if now.errors:
            raise DecisionRefusedError(f"An error stops this claim: {now.errors[0].sentence}")
        if now.unanswered:
            raise DecisionRefusedError(f"A warning has no reason yet: {now.unanswered[0].sentence}")
        if seen != now.fingerprint:
            raise DecisionRefusedError("The claim changed while you looked at it; look again before you release it.")
        others = now.standing.released_by if now.standing.claim == now.claim else ()
        complete = len({*others, who}) >= now.people
        self._store.claims.append(Step.RELEASE, who=who, encounter=encounter, claim=now.claim, complete=complete)


def earlier_of(standing: Standing) -> EarlierClaim | None:
    """What was sent for the encounter before; None where nothing was."""
    if not standing.sent:
        return None
    answers = [sent.answer for sent in standing.sent if sent.answer is not None]
    numbers = [answer.payer_number for answer in answers if answer.payer_number]
    last = standing.sent[-1].answer
    return EarlierClaim(
        payer_number=numbers[-1] if numbers else None, denied=last is not None and last.step is Step.DENY
    )
