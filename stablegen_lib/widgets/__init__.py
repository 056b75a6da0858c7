"""Things to move in a notebook. They hold state and call functions; the mathematics is elsewhere."""

from stablegen_lib.widgets.picture_slider import PictureSlider

__all__ = ["PictureSlider"]
