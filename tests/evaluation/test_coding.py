import csv
from datetime import date
from pathlib import Path

from pipeline.entities import pages_from_text
from pipeline.evaluation import coding_notes, coding_terms
from pipeline.evaluation.coding import evaluate_coding
from pipeline.evaluation.coding_data import Asked, CodedNote, CodingData, Known
from pipeline.evaluation.coding_figures import Figure, sureness
from pipeline.process import TextStages
from pipeline.records import Candidate, CodeSystem, Label
from tests.evaluation.made import encounter

ICD9, CPT = CodeSystem.ICD9CM, CodeSystem.CPT
TODAY = date(2013, 4, 2)


def candidate(
    code: str,
    score: float,
    rank: int,
    *,
    entity: str | None = None,
    system: CodeSystem = ICD9,
    proposed: bool = False,
    withheld: str | None = None,
) -> Candidate:
    return Candidate(
        encounter=None,
        entity=entity,
        system=system,
        code=code,
        display="",
        score=score,
        rank=rank,
        proposed=proposed,
        billable=True,
        evidence=(),
        withheld=withheld,
    )


def asked(text: str, *codes: str, system: CodeSystem = ICD9) -> Asked:
    return Asked(id=text, text=text, label=Label.DIAGNOSIS, on=TODAY, system=system, group=system.value, codes=codes)


def suggest(text: str, label: Label, on: date | None, limit: int | None) -> tuple[Candidate, ...]:
    """The same three whatever is asked."""
    return (candidate("250.00", 0.9, 1), candidate("401.9", 0.3, 2), candidate("99213", 0.8, 1, system=CPT))


def values(figures: list[Figure]) -> dict[tuple[str, str], tuple[float | None, int]]:
    return {(one.of, one.measure): (one.estimate.value, one.count) for one in figures}


def answered(
    *shown: Candidate, wanted: tuple[str, ...], never: tuple[tuple[str, str], ...] = ()
) -> coding_notes.Answered:
    note = CodedNote(
        id="n",
        text="A note.",
        on=TODAY,
        codes=tuple(Known(system=ICD9, code=code, words=f"words of {code}") for code in wanted),
        never=tuple(Known(system=ICD9, code=code, words=why) for code, why in never),
    )
    return coding_notes.Answered(note=note, shown=shown, words={"n1": "first words"})


def test_recall_is_told_by_system_and_over_all() -> None:
    answers = [
        coding_terms.answer(one, suggest)
        for one in (
            asked("dm", "25000"),
            asked("htn", "4011", "4019"),
            asked("cough", "7862"),
            asked("dm", "99213", system=CPT),
        )
    ]

    told = values(list(coding_terms.figures(answers)))

    assert told["ICD9CM", "recall@1"] == (1 / 3, 3)
    assert told["ICD9CM", "recall@5"] == (2 / 3, 3)
    assert told["CPT", "recall@1"] == (1.0, 1)
    assert told["all", "recall@5"] == (0.75, 4)
    assert [(miss.id, miss.what) for miss in coding_terms.misses(answers)] == [
        ("cough", "not found"),
        ("htn", "rank 2"),
    ]


def test_a_disturbed_text_is_asked_and_written_as_it_was_asked() -> None:
    answer = coding_terms.answer(asked("dm", "25000"), suggest, lambda text: text.upper())

    assert answer.text == "DM"
    assert answer.rank == 1


def test_scores_are_judged_by_band() -> None:
    told = values(list(sureness("all", [[(0.95, True), (0.85, False)], [(1.0, True), (0.15, False)]])))

    assert told["all", "right of those at 0.8 or more"] == (2 / 3, 3)
    assert told["all", "right of those at 0.1 to 0.2 (said 0.15)"] == (0.0, 1)
    assert told["all", "right of those at 0.9 to 1.0 (said 0.97)"] == (1.0, 2)


def test_a_code_is_shown_where_one_finding_has_it_among_its_first_five() -> None:
    one = answered(
        candidate("486", 0.9, 1, entity="n1", proposed=True),
        candidate("786.2", 0.2, 5, entity="n2"),
        candidate("780.60", 0.1, 6, entity="n2"),
        wanted=("486", "7862", "78060"),
    )

    told = values(list(coding_notes.note_figures([one])))

    assert told["ICD9CM", "among the first 5 of an entity"] == (2 / 3, 3)
    assert told["all", "proposed: recall"] == (1 / 3, 3)
    assert told["all", "proposed: precision"] == (1.0, 1)
    assert told["all", "proposed: F1"] == (0.5, 3)


