"""What the tables on visits and people hold, one record for a row."""

from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """What a label on a chart announces."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    RECORD_NUMBER = "record_number"
    SERVICE_DATE = "service_date"
    PROVIDER = "provider"
    SEX = "sex"
    PATIENT_STATUS = "patient_status"
    """Whether the patient is new to the practice or established."""
    VISIT_LEVEL = "visit_level"
    TIME_SPENT = "time_spent"
    PAYER = "payer"
    SIGNATURE = "signature"
    OTHER_DATE = "other_date"
    """A date that is never the date of service: birth of others, print, fax, signature, lab."""
    OTHER = "other"
    """Anything else; it only ends the value before it."""


class NameWordKind(StrEnum):
    """What a word beside a name is."""

    TITLE = "title"
    SUFFIX = "suffix"
    CREDENTIAL = "credential"
    """A degree of those who treat in their own right."""
    STAFF = "staff"
    """A degree of those who assist."""
    PARTICLE = "particle"
    """Part of a family name, such as `de` or `van`."""
    NEVER = "never"
    """No name holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLabel:
    """A spelling of a label of an identity field."""

    text: str
    field: Field
    weak: bool
    """Only with a colon after it, since it is also an ordinary word."""


NUMBER_PLACE = "<n>"
"""Stands in the wording of a visit where the chart has a number."""


class Place(StrEnum):
    """Where a wording of the visit must stand to count."""

    ANYWHERE = ""
    ALONE = "alone"
    """Between signs or line ends, with nothing else: `level 3`."""
    BOXED = "boxed"
    """At a ticked box, or behind the label of its field: `New`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitWording:
    """How charts write whether a patient is new, the level of a visit, or its time."""

    text: str
    """Lower case; `<n>` stands for the level or the minutes."""
    field: Field
    value: str
    """`new` or `established`; of a time `total` or `part`; empty for a level."""
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class NameWord:
    """A word that stands beside names of people, or shows that there is none."""

    text: str
    """Lower case, letters only."""
    kind: NameWordKind
