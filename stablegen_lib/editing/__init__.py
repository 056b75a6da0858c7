"""Lesson 09: changing a picture that is already there: replace an object in a face, colour a drawing.

Open `blending.py` first: an edit in thirty lines. `encoder.py` guesses the z of a picture, `faces.py` puts
both together, `colouring.py` colours drawings, `sketch.py` draws with the mouse, `scores.py` measures.
"""

from stablegen_lib.editing.blending import HIGH, LOW, MANY, SPREAD, blend, edit, soft_mask
from stablegen_lib.editing.colouring import (
    Colourer,
    PairDiscriminator,
    as_conditions,
    colouring_pair,
    load_drawings,
)
from stablegen_lib.editing.encoder import Encoder, refine
from stablegen_lib.editing.faces import FaceEditor, Portrait, read_conditions
from stablegen_lib.editing.scores import (
    EditScores,
    LineScores,
    Patches,
    line_scores,
    score_edits,
    seen_before,
    variety,
)
from stablegen_lib.editing.sketch import blank, draw_stroke

__all__ = [
    "HIGH",
    "LOW",
    "MANY",
    "SPREAD",
    "Colourer",
    "EditScores",
    "Encoder",
    "FaceEditor",
    "LineScores",
    "PairDiscriminator",
    "Patches",
    "Portrait",
    "as_conditions",
    "blank",
    "blend",
    "colouring_pair",
    "draw_stroke",
    "edit",
    "line_scores",
    "load_drawings",
    "read_conditions",
    "refine",
    "score_edits",
    "seen_before",
    "soft_mask",
    "variety",
]
