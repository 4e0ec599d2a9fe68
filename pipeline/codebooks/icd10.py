"""ICD-10-CM, April 2026, from the data files of `simple-icd-10-cm`: the NCHS tabular list in XML."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from pipeline.codebooks.entries import Book, Entry, Note, Source, Volume, Wording
from pipeline.codebooks.icd10_lives import BIRTHS, ENDS, NOW, lived
from pipeline.codebooks.sources import fingerprint, icd9_folder, icd10_folder
from pipeline.records import CodeSystem

NOTES = {
    "includes": "includes",
    "excludes1": "excludes1",
    "excludes2": "excludes2",
    "codeFirst": "code_first",
    "useAdditionalCode": "use_additional",
    "codeAlso": "use_additional",
    "inclusionTerm": "inclusion",
    "notes": "note",
}
"""From the elements of the XML to the kinds of notes."""


def files() -> tuple[Path, ...]:
    """The files that the book is made of, and those that prove its codes for other years."""
    folder, others = icd10_folder(), icd9_folder()
    return (
        folder / "code-list-April-2026.txt",
        folder / "icd10c-tabular-April-1-2026.xml",
        others / "icd10cmtoicd9gem.csv",
        others / "ICD_10_CM_2024_release" / "icd10cm-codes-2024.txt",
        BIRTHS,
    )


def read() -> Volume:
    """The book with categories (not billable), codes and the codes that a seventh character makes.

    The tabular list gives seventh characters by rule; the code list says which of the resulting codes exist.
    """
    listed, tabular, *proofs = files()
    known = set(listed.read_text(encoding="utf-8").split())
    entries, wordings, notes = content_of(ET.parse(tabular).getroot(), known)
    entries = list(lived(entries, *proofs))
    book = Book(
        system=CodeSystem.ICD10CM,
        name="ICD-10-CM",
        edition="April 2026",
        valid_from=NOW,
        valid_to=ENDS,
        sha256=fingerprint(files()),
        count=len({entry.code for entry in entries}),
    )
    return Volume(book=book, entries=entries, wordings=wordings, notes=notes)


def content_of(root: ET.Element, known: set[str] | None) -> tuple[list[Entry], list[Wording], list[Note]]:
    """What a tabular list in NCHS's XML holds.

    Args:
        root: of the document.
        known: codes without their dots that exist; None where every code that a seventh character makes does.
    """
    entries: list[Entry] = []
    wordings: list[Wording] = []
    notes: list[Note] = []
    for chapter in root.iterfind("chapter"):
        blocks = [section.get("id", "") for section in chapter.iterfind("section")]
        if blocks:
            notes += _notes(chapter, f"{blocks[0].split('-')[0]}-{blocks[-1].split('-')[-1]}")
        for section in chapter.iterfind("section"):
            notes += _notes(section, section.get("id", ""))
            for node in section.iterfind("diag"):
                _walk(node, {}, known, entries, wordings, notes)
    return entries, wordings, notes


def _notes(node: ET.Element, code: str) -> Iterator[Note]:
    """What stands at a code itself; a line that ends in a colon begins the lines after it."""
    for tag, kind in NOTES.items():
        head = ""
        for note in node.iterfind(f"{tag}/note"):
            text = " ".join("".join(note.itertext()).split())
            if text.endswith(":"):
                head = text[:-1]
            elif text:
                yield Note(system=CodeSystem.ICD10CM, code=code, kind=kind, text=f"{head} {text}".strip())


def _walk(
    node: ET.Element,
    inherited: dict[str, str],
    known: set[str] | None,
    entries: list[Entry],
    wordings: list[Wording],
    notes: list[Note],
) -> None:
    code, display = node.findtext("name", ""), node.findtext("desc", "")
    own = {e.get("char", ""): e.text or "" for e in node.iterfind("sevenChrDef/extension")}
    seventh = own or inherited
    children = node.findall("diag")
    extended = [] if children else list(_extended(code, display, seventh, known))
    entries.append(Entry(code=code, display=display, billable=not children and not extended, kind="diagnosis"))
    entries.extend(extended)
    wordings.append(Wording(text=display, system=CodeSystem.ICD10CM, code=code, source=Source.DESCRIPTION))
    for note in node.iterfind("inclusionTerm/note"):
        if note.text:
            wordings.append(Wording(text=note.text, system=CodeSystem.ICD10CM, code=code, source=Source.INCLUSION))
    notes.extend(_notes(node, code))
    for child in children:
        _walk(child, seventh, known, entries, wordings, notes)


def _extended(code: str, display: str, seventh: dict[str, str], known: set[str] | None) -> Iterator[Entry]:
    bare = code.replace(".", "").ljust(6, "X")
    for character, meaning in seventh.items():
        if known is None or bare + character in known:
            yield Entry(
                code=f"{bare[:3]}.{bare[3:]}{character}",
                display=f"{display}, {meaning}",
                billable=True,
                kind="diagnosis",
            )
