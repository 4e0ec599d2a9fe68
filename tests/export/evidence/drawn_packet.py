"""A packet for tests: a page with black ink on white paper, codes on it, and somebody else's name."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np

from pipeline.export.evidence import (
    Mask,
    MaskReason,
    Packet,
    PacketAudit,
    PacketCode,
    PacketEntry,
    PacketPage,
    PacketRelease,
)
from pipeline.records import Anchor, Box, CodeSystem, Pixels

SIGNED = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEAD = "5b" * 32
WIDE, TALL = 1700, 2200
NAME = Box(900, 300, 1300, 340)
"""Where another patient's name stands."""


def paper(boxes: Sequence[Box], wide: int = WIDE, tall: int = TALL) -> Pixels:
    """White paper with black ink in boxes."""
    pixels = np.full((tall, wide, 3), 255, np.uint8)
    for box in boxes:
        pixels[box.y0 : box.y1, box.x0 : box.x1] = 0
    return pixels


def striped(box: Box, pixels: Pixels) -> Pixels:
    """The same with something to read in a box: stripes, of which a mask must leave nothing."""
    changed = pixels.copy()
    changed[box.y0 : box.y1, box.x0 : box.x1 : 8] = 0
    return changed


def code(number: int, *boxes: Box, page: int = 1, name: str = "401.9", display: str = "Hypertension") -> PacketCode:
    """A diagnosis on ink of one page."""
    return PacketCode(
        number=number,
        system=CodeSystem.ICD9CM,
        code=name,
        display=display,
        words="HTN, stable" if boxes else "",
        who="kim",
        at=SIGNED - timedelta(minutes=5),
        anchors=(Anchor(page=page, boxes=boxes),) if boxes else (),
    )


def sheet(number: int = 1, image: Callable[[], Pixels | None] | None = None, *, turn: int = 0) -> PacketPage:
    """A page of white paper, or with a picture."""
    return PacketPage(number=number, width=WIDE, height=TALL, turn=turn, image=image or (lambda: paper(())))


def entry(id: int) -> PacketEntry:
    """An entry of the audit log."""
    at = SIGNED - timedelta(minutes=10)
    return PacketEntry(id=id, at=at, who="kim", act="decide", detail=f"accept {id}", hash=f"{id:064x}")


FIRST, SECOND = Box(200, 500, 400, 540), Box(300, 900, 700, 950)
PACKET = Packet(
    claim="8C1",
    practice=("Fern Hollow Clinic", "1 Clinic Way, Salem OR 97301"),
    patient="Okafor, Ruth",
    birth_date=date(1961, 7, 19),
    record_number="7741029",
    date_of_service=date(2014, 3, 14),
    provider="Moss, Ruth",
    payer="Northern Mutual",
    member_id="NM1234567",
    total=Decimal("85.00"),
    services=1,
    signed_by="kim",
    signed_at=SIGNED,
    codes=(code(1, FIRST), code(2, SECOND, name="272.4", display="Hyperlipidemia"), code(3, name="V70.0")),
    pages=(replace(sheet(), masks=(Mask(box=NAME, reason=MaskReason.NAME),)),),
    audit=PacketAudit(entries=(entry(7), entry(9)), rows=12, head=HEAD, proof="Every entry follows.", whole=True),
    protected=(),
    notices=(),
    release=None,
    made_by="lee",
    made_at=SIGNED + timedelta(days=1),
)
RELEASE = PacketRelease(who="lee", at=SIGNED + timedelta(hours=1), reason="the patient agreed in writing")
