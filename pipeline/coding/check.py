"""What a coder should look at in the codes that were accepted, whoever chose them.

Here the rules of the trade look at what stands, not at what is proposed: codes that no book bears out for the day,
missing digits, codes that do not stand together, limits of age and sex, what is missing beside a code. They only
warn: the coder decides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from pipeline.codebooks import CodeBooks
from pipeline.codebooks.edits import Edits
from pipeline.codebooks.validity import InForce
from pipeline.coding.choices import Choice, Coded, Rule, Visit
from pipeline.coding.reasons import edition
from pipeline.coding.rules.asks import Asks
from pipeline.coding.rules.edits import CmsPairs, CmsUnits
from pipeline.coding.rules.excludes import Excludes
from pipeline.coding.rules.included import Inclusions
from pipeline.coding.rules.integral import Integral
from pipeline.coding.rules.limits import Limits
from pipeline.coding.rules.manifestations import Manifestations
from pipeline.coding.rules.rulebook import load_rules
from pipeline.records import DIAGNOSES, ICD10_FROM, CodeSystem, CodeWarning, Context, Entity, Label, WarningKind
from pipeline.settings import CodingSettings

_WITH_SOURCE = re.compile(r"(?s)(.*?)\s*\(((?:[^()]|\([^()]*\))*)\)\s*")
"""A sentence of the rules, and the source that they put behind it in brackets."""
_OF_ANOTHER = frozenset((WarningKind.INTEGRAL, WarningKind.INCLUDED))
"""Kinds that are about a second code, which their sentences do not name."""
_LIMITS = "limits of age and sex, limits.tsv"
_NOT_BILLABLE = "{} is a category and not billable; choose the code below it that the note bears out."


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A code that a coder accepted."""

    system: CodeSystem
    code: str
    units: int | None = None
    modifiers: tuple[str, ...] = ()
    entity: Entity | None = None
    """The finding that it was accepted for; None for one that the coder added."""


