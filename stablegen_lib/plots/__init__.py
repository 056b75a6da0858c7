"""Pictures and figures for every lesson from 00 on: tensors and Axes in, Axes out.

Open `figures.py` first. Colours survive colour-blindness (Okabe and Ito's palette), and colour is never the
only sign: markers and line styles differ too. `show` (in `live.py`) gives each figure a description in words;
`grid.py` makes pictures without matplotlib, `diagrams.py` draws boxes and arrows.
"""

from stablegen_lib.plots.diagrams import diagram
from stablegen_lib.plots.figures import (
    BLUE,
    ORANGE,
    PROBABILITY_COLOURS,
    SCREEN_WIDTH,
    heat_map,
    loss_curves,
    points,
    show_images,
    show_rows,
)
from stablegen_lib.plots.grid import to_gif, to_grid, to_png
from stablegen_lib.plots.live import LiveFigure, show

__all__ = [
    "BLUE",
    "ORANGE",
    "PROBABILITY_COLOURS",
    "SCREEN_WIDTH",
    "LiveFigure",
    "diagram",
    "heat_map",
    "loss_curves",
    "points",
    "show",
    "show_images",
    "show_rows",
    "to_gif",
    "to_grid",
    "to_png",
]
