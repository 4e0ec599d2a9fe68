"""What a coder signed, as it may be billed."""

from pipeline.records import ConfirmedCode, ConfirmedEncounter
from pipeline.store.review_state import CodeVerdict, Review
from pipeline.store.rows import EncounterState, ProposedEncounter


def confirmed(encounter: ProposedEncounter, review: Review) -> ConfirmedEncounter | None:
    """The encounter as it may be billed; None until a coder has confirmed it."""
    if review.state is not EncounterState.CONFIRMED or review.patient is None or review.date_of_service is None:
        return None
    assert review.confirmed_by is not None and review.confirmed_at is not None and review.reading is not None
    provider = encounter.proposal.provider
    pages = encounter.proposal.pages if review.pages is None else tuple(page.number for page in review.pages)
    return ConfirmedEncounter(
        id=encounter.id,
        document=encounter.document,
        document_name=encounter.document_name,
        batch=encounter.batch,
        reading=review.reading,
        pages=pages,
        patient=review.patient,
        date_of_service=review.date_of_service,
        provider=None if provider is None else provider.value,
        confirmed_by=review.confirmed_by,
        confirmed_at=review.confirmed_at,
        codes=tuple(_code(code) for code in (*review.diagnoses(), *review.services())),
    )


def _code(code: CodeVerdict) -> ConfirmedCode:
    return ConfirmedCode(
        system=code.system,
        code=code.code,
        display=code.display,
        who=code.who,
        at=code.at,
        anchors=code.anchors,
        units=code.units,
        modifiers=code.modifiers,
        points_to=code.points_to,
    )
