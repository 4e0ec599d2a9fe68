"""Settings to stages, store, worker and web app: the only place that builds anything heavy."""

from pipeline.wiring.assembly import books, import_book, stages
from pipeline.wiring.desk import export_codes, review_app, sign_in_path, write_separator, write_text
from pipeline.wiring.folders import prepare
from pipeline.wiring.inputs import chart_reader, code_suggester, crop_reader, note_reader
from pipeline.wiring.machine import account, checks, inbox_changes, open_store, worker
from pipeline.wiring.measuring import evaluate

__all__ = [
    "account",
    "books",
    "chart_reader",
    "checks",
    "code_suggester",
    "crop_reader",
    "evaluate",
    "export_codes",
    "import_book",
    "inbox_changes",
    "note_reader",
    "open_store",
    "prepare",
    "review_app",
    "sign_in_path",
    "stages",
    "worker",
    "write_separator",
    "write_text",
]
