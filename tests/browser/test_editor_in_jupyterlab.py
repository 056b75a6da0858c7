"""Claims about the Editor and the Sketchpad in JupyterLab: what is asked for is what the page shows."""

import io
from functools import cache
from pathlib import Path

import numpy as np
from hands import number_of, picture, pixels, press, run_cell, run_notebook, settled, until
from PIL import Image
from playwright.sync_api import Locator, Page
from servers import Server, write_notebook

from stablegen_lib import data, plots
from stablegen_lib.widgets import Editor, Sketchpad

EDITOR = """from stablegen_lib.widgets import Editor

editor = Editor(number=7)
editor"""
PAD = """from stablegen_lib.widgets import Sketchpad

pad = Sketchpad(number=3)
pad"""
ROUNDING = 3  # of 255: another process may add up in another order


@cache
def editor() -> Editor:
    return Editor(number=7)


def close(shown: np.ndarray, expected: np.ndarray) -> bool:
    same = shown.shape == expected.shape
    return same and int(np.abs(shown.astype(int) - expected.astype(int)).max()) <= ROUNDING


def edited(**wishes: str) -> np.ndarray:
    """What the library makes of face 7."""
    editor().reset()
    editor().choose(**wishes)
    return plots.to_grid(editor().images(), 3).numpy()


def draw(page: Page, paper: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A stroke with the mouse, from one place to another; both are shares of the sheet."""
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    assert box is not None
    places = [(box["x"] + a * box["width"], box["y"] + d * box["height"]) for a, d in (start, end)]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=8)
    page.mouse.up()


def choose_file(page: Page, path: Path) -> None:
    """In the dialogue of the operating system, which opens by a click."""
    with page.expect_file_chooser() as dialogue:
        press(page, "your picture")
    dialogue.value.set_files(str(path))


def test_a_wish_is_shown_before_after_and_difference_then_undone(lab: Server, page: Page) -> None:
    write_notebook(lab.folder / "editor.ipynb", EDITOR, "print(editor.state.choices)")
    run_notebook(page, lab, "editor.ipynb")
    image = picture(page)
    first = settled(image)
    assert close(first, edited())
    glasses = page.get_by_role("combobox", name="glasses")
    was = glasses.input_value()
    glasses.select_option("dark")
    until(lambda: close(pixels(image), edited(glasses="dark")), "dark glasses are put on")
    assert not np.array_equal(settled(image), first)
    press(page, "undo")
    until(lambda: np.array_equal(pixels(image), first), "undo brings the first pixels back")
    until(lambda: glasses.input_value() == was, "the menu follows")
    press(page, "redo")
    until(lambda: close(pixels(image), edited(glasses="dark")), "redo puts them on again")
    assert "(2," in run_cell(page, lab, "editor.ipynb", 1), "Python knows what was chosen"


def test_a_picture_from_the_learners_computer_can_be_edited_and_taken_home(
    lab: Server, page: Page, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.png"
    face = data.load_faces("test").images[11:12]
    mine.write_bytes(plots.to_png(face, 1, 20))
    write_notebook(lab.folder / "own.ipynb", EDITOR)
    run_notebook(page, lab, "own.ipynb")
    image = picture(page)
    before = number_of(image)
    choose_file(page, mine)
    until(lambda: number_of(image) > before, "the picture is opened")
    page.get_by_role("status").filter(has_text="Your picture 1").first.wait_for()
    left = settled(image)[:, :16]
    by_hand = Editor()
    by_hand.open_file(mine)
    assert close(left, plots.to_grid(by_hand.before(), 1).numpy())
    apart = np.abs(left.astype(int) - plots.to_grid(face, 1).numpy())
    assert apart.mean() < 10, "made small again: the edges are a little softer, no more"
    with page.expect_download() as waiting:
        press(page, "PNG")
    content = Path(waiting.value.path()).read_bytes()
    assert Image.open(io.BytesIO(content)).size == (50 * 12, 16 * 12)


def test_a_file_that_is_no_picture_is_refused_on_the_page(lab: Server, page: Page, tmp_path: Path) -> None:
    text = tmp_path / "notes.png"
    text.write_text("not a picture")
    write_notebook(lab.folder / "refused.ipynb", EDITOR)
    run_notebook(page, lab, "refused.ipynb")
    first = settled(picture(page))
    choose_file(page, text)
    page.get_by_role("alert").filter(has_text="notes.png cannot be opened").wait_for()
    assert np.array_equal(settled(picture(page)), first)


def test_strokes_of_the_mouse_are_coloured_rubbed_out_and_undone(lab: Server, page: Page) -> None:
    write_notebook(lab.folder / "pad.ipynb", PAD, "print(pad.state.strokes)")
    run_notebook(page, lab, "pad.ipynb")
    paper, colours = picture(page, 0), picture(page, 1)
    first, first_colours = settled(paper), settled(colours)
    by_hand = Sketchpad(number=3)
    assert close(first_colours, plots.to_grid(by_hand.coloured(), 1).numpy())

    draw(page, paper, (0.1, 0.1), (0.9, 0.1))
    until(lambda: not np.array_equal(pixels(paper), first), "the stroke is on the paper")
    assert int(settled(paper)[3, 10:22].max()) < 128, "ink"
    assert not np.array_equal(settled(colours), first_colours), "the colours follow"
    assert "pen" in run_cell(page, lab, "pad.ipynb", 1)

    inked = settled(paper)
    page.get_by_role("button", name="eraser").click()
    draw(page, paper, (0.1, 0.1), (0.9, 0.1))
    until(lambda: int(pixels(paper)[3, 10:22].min()) > 200, "the eraser takes the ink away")
    press(page, "undo")
    until(lambda: np.array_equal(pixels(paper), inked), "undo brings the ink back")
    press(page, "undo")
    until(lambda: np.array_equal(pixels(paper), first), "and the first drawing")
    press(page, "other colours")
    until(lambda: not np.array_equal(pixels(colours), first_colours), "another z, other colours")
    assert np.array_equal(settled(paper), first), "the lines stay"
