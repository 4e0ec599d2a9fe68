"""Every rule that looks at a visit as a whole, in the order in which they are applied."""

from pipeline.coding.choices import Rule
from pipeline.coding.rules.once import once
from pipeline.coding.rules.pick import pick
from pipeline.coding.rules.vaccines import vaccines

RULES: tuple[Rule, ...] = (
    pick,
    vaccines,
    once,
)
