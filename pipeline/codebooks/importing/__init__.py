"""Books that a practice brings along: files of CMS, NCHS and the AMA, taken in by `import_file`.

A file is read whole and checked before anything is written. What it holds then stands in
`DATA/codebooks/SYSTEM-EDITION-PART.tsv`, with its validity and the SHA-256 of the file that was brought.
Importing the same part of an edition again replaces it, whole or not at all.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from pipeline.codebooks.importing.cpt_file import read_cpt
from pipeline.codebooks.importing.hcpcs_file import read_hcpcs
from pipeline.codebooks.importing.icd9_index import read_icd9_index
from pipeline.codebooks.importing.icd9_tabular import read_icd9_tabular
from pipeline.codebooks.importing.icd10_files import read_icd10_files
from pipeline.codebooks.importing.imported import Imported
from pipeline.codebooks.importing.shelf import read_stored, store, stored
from pipeline.errors import UsageError

__all__ = ["READERS", "Imported", "import_file", "read_stored", "stored"]

Reader: TypeAlias = Callable[[str, bytes], Imported | None]
"""From a file's name and content to what it holds; None where it is of another format.

It raises a UsageError, with line and reason, where the file is of its format but wrong.
"""

READERS: tuple[Reader, ...] = (read_hcpcs, read_icd10_files, read_icd9_index, read_icd9_tabular, read_cpt)
"""One a format, asked in this order: the ones that know their files by a mark before those that guess."""
_LARGEST = 200_000_000


def import_file(path: Path, data_dir: Path, *, licensed: bool = False) -> Imported:
    """Take a file into the data folder; which format it is shows in the file itself.

    Args:
        path: the file.
        data_dir: the folder of the store.
        licensed: whether the practice says that it holds the licence that some files ask for.

    Raises:
        UsageError: the file cannot be read, is none of the formats that are read here, or asks for a licence.
        SetupError: the data folder cannot be written.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise UsageError(f"{path.name} is far larger than a code book; nothing was imported.")
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from error
    found = next((held for reader in READERS if (held := reader(path.name, content)) is not None), None)
    if found is None:
        raise UsageError(
            f"{path.name} is neither a CMS HCPCS annual file (zip, ANWEB text or xlsx), nor an ICD file of NCHS, nor "
            "a CPT file (code and description a line), nor a table of edits of CMS, nor a practice's list (columns "
            "name, code and fee); nothing was imported."
        )
    if found.licence and not licensed:
        raise UsageError(f"{path.name}: {found.licence} Nothing was imported.")
    store(found, data_dir)
    return found
