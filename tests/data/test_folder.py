"""Claims about reading a folder of somebody's own pictures, whatever lies in it."""

import os
import re
import shutil
import struct
import subprocess
import sys
import warnings
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from pictures import png
from PIL import Image, ImageFile
from torch import Tensor

from stablegen_lib import data
from stablegen_lib.data import folder

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    (tmp_path / "pictures").mkdir()
    return tmp_path / "pictures"


def load_with_skips(path: Path, size: int = 8) -> data.ImageSet:
    with pytest.warns(UserWarning, match="skipped"):
        return data.load_folder(path, size=size)


def reason_for(path: Path, name: str) -> str:
    """Why `name` was skipped; a good picture beside it must still be read."""
    Image.new("RGB", (8, 8), RED).save(path / "zz_good.png")
    read = load_with_skips(path)
    assert read.attributes["file"] == ("zz_good.png",)
    assert is_one_colour(read.images[0], RED)
    return next(item.reason for item in read.skipped if item.name == name)


def is_one_colour(image: Tensor, colour: tuple[int, int, int], tolerance: int = 0) -> bool:
    return bool((image.int() - torch.tensor(colour)[:, None, None]).abs().max() <= tolerance)


# What is read, and how


@pytest.mark.parametrize(
    "ending", ["png", "jpg", "gif", "bmp", "webp", "tif", "ppm", "tga", "ico", "jp2", "pcx"]
)
def test_common_formats_give_the_colour_that_was_saved(pictures: Path, ending: str) -> None:
    Image.new("RGB", (32, 32), (200, 40, 80)).save(pictures / f"one.{ending}")
    read = data.load_folder(pictures, size=16)
    assert read.images.shape == (1, 3, 16, 16)
    assert is_one_colour(read.images[0], (200, 40, 80), tolerance=6)
    assert read.skipped == ()


