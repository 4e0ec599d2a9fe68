"""What a practice knows besides its charts: itself, its providers, payers and patients, and what a visit came from."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pipeline.records import (
    Accident,
    Agreements,
    Attachment,
    Course,
    Coverage,
    Facility,
    Frequency,
    OtherCoverage,
    OtherProvider,
    Patient,
    Payer,
    Person,
    Practice,
    Provider,
    Receiver,
)

_WORD = re.compile(r"[^\W\d_]+")
_TITLES = frozenset({"dr", "md", "do", "np", "pa", "rn", "pac", "dpm", "phd", "fnp", "crnp", "arnp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficePatient:
    """A patient as the front desk keeps them."""

    record_number: str
    person: Person
    coverage: Coverage
    other_coverage: OtherCoverage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a visit's claim says that no chart does."""

    record_number: str
    day: date
    place: str | None
    """Place of service; None for the practice's own."""
    said_of_cause: bool
    """Somebody said what the condition comes from, or that it comes from nothing of the kind."""
    accident: Accident | None
    authorization: str | None
    frequency: Frequency | None
    """None where nobody said: what it is follows from what was sent before."""
    original_number: str | None
    facility: str | None = None
    """NPI of where the services were; None for the practice's own place, or the patient's home."""
    other_provider: OtherProvider | None = None
    paid: Decimal | None = None
    agreements: Agreements = field(default_factory=Agreements)
    course: Course = field(default_factory=Course)
    note: str | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeProvider:
    """A provider, and how charts name them besides."""

    provider: Provider
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """All of it. What was not brought is None or empty."""

    practice: Practice | None = None
    place: str | None = None
    """Two digits: where the practice treats unless a visit says otherwise."""
    clia: str | None = None
    """The number of the practice's own laboratory."""
    receiver: Receiver | None = None
    """Who takes the 837P: the clearinghouse or the payer."""
    people: int = 1
    """How many people have to release a claim: 1 or 2."""
    providers: tuple[OfficeProvider, ...] = ()
    payers: Mapping[str, Payer] = field(default_factory=dict)
    """By id."""
    facilities: Mapping[str, Facility] = field(default_factory=dict)
    """By NPI."""
    patients: tuple[OfficePatient, ...] = ()
    visits: tuple[Visit, ...] = ()

    def provider_named(self, name: str) -> tuple[Provider, ...]:
        """The providers whom a chart may mean by a name, whatever the order of its words, titles left aside."""
        wanted = name_words(name)
        found = [
            each.provider
            for each in self.providers
            for known in (f"{each.provider.name.first} {each.provider.name.last}", *each.also)
            if wanted and name_words(known) == wanted
        ]
        return tuple(dict.fromkeys(found))

    def patient_of(self, confirmed: Patient) -> tuple[OfficePatient, ...]:
        """The patients who may be meant by a confirmed identity: by record number, else by name and birth date."""
        if confirmed.record_number:
            number = _plain(confirmed.record_number)
            return tuple(each for each in self.patients if _plain(each.record_number) == number)
        return tuple(each for each in self.patients if same_person(confirmed, each.person))

    def visit_of(self, record_number: str, day: date) -> Visit | None:
        """What was said of a visit; None where nothing was."""
        number = _plain(record_number)
        return next((v for v in self.visits if v.day == day and _plain(v.record_number) == number), None)


def same_person(confirmed: Patient, person: Person) -> bool:
    """Whether a confirmed identity and the front desk's record agree in name and birth date."""
    last, _, first = confirmed.name.partition(",")
    given = name_words(first)
    return (
        name_words(last) == name_words(person.name.last)
        and name_words(person.name.first) <= given | name_words(person.name.middle or "")
        and bool(given & name_words(person.name.first))
        and confirmed.birth_date in (None, person.birth_date)
    )


def name_words(name: str) -> frozenset[str]:
    """The words of a name without case, accents and titles."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return frozenset(_WORD.findall(plain.casefold().replace(".", ""))) - _TITLES


def _plain(number: str) -> str:
    return "".join(char for char in number.upper() if char.isalnum())
