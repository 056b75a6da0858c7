"""How long from a moved slider to the new picture: our explorer against ``interact`` with matplotlib.

Same generator, same grid of 16 faces, same direction; in one kernel, and in one JupyterLab page.
They take turns of several moves each, as a hand moves one slider for a while; the first moves of a
turn are not counted: they still pay for what the kind before has left in the kernel. Used by
``make bench``; alone: ``python benchmarks/run.py sliders``.
"""

import json
import statistics
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "helpers"))
import hands
from servers import Server, chromium, jupyterlab, write_notebook

KINDS = {"ours": "LatentExplorer", "imshow": "interact, one imshow", "subplots": "interact, 16 subplots"}
LABELS = {"ours": "direction 1", "imshow": "one imshow", "subplots": "many subplots"}
MARK = 60  # ms; the median that the best way of an earlier comparison needed in JupyterLab
TURNS, MOVES, UNCOUNTED, EVENTS = 3, 10, 3, 60

SETUP = """\
import ipywidgets, matplotlib.pyplot as plt
from stablegen_lib import data, plots
from stablegen_lib.stablegen import StableGen
from stablegen_lib.widgets import LatentExplorer

model = StableGen.load(data.data_dir() / "weights" / "faces")
explorer = LatentExplorer(model, count=16)
x, z, direction = explorer.conditions(), explorer.z(), explorer.direction(0)

def faces(offset):
    return model.sample(conditions=x, z=z + offset * direction)

def slider(label):
    style = {"description_width": "initial"}
    return ipywidgets.FloatSlider(min=-4, max=4, step=0.1, description=label, style=style)
"""
OURS = "explorer"
IMSHOW = """\
def imshow(offset):
    plt.figure(figsize=(5, 5))
    plt.imshow(plots.to_grid(faces(offset), columns=4))
    plt.axis("off")
    plt.show()

one = slider("one imshow")
_ = ipywidgets.interact(imshow, offset=one)"""
SUBPLOTS = """\
def subplots(offset):
    figure, axes = plt.subplots(4, 4, figsize=(5, 5))
    for ax, face in zip(axes.flat, faces(offset), strict=True):
        ax.imshow(plots.to_grid(face[None]))
        ax.axis("off")
    plt.show()

many = slider("many subplots")
_ = ipywidgets.interact(subplots, offset=many)"""
TIME = f"""\
import json, time
sliders = {{"ours": explorer.controls.offsets[0], "imshow": one, "subplots": many}}
times = {{kind: [] for kind in sliders}}
for turn in range({TURNS}):
    for kind, moved in sliders.items():
        for number in range({MOVES + UNCOUNTED}):
            began = time.perf_counter()
            moved.set_state({{"value": round(-3 + turn + 0.1 * number, 1)}})  # as its message does
            if number >= {UNCOUNTED}:
                times[kind].append(1000 * (time.perf_counter() - began))
        plt.close("all")
print(json.dumps(times))"""
# In the page: the time of a key, and of the last new picture after it, one frame later. A canvas has a new
# picture when its number changes, an image when it has been loaded.
WATCH = """() => {
  window.seen = { key: 0, picture: 0, count: 0 };
  addEventListener('keydown', () => { seen.key = performance.now(); seen.count = 0; }, true);
  const shown = () => requestAnimationFrame(() => { seen.picture = performance.now(); seen.count += 1; });
  document.addEventListener('load', event => { if (event.target.tagName === 'IMG') shown(); }, true);
  const canvas = document.querySelector('canvas.stablegen-picture');
  new MutationObserver(shown).observe(canvas, { attributeFilter: ['data-number'] });
}"""


def bench_sliders() -> None:
    """Prints kernel times, browser times and what a drag of 60 events does."""
    report(kernel_times(), "in the kernel", "3 and 8 times")
    with tempfile.TemporaryDirectory() as folder, jupyterlab(Path(folder)) as lab:
        times, drags = browser_times(lab)
    report(times, "in JupyterLab, from key to changed pixels", f"2 times; our median below {MARK} ms")
    print(f"\nA drag of {EVENTS} events")
    for kind, (frames, right) in drags.items():
        print(f"  {KINDS[kind]:<24}{frames:4} frames drawn, the last one right: {right}")


