"""What the fields of a form may hold."""

from typing import Annotated, TypeAlias

from fastapi import Form

LARGEST = 2**31 - 1
"""What every database counts up to: a larger number is none of ours."""

Text: TypeAlias = Annotated[str, Form()]
Number: TypeAlias = Annotated[int, Form(ge=0, le=LARGEST)]
"""Of a reading, a decision or a page."""
Shown: TypeAlias = Annotated[int | None, Form(ge=0, le=LARGEST)]
"""Id of the latest decision that the page showed; None where its form does not tell."""
