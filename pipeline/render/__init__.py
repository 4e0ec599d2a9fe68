"""From a file to page images: the only door to poppler, pdfium and Pillow's decoders.

`Renderer` is loaded when it is first asked for, because the decoder process imports this package
too and must start without the arrays and settings that only the caller needs.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.render.renderer import Renderer

__all__ = ["Renderer"]


def __getattr__(name: str) -> object:
    """Load `Renderer` on first use."""
    if name != "Renderer":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pipeline.render.renderer import Renderer

    return Renderer
