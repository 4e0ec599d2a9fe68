import numpy as np

from pipeline.cleanup.sheet import Sheet
from pipeline.cleanup.speckle import despeckle
from pipeline.records import Pixels
from tests import ink


def _despeckled(picture: Pixels) -> Pixels:
    return despeckle(Sheet(page=ink.page(picture), pixels=picture, to_page=np.eye(3))).pixels


def _noisy() -> tuple[Pixels, Pixels]:
    clean = ink.sheet(("ill in bed i i i ; : .", "still in pain."), width=1000, height=1300)
    noisy = clean.copy()
    rng = np.random.default_rng(3)
    for x, y in zip(rng.integers(0, 1000, 600), rng.integers(500, 1300, 600), strict=True):
        noisy[y, x] = 0
    return clean, noisy


def test_lone_specks_go() -> None:
    _, noisy = _noisy()

    assert (_despeckled(noisy)[500:] < 128).sum() < 60


def test_dots_of_letters_and_full_stops_stay() -> None:
    clean, noisy = _noisy()

    assert np.array_equal(_despeckled(noisy)[:400], clean[:400])


def test_a_page_with_few_specks_is_left_as_it_is() -> None:
    clean, _ = _noisy()
    clean[900, 500] = 0

    assert np.array_equal(_despeckled(clean), clean)
