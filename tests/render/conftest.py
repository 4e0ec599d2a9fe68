"""A renderer to try files on."""

from pathlib import Path

import pytest

from pipeline.render import Renderer
from pipeline.settings import RenderSettings


@pytest.fixture
def renderer(tmp_path: Path) -> Renderer:
    """Draws PDF pages coarsely, to be quick: 72 dpi makes points pixels."""
    return Renderer(RenderSettings(dpi=72), tmp_path / "work")
