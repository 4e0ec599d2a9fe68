"""The page of accounts as frozen records, computed from the store's records by pure functions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.store.rows import Account, Role

ROLES = (
    (Role.SCAN, "the inbox: what arrived, what was rejected, what to scan again"),
    (Role.CODE, "charts: deciding and signing off"),
    (Role.LEAD, "charts, holds and figures of everybody"),
    (Role.AUDIT, "the audit log; no chart"),
    (Role.ADMIN, "these accounts; no chart"),
)
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChoice:
    """A role that can be ticked."""

    value: str
    what: str
    is_ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchChoice:
    """A batch that can be ticked."""

    value: str
    label: str
    is_ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """An account in the list."""

    id: str
    name: str
    roles: tuple[RoleChoice, ...]
    is_limited: bool
    batches: tuple[BatchChoice, ...]
    state: str
    """In a word or two."""
    is_disabled: bool
    has_second_step: bool
    seen_at: datetime | None
    is_own: bool


def account_row(account: Account, known: Iterable[str], own: str) -> AccountRow:
    """An account as the page shows it.

    Args:
        account: from the store.
        known: every batch that ever held a chart.
        own: id of who looks.
    """
    user = account.user
    state = "disabled" if account.disabled_at else "active" if account.has_password else "invited"
    return AccountRow(
        id=user.id,
        name=user.name,
        roles=role_choices(user.roles),
        is_limited=user.batches is not None,
        batches=batch_choices(known, user.batches or frozenset()),
        state=state,
        is_disabled=account.disabled_at is not None,
        has_second_step=account.has_second_step,
        seen_at=account.seen_at,
        is_own=user.id == own,
    )


def role_choices(ticked: Iterable[Role]) -> tuple[RoleChoice, ...]:
    """Every role, in the order that they are shown."""
    held = frozenset(ticked)
    return tuple(RoleChoice(value=role.value, what=what, is_ticked=role in held) for role, what in ROLES)


def batch_choices(known: Iterable[str], ticked: frozenset[str]) -> tuple[BatchChoice, ...]:
    """Every batch that is known or already allowed."""
    # An empty field of a form is no field at all to some programs, so each value begins with a mark.
    return tuple(
        BatchChoice(value=f"={batch}", label=batch or "No batch", is_ticked=batch in ticked)
        for batch in sorted({*known, *ticked})
    )


def batches_of(limited: bool, values: Iterable[str]) -> frozenset[str] | None:
    """What was ticked, as the store takes it."""
    return frozenset(value.removeprefix("=") for value in values) if limited else None


def name_problem(name: str) -> str | None:
    """Why a name is not taken, as a sentence; None where it is."""
    plain = " ".join(name.split())
    if not plain:
        return "Say what the account is called; decisions carry this name."
    if len(plain) > LONGEST_NAME or not plain.isprintable():
        return f"A name has at most {LONGEST_NAME} letters, digits and signs."
    return None
