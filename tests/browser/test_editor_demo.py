"""Claims about the Editor and the Sketchpad as `make demo` shows them."""

from pathlib import Path

import numpy as np
from hands import picture, pixels, press, settled, until
from playwright.sync_api import Page
from servers import Server


def test_a_wish_and_a_stroke_are_followed_without_a_cell_being_run(voila: Server, page: Page) -> None:
    page.goto(voila.address())
    page.get_by_text("see the drawing coloured").wait_for()
    page.get_by_role("link", name="editor", exact=True).click()
    faces, paper, colours = (picture(page, number) for number in range(3))
    first, blank, plain = settled(faces), settled(paper), settled(colours)
    page.get_by_role("combobox", name="hair colour").select_option("blue (#009bbd)")
    until(lambda: not np.array_equal(pixels(faces), first), "the hair turns blue")
    press(page, "undo")
    until(lambda: np.array_equal(pixels(faces), first), "undo brings the first pixels back")

    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + 0.1 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.1 * box["height"], steps=8)
    page.mouse.up()
    until(lambda: not np.array_equal(pixels(paper), blank), "the stroke is on the paper")
    until(lambda: not np.array_equal(pixels(colours), plain), "the colours follow")


def test_a_file_that_is_too_large_says_so_and_the_page_goes_on(
    voila: Server, page: Page, tmp_path: Path
) -> None:
    large = tmp_path / "film.png"
    with large.open("wb") as content:
        content.truncate(120_000_000)
    page.goto(voila.address("voila/render/editor.ipynb"))
    first = settled(picture(page))
    with page.expect_file_chooser() as dialogue:
        press(page, "your picture")
    dialogue.value.set_files(str(large))
    page.get_by_role("alert").filter(has_text="film.png cannot be opened: it has 120.0 MB").wait_for()
    page.get_by_role("combobox", name="hair colour").select_option("blue (#009bbd)")
    until(lambda: not np.array_equal(pixels(picture(page)), first), "the connection still stands")
