"""The codes of the encounter as they stand: diagnoses in the order of the claim, then services with their billing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.records import SYSTEM_NAMES, CodeSystem, CodeWarning, Entity
from pipeline.review.chart.pointers import suggested_pointers
from pipeline.store.matching import anchors_of
from pipeline.store.review_state import CodeVerdict, Review, Verdict

LETTERS = "ABCDEFGHIJKL"
"""Of the diagnoses of a claim: it has room for twelve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLine:
    """A code that was decided on."""

    ink: str | None
    """Id of the boxes that it is about; None for a code without ink."""
    system: CodeSystem
    system_name: str
    code: str
    display: str
    verdict: Verdict
    added: bool
    replaces: str | None
    who: str
    at: datetime
    letter: str = ""
    """Of a diagnosis: its place on the claim; empty behind the twelfth."""
    units: int | None = None
    modifiers: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    """What each modifier stands for: `LT left side`."""
    points: str = ""
    """Of a service: letters of its diagnoses, the primary first."""
    suggested: str = ""
    """Letters that are suggested where nobody said any."""
    suggestion: str = ""
    """The same as a form sends it back: `SYSTEM CODE DIAGNOSIS,DIAGNOSIS`."""
    unfinished: bool = False
    """A service that points to no diagnosis."""
    warnings: tuple[CodeWarning, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What would be on the claim."""

    diagnoses: tuple[CodeLine, ...]
    services: tuple[CodeLine, ...]

    @property
    def count(self) -> int:
        """How many codes stand."""
        return len(self.diagnoses) + len(self.services)

    @property
    def order(self) -> str:
        """The diagnoses as a form sends them back, so that letters mean what the page showed."""
        return ",".join(line.code for line in self.diagnoses)

    @property
    def suggestions(self) -> tuple[CodeLine, ...]:
        """Services with suggested pointers."""
        return tuple(line for line in self.services if line.suggestion)

    @property
    def unfinished(self) -> int:
        """How many services point to no diagnosis, suggestions not counted."""
        return sum(line.unfinished for line in self.services)


def standing(
    review: Review, entities: tuple[Entity, ...], warnings: tuple[CodeWarning, ...], modifiers: Mapping[str, str]
) -> Standing:
    """The accepted codes with their warnings.

    Args:
        review: what the decisions add up to.
        entities: of the encounter, to lead from a code to its ink.
        warnings: what the rules say of the codes that stand.
        modifiers: what each known one stands for.
    """
    diagnoses = review.diagnoses()
    letters = {d.code: LETTERS[n] for n, d in enumerate(diagnoses) if n < len(LETTERS)}
    warned: dict[tuple[CodeSystem, str], tuple[CodeWarning, ...]] = {}
    for warning in warnings:
        key = (warning.system, warning.code)
        warned[key] = (*warned.get(key, ()), warning)
    return Standing(
        diagnoses=tuple(
            code_line(d, entities, letter=letters.get(d.code, ""), warnings=warned.get((d.system, d.code), ()))
            for d in diagnoses
        ),
        services=tuple(
            replace(
                _service(s, entities, diagnoses, letters, warned.get((s.system, s.code), ())),
                says=tuple(f"{each} {modifiers[each]}" for each in s.modifiers if each in modifiers),
            )
            for s in review.services()
        ),
    )


def code_line(
    verdict: CodeVerdict, entities: tuple[Entity, ...], *, letter: str = "", warnings: tuple[CodeWarning, ...] = ()
) -> CodeLine:
    """A code that was decided on, without how it is billed."""
    ink = entity_of(verdict, entities)
    return CodeLine(
        ink=ink or (ink_id(verdict) if any(anchor.boxes for anchor in verdict.anchors) else None),
        system=verdict.system,
        system_name=SYSTEM_NAMES[verdict.system],
        code=verdict.code,
        display=verdict.display,
        verdict=verdict.verdict,
        added=verdict.added,
        replaces=verdict.replaces,
        who=verdict.who,
        at=verdict.at,
        letter=letter,
        warnings=warnings,
    )


def ink_id(verdict: CodeVerdict) -> str:
    """Id of the boxes of a decision that no finding of the reading stands for."""
    return f"code-{verdict.system}-{verdict.code}"


def entity_of(verdict: CodeVerdict, entities: tuple[Entity, ...]) -> str | None:
    """The entity of this reading with exactly the ink that the decision is about."""
    if not any(anchor.boxes for anchor in verdict.anchors):
        return None
    return next((entity.id for entity in entities if anchors_of(entity.spans) == verdict.anchors), None)


def _service(
    service: CodeVerdict,
    entities: tuple[Entity, ...],
    diagnoses: tuple[CodeVerdict, ...],
    letters: dict[str, str],
    warnings: tuple[CodeWarning, ...],
) -> CodeLine:
    plain = code_line(service, entities, warnings=warnings)
    # A diagnosis that was taken back since leaves its letter; what it justified is open again.
    points = "".join(letters[code] for code in service.points_to if code in letters)
    able = tuple(d for d in diagnoses if d.code in letters)
    found = () if points else suggested_pointers(service, able)
    return replace(
        plain,
        units=service.units,
        modifiers=service.modifiers,
        points=points,
        suggested="".join(letters[code] for code in found),
        suggestion=f"{service.system} {service.code} {','.join(found)}" if found else "",
        unfinished=not points,
    )
