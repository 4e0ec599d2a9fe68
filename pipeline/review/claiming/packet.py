"""The evidence packet of a claim: what to look at before it leaves, a lead's release where law asks for it, the PDF."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.errors import DecisionRefusedError, ExportError
from pipeline.export.evidence import evidence
from pipeline.review.auditing.noting import tell_detail
from pipeline.review.claiming.screen import page, prepared_claim
from pipeline.review.deciding.words import one_line
from pipeline.review.desk import Desk, coder, user_of
from pipeline.review.forms import Text
from pipeline.store.claim_steps import Step
from pipeline.store.rows import Role


def routes(desk: Desk) -> APIRouter:
    """`/claims/{id}/evidence`, and the PDF itself."""
    router = APIRouter()

    @router.get("/claims/{id}/evidence")
    def look(request: Request, id: str) -> Response:
        return _screen(desk, request, id)

    @router.get("/claims/{id}/evidence.pdf")
    def download(request: Request, id: str) -> Response:
        prepared_claim(desk, id)
        try:
            packet, _ = desk.packet(id, coder(request))
            content = evidence(packet)
        except ExportError as error:
            return _screen(desk, request, id, notice=" ".join(error.problems))
        tell_detail(request, "evidence packet")
        headers = {"Content-Disposition": f'attachment; filename="{packet.claim}-evidence.pdf"'}
        return Response(content, media_type="application/pdf", headers=headers)

    @router.post("/claims/{id}/evidence/release")
    def release(request: Request, id: str, text: Text = "") -> Response:
        try:
            desk.store.claims.append(Step.PACKET, who=coder(request) or "", encounter=id, text=one_line(text))
        except DecisionRefusedError as error:
            return _screen(desk, request, id, notice=str(error))
        return RedirectResponse(f"/claims/{id}/evidence", status_code=303)

    return router


def _screen(desk: Desk, request: Request, id: str, *, notice: str | None = None) -> Response:
    """The page about the packet, or the claim's own with why there is none."""
    prepared = prepared_claim(desk, id)
    try:
        packet, findings = desk.packet(id, coder(request))
    except ExportError as error:
        return page(desk, request, id, notice=" ".join(error.problems), status=409)
    user = user_of(request)
    context: dict[str, object] = {
        "id": id,
        "packet": packet,
        "sentences": findings.sentences(),
        "masked": sum(len(each.masks) for each in packet.pages),
        "lead": user is not None and Role.LEAD in user.roles,
        "standing": prepared.standing,
        "notice": notice,
    }
    return desk.screen(request, "claims/evidence.html", context, status=409 if notice else 200)
