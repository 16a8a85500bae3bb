"""Malformed, hostile and odd pictures, each made here, with the exit codes that are right for it."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable

from PIL import Image, ImageDraw

from tests.bad_files import noise_png

READ = frozenset({0, 3})
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/tmp/pwned) (w) file (x) writestring\nshowpage\n"
WORDS = ("KE HOACH", "1. To chuc doi thoai voi nhan dan", "2. Bao cao ket qua ve Uy ban nhan dan xa")


def saved(image: Image.Image, form: str, **more: object) -> bytes:
    """The picture as a file."""
    stream = io.BytesIO()
    image.save(stream, form, **more)  # type: ignore[arg-type]
    return stream.getvalue()


def page(mode: str = "L", width: int = 900, turns: int = 0, paper: str = "white") -> Image.Image:
    """A picture with a few lines of print."""
    image = Image.new("L", (width, width * 5 // 4), paper)
    draw = ImageDraw.Draw(image)
    for at, words in enumerate(WORDS):
        draw.text((width // 15, width // 9 * (at + 1)), words, fill="black", font_size=max(8, width // 24))
    return image.convert(mode).rotate(90 * turns, expand=True)


def white(width: int, height: int, mode: str = "L") -> Image.Image:
    """Blank paper."""
    return Image.new(mode, (width, height), "white")


def turned_by_camera() -> bytes:
    """A page on its side whose EXIF says so."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(page("RGB", turns=1), "JPEG", exif=exif)


def bad_exif() -> bytes:
    """A photo whose EXIF is junk."""
    return saved(page("RGB"), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff" + bytes(range(200)))


def tiff_pages(count: int) -> bytes:
    """A TIFF of several pages."""
    first, *rest = [page("1", width=400) for _ in range(count)]
    return saved(first, "TIFF", save_all=True, append_images=rest)


def tiff_broken_page() -> bytes:
    """A TIFF whose second page was cut off."""
    stream = io.BytesIO()
    page().save(
        stream, "TIFF", save_all=True, append_images=[Image.effect_noise((900, 1100), 90)], compression="tiff_lzw"
    )
    return stream.getvalue()[:-300_000]


def tiff_loop() -> bytes:
    """A TIFF whose only page is followed by itself."""
    data = bytearray(saved(white(300, 300), "TIFF"))
    at = struct.unpack_from("<I", data, 4)[0]
    count = struct.unpack_from("<H", data, at)[0]
    struct.pack_into("<I", data, at + 2 + 12 * count, at)
    return bytes(data)


def png(width: int, height: int, rows: bytes, *more: tuple[bytes, bytes]) -> bytes:
    """A PNG that says this size, with these packed rows."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), *more, (b"IDAT", rows), (b"IEND", b""))
    chunks = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def png_lies(side: int) -> bytes:
    """A PNG that says it is vast and holds nothing."""
    return png(side, side, zlib.compress(b"\0" * 100))


def png_text_bomb() -> bytes:
    """A PNG with a comment that unpacks to 200 MB."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(200)) + packer.flush()
    return png(300, 300, zlib.compress((b"\0" + b"\xff" * 300) * 300), (b"zTXt", b"a\0\0" + packed))


def wide_strip() -> bytes:
    """A picture 1 dot high and 60,000 wide."""
    return saved(white(60_000, 1), "PNG")


def dot_noise(side: int) -> bytes:
    """A page of black dots by chance: everything looks a little like a letter."""
    dice = random.Random(5)
    return saved(Image.frombytes("1", (side, side), dice.randbytes(side * side // 8)), "PNG")


PICTURES: dict[str, tuple[Callable[[], bytes], frozenset[int]]] = {
    "white.png": (lambda: saved(white(800, 1000), "PNG"), frozenset({6})),
    "black.png": (lambda: saved(Image.new("L", (800, 1000)), "PNG"), frozenset({6})),
    "noise.png": (lambda: noise_png(200), frozenset({6})),
    "dot.png": (lambda: saved(white(1, 1), "PNG"), frozenset({6})),
    "strip.png": (wide_strip, frozenset({7})),
    "tall.png": (lambda: saved(white(1, 30_000), "PNG"), frozenset({6, 7})),
    "screenshot.png": (lambda: saved(Image.new("L", (700, 14_000), "white"), "PNG", dpi=(72, 72)), frozenset({6})),
    "good.png": (lambda: saved(page(), "PNG"), READ),
    "coarse.jpg": (lambda: saved(page(width=396), "JPEG", quality=30), READ | {6}),
    "camera.jpg": (turned_by_camera, READ),
    "bad-exif.jpg": (bad_exif, READ),
    "dpi-zero.png": (lambda: saved(page(), "PNG", dpi=(0, 0)), READ),
    "dpi-vast.jpg": (lambda: saved(page(), "JPEG", dpi=(65535, 1)), READ),
    "16-bit.tif": (lambda: saved(page().convert("I;16").point(lambda grey: grey * 257), "TIFF"), READ),
    "float.tif": (lambda: saved(page().convert("F"), "TIFF"), READ | {2, 6}),
    "cmyk.jpg": (lambda: saved(page("CMYK"), "JPEG"), READ),
    "palette.png": (lambda: saved(page("P"), "PNG", transparency=0), READ | {6}),
    "glass.png": (lambda: saved(page("RGBA"), "PNG"), READ),
    "three-pages.tif": (lambda: tiff_pages(3), READ),
    "broken-page.tif": (tiff_broken_page, READ),
    "looped.tif": (tiff_loop, frozenset({2, 6, 7})),
    "cut.png": (lambda: saved(page(), "PNG")[:2000], frozenset({2})),
    "cut-head.png": (lambda: saved(page(), "PNG")[:20], frozenset({2})),
    "cut.jpg": (lambda: saved(page(), "JPEG")[:5000], frozenset({2})),
    "cut.tif": (lambda: saved(page(), "TIFF")[:5000], frozenset({2})),
    "junk.jpg": (lambda: b"\xff\xd8\xff\xe0" + random.Random(1).randbytes(4000), frozenset({2})),
    "lies.png": (lambda: png_lies(50_000), frozenset({2, 7})),
    "lies-more.png": (lambda: png_lies(2_000_000_000), frozenset({2, 7})),
    "lies-less.png": (lambda: png_lies(3000), frozenset({2})),
    "text-bomb.png": (png_text_bomb, frozenset({2, 6, 7})),
    "81-mpx.png": (lambda: saved(Image.new("1", (9000, 9000), 1), "PNG"), frozenset({7})),
    "eps.png": (lambda: EPS, frozenset({5})),
    "moving.gif": (lambda: saved(page("P"), "GIF", save_all=True, append_images=[white(900, 1125)]), frozenset({5})),
    "dots.bmp": (lambda: saved(page(), "BMP"), frozenset({5})),
    "web.webp": (lambda: saved(page(), "WEBP"), frozenset({5})),
    "photo.heic": (lambda: b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(500), frozenset({5})),
    "jp2.jp2": (lambda: b"\x00\x00\x00\x0cjP  \r\n\x87\n" + bytes(500), frozenset({5})),
}
"""File name → (its bytes, exit codes that are right)."""

SLOW_PICTURES: dict[str, tuple[Callable[[], bytes], frozenset[int]]] = {
    "dots.png": (lambda: dot_noise(2400), READ | {6}),
    "pages-600.tif": (lambda: tiff_pages(600), frozenset({7})),
    "49-mpx.png": (lambda: saved(Image.new("1", (7000, 7000), 1), "PNG"), frozenset({6})),
}
"""The same, of files that take long to make or to read."""
