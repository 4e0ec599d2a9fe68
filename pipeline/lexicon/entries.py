"""What the tables of the lexicon hold, one record for a row."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pipeline.lexicon.visit_entries import FieldLabel, NameWord, VisitWording
from pipeline.records import Label

NUMBER = "#"
"""Among a shorthand's neighbours: a number right behind it."""


class Category(StrEnum):
    """What a cue says of the findings in its scope."""

    NEGATED = "negated"
    ABSENT = "absent"
    """Negates a disease or sign, but not a test: `strep test: negative`."""
    UNCERTAIN = "uncertain"
    HISTORICAL = "historical"
    OVER = "over"
    """Past, and over even where the illness is one that lasts: `asthma as a child`."""
    KNOWN = "known"
    """Past, and there still whatever the illness: `known to have gallstones`."""
    HYPOTHETICAL = "hypothetical"
    CONDITIONAL = "conditional"
    """Makes hypothetical what may be done, but not what is there: `MRI if no better`."""
    FAMILY = "family"
    PSEUDO = "pseudo"
    """Looks like a cue and is none: `no increase`, `history of present illness`."""
    END = "end"
    """Ends the scope of cues before and after it: `but`, `however`."""
    PATIENT = "patient"
    """The patient himself: ends what is said of others."""
    TELLS = "tells"
    """What somebody does who speaks or acts for the patient: `mother states fever` is the patient's fever."""
    BESIDE = "beside"
    """Before somebody who only is there: `brought by mother`."""


class Direction(StrEnum):
    """Where the findings stand that a cue speaks of."""

    FORWARD = "forward"
    BACKWARD = "backward"
    BOTH = "both"


class ModifierKind(StrEnum):
    """What a word beside a finding adds to it."""

    LATERALITY = "laterality"
    SEVERITY = "severity"
    ACUITY = "acuity"
    SITE = "site"
    ROUTE = "route"
    UNIT = "unit"
    PERIOD = "period"


class Supplied(StrEnum):
    """Who gave a drug or device."""

    GIVEN = "given"
    """Here, from stock."""
    ORDERED = "ordered"
    PRESCRIBED = "prescribed"
    OWN = "own"
    """The patient's own, or bought without a prescription."""
    DIRECTED = "directed"
    """Only how it is to be taken is told: prescribed, where nothing stronger is."""


class Done(StrEnum):
    """What a note says of whether a service was rendered at this visit; of several the first counts."""

    SENT = "sent"
    """The specimen went to a laboratory elsewhere."""
    PLANNED = "planned"
    TODAY = "today"
    EARLIER = "earlier"
    """On another day, or by somebody else."""
    DONE = "done"
    RESULT = "result"
    """Only what it showed."""


class Side(StrEnum):
    """Where a wording stands to the thing that it speaks of."""

    BEFORE = "before"
    AFTER = "after"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A spelling of a diagnosis, procedure or supply."""

    text: str
    label: Label
    normalized: str
    """What the code books are asked for."""
    coded: bool = True
    """False where no book is asked: a vital sign is part of the visit, `lesion` says too little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A spelling of a section's heading."""

    text: str
    section: str | None
    """Key of the section; None for a heading within one, such as `Lungs:`."""
    context: Category | None
    """What stands under it is historical, of the family, hypothetical; None where nothing follows from it."""
    bare: bool
    """Also a heading where neither colon nor line end follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Abbreviation:
    """One sense of a shorthand."""

    short: str
    long: str
    exact_case: bool
    """Only as it is written here; otherwise in any case."""
    sections: frozenset[str]
    """The sense holds under these sections; empty where sections do not matter."""
    neighbours: frozenset[str]
    """The sense holds beside one of these words, lower case, `#` being a number right behind; empty where
    neighbours do not matter."""
    against: frozenset[str] = frozenset()
    """The sense never holds beside one of these words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A wording that negates, doubts, dates or shifts the findings around it."""

    text: str
    category: Category
    direction: Direction
    reach: int | None
    """How many tokens it reaches; None to the end of its sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Modifier:
    """A word that adds a detail to the finding beside it."""

    text: str
    kind: ModifierKind
    value: str
    """Its normal form."""
    exact_case: bool


class FormKind(StrEnum):
    """What a form of words tells of a finding that no list names."""

    ENDING = "ending"
    """A word that ends so is a finding: `-itis`."""
    EXCEPTION = "exception"
    """A word that ends so and is none: `diagnosis`."""
    HEAD = "head"
    """A finding together with the words before it: `deficiency`."""
    BEFORE = "before"
    """A word that ends so belongs to the head after it: `-ic`."""
    WORD = "word"
    """A word that belongs to the head after it: `bone`."""
    LOOSE = "loose"
    """A word that does not, whatever its ending: `clinical`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordForm:
    """An ending, a head or a word beside a head."""

    text: str
    """Lower case, letters only."""
    kind: FormKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppliedCue:
    """A wording that tells who gave the drug or device beside it."""

    text: str
    supplied: Supplied
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneCue:
    """A wording that tells whether the service beside it was rendered here today."""

    text: str
    """Lower case; `<n>` stands for a number, `<date>` for a day."""
    done: Done
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """How charts name who pays."""

    text: str
    """Lower case."""
    payer: str
    """`medicare`, `medicaid` or `commercial`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A wording of what caused an injury."""

    words: tuple[tuple[str, ...], ...]
    """At each place of the wording the words that may stand there, lower case."""
    cause: str | None
    """Normal wording; None where it is no cause: `fell asleep`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Injury:
    """A word that makes an injury of a diagnosis."""

    word: str
    """Lower case."""
    sign: bool
    """It may have other reasons than an injury, as pain has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """One or two signs, lower case, and what a reader takes them for, or the other way about."""

    one: str
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Everything the entity stages know that is not code."""

    terms: tuple[Term, ...]
    chronic: frozenset[str]
    """Normal wordings of illnesses that last; listed among past illnesses they are still coded."""
    headings: tuple[Heading, ...]
    abbreviations: tuple[Abbreviation, ...]
    cues: tuple[Cue, ...]
    labels: tuple[FieldLabel, ...]
    visit_wordings: tuple[VisitWording, ...]
    modifiers: tuple[Modifier, ...]
    supplied: tuple[SuppliedCue, ...]
    done: tuple[DoneCue, ...]
    payers: tuple[Payer, ...]
    causes: tuple[Cause, ...]
    injuries: tuple[Injury, ...]
    decoys: tuple[str, ...]
    """Phrases that hold a term's words and are no finding: `discharge instructions`."""
    name_words: tuple[NameWord, ...]
    word_forms: tuple[WordForm, ...]
    plain_words: frozenset[str]
    """Correct words that look like misspelt terms: never repaired, never a term by themselves."""
    confusions: tuple[Confusion, ...]
    fingerprint: str
    """SHA-256 over all tables."""

    def with_terms(self, extra: Iterable[Term]) -> tuple[Term, ...]:
        """Its own terms, then the extra ones that it does not already spell."""
        known = {(term.text.casefold(), term.label) for term in self.terms}
        return (*self.terms, *(term for term in extra if (term.text.casefold(), term.label) not in known))
