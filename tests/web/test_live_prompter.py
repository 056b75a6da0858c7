"""The prompter in Chromium: the same tokens, and the notebook's pictures for the same prompt and seed."""

import time

import pytest
import torch
from javascript import ask
from site_pages import SITE

from stablegen_lib import data, latent
from stablegen_lib.latent_diffusion import PromptedGenerator

PROMPTS = [
    "a person with dark glasses and red hair",
    "",
    "A  Person,with no hat; and blue hair!",
    "señor Ünknown 42 it's",
    "a person with " + "red and " * 40,
]
# Of 255: the networks compute in single precision on both sides, and twenty steps add up.
MOST = 3
PIXELS = """() => {
  const canvas = document.querySelector("canvas.picture");
  return [canvas.width, ...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data];
}"""


@pytest.fixture(scope="module")
def made() -> PromptedGenerator:
    return PromptedGenerator.load(data.data_dir() / "weights" / "latent_diffusion")


def test_prompts_become_the_same_tokens(made):
    tokenizer = made.pipeline.tokenizer
    options = {"padding": "max_length", "truncation": True, "max_length": tokenizer.model_max_length}
    wanted = [tokenizer(prompt, **options).input_ids for prompt in PROMPTS]
    about = str(SITE / "_static" / "live" / "prompter.json")
    assert ask("tokens", about=about, prompts=PROMPTS) == wanted


def test_the_page_loads_networks_only_when_asked_and_draws_the_notebooks_pictures(watched, made, capsys):
    asked = []
    watched.page.on("request", lambda request: asked.append(request.url))
    page = watched.open("prompter.html")
    page.wait_for_selector("[data-live][data-ready]")
    assert not [url for url in asked if url.endswith((".onnx", ".wasm"))]
    page.get_by_role("button", name="Load the networks").click()
    page.get_by_text("finished").wait_for()
    began = time.monotonic()
    page.get_by_label("seed", exact=True).fill("3")  # which says "change" too
    page.get_by_text("after step").wait_for()
    page.get_by_text("finished").wait_for()
    seconds = time.monotonic() - began
    width, *values = page.evaluate(PIXELS)
    found = torch.tensor(values).reshape(-1, width, 4)[:, :, :3].permute(2, 0, 1)
    (*_, last) = made.denoise(
        [PROMPTS[0]] * 4, latent.draw(4, made.latent_dim, seed=3).reshape(4, *made.latent_shape)
    )
    wanted = data.to_bytes(made.decode(last.x0)).int()
    side = wanted.shape[-1]
    worst = 0
    for number, face in enumerate(wanted):
        top, left = 1 + (side + 1) * (number // 2), 1 + (side + 1) * (number % 2)
        worst = max(worst, int((found[:, top : top + side, left : left + side] - face).abs().max()))
    with capsys.disabled():
        print(f"\nprompter: {seconds:.1f} s for 4 pictures, largest difference {worst} of 255")
    assert worst <= MOST
    assert watched.complaints == []
