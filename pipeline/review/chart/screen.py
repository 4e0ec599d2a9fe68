"""One encounter: its pages with their ink, and the panel beside them."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from starlette.exceptions import HTTPException

from pipeline.errors import DecisionRefusedError, OvertakenError
from pipeline.records import Page, Reading
from pipeline.review import leases
from pipeline.review.chart.difference import WANTED, Difference, difference
from pipeline.review.chart.understanding import NotReadError, Seen
from pipeline.review.chart.view import Chart, chart, day_of
from pipeline.review.deciding.casework import casework
from pipeline.review.deciding.corrected import before_change, changes, corrected, marked
from pipeline.review.desk import Desk, batches_of, coder, user_of
from pipeline.review.hidden import is_seen, nameless
from pipeline.review.rights import NO_ENCOUNTER, may_see
from pipeline.store.decided import FIRST_ROUND, SECOND_ROUND, Decision
from pipeline.store.review_state import Review, fold
from pipeline.store.rows import ProposedEncounter, User

UNREAD = "What was read of this file is missing from the store; run `inkchart reconcile`."
NO_PICTURE = "There is no picture of this page."
Refusal: TypeAlias = str | DecisionRefusedError | None
"""Why nothing was decided; None where it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An encounter as it stands now."""

    proposed: ProposedEncounter
    """As the reading proposes it."""
    seen: Seen
    """As it is understood with people's corrections."""
    review: Review
    decisions: tuple[Decision, ...]
    """Its journal, oldest first."""


def routes(desk: Desk) -> APIRouter:
    """The chart screen and its pictures."""
    router = APIRouter()

    @router.get("/encounters/{id}")
    def show(request: Request, id: str) -> Response:
        context: dict[str, object] = {
            "chart": load_chart(desk, id, user_of(request)),
            "notice": None,
            "asked": None,
            "lease": leases.open_chart(desk, request, id),
            "difference": None,
        }
        return desk.screen(request, "chart/chart.html", context)

    @router.get("/encounters/{id}/pages/{number}")
    def picture(id: str, number: int) -> Response:
        file, _ = find_picture(desk, id, number)
        return FileResponse(file, media_type="image/png" if file.suffix.lower() == ".png" else "image/jpeg")

    return router


def stand(desk: Desk, id: str, round: int | None = None) -> Standing:
    """How an encounter stands in a round of coding, by default that of whoever looks.

    Where there is no such encounter the answer is a page with a sentence.
    """
    encounter = desk.store.readings.encounter(id)
    if encounter is None:
        raise HTTPException(404, NO_ENCOUNTER)
    round = desk.store.decisions.round_of(id) if round is None else round
    decisions = desk.store.decisions.of(id, round)
    review = fold(decisions)
    if round == SECOND_ROUND:  # the pages are a fact of the office, and not a coder's opinion
        review = replace(review, pages=fold(desk.store.decisions.of(id, FIRST_ROUND)).pages)
    try:
        seen = desk.understood(encounter, review, decisions[-1].id if decisions else 0)
    except NotReadError:
        raise HTTPException(404, UNREAD) from None
    return Standing(proposed=encounter, seen=seen, review=review, decisions=decisions)


def find(
    desk: Desk, id: str, user: User | None = None, *, round: int | None = None
) -> tuple[ProposedEncounter, Reading]:
    """An encounter with its reading, both as a coder sees them: with what was corrected.

    The encounter of an address was checked when its route let somebody in; where an id comes from a form, say the
    user, and one of a batch that they may not see is answered as if it did not exist.
    """
    standing = stand(desk, id, round)
    if user is not None and not may_see(user, standing.proposed):
        raise HTTPException(404, NO_ENCOUNTER)
    return standing.seen.encounter, standing.seen.reading


def find_picture(desk: Desk, id: str, number: int) -> tuple[Path, Page]:
    """The picture of an encounter's page, and what was read there; a page with a sentence where there is none."""
    standing = stand(desk, id)
    page = next((page for page in standing.seen.reading.pages if page.number == number), None)
    if page is None:
        raise HTTPException(404, "This file has no such page.")
    try:
        file = desk.picture(*source_of(standing, number))
    except KeyError:
        raise HTTPException(404, NO_PICTURE) from None
    if not file.is_file():
        raise HTTPException(404, NO_PICTURE)
    return file, page


def source_of(standing: Standing, number: int) -> tuple[str, int]:
    """Where a page of an encounter comes from: document id, and page number in that document's file."""
    brought = next((page for page in standing.review.pages or () if page.number == number), None)
    return (standing.proposed.document, number) if brought is None else (brought.document, brought.page)


