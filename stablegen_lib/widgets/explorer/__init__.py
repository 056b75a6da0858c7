"""The LatentExplorer.

Open `widget.py` first. `state.py` is where it stands, `code.py` that as a short text, `fingerprint.py` says
of which model; `scene.py` draws; `moves.py`, `controls.py` and `tray.py` serve the hand.
"""

from stablegen_lib.widgets.explorer.widget import LatentExplorer

__all__ = ["LatentExplorer"]
