"""Claims about the Prompter in JupyterLab: typed words and the two sliders decide what the page shows."""

from functools import cache

import numpy as np
import pytest
from hands import drag, handle, number_of, picture, pixels, readout, run_cell, run_notebook, settled, until
from playwright.sync_api import Page
from servers import Server, write_notebook

from stablegen_lib import data, plots

pytest.importorskip("diffusers", reason="lessons 13 and 14 only")

PROMPTER = """from stablegen_lib import data
from stablegen_lib.latent_diffusion import PromptedGenerator
from stablegen_lib.widgets.prompter import Prompter

generator = PromptedGenerator.load(data.data_dir() / "weights" / "latent_diffusion", steps=5)
prompter = Prompter(generator, "a hat", count=2)
prompter"""
ROUNDING = 6  # of 255: another process may add up in another order, and 5 steps add to it


@cache
def expected(prompt: str, step: int) -> np.ndarray:
    """What the library shows after so many of five steps."""
    from stablegen_lib.latent_diffusion.prompted import PromptedGenerator
    from stablegen_lib.widgets.prompter import Prompter

    weights = data.data_dir() / "weights" / "latent_diffusion"
    prompter = Prompter(PromptedGenerator.load(weights, steps=5), prompt, count=2)
    prompter.step = step
    return plots.to_grid(prompter._rows(), 2).numpy()


def close(shown: np.ndarray, wanted: np.ndarray) -> bool:
    same = shown.shape == wanted.shape
    return same and int(np.abs(shown.astype(int) - wanted.astype(int)).max()) <= ROUNDING


def test_words_and_sliders_decide_what_is_drawn(lab: Server, page: Page) -> None:
    write_notebook(lab.folder / "prompter.ipynb", PROMPTER, "print(prompter)")
    run_notebook(page, lab, "prompter.ipynb")
    image = picture(page)
    assert close(settled(image), expected("a hat", 5))

    knob = handle(page, "after step")
    drag(page, knob, -400)
    until(lambda: readout(knob) == "1", "the slider is at the first step")
    until(lambda: close(pixels(image), expected("a hat", 1)), "the noise of the first step is shown")
    knob.press("End")
    until(lambda: close(pixels(image), expected("a hat", 5)), "the finished faces are back")

    before = number_of(image)
    field = page.get_by_role("textbox", name="prompt", exact=True)
    field.fill("a person with dark glasses")
    field.press("Enter")
    until(lambda: number_of(image) > before, "a new picture comes")
    until(lambda: close(pixels(image), expected("a person with dark glasses", 5)), "the words are drawn")

    scale = handle(page, "guidance scale")
    words = settled(image)
    scale.press("Home")
    until(lambda: readout(scale).startswith("0"), "the guidance is at its lowest")
    until(lambda: not np.array_equal(pixels(image), words), "without guidance other faces come")
    said = run_cell(page, lab, "prompter.ipynb", 1)
    assert "prompt='a person with dark glasses'" in said
    assert "guidance_scale=0" in said
