"""Signing an encounter off, saying who signed its note, and opening it again with a reason."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from pipeline.errors import DecisionRefusedError
from pipeline.review.chart.screen import Refusal, answer, find, load_chart
from pipeline.review.deciding.billing import pointing, unfinished
from pipeline.review.deciding.dialogs import dialog, go_to
from pipeline.review.deciding.hindrances import why_not_signed
from pipeline.review.deciding.words import a_day, one_line
from pipeline.review.desk import Desk, coder, user_of
from pipeline.review.forms import Number, Shown, Text
from pipeline.store.decided import SECOND_ROUND, Action, Decision
from pipeline.store.review_state import fold

WHY_REOPENED = (
    "An addendum came",
    "A late page came",
    "A code was missing or wrong",
    "Patient or date was wrong",
    "The payer sent the claim back",
)
"""Usual reasons, to be chosen instead of typed."""


def routes(desk: Desk) -> APIRouter:
    """The footer of the chart."""
    router = APIRouter()

    @router.post("/encounters/{id}/signature")
    def attest(
        request: Request,
        id: str,
        reading: Number,
        decision: Shown = None,
        signer: Text = "",
        signed_on: Text = "",
    ) -> Response:
        encounter, _ = find(desk, id)
        try:
            missing = why_not_signed(encounter, fold(desk.store.decisions.of(id)))
            day = a_day(signed_on, "day of the signature")
            if not one_line(signer):
                raise DecisionRefusedError("Say who signed the note.")
            if missing.empty_place and day is None:
                raise DecisionRefusedError(
                    "Say on which day the note was signed: its place was empty when it was read."
                )
            if day is not None and day > desk.clock().date():
                raise DecisionRefusedError("The day of the signature lies in the future; please check it.")
            desk.store.decisions.append(
                who=coder(request) or "",
                encounter=id,
                reading=reading,
                action=Action.ATTEST_SIGNATURE,
                seen=decision,
                text=one_line(signer) + (f", on {day}" if day else ""),
                anchors=missing.place,
            )
        except DecisionRefusedError as error:
            return answer(desk, request, id, seen=reading, notice=error)
        return answer(desk, request, id, seen=reading)

    @router.post("/encounters/{id}/confirmation")
    def sign(
        request: Request,
        id: str,
        reading: Number,
        decision: Shown = None,
        sure: Text = "",
        suggested: Annotated[list[str] | None, Form()] = None,
    ) -> Response:
        encounter, _ = find(desk, id)
        undecided = load_chart(desk, id, user_of(request)).undecided
        check = why_not_signed(encounter, fold(desk.store.decisions.of(id)), undecided=undecided, seen=reading)
        if check.blocks:
            return answer(desk, request, id, seen=reading, notice=check.blocks[0])
        who = coder(request) or ""
        tied = pointing(desk, who, id, reading, tuple(suggested or ()))
        loose = unfinished(fold(desk.store.decisions.of(id)), tied)
        untied = (f"{', '.join(loose)}: tied to no diagnosis; a payer will ask for it.",) if loose else ()
        if (check.sure_needed or untied) and not sure:
            return answer(desk, request, id, seen=reading, asked=" ".join((*check.looks, *untied)))
        try:
            signature = Decision(
                id=0, at=desk.clock(), who=who, encounter=id, reading=reading, action=Action.CONFIRM_ENCOUNTER
            )
            signed = desk.store.decisions.append_all((*tied, signature), seen=decision)
        except DecisionRefusedError as error:
            return answer(desk, request, id, seen=reading, notice=error)
        if signed[-1].round == SECOND_ROUND:
            desk.store.seconds.finish(id)
            return go_to(request, f"/second/{id}")
        desk.store.seconds.choose(id, who, desk.settings.second_share)
        return answer(desk, request, id, seen=reading)

    @router.get("/encounters/{id}/reopening")
    def ask_why(request: Request, id: str) -> Response:
        return _why(desk, request, id)

    @router.post("/encounters/{id}/reopening")
    def reopen(
        request: Request,
        id: str,
        reading: Number,
        decision: Shown = None,
        reason: Text = "",
        addendum: Text = "",
    ) -> Response:
        find(desk, id)
        try:
            day = a_day(addendum, "day of the addendum")
            words = one_line(reason) + (f" (addendum of {day})" if day else "")
            desk.store.decisions.append(
                who=coder(request) or "",
                encounter=id,
                reading=reading,
                action=Action.REOPEN,
                seen=decision,
                text=words if one_line(reason) else None,
            )
        except DecisionRefusedError as error:
            return _why(desk, request, id, notice=error, reason=reason, addendum=addendum)
        return answer(desk, request, id, seen=reading)

    return router


def _why(
    desk: Desk, request: Request, id: str, *, notice: Refusal = None, reason: str = "", addendum: str = ""
) -> Response:
    encounter, _ = find(desk, id)
    decisions = desk.store.decisions.of(id)
    context: dict[str, object] = {
        "id": id,
        "document_name": encounter.document_name,
        "reading": encounter.reading,
        "decision": decisions[-1].id if decisions else 0,
        "reasons": WHY_REOPENED,
        "reason": reason,
        "addendum": addendum,
    }
    return dialog(desk, request, "chart/reopen.html", context, notice=notice)
