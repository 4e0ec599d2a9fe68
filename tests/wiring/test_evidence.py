"""Evidence packets of sample charts: what is outlined, what is masked, and what keeps a packet from leaving."""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytesseract
import pytest
from numpy.typing import NDArray
from PIL import Image

from pipeline.codebooks import CodeBooks
from pipeline.errors import ExportError, UsageError
from pipeline.export.evidence import MaskReason, Packet, PacketFindings, PacketPage, PacketRelease, evidence
from pipeline.process import TextStages
from pipeline.records import DIAGNOSES, Box, Claim, ConfirmedEncounter, PageSource, WrittenLine
from pipeline.settings import Settings
from pipeline.store import Store, open_store
from pipeline.store.audit_rows import Act, Wanted
from pipeline.store.decided import Action
from pipeline.wiring.assembly import import_own
from pipeline.wiring.claims import bring
from pipeline.wiring.evidence import packet_of, write_evidence, write_packets
from pipeline.wiring.evidence_pages import Charts, charts
from tests.claims.office_data import FILES
from tests.export.evidence.read_packet import Drawn, ReadSheet, drawn, read
from tests.review.claiming.small_office import PATIENT
from tests.review.signing import decide
from tests.wiring.shared_sheet import BEN_SAYS, OSWIN_SAYS, put_shared_sheet
from tests.wiring.signed_samples import Sample, claim_for, code_and_sign, put_in, settings_in, signed

SAMPLES = ("two-patients.pdf", "office-note-upside-down.tif", "uti-note.tif", "clinic-note-uri.pdf")
LATER = datetime(2040, 1, 1, tzinfo=UTC)
RELEASE = PacketRelease(who="lee", at=LATER, reason="the patient agreed in writing")
MOSS = {"last": "Moss", "first": "Ruth", "npi": "1987654328"}
AROUND, NEAR = 1.4, 3.4
"""Points between ink and outline."""


@dataclass(frozen=True)
class Desk:
    """A store with signed samples."""

    settings: Settings
    store: Store
    samples: dict[str, Sample]
    books: CodeBooks

    def packet(self, id: str, release: PacketRelease | None = RELEASE) -> tuple[Packet, PacketFindings]:
        encounter = signed(self.store, id)
        known = charts(self.settings, self.store)
        return packet_of(known, claim_for(encounter, self.books), encounter, by="kim", at=LATER, release=release)

    def claimed(self, ids: Sequence[str]) -> tuple[Charts, list[tuple[Claim, ConfirmedEncounter]]]:
        encounters = [signed(self.store, id) for id in ids]
        return charts(self.settings, self.store), [(claim_for(each, self.books), each) for each in encounters]

    def signed_sample(self, name: str, number: int = 0) -> str:
        id = self.samples[name].encounters[number]
        if id not in self.store.decisions.reviews():
            code_and_sign(self.store, self.samples[name], number)
        return id


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, books: CodeBooks, text_stages: TextStages) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("evidence")
    settings = settings_in(folder)
    settings.data_dir.mkdir()
    store = open_store(settings)
    yield Desk(settings, store, put_in(store, settings, text_stages, SAMPLES), books)


def upright(box: Box, packet: Packet, number: int) -> Box:
    page = next(page for page in packet.pages if page.number == number)
    match page.turn:
        case 0:
            return box
        case 180:
            return Box(page.width - box.x1, page.height - box.y1, page.width - box.x0, page.height - box.y0)
    raise AssertionError("no sample lies on its side")


def on_sheet(box: Box, packet: Packet, number: int, sheet: ReadSheet) -> tuple[float, float, float, float]:
    """Where a box of a chart's page is drawn on its sheet, in points."""
    page = next(page for page in packet.pages if page.number == number)
    assert sheet.place is not None
    step = (sheet.place.x1 - sheet.place.x0) / page.width
    x0, y0, x1, y1 = (side * step for side in upright(box, packet, number))
    return sheet.place.x0 + x0, sheet.place.y0 + y0, sheet.place.x0 + x1, sheet.place.y0 + y1


def holds(outline: Drawn, ink: tuple[float, float, float, float]) -> bool:
    return (
        outline.x0 <= ink[0] - AROUND
        and outline.y0 <= ink[1] - AROUND
        and outline.x1 >= ink[2] + AROUND
        and outline.y1 >= ink[3] + AROUND
        and outline.y1 - outline.y0 <= ink[3] - ink[1] + 2 * NEAR
    )


