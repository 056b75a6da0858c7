"""Keys and pictures for the questions about measuring a generator."""

import torch
from matplotlib.figure import Figure
from torch import Tensor

from stablegen_class.computed import answer, picture
from stablegen_class.computed.drawing import plane
from stablegen_lib import data, latent, metrics
from stablegen_lib.stablegen import StableGen


@answer("08-frechet-means")
def equal_covariances() -> float:
    cloud = latent.draw(500, 2).double()
    return metrics.frechet_distance(cloud, cloud + torch.tensor([3.0, 4.0]))


def _real_to_real(count: int) -> float:
    """Random vectors stand for features: two crowds of one kind."""
    return metrics.frechet_distance(*(latent.draw(count, 16, seed=seed).double() for seed in (1, 2)))


@answer("08-larger-crowd")
def bias_of_small_crowds() -> str:
    few, many = _real_to_real(200), _real_to_real(2000)
    return "The second is smaller." if many < few else "The same, because the generator is the same."


@answer("08-kernel-floor")
def kernel_distance_of_one_kind() -> str:
    crowds = [latent.draw(200, 16, seed=seed).double() for seed in range(20)]
    found = [
        metrics.kernel_distance(one, other) for one, other in zip(crowds[::2], crowds[1::2], strict=True)
    ]
    both_sides = min(found) < 0 < max(found)
    return (
        "Nothing. It scatters around 0."
        if both_sides
        else "A distance cannot be below 0, so the code has a mistake."
    )


def _three_faces() -> tuple[Tensor, Tensor]:
    real = latent.draw(500, 2)
    middle = real[real.norm(dim=1).argsort()[:3]]
    return real, middle.repeat(60, 1)


@answer("08-collapsed-crowd")
def only_three_faces() -> str:
    scores = metrics.density_coverage(*_three_faces())
    dense = "0.9" if scores.density > 0.5 else "0.1"
    return f"density {dense}, coverage {'0.9' if scores.coverage > 0.5 else '0.02'}"


@answer("08-swapped-wishes")
def dealt_out_anew() -> str:
    """The crowd stays the same crowd, so only what looks at picture and x together can change."""
    weights = data.data_dir() / "weights"
    model = StableGen.load(weights / "faces", device="cpu")
    judge = metrics.AttributeClassifier.load(weights / "faces_classifier.safetensors")
    x = data.load_faces("test").conditions[:100]
    faces = model.sample(conditions=x)
    own, wrong = (metrics.as_asked(metrics.obeyed(judge, faces, each)) for each in (x, x.roll(1, dims=0)))
    return "As asked." if wrong < 0.8 * own else "Coverage."


@answer("08-coverage-number")
def coverage_on_a_line() -> float:
    real, drawn = torch.arange(10.0)[:, None], torch.full((5, 1), 4.4)
    return metrics.density_coverage(real, drawn, neighbours=1).coverage


def _beside(generated: Tensor) -> Figure:
    return plane(real=latent.draw(300, 2), generated=generated, limits=(-4, 6))


@picture(
    "08-cloud-collapsed",
    "A wide round cloud of real points; all generated points crowd into one spot inside.",
)
def collapsed() -> Figure:
    return _beside(0.15 * latent.draw(100, 2, seed=1))


@picture("08-cloud-good", "A wide round cloud of real points; generated points spread over all of it.")
def good() -> Figure:
    return _beside(latent.draw(100, 2, seed=1))


@picture(
    "08-cloud-away", "A wide round cloud of real points; the generated points form a second cloud beside it."
)
def away() -> Figure:
    return _beside(0.6 * latent.draw(100, 2, seed=1) + 4)
