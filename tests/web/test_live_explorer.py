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
# Moves a slider by its own events, once a frame, as a finger would, and counts what was drawn. A sum of
# fixed length, now and then, tells how fast the machine is at the moment.
DRAG = """async () => {
  const yards = [];
  const yard = () => {
    const from = performance.now();
    let sum = 0;
    for (let i = 0; i < 3e6; i++) sum = sum * 0.999 + i;
    if (sum > 0) yards.push(performance.now() - from);
    return performance.now() - from;
  };
  let measuring = 0;
  const {page} = document.querySelector("[data-live]");
  const slider = page.controls.offsets[0].input;
  const before = page.drawn, begin = performance.now(), gaps = [];
  for (let i = 0, last = begin; i < 150; i++) {
    slider.value = 4 * Math.sin(i / 20);
    slider.dispatchEvent(new Event("input"));
    await new Promise(requestAnimationFrame);
    gaps.push(performance.now() - last);
    if (i % 15 === 0) measuring += yard();
    last = performance.now();
  }
  return [page.drawn - before, (performance.now() - begin - measuring) / 1000, gaps, yards];
}"""
MOST = 5.5  # such sums for a frame: thirty frames a second where a sum takes 6 ms


@pytest.fixture(scope="module")
def scene() -> Scene:
    return Scene(StableGen.load(data.data_dir() / "weights" / "faces"), {}, 6)


@pytest.fixture(scope="module")
def peeps() -> Scene:
    return Scene(StableGen.load(data.data_dir() / "weights" / "peeps"), {}, 6)


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


def loaded(page) -> list[str]:
    """Weights that the page has fetched."""
    return page.evaluate(
        "performance.getEntriesByType('resource').map(({name}) => name.split('/').pop())"
        ".filter((name) => name.endsWith('.safetensors') || name.endsWith('.onnx'))"
    )


def test_another_generator_is_loaded_when_it_is_chosen_and_stays_in_the_address(watched, peeps):
    page = opened(watched)
    assert loaded(page) == ["faces.safetensors"]
    page.get_by_label("generator").focus()
    page.get_by_label("generator").select_option("peeps")
    page.wait_for_function(f"location.hash.includes('.{peeps.model_id}.')")
    assert loaded(page) == ["faces.safetensors", "peeps.safetensors"]
    assert page.evaluate("document.activeElement.value") == "peeps"
    page.get_by_role("combobox", name="accessories").select_option(label="sunglasses")
    page.wait_for_function("document.querySelector('.words').textContent.includes('sunglasses')")
    code = page.get_by_label("share code").input_value()
    state = type(peeps.start()).decode(code, peeps.model_id)
    assert peeps.words(state) == page.inner_text(".words")
    assert_same_bytes(shown(page), data.to_bytes(peeps.images(state))[0])
    page.reload()
    page.wait_for_selector("[data-live][data-ready]")
    page.wait_for_function("document.querySelector('[data-live]').page.drawn > 0")
    assert page.get_by_label("generator").input_value() == "peeps"
    assert loaded(page) == ["peeps.safetensors"]
    assert_same_bytes(shown(page), data.to_bytes(peeps.images(state))[0])
    assert watched.complaints == []


def test_a_code_of_another_generator_brings_it_with_the_names_of_its_directions(watched, peeps):
    state = peeps.start(seed=9).moved(1, 2.5).named(1, "größer")
    page = opened(watched)
    page.get_by_label("share code").fill(state.encode(peeps.model_id))
    page.get_by_label("share code").press("Enter")
    page.wait_for_function("document.querySelector('.words').textContent.includes('größer at +2.5')")
    assert page.get_by_label("generator").input_value() == "peeps"
    assert page.get_by_label("share code").input_value() == state.encode(peeps.model_id)
    assert page.get_by_label("größer", exact=True).input_value() == "2.5"
    assert_same_bytes(shown(page), data.to_bytes(peeps.images(state))[0])


def test_a_link_may_name_a_generator_without_attributes(watched):
    page = opened(watched, "#faces_unconditional")
    assert loaded(page) == ["faces_unconditional.safetensors"]
    assert page.query_selector("fieldset legend:text('Ask for')") is None
    page.get_by_label("show").select_option("16")
    page.wait_for_function("Boolean(document.querySelector('[data-live]').page.many)")
    assert watched.complaints == []


def test_weights_that_do_not_come_are_told_and_the_picture_stays(watched, scene):
    page = opened(watched)
    before = shown(page)
    page.route("**/peeps.safetensors", lambda route: route.abort())
    page.get_by_label("generator").select_option("peeps")
    page.wait_for_function("document.querySelector('.message').textContent !== ''")
    assert page.get_by_label("generator").input_value() == "faces"
    assert torch.equal(shown(page), before)


@pytest.mark.parametrize("name", ["faces", "faces_unconditional", "peeps", "portraits"])
@pytest.mark.parametrize("count", ["1", "16"])
def test_a_drag_has_as_many_frames_as_it_should(watched, name, count, capsys):
    page = opened(watched)
    menu = page.get_by_label("generator")
    if name not in menu.locator("option").evaluate_all("all => all.map(({value}) => value)"):
        pytest.skip(f"{name} is not shipped")
    menu.select_option(name)
    page.wait_for_function(f"document.querySelector('[data-live]').page.scene.name === '{name}'")
    page.get_by_label("show").select_option(count)
    if count == "16":
        page.wait_for_function("Boolean(document.querySelector('[data-live]').page.many)")
    best, cost = 0.0, float("inf")
    for _ in range(3):  # other programs may be busy: the best of three
        drawn, seconds, gaps, yards = page.evaluate(DRAG)
        best = max(best, drawn / seconds)
        cost = min(cost, 1000 * seconds / drawn / statistics.median(yards))
    with capsys.disabled():
        median, sum_of = statistics.median(gaps), statistics.median(yards)
        print(f"\n{name}, {count} picture(s): {best:.0f} frames a second, median {median:.1f} ms, "
              f"a frame for {cost:.1f} sums of {sum_of:.1f} ms")  # fmt: skip
    assert cost <= (MOST if name.startswith("faces") else 10 * MOST)  # the larger ones only have to answer
