import pytest

from pipeline.records import Anchor
from pipeline.review.deciding.questions import Template, joined, leading, load_templates, parted
from pipeline.review.deciding.quoting import cut_of, quotes_of
from pipeline.store import Store
from pipeline.store.decided import Action, HoldKind
from pipeline.store.matching import anchors_of
from pipeline.store.review_state import Review
from tests.review.conftest import Client, small_books
from tests.review.drawn_chart import ENTITIES, PAGES, reading_of

HTMX = {"HX-Request": "true"}
NOTE = "\n".join(line.text for drawn in PAGES for line in drawn.page.lines) + "\nhypertension"
OPEN = "What was the blood pressure at this visit?"


def ask(client: Client, id: str, **changed: object) -> str:
    form = {"reading": "1", "quoted": ["n7"], "provider": "Marsh, Helen", "question": OPEN, "hold": "1", **changed}
    answer = client.post(f"/encounters/{id}/questions", data=form)
    assert answer.status_code in {303, 409}
    return "" if answer.status_code == 303 else str(answer.text)


def review(store: Store, id: str) -> Review:
    return store.decisions.reviews().get(id, Review())


def test_a_question_quotes_its_ink_and_holds_the_chart(client: Client, first: str, sqlite_store: Store) -> None:
    assert ask(client, first, quoted=["n7", "n6"]) == ""
    asked, held = sqlite_store.decisions.of(first)
    assert (asked.action, asked.text, asked.owner) == (Action.ASK, OPEN, "Marsh, Helen")
    assert {anchor.boxes for anchor in asked.anchors} == {ENTITIES[n].spans[0].boxes for n in (5, 6)}
    assert (held.action, held.hold, held.owner) == (Action.HOLD, HoldKind.QUERY, "Marsh, Helen")
    page = client.get(f"/encounters/{first}").text
    assert f"asked the provider (Marsh, Helen): {OPEN}" in page and "open since today" in page


def test_a_question_can_leave_the_chart_as_it_is(client: Client, first: str, sqlite_store: Store) -> None:
    ask(client, first, hold="")
    assert review(sqlite_store, first).hold is None
    client.post(f"/encounters/{first}/identity", data=identity())
    assert "1 question to the provider not answered yet" in client.get(f"/encounters/{first}").text


def identity() -> dict[str, str]:
    return {"reading": "1", "patient_name": "Okafor, Ruth", "date_of_service": "2014-03-14"}


def test_the_form_begins_from_what_was_chosen(client: Client, first: str) -> None:
    form = client.post(f"/encounters/{first}/question", data={"entity": "n7", "template": "acuity"}, headers=HTMX).text
    assert "The note names “HTN”. How did it present" in form and "Acute on chronic" in form
    assert 'name="quoted" value="n7" checked' in form and 'href="/encounters/' in form
    of_line = client.post(f"/encounters/{first}/question", data={"line": "p1l8", "template": "legibility"}).text
    assert "<html" in of_line and "home sugars runing 180-220" in of_line and 'value="p1l8" checked' in of_line


def test_a_leading_question_is_told_why_and_asked_only_when_it_is_said_again(
    client: Client, first: str, sqlite_store: Store
) -> None:
    question = "Please document 401.9 so that the claim is paid."
    warned = ask(client, first, question=question)
    for why in ("names the code 401.9", "speaks of payment (“claim”)", "“Please document” asks to write"):
        assert why in warned
    assert sqlite_store.decisions.of(first) == ()
    assert ask(client, first, question=question, sure=question) == ""
    refused = ask(client, first, question="  ", sure="  ")
    assert "Write the question" in refused


@pytest.mark.parametrize(
    ("question", "choices", "reason"),
    [
        ("Is this malignant?", (), "yes or no"),
        ("How did it present?", ("Acute", "Chronic", "Other"), "“unable to determine”"),
        ("How did it present?", ("Acute", "Chronic", "Unable to determine"), "“other”"),
        ("What does the temperature mean: bronchiolitis?", (), None),
        ("Was this acute bronchiolitis, and of which kind is it?", (), "yes or no"),
        ("Which obstructive disease do these findings show?", (), "names “obstructive”"),
        ("Do you agree that the note should say uncontrolled?", (), "asks for agreement"),
        ("Which condition would bring a higher level?", (), "payment"),
        ("Could this be V04.81?", (), "V04.81"),
    ],
)
def test_what_leads_is_noticed(question: str, choices: tuple[str, ...], reason: str | None) -> None:
    found = " ".join(leading(question, choices, NOTE, small_books(), None))
    assert reason in found if reason else not found


