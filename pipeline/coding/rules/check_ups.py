"""A check-up that finds something new has a code of its own in ICD-10-CM: Z00.00 becomes Z00.01."""

from dataclasses import replace
from pathlib import Path

from pipeline.codebooks.starter import FORMS, rows
from pipeline.coding.choices import ASSESSMENT, Choice, Coded, Visit
from pipeline.errors import SetupError
from pipeline.records import CodeSystem

TABLE = Path(__file__).parent / "check_ups.tsv"
_SYSTEM = CodeSystem.ICD10CM
_NO_FINDING = "FZVWXY"
"""First letters of habits and moods known before, of reasons and of causes."""


class CheckUps:
    """Tells a check-up with an abnormal finding from one without."""

    def __init__(self) -> None:
        self._with = load_check_ups()

    def __call__(self, visit: Visit, coded: tuple[Coded, ...]) -> tuple[Coded, ...]:
        """Replace the code of a check-up where the assessment names what is no lasting illness known before."""
        if not any(_found(each) for each in coded):
            return coded
        changed = []
        for each in coded:
            for choice in each.proposed((_SYSTEM,)):
                code = visit.code(_SYSTEM, self._with.get(choice.code.code, ""))
                if code is not None:
                    each = _becomes(visit, each, choice, replace(choice, code=code))
            changed.append(each)
        return tuple(changed)


def load_check_ups(path: Path = TABLE) -> dict[str, str]:
    """The code of each check-up without a finding -> the one with.

    Raises:
        SetupError: a row does not fit.
    """
    found = {}
    for place, (without, with_finding) in rows(path, ("without", "with")):
        if not all(FORMS[_SYSTEM].fullmatch(code) for code in (without, with_finding)):
            raise SetupError(f"{place} is not two codes of ICD-10-CM.")
        found[without] = with_finding
    return found


def _becomes(visit: Visit, coded: Coded, plain: Choice, found: Choice) -> Coded:
    reason = visit.rules.reason("abnormal_finding", _SYSTEM)
    left = coded.change(lambda c: c.withhold(reason) if c == plain else c)
    return left.add(found.with_reason(*visit.rules.evidence("abnormal_finding", _SYSTEM)))


def _found(coded: Coded) -> bool:
    """Whether the assessment names a finding of this visit."""
    lasting = any(detail.name == "lasting" for detail in coded.entity.attributes)
    if lasting or coded.entity.section not in ASSESSMENT:
        return False
    return any(choice.code.code[0] not in _NO_FINDING for choice in coded.proposed((_SYSTEM,)))
