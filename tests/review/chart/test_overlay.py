"""What an open chart asks for afterwards."""

from tests.review.conftest import Client


def test_the_words_of_a_chart_come_with_their_other_readings(client: Client, first: str) -> None:
    lines = client.get(f"/encounters/{first}/words").json()
    sugars = next(line for line in lines if "runing" in line["texts"])
    runing = sugars["words"][2]
    assert sugars["page"] == 1 and sugars["own"] and len(sugars["box"]) == 4
    assert runing["alternatives"] == [["running", 28]]
    assert runing["unreadable"] and runing["doubtful"] and runing["place"] == 2
    assert [line["own"] for line in lines if line["page"] == 4] == [False, False]


def test_the_drawing_comes_alone_for_a_page_that_is_open(client: Client, first: str) -> None:
    drawing = client.get(f"/encounters/{first}/drawing")
    assert drawing.text.count('class="ink-layer"') == 4
    assert 'data-ink="n7"' in drawing.text
