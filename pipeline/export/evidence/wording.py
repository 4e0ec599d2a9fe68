"""What the packet's sheets of text say: the cover with its codes, and the audit extract."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from pipeline.export.evidence.packet import Packet, PacketCode, PacketPage
from pipeline.export.evidence.sheets import Column, Row, Sheet, headings, on_sheets, pair, paragraph, rows
from pipeline.records import SYSTEM_NAMES

NO_INK = "added by the coder, no ink"
LOOK = (
    "Other persons are masked by reading; look before it leaves: a name that was read badly, above all in "
    "handwriting, may stand unmasked."
)
TYPE = "Characters that this type lacks are given by their Unicode number, as in <U+0416>."
CODES = (
    Column(heading="No.", width=24),
    Column(heading="System", width=54),
    Column(heading="Code", width=48),
    Column(heading="Description", width=124),
    Column(heading="Words on the page", width=122),
    Column(heading="Page", width=30),
    Column(heading="Confirmed by", width=56),
    Column(heading="When (UTC)", width=82),
)
ENTRIES = (
    Column(heading="Entry", width=42),
    Column(heading="When (UTC)", width=100),
    Column(heading="Who", width=92),
    Column(heading="Act", width=86),
    Column(heading="Detail", width=116),
    Column(heading="Hash, first 16 digits", width=104),
)


def cover(packet: Packet, width: float, height: float) -> tuple[Sheet, ...]:
    """The sheets before the chart's pages.

    Args:
        packet: what it is of.
        width: room for text, in points.
        height: the same.
    """
    head = headings(CODES)
    above = [
        paragraph("Evidence for a claim", width, bold=True, size=15),
        *(paragraph(line, width) for line in packet.practice),
        paragraph("", width),
        *(pair(label, text, width) for label, text in _facts(packet)),
        paragraph("", width),
        *(paragraph(notice, width, bold=True, size=10) for notice in packet.notices),
        paragraph(LOOK, width, bold=True),
        paragraph(TYPE, width),
        *_masked(packet, width),
        paragraph("", width),
        paragraph("Billed codes and the ink behind them", width, bold=True, size=10),
        paragraph(
            "The number of a code stands beside the outlines of its ink on the chart's pages that follow.", width
        ),
    ]
    return on_sheets([*above, head, *rows(CODES, [_code(code) for code in packet.codes])], height, head)


def extract(packet: Packet, width: float, height: float) -> tuple[Sheet, ...]:
    """The sheets behind the chart's pages: what the audit log has on the encounter."""
    audit = packet.audit
    head = headings(ENTRIES)
    above = [
        paragraph("Audit extract of this encounter", width, bold=True, size=15),
        paragraph(
            f"{len(audit.entries)} of the {audit.rows} entries of the practice's audit log, in which each entry "
            "carries the hash of the one before it.",
            width,
        ),
        paragraph(f"Head of the log: {audit.head}", width),
        paragraph(audit.proof, width),
        paragraph(
            "Who holds this head can have the whole log proven against it: `inkchart audit verify --expect HEAD` at "
            "the practice.",
            width,
        ),
        paragraph("", width),
    ]
    texts = [
        (str(e.id), _to_second(e.at), e.who or "unknown", e.act, e.detail or "", e.hash[:16]) for e in audit.entries
    ]
    return on_sheets([*above, head, *rows(ENTRIES, texts)], height, head)


def _facts(packet: Packet) -> Iterator[tuple[str, str]]:
    yield "Claim", packet.claim
    yield "Patient", packet.patient
    if packet.birth_date is not None:
        yield "Birth date", packet.birth_date.isoformat()
    if packet.record_number:
        yield "Record number", packet.record_number
    yield "Date of service", packet.date_of_service.isoformat()
    yield "Provider", packet.provider
    yield "Payer", f"{packet.payer}, member {packet.member_id}"
    yield "Charge", f"${packet.total:.2f} for {packet.services} service{'s' if packet.services != 1 else ''}"
    yield "Signed off by", f"{packet.signed_by}, {_to_minute(packet.signed_at)} UTC"
    yield "Pages of the chart", ", ".join(str(page.number) for page in packet.pages)
    yield "Put together by", f"{packet.made_by}, {_to_minute(packet.made_at)} UTC"
    for kind in packet.protected:
        yield "Specially protected", kind
    if packet.release is not None:
        release = packet.release
        yield "Released by", f"{release.who}, {_to_minute(release.at)} UTC: {release.reason}"


def _masked(packet: Packet, width: float) -> Iterator[Row]:
    for page in packet.pages:
        if page.masks:
            yield paragraph(f"Page {page.number}: {_reasons(page)}.", width)
    if not any(page.masks for page in packet.pages):
        yield paragraph("Nothing was found to mask on these pages.", width)


def _reasons(page: PacketPage) -> str:
    counts = Counter(mask.reason.value for mask in page.masks)
    return ", ".join(f"masked in {n} place{'s' if n > 1 else ''}: {reason}" for reason, n in sorted(counts.items()))


def _code(code: PacketCode) -> tuple[str, ...]:
    pages = sorted({anchor.page for anchor in code.anchors if anchor.boxes})
    return (
        str(code.number),
        SYSTEM_NAMES.get(code.system, code.system.value),
        code.code,
        code.display,
        (code.words or "not read") if pages else NO_INK,
        ", ".join(map(str, pages)),
        code.who,
        _to_minute(code.at),
    )


def _to_minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _to_second(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"
