"""GAN, VAE and latent diffusion side by side: what a picture costs, and how large the networks are.

The first kind of cost is counted, not timed: multiplications and additions, by PyTorch's own counter. It is
the same on every machine. Stable Diffusion v1 is built without memory for its numbers, on PyTorch's "meta"
device, so its size can be counted on a laptop too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from stablegen_lib.latent_diffusion import package


@dataclass(frozen=True)
class Cost:
    """What the networks behind one picture take.

    Attributes:
        parameters: Numbers that training has set.
        operations: Multiplications and additions for one picture, each counted as one.
        passes: How often the network that draws runs for one picture.
    """

    parameters: int
    operations: int
    passes: int


def count_parameters(*networks: nn.Module) -> int:
    """How many numbers these networks have learnt, together."""
    return sum(parameter.numel() for network in networks for parameter in network.parameters())


def count_operations(run: Callable[[], object]) -> int:
    """Multiplications and additions in matrix products and convolutions while ``run`` runs.

    What is cheap beside these, such as activations, is not counted (``torch.utils.flop_counter``).
    """
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        run()
    return int(counter.get_total_flops())


def cost(run: Callable[[], object], artist: nn.Module, *helpers: nn.Module) -> Cost:
    """The cost of the one picture that ``run`` makes.

    Args:
        run: Makes one picture.
        artist: The network whose passes are counted: a generator, a decoder or a U-Net.
        helpers: Whatever else must be stored to make pictures.
    """
    passes: list[nn.Module] = []
    hook = artist.register_forward_hook(lambda network, *_: passes.append(network))
    try:
        operations = count_operations(run)
    finally:
        hook.remove()
    return Cost(count_parameters(artist, *helpers), operations, len(passes))


def stable_diffusion_v1() -> dict[str, nn.Module]:
    """The three networks of Stable Diffusion v1 at their real size, without numbers in them.

    Sizes as in CompVis/stable-diffusion, configs/stable-diffusion/v1-inference.yaml, and for the text
    encoder those of CLIP ViT-L/14. The networks live on the "meta" device: they have shapes, and can be
    run on shapes, but hold no weights.

    Raises:
        MissingPackages: If diffusers or transformers is missing; the message says what to install.
    """
    diffusers, transformers = package("diffusers"), package("transformers")
    blocks = {"down_block_types": ("DownEncoderBlock2D",) * 4, "up_block_types": ("UpDecoderBlock2D",) * 4}
    text = transformers.CLIPTextConfig(
        vocab_size=49_408,
        hidden_size=768,
        intermediate_size=3_072,
        num_hidden_layers=12,
        num_attention_heads=12,
    )
    with torch.device("meta"):
        return {
            "text encoder": transformers.CLIPTextModel(text),
            "U-Net": diffusers.UNet2DConditionModel(
                sample_size=64, cross_attention_dim=768, attention_head_dim=8
            ),
            "autoencoder": diffusers.AutoencoderKL(
                **blocks, block_out_channels=(128, 256, 512, 512), layers_per_block=2, latent_channels=4
            ),
        }


def cost_of_stable_diffusion_v1(networks: Mapping[str, Any], *, steps: int = 50) -> Cost:
    """One picture of 512×512 pixels with guidance: each step sees the picture with and without the words.

    Args:
        networks: As ``stable_diffusion_v1`` gives them.
        steps: 50 is the default of its sampling script (README of CompVis/stable-diffusion).
    """
    text, unet, autoencoder = (networks[name] for name in ("text encoder", "U-Net", "autoencoder"))

    def read() -> Tensor:
        words: Tensor = text(torch.zeros(2, 77, dtype=torch.long, device="meta")).last_hidden_state
        return words

    def step() -> object:
        maps, times, words = (
            torch.zeros(*shape, device="meta") for shape in ((2, 4, 64, 64), (2,), (2, 77, 768))
        )
        return unet(maps, times, encoder_hidden_states=words)

    def decode() -> object:
        return autoencoder.decode(torch.zeros(1, 4, 64, 64, device="meta"))

    operations = count_operations(read) + steps * count_operations(step) + count_operations(decode)
    return Cost(count_parameters(text, unet, autoencoder), operations, steps)
