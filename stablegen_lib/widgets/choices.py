"""Menus for the attributes of x, with the chosen colour beside; LatentExplorer and Editor share them."""

from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets

from stablegen_lib.data.names import find_attribute, find_value, hex_code
from stablegen_lib.widgets.controls import plain

LAYOUT = {"width": "29em", "max_width": "98%"}
BORDER = "var(--jp-ui-font-color1, currentColor)"  # dark in a light theme, light in a dark one


def chosen(
    values: Mapping[str, Sequence[str]], choices: Sequence[int], wishes: Mapping[str, str]
) -> tuple[int, ...]:
    """The choices, with some attributes asked for anew.

    Args:
        values: Attribute -> its values, in the order of the choices.
        choices: For each attribute the place of its value.
        wishes: Attribute -> value, raw or as people read them.

    Raises:
        ValueError: If an attribute or value is unknown; the message lists the known ones.
    """
    places = dict(zip(values, choices, strict=True))
    for name, value in wishes.items():
        attribute = find_attribute(name, values)
        places[attribute] = find_value(value, attribute, values[attribute])
    return tuple(places.values())


def choice_menu(attribute: str, values: Sequence[str], label_width: str) -> Any:
    """A menu whose value is the place of the choice; two buttons where there are two values."""
    options = [(value or "–", place) for place, value in enumerate(values)]
    style = {"description_width": label_width}
    if len(values) != 2:
        return ipywidgets.Dropdown(description=plain(attribute), options=options, style=style, layout=LAYOUT)
    return ipywidgets.ToggleButtons(
        description=plain(attribute),
        options=options,
        style={**style, "button_width": "6em"},
        layout=LAYOUT,
        tooltips=[f"{attribute}: {value}" for value in values],
    )


def with_swatch(menu: Any) -> Any:
    """The menu with a field in the chosen colour beside it; the menu alone if it offers no colours."""
    if not any(hex_code(label) for label, _ in menu.options):
        return menu
    swatch = ipywidgets.HTML()

    def follow(_: object = None) -> None:
        swatch.value = swatch_html(menu.description, menu.label)

    menu.observe(follow, "value")
    follow()
    return ipywidgets.HBox([menu, swatch], layout={"align_items": "center"})


def swatch_html(attribute: str, value: str) -> str:
    """A small field in the colour of a value, "red (#bd1700)"; empty for what is no colour.

    Screen readers call it a picture, and say attribute and value.
    """
    code = hex_code(value)
    if code is None:
        return ""
    return (
        f'<span role="img" aria-label="{attribute}: {value}" title="{value}" style="display:inline-block;'
        f'width:1.5em;height:1.5em;border:1px solid {BORDER};background:{code}"></span>'
    )
