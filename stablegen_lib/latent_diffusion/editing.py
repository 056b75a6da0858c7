"""Editing pictures with words: three ways to redraw a picture that a prompt describes differently.

All three encode the picture, put noise on its latent map, and take the noise away again under another
prompt. They differ in where the noise comes from and in what may change.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from stablegen_lib import data
from stablegen_lib.diffusion import CLEAN, add_noise, ddim_step, visited_levels
from stablegen_lib.latent_diffusion.prompted import Pictures, PromptedGenerator
from stablegen_lib.plumbing.bounds import FREE, share
from stablegen_lib.plumbing.doors import door

Region = Bool[Tensor, "height width"]


@door(strength=share())
def image_to_image(
    generator: PromptedGenerator,
    images: Pictures,
    prompts: Sequence[str],
    *,
    strength: float | int,
    seed: int = 0,
) -> Pictures:
    """Puts some noise on the pictures and takes it away under the prompts (SDEdit).

    Args:
        generator: Makes the pictures.
        images: In [-1, 1].
        prompts: What each picture shall show.
        strength: Share of the steps that are done: 0 leaves the picture, 1 forgets it.
        seed: Decides the noise.

    Raises:
        ValueError: If the strength is outside 0 to 1.

    Source:
        Meng et al. 2022, arXiv:2108.01073.
    """
    if not 0 <= strength <= 1:
        raise ValueError(f"a strength from 0 to 1 was needed, {strength} came.")
    begin = generator.steps - int(generator.steps * strength)
    maps = generator.encode(images)
    if begin == generator.steps:
        return generator.decode(maps)
    noise = torch.randn(maps.shape, generator=torch.Generator().manual_seed(seed))
    t = visited_levels(generator.schedule, generator.steps)[begin]
    x = add_noise(generator.schedule, maps, noise=noise, t=t)
    for step in generator.denoise(prompts, x, begin=begin):
        x = step.x
    return generator.decode(x)


@door()
def inpaint(
    generator: PromptedGenerator, images: Pictures, prompts: Sequence[str], region: Region, *, seed: int = 0
) -> Pictures:
    """Draws the region anew under the prompts; the rest of the picture is kept to the last bit.

    At each step the map outside the region is put back to that of the picture, with the noise of the
    level. So the new part grows to fit the old.

    Args:
        generator: Makes the pictures.
        images: In [-1, 1].
        prompts: What each whole picture shall show.
        region: True where the picture may change.
        seed: Decides the noise.

    Source:
        Lugmayr et al. 2022, arXiv:2201.09865 (RePaint), without its going back and forth.
    """
    maps = generator.encode(images)
    side = maps.shape[-1]
    scale = images.shape[-1] // side
    where = region.reshape(side, scale, side, scale).any(dim=3).any(dim=1)
    x = torch.randn(maps.shape, generator=torch.Generator().manual_seed(seed))
    for step in generator.denoise(prompts, x, keep=maps, where=where):
        x = step.x
    return torch.where(region, generator.decode(x), images)


@door()
def find_noise(
    generator: PromptedGenerator, images: Pictures, prompts: Sequence[str]
) -> Float[Tensor, "count latent"]:
    """The z from which the generator draws these pictures: DDIM upwards, from picture to noise.

    Near enough only: each step takes the prediction of the level it leaves for that of the level it goes
    to. Without guidance, which would bend the way.

    Source:
        Song, Meng, Ermon 2021, arXiv:2010.02502, who encode pictures so.
    """
    x, words = generator.encode(images), generator.read(prompts)
    visited = [CLEAN, *reversed(visited_levels(generator.schedule, generator.steps))]
    for t, to in pairwise(visited):
        x0, noise = generator.predict(x, max(t, 0), words, scale=1)
        x = ddim_step(generator.schedule, x0=x0, noise=noise, to=to)
    return x.flatten(1)


@door(guidance_scale=FREE)
def redraw(
    generator: PromptedGenerator,
    images: Pictures,
    *,
    before: Sequence[str],
    after: Sequence[str],
    guidance_scale: float | int = 1,
) -> Pictures:
    """Keeps z and changes the words: finds the noise under one prompt, draws it under another.

    The difference between the two drawings is put onto the real picture, so that what the
    autoencoder and the inversion lose is not lost from the picture.
    """
    z = find_noise(generator, images, before)
    drawn = [
        generator.film(prompts, z, guidance_scale=scale)[-1]
        for prompts, scale in ((before, 1), (after, guidance_scale))
    ]
    return (images + drawn[1] - drawn[0]).clamp(-1, 1)


@door(share=share())
def region_of(faces: data.ImageSet, attribute: str, share: float | int = 0.1) -> Region:
    """Where an attribute shows: pixels whose mean depends on its value.

    For each pixel: the variance of the mean pictures of all values, next to the largest such variance.

    Args:
        faces: Pictures to learn it from: the train split.
        attribute: For instance "glasses".
        share: Pixels below this share of the largest variance do not count.
    """
    pixels = data.to_unit_range(faces.images)
    columns = faces.conditions[:, faces.groups[attribute]]
    means = torch.stack([pixels[column > 0].mean(dim=0) for column in columns.T])
    variance = means.var(dim=0, unbiased=False).sum(dim=0)
    return variance > share * variance.max()
