"""What stands between an encounter and a coder's signature."""

from dataclasses import dataclass

from pipeline.records import Anchor, Finding
from pipeline.store.matching import anchors_of
from pipeline.store.refusals import unsigned
from pipeline.store.review_state import Review
from pipeline.store.rows import EncounterState, ProposedEncounter

UNSIGNED = "unsigned"
"""What a reading says of a note whose place for the signature was left empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """Whether the encounter can be signed off."""

    blocks: tuple[str, ...]
    """Why not, in the order in which a coder would see to them; empty where it can be."""
    looks: tuple[str, ...]
    """What does not block; with `sure_needed`, one more key says that the coder looked."""
    sure_needed: bool
    asks_signature: bool
    """Somebody must say who signed the note."""
    empty_place: bool
    """The place of the signature was left empty, rather than not found."""
    signer: str
    """Who probably signed, where the signature was only not found."""
    place: tuple[Anchor, ...]
    """The ink of the signature's place, where the reading knows it."""


NOTHING = SignOff(blocks=(), looks=(), sure_needed=False, asks_signature=False, empty_place=False, signer="", place=())


def why_not_signed(
    encounter: ProposedEncounter, review: Review, *, undecided: int = 0, seen: int | None = None
) -> SignOff:
    """All reasons that speak against signing an encounter off now.

    Args:
        encounter: as a coder sees it.
        review: what was decided.
        undecided: findings with a proposed code on which nobody decided.
        seen: number of the reading that the coder saw; None where it is the current one.
    """
    if review.state is EncounterState.CONFIRMED:
        return NOTHING
    signature = encounter.proposal.signature
    asks = review.signature is None and (signature is None or signature.value == UNSIGNED)
    empty = asks and signature is not None
    blocks = []
    if seen is not None and seen != encounter.reading:
        blocks.append("This chart was read again meanwhile; look at it once more before confirming.")
    standing = unsigned(review)
    if standing is not None:
        blocks.append(standing)
    if empty:
        blocks.append("The note is not signed. Say who signed it and when, or hold it for the signature.")
    elif asks:
        blocks.append("The reading did not find a signature: who signed the note?")
    looks = []
    if undecided:
        looks.append(f"{undecided} finding{'s' if undecided > 1 else ''} with a proposed code still to decide.")
    waiting = sum(query.answer is None for query in review.queries)
    if waiting:
        looks.append(f"{waiting} question{'s' if waiting > 1 else ''} to the provider not answered yet.")
    provider = encounter.proposal.provider
    return SignOff(
        blocks=tuple(blocks),
        looks=tuple(looks),
        sure_needed=undecided > 0,
        asks_signature=asks,
        empty_place=empty,
        signer="" if provider is None or empty else provider.value,
        place=_place(signature),
    )


def _place(signature: Finding | None) -> tuple[Anchor, ...]:
    return () if signature is None else tuple(a for a in anchors_of(signature.spans) if a.boxes)
