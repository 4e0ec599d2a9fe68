"""Dialogs over the chart, which without script are pages of their own."""

from fastapi import Request, Response

from pipeline.review.chart.screen import Refusal, changes_since
from pipeline.review.desk import Desk


def is_htmx(request: Request) -> bool:
    """Whether a part of a page is asked for."""
    return request.headers.get("HX-Request") == "true"


def dialog(
    desk: Desk,
    request: Request,
    template: str,
    context: dict[str, object],
    *,
    notice: Refusal = None,
) -> Response:
    """A dialog; `notice` says why nothing was done, and what was typed stays in it."""
    known = {"notice": notice, "difference": changes_since(desk, request, notice), "inner": template, **context}
    status = 409 if notice else 200
    if not is_htmx(request):
        return desk.screen(request, "chart/casework_page.html", known, status=status)
    answer = desk.screen(request, template, known, status=status)
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#casework", "innerHTML"
    return answer


def go_to(request: Request, address: str) -> Response:
    """Load a page anew: what is drawn and listed on the open one is no more true."""
    if is_htmx(request):
        return Response(status_code=204, headers={"HX-Redirect": address})
    return Response(status_code=303, headers={"Location": address})
