"""Every rule that looks at a visit as a whole, in the order in which they are applied."""

from pipeline.codebooks import CodeBooks
from pipeline.codebooks.edits import Edits
from pipeline.coding.choices import Rule
from pipeline.coding.rules.aftercare import Aftercare
from pipeline.coding.rules.assessed import Assessed
from pipeline.coding.rules.beside import beside
from pipeline.coding.rules.category import category
from pipeline.coding.rules.causes import Causes
from pipeline.coding.rules.check_ups import CheckUps
from pipeline.coding.rules.companions import Companions
from pipeline.coding.rules.drugs import Drugs, Units
from pipeline.coding.rules.edits import CmsPairs, CmsUnits
from pipeline.coding.rules.excludes import Excludes
from pipeline.coding.rules.former import former
from pipeline.coding.rules.included import Inclusions
from pipeline.coding.rules.injections import Injections
from pipeline.coding.rules.integral import Integral
from pipeline.coding.rules.levels import levels
from pipeline.coding.rules.limits import Limits
from pipeline.coding.rules.long_term import LongTerm
from pipeline.coding.rules.manifestations import Manifestations
from pipeline.coding.rules.modifiers import Modifiers
from pipeline.coding.rules.once import once
from pipeline.coding.rules.optional import LeftToCoder
from pipeline.coding.rules.pairs import Pairs
from pipeline.coding.rules.pick import pick
from pipeline.coding.rules.provider import provider_codes
from pipeline.coding.rules.rendered import Rendered
from pipeline.coding.rules.repairs import Repairs
from pipeline.coding.rules.sized import SizedServices
from pipeline.coding.rules.specific import specific
from pipeline.coding.rules.vaccines import Vaccines


def rules_in_order(books: CodeBooks, edits: Edits | None = None) -> tuple[Rule, ...]:
    """The rules, their tables and what they need of the books loaded.

    Args:
        books: whose notes are heeded.
        edits: those of CMS that were imported.

    Raises:
        SetupError: a table does not fit.
    """
    return (
        Drugs(),
        pick,
        specific,
        Assessed(),
        Integral(),
        Pairs(),
        CheckUps(),
        Aftercare(),
        Companions(),
        Causes(),
        LongTerm(),
        LeftToCoder(),
        levels,
        Rendered(),
        Vaccines(),
        SizedServices(),
        Injections(),
        Repairs(),
        beside,
        Inclusions(),
        Units(),
        Modifiers(),
        once,
        Excludes(books),
        Manifestations(books),
        provider_codes,
        former,
        Limits(),
        CmsPairs(edits),
        CmsUnits(edits),
        category,
    )
