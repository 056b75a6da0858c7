"""Claims about the small widgets in JupyterLab, all in one notebook: they follow mouse and keyboard."""

import base64
import io
import re
from collections.abc import Callable

import numpy as np
import torch
from hands import decoded, drag, handle, number_of, picture, pixels, readout, run_notebook, settled, until
from PIL import Image
from playwright.sync_api import Locator, Page
from servers import Server, write_notebook

from stablegen_lib.widgets import DiracDial, LogitDial, StampPad

IDEAS = """import torch
from IPython.display import display

from stablegen_lib import data, metrics
from stablegen_lib.training import Snapshots
from stablegen_lib.widgets import (
    DiracDial, FaultDial, LogitDial, PointFilm, PushOnRing, RealOrMadeUp, StampPad, TrainingFilm, TwoCurves
)

weights = data.data_dir() / "weights"
faces = data.load_faces("test")
crowd = {"images": data.to_unit_range(faces.images[:40]), "conditions": faces.conditions[:40]}
crowd |= {"training": faces[200:], "reference": faces[40:80], "other": faces[80:120]}
judge = metrics.AttributeClassifier.load(weights / "faces_classifier.safetensors")
display(
    LogitDial(), StampPad(torch.arange(1.0, 17.0).reshape(4, 4)), DiracDial(), PushOnRing(), TwoCurves(),
    FaultDial(**crowd, judge=judge), RealOrMadeUp(faces.images[:20], 255 - faces.images[:20]),
    PointFilm(torch.randn(40, 60, 2), torch.randn(30, 2)),
    TrainingFilm(Snapshots.load(weights / "faces_run.safetensors"), frames=5),
)"""
LOGIT, STAMP, DIRAC, PUSH, CURVES, FAULT, GAME, FILM = 0, 2, 4, 6, 7, 8, 9, 11  # places of the first pictures
SLIDERS = {
    LOGIT: "D's logit",
    STAMP: "inputs stamped",
    DIRAC: "gamma (R1)",
    PUSH: "D's steps",
    CURVES: "q (made up): place",
    FAULT: "noise",
    FILM: "steps done",
}


def words(image: Locator) -> str:
    return image.get_attribute("aria-label") or ""


def value_of(page: Page, label: str) -> float:
    return float(readout(handle(page, label)).replace("−", "-"))


def steps(image: Locator) -> int:
    """How long the D of the two curves has learned."""
    found = re.search(r"D after (\d+) steps", words(image))
    assert found
    return int(found[1])


def follows(page: Page, image: Locator, knob: Locator, move: Callable[[], object]) -> None:
    """After the move slider, picture, description and the line for screen readers are others."""
    before, told, text = settled(image), words(image), readout(knob)
    move()
    until(lambda: readout(knob) != text, f"the slider moves, {told}")
    until(lambda: not np.array_equal(pixels(image), before), f"the picture follows, {told}")
    settled(image)
    assert words(image) != told
    assert page.get_by_role("status").filter(has_text=words(image)).count() == 1


def test_every_small_widget_follows_mouse_and_keyboard(lab: Server, page: Page) -> None:
    write_notebook(lab.folder / "ideas.ipynb", IDEAS)
    run_notebook(page, lab, "ideas.ipynb")
    for number, label in SLIDERS.items():
        image, knob = picture(page, number), handle(page, label)
        follows(page, image, knob, lambda knob=knob: drag(page, knob, 25, events=4))
        follows(page, image, knob, lambda knob=knob: knob.press("ArrowRight"))

    logit = LogitDial(value_of(page, "D's logit"))
    for number, part in enumerate((logit.picture, logit.aside)):
        assert np.array_equal(settled(picture(page, LOGIT + number)), decoded(part.frame["png"]))
    pad = StampPad(torch.arange(1.0, 17.0).reshape(4, 4))
    pad.stamped = int(value_of(page, "inputs stamped"))
    assert np.array_equal(settled(picture(page, STAMP + 1)), decoded(pad.aside.frame["png"]))
    assert words(picture(page, DIRAC)) == DiracDial(gamma=value_of(page, "gamma (R1)")).description()

    curves = picture(page, CURVES)
    assert steps(curves) >= 1200, "D has learned on after each of two moves"
    drag_in(page, curves, (0.5, 0.3), (0.3, 0.3))
    until(lambda: "p lies at 0.0" not in words(curves), "the curve follows the pointer")

    game = picture(page, GAME)
    until(lambda: "No answer yet" in words(game), "the game waits")
    page.locator(".stablegen-panel button", has_text="made up").first.focus()
    page.keyboard.press("Enter")
    until(lambda: "of 1 right" in words(game), "the keyboard answers")
    assert number_of(game) == 2
    film = page.locator(".jp-RenderedImage img").get_attribute("src") or ""
    shown = Image.open(io.BytesIO(base64.b64decode(film.partition(",")[2])))
    assert shown.n_frames == 5 + 1, "the film, and a still for those who cannot play it"


def drag_in(page: Page, image: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drags over a picture, from one place in [0, 1] to another."""
    image.scroll_into_view_if_needed()
    box = image.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=8)
    page.mouse.up()
