"""XML that was brought, parsed without the parts of XML that can do harm."""

import io
from xml.etree import ElementTree as ET

from pipeline.errors import UsageError

_DEEPEST = 60


def root_of(name: str, content: bytes) -> ET.Element:
    """The root of a document in UTF-8.

    Raises:
        UsageError: it is not well formed, in another encoding, or declares entities.
    """
    if b"<!ENTITY" in content or b"<!DOCTYPE" in content or b"\0" in content:
        raise UsageError(f"{name} holds XML that declares entities or a document type, which no code book needs.")
    try:
        events = ET.iterparse(io.BytesIO(content), events=("start", "end"))
        depth = 0
        for event, _ in events:
            depth += 1 if event == "start" else -1
            if depth > _DEEPEST:
                raise UsageError(f"{name} is nested deeper than any code book.")
        root: ET.Element = events.root  # type: ignore[attr-defined]  # the stubs lack it
        return root
    except (ET.ParseError, LookupError, ValueError) as error:
        raise UsageError(f"{name} is not whole XML ({error}); download it again.") from error
