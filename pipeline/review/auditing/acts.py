"""What each route is in the audit log: one word, or nothing where it shows nothing of a chart.

A route that is not listed is written down as `view`: a new screen is audited before anybody thought of it.
"""

from fastapi import FastAPI

from pipeline.review.rights import route_names
from pipeline.store.audit_rows import Act

AT_THE_DOOR = None
"""Signing in and out and changing accounts are told by `Desk.audit`, with how they ended."""
NOTHING_SHOWN = None
"""Nothing of a chart is in the answer; a decision has its entry from the journal."""
THE_LOG_ITSELF = None
ASKED_BY_ITSELF = None
"""A page that was written down when it was opened, and keeps itself up to date."""

ACTS: dict[str, Act | None] = {
    "GET /sign-in": AT_THE_DOOR,
    "POST /sign-in": AT_THE_DOOR,
    "POST /sign-in/code": AT_THE_DOOR,
    "POST /sign-in/link": AT_THE_DOOR,
    "POST /sign-out": AT_THE_DOOR,
    "GET /session": NOTHING_SHOWN,
    "GET /account": AT_THE_DOOR,
    "POST /account/password": AT_THE_DOOR,
    "POST /account/second-step": AT_THE_DOOR,
    "POST /account/second-step/confirmation": AT_THE_DOOR,
    "POST /account/second-step/removal": AT_THE_DOOR,
    "POST /account/sessions": AT_THE_DOOR,
    "GET /accounts": AT_THE_DOOR,
    "POST /accounts": AT_THE_DOOR,
    "POST /accounts/{id}": AT_THE_DOOR,
    "POST /accounts/{id}/disabling": AT_THE_DOOR,
    "POST /accounts/{id}/enabling": AT_THE_DOOR,
    "POST /accounts/{id}/sessions": AT_THE_DOOR,
    "POST /accounts/{id}/invitation": AT_THE_DOOR,
    "GET /": Act.VIEW_LIST,
    "POST /": Act.SEARCH_CHARTS,
    "GET /next": NOTHING_SHOWN,
    "POST /next": Act.TAKE,
    # A tab's sign of life, and what it saves by itself, every few seconds.
    "POST /encounters/{id}/lease": NOTHING_SHOWN,
    "POST /encounters/{id}/lease/end": NOTHING_SHOWN,
    "POST /encounters/{id}/lease/take-over": Act.TAKE_OVER,
    "GET /encounters/{id}/drafts": Act.VIEW_CHART,
    "POST /encounters/{id}/drafts": NOTHING_SHOWN,
    "POST /encounters/{id}/drafts/sent": NOTHING_SHOWN,
    "GET /encounters/{id}": Act.VIEW_CHART,
    "GET /encounters/{id}/words": Act.VIEW_CHART,
    "GET /encounters/{id}/drawing": Act.VIEW_CHART,
    "GET /encounters/{id}/pages/{number}": Act.VIEW_PAGE,
    "GET /encounters/{id}/thumbnails/{number}": Act.VIEW_PAGE,
    "GET /encounters/{id}/crops/{number}/{box}": Act.VIEW_CROP,
    # What follows a form is the panel, which is the chart.
    "POST /encounters/{id}/codes": Act.VIEW_CHART,
    "POST /encounters/{id}/identity": Act.VIEW_CHART,
    "POST /encounters/{id}/confirmation": Act.VIEW_CHART,
    "POST /encounters/{id}/reopening": Act.VIEW_CHART,
    "POST /encounters/{id}/signature": Act.VIEW_CHART,
    "POST /encounters/{id}/billing": Act.VIEW_CHART,
    "POST /encounters/{id}/pointers": Act.VIEW_CHART,
    "POST /encounters/{id}/order": Act.VIEW_CHART,
    "POST /encounters/{id}/undo": Act.VIEW_CHART,
    "POST /encounters/{id}/search": Act.SEARCH_CODES,
    "POST /encounters/{id}/table": Act.SEARCH_CODES,
    "GET /encounters/{id}/text": Act.VIEW_CHART,
    "GET /encounters/{id}/lines/{page}/{box}": Act.VIEW_CROP,
    "POST /encounters/{id}/lines": Act.VIEW_CHART,
    "POST /encounters/{id}/drawings": Act.VIEW_CHART,
    "POST /encounters/{id}/contexts": Act.VIEW_CHART,
    "POST /encounters/{id}/corrections/undoing": Act.VIEW_CHART,
    "GET /encounters/{id}/reopening": Act.VIEW_CHART,
    "GET /encounters/{id}/hold": Act.VIEW_CHART,
    "POST /encounters/{id}/hold": Act.VIEW_CHART,
    "POST /encounters/{id}/release": Act.VIEW_CHART,
    "GET /encounters/{id}/arrangement": Act.VIEW_CHART,
    "POST /encounters/{id}/arrangement": Act.VIEW_CHART,
    "POST /encounters/{id}/arrangement/search": Act.SEARCH_CHARTS,
    "POST /encounters/{id}/taken-over": Act.VIEW_CHART,
    "POST /encounters/{id}/question": Act.VIEW_CHART,
    "POST /encounters/{id}/questions": Act.VIEW_CHART,
    "GET /encounters/{id}/questions/{number}": Act.PRINT_QUERY,
    "GET /encounters/{id}/questions/{number}/answer": Act.VIEW_CHART,
    "POST /encounters/{id}/questions/{number}/answer": Act.VIEW_CHART,
    "GET /questions": Act.VIEW_LIST,
    "GET /claims": Act.VIEW_LIST,
    "POST /claims": Act.SEARCH_CHARTS,
    "POST /claims/files": Act.EXPORT,
    # A step has its entry from the journal; what follows is the claim's page or the list.
    "POST /claims/sending": Act.VIEW_LIST,
    "GET /claims/{id}": Act.VIEW_CLAIM,
    "POST /claims/{id}/office/{kind}": Act.VIEW_CLAIM,
    "POST /claims/{id}/reasons": Act.VIEW_CLAIM,
    "POST /claims/{id}/release": Act.VIEW_CLAIM,
    "POST /claims/{id}/withdrawal": Act.VIEW_CLAIM,
    "POST /claims/{id}/sending": Act.VIEW_CLAIM,
    "POST /claims/{id}/payment": Act.VIEW_CLAIM,
    "POST /claims/{id}/denial": Act.VIEW_CLAIM,
    "GET /claims/{id}/files/{format}": Act.EXPORT,
    "GET /claims/{id}/evidence": Act.VIEW_CLAIM,
    "GET /claims/{id}/evidence.pdf": Act.EXPORT,
    "POST /claims/{id}/evidence/release": Act.VIEW_CLAIM,
    "GET /numbers": Act.VIEW_FIGURES,
    "GET /numbers/{table}.csv": Act.DOWNLOAD,
    "GET /second": Act.VIEW_LIST,
    "GET /second.csv": Act.DOWNLOAD,
    "GET /second/{id}": Act.VIEW_CHART,
    "POST /second/{id}": Act.VIEW_CHART,
    "GET /inbox": Act.VIEW_INBOX,
    "GET /inbox/live": ASKED_BY_ITSELF,
    "GET /inbox/pages/{document}/{number}": Act.VIEW_PAGE,
    "POST /inbox/batches/{key}/retry": Act.VIEW_INBOX,
    "POST /inbox/concerns/{id}/retry": Act.VIEW_INBOX,
    "POST /inbox/concerns/{id}/dealt": Act.VIEW_INBOX,
    "POST /inbox/concerns/{id}/restored": Act.VIEW_INBOX,
    "POST /inbox/documents/{id}/reading": Act.VIEW_INBOX,
    "GET /audit": THE_LOG_ITSELF,
    "POST /audit": THE_LOG_ITSELF,
    "POST /audit/proof": THE_LOG_ITSELF,
    "POST /audit/download": Act.DOWNLOAD,
}


def unlisted(app: FastAPI) -> tuple[str, ...]:
    """Routes that nobody gave a word of their own."""
    return tuple(name for name in route_names(app) if name not in ACTS)


def act_of(method: str, pattern: str) -> Act | None:
    """What a request is in the log; None where it is nothing."""
    return ACTS.get(f"{'GET' if method == 'HEAD' else method} {pattern}", Act.VIEW)
