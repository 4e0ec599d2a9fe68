"""What scanners, faxes and file formats do to a crop."""

import cv2
import numpy as np

from models.handwriting.synth.fields import Field, Grey, between, smooth


def coarse(image: Field, x_height: float, least: float, rng: np.random.Generator) -> Field:
    """Scale a crop down so that its x is `least` pixels high or more, and back up, as a low resolution would."""
    factor = max(least / x_height, between(rng, 0.35, 0.85))
    if factor >= 1:
        return image
    height, width = image.shape
    small = cv2.resize(image, (max(8, int(width * factor)), max(8, int(height * factor))), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.4:
        return np.asarray(small, dtype=np.float32)
    way = cv2.INTER_CUBIC if rng.random() < 0.6 else cv2.INTER_NEAREST if rng.random() < 0.3 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(small, (width, height), interpolation=way), dtype=np.float32)


def faxed(image: Field, rng: np.random.Generator) -> Field:
    """Make a crop black and white, with edges that fray."""
    height, width = image.shape
    low, high = np.percentile(image, (1, 85))
    level = low + (high - low) * between(rng, 0.42, 0.62)
    fray = smooth(rng, height, width, 1.5, 2.5) * (high - low) * between(rng, 0.02, 0.1)
    return np.where(image + fray < level, np.float32(0), np.float32(255))


def specked(image: Field, rng: np.random.Generator) -> Field:
    """Scatter specks of dust and lost dots over a crop."""
    height, width = image.shape
    count = int(height * width * between(rng, 0.0005, 0.006))
    ys, xs = rng.integers(0, height, count), rng.integers(0, width, count)
    out = image.copy()
    out[ys, xs] = np.where(rng.random(count) < 0.6, 20, 245)
    return out


def shaded(image: Field, rng: np.random.Generator) -> Field:
    """Let light fall off over a crop."""
    height, width = image.shape
    fall = np.linspace(between(rng, 0.75, 1), between(rng, 0.75, 1), width, dtype=np.float32)[None, :]
    fall = fall * np.linspace(between(rng, 0.8, 1), between(rng, 0.8, 1), height, dtype=np.float32)[:, None]
    return np.asarray(image * fall, dtype=np.float32)


def blurred(image: Field, x_height: float, rng: np.random.Generator) -> Field:
    """Blur a crop evenly or along a line, never by more than letters bear."""
    if rng.random() < 0.75:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), x_height * between(rng, 0.02, 0.075) + 0.1))
    length = 3 if x_height < 14 else int(rng.integers(3, 6))
    kernel = np.zeros((length, length), np.float32)
    if rng.random() < 0.5:
        kernel[length // 2] = 1 / length
    else:
        kernel[:, length // 2] = 1 / length
    return np.asarray(cv2.filter2D(image, -1, kernel))


def worn(image: Field, x_height: float, rng: np.random.Generator) -> Grey:
    """Return a crop as a scanner of some quality would give it; x_height in pixels says how much it bears."""
    if rng.random() < 0.45:
        image = blurred(image, x_height, rng)
    if rng.random() < 0.25:
        image = coarse(image, x_height, 8, rng)
    if rng.random() < 0.15:
        image = shaded(image, rng)
    fax = rng.random() < (0.14 if x_height > 11 else 0.05)
    if fax:
        image = faxed(image, rng)
    if rng.random() < 0.12:
        image = specked(image, rng)
    if rng.random() < 0.2:
        image = image + rng.standard_normal(image.shape, dtype=np.float32) * between(rng, 2, 14)
    if not fax and rng.random() < 0.3:
        image = np.float32(255) * (np.clip(image, 0, 255) / np.float32(255)) ** np.float32(between(rng, 0.6, 1.35))
    grey = np.clip(image, 0, 255).astype(np.uint8)
    if rng.random() < 0.45:
        quality = int(between(rng, 25 if x_height > 10 else 45, 92))
        grey = np.asarray(cv2.imdecode(cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 0))
    return grey
