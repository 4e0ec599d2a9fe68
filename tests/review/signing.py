"""Deciding and signing in tests, as the coder kim."""

from datetime import date

from pipeline.records import CodeSystem, Patient
from pipeline.store import Store
from pipeline.store.decided import FIRST_ROUND, Action, Decision

PATIENT = Patient(name="Okafor, Ruth", birth_date=date(1961, 7, 19), record_number="7741029", sex="F")


def decide(
    store: Store, encounter: str, action: Action, code: str | None = None, *, who: str = "kim", **more: object
) -> Decision:
    system = more.pop("system", None if code is None else CodeSystem.ICD9CM)
    return store.decisions.append(
        who=who,
        encounter=encounter,
        reading=1,
        action=action,
        system=system,  # type: ignore[arg-type]
        code=code,
        **more,  # type: ignore[arg-type]
    )


def sign(
    store: Store, encounter: str, *, who: str = "kim", round: int = FIRST_ROUND, patient: Patient = PATIENT
) -> None:
    """Confirm patient and date, then the encounter."""
    decide(store, encounter, Action.CONFIRM_PATIENT, who=who, round=round, patient=patient)
    decide(store, encounter, Action.CONFIRM_DATE, who=who, round=round, date_of_service=date(2014, 3, 14))
    decide(store, encounter, Action.CONFIRM_ENCOUNTER, who=who, round=round)
