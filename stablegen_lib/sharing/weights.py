"""What a page that explores a generator must know of it: numbers, directions and names, in one file."""

import json
from collections.abc import Sequence

from safetensors.torch import save
from torch import Tensor

from stablegen_lib.stablegen import StableGen
from stablegen_lib.widgets.explorer.scene import Scene

SLIDERS = 6  # as many as a LatentExplorer has; share codes name the number


def page_scene(model: StableGen) -> Scene:
    """The explorer that the page shows."""
    return Scene(model, {}, min(SLIDERS, model.latent_dim))


def page_weights(model: StableGen, scene: Scene, *, seed: int, usual: Sequence[int]) -> bytes:
    """A safetensors file, which `web/src/explorer/scene.js` reads.

    Args:
        model: Its averaged generator is what the page draws with.
        scene: From `page_scene`.
        seed: Of the picture that the page begins with.
        usual: For each attribute the number of the value that it begins with.
    """
    tensors = dict(model.averaged_generator.state_dict())
    tensors |= {f"directions.{basis}": scene.directions(basis) for basis in ("sefa", "pca")}
    about = {
        "modelId": scene.model_id,
        "latentDim": model.latent_dim,
        "sliders": scene.sliders,
        "seed": seed,
        "attributes": [{"name": name, "values": list(values)} for name, values in scene.values.items()],
        "usual": list(usual),
    }
    stored = {name: smallest(tensor.detach().cpu()) for name, tensor in tensors.items()}
    return save(stored, {"about": json.dumps(about)})


def smallest(tensor: Tensor) -> Tensor:
    """In half precision if no number changes; else the page would draw other pictures than the notebook."""
    half = tensor.half()
    return (half if bool((half.float() == tensor).all()) else tensor).contiguous()
