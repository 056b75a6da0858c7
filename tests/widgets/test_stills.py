"""Claims about the controls of a still: all that can be seen is drawn, as it stands, and nothing else."""

import ipywidgets
import numpy as np

from stablegen_lib.widgets import stills
from stablegen_lib.widgets.controls import heading


def drawn(*children, width=480) -> np.ndarray:
    return np.array(stills.draw_controls(ipywidgets.VBox(children), width).convert("L"))


def slider(**more):
    return ipywidgets.FloatSlider(**{"description": "amount", "min": 0.0, "max": 1.0, "value": 0.2, **more})


def test_a_moved_control_is_drawn_where_it_stands():
    letters, log = {"options": ["a", "b"]}, {"min": -3, "max": 3}
    kinds = [
        (slider(), slider(value=0.8)),
        (ipywidgets.IntSlider(description="n", value=1), ipywidgets.IntSlider(description="n", value=9)),
        (ipywidgets.FloatLogSlider(value=1.0, **log), ipywidgets.FloatLogSlider(value=10.0, **log)),
        (ipywidgets.Checkbox(False, description="on"), ipywidgets.Checkbox(True, description="on")),
        (ipywidgets.Dropdown(value="a", **letters), ipywidgets.Dropdown(value="b", **letters)),
        (ipywidgets.ToggleButtons(value="a", **letters), ipywidgets.ToggleButtons(value="b", **letters)),
        (ipywidgets.Text("me", description="who"), ipywidgets.Text("you", description="who")),
    ]
    for one, other in kinds:
        assert not np.array_equal(drawn(one), drawn(other)), type(one).__name__
        assert (drawn(one) < 128).any(), type(one).__name__


def test_hidden_controls_and_lines_of_text_are_left_out_and_headings_are_not():
    bare = drawn(slider())
    hidden = slider(layout={"display": "none"})
    group = ipywidgets.HBox([slider()], layout={"display": "none"})
    assert np.array_equal(drawn(slider(), hidden, group, ipywidgets.HTML("words")), bare)
    assert drawn(slider(), heading("More")).shape[0] > bare.shape[0]


def test_controls_that_do_not_fit_beside_each_other_go_below():
    assert drawn(slider(), slider(), width=900).shape[0] < drawn(slider(), slider(), width=300).shape[0]
    assert drawn(slider(description="a name as long as this"), width=10).shape[1] > 200, "nothing is cut off"


def test_an_empty_box_needs_no_room():
    assert drawn().size == 1


def test_the_letters_of_mathematics_are_there():
    missing = bytes(stills.font(13).getmask("\ue000"))
    for letter in "γθψ−×½√→≥✓✗…":
        assert bytes(stills.font(13).getmask(letter)) != missing, letter
