"""The shipped generator of faces as one file that the page reads: weights in half precision, and its names.

The page runs one face in plain JavaScript from these weights. For sixteen at once it takes the ONNX file.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import export_onnx
import torch
from torch import Tensor, nn

from stablegen_lib import data, plots
from stablegen_lib.sharing.weights import page_scene, page_weights
from stablegen_lib.stablegen import StableGen
from stablegen_lib.widgets.explorer.scene import Scene

ENLARGED = 20  # times, in the picture
SEED = 4  # of the first picture
START = {"glasses": "dark", "hairColor": "#bd1700"}
"""What the first picture is asked for; the rest is what most training faces have."""


class Layers(nn.Module):
    """The generator without the checks of its inputs, which would fix the size of the batch."""

    def __init__(self, generator: Any) -> None:
        super().__init__()
        self.layers = nn.Sequential(generator.start, generator.grow, generator.colour)

    def forward(self, x: Tensor, z: Tensor) -> Tensor:
        images: Tensor = self.layers(torch.cat([x, z], dim=1))
        return images


def write(folder: Path) -> StableGen:
    """Writes the two files, and `face.png` for pages that cannot run; returns the model."""
    model = StableGen.load(data.data_dir() / "weights" / "faces")
    scene = page_scene(model)
    usual = _usual(scene)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "faces.safetensors").write_bytes(page_weights(model, scene, seed=SEED, usual=usual))
    example = {"x": torch.zeros(2, len(model.condition_names)), "z": torch.zeros(2, model.latent_dim)}
    export_onnx.write(Layers(model.averaged_generator), example, ["image"], folder / "faces.onnx")
    begin = replace(scene.start(seed=SEED), choices=tuple(usual))
    (folder / "face.png").write_bytes(plots.to_png(scene.images(begin), 1, ENLARGED))
    return model


def _usual(scene: Scene) -> list[int]:
    """For each attribute the value that most training faces have, with `START` on top."""
    rows = data.load_faces("train").conditions
    usual = [int(rows[:, columns].sum(dim=0).argmax()) for columns in scene.groups.values()]
    common = replace(scene.start(), choices=tuple(usual))
    return list(scene.with_choices(common, START).choices)
