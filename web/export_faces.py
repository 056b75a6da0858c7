"""The shipped generator of faces as one file that the page reads: weights in half precision, and its names.

The page runs one face in plain JavaScript from these weights. For sixteen at once it takes the ONNX file.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import export_onnx
import torch
from safetensors.torch import save_file

from stablegen_lib import data, plots
from stablegen_lib.stablegen import StableGen
from stablegen_lib.widgets.explorer.scene import Scene

ENLARGED = 20  # times, in the picture
SLIDERS = 6  # as many as a LatentExplorer has; share codes name the number
SEED = 4  # of the first picture
START = {"glasses": "dark", "hairColor": "#bd1700"}
"""What the first picture is asked for; the rest is what most training faces have."""


def write(folder: Path) -> StableGen:
    """Writes the two files, and `face.png` for pages that cannot run; returns the model."""
    model = StableGen.load(data.data_dir() / "weights" / "faces")
    scene = Scene(model, {}, SLIDERS)
    tensors = {name: halved(name, tensor) for name, tensor in model.averaged_generator.state_dict().items()}
    tensors |= {f"directions.{basis}": scene.directions(basis).contiguous() for basis in ("sefa", "pca")}
    folder.mkdir(parents=True, exist_ok=True)
    about = _about(model, scene)
    save_file(tensors, folder / "faces.safetensors", {"about": json.dumps(about)})
    (folder / "faces.safetensors").chmod(0o644)  # a host must be able to read it
    example = {"x": torch.zeros(2, len(model.condition_names)), "z": torch.zeros(2, model.latent_dim)}
    export_onnx.write(model.averaged_generator, example, ["image"], folder / "faces.onnx")
    begin = replace(scene.start(seed=SEED), choices=tuple(about["usual"]))
    (folder / "face.png").write_bytes(plots.to_png(scene.images(begin), 1, ENLARGED))
    return model


def halved(name: str, tensor: torch.Tensor) -> torch.Tensor:
    """The tensor as float16.

    Raises:
        ValueError: If a number changes: then the page would draw other faces than the notebook.
    """
    half = tensor.detach().cpu().half()
    if not bool((half.float() == tensor.float().cpu()).all()):
        raise ValueError(f"{name} does not survive half precision: export it in full.")
    return half.contiguous()


def _about(model: StableGen, scene: Scene) -> dict[str, Any]:
    """Everything but the numbers: attributes and their values as people read them, and whose codes fit."""
    values = list(scene.values.items())
    return {
        "modelId": scene.model_id,
        "latentDim": model.latent_dim,
        "sliders": SLIDERS,
        "seed": SEED,
        "attributes": [{"name": name, "values": list(options)} for name, options in values],
        "usual": _usual(scene),
    }


def _usual(scene: Scene) -> list[int]:
    """For each attribute the value that most training faces have, with `START` on top."""
    rows = data.load_faces("train").conditions
    usual = [int(rows[:, columns].sum(dim=0).argmax()) for columns in scene.groups.values()]
    common = replace(scene.start(), choices=tuple(usual))
    return list(scene.with_choices(common, START).choices)