def test_a_picture_of_the_right_size_is_read_without_loss(pictures: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(pictures / "noise.png")
    assert torch.equal(data.load_folder(pictures, 16).images[0], torch.from_numpy(pixels).permute(2, 0, 1))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_turned_as_the_camera_noted(pictures: Path, orientation: int) -> None:
    upright = Image.new("RGB", (64, 64), BLUE)
    upright.paste(RED, (0, 0, 32, 32))  # red in the upper left corner, green in the upper right
    upright.paste(GREEN, (32, 0, 64, 32))
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # orientation -> the turn that undoes it
    stored = upright.transpose(Image.Transpose(back[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(pictures / "turned.jpg", exif=exif, quality=95, subsampling=0)
    image = data.load_folder(pictures, 8).images[0]
    for colour, rows, columns in ((RED, slice(0, 3), slice(0, 3)), (GREEN, slice(0, 3), slice(5, 8))):
        assert is_one_colour(image[:, rows, columns], colour, tolerance=20)


def test_a_broken_note_beside_the_one_about_rotation_changes_nothing(pictures: Path) -> None:
    notes = struct.pack(">2sHIH", b"MM", 42, 8, 2)
    notes += struct.pack(">HHI4s", 0x0111, 2, 4, b"abc")  # a text where a number belongs
    notes += struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)  # orientation 6: turned to the left
    stored = Image.new("RGB", (64, 64), BLUE)
    stored.paste(RED, (0, 0, 32, 64))
    stored.save(pictures / "odd.jpg", exif=b"Exif\0\0" + notes + bytes(4), quality=95, subsampling=0)
    image = data.load_folder(pictures, 8).images[0]
    assert is_one_colour(image[:, :3], RED, tolerance=20)
    assert is_one_colour(image[:, 5:], BLUE, tolerance=20)


def test_notes_cut_short_cause_no_remark(pictures: Path) -> None:
    notes = struct.pack(">2sHIH", b"MM", 42, 8, 5)  # announces five notes and holds none
    Image.new("RGB", (8, 8)).save(pictures / "odd.jpg", exif=b"Exif\0\0" + notes)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert len(data.load_folder(pictures)) == 1
    assert caught == []


def half_transparent(mode: str) -> Image.Image:
    if mode == "P":  # index 0 is transparent
        image = Image.new("P", (16, 16), 0)
        image.putpalette([0, 0, 0, *RED] + [0] * 750)
        image.paste(1, (8, 0, 16, 16))
        image.info["transparency"] = 0
        return image
    layer = Image.new("RGBA", (16, 16), (0, 0, 0, 0))
    layer.paste((*RED, 255), (8, 0, 16, 16))
    return layer.convert(mode)


@pytest.mark.parametrize(("mode", "shown"), [("RGBA", RED), ("P", RED), ("LA", (76, 76, 76))])
def test_what_is_transparent_becomes_white(pictures: Path, mode: str, shown: tuple[int, int, int]) -> None:
    half_transparent(mode).save(pictures / "glass.png")
    image = data.load_folder(pictures, 16).images[0]
    assert is_one_colour(image[:, :, :8], WHITE)
    assert is_one_colour(image[:, :, 8:], shown)


def test_half_transparent_red_becomes_pink(pictures: Path) -> None:
    Image.new("RGBA", (8, 8), (255, 0, 0, 128)).save(pictures / "veil.png")
    assert is_one_colour(data.load_folder(pictures, 8).images[0], (255, 127, 127), tolerance=1)


@pytest.mark.parametrize(
    ("name", "mode", "stored", "shown"),
    [
        ("palette.png", "P", 0, (9, 8, 7)),
        ("grey.png", "L", 77, (77, 77, 77)),
        ("two.png", "1", 1, WHITE),
        ("print.jpg", "CMYK", (0, 255, 255, 0), RED),
        ("print.tif", "CMYK", (255, 255, 0, 0), BLUE),
    ],
)
def test_every_way_to_store_colour_ends_in_rgb(
    pictures: Path, name: str, mode: str, stored: object, shown: tuple[int, int, int]
) -> None:
    image = Image.new(mode, (8, 8), stored)  # type: ignore[arg-type]
    if mode == "P":
        image.putpalette([9, 8, 7] * 256)
    image.save(pictures / name)
    assert is_one_colour(data.load_folder(pictures, 8).images[0], shown, tolerance=3)


@pytest.mark.parametrize("ending", ["png", "tif", "pgm"])
def test_16_bit_grey_is_scaled_and_not_clipped(pictures: Path, ending: str) -> None:
    levels = np.array([0, 257, 30_000, 65_535], dtype=np.uint16).repeat(16).reshape(8, 8)
    Image.fromarray(levels).save(pictures / f"deep.{ending}")
    image = data.load_folder(pictures, 8).images[0]
    assert image[:, ::2, 0].tolist() == [[0, 1, 117, 255]] * 3


def test_16_bit_grey_may_have_a_transparent_level(pictures: Path) -> None:
    levels = np.full((8, 8), 1_000, dtype=np.uint16)
    Image.fromarray(levels).save(pictures / "deep.png", transparency=1_000)
    assert is_one_colour(data.load_folder(pictures, 8).images[0], WHITE)


@pytest.mark.parametrize("ending", ["gif", "png", "webp", "tif"])
def test_an_animation_gives_its_first_frame(pictures: Path, ending: str) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in (RED, GREEN, BLUE)]
    frames[0].save(pictures / f"film.{ending}", save_all=True, append_images=frames[1:])
    read = data.load_folder(pictures, 8)
    assert len(read) == 1
    assert is_one_colour(read.images[0], RED, tolerance=8)


def test_a_small_jpeg_keeps_every_pixel(pictures: Path) -> None:
    stripes = np.zeros((32, 32), dtype=np.uint8)
    stripes[:, ::2] = 255
    Image.fromarray(stripes).save(pictures / "stripes.jpg", quality=100)
    image = data.load_folder(pictures, 32).images[0]
    assert (image[0].int() - torch.from_numpy(stripes).int()).abs().max() <= 3


@pytest.mark.parametrize("shape", [(90, 30), (30, 90)])
def test_odd_shapes_lose_their_ends_and_keep_their_centre(pictures: Path, shape: tuple[int, int]) -> None:
    image = Image.new("RGB", shape, BLUE)
    left, top = (shape[0] - 30) // 2, (shape[1] - 30) // 2
    image.paste(RED, (left, top, left + 30, top + 30))
    image.save(pictures / "long.png")
    assert is_one_colour(data.load_folder(pictures, 8).images[0], RED)


@pytest.mark.parametrize("shape", [(1, 1), (1, 3_000), (3_000, 1)])
def test_the_thinnest_picture_fills_the_square(pictures: Path, shape: tuple[int, int]) -> None:
    Image.new("RGB", shape, GREEN).save(pictures / "thin.png")
    assert is_one_colour(data.load_folder(pictures, 8).images[0], GREEN)


def test_a_large_photograph_keeps_its_colours_where_they_were(pictures: Path) -> None:
    photograph = Image.new("RGB", (3_000, 2_000), RED)
    photograph.paste(BLUE, (1_500, 0, 3_000, 2_000))
    photograph.save(pictures / "photo.jpg", quality=95)
    image = data.load_folder(pictures, 8).images[0]
    assert is_one_colour(image[:, :, :3], RED, tolerance=12)
    assert is_one_colour(image[:, :, 5:], BLUE, tolerance=12)


def test_files_are_read_in_the_order_of_their_names_and_folders_are_entered(pictures: Path) -> None:
    for name in ("b.png", "a.png", "sub/d.png", "sub/c.png", ".hidden.png", ".cache/e.png", "狗.png"):
        (pictures / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (8, 8), RED).save(pictures / name)
    read = data.load_folder(str(pictures))
    assert read.attributes["file"] == ("a.png", "b.png", "狗.png", "sub/c.png", "sub/d.png")


def test_the_result_is_ready_for_training_without_a_condition(pictures: Path) -> None:
    Image.new("L", (40, 40), 9).save(pictures / "grey.png")
    read = data.load_folder(pictures)
    assert repr(read) == "ImageSet('pictures', 1 images of 3x32x32, 0 conditions)"
    assert read.images.is_contiguous()
    assert read.conditions.shape == (1, 0)


# What is skipped, and what is said about it


def cut_short(path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "half.png": (cut_short, "broken"),
    "half.jpg": (cut_short, "broken"),
    "half.gif": (cut_short, "broken"),
    "empty.png": (lambda path: path.touch(), "empty"),
    "notes.txt": (lambda path: path.write_text("milk, bread"), "not a picture"),
    "liar.png": (lambda path: path.write_bytes(b"PK\x03\x04" + bytes(200)), "not a picture"),
    "phone.heic": (lambda path: path.write_bytes(b"\x00\x00\x00\x18ftypheic" + bytes(99)), "save.*JPEG"),
    "drawing.eps": (lambda path: Image.new("RGB", (8, 8)).save(path), "not a picture"),
    "pipe.png": (lambda path: os.mkfifo(path), "not a regular file"),
    "gone.png": (lambda path: path.symlink_to("nowhere.png"), "not there"),
    "ring.png": (lambda path: path.symlink_to("ring.png"), "broken"),
    "ring": (lambda path: path.symlink_to(path.parent), "link to a folder"),
    "sums.tif": (lambda path: Image.new("F", (8, 8), 0.5).save(path), "range is not known"),
    "count.tif": (lambda path: Image.new("I", (8, 8), 70_000).save(path), "range is not known"),
    "garbage.png": (lambda path: path.write_bytes(png(8, 8, b"not compressed")), "broken"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read_is_skipped_with_its_reason(pictures: Path, name: str) -> None:
    make, reason = BROKEN[name]
    make(pictures / name)
    assert re.search(reason, reason_for(pictures, name))


@pytest.mark.parametrize("side", [9_000, 12_000, 60_000])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(
    pictures: Path, side: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (pictures / "bomb.png").write_bytes(png(side, side, zlib.compress(bytes(100))))
    decoded: list[int] = []
    load = ImageFile.ImageFile.load

    def watched(image: ImageFile.ImageFile) -> object:
        decoded.append(image.width)
        return load(image)

    monkeypatch.setattr(ImageFile.ImageFile, "load", watched)
    assert "too large" in reason_for(pictures, "bomb.png")
    assert set(decoded) == {8}  # the good picture beside it


@pytest.mark.parametrize("side", [9_500, 30_000])
def test_a_decompression_bomb_inside_a_small_icon_is_refused(pictures: Path, side: int) -> None:
    bomb = png(side, side, zlib.compress(bytes(100)))
    entry = struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(bomb), 22)  # claims 16 x 16
    (pictures / "icon.ico").write_bytes(struct.pack("<HHH", 0, 1, 1) + entry + bomb)
    assert "too large" in reason_for(pictures, "icon.ico")


def test_an_error_without_words_is_reported_by_its_kind(
    pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordinary = folder.read_square

    def out_of_memory(file: Path, size: int) -> Tensor | str:
        if file.name == "vast.png":
            raise MemoryError
        return ordinary(file, size)

    (pictures / "vast.png").write_bytes(b"x")
    monkeypatch.setattr(folder, "read_square", out_of_memory)
    assert reason_for(pictures, "vast.png") == "broken: MemoryError"


def test_a_huge_file_is_not_even_opened(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (pictures / "film.png").write_bytes(bytes(2_000))
    monkeypatch.setattr(folder, "MAX_FILE_BYTES", 1_999)
    assert reason_for(pictures, "film.png") == "too large: 2,000 bytes; at most 1,999 are read"


def test_a_file_without_permission_is_skipped(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("RGB", (8, 8)).save(pictures / "secret.png")
    ordinary = Path.open

    def guarded(self: Path, *arguments: object) -> object:  # the superuser may read everything: pretend
        if self.name == "secret.png":
            raise PermissionError(13, "Permission denied")
        return ordinary(self, *arguments)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", guarded)
    assert reason_for(pictures, "secret.png") == "no permission to read it"


def test_a_folder_that_cannot_be_listed_is_reported(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (pictures / "private").mkdir()
    ordinary = os.scandir

    def guarded(path: str) -> object:
        if Path(path).name == "private":
            raise PermissionError(13, "Permission denied", str(path))
        return ordinary(path)

    monkeypatch.setattr(os, "scandir", guarded)
    assert "the folder cannot be read" in reason_for(pictures, "private")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_cannot_be_printed_is_written_with_escapes(pictures: Path) -> None:
    os.close(os.open(os.fsencode(pictures) + b"/bad\xff\n.png", os.O_CREAT))
    assert reason_for(pictures, r"bad\udcff\n.png") == "the file is empty"


def test_the_warning_names_ten_files_and_the_result_all(pictures: Path) -> None:
    for number in range(12):
        (pictures / f"note{number:02}.txt").write_text("hello")
    Image.new("RGB", (8, 8)).save(pictures / "good.png")
    with pytest.warns(UserWarning, match="skipped 12 files") as caught:
        read = data.load_folder(pictures)
    message = str(caught[0].message)
    assert len(caught) == 1
    assert [f"note{number:02}.txt" in message for number in range(12)] == [True] * 10 + [False] * 2
    assert "and 2 more" in message
    assert [item.name for item in read.skipped] == [f"note{number:02}.txt" for number in range(12)]


def test_a_folder_of_good_pictures_gives_no_warning(pictures: Path) -> None:
    Image.new("RGB", (8, 8)).save(pictures / "good.png")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        data.load_folder(pictures)
    assert caught == []


# Requests that cannot be met


def test_a_missing_folder_a_file_and_an_empty_folder_are_told_apart(pictures: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no folder"):
        data.load_folder(pictures / "nowhere")
    with pytest.raises(ValueError, match="the folder is empty"):
        data.load_folder(pictures)
    (pictures / "notes.txt").write_text("milk")
    with pytest.raises(NotADirectoryError, match="is a file; name the folder it stands in"):
        data.load_folder(pictures / "notes.txt")
    with pytest.raises(ValueError, match=r"no usable picture.*\n.*notes.txt: not a picture"):
        data.load_folder(pictures)


@pytest.mark.parametrize("size", [0, -8, 12, 128])
def test_a_size_the_networks_cannot_have_is_answered_with_those_they_can(pictures: Path, size: int) -> None:
    with pytest.raises(ValueError, match=f"8, 16, 28, 32, 64 pixels; it is {size}"):
        data.load_folder(pictures, size)


@pytest.mark.slow
def test_a_size_that_is_no_whole_number_is_not_the_fault_of_the_files(pictures: Path) -> None:
    """In a process of its own, where no test checks types before the library does."""
    Image.new("RGB", (8, 8)).save(pictures / "good.png")
    lines = [
        "import sys, numpy",
        "from stablegen_lib import data",
        "data.load_folder(sys.argv[1], numpy.int64(32))",
    ]
    lines += ["for size in (64 / 2, True, '32', None):", " try: data.load_folder(sys.argv[1], size)"]
    lines += [" except ValueError as error: print(error)"]
    command = [sys.executable, "-c", "\n".join(lines), str(pictures)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout
    answers = [
        f"size must be one of 8, 16, 28, 32, 64 pixels; it is {size}" for size in (32.0, True, "'32'", None)
    ]
    assert told.splitlines() == answers


@pytest.mark.parametrize(("kind", "ending"), [("zip", "zip"), ("gztar", "tar.gz"), ("zip", "cbz")])
def test_the_advice_for_an_archive_works(pictures: Path, kind: str, ending: str) -> None:
    Image.new("RGB", (8, 8), RED).save(pictures / "red.png")
    archive = pictures.parent / f"holiday.{ending}"
    Path(shutil.make_archive(str(pictures.parent / "made"), kind, pictures)).rename(archive)
    with pytest.raises(NotADirectoryError, match="is a file; unpack it first") as refused:
        data.load_folder(archive)
    advice, target = re.findall(r"`(.*)`, then name '(.*)'", str(refused.value))[0]
    exec(advice, {})
    assert is_one_colour(data.load_folder(target, 8).images[0], RED)


@pytest.fixture
def deep(pictures: Path) -> Iterator[str]:
    """A folder in a folder in a folder…; taken away at the end, as pytest would not get through."""
    places = [str(pictures)]
    for _ in range(1_200):
        places.append(places[-1] + "/d")
        os.mkdir(places[-1])
    yield places[-1]
    os.remove(places[-1] + "/good.png")
    for place in reversed(places):
        os.rmdir(place)


def test_folders_may_be_nested_deeper_than_python_calls(pictures: Path, deep: str) -> None:
    Image.new("RGB", (8, 8)).save(deep + "/good.png")
    (name,) = data.load_folder(pictures).attributes["file"]
    assert name.count("/") == 1_200 > sys.getrecursionlimit()


@pytest.mark.parametrize("size", folder.SIZES)
def test_every_size_on_offer_is_delivered(pictures: Path, size: int) -> None:
    Image.new("RGB", (100, 70)).save(pictures / "good.png")
    assert data.load_folder(pictures, size).image_size == size
