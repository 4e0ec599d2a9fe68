"""Every rule that looks at a visit as a whole, in the order in which they are applied."""

from pipeline.codebooks import CodeBooks
from pipeline.coding.choices import Rule
from pipeline.coding.rules.assessed import Assessed
from pipeline.coding.rules.causes import Causes
from pipeline.coding.rules.excludes import Excludes
from pipeline.coding.rules.integral import Integral
from pipeline.coding.rules.limits import Limits
from pipeline.coding.rules.long_term import LongTerm
from pipeline.coding.rules.manifestations import Manifestations
from pipeline.coding.rules.once import once
from pipeline.coding.rules.optional import LeftToCoder
from pipeline.coding.rules.pairs import Pairs
from pipeline.coding.rules.pick import pick
from pipeline.coding.rules.specific import specific
from pipeline.coding.rules.vaccines import vaccines


def rules_in_order(books: CodeBooks) -> tuple[Rule, ...]:
    """The rules, their tables and what they need of the books loaded.

    Raises:
        SetupError: a table does not fit.
    """
    return (
        pick,
        specific,
        Assessed(),
        Integral(),
        Pairs(),
        Causes(),
        LongTerm(),
        LeftToCoder(),
        vaccines,
        once,
        Excludes(books),
        Manifestations(books),
        Limits(),
    )
