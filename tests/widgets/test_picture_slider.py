"""Claims about PictureSlider: the picture follows the slider, and a page without a kernel is served too."""

import base64
import copy
import io
import math
import os
import subprocess
import sys

import nbformat
import numpy as np
import pytest
import torch
from nbclient import NotebookClient
from PIL import Image
from places import ROOT
from torch import Tensor

from stablegen_lib import plots
from stablegen_lib.widgets import PictureSlider, stills

ALT = "Two grey squares that get lighter to the right."


def draw(z: float) -> Tensor:
    return torch.full((2, 1, 8, 8), z / 3)


def make(**changes) -> PictureSlider:
    return PictureSlider(**{"draw": draw, "alt": ALT, "scale": 2, **changes})


def pixels(png: bytes) -> np.ndarray:
    return np.array(Image.open(io.BytesIO(png)))


# --- following ----------------------------------------------------------------------------------


def test_the_first_picture_is_that_of_the_first_value():
    slider = make(value=1.5)
    assert slider.value == 1.5
    assert slider.png == plots.to_png(draw(1.5), columns=8, scale=2)


def test_moving_the_slider_from_python_redraws_the_picture_on_the_page():
    slider = make()
    before = slider.picture.frame
    slider.value = 0.5
    assert slider.png == plots.to_png(draw(0.5), columns=8, scale=2)
    assert slider.picture.frame["png"] == slider.png
    assert slider.picture.frame["number"] == before["number"] + 1
    assert slider.slider.value == 0.5


def test_moving_the_slider_from_the_page_does_the_same():
    slider = make()
    slider.slider.set_state({"value": 0.5})  # what the message of a dragged slider calls
    assert slider.png == plots.to_png(draw(0.5), columns=8, scale=2)
    assert slider.value == 0.5


def test_draw_is_called_once_per_new_value():
    calls = []
    slider = make(draw=lambda z: calls.append(z) or draw(z))
    slider.value = 0.5
    slider.value = 0.5
    assert calls == [0.0, 0.5]


def test_picture_has_the_asked_layout():
    png = make(draw=lambda z: torch.zeros(6, 3, 8, 8), columns=3, scale=4).png
    assert pixels(png).shape == (17 * 4, 26 * 4, 3)


def test_draw_runs_on_one_thread_and_the_number_of_threads_comes_back():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        seen = []
        slider = make(draw=lambda z: seen.append(torch.get_num_threads()) or draw(z))
        slider.value = 1.0
        assert seen == [1, 1]
        assert torch.get_num_threads() == 2
        failing = make(draw=lambda z: draw(z) if z == 0 else draw(math.nan))
        with pytest.raises(ValueError, match="NaN"):
            failing.value = 1.0
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


# --- in words -----------------------------------------------------------------------------------


def test_the_picture_on_the_page_has_a_description_that_names_the_value():
    slider = make(description="size <z>")
    slider.value = 1.0
    assert slider.picture.frame["alt"] == f"{ALT} size <z> = 1.00."
    assert slider.slider.description == "size <z>"


def test_repr_is_fixed_and_follows_the_value():
    slider = make()
    assert repr(slider) == "PictureSlider(z[0]=0.00)"
    slider.value = -0.5
    assert repr(slider) == "PictureSlider(z[0]=-0.50)"


def test_small_steps_are_written_with_enough_digits():
    slider = make(minimum=0, maximum=0.01, step=0.0005)
    slider.value = 0.0005
    assert repr(slider) == "PictureSlider(z[0]=0.0005)"
    assert slider.slider.readout_format == ".4f"


def test_a_page_without_a_kernel_gets_a_captioned_picture_and_an_invitation():
    slider = make()
    slider.value = 1.0
    data, metadata = slider._repr_mimebundle_()
    assert data["text/plain"] == "PictureSlider(z[0]=1.00) – Run this notebook to move the slider."
    assert metadata["image/png"]["alt"] == f"{ALT} z[0] = 1.00. Run this notebook to move the slider."
    assert "application/vnd.jupyter.widget-view+json" in data
    still, live = pixels(base64.b64decode(data["image/png"])), pixels(slider.png)
    controls = np.array(stills.draw_controls(slider.box, 480))
    caption = still.shape[0] - live.shape[0] - controls.shape[0]
    below = still[caption : caption + live.shape[0]]
    assert np.array_equal(below[:, : live.shape[1]], live), "the picture stands below the caption"
    assert (still[:caption] < 128).any(), "something is written"
    assert np.array_equal(still[caption + live.shape[0] :, : controls.shape[1]], controls)
    assert still[:caption, -4:].min() == 255, "the caption is not cut off"


# --- errors -------------------------------------------------------------------------------------


def fails_above_one(z: float) -> Tensor:
    if z > 1:
        raise RuntimeError("z is <too> large")
    return draw(z)


def test_an_error_in_draw_is_shown_in_the_widget_and_raised():
    slider = make(draw=fails_above_one)
    slider.value = 1.0
    png = slider.png
    with pytest.raises(RuntimeError, match="too"):
        slider.value = 2.0
    problem = "No picture for z[0] = 2.00 (above is still the one for z[0] = 1.00)"
    assert f"{problem}: RuntimeError: z is &lt;too&gt; large" in slider.message.value
    assert 'role="alert"' in slider.message.value
    assert slider.png == png
    assert repr(slider) == "PictureSlider(z[0]=1.00)", "the picture's value, not the failed one"


def test_the_message_goes_away_with_the_next_good_picture():
    slider = make(draw=fails_above_one)
    with pytest.raises(RuntimeError):
        slider.value = 2.0
    slider.value = 0.5
    assert slider.message.value == ""
    assert repr(slider) == "PictureSlider(z[0]=0.50)"


