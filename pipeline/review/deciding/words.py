"""What is typed into the forms of a chart."""

from datetime import date

from pipeline.errors import DecisionRefusedError


def one_line(text: str) -> str:
    """Typed words as one line."""
    return " ".join(text.split())


def a_day(text: str, what: str) -> date | None:
    """A typed day; None where nothing was typed.

    Raises:
        DecisionRefusedError: it is no day of the calendar.
    """
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise DecisionRefusedError(f"The {what} is no day of the calendar; write it as YYYY-MM-DD.") from None
