import io

import pytest

from pipeline.render.formats import Format, sniff
from tests.render.files import HEIC, scan


def _saved(format: str) -> bytes:
    written = io.BytesIO()
    scan().save(written, format)
    return written.getvalue()


@pytest.mark.parametrize("format", [Format.TIFF, Format.JPEG, Format.PNG, Format.BMP, Format.WEBP])
def test_a_picture_is_known_by_its_first_bytes(format: Format) -> None:
    assert sniff(_saved(format.value)) is format


def test_a_heic_is_known_by_its_brand_and_an_avif_is_refused() -> None:
    assert sniff(HEIC) is Format.HEIC
    assert sniff(_saved("avif")) is None


def test_junk_before_a_pdf_is_tolerated() -> None:
    assert sniff(b"\r\n" + bytes(500) + b"%PDF-1.7\n") is Format.PDF


@pytest.mark.parametrize("head", [b"", b"BMI 24, follow up in two weeks.", b"GIF89a", b"PK\x03\x04", b"RIFFxxxxWAVE"])
def test_what_is_not_on_the_list_is_unknown(head: bytes) -> None:
    assert sniff(head) is None
