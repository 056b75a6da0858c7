"""Claims about the Duel in JupyterLab: it plays, pauses, stops, and leaves the kernel free."""

import re
import time

import numpy as np
from hands import decoded, number_of, picture, pixels, press, run_cell, run_notebook, settled, until
from playwright.sync_api import Page
from servers import Server, write_notebook

from stablegen_lib.widgets import Duel

DUEL = """from stablegen_lib.widgets import Duel

duel = Duel(seed=3)
duel"""


def rounds(page: Page) -> int:
    """How far the game is, read from the description that screen readers get."""
    found = re.match(r"Round (\d+) ", picture(page).get_attribute("aria-label") or "")
    assert found
    return int(found[1])


def test_the_duel_plays_while_the_kernel_answers_then_pauses(lab: Server, page: Page) -> None:
    write_notebook(lab.folder / "duel.ipynb", DUEL, "print('kernel answers', duel.playing)")
    run_notebook(page, lab, "duel.ipynb")
    image = picture(page)
    first = settled(image)
    assert np.array_equal(first, decoded(Duel(seed=3).picture.frame["png"]))

    press(page, "play")
    until(lambda: rounds(page) >= 20, "it plays")
    assert "kernel answers True" in run_cell(page, lab, "duel.ipynb", 1)
    running = rounds(page)
    until(lambda: rounds(page) > running, "it plays on after the cell")
    press(page, "pause")
    still = settled(image)
    stopped = rounds(page)
    page.wait_for_timeout(1000)
    assert rounds(page) == stopped, "paused means paused"
    assert not np.array_equal(still, first)

    by_hand = Duel(seed=3)
    by_hand.advance(stopped)
    assert np.array_equal(still, decoded(by_hand.picture.frame["png"])), "the same game as without a browser"


def test_steps_by_hand_and_restart(lab: Server, page: Page) -> None:
    write_notebook(lab.folder / "steps.ipynb", DUEL)
    run_notebook(page, lab, "steps.ipynb")
    image = picture(page)
    first = settled(image)
    press(page, "step D")
    until(lambda: not np.array_equal(pixels(image), first), "D moved")
    after_d = settled(image)
    press(page, "step G")
    until(lambda: not np.array_equal(pixels(image), after_d), "G moved")
    by_hand = Duel(seed=3)
    by_hand.step_discriminator()
    by_hand.step_generator()
    assert np.array_equal(settled(image), decoded(by_hand.picture.frame["png"]))
    press(page, "restart")
    until(lambda: np.array_equal(pixels(image), first), "restart brings the first picture back")


def test_drawn_data_become_the_real_points(lab: Server, page: Page) -> None:
    write_notebook(lab.folder / "drawing.ipynb", DUEL, "print(duel.game.dataset)")
    run_notebook(page, lab, "drawing.ipynb")
    page.get_by_role("combobox", name="data").select_option("your drawing")
    image = picture(page)
    until(lambda: "stablegen-drawable" in (image.get_attribute("class") or ""), "the plane can be drawn on")
    before, box = number_of(image), image.bounding_box()
    assert box is not None
    x, y = box["x"] + 0.15 * box["width"], box["y"] + 0.4 * box["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 0.2 * box["width"], y + 0.1 * box["height"], steps=10)
    page.mouse.up()
    until(lambda: number_of(image) > before, "the drawing is shown")
    assert "drawing" in run_cell(page, lab, "drawing.ipynb", 1)
    until(lambda: rounds(page) == 0, "a new game")
    press(page, "play")
    until(lambda: rounds(page) >= 5, "the game on the drawing plays")
    press(page, "pause")


def test_closing_the_page_ends_the_play(lab: Server, page: Page) -> None:
    write_notebook(lab.folder / "closing.ipynb", DUEL, "print('round', duel.game.round)")
    run_notebook(page, lab, "closing.ipynb")
    press(page, "play")
    until(lambda: rounds(page) >= 10, "it plays")
    page.goto("about:blank")
    time.sleep(1)  # what was under way may end
    page.goto(lab.address("lab/tree/closing.ipynb"))
    page.locator(".jp-Notebook .jp-CodeCell").nth(1).wait_for()
    first = run_cell(page, lab, "closing.ipynb", 1)
    time.sleep(2)
    assert "round" in first
    assert run_cell(page, lab, "closing.ipynb", 1) == first, "nobody watches, nothing plays"