def is_picture_of(page: PacketPage, picture: NDArray[np.uint8], most: float = 3) -> bool:
    """Whether an embedded picture shows a page: the same ink at the same places."""
    pixels = page.image()
    assert pixels is not None
    one, other = (
        np.asarray(Image.fromarray(each).convert("L").resize((340, 440), Image.Resampling.BOX)).astype(int)
        for each in (pixels, picture)
    )
    return bool(np.mean(np.abs(one - other)) < most)


def black(packet: Packet, sheet: ReadSheet) -> bool:
    """Whether every mask of the first page is black in the embedded picture."""
    assert sheet.picture is not None
    step = sheet.picture.shape[1] / packet.pages[0].width
    places = [[round(side * step) for side in upright(mask.box, packet, 1)] for mask in packet.pages[0].masks]
    return all(sheet.picture[y0 + 2 : y1 - 2, x0 + 2 : x1 - 2].max() <= 25 for x0, y0, x1, y1 in places)


def seen_text(pdf: bytes, number: int) -> str:
    """What Tesseract reads on a sheet."""
    return str(pytesseract.image_to_string(Image.fromarray(drawn(pdf, number, 150 / 72)))).lower()


@pytest.mark.parametrize("name", ["office-note-upside-down.tif", "clinic-note-uri.pdf", "uti-note.tif"])
def test_every_billed_code_with_ink_is_outlined_on_its_page_around_its_ink(desk: Desk, name: str) -> None:
    packet, _ = desk.packet(desk.signed_sample(name))
    cover, *sheets = read(evidence(packet))
    assert any(code.anchors for code in packet.codes)
    for number, (page, sheet) in enumerate(zip(packet.pages, sheets, strict=False), start=1):
        inks = [
            on_sheet(box, packet, page.number, sheet)
            for code in packet.codes
            for anchor in code.anchors
            if anchor.page == page.number
            for box in anchor.boxes
        ]
        for ink in inks:
            assert any(holds(outline, ink) for outline in sheet.outlines), (name, number, ink)
        assert all(any(holds(outline, ink) for ink in inks) or len(inks) > 1 for outline in sheet.outlines)
        assert len(sheet.outlines) <= len(set(inks))
    for code in packet.codes:
        assert code.code in cover.text and code.who == "kim"
        assert code.words if code.anchors else True


def test_the_words_of_the_cover_are_those_that_the_ink_was_read_as(desk: Desk) -> None:
    packet, _ = desk.packet(desk.signed_sample("office-note-upside-down.tif"))
    words = {code.code: code.words for code in packet.codes}
    assert words["401.9"].startswith("HTN") and words["278.00"] == "Obesity"


def test_a_packet_holds_the_pages_of_its_encounter_and_no_other(desk: Desk) -> None:
    first, second = (desk.packet(desk.signed_sample("two-patients.pdf", n))[0] for n in (0, 1))
    assert [page.number for page in first.pages] == [1] and [page.number for page in second.pages] == [4]
    for packet, own, other in ((first, "saltmarsh", "breckenridge"), (second, "breckenridge", "saltmarsh")):
        pdf = evidence(packet)
        sheets = read(pdf)
        assert sum(sheet.picture is not None for sheet in sheets) == 1
        text = " ".join(sheet.text for sheet in sheets).lower()
        assert own in text and other not in text and other.encode() not in pdf.lower()
        assert sheets[1].picture is not None
        assert is_picture_of(packet.pages[0], sheets[1].picture)
        assert not is_picture_of(second.pages[0] if packet is first else first.pages[0], sheets[1].picture)


def test_the_extract_has_what_was_done_to_this_encounter_and_the_head_of_the_log(desk: Desk) -> None:
    id = desk.signed_sample("two-patients.pdf", 0)
    packet, _ = desk.packet(id)
    log = desk.store.audit
    wanted = Wanted(subject=id)
    assert [entry.id for entry in packet.audit.entries] == [e.id for e in log.each(wanted, log.count(wanted))]
    assert packet.audit.head == log.verify().head and log.verify(packet.audit.head).fault is None
    assert packet.audit.entries[-1].detail is not None and "confirm-encounter" in packet.audit.entries[-1].detail


def test_specially_protected_notes_need_a_lead(desk: Desk) -> None:
    id = desk.signed_sample("uti-note.tif")
    packet, _ = desk.packet(id, release=None)
    with pytest.raises(ExportError, match="A lead must release this first: reproductive"):
        evidence(packet)
    cover, *_ = read(evidence(desk.packet(id)[0]))
    assert "Released by" in cover.text and "the patient agreed in writing" in cover.text


