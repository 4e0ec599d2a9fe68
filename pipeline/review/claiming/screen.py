"""The page of one claim: what stands on it, what stands against it, and its steps from release to payment."""

from decimal import Decimal, InvalidOperation

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from pipeline.claims.entered import unfit, whole
from pipeline.claims.files import ENDINGS, MEDIA, ONE_FILE, ClaimFormat, claim_file, claims_file, not_held
from pipeline.claims.office_files import COLUMNS
from pipeline.claims.preparing import Prepared
from pipeline.errors import DecisionRefusedError, ExportError
from pipeline.review.auditing.noting import tell_detail
from pipeline.review.claiming.entering import EntryForm, entry_form, row_for
from pipeline.review.claiming.history import history
from pipeline.review.claiming.view import claim_view
from pipeline.review.deciding.words import one_line
from pipeline.review.desk import Desk, coder
from pipeline.review.forms import Text
from pipeline.store.claim_steps import RELEASABLE, ClaimState, Step
from pipeline.store.decided import SECOND_ROUND

NO_CLAIM = "There is no claim here: the encounter is not signed off."
BLIND = "You code this chart a second time without seeing the first codes; its claim shows them."
RED = "cms1500-red"
"""The CMS-1500 for the pre-printed form."""
DOWNLOADS = (
    (ClaimFormat.CMS1500, "CMS-1500"),
    (RED, "CMS-1500, red form"),
    (ClaimFormat.X837P, "837P"),
    (ClaimFormat.FHIR, "FHIR"),
    (ClaimFormat.CSV, "CSV"),
    (ClaimFormat.JSON, "JSON"),
)


def routes(desk: Desk) -> APIRouter:
    """`/claims/{id}` and its forms."""
    router = APIRouter()

    @router.get("/claims/{id}")
    def show(request: Request, id: str, edit: str = "") -> Response:
        prepared = prepared_claim(desk, id)
        form = None
        if edit in COLUMNS and prepared.draft is not None:
            form = entry_form(edit, row_for(edit, prepared, desk.claims.rows()))
        return page(desk, request, id, form=form)

    @router.post("/claims/{id}/office/{kind}")
    async def enter(request: Request, id: str, kind: str) -> Response:
        if kind not in COLUMNS:
            raise HTTPException(404, "There is no such form.")
        prepared_claim(desk, id)
        sent = await request.form()
        row = whole(kind, {name: value for name, value in sent.items() if isinstance(value, str)})
        if faults := unfit(kind, row):
            return page(desk, request, id, form=entry_form(kind, row, faults), status=409)
        desk.store.office.enter(kind, row, who=coder(request) or "")
        return RedirectResponse(f"/claims/{id}", status_code=303)

    @router.post("/claims/{id}/reasons")
    def reason(request: Request, id: str, key: Text, text: Text = "") -> Response:
        if key not in {edit.key for edit in prepared_claim(desk, id).edits}:
            return page(desk, request, id, notice="This warning does not stand any more.", status=409)
        return _step(desk, request, id, Step.REASON, key=key, text=one_line(text))

    @router.post("/claims/{id}/release")
    def release(request: Request, id: str, seen: Text = "") -> Response:
        try:
            desk.claims.release(id, who=coder(request) or "", seen=seen)
        except DecisionRefusedError as error:
            return page(desk, request, id, notice=str(error), status=409)
        return RedirectResponse(f"/claims/{id}", status_code=303)

    @router.post("/claims/{id}/withdrawal")
    def withdraw(request: Request, id: str, text: Text = "") -> Response:
        return _step(desk, request, id, Step.WITHDRAW, text=one_line(text))

    @router.post("/claims/{id}/sending")
    def send(request: Request, id: str) -> Response:
        return _step(desk, request, id, Step.SEND)

    @router.post("/claims/{id}/payment")
    def pay(request: Request, id: str, amount: Text = "", payer_number: Text = "") -> Response:
        return _step(desk, request, id, Step.PAY, amount=_amount(amount), payer_number=one_line(payer_number) or None)

    @router.post("/claims/{id}/denial")
    def deny(request: Request, id: str, reason_code: Text = "", text: Text = "", payer_number: Text = "") -> Response:
        return _step(
            desk,
            request,
            id,
            Step.DENY,
            reason_code="".join(reason_code.split()).upper(),
            text=one_line(text) or None,
            payer_number=one_line(payer_number) or None,
        )

    @router.get("/claims/{id}/files/{format}")
    def download(request: Request, id: str, format: str) -> Response:
        if format not in {str(known) for known, _ in DOWNLOADS}:
            raise HTTPException(404, "There is no such format.")
        prepared = prepared_claim(desk, id)
        try:
            content, name, media = _file(desk, prepared, format)
        except ExportError as error:
            return page(desk, request, id, notice=" ".join(error.problems), status=409)
        tell_detail(request, format)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=media, headers=headers)

    return router


def page(
    desk: Desk,
    request: Request,
    id: str,
    *,
    form: EntryForm | None = None,
    notice: str | None = None,
    status: int = 200,
) -> Response:
    """The page; `notice` says why nothing was done, `form` is the row of the office that is being filled in."""
    prepared = prepared_claim(desk, id)
    state = prepared.standing.state
    context: dict[str, object] = {
        "id": id,
        "claim": claim_view(prepared),
        "prepared": prepared,
        "form": form,
        "notice": notice,
        "downloads": DOWNLOADS,
        "cannot": () if prepared.claim is None else not_held(prepared.claim),
        "unsent": state in {ClaimState.CHECKED, ClaimState.RELEASED},
        "waits": state in RELEASABLE,
        "mine": coder(request) in prepared.standing.released_by and prepared.standing.claim == prepared.claim,
        "history": history(desk.store.claims.history(id)),
    }
    return desk.screen(request, "claims/claim.html", context, status=status)


def prepared_claim(desk: Desk, id: str) -> Prepared:
    """The claim of an address; a page with a sentence where there is none to be seen."""
    if desk.store.decisions.round_of(id) == SECOND_ROUND:
        raise HTTPException(409, BLIND)
    prepared = desk.claims.prepared(id)
    if prepared is None:
        raise HTTPException(404, NO_CLAIM)
    return prepared


def _step(desk: Desk, request: Request, id: str, step: Step, **what: object) -> Response:
    try:
        desk.store.claims.append(step, who=coder(request) or "", encounter=id, **what)  # type: ignore[arg-type]
    except DecisionRefusedError as error:
        return page(desk, request, id, notice=str(error), status=409)
    return RedirectResponse(f"/claims/{id}", status_code=303)


def _file(desk: Desk, prepared: Prepared, format: str) -> tuple[bytes, str, str]:
    """A file, its name and its media type.

    Raises:
        ExportError: what keeps it from being written.
    """
    claim, draft = prepared.claim, prepared.standing.state in RELEASABLE
    if claim is None:
        assert prepared.draft is not None  # what was released has a claim
        raise ExportError(*(fault.sentence for fault in prepared.draft.faults))
    kind, now = ClaimFormat.CMS1500 if format == RED else ClaimFormat(format), desk.clock()
    if kind in ONE_FILE:
        content = claims_file(kind, (claim,), desk.claims.office(), now, test=draft)
    else:
        content = claim_file(kind, claim, now, preprinted=format == RED, draft=draft)
    return content, f"{claim.number}{'-draft' if draft else ''}{ENDINGS[kind]}", MEDIA[kind]


def _amount(text: str) -> Decimal | None:
    """A typed amount; None where it is none, which the step then says."""
    try:
        amount = Decimal(text.strip().removeprefix("$").replace(",", ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
