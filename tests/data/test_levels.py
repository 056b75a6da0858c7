"""Claims about bit depths, transparency and kinds of colour: right, or skipped and named."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from pictures import FRACTIONS, PLANES, SIGNED, UNSIGNED, chunk, gif, plain_png, png, tiff
from PIL import Image

from stablegen_lib.data import folder
from stablegen_lib.data.decoding import read_square
from stablegen_lib.data.levels import Refused

WHITE = [255, 255, 255]


def colour(path: Path, content: bytes, name: str = "odd") -> list[int]:
    """The one colour of an 8 by 8 picture."""
    (path / name).write_bytes(content)
    square = read_square(path / name, 8)
    assert (square == square[:, :1, :1]).all()
    return square[:, 0, 0].tolist()


def key(*levels: int) -> bytes:
    return chunk(b"tRNS", struct.pack(f">{len(levels)}H", *levels))


def grey_row(depth: int, level: int) -> bytes:
    return int(f"{level:0{depth}b}" * 8, 2).to_bytes(depth, "big")


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
def test_grey_png_of_every_depth_has_its_level_and_its_transparent_level(tmp_path: Path, depth: int) -> None:
    top = 2**depth - 1
    for level in {0, 1, top // 3, top}:
        row = grey_row(depth, level)
        shown = colour(tmp_path, plain_png(row, depth=depth, colour=0))
        assert shown == [round(level * 255 / top)] * 3
        assert colour(tmp_path, plain_png(row, key(level), depth=depth, colour=0)) == WHITE
        assert colour(tmp_path, plain_png(row, key(level ^ 1), depth=depth, colour=0)) == shown


def test_a_48_bit_png_compares_its_transparent_colour_at_16_bits(tmp_path: Path) -> None:
    row = struct.pack(">3H", 0x1234, 0x5678, 0x9ABC) * 8
    assert colour(tmp_path, plain_png(row, key(0x1234, 0x5678, 0x9ABC), depth=16, colour=2)) == WHITE
    near = plain_png(row, key(0x1234, 0x5678, 0x9ABD), depth=16, colour=2)
    assert colour(tmp_path, near) == [0x12, 0x56, 0x9A]


def test_a_48_bit_png_may_be_transparent_in_part(tmp_path: Path) -> None:
    clear, near = struct.pack(">3H", 257, 0, 0), struct.pack(">3H", 256, 0, 0)
    body = zlib.compress((b"\0" + near * 400 + clear * 400) * 800)
    (tmp_path / "half.png").write_bytes(png(800, 800, body, key(257, 0, 0), depth=16))
    square = read_square(tmp_path / "half.png", 8)
    assert square[:, :, 0].unique(dim=1).flatten().tolist() == [1, 0, 0]
    assert square[:, :, 7].min() == 255


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("photometric", "level", "shown"), [(1, 30_000, 117), (0, 30_000, 138), (0, 0, 255)])
def test_16_bit_tiff_knows_which_end_is_white(
    tmp_path: Path, order: str, photometric: int, level: int, shown: int
) -> None:
    made = tiff(struct.pack(f"{order}H", level) * 64, bits=(16,), photometric=photometric, order=order)
    if order == ">" and photometric == 0:  # Pillow opens no such file
        with pytest.raises(Image.UnidentifiedImageError):
            colour(tmp_path, made)
    else:
        assert colour(tmp_path, made) == [shown] * 3


@pytest.mark.parametrize(("level", "shown"), [(0, 0), (2048, 128), (4095, 255)])
def test_12_bit_tiff_is_as_bright_as_it_should_be(tmp_path: Path, level: int, shown: int) -> None:
    packed = int(f"{level:012b}" * 64, 2).to_bytes(96, "big")
    assert colour(tmp_path, tiff(packed, bits=(12,))) == [shown] * 3


@pytest.mark.parametrize(
    ("kind", "letter"), [(SIGNED, "b"), (SIGNED, "h"), (SIGNED, "i"), (UNSIGNED, "I"), (FRACTIONS, "f")]
)
@pytest.mark.parametrize("value", [0, 100])
def test_numbers_without_a_known_range_are_refused_by_their_type(
    tmp_path: Path, kind: int, letter: str, value: int
) -> None:
    made = tiff(struct.pack(f"<64{letter}", *[value] * 64), bits=(8 * struct.calcsize(letter),), kind=kind)
    with pytest.raises(Refused, match="range is not known"):
        colour(tmp_path, made)


def test_counts_of_a_telescope_are_refused(tmp_path: Path) -> None:
    cards = ["SIMPLE  = T", "BITPIX  = 16", "NAXIS   = 2", "NAXIS1  = 8", "NAXIS2  = 8", "END"]
    made = "".join(card.ljust(80) for card in cards).ljust(2880).encode() + bytes(2880)
    with pytest.raises(Refused, match="FITS, whose range is not known"):
        colour(tmp_path, made)


@pytest.mark.parametrize("order", ["<", ">"])
def test_colours_of_16_bits_may_lie_in_planes(tmp_path: Path, order: str) -> None:
    planes = b"".join(
        struct.pack(f"{order}64H", *range(level, level + 64)) for level in (10_240, 25_600, 51_200)
    )
    made = tiff(planes, bits=(16,) * 3, photometric=2, planar=PLANES, order=order)
    assert colour(tmp_path, made) == [40, 100, 200]


def test_grey_and_transparency_in_planes_is_refused(tmp_path: Path) -> None:
    made = tiff(bytes(128), bits=(8, 8), planar=PLANES, more={338: (2,)})
    with pytest.raises(Refused, match="planes of their own"):
        colour(tmp_path, made)


def test_grey_that_was_multiplied_by_its_transparency_is_read(tmp_path: Path) -> None:
    made = tiff(bytes([50, 128]) * 64, bits=(8, 8), more={338: (1,)})
    assert colour(tmp_path, made) == [pytest.approx(50 + 127, abs=1)] * 3


@pytest.mark.parametrize("step", [1, 257])
def test_a_tiff_palette_may_hold_8_or_16_bits(tmp_path: Path, step: int) -> None:
    palette = tuple(level * step for level in [200] * 256 + [100] * 256 + [50] * 256)
    made = tiff(bytes(range(64)), photometric=3, more={320: palette})
    assert colour(tmp_path, made) == [200, 100, 50]


def test_brightness_and_tint_of_an_uncompressed_tiff_may_be_subsampled(tmp_path: Path) -> None:
    red = tiff(bytes([76] * 4 + [85, 255]) * 16, bits=(8, 8, 8), photometric=6, more={530: (2, 2)})
    assert colour(tmp_path, red) == [pytest.approx(level, abs=2) for level in (255, 0, 0)]


@pytest.mark.parametrize("clear", [False, True])
def test_round_a_small_first_frame_a_gif_is_white(tmp_path: Path, clear: bool) -> None:
    (tmp_path / "small.gif").write_bytes(gif((8, 8), (2, 3, 4, 2), clear=clear))
    square = read_square(tmp_path / "small.gif", 8)
    red = (square == square.new_tensor([255, 0, 0])[:, None, None]).all(dim=0)
    assert red.nonzero().tolist() == [[y, x] for y in (3, 4) for x in (2, 3, 4, 5)]
    assert square[:, ~red].min() == 255


@pytest.mark.parametrize(("bits", "shown"), [(0, [30, 20, 10]), (8, WHITE)])
def test_the_fourth_byte_of_a_targa_pixel_counts_only_if_the_header_says_so(
    tmp_path: Path, bits: int, shown: list[int]
) -> None:
    head = struct.pack("<BBBHHBHHHHBB", 0, 0, 2, 0, 0, 0, 0, 0, 8, 8, 32, bits)
    assert colour(tmp_path, head + bytes([10, 20, 30, 0]) * 64, "odd.tga") == shown


def test_a_jpeg_2000_of_4_bits_is_scaled(tmp_path: Path) -> None:
    content = io.BytesIO()
    Image.new("L", (8, 8), 128).save(content, "JPEG2000", no_jp2=True)
    made = bytearray(content.getvalue())
    assert made[:4] == b"\xff\x4f\xff\x51"
    assert made[42] == 7  # 8 bits; the middle of any depth is stored as 0
    made[42] = 3
    assert colour(tmp_path, bytes(made)) == [round(8 * 255 / 15)] * 3


def test_a_refusal_is_the_reason_that_is_shown(tmp_path: Path) -> None:
    made = tiff(np.full(64, 5, np.int16).tobytes(), bits=(16,), kind=SIGNED)
    (tmp_path / "odd.tif").write_bytes(made)
    assert folder._try_picture(tmp_path / "odd.tif", 8) == "signed grey values, whose range is not known"
