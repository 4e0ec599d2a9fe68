"""Every error that a person may see, and the exit code that goes with it.

InkchartError
├── UsageError                 2  the command was called wrongly
│   └── DecisionRefusedError      a decision that the state of its encounter does not allow
│       └── OvertakenError        somebody else decided meanwhile
├── SetupError                 3  the machine is not set up; the worker stops and nothing is moved
│   ├── MissingProgramError       an outside program is not installed
│   ├── MissingModelError         a model or table is missing or not the one that was pinned
│   ├── DiskFullError             no room left
│   ├── UnmovableFileError        a decided file cannot leave the inbox; the rest goes on
│   └── StoreError                the store cannot be opened, or is older than the program
├── ExportError                5  what was confirmed does not make a claim, or cannot be written as one
└── ChartError                 4  one chart is set aside; the rest goes on
    ├── UnknownFormatError        not a format that is read here
    ├── DamagedFileError          truncated or broken
    ├── EmptyFileError            not a byte in it
    ├── ProtectedFileError        needs a password
    ├── OversizedPageError        more pixels than a page can have
    ├── OversizedFileError        more bytes than are taken at once
    ├── TooManyPagesError         more pages than are taken at once
    ├── UnreadableFileError       the file itself cannot be opened
    ├── DecoderFailedError        the decoder ran out of time or memory, or crashed
    ├── ReadingFailedError        reading a page ran out of time, or broke off
    ├── LostOriginalError         the kept copy is gone
    └── ProgramFaultError         a fault of the program on this chart

A `ChartError` carries a sentence for the scanning clerk: what is wrong and what to do. It never
holds text of the chart. What is expected (a duplicate, an unreadable word, nothing found) is data
and not an error. Anything that is not an `InkchartError` is a bug.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process tells the script that called it."""

    DONE = 0
    BUG = 1
    USAGE = 2
    NOT_SET_UP = 3
    SOME_REJECTED = 4
    NO_CLAIM = 5


class InkchartError(Exception):
    """Something a person can do something about."""

    exit_code = ExitCode.BUG


class UsageError(InkchartError):
    """The command was called in a way that it does not know."""

    exit_code = ExitCode.USAGE


class DecisionRefusedError(UsageError):
    """The state of the encounter does not allow this decision; nothing was written."""


class OvertakenError(DecisionRefusedError):
    """Somebody else decided on this encounter after this person looked; nothing was written."""

    def __init__(self, who: str, encounter: str = "", seen: int = 0) -> None:
        """Who was first; the encounter's id, and the latest decision of it that this person saw."""
        self.encounter, self.seen = encounter, seen
        super().__init__(f"{who} decided on this chart meanwhile; look at what changed, then decide again.")


class SetupError(InkchartError):
    """The machine is not set up for this; nothing was moved and nothing was lost."""

    exit_code = ExitCode.NOT_SET_UP


class MissingProgramError(SetupError):
    """An outside program that is needed is not installed."""


class MissingModelError(SetupError):
    """A model or table that is needed is missing or is not the one that was pinned."""


class DiskFullError(SetupError):
    """The disk is full."""


class UnmovableFileError(SetupError):
    """A file that is decided cannot be moved out of the inbox."""


class StoreError(SetupError):
    """The store cannot be opened or used."""


class ExportError(InkchartError):
    """What was confirmed does not make a claim, or a format cannot hold it; nothing was written."""

    exit_code = ExitCode.NO_CLAIM

    def __init__(self, *problems: str) -> None:
        """Every problem as a sentence of its own, none left out."""
        super().__init__("\n".join(problems))
        self.problems = problems


class ChartError(InkchartError):
    """This chart cannot be read; its message is one sentence for the scanning clerk, the same for every chart."""

    exit_code = ExitCode.SOME_REJECTED
    sentence = "This file cannot be read; please scan the chart again."

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or self.sentence)


class UnknownFormatError(ChartError):
    """The file is not in a format that is read here."""

    sentence = (
        "This is not a PDF, TIFF, JPEG, PNG, BMP, WebP or HEIC file, whatever its name says; "
        "please scan the chart again or save it in one of these formats."
    )


class DamagedFileError(ChartError):
    """The file is cut off or broken."""

    sentence = "The file is damaged or was cut off while it was copied; please copy or scan it again."


class EmptyFileError(ChartError):
    """The file is empty."""

    sentence = "The file is empty; please copy or scan the chart again."


class ProtectedFileError(ChartError):
    """The file asks for a password."""

    sentence = "The file is protected by a password; please save it without one and drop it again."


class OversizedPageError(ChartError):
    """A page is larger than any sheet of paper that a scanner takes."""

    sentence = "A page is far larger than a sheet of paper can be; please scan the chart again at 300 dpi."


class OversizedFileError(ChartError):
    """The file has more bytes than are taken at once."""

    sentence = "The file is larger than is taken here; please split it into several files."


class TooManyPagesError(ChartError):
    """The file has more pages than are taken at once."""

    sentence = "The file has more pages than are taken at once; please split it into several files."


class UnreadableFileError(ChartError):
    """The file cannot be opened."""

    sentence = "The file cannot be opened by this program; please check its permissions and drop it again."


class DecoderFailedError(ChartError):
    """Decoding the file took too long, too much memory, or broke off."""

    sentence = "A page took too much time or memory to open; please scan the chart again."


class ReadingFailedError(ChartError):
    """Reading a page took too long, or took its process down."""

    sentence = "Reading a page took too long or broke off; please scan the chart again."


class LostOriginalError(ChartError):
    """The kept copy of the file is gone."""

    sentence = "The kept copy of this file is gone from the data folder; please drop the chart again."


class ProgramFaultError(ChartError):
    """The program failed on this chart by a fault of its own."""

    sentence = (
        "The program failed on this chart by a fault of its own; please pass the chart on to whoever maintains it."
    )
