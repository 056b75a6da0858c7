"""Keys and pictures for the questions about the article."""

import math

import torch
from matplotlib.figure import Figure
from torch import Tensor

from stablegen_class.computed import answer, picture
from stablegen_class.computed.drawing import pictures
from stablegen_experiments.intervals import wilson_interval
from stablegen_lib import article, data, diffusion, latent, log_loss
from stablegen_lib.diffusion import NoiseSchedule
from stablegen_lib.stablegen import StableGen


@answer("14-fuses")
def verdict_on_fusing() -> str:
    """All claims that speak of fusing the two models have the same verdict."""
    (verdict,) = {claim.verdict for claim in article.load_claims() if " fus" in claim.translation}
    return verdict


@answer("14-loss-of-g")
def loss_at_zero() -> float:
    return float(log_loss.article_loss(torch.zeros(3)))


@answer("14-passes")
def passes_of_one_picture() -> float:
    """Counted: each step asks the network twice, and its two answers are joined by guidance."""
    asked = 0

    def network(x: Tensor, t: Tensor) -> Tensor:
        nonlocal asked
        asked += 1
        return 0 * x

    def predict(x: Tensor, t: Tensor) -> Tensor:
        return diffusion.guided(prompted=network(x, t), unprompted=network(x, t), scale=3)

    for _ in diffusion.denoise(NoiseSchedule.cosine(), predict, torch.zeros(1, 4), steps=25):
        pass
    return float(asked)


@answer("14-stable-share")
def half_of_the_interval() -> float:
    return round(1.96 * math.sqrt(0.84 * 0.16 / 2000), 4)


@answer("14-overlap")
def eleven_against_thirteen() -> str:
    fused, in_turn = wilson_interval(11, 20), wilson_interval(13, 20)
    do_overlap = fused[0] < in_turn[1] and in_turn[0] < fused[1]
    return 'The claim "fused, hence stable" is not supported.' if do_overlap else "Fusing has no effect."


def _eight(z: Tensor) -> Figure:
    model = StableGen.load(data.data_dir() / "weights" / "faces", device="cpu")
    wish = data.load_faces("validation").condition(hair="long", glasses="none", hat="no")
    return pictures(model.sample(conditions=wish.expand(8, -1), z=z), columns=4)


@picture("14-many", "Eight faces with the same hair and skin, in many clothes.")
def many() -> Figure:
    return _eight(latent.draw(8, 64))


@picture("14-one", "Eight times the same face.")
def one() -> Figure:
    return _eight(latent.draw(1, 64, seed=3).expand(8, -1))


@picture("14-few", "Eight faces with the same hair and skin, in two kinds of clothes.")
def few() -> Figure:
    return _eight(latent.draw(2, 64, seed=3).repeat(4, 1))