@pytest.mark.parametrize("template", load_templates(), ids=lambda each: each.key)
def test_no_question_of_the_table_leads(template: Template) -> None:
    assert leading(template.about("HTN"), template.choices, NOTE, small_books(), None) == ()


def test_ordinary_questions_with_numbers_do_not_lead() -> None:
    for question in ("What does 180-220 stand for?", "What was given at 98.6 F?", OPEN):
        assert leading(question, (), NOTE, small_books(), None) == ()


def test_choices_come_back_from_the_journal() -> None:
    assert parted(joined("Which side?", ("Left", " Right ", ""))) == ("Which side?", ("Left", "Right"))


def test_the_printed_page_says_whose_chart_it_is_what_stands_there_and_where_to_answer(
    client: Client, first: str, sqlite_store: Store
) -> None:
    ask(client, first, quoted=["n7", "n11"], choices="Acute\nOther:\nUnable to determine")
    (query,) = review(sqlite_store, first).queries
    page = client.get(f"/encounters/{first}/questions/{query.id}").text
    for part in ("Okafor, Ruth", "Jul 19, 1961", "7741029", "Mar 14, 2014", "Marsh, Helen", "okafor march.pdf", OPEN):
        assert part in page, part
    assert "“3. HTN, stable”, page 1" in page and "“influenza vaccine left deltoid IM”, page 3" in page
    assert page.count('class="tick-box"') == 3 and page.count("<image ") == 2 and "rotate(180)" in page
    assert "Signature" in page and "401.9" not in page
    assert client.get(f"/encounters/{first}/questions/999").status_code == 404


def test_ink_on_a_page_upside_down_is_shown_upright() -> None:
    reading = reading_of("d" * 16)
    (quote,) = quotes_of(reading, ask_anchor())
    assert quote.text == "influenza vaccine left deltoid IM" and quote.cut is not None
    left, top, width, height = map(int, quote.cut.view.split())
    assert 100 <= left <= 150 and 200 <= top <= 240 and height < 90 and width >= 0.55 * 1275
    assert cut_of({}, ask_anchor()[0]) is None


def ask_anchor() -> tuple[Anchor, ...]:
    return anchors_of(ENTITIES[10].spans)


def test_an_answer_is_written_down_later_and_releases_the_hold(client: Client, first: str, sqlite_store: Store) -> None:
    ask(client, first)
    ask(client, first, question="Which arm was used?")
    one, two = review(sqlite_store, first).queries
    answer = {"text": "Hypertension, \n controlled", "answered_by": "Marsh, Helen", "answered_on": "2026-02-27"}
    form = client.get(f"/encounters/{first}/questions/{one.id}/answer").text
    assert OPEN in form and 'value="Marsh, Helen"' in form
    client.post(f"/encounters/{first}/questions/{one.id}/answer", data={**answer, "release": "1"})
    standing = review(sqlite_store, first)
    assert standing.queries[0].answer == "Hypertension, controlled (Marsh, Helen, 2026-02-27)"
    assert standing.hold is not None  # the other question is open still
    back = client.post(
        f"/encounters/{first}/questions/{two.id}/answer", data={"picked": "Left", "release": "1", "back": "list"}
    )
    assert back.headers["location"] == "/questions"
    standing = review(sqlite_store, first)
    assert standing.hold is None and standing.queries[1].answer == "Left"
    for changed, sentence in (({"text": " "}, "Write down what"), ({"answered_on": "2031-01-01"}, "in the future")):
        refused = client.post(f"/encounters/{first}/questions/{one.id}/answer", data={**answer, **changed})
        assert refused.status_code == 409 and sentence in refused.text


def test_open_questions_of_all_charts_are_listed_until_they_are_answered(
    client: Client, first: str, sqlite_store: Store
) -> None:
    assert "No question is open" in client.get("/questions").text
    ask(client, first)
    (query,) = review(sqlite_store, first).queries
    listed = client.get("/questions").text
    assert OPEN in listed and "Okafor, Ruth" in listed and "Marsh, Helen" in listed
    assert f"/encounters/{first}/questions/{query.id}/answer" in listed
    client.post(f"/encounters/{first}/questions/{query.id}/answer", data={"text": "It was 150/90."})
    assert OPEN not in client.get("/questions").text
    assert "It was 150/90." in client.get("/questions", params={"show": "answered"}).text


def test_a_question_that_was_taken_back_is_listed_no_more(client: Client, first: str, sqlite_store: Store) -> None:
    ask(client, first, hold="")
    (made,) = sqlite_store.decisions.of(first)
    sqlite_store.decisions.append(who="kim", encounter=first, reading=1, action=Action.UNDO, about=made.id)
    assert "No question is open" in client.get("/questions").text
