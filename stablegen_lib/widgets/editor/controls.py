"""The menus and buttons of the Editor."""

from collections.abc import Mapping
from typing import Any

import ipywidgets

from stablegen_lib.widgets.choices import choice_menu, with_swatch
from stablegen_lib.widgets.controls import Changed, Listener
from stablegen_lib.widgets.upload import Upload

LABEL = {"description_width": "13em"}


class Controls(Listener):
    """Calls ``changed(what, value)`` when somebody moves something; ``show`` moves all without a call.

    ``what`` is "number", "file", or the name of an attribute.

    Args:
        values: Attribute -> its values.
        count: How many pictures can be chosen by number.
        changed: Told of every change.
    """

    def __init__(self, values: Mapping[str, list[str]], count: int, changed: Changed) -> None:
        super().__init__(changed)
        self.number = number_field("face number", max(0, count - 1), LABEL["description_width"])
        self.file = Upload(
            "your picture", "a picture from this computer", lambda sent: self._changed("file", sent)
        )
        width = LABEL["description_width"]
        self.choices = {name: choice_menu(name, values[name], width) for name in values}
        self._watch(self.number, "number")
        for name, menu in self.choices.items():
            self._watch(menu, name)
        source = ipywidgets.HBox([self.number, self.file], layout={"flex_flow": "row wrap"})
        self.box = ipywidgets.VBox([source, *map(with_swatch, self.choices.values())])

    def show(self, number: int | None, choices: Mapping[str, int]) -> None:
        """Puts every control where it belongs; None leaves the number as it is."""
        with self._silence():
            if number is not None:
                self.number.value = number
            for name, choice in choices.items():
                self.choices[name].value = choice


def number_field(description: str, last: int, label_width: str = "6em") -> Any:
    """A field for a number from 0 to the last one."""
    style = {"description_width": label_width}
    layout = {"width": f"calc({label_width} + 9em)"}
    return ipywidgets.BoundedIntText(description=description, max=last, style=style, layout=layout)
