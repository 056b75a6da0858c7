"""The buttons, sliders and menus of the LatentExplorer."""

from typing import Any

import ipywidgets

from stablegen_lib.widgets.choices import choice_menu, with_swatch
from stablegen_lib.widgets.controls import Changed, Listener
from stablegen_lib.widgets.explorer.scene import Scene
from stablegen_lib.widgets.explorer.state import COUNTS, ExplorerState

BASIS_NAMES = {
    "own": "directions of your own",
    "sefa": "leading directions (SeFa)",
    "pca": "leading directions (PCA)",
    "raw": "raw coordinates of z",
}
FARTHEST = 4.0  # a slider's end
LABEL = {"description_width": "11em"}
WIDTH = {"width": "29em"}


class Controls(Listener):
    """Calls ``changed(what, value)`` when somebody moves something; ``show`` moves all to a state.

    ``what`` is a field of the state ("seed", "truncation", "basis", "count"), ("offset", number)
    or ("choice", number) written as "offset 3" or "choice 0".
    """

    def __init__(self, scene: Scene, changed: Changed) -> None:
        super().__init__(changed)
        self._scene = scene
        self.seed = ipywidgets.BoundedIntText(
            description="seed", min=0, max=2**31 - 1, style=LABEL, layout={"width": "20em"}
        )
        self.truncation = _slider("truncation", 0.0, 2.0, 0.05)
        self.basis = _menu("sliders move", [(BASIS_NAMES[name], name) for name in scene.bases])
        self.count = _menu("show", list(zip(("one picture", "a grid of 16"), COUNTS, strict=True)))
        self.choices = [
            choice_menu(attribute, values, LABEL["description_width"])
            for attribute, values in scene.values.items()
        ]
        self.offsets: list[Any] = []
        self.sliders = ipywidgets.VBox()
        for field in ("seed", "truncation", "basis", "count"):
            self._watch(getattr(self, field), field)
        for index, choice in enumerate(self.choices):
            self._watch(choice, f"choice {index}")
        top = [self.count, self.seed, self.truncation, *map(with_swatch, self.choices), self.basis]
        self.box = ipywidgets.VBox([*top, self.sliders])

    def show(self, state: ExplorerState) -> None:
        """Puts every control where the state says, without calling ``changed``."""
        with self._silence():
            if state.basis != self.basis.value or len(state.offsets) != len(self.offsets):
                self._make_sliders(state)
            for field in ("seed", "truncation", "basis", "count"):
                getattr(self, field).value = getattr(state, field)
            for control, choice in zip(self.choices, state.choices, strict=True):
                control.value = choice
            for slider, offset in zip(self.offsets, state.offsets, strict=True):
                slider.value = offset

    def _make_sliders(self, state: ExplorerState) -> None:
        for slider in self.offsets:
            slider.close()
        self.offsets = [_slider(label, -FARTHEST, FARTHEST, 0.1) for label in self._scene.labels(state.basis)]
        for index, slider in enumerate(self.offsets):
            self._watch(slider, f"offset {index}")
        self.sliders.children = self.offsets


def _slider(label: str, minimum: float, maximum: float, step: float) -> Any:
    return ipywidgets.FloatSlider(
        description=label,
        min=minimum,
        max=maximum,
        step=step,
        value=0.0,
        style=LABEL,
        layout=WIDTH,
    )


def _menu(label: str, options: list[tuple[str, Any]]) -> Any:
    return ipywidgets.Dropdown(description=label, options=options, style=LABEL, layout=WIDTH)
