"""The table of rules: which is in force for a system and a setting, its sentence and where it is from."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.codebooks.starter import rows
from pipeline.errors import SetupError
from pipeline.records import CLAIMED, CodeSystem, Evidence

TABLE = Path(__file__).parent / "rules.tsv"
_COLUMNS = ("rule", "system", "setting", "sentence", "source")
_SETTINGS = ("outpatient", "inpatient")
_GROUPS = {
    "ICD": (CodeSystem.ICD9CM, CodeSystem.ICD10CM),
    "services": (CodeSystem.CPT, CodeSystem.HCPCS),
    "*": CLAIMED,
} | {system.value: (system,) for system in CLAIMED}


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules in force in one setting."""

    sentences: dict[tuple[str, CodeSystem], str]
    """Rule and system -> its sentence, with the source in brackets."""

    def reason(self, rule: str | None, system: CodeSystem) -> str | None:
        """The sentence of a rule; None where it is not in force for the system, or no rule is asked for."""
        return None if rule is None else self.sentences.get((rule, system))

    def evidence(self, rule: str, system: CodeSystem) -> tuple[Evidence, ...]:
        """The same as a reason for a candidate."""
        sentence = self.reason(rule, system)
        return () if sentence is None else (Evidence(source="rule", detail=sentence),)


def load_rules(setting: str, path: Path = TABLE) -> RuleBook:
    """Read the rules of a setting.

    Raises:
        SetupError: a row names no system, another setting, or the same rule for the same system again.
    """
    sentences: dict[tuple[str, CodeSystem], str] = {}
    seen: set[tuple[str, CodeSystem, str]] = set()
    for place, (rule, system, where, sentence, source) in rows(path, _COLUMNS):
        if system not in _GROUPS or where not in (*_SETTINGS, "*") or not (rule and sentence and source):
            raise SetupError(f"{place} is not a rule with its system, setting, sentence and source.")
        for each in _GROUPS[system]:
            for one in _SETTINGS if where == "*" else (where,):
                if (rule, each, one) in seen:
                    raise SetupError(f"{place} gives the rule {rule} for {each} in this setting a second time.")
                seen.add((rule, each, one))
                if one == setting:
                    sentences[rule, each] = f"{sentence} ({source})"
    return RuleBook(sentences)
