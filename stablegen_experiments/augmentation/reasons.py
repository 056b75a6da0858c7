"""Why do blurred pictures of exceptions help a biased classifier? Lesson 10 takes things out of them.

The same generator, pictures and classifiers as in "gap" of `trials.py`; the mouth, the label or the face
itself is taken away. What no longer helps then, was a reason.
"""

import torch

from stablegen_experiments.augmentation import ways
from stablegen_lib import augmentation
from stablegen_lib.data.image_set import ImageSet

MOUTH = (slice(8, 13), slice(5, 11))  # rows and columns of a face in which happy and sad differ, and a rim


def reasons(size: int, seed: int, steps: int) -> dict[str, ways.Scores]:
    """The biased set of "gap" with the exceptions of its own generator, whole and with something missing."""
    biased = ways.biased_set(size, seed)
    mouths = augmentation.with_only(biased, "mouth")
    model = ways.train_generator(biased, ways.AUGMENTED, steps, seed)
    whole = ways.rare_examples(model, biased, seed)
    extras = {
        "nothing": None,
        "generated, same faces": whole,
        "mouths covered": covered(whole),
        "labels dealt out": dealt_out(whole, seed),
        "coloured squares": squares(biased),
    }
    return {way: ways.by_group(augmentation.train_classifier(mouths, extra=extra, seed=seed))
            for way, extra in extras.items()}  # fmt: skip


def covered(images: ImageSet) -> ImageSet:
    """Every mouth under the same patch: the mean of all these mouths."""
    pixels = images.images.clone()
    place = (slice(None), slice(None), *MOUTH)
    pixels[place] = pixels[place].float().mean(dim=0).round().to(pixels.dtype)
    return ImageSet(pixels, images.conditions, images.condition_names, name=images.name)


def dealt_out(images: ImageSet, seed: int) -> ImageSet:
    """The same pictures and the same labels, but nobody keeps his own."""
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(seed))
    return ImageSet(images.images, images.conditions[order], images.condition_names, name=images.name)


def squares(biased: ImageSet) -> ImageSet:
    """The backgrounds of the exceptions with their labels, and no face at all."""
    known = augmentation.with_only(biased, "mouth")
    mouths, backgrounds = ways.GAP.values()
    codes = [colour.partition("#")[2][:6] for colour in backgrounds[::-1]]
    colours = torch.tensor([list(bytes.fromhex(code)) for code in codes], dtype=torch.uint8)
    side = biased.images.shape[-1]
    pixels = colours[:, :, None, None].expand(-1, -1, side, side).contiguous()
    conditions = torch.stack([known.condition(mouth=mouth) for mouth in mouths])
    return ImageSet(pixels, conditions, known.condition_names, name="squares")
