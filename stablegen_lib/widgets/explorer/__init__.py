"""The LatentExplorer."""

from stablegen_lib.widgets.explorer.widget import LatentExplorer

__all__ = ["LatentExplorer"]
