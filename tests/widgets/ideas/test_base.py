"""Claims about every small widget: it follows its controls, speaks, and leaves a still with its controls."""

import base64
import io

import numpy as np
import pytest
import torch
from PIL import Image

from stablegen_lib.widgets import DiracDial, LogitDial, PointFilm, PushOnRing, StampPad, TwoCurves, stills

MAKERS = {
    "logit": (LogitDial, "logit", 3.0),
    "stamp": (lambda: StampPad(torch.rand(4, 4) + 0.1), "stamped", 9),
    "dirac": (DiracDial, "gamma", 0.5),
    "film": (lambda: PointFilm(torch.randn(5, 20, 2), torch.randn(30, 2)), "step", 3),
    "push": (PushOnRing, "across", -1.5),
    "curves": (TwoCurves, "q_place", -2.0),
}


@pytest.fixture(params=MAKERS)
def made(request):
    maker, name, value = MAKERS[request.param]
    return maker(), name, value


def decoded(png: bytes) -> np.ndarray:
    return np.array(Image.open(io.BytesIO(png)).convert("RGB"))


def test_a_control_moved_on_the_page_changes_picture_and_words(made):
    widget, name, value = made
    before, words = widget.png, widget.description()
    widget.controls[name].set_state({"value": value})  # what the message of a moved control calls
    assert getattr(widget, name) == value
    assert widget.png != before
    parts = [widget.picture, widget.aside] if widget.CUT else [widget.picture]
    shown = np.concatenate([decoded(part.frame["png"]) for part in parts], axis=1)
    assert np.array_equal(shown, decoded(widget.png)), "the parts are the whole"
    assert widget.picture.frame["alt"] == widget.description() != words
    assert f'<div role="status" aria-live="polite">{widget.description()}</div>' == widget.status.value


def test_python_can_move_it_and_is_refused_what_the_control_cannot_hold(made):
    widget, name, value = made
    setattr(widget, name, value)
    png = widget.png
    with pytest.raises(ValueError, match=f"{name} must lie between"):
        setattr(widget, name, 1000)
    assert widget.png == png
    assert f"{name}={value:g}" in repr(widget)


def test_the_stored_still_shows_the_picture_with_its_controls_below(made):
    widget, name, value = made
    data, metadata = widget._repr_mimebundle_()
    assert set(data) == {"text/plain", "image/png", "application/vnd.jupyter.widget-view+json"}
    assert metadata["image/png"]["alt"].startswith(widget.description())
    still, live = decoded(base64.b64decode(data["image/png"])), decoded(widget.still_png())
    height, width = live.shape[:2]
    assert np.array_equal(still[24 : 24 + height, :width], live)
    below, controls = still[24 + height :], np.array(stills.draw_controls(widget.box, still.shape[1]))
    assert np.array_equal(below[:, : controls.shape[1]], controls)
    setattr(widget, name, value)
    again = decoded(base64.b64decode(widget._repr_mimebundle_()[0]["image/png"]))
    assert not np.array_equal(again[24 + height :], below), "the controls stand where they were moved to"
