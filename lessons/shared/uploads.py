"""A visitor's picture becomes 32×32 pixels, or one sentence about why not.

The bytes are not trusted: only three formats are decoded, and the size is read before any pixel is.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass

import numpy as np
import streamlit as st
from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "WEBP")
TYPES = ("png", "jpg", "jpeg", "webp")
MEGAPIXELS = 40  # a large phone photograph; beyond it a small file can unfold into gigabytes
LINK_NOTE = "Your picture stays on this machine, so it cannot travel in a link: whoever opens one sees the default."
_MODES_16_BIT = {"I", "F", "I;16", "I;16B", "I;16L", "I;16N"}


class UploadError(ValueError):
    """One sentence for the visitor."""


@dataclass(frozen=True)
class Upload:
    """A picture ready for the course: uint8 (32, 32, 3), its sha256 as a cache key, and what was done to it."""

    pixels: np.ndarray
    key: str
    notes: tuple[str, ...] = ()


def read_picture(data: bytes, name: str = "picture", size: int = 32) -> np.ndarray:
    """The picture as uint8 (size, size, 3), or `UploadError` with a sentence."""
    return read_upload(data, name, size).pixels


def read_upload(data: bytes, name: str = "picture", size: int = 32) -> Upload:
    """As `read_picture`, with the cache key and sentences about what was changed on the way."""
    image = _open(data, name)
    notes = []
    if getattr(image, "n_frames", 1) > 1:
        notes.append("This picture moves; the page uses its first frame.")
    colour = _decode(image, name)
    if colour.width != colour.height:
        notes.append("The middle square of your picture is used.")
    side = min(colour.size)
    left, top = (colour.width - side) // 2, (colour.height - side) // 2
    square = colour.crop((left, top, left + side, top + side))
    # BOX averages areas on the way down and repeats pixels on the way up: no invented edges.
    small = square.resize((size, size), Image.Resampling.BOX)
    return Upload(np.asarray(small, dtype=np.uint8), hashlib.sha256(data).hexdigest(), tuple(notes))


def picture_input(key: str, label: str = "Your own picture") -> Upload | None:
    """An uploader that shows its notes or its one sentence of refusal, and returns the picture or None."""
    file = st.file_uploader(label, type=list(TYPES), key=key, help=LINK_NOTE)
    if file is None:
        return None
    try:
        upload = read_upload(file.getvalue(), file.name)
    except UploadError as error:
        st.warning(str(error), icon=":material/image_not_supported:")
        return None
    for note in (*upload.notes, LINK_NOTE):
        st.caption(note)
    return upload


def _open(data: bytes, name: str) -> Image.Image:
    """Read the header only, and refuse what is no picture or far too large."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit below is stricter
            image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise UploadError(_too_large(name)) from None
    except Exception:
        raise UploadError(f"“{name}” is not a PNG, JPEG or WebP picture: save it as one and try again.") from None
    if image.width * image.height > MEGAPIXELS * 1_000_000:
        raise UploadError(_too_large(name, image.size))
    return image


def _too_large(name: str, size: tuple[int, int] | None = None) -> str:
    shape = f" ({size[0]:,} × {size[1]:,} pixels)" if size else ""
    return f"“{name}” is too large{shape}: make it smaller than {MEGAPIXELS} megapixels and try again."


def _decode(image: Image.Image, name: str) -> Image.Image:
    """Decode the first frame upright, as RGB on white."""
    try:
        image.seek(0)
        upright = ImageOps.exif_transpose(image)
        return _to_rgb(upright)
    except Exception:
        raise UploadError(f"“{name}” is damaged or cut short: save it again and try once more.") from None


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode in _MODES_16_BIT:
        values = np.asarray(image, dtype=np.float64)
        top = 65535.0 if values.max(initial=0) > 255 else 255.0
        return Image.fromarray(np.clip(values / top * 255 + 0.5, 0, 255).astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(white, layer).convert("RGB")
    return image.convert("RGB")
