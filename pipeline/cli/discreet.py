"""Log records that say where something went wrong and what kind of error it was, never what it said.

The message of an exception may quote a chart, and whatever catches one last (the web server, a pool, a library)
logs it whole. So it is taken out where records are made, for every logger of the process.
"""

import logging
import sys
import threading
import traceback
from types import TracebackType


class DiscreetRecord(logging.LogRecord):
    """A record without the words of its exception."""

    def __init__(  # the signature that `logging` calls a record's factory with
        self,
        name: str,
        level: int,
        pathname: str,
        lineno: int,
        msg: object,
        args: tuple[object, ...] | dict[str, object] | None,
        exc_info: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None]
        | bool
        | None,
        func: str | None = None,
        sinfo: str | None = None,
    ) -> None:
        if isinstance(args, tuple):
            args = tuple(type(arg).__name__ if isinstance(arg, BaseException) else arg for arg in args)
        if isinstance(msg, BaseException):
            msg = type(msg).__name__
        super().__init__(name, level, pathname, lineno, msg, args, None, func, sinfo)
        error = exc_info[1] if isinstance(exc_info, tuple) else sys.exc_info()[1] if exc_info else None
        if error is not None:
            self.msg, self.args = f"{self.getMessage()}\n{where(error)}", None


def where(error: BaseException) -> str:
    """The places that an error and its causes came through, and its kind; not a word of its message."""
    lines = "".join(traceback.format_exception(error)).splitlines()
    places = [line for line in lines if line.startswith('  File "')]
    return "\n".join([*places, type(error).__name__])


def keep_logs_discreet() -> None:
    """From now on, in this process, no record and no thread that fails says what an error said."""
    logging.setLogRecordFactory(DiscreetRecord)
    logging.raiseExceptions = False  # a record that cannot be written would be shown with all its values instead
    threading.excepthook = _thread_failed


def _thread_failed(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
        logging.getLogger(__name__).error("a thread failed\n%s", where(args.exc_value))
