"""The explorer in Chromium: same seed, same face; keyboard; address; share code; thirty frames a second."""

import statistics

import pytest
import torch
from javascript import assert_same_bytes

from stablegen_lib import data
from stablegen_lib.stablegen import StableGen
from stablegen_lib.widgets.explorer.scene import Scene

PIXELS = """() => {
  const canvas = document.querySelector("canvas.picture");
  return [canvas.width, ...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data];
}"""
# Moves a slider by its own events, once a frame, as a finger would, and counts what was drawn.
DRAG = """async () => {
  const {page} = document.querySelector("[data-live]");
  const slider = page.controls.offsets[0].input;
  const before = page.drawn, begin = performance.now(), gaps = [];
  for (let i = 0, last = begin; i < 150; i++) {
    slider.value = 4 * Math.sin(i / 20);
    slider.dispatchEvent(new Event("input"));
    await new Promise(requestAnimationFrame);
    gaps.push(performance.now() - last);
    last = performance.now();
  }
  return [page.drawn - before, (performance.now() - begin) / 1000, gaps];
}"""
LEAST = 30  # frames a second


@pytest.fixture(scope="module")
def scene() -> Scene:
    return Scene(StableGen.load(data.data_dir() / "weights" / "faces"), {}, 6)


def opened(watched, fragment: str = ""):
    page = watched.open(f"explore.html{fragment}")
    page.wait_for_selector("[data-live][data-ready]")
    page.wait_for_function("document.querySelector('[data-live]').page.drawn > 0")
    return page


def shown(page) -> torch.Tensor:
    width, *values = page.evaluate(PIXELS)
    return torch.tensor(values).reshape(-1, width, 4)[:, :, :3].permute(2, 0, 1).to(torch.uint8)


def test_a_link_shows_exactly_the_notebooks_face(watched, scene):
    state = scene.with_choices(scene.start(seed=11), {"glasses": "dark", "hat": "yes"}).moved(2, -1.7)
    page = opened(watched, f"#{state.encode(scene.model_id)}")
    assert_same_bytes(shown(page), data.to_bytes(scene.images(state))[0])
    assert page.get_attribute("canvas.picture", "aria-label") == scene.words(state)
    assert watched.complaints == []


def test_the_keyboard_moves_it_and_address_words_and_code_follow(watched, scene):
    page = opened(watched)
    before = shown(page)
    page.get_by_label("direction 2", exact=True).focus()
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("location.hash.startsWith('#SG1')")
    page.wait_for_function("document.querySelector('.words').textContent.includes('direction 2 at +1.5')")
    assert not torch.equal(shown(page), before)
    code = page.get_by_label("share code").input_value()
    assert page.evaluate("location.hash") == f"#{code}"
    state = type(scene.start()).decode(code, scene.model_id)
    assert state.offsets[1] == 1.5
    assert_same_bytes(shown(page), data.to_bytes(scene.images(state))[0])


def test_a_wrong_code_is_refused_in_words(watched):
    page = opened(watched)
    page.get_by_label("share code").fill("SG1.nonsense")
    page.get_by_label("share code").press("Enter")
    page.wait_for_function(
        "document.querySelector('.message').textContent.includes('not a whole share code')"
    )


def test_a_grid_of_sixteen_equals_the_notebooks(watched, scene):
    page = opened(watched)
    page.get_by_label("show").select_option("16")
    page.wait_for_function("Boolean(document.querySelector('[data-live]').page.many)")
    page.get_by_label("seed", exact=True).fill("5")
    page.get_by_label("seed", exact=True).press("Enter")
    page.wait_for_function("document.querySelector('.words').textContent.includes('seed 5')")
    code = page.get_by_label("share code").input_value()
    state = type(scene.start()).decode(code, scene.model_id)
    wanted = data.to_bytes(scene.images(state))
    grid = shown(page)
    tiles = [
        grid[:, 1 + 17 * (i // 4) : 17 + 17 * (i // 4), 1 + 17 * (i % 4) : 17 + 17 * (i % 4)]
        for i in range(16)
    ]
    assert_same_bytes(torch.stack(tiles), wanted)


@pytest.mark.parametrize("count", ["1", "16"])
def test_a_drag_has_thirty_frames_a_second(watched, count, capsys):
    page = opened(watched)
    page.get_by_label("show").select_option(count)
    if count == "16":
        page.wait_for_function("Boolean(document.querySelector('[data-live]').page.many)")
    best = 0.0
    for _ in range(3):  # other programs may be busy: the best of three
        drawn, seconds, gaps = page.evaluate(DRAG)
        best = max(best, drawn / seconds)
    with capsys.disabled():
        print(f"\n{count} picture(s): {best:.0f} frames a second, median {statistics.median(gaps):.1f} ms")
    assert best >= LEAST
