"""The list of claims by how far they are, and what is done with many at once."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from pipeline.claims.files import ENDINGS, MEDIA, ONE_FILE, ClaimFormat, claims_file
from pipeline.errors import DecisionRefusedError, ExportError
from pipeline.records import Claim
from pipeline.review.auditing.noting import tell_detail
from pipeline.review.claiming.view import STATES
from pipeline.review.desk import Desk, batches_of, coder, user_of
from pipeline.review.queue.view import ROWS, screens_of
from pipeline.review.rights import may_see
from pipeline.store.claim_steps import ClaimState, Step
from pipeline.store.decided import SECOND_ROUND
from pipeline.store.worklist import Narrowing, Order

MOST_IN_A_FILE = 5_000
"""Claims, as 837P has it."""
Chosen = Annotated[list[str] | None, Form()]


def routes(desk: Desk) -> APIRouter:
    """`/claims`; words of a search come in the body of a form only."""
    router = APIRouter()

    @router.get("/claims")
    def show(request: Request, state: ClaimState = ClaimState.DRAFT, screen: int = 1) -> Response:
        return _list(desk, request, state, screen)

    @router.post("/claims")
    def search(request: Request, q: Annotated[str, Form(max_length=200)] = "") -> Response:
        return _list(desk, request, None, 1, words=q)

    @router.post("/claims/files")
    def together(request: Request, format: Annotated[ClaimFormat, Form()], claim: Chosen = None) -> Response:
        try:
            chosen = _released(desk, request, claim or ())
            if format not in ONE_FILE:
                raise ExportError("This format has a file for each claim; take it from the claim's own page.")
            content = claims_file(format, chosen, desk.claims.office(), desk.clock())
        except ExportError as error:
            return _list(desk, request, ClaimState.RELEASED, 1, notice=" ".join(error.problems), status=409)
        tell_detail(request, f"{format} {len(chosen)}")
        name = f"claims-{desk.clock():%Y%m%d-%H%M%S}{ENDINGS[format]}"
        return Response(
            content,
            media_type=MEDIA[format],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    @router.post("/claims/sending")
    def send(request: Request, claim: Chosen = None) -> Response:
        try:
            chosen = _released(desk, request, claim or ())
            for each in chosen:
                desk.store.claims.append(Step.SEND, who=coder(request) or "", encounter=each.encounter)
        except (ExportError, DecisionRefusedError) as error:
            return _list(desk, request, ClaimState.RELEASED, 1, notice=str(error), status=409)
        return RedirectResponse(f"/claims?state={ClaimState.SENT.value}", status_code=303)

    return router


def _released(desk: Desk, request: Request, encounters: Sequence[str]) -> tuple[Claim, ...]:
    """The released claims of encounters.

    Raises:
        ExportError: nothing was chosen, too much, or one that is not released.
    """
    if not 0 < len(encounters) <= MOST_IN_A_FILE:
        raise ExportError(f"Choose one claim at least, and {MOST_IN_A_FILE:,} at most.")
    user, found = user_of(request), []
    for id in dict.fromkeys(encounters):
        encounter = desk.store.readings.encounter(id)
        if encounter is None or user is None or not may_see(user, encounter):
            raise HTTPException(404, "There is no such claim.")
        if desk.store.decisions.round_of(id) == SECOND_ROUND:
            raise ExportError("One of these charts you code a second time without seeing its codes; leave it out.")
        standing = desk.store.claims.of(id)
        if standing.state is not ClaimState.RELEASED or standing.claim is None:
            raise ExportError("Not all of these claims are released and unsent any more; choose again.")
        found.append(standing.claim)
    return tuple(found)


def _list(
    desk: Desk,
    request: Request,
    state: ClaimState | None,
    screen: int,
    *,
    words: str = "",
    notice: str | None = None,
    status: int = 200,
) -> Response:
    """Claims of one state, or those of every state in which words were found."""
    narrowing = Narrowing(batches=batches_of(request), claim=state, claimed=True, words=words)
    counts = desk.store.worklist.claims(narrowing)
    total = sum(counts.values()) if state is None else counts[state]
    screen = min(max(1, screen), screens_of(total))
    rows = desk.store.worklist.page(narrowing, Order.DAY, overdue_before=None, start=(screen - 1) * ROWS, limit=ROWS)
    context: dict[str, object] = {
        "rows": rows,
        "state": state,
        "states": STATES,
        "counts": counts,
        "screen": screen,
        "screens": screens_of(total),
        "words": " ".join(words.split()),
        "notice": notice,
        "released": ClaimState.RELEASED,
        "formats": ((ClaimFormat.X837P, "837P"), (ClaimFormat.CSV, "CSV"), (ClaimFormat.JSON, "JSON")),
    }
    return desk.screen(request, "claims/claims.html", context, status=status)