class CodeCheck:
    """Judges the codes of one encounter as they stand."""

    def __init__(self, books: CodeBooks, settings: CodingSettings, edits: Edits | None = None) -> None:
        self._books = books
        self._rules = load_rules(settings.setting)
        self._asks = Asks()
        self._limits = Limits()
        self._visit_rules: tuple[tuple[WarningKind, Rule, str], ...] = (
            (WarningKind.INTEGRAL, Integral(), "ICD guidelines I.B, conditions that belong to a disease process"),
            (WarningKind.INCLUDED, Inclusions(), "CMS NCCI policy manual"),
            (WarningKind.EXCLUDES, Excludes(books), "tabular list, excludes"),
            (WarningKind.MANIFESTATION, Manifestations(books), "ICD guidelines I.A, etiology and manifestation"),
            (WarningKind.PAIR, CmsPairs(edits), "edits of CMS as imported"),
            (WarningKind.UNITS, CmsUnits(edits), "edits of CMS as imported"),
        )
        """Each with the source of what it tells without naming one."""

    def __call__(
        self, codes: tuple[Standing, ...], *, on: date | None, age: int | None, sex: str | None
    ) -> tuple[CodeWarning, ...]:
        """Everything to look at, in the order of the codes; each thing once.

        Args:
            codes: as accepted, diagnoses in the order of the claim.
            on: date of service; None where it is not known yet.
            age: the patient's that day, in whole years.
            sex: `F` or `M`.
        """
        visit = Visit(books=self._books, rules=self._rules, on=on, age=age, sex=sex)
        found = [
            *(warning for each in codes for warning in self._of_book(visit, each)),
            *self._of_rules(visit, codes),
            *(warning for each in codes for warning in self._of_patient(visit, each)),
            *self._asks(visit, {(each.system, each.code): frozenset(each.modifiers) for each in codes}),
        ]
        order = {(each.system, each.code): n for n, each in enumerate(codes)}
        return tuple(sorted(dict.fromkeys(found), key=lambda warning: order[warning.system, warning.code]))

    def _of_book(self, visit: Visit, standing: Standing) -> Iterator[CodeWarning]:
        """What the books say of a code by itself."""
        system, code, on = standing.system, standing.code, visit.on

        def warning(kind: WarningKind, sentence: str, source: str) -> CodeWarning:
            return CodeWarning(system=system, code=code, kind=kind, sentence=sentence, source=source)

        if on is not None and system in DIAGNOSES and (system is CodeSystem.ICD10CM) != (on >= ICD10_FROM):
            wanted = "ICD-9-CM" if on < ICD10_FROM else "ICD-10-CM"
            sentence = f"The date of service asks for {wanted}; this code is of the other edition."
            yield warning(WarningKind.EDITION, sentence, "45 CFR 162.1002")
            return
        row = self._books.row(system, code, on)
        if row is None:
            yield warning(WarningKind.UNKNOWN, "No loaded code book has this code.", "the loaded code books")
            return
        known = self._books.code(row)
        # What no book proves is told with the candidate; here it would stand beside nearly every code.
        if on is not None and self._books.in_force(row, on) is InForce.REFUTED:
            book = self._books.book_of(row)
            sentence = edition(self._books, row, on)[0].detail
            yield warning(WarningKind.NOT_IN_FORCE, sentence, f"{book.name}, {book.edition}")
        if not known.billable:
            sentence = _NOT_BILLABLE.format(code)
            yield warning(WarningKind.CATEGORY, sentence, "ICD guidelines I.B, highest specificity")

    def _of_patient(self, visit: Visit, standing: Standing) -> Iterator[CodeWarning]:
        """Where sex and age do not fit."""
        system, code = standing.system, standing.code
        known = visit.code(system, code)
        for kind, sentence in self._limits.against(visit, known) if known is not None else ():
            yield CodeWarning(system=system, code=code, kind=kind, sentence=sentence, source=_LIMITS)

    def _of_rules(self, visit: Visit, codes: tuple[Standing, ...]) -> Iterator[CodeWarning]:
        """What each rule withholds or warns of, were all the codes proposed."""
        coded = tuple(made for each in codes if (made := self._coded(visit, each)) is not None)
        for kind, rule, source in self._visit_rules:
            for before, after in zip(coded, rule(visit, coded), strict=True):
                for old, new in zip(before.choices, after.choices, strict=True):
                    told = [new.withheld] if new.withheld and not old.withheld else []
                    for sentence in (*told, *new.warnings[len(old.warnings) :]):
                        warning = _warning(new, kind, sentence, source, codes)
                        if warning.other is None and kind in _OF_ANOTHER:
                            warning = replace(warning, other=_because(visit, rule, before, coded))
                        if kind is not WarningKind.MANIFESTATION or told or not _stands_behind(warning, codes):
                            yield warning

    def _coded(self, visit: Visit, standing: Standing) -> Coded | None:
        code = visit.code(standing.system, standing.code)
        if code is None:
            return None
        choice = Choice(
            code=code,
            score=1.0,
            evidence=(),
            proposed=True,
            units=standing.units,
            modifiers=standing.modifiers,
        )
        return Coded(entity=standing.entity or _bare(standing), choices=(choice,))


def _warning(choice: Choice, kind: WarningKind, sentence: str, source: str, codes: tuple[Standing, ...]) -> CodeWarning:
    parted = _WITH_SOURCE.fullmatch(sentence)
    words, told = parted.groups() if parted else (sentence, source)
    own = choice.code.code
    other = next((c.code for c in codes if c.code != own and re.search(rf"\b{re.escape(c.code)}\b", words)), None)
    return CodeWarning(system=choice.code.system, code=own, kind=kind, sentence=words, source=told, other=other)


def _because(visit: Visit, rule: Rule, own: Coded, coded: tuple[Coded, ...]) -> str | None:
    """The lowest code beside which alone the rule withholds this one, too; None where it needs none, or more."""

    def withholds(*beside: Coded) -> bool:
        return any(choice.withheld for choice in rule(visit, (own, *beside))[0].choices)

    if withholds():
        return None
    return min((each.choices[0].code.code for each in coded if each is not own and withholds(each)), default=None)


def _stands_behind(warning: CodeWarning, codes: tuple[Standing, ...]) -> bool:
    """Whether a manifestation stands behind its disease already; behind any diagnosis where none is named."""
    order = [each.code for each in codes if each.system is warning.system]
    before = order[: order.index(warning.code)]
    return bool(before) if warning.other is None else warning.other in before


def _bare(standing: Standing) -> Entity:
    """A code without ink, as a finding of no chart."""
    label = Label.DIAGNOSIS if standing.system in DIAGNOSES else Label.PROCEDURE
    return Entity(id="", label=label, text="", normalized="", section=None, context=Context(), attributes=(), spans=())
