"""Keys and pictures for the questions about the generator."""

import torch
import torch.nn.functional as F
from matplotlib.figure import Figure
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from stablegen_class.computed import answer, picture
from stablegen_class.computed.drawing import pictures
from stablegen_lib import data
from stablegen_lib.generator import Generator
from stablegen_lib.plumbing import layers
from stablegen_lib.stablegen import StableGen


def _shipped() -> StableGen:
    return StableGen.load(data.data_dir() / "weights" / "faces", device="cpu")


@answer("02-who-decides")
def kept_by_one_z() -> str:
    """Twenty wishes and one z: do the pixels of the clothes differ less than those of the hair?"""
    x = data.load_faces("validation").conditions[:20]
    z = torch.randn(1, 64, generator=torch.Generator().manual_seed(0)).expand(20, -1)
    differs = _shipped().sample(conditions=x, z=z).std(dim=0).mean(dim=0)
    return "The clothes." if differs[14:, 5:11].mean() < differs[1:4, 4:12].mean() else "The hair colour."


@answer("02-switched-on")
def one_more_entry() -> str:
    generator = _shipped().averaged_generator
    assert isinstance(generator, Generator)
    first = generator.start[0]
    assert isinstance(first, nn.Linear)
    inputs = torch.zeros(99)
    before = first(inputs)
    inputs[3] = 1
    is_column = torch.allclose(first(inputs) - before, first.weight[:, 3], atol=1e-5)
    return "One column of W is added." if is_column else "One single output grows by 1."


@answer("02-linear-parameters")
def parameters_of_a_linear_layer() -> float:
    return float(sum(parameter.numel() for parameter in nn.Linear(50, 20).parameters()))


@answer("02-side-after")
def side_after_the_stamps() -> float:
    return float(layers.double(1, 1)(torch.zeros(1, 1, 14, 14)).shape[-1])


@answer("02-no-bend")
def ten_layers_without_a_bend() -> str:
    """Whether ten layers map the middle of two inputs to the middle of their outputs, as one layer does."""
    torch.manual_seed(0)
    ten = nn.Sequential(*(nn.Linear(5, 5, dtype=torch.float64) for _ in range(10)))
    one, other = torch.randn(2, 5, dtype=torch.float64)
    is_linear = torch.allclose(ten((one + other) / 2), (ten(one) + ten(other)) / 2)
    return "Ten linear layers in a row are one linear layer." if is_linear else "They are more than one."


@answer("02-leaky")
def below_zero() -> float:
    slope = next(layer for layer in layers.double(1, 1) if isinstance(layer, nn.LeakyReLU)).negative_slope
    return float(F.leaky_relu(torch.tensor(-3.0), slope))


def _multiplications(side: int) -> int:
    with FlopCounterMode(display=False) as counter:
        layers.double(4, 4)(torch.zeros(1, 4, side, side))
    return int(counter.get_total_flops())


@answer("02-work")
def work_on_a_larger_map() -> str:
    """The layer, and so its parameters, is the same for both maps."""
    if _multiplications(16) == 4 * _multiplications(8):
        return "The parameters stay, the multiplications are four times as many."
    return "Both stay the same."


@picture("02-trained", "Eight clear faces, each different.")
def trained() -> Figure:
    return pictures(_shipped().sample(conditions=data.load_faces("validation").conditions[:8]), columns=4)


@picture("02-untrained", "Eight nearly grey squares with faint noise.")
def untrained() -> Figure:
    faces = data.load_faces("validation")
    return pictures(
        StableGen.for_images(faces, device="cpu").sample(conditions=faces.conditions[:8]), columns=4
    )


@picture("02-mixed", "Eight blurred faces, in which several people are mixed.")
def mixed() -> Figure:
    images = data.to_unit_range(data.load_faces("validation").images[:400])
    return pictures(images.reshape(8, 50, *images.shape[1:]).mean(dim=1), columns=4)
