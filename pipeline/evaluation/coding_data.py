"""What `inkchart evaluate coding DATA` takes: texts and notes with the codes that belong to them.

Tables are UTF-8, tabs between columns, no quoting, column names in the first line; which table it is its columns say.

**reports**: `id`, `history`, `impression`, `icd9_majority` (codes parted by `;`). Both texts make one note of 2007.

**mentions**: `text`, `label` (diagnosis, procedure or supply), `system`, `code` (the code, then those that are as good,
parted by `;`); `date` and `part` may be left out. The same text may stand in several rows, one a system.

**pairs**: `system`, `code`, `display`: what a code book or chart calls it. What the code is says how it is asked.

**notes**: a folder of TOML files: `date_of_service`, `part`, `note`, `[[code]]` tables of `system`, `code` and `words`
(what in the note it stands for), and `[[never]]` tables of `system`, `code` and `why`. A note may be named alone.

Codes are compared without their dots.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.records import CodeSystem, Label

_SYSTEMS = {
    "ICD9": CodeSystem.ICD9CM,
    "ICD10": CodeSystem.ICD10CM,
    "CPT4": CodeSystem.CPT,
    "HCPCS2": CodeSystem.HCPCS,
    **{system.value: system for system in CodeSystem},
}
_DAYS = {CodeSystem.ICD9CM: date(2014, 6, 2), CodeSystem.ICD10CM: date(2026, 6, 1)}
"""The day a code is asked for where no table says one: the editions that are loaded. Services are asked for no day."""
_REPORTED = date(2007, 6, 1)
_LABELS = {CodeSystem.CPT: Label.PROCEDURE, CodeSystem.HCPCS: Label.SUPPLY}
_OF_HOSPITALS = re.compile(r"\d\d\.\d{1,2}|\d[0-9A-HJ-NP-Z]{6}")
_NOT_HAD = re.compile(
    r"rule|r/o|negat|denie|family|suspect|probabl|possibl|uncertain|question|not found|"
    r"\b(?:no|mother|father|brother|sister|aunt|uncle|grand\w+|parent|relative)\b",
    re.IGNORECASE,
)
"""What a note's `why` says of a disease that the patient does not have, or is not known to have."""
HOSPITAL = "hospital procedures"
"""ICD-9-CM's volume 3 and ICD-10-PCS, never proposed on a professional claim; counted apart from the diagnoses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A text and what a coder would choose for it."""

    id: str
    text: str
    label: Label
    on: date | None
    system: CodeSystem
    group: str
    """What it is counted under: its system, or `HOSPITAL`."""
    codes: tuple[str, ...]
    """Any of them is right; without their dots."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A code of a note."""

    system: CodeSystem
    code: str
    """Without its dot."""
    words: str
    """What it stands for, or why it must not be proposed."""

    @property
    def key(self) -> tuple[CodeSystem, str]:
        """What candidates are compared by."""
        return self.system, self.code

    @property
    def is_disease_not_had(self) -> bool:
        """Whether it is a diagnosis that is negated, a relative's, or not established."""
        return self.system not in _LABELS and _NOT_HAD.search(self.words) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedNote:
    """A note with its codes."""

    id: str
    text: str
    on: date
    codes: tuple[Known, ...]
    never: tuple[Known, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingData:
    """What one file or folder holds; one of the three is filled."""

    path: Path
    kind: str
    """`reports`, `mentions`, `pairs` or `notes`."""
    asked: tuple[Asked, ...] = ()
    notes: tuple[CodedNote, ...] = ()

    @property
    def count(self) -> int:
        """Rows or notes."""
        return len(self.asked) + len(self.notes)


def bare(code: str) -> str:
    """A code as codes are compared."""
    return code.strip().upper().replace(".", "")


def load_coding_data(path: Path, *, part: str | None, limit: int | None) -> CodingData:
    """Load what is to be measured.

    Args:
        path: a table, a note, or a folder of notes.
        part: only the rows and notes that say so; those that name no part stay.
        limit: rows or notes at most.

    Raises:
        UsageError: it cannot be read, is none of what is known, does not fit, or nothing of it is left.
    """
    data = _notes(path, part) if path.is_dir() or path.suffix == ".toml" else _table(path, part)
    if not data.count:
        raise UsageError(f"Nothing of {path} belongs to the part {part}.")
    return CodingData(path=path, kind=data.kind, asked=data.asked[:limit], notes=data.notes[:limit])


def _table(path: Path, part: str | None) -> CodingData:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read as UTF-8 text: {error}.") from error
    numbered = [(number, line.rstrip("\r").split("\t")) for number, line in enumerate(lines, start=1) if line.strip()]
    head = numbered[0][1] if numbered else []
    rows = [(number, dict(zip(head, cells, strict=False))) for number, cells in numbered[1:]]
    rows = [(number, row) for number, row in rows if part is None or row.get("part", part) == part]
    if {"history", "impression", "icd9_majority"} <= set(head):
        return CodingData(path=path, kind="reports", notes=tuple(_report(number, row) for number, row in rows))
    if {"text", "label", "system", "code"} <= set(head):
        return CodingData(path=path, kind="mentions", asked=tuple(_mention(path, number, row) for number, row in rows))
    if {"system", "code", "display"} <= set(head):
        # some charts say UNK or the like in place of a code
        coded = [(number, row) for number, row in rows if any(sign.isdigit() for sign in row.get("code", ""))]
        return CodingData(path=path, kind="pairs", asked=tuple(_pair(path, number, row) for number, row in coded))
    raise UsageError(
        f"{path} is no table of codes: it needs history, impression and icd9_majority; or text, label, system and "
        "code; or system, code and display."
    )


def _report(number: int, row: Mapping[str, str]) -> CodedNote:
    history, impression = row["history"], row.get("impression", "")
    codes = [code for code in row.get("icd9_majority", "").split(";") if code.strip()]
    return CodedNote(
        id=row.get("id") or f"line {number}",
        text=f"Clinical history: {history}\nImpression: {impression}\n".replace("\\n", "\n"),
        on=_REPORTED,
        codes=tuple(Known(system=CodeSystem.ICD9CM, code=bare(code), words="") for code in codes),
    )


def _mention(path: Path, number: int, row: Mapping[str, str]) -> Asked:
    where = f"{path}, line {number}"
    system = _system(where, row.get("system", ""))
    try:
        label = Label(row["label"].strip().upper())
        on = date.fromisoformat(row["date"]) if row.get("date") else _DAYS.get(system)
    except ValueError as error:
        raise UsageError(f"{where}: {error}.") from error
    codes = tuple(bare(code) for code in row.get("code", "").split(";") if code.strip())
    if not codes or not row["text"].strip():
        raise UsageError(f"{where}: text and code cannot be empty.")
    return Asked(
        id=f"line {number}", text=row["text"], label=label, on=on, system=system, group=system.value, codes=codes
    )


def _pair(path: Path, number: int, row: Mapping[str, str]) -> Asked:
    system = _system(f"{path}, line {number}", row["system"])
    code = row.get("code", "")
    return Asked(
        id=f"line {number}",
        text=row.get("display", ""),
        label=_LABELS.get(system, Label.DIAGNOSIS),
        on=_DAYS.get(system),
        system=system,
        group=HOSPITAL if system not in _LABELS and _OF_HOSPITALS.fullmatch(code.strip()) else system.value,
        codes=(bare(code),),
    )


def _notes(path: Path, part: str | None) -> CodingData:
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not files:
        raise UsageError(f"{path} holds no notes (*.toml).")
    notes = []
    for file in files:
        try:
            value = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise UsageError(f"{file} cannot be read: {error}.") from error
        if part is None or value.get("part", part) == part:
            notes.append(_note(file, value))
    return CodingData(path=path, kind="notes", notes=tuple(notes))


def _note(file: Path, value: Mapping[str, object]) -> CodedNote:
    text, on = value.get("note"), value.get("date_of_service")
    if not isinstance(text, str) or not isinstance(on, date):
        raise UsageError(f"{file}: it needs note, a text, and date_of_service, a day.")
    return CodedNote(
        id=file.stem,
        text=text,
        on=on,
        codes=_known(file, value.get("code", []), "words"),
        never=_known(file, value.get("never", []), "why"),
    )


def _known(file: Path, tables: object, said: str) -> tuple[Known, ...]:
    if not isinstance(tables, Sequence) or not all(isinstance(each, dict) and "code" in each for each in tables):
        raise UsageError(f"{file}: its codes are not tables of system, code and {said}.")
    return tuple(
        Known(
            system=_system(str(file), str(each.get("system", ""))),
            code=bare(str(each["code"])),
            words=str(each.get(said, "")),
        )
        for each in tables
    )


def _system(where: str, name: str) -> CodeSystem:
    system = _SYSTEMS.get(re.sub(r"[-\s]", "", name.upper()))
    if system is None:
        raise UsageError(f"{where}: {name!r} is no code system; there are {', '.join(CodeSystem)}.")
    return system
