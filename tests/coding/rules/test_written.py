from dataclasses import replace

import pytest

from pipeline.coding import Suggester
from pipeline.records import Attribute, Candidate, CodeSystem, Context, Entity, Label
from tests.coding.findings import encounter, entity


def wrote(code: str, text: str | None = None, label: Label = Label.DIAGNOSIS, context: Context | None = None) -> Entity:
    """A finding with a code beside it, or a code alone."""
    found = entity(text or "", label=label, context=context, attributes=(Attribute(name="written_code", value=code),))
    return found


def first(candidates: tuple[Candidate, ...]) -> Candidate:
    return next(candidate for candidate in candidates if candidate.rank == 1)


@pytest.mark.parametrize(
    ("code", "text", "label", "system"),
    [
        ("402.90", "hypertension", Label.DIAGNOSIS, CodeSystem.ICD9CM),
        ("466.0", None, Label.DIAGNOSIS, CodeSystem.ICD9CM),
        ("99214", None, Label.PROCEDURE, CodeSystem.CPT),
        ("J1885", None, Label.SUPPLY, CodeSystem.HCPCS),
    ],
)
def test_a_code_that_the_provider_wrote_comes_first_and_says_so(
    suggester: Suggester, code: str, text: str | None, label: Label, system: CodeSystem
) -> None:
    best = first(suggester(encounter("2012-05-01"), (wrote(code, text, label),)))
    assert (best.code, best.system, best.proposed) == (code, system, True)
    assert best.evidence[0].detail == f"The provider wrote {code}."


def test_a_written_code_in_no_book_is_never_shown(suggester: Suggester) -> None:
    assert suggester(encounter("2012-05-01"), (wrote("999.99"),)) == ()
    candidates = suggester(encounter("2012-05-01"), (wrote("401.77", "hypertension"),))
    assert "401.77" not in {candidate.code for candidate in candidates}


def test_a_code_alone_has_no_other_candidates(suggester: Suggester) -> None:
    assert [each.code for each in suggester(encounter("2012-05-01"), (wrote("466.0"),))] == ["466.0"]


def test_a_written_code_of_something_doubtful_is_withheld(suggester: Suggester) -> None:
    candidates = suggester(encounter("2012-05-01"), (wrote("401.9", "hypertension", context=Context(uncertain=True)),))
    assert first(candidates).code == "401.9"
    assert not any(candidate.proposed for candidate in candidates)


def test_a_written_code_of_something_denied_is_not_shown(suggester: Suggester) -> None:
    assert suggester(encounter("2012-05-01"), (wrote("401.9", "hypertension", context=Context(negated=True)),)) == ()


def test_a_written_category_is_not_proposed(suggester: Suggester) -> None:
    candidates = suggester(encounter("2012-05-01"), (wrote("250", "diabetes"),))
    assert not any(candidate.proposed and candidate.code == "250" for candidate in candidates)


def test_a_written_code_of_the_other_edition_is_shown_and_withheld(suggester: Suggester) -> None:
    best = next(each for each in suggester(encounter("2026-05-01"), (wrote("401.9"),)) if each.code == "401.9")
    assert not best.proposed
    assert best.withheld is not None


def test_a_prescribed_drug_is_not_proposed_as_an_injection(suggester: Suggester) -> None:
    def proposed(supplied: str) -> list[str]:
        drug = entity("promethazine injection", label=Label.SUPPLY)
        drug = replace(drug, attributes=(Attribute(name="supplied", value=supplied),))
        return [each.code for each in suggester(encounter("2012-05-01"), (drug,)) if each.proposed]

    assert "J2550" in proposed("given")
    assert "J2550" not in proposed("prescribed")


@pytest.mark.parametrize("supplied", ["own", "ordered"])
def test_what_was_not_given_here_is_not_proposed(suggester: Suggester, supplied: str) -> None:
    crutches = entity("crutches", label=Label.SUPPLY, attributes=(Attribute(name="supplied", value=supplied),))
    candidates = suggester(encounter("2012-05-01"), (crutches,))
    assert candidates
    assert not any(candidate.proposed for candidate in candidates)
    given = entity("crutches", label=Label.SUPPLY, attributes=(Attribute(name="supplied", value="given"),))
    assert any(candidate.proposed for candidate in suggester(encounter("2012-05-01"), (given,)))


@pytest.mark.parametrize(("code", "day"), [("585.3", "2004-05-01"), ("276.51", "2003-05-01"), ("M54.50", "2017-05-01")])
def test_a_written_code_that_was_not_in_force_that_day_is_withheld(suggester: Suggester, code: str, day: str) -> None:
    best = first(suggester(encounter(day), (wrote(code),)))
    assert (best.code, best.proposed) == (code, False)
    assert best.withheld is not None
    assert "not in force on the day of the visit" in best.withheld
