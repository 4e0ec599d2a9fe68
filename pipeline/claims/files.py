"""Claims as files: one format each, of released claims or of drafts that say so."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from pipeline.claims.office import Office
from pipeline.errors import ExportError
from pipeline.export.claim_tables import claims_csv, claims_json
from pipeline.records import Claim


class ClaimFormat(StrEnum):
    """How claims are written."""

    CMS1500 = "cms1500"
    X837P = "837p"
    FHIR = "fhir"
    CSV = "claims-csv"
    JSON = "claims-json"


ONE_FILE = frozenset({ClaimFormat.X837P, ClaimFormat.CSV, ClaimFormat.JSON})
"""Formats that hold all claims in one file; of the others each claim is a file of its own."""
ENDINGS = {
    ClaimFormat.CMS1500: ".pdf",
    ClaimFormat.X837P: ".837",
    ClaimFormat.FHIR: ".json",
    ClaimFormat.CSV: ".csv",
    ClaimFormat.JSON: ".json",
}
MEDIA = {
    ClaimFormat.CMS1500: "application/pdf",
    ClaimFormat.X837P: "application/EDI-X12",
    ClaimFormat.FHIR: "application/fhir+json",
    ClaimFormat.CSV: "text/csv; charset=utf-8",
    ClaimFormat.JSON: "application/json",
}


def claims_file(
    format: ClaimFormat, claims: Sequence[Claim], office: Office, at: datetime, *, test: bool = False
) -> bytes:
    """All claims as one file.

    Args:
        format: one of `ONE_FILE`.
        claims: at least one.
        office: whose receiver takes an 837P.
        at: now.
        test: marks an 837P as one that nobody pays.

    Raises:
        ExportError: what keeps them from being written, all of it.
    """
    if format is ClaimFormat.CSV:
        return claims_csv(claims).encode()
    if format is ClaimFormat.JSON:
        return claims_json(claims).encode()
    if office.receiver is None:
        raise ExportError(
            "Nobody is named who takes the 837P: fill `receiver_id` and `receiver_name` in `practice.csv`."
        )
    from pipeline.export.x837p import x837p  # each format's library takes long to load

    # Nine digits that no other interchange of this practice has: seconds, of which it writes at most one file.
    number = int(at.timestamp()) % 1_000_000_000
    return x837p(claims, control_number=number, at=at, receiver=office.receiver, test=test)


def claim_file(
    format: ClaimFormat, claim: Claim, at: datetime, *, preprinted: bool = False, draft: bool = False
) -> bytes:
    """One claim as a file of its own.

    Args:
        format: one of those that are not in `ONE_FILE`.
        claim: the claim.
        at: now.
        preprinted: for the red form of the CMS-1500 instead of plain paper.
        draft: it is not released: a CMS-1500 says so across the page.

    Raises:
        ExportError: the form cannot hold the claim.
    """
    if format is ClaimFormat.CMS1500:
        from pipeline.export.cms1500 import cms1500

        return cms1500(claim, preprinted=preprinted, draft=draft)
    from pipeline.export.fhir import fhir_bundle

    return fhir_bundle(claim, at=at, draft=draft).encode()


def not_held(claim: Claim) -> tuple[str, ...]:
    """What paper or 837P has no room for, so that nobody releases a claim in vain."""
    from pipeline.export.cms1500 import unprintable
    from pipeline.export.x837p import unwritable

    paper = (f"CMS-1500: {sentence}" for sentence in unprintable(claim))
    return (*paper, *(f"837P: {sentence}" for sentence in unwritable(claim)))
