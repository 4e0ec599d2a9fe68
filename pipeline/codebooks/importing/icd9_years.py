"""Which edition of ICD-9-CM a file of NCHS is of: its fiscal year stands in its name, `Dindex12` being 2012."""

import hashlib
import re
from datetime import date

from pipeline.codebooks.entries import Book
from pipeline.errors import UsageError
from pipeline.records import CodeSystem

_FIRST, _LAST = 1980, 2015
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d|\d\d)(?!\d)")


def book_of(name: str, member: str, content: bytes, count: int = 0) -> Book:
    """The edition, in force from October of the year before to September.

    Raises:
        UsageError: neither name tells a fiscal year of ICD-9-CM.
    """
    told = _YEAR.search(member) or _YEAR.search(name)
    year = int(told[1]) if told else 0
    year += 0 if year > 99 or told is None else 1900 if year >= _FIRST % 100 else 2000
    if not _FIRST <= year <= _LAST:
        raise UsageError(f"{name} does not tell its fiscal year; name it as NCHS does, such as Dindex12.rtf.")
    return Book(
        system=CodeSystem.ICD9CM,
        name="ICD-9-CM",
        edition=f"fiscal year {year}",
        valid_from=date(year - 1, 10, 1),
        valid_to=date(year, 9, 30),
        sha256=hashlib.sha256(content).hexdigest(),
        count=count,
    )
