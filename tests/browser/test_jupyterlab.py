"""Claims about the widgets in JupyterLab, as a learner with a mouse or a keyboard meets them."""

import numpy as np
import pytest
from expected import FACES, close, explored, lesson_00, lesson_06
from hands import (
    drag,
    handle,
    number_of,
    picture,
    picture_beside,
    pixels,
    press,
    readout,
    run_cell,
    run_notebook,
    settled,
    until,
)
from playwright.sync_api import BrowserContext, Page
from servers import Server, write_notebook

EXPLORER = f"""from stablegen_lib import data
from stablegen_lib.stablegen import StableGen
from stablegen_lib.widgets import LatentExplorer

explorer = LatentExplorer({FACES})
explorer"""
TIMELINE = """from stablegen_lib import data
from stablegen_lib.training import Snapshots
from stablegen_lib.widgets import Timeline

timeline = Timeline(Snapshots.load(data.data_dir() / "weights" / "faces_run.safetensors"))
timeline"""
FAILING = """import torch
from stablegen_lib.widgets import PictureSlider

PictureSlider(lambda z: torch.full((1, 1, 8, 8), z if z <= 0 else float("nan")))"""


def test_a_slider_of_a_lesson_follows_mouse_and_keyboard(lab: Server, page: Page) -> None:
    run_notebook(page, lab, "00_start_here.ipynb")
    knob = handle(page, "z[0]")
    image = picture_beside(knob)
    first = settled(image)
    assert close(first, lesson_00(0.0))

    drag(page, knob, 60)
    until(lambda: readout(knob) != "0.00", "the slider moved")
    dragged = settled(image)
    assert not np.array_equal(dragged, first)
    assert close(dragged, lesson_00(float(readout(knob))))

    before, text = number_of(image), readout(knob)
    knob.focus()
    page.keyboard.press("ArrowLeft")
    until(lambda: number_of(image) > before, "the keyboard draws a new picture")
    assert float(readout(knob)) == pytest.approx(float(text) - 0.1, abs=0.001)
    assert close(settled(image), lesson_00(float(readout(knob))))


def test_the_explorer_of_lesson_06_follows_mouse_and_keyboard(lab: Server, page: Page) -> None:
    run_notebook(page, lab, "06_latent_exploration.ipynb")
    knob = handle(page, "row 0")
    knob.focus()
    image = picture_beside(knob)
    assert close(settled(image), lesson_06(0.0))
    drag(page, knob, 50)
    until(lambda: readout(knob) != "0.00", "the slider moved")
    assert close(settled(image), lesson_06(float(readout(knob))))
    before = number_of(image)
    knob.focus()
    page.keyboard.press("ArrowRight")
    until(lambda: number_of(image) > before, "the keyboard draws a new picture")
    assert close(settled(image), lesson_06(float(readout(knob))))


def test_sixty_events_of_a_drag_end_at_the_right_picture(lab: Server, page: Page) -> None:
    write_notebook(lab.folder / "drag.ipynb", EXPLORER)
    run_notebook(page, lab, "drag.ipynb")
    image, knob = picture(page), handle(page, "direction 1")
    before = number_of(image)
    drag(page, knob, 60, events=60)
    until(lambda: number_of(image) > before, "a frame comes")
    last = settled(image)
    assert number_of(image) - before <= 61, "never more frames than events"
    code = page.get_by_role("textbox", name="share code").input_value()
    assert close(last, explored(code))
    assert f"direction 1 at +{float(readout(knob)):g}" in (image.get_attribute("aria-label") or "")


def test_undo_a_menu_and_a_share_code_in_a_second_page(
    lab: Server, page: Page, context: BrowserContext
) -> None:
    for name in ("one.ipynb", "two.ipynb"):
        write_notebook(lab.folder / name, EXPLORER)
    run_notebook(page, lab, "one.ipynb")
    image = picture(page)
    first, before = settled(image), number_of(image)
    page.get_by_role("combobox", name="glasses").select_option("dark")
    until(lambda: number_of(image) > before, "the menu draws")
    chosen = settled(image)
    assert not np.array_equal(chosen, first)
    press(page, "undo")
    until(lambda: np.array_equal(pixels(image), first), "undo brings the earlier pixels back")
    press(page, "redo")
    until(lambda: np.array_equal(pixels(image), chosen), "redo brings the later ones back")

    press(page, "copy")
    page.get_by_text("Copied.").wait_for()
    code = page.evaluate("navigator.clipboard.readText()")
    assert close(chosen, explored(code))
    second = context.new_page()
    run_notebook(second, lab, "two.ipynb")
    field = second.get_by_role("textbox", name="share code")
    field.fill(code)
    field.press("Enter")
    until(lambda: close(pixels(picture(second)), chosen), "the code restores the picture in another page")


def test_favourites_make_a_path_that_plays_and_files_can_be_taken_home(lab: Server, page: Page) -> None:
    write_notebook(lab.folder / "path.ipynb", EXPLORER)
    run_notebook(page, lab, "path.ipynb")
    image = picture(page)
    first = settled(image)
    press(page, "keep")
    press(page, "randomise")
    until(lambda: not np.array_equal(pixels(image), first), "another seed, another picture")
    press(page, "keep")
    page.locator(".stablegen-panel button", has_text="play path").wait_for()
    before = number_of(image)
    press(page, "play path")
    until(lambda: number_of(image) > before + 5, "the path plays")
    until(lambda: readout(handle(page, "path")) == "1.00", "the path plays to its end")
    page.locator(".stablegen-panel button", has_text="1").first.click()
    until(lambda: np.array_equal(pixels(image), first), "a click returns to the favourite")
    for label, ending in (("PNG", ".png"), ("GIF", ".gif")):
        with page.expect_download() as waiting:
            press(page, label)
        assert waiting.value.suggested_filename.endswith(ending)


def test_the_timeline_scrubs_plays_and_pauses(lab: Server, page: Page) -> None:
    write_notebook(lab.folder / "timeline.ipynb", TIMELINE)
    run_notebook(page, lab, "timeline.ipynb")
    image, knob = picture(page), handle(page, "step")
    last = settled(image)
    drag(page, knob, -120)
    until(lambda: readout(knob) != "1,200", "the slider moved")
    assert not np.array_equal(settled(image), last)
    before, step = number_of(image), readout(knob)
    press(page, "play")
    until(lambda: number_of(image) > before + 2, "it plays")
    press(page, "play")
    settled(image)
    stopped = number_of(image)
    page.wait_for_timeout(1000)
    assert number_of(image) == stopped, "paused means paused"
    assert readout(knob) != step


def test_an_error_in_a_callback_is_shown_to_the_learner(lab: Server, page: Page) -> None:
    write_notebook(lab.folder / "failing.ipynb", FAILING)
    run_notebook(page, lab, "failing.ipynb")
    knob = handle(page, "z[0]")
    knob.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("alert").filter(has_text="NaN came").wait_for()
    page.keyboard.press("ArrowLeft")
    until(lambda: page.get_by_role("alert").count() == 0, "the next good picture clears the message")


def test_what_python_sets_is_what_the_page_shows(lab: Server, page: Page) -> None:
    write_notebook(lab.folder / "python.ipynb", EXPLORER, "explorer.truncation = 0.5; print(explorer.code)")
    run_notebook(page, lab, "python.ipynb")
    code = run_cell(page, lab, "python.ipynb", 1).strip()
    assert close(settled(picture(page)), explored(code))
    assert readout(handle(page, "truncation")) == "0.50"