def test_what_must_not_be_proposed_is_counted_and_comes_first() -> None:
    one = answered(
        candidate("486", 0.9, 1, entity="n1", proposed=True),
        candidate("786.2", 0.8, 1, entity="n2", proposed=True),
        wanted=("4660",),
        never=(("486", "negated"), ("7862", "integral"), ("V173", "family")),
    )

    told = values(list(coding_notes.note_figures([one])))
    worst = coding_notes.misses([one])

    assert told["all", "proposed of what must not be"] == (2 / 3, 3)
    assert told["all", "proposed of diseases negated, a relative's or not established"] == (0.5, 2)
    assert [miss.what for miss in worst] == ["must not be proposed", "must not be proposed", "not shown"]
    assert (worst[0].text, worst[0].wanted) == ("first words", "not: negated")


def test_the_candidates_of_a_report_are_pooled_by_score() -> None:
    many = [candidate(f"{number}.0", 0.9 - number / 1000, number % 5 + 1, entity="n1") for number in range(100, 108)]
    one = answered(*many, candidate("786.2", 0.1, 1, entity="n2"), wanted=("7862", "1000"))

    told = values(list(coding_notes.report_figures([one])))

    assert told["ICD9CM", "among the first 5 of the note"] == (0.5, 2)
    assert told["ICD9CM", "among the first 10 of the note"] == (1.0, 2)
    assert told["ICD9CM", "among the first 5 of an entity"] == (1.0, 2)


def test_a_threshold_is_chosen_on_the_other_half() -> None:
    one = answered(
        candidate("486", 0.9, 1, entity="n1", proposed=True),
        candidate("786.2", 0.4, 1, entity="n2"),
        wanted=("486",),
    )
    notes = [
        coding_notes.Answered(
            note=CodedNote(id=f"n{number}", text="", on=TODAY, codes=one.note.codes), shown=one.shown, words={}
        )
        for number in range(8)
    ]

    told = values(list(coding_notes.report_figures(notes)))

    assert told["ICD9CM", "at thresholds of the other half: F1"] == (1.0, 8)
    assert ("ICD9CM", "F1, first half, from 0.45") in told


def test_figures_and_misses_are_written(tmp_path: Path) -> None:
    stages = TextStages(
        find_entities=lambda pages: (),
        find_encounters=lambda pages, entities: (),
        suggest_codes=lambda encounter, entities: (),
    )
    data = [
        CodingData(path=Path("terms.tsv"), kind="mentions", asked=(asked("cough", "7862"),)),
        CodingData(path=Path("notes"), kind="notes", notes=(answered(wanted=("486",)).note,)),
    ]

    measured, files = evaluate_coding(
        data, stages, suggest, disturb=None, by_hand=None, out=tmp_path, on_row=lambda name, of, done: None
    )

    assert [(one.kind, one.count, len(one.misses)) for one in measured] == [("mentions", 1, 1), ("notes", 1, 1)]
    assert [path.name for path in files] == ["coding.json", "terms.errors.tsv", "notes.errors.tsv"]
    with files[2].open() as file:
        (row,) = list(csv.DictReader(file, delimiter="\t"))
    assert (row["what"], row["text"], row["wanted"]) == ("not shown", "words of 486", "486")


def test_a_note_is_measured_as_typed_and_as_read_from_its_pages(tmp_path: Path) -> None:
    stages = TextStages(
        find_entities=lambda pages: (),
        find_encounters=lambda pages, entities: (
            encounter(" ".join(word.text for page in pages for line in page.lines for word in line.words)),
        ),
        suggest_codes=lambda one, entities: (
            (candidate("486", 0.9, 1, proposed=True),) if one.id == "A note." else (candidate("487.1", 0.2, 1),)
        ),
    )
    data = [CodingData(path=Path("notes"), kind="notes", notes=(answered(wanted=("486",)).note,))]

    (typed, read), files = evaluate_coding(
        data,
        stages,
        suggest,
        disturb=None,
        by_hand=lambda text: pages_from_text("A rote."),
        out=tmp_path,
        on_row=lambda name, of, done: None,
    )

    shown = ("all", "among the first 5 of an entity")
    assert [values(list(one.figures))[shown] for one in (typed, read)] == [(1.0, 1), (0.0, 1)]
    assert [path.name for path in files] == ["coding.json", "notes.errors.tsv", "notes.by-hand.errors.tsv"]
