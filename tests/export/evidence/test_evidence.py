"""What a packet shows and says, read back from its PDF."""

import weakref
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ExportError
from pipeline.export.evidence import Mask, MaskReason, evidence
from pipeline.export.evidence.lettering import PLAIN, fonts, shown, width, wrapped
from pipeline.records import Anchor, Box, Pixels
from tests.export.evidence.drawn_packet import (
    FIRST,
    HEAD,
    NAME,
    PACKET,
    RELEASE,
    SECOND,
    SIGNED,
    TALL,
    WIDE,
    code,
    entry,
    paper,
    sheet,
    striped,
)
from tests.export.evidence.read_packet import Drawn, ReadSheet, read

NEAR = 3.0
"""Points from the ink to its outline at most."""
BLACK = 20


def scaled(box: Box, sheet: ReadSheet, wide: int = WIDE, tall: int = TALL) -> tuple[float, float, float, float]:
    """Where a box of the upright page is drawn."""
    assert sheet.place is not None
    across, down = (sheet.place.x1 - sheet.place.x0) / wide, (sheet.place.y1 - sheet.place.y0) / tall
    return (
        sheet.place.x0 + box.x0 * across,
        sheet.place.y0 + box.y0 * down,
        sheet.place.x0 + box.x1 * across,
        sheet.place.y0 + box.y1 * down,
    )


def is_around(outline: Drawn, ink: tuple[float, float, float, float]) -> bool:
    sides = (ink[0] - outline.x0, ink[1] - outline.y0, outline.x1 - ink[2], outline.y1 - ink[3])
    return all(0 < side < NEAR for side in sides)


def part(picture: np.ndarray, box: Box, wide: int = WIDE, tall: int = TALL) -> np.ndarray:
    """A box of the upright page in its embedded picture, without the two pixels at its edge."""
    height, width = picture.shape[:2]
    x0, x1 = round(box.x0 * width / wide) + 2, round(box.x1 * width / wide) - 2
    y0, y1 = round(box.y0 * height / tall) + 2, round(box.y1 * height / tall) - 2
    return picture[y0:y1, x0:x1]


def test_each_code_with_ink_is_outlined_around_it_and_nothing_else_is() -> None:
    _, chart, _ = read(evidence(PACKET))
    assert len(chart.outlines) == 2
    assert is_around(chart.outlines[0], scaled(FIRST, chart)) and is_around(chart.outlines[1], scaled(SECOND, chart))
    assert "Outlined: 1 401.9, 2 272.4" in chart.text and "V70.0" not in chart.text


def test_the_cover_lists_every_code_with_words_page_and_who_confirmed_it() -> None:
    cover, _, _ = read(evidence(PACKET))
    assert "1 ICD-9-CM 401.9 Hypertension HTN, stable 1 kim 2026-03-01 11:55" in cover.text
    assert "3 ICD-9-CM V70.0 Hypertension added by the coder, no ink kim" in cover.text
    for words in ("Fern Hollow Clinic", "Okafor, Ruth", "2014-03-14", "Northern Mutual", "$85.00", "page 1 of 3"):
        assert words in cover.text
    assert "Other persons are masked by reading; look before it leaves" in cover.text
    assert "masked in 1 place: another patient's name" in cover.text


def test_two_codes_on_the_same_ink_share_an_outline() -> None:
    packet = replace(PACKET, codes=(code(1, FIRST), code(2, FIRST, name="272.4")))
    _, chart, _ = read(evidence(packet))
    assert len(chart.outlines) == 1 and "1,2" in chart.text


def test_words_side_by_side_are_outlined_together_and_other_lines_apart() -> None:
    words = (Box(200, 500, 300, 540), Box(310, 502, 420, 541), Box(200, 600, 330, 640))
    _, chart, _ = read(evidence(replace(PACKET, codes=(code(1, *words),))))
    assert len(chart.outlines) == 2
    assert is_around(chart.outlines[0], scaled(Box(200, 500, 420, 541), chart))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_scanned_on_its_side_stands_upright_with_outlines_on_the_ink(turn: int) -> None:
    packet = replace(PACKET, codes=(code(1, FIRST),), pages=(sheet(image=lambda: paper((FIRST,)), turn=turn),))
    _, chart, _ = read(evidence(packet))
    assert chart.picture is not None and chart.place is not None
    height, width = chart.picture.shape[:2]
    assert (width > height) == (turn in {90, 270})
    dark = np.argwhere(chart.picture[:, :, 0] < 100)
    step = (chart.place.x1 - chart.place.x0) / width
    (top, left), (bottom, right) = dark.min(axis=0) * step, (dark.max(axis=0) + 1) * step
    x, y = chart.place.x0, chart.place.y0
    assert is_around(chart.outlines[0], (x + left, y + top, x + right, y + bottom))


