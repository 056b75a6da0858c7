"""GAN, VAE and latent diffusion on the same faces, by the same measures: lesson 14.

Every number stands beside that of real faces, which nobody can expect to beat.
"""

import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from stablegen_lib.data import ByAttribute, ImageSet, to_unit_range
from stablegen_lib.metrics import AttributeClassifier, features
from stablegen_lib.metrics.distances import frechet_distance
from stablegen_lib.words import captions
from stablegen_lib.words.vocabulary import vocabulary_of

Draw = Callable[[Tensor, int], Tensor]
"""From conditions (count, K) and a seed to pictures (count, 3, height, width) in [-1, 1]."""
REPEATS, GROUPS = 8, 24  # pictures of one condition, and conditions at most, for variety


@dataclass(frozen=True)
class Marks:
    """How good the pictures of one generator are.

    Attributes:
        distance: Fréchet distance to other real faces, on the judge's features; squared units, 0 is best.
        obeyed: Raw attribute -> share of the pictures that show what was asked for.
        variety: Mean distance between two pictures of one condition, as root mean square over pixels in
            [-1, 1]; 0 says that z changes nothing.
        seconds: For one picture, drawn many at a time; depends on the machine.
        count: How many pictures distance and shares rest on.
    """

    distance: float
    obeyed: dict[str, float]
    variety: float
    seconds: float
    count: int


def marks(draw: Draw, *, asked: ImageSet, real: ImageSet, judge: AttributeClassifier, seed: int = 0) -> Marks:
    """Draws one picture for each condition of ``asked``, and judges them.

    Args:
        draw: The generator.
        asked: Faces whose conditions are asked for.
        real: Other real faces, to measure the distance to.
        judge: Trained on real faces with the same condition names.
        seed: Decides z.
    """
    started = time.perf_counter()
    made = draw(asked.conditions, seed)
    seconds = (time.perf_counter() - started) / len(made)
    variety = variety_of(draw, asked, seed + 1)
    return Marks(distance_to(real, made, judge), obedience(made, asked, judge), variety, seconds, len(made))


def variety_of(draw: Draw, asked: ImageSet, seed: int) -> float:
    """Mean distance between two pictures of one condition; see ``Marks.variety``."""
    groups = asked.conditions[: min(GROUPS, len(asked) // REPEATS)]
    several = draw(groups.repeat_interleave(REPEATS, dim=0), seed)
    distances = [torch.pdist(group.flatten(1)).mean() for group in torch.split(several, REPEATS)]
    return float(torch.stack(distances).mean()) / math.sqrt(several[0].numel())


def real_marks(asked: ImageSet, *, real: ImageSet, judge: AttributeClassifier, pool: ImageSet) -> Marks:
    """The same for real faces. Variety is that of pairs in ``pool`` whose conditions are equal.

    Raises:
        ValueError: If no two faces of ``pool`` have equal conditions.
    """
    images = to_unit_range(asked.images)
    distance = distance_to(real, images, judge)
    return Marks(distance, obedience(images, asked, judge), real_variety(pool), 0.0, len(images))


def real_variety(pool: ImageSet) -> float:
    """Mean distance between two real pictures of one condition; see ``Marks.variety``.

    Raises:
        ValueError: If no two pictures have equal conditions.
    """
    _, group = torch.unique(pool.conditions, dim=0, return_inverse=True)
    order = group.argsort(stable=True)
    pairs = [(a, b) for a, b in zip(order.tolist(), order[1:].tolist(), strict=False) if group[a] == group[b]]
    if not pairs:
        raise ValueError("at least two pictures with equal conditions were needed, and there are none.")
    left, right = (to_unit_range(pool.images[list(side)]) for side in zip(*pairs, strict=True))
    return float((left - right).square().flatten(1).mean(dim=1).sqrt().mean())


def distance_to(
    real: ImageSet, made: Float[Tensor, "count channel height width"], judge: AttributeClassifier
) -> float:
    """Fréchet distance between pictures and real ones, on the judge's features."""
    return frechet_distance(features(judge, to_unit_range(real.images)), features(judge, made))


@torch.no_grad()
def obedience(
    made: Float[Tensor, "count channel height width"], asked: ImageSet, judge: AttributeClassifier
) -> dict[str, float]:
    """Raw attribute -> share of the pictures that show what the words for their condition ask for.

    By words, not by values: four hair colours are all "brown", so a prompt cannot tell them apart.
    """
    prompts: Sequence[str] = captions.captions(asked.conditions, asked.condition_names)
    logits = torch.cat([judge(part) for part in torch.split(made, 500)])
    verdicts = captions.obeys(prompts, logits, asked.condition_names)
    return {name: verdict.float().mean().item() for name, verdict in verdicts.items()}


def chance(asked: ImageSet, pool: ImageSet) -> dict[str, float]:
    """What one constant answer gets: for every face the words that are most frequent in ``pool``."""
    phrases = vocabulary_of(pool.condition_names).phrases
    told, known = (captions.values_of(part.conditions, part.condition_names) for part in (asked, pool))
    shares = {}
    for name in known[0]:
        words = phrases[name]
        (usual, _), *_ = Counter(words[row[name]] for row in known).most_common()
        shares[name] = sum(words[row[name]] == usual for row in told) / len(told)
    return dict(ByAttribute(shares))
