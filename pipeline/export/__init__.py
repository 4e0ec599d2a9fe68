"""Results and confirmed codes in the forms that leave the program."""

from pipeline.export.codes import as_csv, as_json
from pipeline.export.results import error_result, extract_result, read_result, recognize_result, suggest_result

__all__ = [
    "as_csv",
    "as_json",
    "error_result",
    "extract_result",
    "read_result",
    "recognize_result",
    "suggest_result",
]