def test_an_error_in_the_first_picture_stops_the_cell():
    with pytest.raises(RuntimeError, match="too"):
        make(draw=fails_above_one, value=2.0)


def test_a_draw_that_gives_no_tensor_is_told():
    with pytest.raises(ValueError, match="what draw gives must be a Tensor, and a list came"):
        make(draw=lambda z: [draw(z)])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"minimum": 3.0, "maximum": -3.0}, "minimum < maximum"),
        ({"minimum": 1.0, "maximum": 1.0}, "minimum < maximum"),
        ({"maximum": math.inf}, "maximum must be"),
        ({"minimum": math.nan}, "minimum must be"),
        ({"step": 0.0}, "step must be"),
        ({"step": 60.0}, "step that fits"),
        ({"value": 3.1}, "from -3 to 3"),
        ({"value": math.nan}, "value must be"),
        ({"alt": "faces"}, "at least 20 characters"),
        ({"columns": 0}, "columns must be"),
        ({"scale": 0}, "scale must be"),
    ],
)
def test_bad_arguments_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        make(**changes)


def test_a_value_off_the_scale_is_refused_and_nothing_moves():
    slider = make(value=1)
    for value in (3.1, -4, math.nan):
        with pytest.raises(ValueError, match="from -3 to 3"):
            slider.value = value
    assert slider.value == 1.0


# --- in a notebook ------------------------------------------------------------------------------

SLIDER_CELL = f"""\
import torch
from stablegen_lib.widgets import PictureSlider

slider = PictureSlider(lambda z: torch.full((2, 1, 8, 8), z / 3), alt={ALT!r})
slider"""
MOVE_CELL = """\
before = slider.png
slider.value = 1.0
print(slider.png != before)
slider"""
FIGURE_CELL = """\
from stablegen_lib import plots

ax = plots.show_images(torch.zeros(2, 1, 8, 8))
plots.show(ax, alt="Two grey squares beside each other.")"""
LIVE_CELL = """\
import sys

with plots.LiveFigure(alt="Three grey squares at the end.", seconds=3600) as live:
    for count in (1, 2, 3):
        print(count, file=sys.stderr)
        live.update(lambda: plots.show_images(torch.zeros(count, 1, 8, 8)))"""


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """A notebook run by a real kernel, and the environment that kernel needs."""
    folder = tmp_path_factory.mktemp("notebook")
    cells = [nbformat.v4.new_code_cell(s) for s in (SLIDER_CELL, MOVE_CELL, FIGURE_CELL, LIVE_CELL)]
    cells[-1].metadata["tags"] = ["nbval-ignore-output"]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(folder / "ipython")}
    NotebookClient(notebook, timeout=120, store_widget_state=False).execute(env=environment)
    path = folder / "slider.ipynb"
    nbformat.write(notebook, path)
    return notebook, path, environment


def outputs(executed, cell):
    return executed[0].cells[cell].outputs


def test_a_kernel_stores_the_view_the_still_picture_and_the_description(executed):
    (output,) = outputs(executed, 0)
    assert set(output.data) == {"text/plain", "image/png", "application/vnd.jupyter.widget-view+json"}
    assert output.data["text/plain"].startswith("PictureSlider(z[0]=0.00)")
    assert output.metadata["image/png"]["alt"].startswith(ALT)
    assert "widgets" not in executed[0].metadata, "no widget state is stored"


def test_in_a_kernel_the_slider_moves_the_picture(executed):
    printed, shown = outputs(executed, 1)
    assert printed.text == "True\n"
    assert shown.data["text/plain"].startswith("PictureSlider(z[0]=1.00)")
    assert shown.data["image/png"] != outputs(executed, 0)[0].data["image/png"]


def test_in_a_kernel_a_figure_is_shown_once_and_with_its_description(executed):
    (output,) = outputs(executed, 2)
    assert output.output_type == "display_data"
    assert output.metadata["image/png"]["alt"] == "Two grey squares beside each other."
    assert output.data["text/plain"] == "Two grey squares beside each other."


def test_in_a_kernel_a_live_figure_leaves_only_its_last_state(executed):
    output = outputs(executed, 3)[0]
    assert output.metadata["image/png"]["alt"] == "Three grey squares at the end."
    one, three = outputs(executed, 2)[0].data["image/png"], output.data["image/png"]
    assert pixels(base64.b64decode(three)).shape[1] > pixels(base64.b64decode(one)).shape[1]


def test_in_a_kernel_what_is_printed_meanwhile_stays_together_below_the_live_figure(executed):
    figure, *printed = outputs(executed, 3)
    assert figure.output_type == "display_data"
    assert {output.output_type for output in printed} == {"stream"}
    assert "".join(output.text for output in printed) == "1\n2\n3\n"


def test_strict_nbval_accepts_the_stored_slider_and_rejects_a_changed_one(executed):
    notebook, path, environment = executed
    changed = copy.deepcopy(notebook)
    changed.cells[0].outputs[0].data["text/plain"] = "PictureSlider(z[0]=0.10)"
    nbformat.write(changed, path.with_name("changed.ipynb"))
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "--nbval-cell-timeout=120"]
    command += ["-q", "-p", "no:cacheprovider", "-c", os.devnull, f"--rootdir={path.parent}", "slider.ipynb"]
    run = subprocess.run(
        [*command, "changed.ipynb"],
        cwd=path.parent,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert "1 failed, 7 passed" in run.stdout, run.stdout + run.stderr
    assert "FAILED changed.ipynb::Cell 0" in run.stdout
