"""A vaccine is billed twice: the product, and giving it."""

from pipeline.records import Code, CodeSystem

_FIRST_PRODUCT, _LAST_PRODUCT = 90476, 90756
_BY_NOSE_OR_MOUTH = frozenset(("90660", "90672", "90680", "90681", "90690", "90712"))
_BY_INJECTION_CODES = ("90471", "90472")
_OTHER_WAY_CODES = ("90473", "90474")
_GIVING = frozenset((*_BY_INJECTION_CODES, *_OTHER_WAY_CODES))


def is_product(code: Code) -> bool:
    """Whether this is the CPT number of a vaccine itself."""
    return code.system is CodeSystem.CPT and code.code.isdigit() and _FIRST_PRODUCT <= int(code.code) <= _LAST_PRODUCT


def giving(product: Code, proposed: set[tuple[CodeSystem, str]]) -> str:
    """The CPT number of giving a vaccine: of the first of the day, or of each further one.

    Args:
        product: the vaccine.
        proposed: what is proposed already for the encounter.
    """
    first_injected, further_injected = _BY_INJECTION_CODES
    first_other, further_other = _OTHER_WAY_CODES
    if any((CodeSystem.CPT, code) in proposed for code in _GIVING):
        return further_other if product.code in _BY_NOSE_OR_MOUTH else further_injected
    return first_other if product.code in _BY_NOSE_OR_MOUTH else first_injected
