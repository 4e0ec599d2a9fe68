"""What a form of the panel comes to: what was decided is shown, and what was refused is told beside the fresh panel."""

from collections.abc import Callable

from fastapi import Request, Response

from pipeline.errors import DecisionRefusedError, OvertakenError
from pipeline.records import Reading
from pipeline.review.chart.screen import answer, overtaken
from pipeline.review.desk import Desk
from pipeline.store.rows import ProposedEncounter


def outcome(
    desk: Desk,
    request: Request,
    id: str,
    decide: Callable[[], str | None],
    *,
    reading: int,
    what: str,
    entity: str = "",
) -> Response:
    """The answer to a form.

    Args:
        decide: appends to the journal; gives a sentence for the status line, or None where the panel says enough.
        reading: number of the reading that the page showed.
        what: what the form was about to do, to be named where somebody else came first: `accepting ICD-9-CM 401.9`.
        entity: finding that the coder was at.
    """
    try:
        status = decide()
    except OvertakenError as error:
        return overtaken(desk, request, id, f"{error} Not done: {what}.", error)
    except DecisionRefusedError as error:
        return answer(desk, request, id, seen=reading, entity=entity, notice=error)
    return answer(desk, request, id, seen=reading, entity=entity, status=status)


def reading_shown(desk: Desk, encounter: ProposedEncounter, seen: int) -> Reading:
    """The reading that the coder saw, which a newer one may have followed by now.

    Raises:
        DecisionRefusedError: there is none of that number.
    """
    reading = desk.reading(encounter.document, seen) if seen > 0 else None
    if reading is None:
        raise DecisionRefusedError("The page is out of date; load it again.")
    return reading
