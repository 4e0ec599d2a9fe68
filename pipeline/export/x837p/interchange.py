"""The file: one interchange with one functional group, and in it a transaction set for every practice that bills.

A set's submitter is its billing provider, so claims of one practice go together, whoever the payers are: the
clearinghouse sorts by payer. Practices stand in the order of their first claim, and each one's claims in the order
given. A set has at most 5,000 claims, as the guide advises; the next ones begin another.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from pipeline.errors import ExportError
from pipeline.export.x837p import envelope
from pipeline.export.x837p.loops import PROVIDER, body, head, levels
from pipeline.export.x837p.unwritable import file_problems
from pipeline.records import Claim, Practice, Receiver

MOST_CLAIMS = 5000
"""In one transaction set."""


def x837p(
    claims: Sequence[Claim], *, control_number: int, at: datetime, receiver: Receiver, test: bool = False
) -> bytes:
    """Write claims as one file for a clearinghouse.

    Args:
        claims: Without a fault, as `pipeline/claims/` tells; all sent by the same submitter.
        control_number: Of the interchange and its group, 1 to 999,999,999; each file takes another.
        at: When it is written, by the clock that the file shall show.
        receiver: Who gets the file.
        test: Whether it is only to be tried, not paid (ISA15).

    Returns:
        ASCII; segments end with `~`, without line breaks.

    Raises:
        ExportError: Something cannot be written as 837P: every problem of every claim, by its field.
    """
    problems = tuple(file_problems(claims, control_number=control_number, receiver=receiver))
    if problems:
        raise ExportError(*problems)
    sender = claims[0].practice.submitter_id
    sets = list(_sets(claims))
    written = [
        envelope.isa(sender, receiver.qualifier, receiver.id, at, control_number, test=test),
        envelope.gs(sender, receiver.id, at, control_number),
    ]
    for number, (practice, own) in enumerate(sets, start=1):
        control = f"{number:04}"
        inner = [
            envelope.st(control),
            envelope.bht(f"{control_number:09}{control}", at),
            *head(practice, receiver),
            *_bodies(own),
        ]
        written += [*inner, envelope.se(len(inner) + 1, control)]
    written += [envelope.ge(len(sets), control_number), envelope.iea(control_number)]
    return "".join(written).encode("ascii")


def _sets(claims: Sequence[Claim]) -> Iterator[tuple[Practice, Sequence[Claim]]]:
    for practice in dict.fromkeys(claim.practice for claim in claims):
        own = [claim for claim in claims if claim.practice == practice]
        for start in range(0, len(own), MOST_CLAIMS):
            yield practice, own[start : start + MOST_CLAIMS]


def _bodies(claims: Sequence[Claim]) -> Iterator[str]:
    level = PROVIDER + 1
    for claim in claims:
        yield from body(claim, level)
        level += levels(claim)