def test_a_page_whose_original_was_changed_or_lost_is_refused(desk: Desk, tmp_path: Path) -> None:
    packet, _ = desk.packet(desk.signed_sample("clinic-note-uri.pdf"))
    document = desk.store.arrivals.document(desk.samples["clinic-note-uri.pdf"].document)
    assert document is not None
    original = desk.settings.data_dir / "originals" / document.sha256
    moved = original.rename(tmp_path / "moved")
    try:
        with pytest.raises(ExportError, match="cannot be drawn"):
            evidence(packet)
        original.write_bytes(moved.read_bytes() + b"\n")
        with pytest.raises(ExportError, match="cannot be drawn"):
            evidence(packet)
    finally:
        original.unlink(missing_ok=True)
        moved.rename(original)


def test_a_code_that_was_not_signed_is_refused(desk: Desk) -> None:
    encounter = signed(desk.store, desk.signed_sample("clinic-note-uri.pdf"))
    claim = claim_for(encounter, desk.books)
    other = replace(claim, diagnoses=(replace(claim.diagnoses[0], code="R05"), *claim.diagnoses[1:]))
    with pytest.raises(ExportError, match="R05 is billed and not among the codes that were signed"):
        packet_of(charts(desk.settings, desk.store), other, encounter, by=None, at=LATER)


@pytest.fixture(scope="module")
def shared(desk: Desk, text_stages: TextStages) -> dict[str, str]:
    """The encounters of two patients on one sheet, by family name, both signed."""
    return put_shared_sheet(desk.store, desk.settings, text_stages)


def test_on_a_sheet_with_two_patients_the_other_ones_part_and_name_are_black(
    desk: Desk, shared: dict[str, str]
) -> None:
    for own, other, theirs in (("okafor", "breckenridge", OSWIN_SAYS), ("breckenridge", "okafor", BEN_SAYS)):
        packet, findings = desk.packet(shared[own])
        pdf = evidence(packet)
        cover, chart, *_ = read(pdf)
        seen = seen_text(pdf, 1)
        assert own in seen and other not in seen, seen
        assert not any(word in seen for word in theirs.split() if len(word) > 5), seen
        assert other not in " ".join(sheet.text for sheet in read(pdf)).lower()
        assert MaskReason.PART in {mask.reason for mask in packet.pages[0].masks}
        assert "another encounter's part of the page" in cover.text
        assert black(packet, chart)
        assert findings.claim == packet.claim and findings.doubtful == ((1, 1),)
        assert "Page 1 is of another encounter too" in findings.notes[0] and "strokes" in findings.notes[1]


def test_a_name_that_a_person_wrote_over_bad_handwriting_is_masked(desk: Desk, text_stages: TextStages) -> None:
    sample = put_in(desk.store, desk.settings, text_stages, ["diabetes-followup.bmp"])["diabetes-followup.bmp"]
    line = next(line for line in sample.reading.pages[0].lines if line.text.startswith("FH sister"))
    assert line.box is not None
    id = sample.encounters[0]
    written = WrittenLine(page=1, box=line.box, text="sister Imogen Saltmarsh breast cancer", drawn=False)
    decide(desk.store, id, Action.WRITE_LINE, line=written)
    code_and_sign(desk.store, sample)
    desk.signed_sample("two-patients.pdf", 0)
    packet, _ = desk.packet(id)
    masks = packet.pages[0].masks
    assert {mask.reason for mask in masks} == {MaskReason.NAME} and len(masks) == 2
    assert all(mask.box.y0 >= line.box.y0 - 3 and mask.box.y1 <= line.box.y1 + 3 for mask in masks)


def test_a_page_brought_from_another_file_is_drawn_from_there(desk: Desk, text_stages: TextStages) -> None:
    names = ("flu-clinic.webp", "hand-laceration.jpeg")
    flu, hand = (put_in(desk.store, desk.settings, text_stages, [name])[name] for name in names)
    pages = (
        PageSource(number=1, document=flu.document, page=1),
        PageSource(number=2, document=hand.document, page=1),
    )
    decide(desk.store, hand.encounters[0], Action.MERGE, other=flu.encounters[0])
    decide(desk.store, flu.encounters[0], Action.SET_PAGES, pages=pages, other=hand.encounters[0], text="one visit")
    id = code_and_sign(desk.store, flu)
    packet, findings = desk.packet(id)
    assert [page.number for page in packet.pages] == [1, 2]
    _, one, two, *_ = read(evidence(packet))
    assert one.picture is not None and two.picture is not None
    assert is_picture_of(packet.pages[1], two.picture, most=8)
    assert not is_picture_of(packet.pages[0], two.picture, most=8)
    # The page names another patient than the confirmed one, so his identity is masked.
    assert {mask.reason for mask in packet.pages[1].masks} == {MaskReason.IDENTITY}
    assert packet.pages[0].masks == () and findings.notes == ()
    second = replace(packet, pages=(replace(packet.pages[1], number=1),), codes=())
    ink = replace(packet.codes[0], anchors=())
    _, chart, _ = read(evidence(replace(second, codes=(ink,))))
    assert black(second, chart)


