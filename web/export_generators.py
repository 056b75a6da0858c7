"""The shipped generators, each as files that the page reads when somebody chooses it.

The page draws one picture in plain JavaScript from the weights, which come with names and directions. For
sixteen at once it takes the ONNX file.
"""

import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import export_onnx
import torch
from torch import Tensor, nn

from stablegen_lib import data, plots
from stablegen_lib.sharing.weights import page_scene, page_weights
from stablegen_lib.stablegen import StableGen
from stablegen_lib.widgets.explorer.scene import Scene
from stablegen_lib.widgets.explorer.state import ExplorerState

ENLARGED = 4  # times, in the picture; the page enlarges it further, without blur


@dataclass(frozen=True)
class Shown:
    """One of the generators in `data/weights`.

    Attributes:
        name: Of its weights; in the page's address too.
        title: In the menu.
        about: Where it comes from, in Markdown.
        load: Its data set, whose most frequent values the first picture is asked for; None without x.
        seed: Of the first picture.
        wishes: What the first picture is asked for instead of the most frequent values.
        credit: Whom to name wherever a picture is shown.
    """

    name: str
    title: str
    about: str
    load: Callable[[str], data.ImageSet] | None = None
    seed: int = 0
    wishes: Mapping[str, str] = field(default_factory=dict)
    credit: str = ""

    def model(self) -> StableGen:
        """Read from the weights."""
        return StableGen.load(data.data_dir() / "weights" / self.name)

    def start(self, scene: Scene) -> ExplorerState:
        """The first picture."""
        start = scene.start(seed=self.seed)
        if self.load is None:
            return start
        rows = self.load("train").conditions
        usual = [int(rows[:, columns].sum(dim=0).argmax()) for columns in scene.groups.values()]
        return scene.with_choices(replace(start, choices=tuple(usual)), self.wishes)


CREDIT = data.PORTRAITS_CREDIT
FACE = {"glasses": "dark", "hairColor": "#bd1700"}
LESSON = "[lesson {0}](notebooks/{1}.ipynb)".format
SHOWN = (  # the first one is what the page begins with; one line more shows one generator more
    Shown("faces", "faces", LESSON("05", "05_training_loop"), data.load_faces, 4, FACE),
    Shown("faces_unconditional", "faces without x", LESSON("06", "06_latent_exploration"), seed=2),
    Shown("peeps", "peeps", LESSON("08", "08_image_generation"), data.load_peeps, 3),
    Shown("portraits", "portraits", LESSON("09", "09_image_editing"), data.load_portraits, credit=CREDIT),
)


class Layers(nn.Module):
    """A generator without the checks of its inputs, which would fix the size of the batch.

    It takes x and z, or z alone if it was built without conditions.
    """

    def __init__(self, generator: Any) -> None:
        super().__init__()
        self.layers = nn.Sequential(generator.start, generator.grow, generator.colour)

    def forward(self, first: Tensor, second: Tensor | None = None) -> Tensor:
        images: Tensor = self.layers(first if second is None else torch.cat([first, second], dim=1))
        return images


def write(folder: Path) -> dict[str, str]:
    """Writes two files for each, and `face.png` for pages that cannot run; returns what pages say of them."""
    folder.mkdir(parents=True, exist_ok=True)
    menu, listed = [], []
    for shown in SHOWN:
        model = shown.model()
        scene = page_scene(model)
        start = shown.start(scene)
        picture = scene.images(start)
        weights = page_weights(model, scene, seed=start.seed, usual=start.choices)
        (folder / f"{shown.name}.safetensors").write_bytes(weights)
        _write_onnx(model, folder / f"{shown.name}.onnx")
        if shown is SHOWN[0]:
            (folder / "face.png").write_bytes(plots.to_png(picture, 1, ENLARGED))
        entry = {"name": shown.name, "title": shown.title, "modelId": scene.model_id, "bytes": len(weights)}
        menu.append(entry | ({"credit": shown.credit} if shown.credit else {}))
        numbers = sum(weight.numel() for weight in model.averaged_generator.parameters())
        side = picture.shape[-1]
        size = f"{side}×{side} pixels, {numbers:,} numbers, {len(weights) / 1e6:.1f} MB"
        listed.append(f"* **{shown.title}**: {size}; {shown.about}")
    return {"generators": html.escape(json.dumps(menu)), "list": "\n".join(listed)}


def _write_onnx(model: StableGen, path: Path) -> None:
    example = {"x": torch.zeros(2, len(model.condition_names)), "z": torch.zeros(2, model.latent_dim)}
    inputs = {name: tensor for name, tensor in example.items() if tensor.shape[1]}
    export_onnx.write(Layers(model.averaged_generator), inputs, ["image"], path)
