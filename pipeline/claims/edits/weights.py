"""How much each kind of edit weighs and why, as `edits.tsv` has it."""

from pathlib import Path

from pipeline.claims.edits.edit import KINDS, Kind, Severity, Weight
from pipeline.codebooks.starter import rows
from pipeline.errors import SetupError

TABLE = Path(__file__).parent / "edits.tsv"


def load_weights(path: Path = TABLE) -> dict[Kind, Weight]:
    """Read the table.

    Raises:
        SetupError: a row does not fit, or a kind of edit has no row or two.
    """
    kinds: dict[str, Kind] = {kind.value: kind for kind in KINDS}
    weights: dict[Kind, Weight] = {}
    for place, (name, severity, source, why) in rows(path, ("kind", "severity", "source", "why")):
        if name not in kinds or kinds[name] in weights:
            raise SetupError(f"{place} has {name or 'nothing'}, which is no kind of edit or stands above already.")
        if severity not in [each.value for each in Severity] or not source or not why:
            raise SetupError(f"{place} is not error, warning or note with its source and why.")
        weights[kinds[name]] = Weight(severity=Severity(severity), source=source)
    if missing := [kind.value for kind in KINDS if kind not in weights]:
        raise SetupError(f"The table {path.name} has no row for {', '.join(missing)}.")
    return weights
