"""Boxes stand where they were put, arrows lead from one to the other, and an unknown name is told."""

import matplotlib.pyplot as plt
import pytest

from stablegen_lib import plots

PLACES = {"z": (0.0, 0.0), "G": (2.0, 0.0), "D": (2.0, -1.0)}


def test_every_box_and_label_is_drawn_where_it_belongs():
    ax = plots.diagram(PLACES, [("z", "G", "numbers"), ("G", "D", "a picture")], plain=("z",))
    drawn = {text.get_text(): text for text in ax.texts if text.get_text()}
    assert {name: drawn[name].get_position() for name in PLACES} == PLACES
    assert drawn["numbers"].get_position() == (1.0, 0.1)
    white, filled = (drawn[name].get_bbox_patch().get_facecolor() for name in ("z", "G"))
    assert white == (1, 1, 1, 1) != filled
    arrows = [text for text in ax.texts if getattr(text, "arrow_patch", None) is not None]
    assert [(arrow.xyann, arrow.xy) for arrow in arrows] == [
        ((0.0, 0.0), (2.0, 0.0)),
        ((2.0, 0.0), (2.0, -1.0)),
    ]
    plt.close()


@pytest.mark.parametrize(("arrows", "plain"), [([("z", "nobody", "")], ()), ([], ("nobody",))])
def test_a_box_that_is_not_there_is_named(arrows, plain):
    with pytest.raises(ValueError, match="these have no place: nobody"):
        plots.diagram(PLACES, arrows, plain=plain)
