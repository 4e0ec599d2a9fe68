"""A vaccine is billed twice: the product, and giving it."""

from dataclasses import replace

from pipeline.coding.choices import Choice, Coded, Visit
from pipeline.coding.reasons import edition
from pipeline.records import Code, CodeSystem

_FIRST_PRODUCT, _LAST_PRODUCT = 90476, 90756
_BY_NOSE_OR_MOUTH = frozenset(("90660", "90672", "90680", "90681", "90690", "90712"))
_BY_INJECTION_CODES = ("90471", "90472")
_OTHER_WAY_CODES = ("90473", "90474")
_GIVING_CHANCE = 0.9
"""Chance that a vaccine that is coded was also given here."""


def vaccines(visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
    """Put giving a vaccine beside each product that is proposed."""
    products: set[str] = set()
    changed = []
    for each in coded:
        product = next((choice for choice in each.proposed() if is_product(choice.code)), None)
        if product is not None and product.code.code not in products:
            given = _giving(visit, product, first=not products)
            each = each if given is None else each.add(given, after=product)
            products.add(product.code.code)
        changed.append(each)
    return tuple(changed)


def is_product(code: Code) -> bool:
    """Whether this is the CPT number of a vaccine itself."""
    return code.system is CodeSystem.CPT and code.code.isdigit() and _FIRST_PRODUCT <= int(code.code) <= _LAST_PRODUCT


def _giving(visit: Visit, product: Choice, *, first: bool) -> Choice | None:
    codes = _OTHER_WAY_CODES if product.code.code in _BY_NOSE_OR_MOUTH else _BY_INJECTION_CODES
    code = visit.code(CodeSystem.CPT, codes[0] if first else codes[1])
    if code is None:
        return None
    said = visit.rules.evidence("vaccine_given", CodeSystem.CPT)
    score = product.score * _GIVING_CHANCE
    given = Choice(code=code, score=score, evidence=said, proposed=score >= visit.propose_from)
    row = visit.books.row(CodeSystem.CPT, code.code, visit.on)
    if visit.on is None or row is None:
        return given
    return replace(given, evidence=(*said, *edition(visit.books, row, visit.on)))
