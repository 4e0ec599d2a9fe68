"""The code that the provider wrote himself: first among the candidates of its finding, if a loaded book has it."""

from datetime import date

from pipeline.codebooks import CodeBooks
from pipeline.codebooks.validity import InForce
from pipeline.records import ICD10_FROM, Code, CodeSystem, Entity, Evidence, Label

SYSTEMS = {
    Label.DIAGNOSIS: (CodeSystem.ICD9CM, CodeSystem.ICD10CM),
    Label.PROCEDURE: (CodeSystem.CPT, CodeSystem.HCPCS),
    Label.SUPPLY: (CodeSystem.HCPCS, CodeSystem.CPT),
}
SURE = 0.99
"""Chance that a code which the provider wrote, and a book holds, is what he meant."""


def row(books: CodeBooks, entity: Entity, on: date | None) -> int | None:
    """Row of the book that holds the written code; None where no book has it, or nothing is written."""
    code = next((each.value for each in entity.attributes if each.name == "written_code"), None)
    if code is None:
        return None
    systems: tuple[CodeSystem, ...] = SYSTEMS[entity.label]
    if on is not None and on >= ICD10_FROM:
        # `V70.0` is in both editions
        systems = tuple(sorted(systems, key=lambda system: system is not CodeSystem.ICD10CM))
    rows = (books.row(system, code, on) for system in systems)
    return next((row for row in rows if row is not None), None)


def said(code: Code) -> Evidence:
    """Why it stands first."""
    return Evidence(source="note", detail=f"The provider wrote {code.code}.")


def objection(books: CodeBooks, row: int, on: date | None) -> str | None:
    """The rule by which a written code is not proposed: it is of the other edition, or was not in force that day."""
    if on is None:
        return None
    system = books.book_of(row).system
    if system in SYSTEMS[Label.DIAGNOSIS] and (system is CodeSystem.ICD10CM) != (on >= ICD10_FROM):
        return "other_edition"
    return "not_in_force" if books.in_force(row, on) is InForce.REFUTED else None
