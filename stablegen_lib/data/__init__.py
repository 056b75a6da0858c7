"""Lesson 01: pictures and points to learn from, as tensors.

Open `loading.py` first: one function for each shipped set. `image_set.py` says what a set is,
`pixels.py` what the numbers mean, `gaussians.py` holds the points of the plane, `folder.py` reads your
own pictures and `looking.py` says what may go wrong with them (`decoding.py` opens one, `levels.py` puts
its bit depth right), `peeps.py`, `portraits.py` and `twins.py` are about some of the sets, `names.py` has
the words for attributes and colours, `contact_sheet.py` unpacks the files.
"""

from stablegen_lib.data.contact_sheet import SPLITS, data_dir
from stablegen_lib.data.folder import load_folder
from stablegen_lib.data.gaussians import PointSet, grid, ring
from stablegen_lib.data.image_set import (
    ImageSet,
    Skipped,
    condition_groups,
    condition_values,
    replace_attribute,
)
from stablegen_lib.data.loading import (
    REDRAW,
    load_digits,
    load_faces,
    load_peeps,
    load_peeps_lines,
    load_portrait_twins,
    load_portraits,
    load_twins,
)
from stablegen_lib.data.looking import FolderReport, look_at_folder
from stablegen_lib.data.names import ByAttribute, attribute_words, condition_words, value_words
from stablegen_lib.data.pixels import to_bytes, to_unit_range
from stablegen_lib.data.portraits import PORTRAITS_CREDIT
from stablegen_lib.data.twins import Twins

__all__ = [
    "PORTRAITS_CREDIT",
    "REDRAW",
    "SPLITS",
    "ByAttribute",
    "FolderReport",
    "ImageSet",
    "PointSet",
    "Skipped",
    "Twins",
    "attribute_words",
    "condition_groups",
    "condition_values",
    "condition_words",
    "data_dir",
    "grid",
    "load_digits",
    "load_faces",
    "load_folder",
    "load_peeps",
    "load_peeps_lines",
    "load_portrait_twins",
    "load_portraits",
    "load_twins",
    "look_at_folder",
    "replace_attribute",
    "ring",
    "to_bytes",
    "to_unit_range",
    "value_words",
]
