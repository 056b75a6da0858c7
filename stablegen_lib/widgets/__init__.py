"""Things to move in a notebook: lessons 00, 02, 05, 06, 09, 11 and 13. They hold state and call functions.

Open `picture_slider.py` first, the smallest; then `timeline.py`, `prompter.py` and `sketchpad.py`.
`explorer`, `editor` and `duel` are rooms of their own. `picture.py` shows pixels, `upload.py` takes a file;
`panel.py`, `controls.py`, `choices.py`, `undo.py`, `undo_panel.py` and `small_chart.py` serve all.
"""

from stablegen_lib.widgets.duel.widget import Duel
from stablegen_lib.widgets.editor.widget import Editor
from stablegen_lib.widgets.explorer.widget import LatentExplorer
from stablegen_lib.widgets.picture_slider import PictureSlider
from stablegen_lib.widgets.prompter import Prompter
from stablegen_lib.widgets.sketchpad import Sketchpad
from stablegen_lib.widgets.timeline import Timeline

__all__ = ["Duel", "Editor", "LatentExplorer", "PictureSlider", "Prompter", "Sketchpad", "Timeline"]
