"""What the widgets' controls share: they tell of every move of somebody's hand, and of no other."""

import html
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, runtime_checkable

import ipywidgets

Changed = Callable[[str, Any], object]


class Listener:
    """Base of all Controls: calls ``changed(what, value)`` when somebody moves something.

    Args:
        changed: Told of every change, but not of those within ``_silence``.
    """

    def __init__(self, changed: Changed) -> None:
        self._changed, self._quiet = changed, False

    def _watch(self, control: Any, what: str) -> None:
        def heard(change: dict[str, Any]) -> None:
            if not self._quiet:
                self._changed(what, change["new"])

        control.observe(heard, "value")

    @contextmanager
    def _silence(self) -> Iterator[None]:
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before


@runtime_checkable
class HasSettings(Protocol):
    """A widget with attributes that are ``Setting``s."""

    def _value(self, name: str) -> Any: ...
    def _assign(self, name: str, value: Any) -> None: ...


class Setting:
    """An attribute of a widget whose value stands in a control."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, widget: HasSettings | None, owner: type) -> Any:
        return self if widget is None else widget._value(self.name)

    def __set__(self, widget: HasSettings, value: Any) -> None:
        widget._assign(self.name, value)


def plain(text: str) -> str:
    """A description that came from a file or a share code: ipywidgets 7 writes it into the page as HTML."""
    return html.escape(text) if ipywidgets.__version__.startswith("7.") else text


def button(text: str, help_text: str, pressed: Callable[[], object], icon: str = "") -> Any:
    """A button that calls ``pressed()``; screen readers read its text, then the help."""
    made = ipywidgets.Button(description=text, tooltip=help_text, icon=icon, layout={"width": "auto"})
    made.on_click(lambda _: pressed())
    return made


def heading(text: str) -> Any:
    """A title over a group of controls, which screen readers call a heading."""
    return ipywidgets.HTML(f'<div role="heading" aria-level="4" class="stablegen-heading">{text}</div>')


def fitting(control: Any, name: str, value: Any) -> Any:
    """The value as the control would hold it.

    Raises:
        ValueError: If it cannot: a slider would silently stop at its end.
    """
    if hasattr(control, "options"):
        allowed = [option for _, option in control.options]
        if value not in allowed:
            raise ValueError(f"{name} must be one of {allowed}, and {value!r} came.")
        return allowed[allowed.index(value)]
    if not hasattr(control, "max"):
        return type(control.value)(value)
    least, most = (_end(control, end) for end in ("min", "max"))
    if not least <= value <= most:  # NaN fails this too
        raise ValueError(f"{name} must lie between {least:g} and {most:g}, and {value!r} came.")
    return type(control.value)(value)


def _end(control: Any, end: str) -> float:
    value = float(getattr(control, end))
    return float(control.base**value) if isinstance(control, ipywidgets.FloatLogSlider) else value
