"""What became of the proposals of an encounter, told when it is signed."""

from pipeline.records import Candidate, CodeSystem, Encounter, Reading
from pipeline.review.chart.cards import shown_first
from pipeline.store import Store
from pipeline.store.decided import Action, Decision
from pipeline.store.figures import Fate, Outcome, Signed
from pipeline.store.review_state import Review, Verdict, effective
from pipeline.store.rows import ProposedEncounter


def keep_outcomes(
    store: Store, encounter: ProposedEncounter, reading: Reading, review: Review, decisions: tuple[Decision, ...]
) -> None:
    """Keep what became of a signed encounter; nothing where it is not signed.

    Args:
        store: where it is kept.
        encounter: with its proposal.
        reading: what the coder saw last.
        review: what the decisions add up to.
        decisions: of the first coder, oldest first.
    """
    if review.confirmed_at is None or review.confirmed_by is None:
        return
    signature = next(d for d in reversed(decisions) if d.action is Action.CONFIRM_ENCOUNTER)
    written = {(d.line.page, d.line.box) for d in effective(decisions) if d.line is not None and not d.line.drawn}
    store.figures.keep(
        _signed(encounter, reading, review.confirmed_by, signature, len(written)),
        outcomes(encounter.id, encounter.proposal, reading, review),
    )


def outcomes(id: str, encounter: Encounter, reading: Reading, review: Review) -> tuple[Outcome, ...]:
    """Every code that was proposed or accepted, once.

    Args:
        id: of the encounter in the store.
        encounter: as the reading proposes it.
        reading: what the coder saw.
        review: what the decisions add up to.
    """
    systems = shown_first(review.date_of_service)
    best: dict[tuple[CodeSystem, str], Candidate] = {}
    for candidate in reading.candidates:
        key = (candidate.system, candidate.code)
        if candidate.encounter == encounter.id and candidate.system in systems:
            known = best.get(key)
            if known is None or (candidate.proposed, -candidate.rank) > (known.proposed, -known.rank):
                best[key] = candidate
    replaced = {(code.system, code.replaces) for code in review.codes.values() if code.replaces is not None}
    found = []
    for key, candidate in best.items():
        standing = review.codes.get(key)
        if standing is not None and standing.verdict is Verdict.ACCEPTED:
            fate = Fate.ACCEPTED if candidate.proposed else Fate.FOUND
        elif not candidate.proposed:
            continue
        elif standing is None:
            fate = Fate.LEFT
        else:
            fate = Fate.REPLACED if key in replaced else Fate.REJECTED
        found.append(
            Outcome(
                encounter=id,
                system=candidate.system,
                code=candidate.code,
                display=candidate.display,
                stage=candidate.evidence[0].source if candidate.evidence else None,
                rank=candidate.rank,
                score=candidate.score,
                proposed=candidate.proposed,
                fate=fate,
            )
        )
    added = [code for code in review.accepted() if (code.system, code.code) not in best]
    return (
        *found,
        *(
            Outcome(
                encounter=id,
                system=code.system,
                code=code.code,
                display=code.display,
                stage=None,
                rank=None,
                score=None,
                proposed=False,
                fate=Fate.ADDED,
            )
            for code in added
        ),
    )


def _signed(encounter: ProposedEncounter, reading: Reading, who: str, signature: Decision, corrected: int) -> Signed:
    pages = [page for page in reading.pages if page.number in encounter.proposal.pages]
    words = [word for page in pages for line in page.lines for word in line.words]
    sure = [word.confidence for word in words if word.confidence is not None]
    provider = encounter.proposal.provider
    return Signed(
        encounter=encounter.id,
        decision=signature.id,
        at=signature.at,
        who=who,
        batch=encounter.batch,
        provider=None if provider is None else provider.value,
        pages=len(pages),
        words=len(words),
        sure=sum(sure) / len(sure) if sure else None,
        unreadable=sum(word.unreadable for word in words),
        lines=sum(len(page.lines) for page in pages),
        corrected=corrected,
        advised=sum(page.quality.advice is not None for page in pages),
    )
