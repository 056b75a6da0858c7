"""Opening a face, yours too, and editing it: generator, encoder and classifier together."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from stablegen_lib import data
from stablegen_lib.editing.blending import edit
from stablegen_lib.editing.encoder import Encoder, refine
from stablegen_lib.metrics import AttributeClassifier
from stablegen_lib.plumbing.bounds import at_least
from stablegen_lib.plumbing.doors import door
from stablegen_lib.stablegen import StableGen


@torch.no_grad()
@door()
def read_conditions(
    judge: AttributeClassifier, y: Float[Tensor, "count channel height width"]
) -> Float[Tensor, "count condition"]:
    """What pictures show, by the classifier's verdict: one value for each attribute.

    It answers for any picture, a face or not.

    Args:
        judge: Trained on real pictures.
        y: In [-1, 1].
    """
    logits, x = judge(y), torch.zeros(len(y), len(judge.condition_names))
    for columns in data.condition_groups(judge.condition_names).values():
        best = columns.start + logits[:, columns].argmax(dim=1)
        x[torch.arange(len(y)), best] = 1
    return x


@door()
@dataclass(frozen=True, eq=False)
class Portrait:
    """A picture that can be edited.

    Attributes:
        y: The picture, in [-1, 1].
        x: What it shows.
        z: What redraws it under x.
        redrawn: What the generator makes of x and z: its own idea of the picture.
    """

    y: Float[Tensor, "1 channel height width"]
    x: Float[Tensor, "1 condition"]
    z: Float[Tensor, "1 latent"]
    redrawn: Float[Tensor, "1 channel height width"]

    @property
    def error(self) -> float:
        """Root of the mean squared difference between the picture and its redrawing."""
        return float((self.redrawn - self.y).square().mean().sqrt())


class FaceEditor:
    """Generator, encoder and classifier together: opens a picture, then edits it.

    Args:
        model: A conditional model of faces.
        encoder: Trained for this model.
        judge: Reads attributes where nobody tells them; the same condition names.

    Raises:
        ValueError: If the three do not belong together.
    """

    @door()
    def __init__(self, model: StableGen, encoder: Encoder, judge: AttributeClassifier) -> None:
        sizes = len(model.condition_names), model.latent_dim
        came = encoder.blueprint["condition_size"], encoder.blueprint["latent_dim"]
        if sizes != came or judge.condition_names != model.condition_names:
            raise ValueError(f"an encoder for {sizes[0]} condition entries and {sizes[1]} latent ones, and a "
                             f"judge of the model's attributes, were needed; {came} came.")  # fmt: skip
        self.generate = model.averaged_generator
        self.encoder, self.judge = encoder, judge
        self.condition_names = model.condition_names
        self.image_size = encoder.blueprint["image_size"]

    @classmethod
    def shipped(cls) -> "FaceEditor":
        """The editor of lesson 09, from data/weights."""
        weights = data.data_dir() / "weights"
        judge = AttributeClassifier.load(weights / "faces_classifier.safetensors")
        encoder = Encoder.load(weights / "faces_encoder.safetensors")
        return cls(StableGen.load(weights / "faces", device="cpu"), encoder, judge)

    @door(steps=at_least(0))
    def open(
        self,
        picture: UInt8[Tensor, "channel height width"],
        x: Float[Tensor, " condition"] | None = None,
        *,
        steps: int = 0,
    ) -> Portrait:
        """A picture, ready to be edited.

        Args:
            picture: As stored, 0 to 255.
            x: What it shows; the classifier's reading when left out.
            steps: Steps of search after the encoder's guess.

        Raises:
            ValueError: If the picture has another size, or other channels, than the model's.
        """
        self._require_condition("x", x)
        wanted = self.encoder.blueprint["channels"], self.image_size, self.image_size
        if tuple(picture.shape) != wanted:
            came = "×".join(map(str, picture.shape))
            raise ValueError(f"a picture of {'×'.join(map(str, wanted))} (channels, height, width) was "
                             f"needed, and {came} came. Convert or resize it.")  # fmt: skip
        y = data.to_unit_range(picture)[None]
        shown = read_conditions(self.judge, y) if x is None else x[None]
        z = refine(self.generate, shown, y, self.encoder(shown, y), steps=steps)
        with torch.no_grad():
            return Portrait(y, shown, z, self.generate(shown, z))

    @door()
    def edit(
        self, portrait: Portrait, new_x: Float[Tensor, " condition"], *, guesses: int = 1, seed: int = 0
    ) -> Float[Tensor, "1 channel height width"]:
        """The picture with another x. The same x gives the picture itself back.

        Raises:
            ValueError: If the new x has another length, or there is no guess.
        """
        self._require_condition("new_x", new_x)
        return edit(
            self.generate,
            portrait.y,
            x=portrait.x,
            new_x=new_x[None],
            z=portrait.z,
            guesses=guesses,
            seed=seed,
        )

    def _require_condition(self, name: str, x: Tensor | None) -> None:
        if x is not None and len(x) != len(self.condition_names):
            raise ValueError(f"{name} must have {len(self.condition_names)} entries, and {len(x)} came.")
