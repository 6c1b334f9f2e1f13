"""Every kind of bad picture works or gets one clear sentence; each file is made here with Pillow."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from lessons.shared.uploads import UploadError, read_picture, read_upload

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def encode(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format=kind, **options)
    return buffer.getvalue()


def halves(left, right, size=(64, 64)) -> Image.Image:
    image = Image.new("RGB", size, left)
    image.paste(Image.new("RGB", (size[0] // 2, size[1]), right), (size[0] // 2, 0))
    return image


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header claims width × height."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_three_formats_become_32_by_32(kind):
    pixels = read_picture(encode(Image.new("RGB", (200, 120), (200, 40, 90)), kind))
    assert pixels.shape == (32, 32, 3) and pixels.dtype == np.uint8
    assert np.abs(pixels.astype(int) - (200, 40, 90)).max() <= 4


def test_downscaling_averages_areas():
    """A checkerboard of single pixels becomes an even mid-grey: no pixel is skipped."""
    board = (np.indices((64, 64)).sum(0) % 2 * 255).astype(np.uint8)
    pixels = read_picture(encode(Image.fromarray(board)))
    assert set(np.unique(pixels)) <= {127, 128}


def test_the_middle_square_is_used_and_said():
    wide = Image.new("RGB", (128, 32), RED)
    wide.paste(Image.new("RGB", (32, 32), GREEN), (48, 0))
    upload = read_upload(encode(wide))
    assert (upload.pixels == GREEN).all()
    assert any("middle square" in note for note in upload.notes)


def test_a_single_pixel_works():
    assert (read_picture(encode(Image.new("RGB", (1, 1), (7, 8, 9)))) == (7, 8, 9)).all()


def test_transparent_stands_on_white():
    layer = Image.new("RGBA", (32, 32), (0, 0, 0, 0))
    layer.paste((255, 0, 0, 128), (0, 0, 32, 16))
    pixels = read_picture(encode(layer))
    assert (pixels[31] == WHITE).all()
    assert np.abs(pixels[0].astype(int) - (255, 127, 127)).max() <= 1


def test_palette_with_transparency():
    image = Image.new("P", (32, 32), 0)
    image.putpalette([0, 0, 255, 255, 0, 0] + [0] * 762)
    image.paste(1, (0, 0, 32, 16))
    pixels = read_picture(encode(image, transparency=0))
    assert (pixels[0] == RED).all() and (pixels[31] == WHITE).all()


def test_grey_and_black_and_white():
    assert (read_picture(encode(Image.new("L", (40, 40), 77))) == 77).all()
    assert (read_picture(encode(Image.new("1", (40, 40), 1))) == 255).all()
    assert (read_picture(encode(Image.new("LA", (40, 40), (50, 0)))) == 255).all()


@pytest.mark.parametrize(("value", "expected"), [(0, 0), (32768, 128), (65535, 255), (200, 1)])
def test_sixteen_bits_keep_their_scale(value, expected):
    image = Image.fromarray(np.full((32, 32), value, dtype=np.uint16))
    image.putpixel((0, 0), 65535) if value <= 255 and value else None
    assert abs(int(read_picture(encode(image))[20, 20, 0]) - expected) <= 1


def test_cmyk_jpeg_keeps_its_colour():
    pixels = read_picture(encode(Image.new("RGB", (64, 64), BLUE).convert("CMYK"), "JPEG", quality=95))
    assert pixels[..., 2].min() > 200 and pixels[..., 0].max() < 60


def test_exif_rotation_is_undone():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: rotate by 90° to stand upright
    pixels = read_picture(encode(halves(RED, BLUE), "JPEG", exif=exif, quality=95))
    assert pixels[2, 16, 0] > 200 and pixels[29, 16, 2] > 200, "left is now on top"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_first_frame_of_a_moving_picture(kind):
    frames = [Image.new("RGB", (32, 32), c) for c in (RED, BLUE)]
    data = encode(frames[0], kind, save_all=True, append_images=frames[1:], duration=100, lossless=True)
    upload = read_upload(data)
    assert (upload.pixels == RED).all()
    assert any("first frame" in note for note in upload.notes)


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7 ...", b"GIF89a" + b"\0" * 40, b"<svg/>"])
def test_what_is_no_picture_is_refused_in_one_sentence(data):
    with pytest.raises(UploadError, match=r"^“notes\.txt” is not a PNG, JPEG or WebP picture: .*\.$"):
        read_picture(data, "notes.txt")


def test_other_real_formats_are_not_decoded():
    for kind in ("GIF", "BMP", "TIFF"):
        with pytest.raises(UploadError, match="not a PNG, JPEG or WebP"):
            read_picture(encode(Image.new("RGB", (32, 32), RED), kind))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_truncated_files_are_refused(kind):
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    data = encode(Image.fromarray(noise), kind)
    with pytest.raises(UploadError, match=r"damaged or cut short|not a PNG"):
        read_picture(data[: len(data) // 2])


@pytest.mark.parametrize(("width", "height"), [(20_000, 20_000), (8_000, 6_000), (100_000, 100_000)])
def test_bombs_are_refused_before_they_unfold(width, height):
    with pytest.raises(UploadError, match=r"is too large.* smaller than 40 megapixels"):
        read_picture(bomb(width, height))


def test_random_bytes_never_raise_anything_else():
    rng = np.random.default_rng(1)
    good = {kind: encode(halves(RED, BLUE), kind) for kind in ("PNG", "JPEG", "WEBP")}
    for place in range(300):
        data = bytearray(good[("PNG", "JPEG", "WEBP")[place % 3]])
        for spot in rng.integers(0, len(data), 6):
            data[spot] = rng.integers(0, 256)
        try:
            assert read_picture(bytes(data)).shape == (32, 32, 3)
        except UploadError as error:
            assert str(error).count(". ") == 0 and str(error).endswith(".")


def test_the_key_is_the_sha256_of_the_bytes():
    data = encode(Image.new("RGB", (9, 9), RED))
    assert read_upload(data).key == hashlib.sha256(data).hexdigest()
