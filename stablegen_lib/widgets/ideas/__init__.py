"""Small things to move, each about one idea, in lessons 00, 02, 03, 04, 05, 07 and 08.

Open `logit_dial.py` first, the smallest; `base.py` is what they share. `real_or_made_up.py` is a game,
`point_film.py` a run on points to scrub through, `stamp_pad.py` a layer of G, `two_curves.py` and `push.py`
show what D answers and gives, `dirac_dial.py` is the smallest game, `fault_dial.py` spoils pictures under
seven measures, and `film.py` makes a GIF of a run.
"""

from stablegen_lib.widgets.ideas.dirac_dial import DiracDial
from stablegen_lib.widgets.ideas.fault_dial import FaultDial
from stablegen_lib.widgets.ideas.film import TrainingFilm
from stablegen_lib.widgets.ideas.logit_dial import LogitDial
from stablegen_lib.widgets.ideas.point_film import PointFilm
from stablegen_lib.widgets.ideas.push import PushOnRing
from stablegen_lib.widgets.ideas.real_or_made_up import RealOrMadeUp
from stablegen_lib.widgets.ideas.stamp_pad import StampPad
from stablegen_lib.widgets.ideas.two_curves import TwoCurves

__all__ = [
    "DiracDial",
    "FaultDial",
    "LogitDial",
    "PointFilm",
    "PushOnRing",
    "RealOrMadeUp",
    "StampPad",
    "TrainingFilm",
    "TwoCurves",
]
