"""The Duel."""

from stablegen_lib.widgets.duel.widget import DRAW_NOW, ON_LINES, Duel

__all__ = ["DRAW_NOW", "ON_LINES", "Duel"]
