"""Things to move in a notebook: lessons 00, 02, 03, 04, 05, 06, 07, 08, 09, 11 and 13.

They hold state and call functions.

Open `picture_slider.py` first, the smallest; then `board.py`, `timeline.py`, `prompter.py` and
`sketchpad.py`. `explorer`, `editor` and `duel` are rooms of their own, and `ideas` holds the small ones, one
for each idea. `picture.py` shows pixels, `upload.py` takes a file; `panel.py`, `stills.py`, `controls.py`,
`choices.py`, `undo.py`, `undo_panel.py` and `small_chart.py` serve all.
"""

from stablegen_lib.widgets.board import Board
from stablegen_lib.widgets.duel.widget import Duel
from stablegen_lib.widgets.editor.widget import Editor
from stablegen_lib.widgets.explorer.widget import LatentExplorer
from stablegen_lib.widgets.ideas import (
    DiracDial,
    FaultDial,
    LogitDial,
    PointFilm,
    PushOnRing,
    RealOrMadeUp,
    StampPad,
    TrainingFilm,
    TwoCurves,
)
from stablegen_lib.widgets.picture_slider import PictureSlider
from stablegen_lib.widgets.prompter import Prompter
from stablegen_lib.widgets.sketchpad import Sketchpad
from stablegen_lib.widgets.timeline import Timeline

__all__ = [
    "Board",
    "DiracDial",
    "Duel",
    "Editor",
    "FaultDial",
    "LatentExplorer",
    "LogitDial",
    "PictureSlider",
    "PointFilm",
    "Prompter",
    "PushOnRing",
    "RealOrMadeUp",
    "Sketchpad",
    "StampPad",
    "Timeline",
    "TrainingFilm",
    "TwoCurves",
]
