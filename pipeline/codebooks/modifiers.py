"""The modifiers of services that are known: the project's own table and those of imported HCPCS books."""

import re
from pathlib import Path

from pipeline.codebooks.importing import read_stored, stored
from pipeline.codebooks.importing.hcpcs_file import MODIFIERS
from pipeline.codebooks.starter import rows
from pipeline.errors import SetupError

TABLE = Path(__file__).parent / "modifiers.tsv"
_FORM = re.compile(r"[A-Z0-9]{2}")


def load_modifiers(data_dir: Path | None = None, path: Path = TABLE) -> dict[str, str]:
    """Each modifier with what it says; the project's words first, as CMS's are shortened.

    Args:
        data_dir: the data folder, for modifiers of imported books.
        path: the project's own table.

    Raises:
        SetupError: a row does not fit, or an imported book is damaged.
    """
    known: dict[str, str] = {}
    for place, (modifier, name) in rows(path, ("modifier", "name")):
        if not _FORM.fullmatch(modifier) or not name or modifier in known:
            raise SetupError(f"{place} names no modifier, or one that stands above already.")
        known[modifier] = name
    for file in stored(data_dir, (MODIFIERS,)) if data_dir is not None else ():
        for modifier, *_, name in read_stored(file).tables[MODIFIERS]:
            known.setdefault(modifier, name)
    return known
