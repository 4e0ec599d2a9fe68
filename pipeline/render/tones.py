"""Any picture to 8-bit RGB on white paper."""

from PIL import Image


def to_rgb(image: Image.Image, *, bits: int = 16) -> Image.Image:
    """Give a loaded picture of any mode as RGB, what is transparent as white.

    Args:
        image: the picture, decoded.
        bits: bits a sample of a deep grey picture, where its file says.
    """
    if image.mode in {"I", "F"} or image.mode.startswith("I;"):
        image = _deep_grey(image, bits)
    if "A" in image.mode or "a" in image.mode or "transparency" in image.info:
        ink = image.convert("RGBA")
        paper = Image.new("RGBA", ink.size, "white")
        paper.alpha_composite(ink)
        return paper.convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _deep_grey(image: Image.Image, bits: int) -> Image.Image:
    """Grey of more than 8 bits a sample to mode L; whole numbers by their range, others by what is there."""
    if image.mode == "F" or (image.mode == "I" and bits > 16):
        low, high = (float(value) for value in image.getextrema())  # type: ignore[arg-type]
    else:
        low, high = 0.0, float(2**bits - 1)
    factor = 255.0 / (high - low) if high > low else 1.0
    return image.convert("F").point(lambda sample: sample * factor - low * factor).convert("L")
