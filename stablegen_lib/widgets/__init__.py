"""Things to move in a notebook. They hold state and call functions; the mathematics is elsewhere."""

from stablegen_lib.widgets.duel import Duel
from stablegen_lib.widgets.editor import Editor
from stablegen_lib.widgets.explorer import LatentExplorer
from stablegen_lib.widgets.picture_slider import PictureSlider
from stablegen_lib.widgets.sketchpad import Sketchpad
from stablegen_lib.widgets.timeline import Timeline

__all__ = ["Duel", "Editor", "LatentExplorer", "PictureSlider", "Sketchpad", "Timeline"]