def load_chart(desk: Desk, id: str, user: User | None = None) -> Chart:
    """The chart screen of an encounter as it stands now; for a user, it names no other chart they may not see."""
    standing = stand(desk, id)
    batches = None if user is None else user.batches
    seen, review = standing.seen, standing.review
    decisions = nameless(desk.store, standing.decisions, batches)
    told = fold(decisions)
    review = replace(review, reopened=told.reopened, unsettled=told.unsettled)
    same_visit = standing.proposed.same_visit
    if batches is not None:
        same_visit = tuple(other for other in same_visit if is_seen(desk.store, other, batches))
    encounter = replace(seen.encounter, same_visit=same_visit)
    names = desk.store.readings.document_names(same_visit) if same_visit else {}
    proposal = seen.encounter.proposal
    day = review.date_of_service or day_of(proposal.date_of_service)
    warnings = desk.check(day, review.patient, review.accepted(), seen.reading, proposal)
    view = chart(encounter, seen.reading, review, decisions, names, warnings, desk.codebooks.modifiers())
    found = corrected(seen, decisions)
    before = _before(desk, standing)
    return replace(
        view,
        sheets=marked(view.sheets, found),
        corrections=found if before is None else replace(found, changed=changes(before, seen)),
        casework=casework(desk.store, desk.clock(), standing.proposed, undecided=view.undecided, batches=batches),
    )


def _before(desk: Desk, standing: Standing) -> Seen | None:
    """What was seen before the latest decisions, where these made it be understood anew; else None."""
    earlier = before_change(standing.decisions)
    if earlier is None:
        return None
    return desk.understood(standing.proposed, fold(earlier), earlier[-1].id if earlier else 0)


def answer(
    desk: Desk,
    request: Request,
    id: str,
    *,
    seen: int,
    entity: str = "",
    notice: Refusal = None,
    status: str | None = None,
    asked: str | None = None,
    changed: Difference | None = None,
) -> Response:
    """What follows a form: with htmx the new panel, else the chart again.

    Args:
        seen: number of the reading that the page showed; where another one is current, the page is loaded anew.
        entity: where the coder was.
        notice: why nothing was decided.
        status: what was done, where the panel does not say it by itself.
        asked: what to look at before signing off all the same.
        changed: what others did meanwhile, where that is why.
    """
    htmx = request.headers.get("HX-Request") == "true"
    refused = notice is not None or asked is not None
    if not refused and not htmx:
        _, reading = find(desk, id)
        # Only an id that the reading has: whatever else a form brings stays out of the header.
        place = f"#card-{entity}" if any(found.id == entity for found in reading.entities) else ""
        return RedirectResponse(f"/encounters/{id}{place}", status_code=303)
    view = load_chart(desk, id, user_of(request))
    template = "chart/panel.html" if htmx else "chart/chart.html"
    context: dict[str, object] = {
        "chart": view,
        "notice": notice,
        "status": status,
        "asked": asked,
        "lease": leases.look(desk, request, id),
        "difference": changed or changes_since(desk, request, notice),
    }
    response = desk.screen(request, template, context, status=409 if refused else 200)
    if htmx and view.reading != seen:
        response.headers["HX-Refresh"] = "true"
    return response


def changes_since(desk: Desk, request: Request, refused: Refusal) -> Difference | None:
    """What others decided on an encounter since somebody looked, where that is why they were refused."""
    if not isinstance(refused, OvertakenError):
        return None
    return difference(
        nameless(desk.store, desk.store.decisions.of(refused.encounter), batches_of(request)),
        who=coder(request) or "",
        seen=refused.seen,
        wanted=WANTED.get(request.scope["route"].path),
    )


def overtaken(
    desk: Desk, request: Request, id: str, notice: str, error: DecisionRefusedError | None = None
) -> Response:
    """The fresh chart for somebody whose decision came too late, with what whoever has it now did to it."""
    encounter, _ = find(desk, id)
    since = leases.changed_hands(desk, request, id)
    changed = changes_since(desk, request, error)
    if changed is None and since is not None:
        wanted = WANTED.get(request.scope["route"].path)
        made = nameless(desk.store, desk.store.decisions.of(id), batches_of(request))
        changed = difference(made, who=coder(request) or "", since=since, wanted=wanted)
    return answer(desk, request, id, seen=encounter.reading, notice=notice, changed=changed)
