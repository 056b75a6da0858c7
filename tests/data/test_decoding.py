"""Claims about decoding: in little memory, without a word to the page, whatever notes the file carries."""

import logging
import os
import subprocess
import sys
import warnings
import zlib
from pathlib import Path

import foreign_pictures
import numpy as np
import pytest
import torch
from pictures import chunk, plain_png, png, tiff
from PIL import Image, TiffImagePlugin

from stablegen_lib import data
from stablegen_lib.data import decoding
from stablegen_lib.data.decoding import read_square
from stablegen_lib.data.levels import Refused

ROW = bytes([10, 200, 30]) * 8
BROKEN_NOTES = {
    "exif that is no number": chunk(b"tEXt", b"Raw profile type exif\0\nexif\n       4\nzzzz\n"),
    "wrong checksum": chunk(b"tEXt", b"Title\0holiday")[:-1] + b"x",
    "text that grows": chunk(b"zTXt", b"Title\0\0" + zlib.compress(bytes(5_000_000))),
    "profile that grows": chunk(b"iCCP", b"Title\0\0" + zlib.compress(bytes(5_000_000))),
    "resolution cut short": chunk(b"pHYs", b"\0\0"),
    "frames cut short": chunk(b"acTL", b"\0"),
}


@pytest.mark.parametrize("kind", BROKEN_NOTES)
def test_a_broken_note_does_not_spoil_a_good_picture(tmp_path: Path, kind: str) -> None:
    (tmp_path / "good.png").write_bytes(plain_png(ROW, BROKEN_NOTES[kind], depth=8, colour=2))
    assert read_square(tmp_path / "good.png", 8)[:, 4, 4].tolist() == [10, 200, 30]


def test_broken_pixels_stay_broken(tmp_path: Path) -> None:
    whole = plain_png(ROW, depth=8, colour=2)
    place = whole.index(b"IDAT") + 6
    (tmp_path / "bad.png").write_bytes(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])
    with pytest.raises((OSError, SyntaxError)):
        read_square(tmp_path / "bad.png", 8)


def upright_first(image: Image.Image, orientation: int, size: int) -> torch.Tensor:
    """The plain way, with the whole picture in memory at every step."""
    exif = decoding._TURNS.get(orientation)
    whole = image.convert("RGB") if exif is None else image.convert("RGB").transpose(exif)
    side = min(whole.size)
    left, top = (whole.width - side) // 2, (whole.height - side) // 2
    cut = whole.crop((left, top, left + side, top + side)).resize((size, size), Image.Resampling.LANCZOS)
    return torch.from_numpy(np.array(cut)).permute(2, 0, 1)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("shape", [(70, 41), (41, 70)])
def test_bands_give_the_same_picture_to_the_bit(
    tmp_path: Path, orientation: int, shape: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = np.random.default_rng(orientation).integers(0, 256, (*shape, 3), dtype=np.uint8)
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(noise).save(tmp_path / "noise.png", exif=exif)
    monkeypatch.setattr(decoding, "BAND", 300)
    expected = upright_first(Image.fromarray(noise), orientation, 16)
    assert torch.equal(read_square(tmp_path / "noise.png", 16), expected)


MEASURE = """
import sys
from pathlib import Path
from PIL import Image
from stablegen_lib.data.decoding import read_square
def peak(): return int(next(line for line in open("/proc/self/status") if "VmHWM" in line).split()[1])
Image.init()
before = peak()
read_square(Path(sys.argv[1]), 32)
print(peak() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from /proc")
def test_a_small_file_with_a_large_picture_takes_no_more_than_its_pixels(tmp_path: Path) -> None:
    side = 5_000
    packer = zlib.compressobj(1)
    body = b"".join(packer.compress(bytes(1 + 2 * side)) for _ in range(side)) + packer.flush()
    (tmp_path / "large.png").write_bytes(png(side, side, body, depth=16, colour=0))
    command = [sys.executable, "-c", MEASURE, str(tmp_path / "large.png")]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    assert int(told.stdout) < (2 * side**2 + 40_000_000) / 1024, "2 bytes a pixel, and bands"


def test_a_tile_may_not_be_larger_than_a_picture(tmp_path: Path) -> None:
    made = tiff(bytes(64), more={322: (30_000,), 323: (30_000,), 324: (8,), 325: (64,)})
    (tmp_path / "tiles.tif").write_bytes(made)
    with pytest.raises(Refused, match=r"too large: 30,000 x 30,000 pixels"):
        read_square(tmp_path / "tiles.tif", 8)


@pytest.mark.parametrize("ending", ["webp", "jp2", "avif"])
def test_decoders_that_need_the_whole_picture_several_times_get_smaller_ones(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("RGB", (40, 40)).save(tmp_path / f"one.{ending}")
    monkeypatch.setattr(decoding, "MAX_PIXELS_AT_ONCE", 1_599)
    with pytest.raises(Refused, match="too large: 40 x 40 pixels; at most 1,599"):
        read_square(tmp_path / f"one.{ending}", 8)


def test_a_jpeg_may_be_larger_than_what_is_decoded_of_it(tmp_path: Path) -> None:
    Image.new("L", (8_200, 7_000), 90).save(tmp_path / "photo.jpg")
    assert decoding.MAX_PIXELS < 8_200 * 7_000
    assert read_square(tmp_path / "photo.jpg", 8).unique().tolist() == [90]


def broken_tiff() -> bytes:
    """LZW that ends at once: libtiff writes to standard error what it thinks of it."""
    return tiff(bytes(64), more={259: (5,)})


def test_decoders_tell_the_page_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "bad.tif").write_bytes(broken_tiff())
    (tmp_path / "many.tif").write_bytes(tiff(bytes(64 * 9), bits=(8,) * 9))
    Image.new("RGB", (8, 8)).save(tmp_path / "good.png")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        read = data.load_folder(tmp_path, 8)
    assert [item.name for item in read.skipped] == ["bad.tif", "many.tif"]
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
    assert len(caught) == 1, "the summary, which names the files"


def test_afterwards_messages_arrive_again(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "bad.tif").write_bytes(broken_tiff())
    with pytest.raises(OSError, match="decoder error"):
        read_square(tmp_path / "bad.tif", 8)
    os.write(2, b"heard")
    logging.getLogger("PIL.Image").warning("logged")
    assert capfd.readouterr().err.startswith("heard")
    assert [record.message for record in caplog.records] == ["logged"]
    assert TiffImagePlugin.READ_LIBTIFF is False


def test_foreign_pictures_are_counted_and_compared(tmp_path: Path) -> None:
    """The count in docs/measurements.md, with a reader that is wrong for one of two."""
    noise = np.random.default_rng(0).integers(0, 256, (80, 70, 3), dtype=np.uint8)
    for name in ("one.png", "two.bmp"):
        Image.fromarray(noise).save(tmp_path / name)
    (tmp_path / "three.gif").write_bytes(b"GIF89a")
    right = foreign_pictures.square(noise)
    counted, notes = foreign_pictures.look(
        tmp_path, lambda file: right if file.suffix == ".png" else right + np.uint8(2)
    )
    assert counted == {
        "files": 3,
        "read": 2,
        "skipped": 1,
        "other: compared": 2,
        "other: identical": 1,
        "other: apart": 1,
    }
    assert [note.rpartition("/")[2] for note in notes] == ["two.bmp"]