def kernel_times() -> dict[str, list[float]]:
    """Milliseconds inside a real kernel, from the slider's message to the end of its callbacks."""
    cells = [nbformat.v4.new_code_cell(text) for text in (SETUP, OURS, IMSHOW, SUBPLOTS, TIME)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    run = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    NotebookClient(run, timeout=600).execute()
    times: dict[str, list[float]] = json.loads(run.cells[-1].outputs[0].text)
    return times


def browser_times(lab: Server) -> tuple[dict[str, list[float]], dict[str, tuple[int, bool]]]:
    """Milliseconds from a key on a slider to the changed picture; then, for drags, frames and their end.

    The end: whether the last frame is that of the slider's place.
    """
    from playwright.sync_api import sync_playwright

    write_notebook(lab.folder / "sliders.ipynb", SETUP, OURS, IMSHOW, SUBPLOTS)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        context = playwright.chromium.launch_persistent_context(
            folder, executable_path=chromium(), headless=True, args=["--headless", "--no-sandbox"],
            viewport={"width": 1400, "height": 2600},
        )  # fmt: skip
        page = context.pages[0]
        hands.run_notebook(page, lab, "sliders.ipynb")
        page.evaluate(WATCH)
        times: dict[str, list[float]] = {kind: [] for kind in KINDS}
        for _ in range(TURNS):
            for kind in KINDS:
                keys = ["ArrowRight" if number % 2 else "ArrowLeft" for number in range(MOVES + UNCOUNTED)]
                times[kind] += [_one_key(page, kind, key) for key in keys][UNCOUNTED:]
        drags = {kind: _one_drag(page, kind) for kind in KINDS}
        context.close()
    return times, drags


def _one_key(page: hands.Page, kind: str, key: str) -> float:
    _knob(page, kind).focus()
    page.wait_for_timeout(1200)  # what the key before has set going must not slow this one down
    page.keyboard.press(key)
    page.wait_for_function("seen.picture > seen.key", timeout=1000 * hands.PATIENCE)
    page.wait_for_timeout(100)
    return float(page.evaluate("seen.picture - seen.key"))


def _one_drag(page: hands.Page, kind: str) -> tuple[int, bool]:
    knob = _knob(page, kind)
    page.evaluate("seen.count = 0")
    hands.drag(page, knob, 55, events=EVENTS)
    last = -1
    while last != (last := page.evaluate("seen.count")):
        page.wait_for_timeout(4000)
    shown = _shown(page, kind)
    knob.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(2000)
    page.keyboard.press("ArrowLeft")  # back to the same place, this time without any hurry
    page.wait_for_timeout(2000)
    return last, shown == _shown(page, kind)


def _knob(page: hands.Page, kind: str) -> hands.Locator:
    label = page.locator(".widget-label", has_text=LABELS[kind])  # only ours has a name for screen readers
    return page.locator(".widget-slider", has=label).get_by_role("slider").first


def _shown(page: hands.Page, kind: str) -> str:
    """The picture of one slider, as the browser has it."""
    index = list(KINDS).index(kind)
    if kind == "ours":
        return str(page.locator(hands.PICTURE).first.evaluate(hands.PIXELS))
    return str(page.locator(".jp-OutputArea-output img").nth(index - 1).get_attribute("src"))


def report(times: dict[str, list[float]], where: str, wanted: str) -> None:
    print(f"\nSlider to picture, {where}, ms ({len(times['ours'])} updates each, in turn; wanted: {wanted})")
    ours = statistics.median(times["ours"])
    for kind, values in times.items():
        median, late = statistics.median(values), statistics.quantiles(values, n=20)[-1]
        print(f"  {KINDS[kind]:<24} median {median:7.1f}   95th percentile {late:7.1f}", end="   ")
        print(f"{median / ours:5.1f} times ours", flush=True)
