"""The buttons, sliders and menus of the Duel."""

from collections.abc import Sequence
from typing import Any

import ipywidgets

from stablegen_lib.training.recipe import Recipe
from stablegen_lib.widgets.controls import Changed, Listener, fitting

LOSSES = (("non-saturating", "non_saturating"), ("minimax", "minimax"))
MEMORIES = (("0, 0.99 (short)", (0.0, 0.99)), ("0.9, 0.999 (long)", (0.9, 0.999)))
SLOWEST = 2_000  # milliseconds between two frames
WIDE = {"description_width": "9em"}
LAYOUT = {"width": "25em"}


class Controls(Listener):
    """Calls ``changed(name, value)`` when somebody moves something; ``show`` moves it without a call.

    The names are those of the attributes of ``Duel``.

    Args:
        datasets: What the data menu offers: words and names.
        changed: Told of every change.
    """

    def __init__(self, datasets: Sequence[tuple[str, str]], changed: Changed) -> None:
        super().__init__(changed)
        self.playing = ipywidgets.ToggleButton(
            description="play", icon="play", tooltip="Play, or pause", layout={"width": "6em"}
        )
        self.dataset = _menu("data", datasets)
        self.seed = ipywidgets.BoundedIntText(
            description="seed", min=0, max=2**31 - 1, style=WIDE, layout={"width": "18em"}
        )
        self.discriminator_learning_rate = _rate("D's learning rate")
        self.generator_learning_rate = _rate("G's learning rate")
        self.loss = _menu("G's loss", LOSSES)
        self.penalty = ipywidgets.FloatSlider(
            description="slope penalty", min=0, max=1, step=0.01, style=WIDE, layout=LAYOUT
        )
        self.memory = _menu("Adam's betas", MEMORIES)
        self.rounds_per_frame = ipywidgets.IntSlider(
            description="rounds per frame", min=1, max=50, style=WIDE, layout=LAYOUT
        )
        self.interval = ipywidgets.IntSlider(
            description="pause (ms)", max=SLOWEST, step=50, style=WIDE, layout=LAYOUT
        )
        self.slow_motion = ipywidgets.Checkbox(
            description="slow motion: D and G in turn", indent=False, layout=LAYOUT
        )
        self.slopes = ipywidgets.Checkbox(
            description="D's slope at real points (blue arrows)", indent=False, layout=LAYOUT
        )
        self._all: dict[str, Any] = {
            name: control for name, control in vars(self).items() if isinstance(control, ipywidgets.Widget)
        }
        for name, control in self._all.items():
            self._watch(control, name)

    def show(self, **values: Any) -> None:
        """Puts controls where they belong, without a call of ``changed``."""
        with self._silence():
            for name, value in values.items():
                self._all[name].value = value
            playing = self.playing.value
            self.playing.description, self.playing.icon = ("pause", "pause") if playing else ("play", "play")

    def value(self, name: str) -> Any:
        """Where a control stands."""
        return self._all[name].value

    def checked(self, name: str, value: Any) -> Any:
        """The value as the control would hold it, or a ValueError."""
        return fitting(self._all[name], name, value)

    def show_recipe(self, recipe: Recipe) -> None:
        """Puts the controls of the recipe where it says."""
        rates = {f"{who}_learning_rate": getattr(recipe, f"{who}_learning_rate") for who in
                 ("discriminator", "generator")}  # fmt: skip
        self.show(loss=recipe.loss, penalty=recipe.r1_gamma, memory=recipe.betas, **rates)

    def settings(self) -> Any:
        """All controls but the play button, in two columns."""
        controls = [control for name, control in self._all.items() if name != "playing"]
        half = len(controls) // 2
        columns = [ipywidgets.VBox(part) for part in (controls[:half], controls[half:])]
        return ipywidgets.HBox(columns, layout={"flex_flow": "row wrap"})


def _menu(label: str, options: Sequence[tuple[str, Any]]) -> Any:
    return ipywidgets.Dropdown(description=label, options=options, style=WIDE, layout=LAYOUT)


def _rate(label: str) -> Any:
    """A slider for a learning rate, from 0.00001 to 0.1, even in powers of ten."""
    return ipywidgets.FloatLogSlider(
        description=label,
        base=10,
        min=-5,
        max=-1,
        step=0.1,
        value=1e-3,
        readout_format=".2g",
        style=WIDE,
        layout=LAYOUT,
    )