def test_a_mask_is_burnt_into_the_picture_that_the_file_holds() -> None:
    page = replace(sheet(image=lambda: striped(NAME, paper((FIRST,)))), masks=PACKET.pages[0].masks)
    _, chart, _ = read(evidence(replace(PACKET, pages=(page,))))
    assert chart.picture is not None
    assert part(chart.picture, NAME).max() <= BLACK
    assert part(chart.picture, Box(NAME.x0, 400, NAME.x1, 450)).min() >= 255 - BLACK
    bare = read(evidence(replace(PACKET, pages=(replace(page, masks=()),))))[1].picture
    assert bare is not None and part(bare, NAME).max() > 200


@settings(deadline=None, max_examples=10)
@given(
    x=st.integers(-20, WIDE - 10),
    y=st.integers(-20, TALL - 10),
    wide=st.integers(20, 600),
    tall=st.integers(12, 200),
    turn=st.sampled_from([0, 90, 180, 270]),
)
def test_nothing_of_a_masked_place_is_left_wherever_it_is(x: int, y: int, wide: int, tall: int, turn: int) -> None:
    box = Box(x, y, x + wide, y + tall)
    white = np.full((TALL // 2, WIDE // 2, 3), 255, np.uint8)
    page = replace(sheet(image=lambda: white, turn=turn), masks=(Mask(box=box, reason=MaskReason.PART),))
    _, chart, _ = read(evidence(replace(PACKET, codes=(code(1),), pages=(page,))))
    assert chart.picture is not None
    here = np.rot90(chart.picture, k=turn // 90)
    seen = part(here, Box(max(0, box.x0), max(0, box.y0), min(WIDE, box.x1), min(TALL, box.y1)))
    assert seen.size == 0 or seen.max() <= BLACK


def test_a_picture_of_another_resolution_is_outlined_at_the_same_place() -> None:
    small = paper((Box(*(side // 2 for side in FIRST)),), WIDE // 2, TALL // 2)
    _, chart, _ = read(evidence(replace(PACKET, codes=(code(1, FIRST),), pages=(sheet(image=lambda: small),))))
    assert is_around(chart.outlines[0], scaled(FIRST, chart))


def test_a_page_without_a_picture_or_with_another_ones_is_refused() -> None:
    with pytest.raises(ExportError, match="Page 1 of the chart cannot be drawn"):
        evidence(replace(PACKET, pages=(sheet(image=lambda: None),)))
    with pytest.raises(ExportError, match="another shape"):
        evidence(replace(PACKET, pages=(sheet(image=lambda: paper((), TALL, WIDE)),)))


def test_ink_on_a_page_that_is_not_of_the_encounter_is_refused() -> None:
    packet = replace(PACKET, codes=(code(1, FIRST, page=4), code(2, Box(1600, 10, 1701, 40), name="272.4")))
    with pytest.raises(ExportError) as refused:
        evidence(packet)
    assert refused.value.problems == (
        "401.9 rests on page 4, which is no page of this encounter.",
        "272.4 rests on a place that page 1 does not have.",
    )


def test_protected_notes_leave_only_with_a_release_that_is_younger_than_the_signature() -> None:
    packet = replace(PACKET, protected=("HIV (code V08). State law.", "psychotherapy (code 90834). A rule."))
    with pytest.raises(ExportError) as refused:
        evidence(packet)
    assert len(refused.value.problems) == 2 and "HIV" in refused.value.problems[0]
    old = replace(RELEASE, at=SIGNED - timedelta(seconds=1))
    with pytest.raises(ExportError, match="release it again"):
        evidence(replace(packet, release=old))
    cover, *_ = read(evidence(replace(packet, release=RELEASE, notices=("These records may not be passed on.",))))
    assert "These records may not be passed on." in cover.text
    assert "lee, 2026-03-01 13:00 UTC: the patient agreed in writing" in cover.text and "psychotherapy" in cover.text


def test_the_audit_extract_has_every_entry_and_the_head_of_the_log() -> None:
    entries = tuple(entry(id) for id in range(1, 181))
    *_, first, second, third, fourth = read(
        evidence(replace(PACKET, audit=replace(PACKET.audit, entries=entries, rows=500)))
    )
    text = f"{first.text} {second.text} {third.text} {fourth.text}"
    assert f"Head of the log: {HEAD}" in text and "180 of the 500 entries" in text
    assert all(f"{id} 2026-03-01 11:50:00 kim decide accept {id} {id:064x}"[:50] in text for id in range(1, 181))
    assert all("Hash, first 16 digits" in sheet.text for sheet in (first, second, third, fourth))


def test_no_text_is_cut_however_long_it_is() -> None:
    display, words = "otherwise unspecified " * 120, "x" * 300
    long = replace(code(1, FIRST, display=display), words=words)
    sheets = read(evidence(replace(PACKET, codes=(long,), practice=("Fern Hollow Clinic of the Upper Valley " * 9,))))
    text = "".join(sheet.text for sheet in sheets)
    assert text.count("otherwise") == 120 and text.count("unspecified") == 120 and text.count("Upper") == 9
    assert text.count("x") >= 300
    assert len(sheets) > 3 and all(f"page {n} of {len(sheets)}" in sheet.text for n, sheet in enumerate(sheets, 1))


@pytest.mark.parametrize("name", ["\0\x1b[2J", "\ud800", "\U0001f600 😀", "مريم", "‮evil", "(a) \\ )("])
def test_no_character_makes_it_fail(name: str) -> None:
    cover, *_ = read(evidence(replace(PACKET, patient=name, release=replace(RELEASE, reason=name))))
    assert "Birth date" in cover.text


@settings(deadline=None)
@given(st.text(max_size=80), st.floats(20, 200))
def test_a_text_is_wrapped_without_loss(text: str, room: float) -> None:
    lines = wrapped(text, room, PLAIN, 8)
    assert "".join(lines).replace(" ", "") == shown(text).replace(" ", "")
    assert all(width(line, PLAIN, 8) <= room or len(line) == 1 for line in lines)
    assert all(ord(char) in fonts() for line in lines for char in line)


def test_a_character_that_the_type_lacks_is_given_by_its_number() -> None:
    cover, *_ = read(evidence(replace(PACKET, patient="Łucja Ó Dubháin Жук")))
    assert "Łucja Ó Dubháin <U+0416><U+0443><U+043A>" in cover.text


def test_the_same_packet_gives_the_same_bytes_and_its_properties_name_nobody() -> None:
    pdf = evidence(PACKET)
    assert pdf == evidence(PACKET)
    document = pypdfium2.PdfDocument(pdf)
    assert "Okafor" not in str(document.get_metadata_dict()) and "8C1" not in str(document.get_metadata_dict())
    document.close()


def test_one_page_is_held_at_a_time_and_none_is_larger_than_it_is_shown() -> None:
    held: list[weakref.ref[Pixels]] = []
    noise = np.random.default_rng(7)

    def draw() -> Pixels:
        assert all(page() is None for page in held)
        pixels = noise.integers(200, 256, (2200, 1700, 3), np.uint8)
        held.append(weakref.ref(pixels))
        return pixels

    pages = tuple(sheet(number, draw) for number in range(1, 4))
    pdf = evidence(replace(PACKET, pages=pages))
    assert len(held) == 3
    for chart in read(pdf)[1:4]:
        assert chart.picture is not None and chart.place is not None
        assert chart.picture.shape[1] <= (chart.place.x1 - chart.place.x0) / 72 * 200 + 1 < 1700


def test_codes_on_several_pages_are_outlined_on_each() -> None:
    both = replace(code(1, FIRST), anchors=(Anchor(page=1, boxes=(FIRST,)), Anchor(page=5, boxes=(SECOND,))))
    packet = replace(PACKET, codes=(both,), pages=(sheet(1), sheet(5)))
    cover, one, five, _ = read(evidence(packet))
    assert "HTN, stable 1, 5 kim" in cover.text
    assert is_around(one.outlines[0], scaled(FIRST, one)) and is_around(five.outlines[0], scaled(SECOND, five))
    assert "Page 5 of the chart. Outlined: 1 401.9" in five.text
