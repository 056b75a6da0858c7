"""A look at a folder finds what is wrong with it, and nothing that is not."""

import numpy as np
import pytest
from PIL import Image
from places import DATA

from stablegen_lib import data


def noise(folder, count, *, size=(16, 16), start=0):
    for number in range(start, start + count):
        pixels = np.random.default_rng(number).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{number:03}.png")


def test_a_good_folder_gets_no_advice(tmp_path):
    noise(tmp_path, 210)
    report = data.look_at_folder(tmp_path)
    assert report.advice == ()
    assert (report.pictures, report.shapes, report.twins) == (210, {(16, 16): 210}, {})
    assert "nothing to complain about" in str(report)


@pytest.mark.parametrize(("count", "words"), [(3, "too few to learn from"), (100, "use DiffAugment")])
def test_too_few_pictures_are_counted(tmp_path, count, words):
    noise(tmp_path, count)
    (advice,) = data.look_at_folder(tmp_path).advice
    assert words in advice
    assert f"only {count} different" in advice


def test_twins_are_named_and_do_not_count_as_different(tmp_path):
    noise(tmp_path, 210)
    for name in ("copy", "copy_again"):
        (tmp_path / f"{name}.png").write_bytes((tmp_path / "005.png").read_bytes())
    report = data.look_at_folder(tmp_path)
    assert report.twins == {"copy.png": "005.png", "copy_again.png": "005.png"}
    assert "copy.png = 005.png" in report.advice[0]
    assert "210 of them different" in str(report)


def test_a_folder_in_which_all_are_alike_is_recognised(tmp_path):
    for number in range(210):
        Image.new("RGB", (16, 16), (100 + number % 30, 100, 100 + number // 30)).save(
            tmp_path / f"{number:03}.png"
        )
    assert any("all pictures are alike" in each for each in data.look_at_folder(tmp_path).advice)


def test_small_wide_and_mixed_sizes_are_told_apart(tmp_path):
    noise(tmp_path, 205)
    noise(tmp_path, 5, size=(8, 8), start=300)
    noise(tmp_path, 4, size=(60, 20), start=400)
    small, cut, mixed = data.look_at_folder(tmp_path).advice
    assert small.startswith("pictures smaller than 16×16: 5.")
    assert cut.startswith("pictures that lose more than 20% outside the centre square: 4.")
    assert mixed.startswith("3 sizes, from 8×8 to 60×20")


def test_sizes_that_differ_little_are_no_problem(tmp_path):
    noise(tmp_path, 105)
    noise(tmp_path, 105, size=(18, 17), start=300)
    assert data.look_at_folder(tmp_path).advice == ()


def test_files_that_cannot_be_used_are_named(tmp_path):
    noise(tmp_path, 210)
    for number in range(5):
        (tmp_path / f"note{number}.txt").write_text("no picture")
    (advice,) = data.look_at_folder(tmp_path).advice
    assert advice.startswith("files that cannot be used: 5 (note0.txt: not a picture that Pillow can read; ")
    assert advice.endswith("and 2 more). Mend them or take them out.")


@pytest.mark.parametrize(("name", "error"), [("nowhere", FileNotFoundError), ("", ValueError)])
def test_no_folder_and_an_empty_one_are_errors(tmp_path, name, error):
    with pytest.raises(error):
        data.look_at_folder(tmp_path / name)


def test_the_flags_of_lesson_15_hold_their_trap():
    """Six fly the flag of France, pixel by pixel; two more in other shades, as the lesson says."""
    report = data.look_at_folder(DATA / "flags" / "pictures")
    assert (report.pictures, len(report.twins)) == (249, 12)
    of_france = {name for name, first in report.twins.items() if first == "fr.png"}
    assert of_france == {"gf.png", "gp.png", "mf.png", "pm.png", "wf.png", "yt.png"}
    assert report.twins["re.png"] == "bl.png"
