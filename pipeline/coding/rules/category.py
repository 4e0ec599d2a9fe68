"""A category that stands first asks for the digit or seventh character that is missing, and lists the choices."""

from dataclasses import replace

from pipeline.codebooks import CodeBooks
from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.records import DIAGNOSES, Code, CodeSystem

_MOST = 6
_DIGITS = {4: "fourth", 5: "fifth", 6: "sixth", 7: "seventh"}
_SEVENTH = 7


def category(visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
    """Name the choices below the first category of each entity in each edition."""
    return tuple(_asked(visit, each) for each in coded)


def _asked(visit: Visit, coded: Coded) -> Coded:
    first: dict[CodeSystem, Choice] = {}
    for choice in coded.choices:
        first.setdefault(choice.code.system, choice)
    asking = [choice for system, choice in first.items() if system in DIAGNOSES and not choice.code.billable]
    return coded.change(lambda c: _told(visit, c) if any(c is choice for choice in asking) else c)


def _told(visit: Visit, choice: Choice) -> Choice:
    general = visit.rules.reason("category", choice.code.system)
    rows = visit.books.beginning_with(choice.code.system, choice.code.code, visit.on)
    finer = {row: code for row in rows if (code := visit.books.code(row)).billable and code.code != choice.code.code}
    if general is None or choice.withheld != general or not finer:
        return choice
    return replace(choice, withheld=f"{choice.code.code} {_missing(visit.books, choice.code, finer)} {general}")


def _missing(books: CodeBooks, code: Code, finer: dict[int, Code]) -> str:
    """`needs a fifth digit: 250.00, 250.02, ... (40 from 250.00 to 250.93).`, those that offices use most first."""
    tables = books.tables
    use = {row: float(tables.identity_prior[int(tables.row_identity[row])]) for row in finer}
    rows = sorted(finer, key=lambda row: (-use[row], finer[row].code))
    lengths = {len(each.code.replace(".", "")) for each in finer.values()}
    at = max(lengths) if len(lengths) == 1 else len(code.code.replace(".", "")) + 1
    what = f"a {_DIGITS[at]} {'character' if at == _SEVENTH else 'digit'}" if at in _DIGITS else "a finer code"
    if len(rows) <= _MOST:
        shown = "; ".join(
            f"{finer[row].code} {finer[row].display}" for row in sorted(rows, key=lambda r: finer[r].code)
        )
        return f"needs {what}: {shown}."
    codes = sorted(each.code for each in finer.values())
    shown = ", ".join(finer[row].code for row in rows[:_MOST])
    return f"needs {what}: {shown}, ... ({len(rows)} from {codes[0]} to {codes[-1]})."