def test_a_file_for_each_claim_is_written_and_told_to_the_log(desk: Desk, tmp_path: Path) -> None:
    ids = [desk.signed_sample("two-patients.pdf", n) for n in (0, 1)]
    files, findings = write_packets(*desk.claimed(ids), tmp_path / "out")
    assert sorted(files) == sorted((tmp_path / "out").iterdir()) and len(files) == 2
    assert {path.stem for path in files} == {found.claim for found in findings}
    assert all(path.read_bytes().startswith(b"%PDF") for path in files)
    for id in ids:
        wanted = Wanted(subject=id, act=Act.EXPORT)
        (entry,) = desk.store.audit.newest(wanted, limit=5)
        assert entry.detail == "evidence packet"


def test_the_command_makes_claims_and_packets_of_what_the_office_entered(
    tmp_path: Path, books: CodeBooks, compiled: Path, text_stages: TextStages
) -> None:
    settings = settings_in(tmp_path)
    shutil.copytree(compiled, settings.data_dir)
    store = open_store(settings)
    sample = put_in(store, settings, text_stages, ["clinic-note-uri.pdf"])["clinic-note-uri.pdf"]
    encounter = signed(store, code_and_sign(store, sample))
    for name, text in FILES.items():
        bring(settings, name, text.encode())
    last, _, first = encounter.patient.name.partition(", ")
    known = {"record_number": encounter.patient.record_number or "", "last": last, "first": first}
    born = encounter.patient.birth_date
    cells = {**PATIENT, **known, "birth_date": "1961-07-19" if born is None else born.isoformat()}
    store.office.enter("patients", cells, who="kim")
    store.office.enter("providers", {**MOSS, "also": encounter.provider or ""}, who="kim")
    services = [code for code in encounter.codes if code.system not in DIAGNOSES]
    (tmp_path / "fees.csv").write_text("name,code,fee\n" + "".join(f"A,{code.code},20.00\n" for code in services))
    assert import_own(settings, tmp_path / "fees.csv") is not None
    (file,), (found,) = write_evidence(settings, tmp_path / "out", [encounter.id])
    assert file.stem == found.claim and file.read_bytes().startswith(b"%PDF")
    assert store.audit.count(Wanted(act=Act.EXPORT, subject=encounter.id)) == 1
    with pytest.raises(ExportError, match="is not signed off"):
        write_evidence(settings, tmp_path / "out", ["nobody"])


def test_where_one_packet_has_a_fault_none_is_written_and_nothing_is_logged(desk: Desk, tmp_path: Path) -> None:
    ids = [desk.signed_sample("two-patients.pdf", n) for n in (0, 1)]
    before = desk.store.audit.count(Wanted(act=Act.EXPORT))
    old = PacketRelease(who="lee", at=datetime.now(UTC) - timedelta(days=9), reason="long ago")
    with pytest.raises(ExportError, match=r"^Claim .*release it again"):
        write_packets(*desk.claimed(ids), tmp_path / "out", release_of={ids[1]: old}.get)
    assert not list((tmp_path / "out").glob("**/*.pdf")) and not list((tmp_path / "out").glob(".*"))
    assert desk.store.audit.count(Wanted(act=Act.EXPORT)) == before


def test_a_folder_that_cannot_be_written_is_told(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(UsageError, match="The files cannot be written"):
        write_packets(*desk.claimed([desk.signed_sample("two-patients.pdf", 0)]), tmp_path / "out")


def test_nothing_of_the_originals_is_changed(desk: Desk) -> None:
    for sample in desk.samples.values():
        document = desk.store.arrivals.document(sample.document)
        assert document is not None
        content = (desk.settings.data_dir / "originals" / document.sha256).read_bytes()
        assert hashlib.sha256(content).hexdigest() == document.sha256
