import logging
import threading
from collections.abc import Iterator

import pytest

from pipeline.cli.discreet import keep_logs_discreet, where


@pytest.fixture(autouse=True)
def discreet() -> Iterator[None]:
    before = (logging.getLogRecordFactory(), threading.excepthook, logging.raiseExceptions)
    keep_logs_discreet()
    yield
    logging.setLogRecordFactory(before[0])
    threading.excepthook, logging.raiseExceptions = before[1:]


def fail() -> None:
    try:
        int("Okafor")
    except ValueError as error:
        raise RuntimeError("chest pain of Ruth Okafor") from error


def test_a_record_tells_where_and_what_kind_and_not_what_was_said(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("somebody.elses")
    try:
        fail()
    except RuntimeError as error:
        log.exception("it failed: %s", error)
        log.error("again", exc_info=error)
        log.error(error)
        log.warning("%s %d", error, 7)
    assert "test_discreet.py" in caplog.text and "RuntimeError 7" in caplog.text
    assert "it failed: RuntimeError" in caplog.text and "Okafor" not in caplog.text
    assert all(record.exc_info is None for record in caplog.records)


def test_an_ordinary_record_stays_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("ours").warning("%(n)d pages", {"n": 3})
    logging.getLogger("ours").error("nothing at hand", exc_info=True)
    assert [record.getMessage() for record in caplog.records] == ["3 pages", "nothing at hand"]


def test_a_thread_that_fails_says_where(caplog: pytest.LogCaptureFixture) -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert "a thread failed" in caplog.text and "RuntimeError" in caplog.text and "Okafor" not in caplog.text


def test_the_causes_of_an_error_are_told_by_their_places() -> None:
    with pytest.raises(RuntimeError) as raised:
        fail()
    assert where(raised.value).count("in fail") == 2 and "Okafor" not in where(raised.value)
