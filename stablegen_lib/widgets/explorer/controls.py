"""The buttons, sliders and menus of the LatentExplorer."""

from typing import Any

import ipywidgets

from stablegen_lib.widgets.choices import choice_menu, with_swatch
from stablegen_lib.widgets.controls import Changed, Listener, heading, plain
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
WIDTH = {"width": "29em", "max_width": "98%"}


class Controls(Listener):
    """Calls ``changed(what, value)`` when somebody moves something; ``show`` moves all to a state.

    ``what`` is a field of the state ("seed", "truncation", "basis", "count"), ("offset", number)
    or ("choice", number) written as "offset 3" or "choice 0"; "name 2" comes with a typed name.
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
        self._bare: list[str] = []  # what the sliders are called without names
        self.sliders = ipywidgets.VBox()
        self.which = _menu("direction to name", [])
        self.name = ipywidgets.Text(
            description="its name",
            placeholder="what it does",
            continuous_update=False,
            style=LABEL,
            layout=WIDTH,
        )
        for field in ("seed", "truncation", "basis", "count"):
            self._watch(getattr(self, field), field)
        for index, choice in enumerate(self.choices):
            self._watch(choice, f"choice {index}")
        self.which.observe(lambda _: self._show_name(), "value")
        self.name.observe(self._name_typed, "value")
        self.box = self._grouped()

    def _grouped(self) -> Any:
        asked = [heading("Asked for (x)"), *map(with_swatch, self.choices)] if self.choices else []
        groups = [
            heading("Which pictures (z)"), self.count, self.seed, self.truncation, *asked,
            heading("Directions in z"), self.basis, self.sliders, self.which, self.name,
        ]  # fmt: skip
        box = ipywidgets.VBox(groups)
        box.add_class("stablegen-scroll")
        return box

    def show(self, state: ExplorerState) -> None:
        """Puts every control where the state says, without calling ``changed``."""
        with self._silence():
            labels = self._scene.labels(state.basis, state.names)
            self._bare = self._scene.labels(state.basis)
            if state.basis != self.basis.value or len(state.offsets) != len(self.offsets):
                self._make_sliders(labels)
            self._show_labels(labels)
            for field in ("seed", "truncation", "basis", "count"):
                getattr(self, field).value = getattr(state, field)
            for control, choice in zip(self.choices, state.choices, strict=True):
                control.value = choice
            for slider, offset in zip(self.offsets, state.offsets, strict=True):
                slider.value = offset

    def _make_sliders(self, labels: list[str]) -> None:
        for slider in self.offsets:
            slider.close()
        self.offsets = [_slider(label, -FARTHEST, FARTHEST, 0.1) for label in labels]
        for index, slider in enumerate(self.offsets):
            self._watch(slider, f"offset {index}")
            slider.observe(lambda _, index=index: self._moved_last(index), "value")
        self.sliders.children = self.offsets

    def _moved_last(self, index: int) -> None:
        """The slider that somebody has just moved is the one to name."""
        if not self._quiet:
            self.which.value = index

    def _show_labels(self, labels: list[str]) -> None:
        for slider, label in zip(self.offsets, labels, strict=True):
            slider.description = plain(label)
        options = [(label, number) for number, label in enumerate(labels)]
        if self.which.options != tuple(options):
            number = self.which.value or 0
            self.which.options = options
            self.which.value = number if number < len(options) else 0
        self._show_name()

    def _show_name(self) -> None:
        """The field holds the name of the chosen slider; what is only a number is no name."""
        chosen = self.which.value or 0
        label = self.which.options[chosen][0]
        with self._silence():
            self.name.value = "" if label == self._bare[chosen] else label

    def _name_typed(self, change: dict[str, Any]) -> None:
        if self._quiet:
            return
        try:
            self._changed(f"name {self.which.value}", change["new"])
        finally:
            self._show_name()


def _slider(label: str, minimum: float, maximum: float, step: float) -> Any:
    return ipywidgets.FloatSlider(
        description=plain(label),
        min=minimum,
        max=maximum,
        step=step,
        value=0.0,
        style=LABEL,
        layout=WIDTH,
    )


def _menu(label: str, options: list[tuple[str, Any]]) -> Any:
    return ipywidgets.Dropdown(description=label, options=options, style=LABEL, layout=WIDTH)
