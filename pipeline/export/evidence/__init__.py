"""Evidence for a payer that asks for proof: the chart's pages with the ink behind each billed code, and who did what.

`packet` says what a packet holds, `wording` and `sheets` lay out its text, `pictures` burns the masks into its pages,
`outlines` places what is drawn over them, `drawing` makes the PDF.
"""

from collections.abc import Iterator

from pipeline.errors import ExportError
from pipeline.export.evidence.drawing import draw
from pipeline.export.evidence.packet import (
    Mask,
    MaskReason,
    Packet,
    PacketAudit,
    PacketCode,
    PacketEntry,
    PacketFindings,
    PacketPage,
    PacketRelease,
)

__all__ = [
    "Mask",
    "MaskReason",
    "Packet",
    "PacketAudit",
    "PacketCode",
    "PacketEntry",
    "PacketFindings",
    "PacketPage",
    "PacketRelease",
    "evidence",
]


def evidence(packet: Packet) -> bytes:
    """A PDF of the packet.

    Raises:
        ExportError: what keeps it from leaving, every item of it: specially protected notes that no lead released
            since they were signed, a code whose ink is on no page of the packet, a page without its picture.
    """
    if problems := tuple(_problems(packet)):
        raise ExportError(*problems)
    return draw(packet)


def _problems(packet: Packet) -> Iterator[str]:
    if not packet.codes:
        yield "No code is billed."
    if not packet.pages:
        yield "The encounter has no page."
    if packet.protected and packet.release is None:
        for kind in packet.protected:
            yield f"A lead must release this first: {kind}"
    elif packet.release is not None and packet.release.at < packet.signed_at:
        yield f"{packet.release.who} released the packet before the encounter was signed last; release it again."
    pages = {page.number: page for page in packet.pages}
    for code in packet.codes:
        for anchor in code.anchors:
            page = pages.get(anchor.page)
            if page is None:
                yield f"{code.code} rests on page {anchor.page}, which is no page of this encounter."
            elif any(not _lies_on(box, page) for box in anchor.boxes):
                yield f"{code.code} rests on a place that page {anchor.page} does not have."


def _lies_on(box: tuple[int, int, int, int], page: PacketPage) -> bool:
    x0, y0, x1, y1 = box
    return 0 <= x0 < x1 <= page.width and 0 <= y0 < y1 <= page.height
