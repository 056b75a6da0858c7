"""Calls that once ended in a number for nonsense, or in an error from inside torch, one by one.

`test_doors.py` finds their kind; here stands what was reported, as it was reported.
"""

import inspect
from functools import partial

import examples
import numpy as np
import pytest
import tiny
import torch

from stablegen_experiments.survival import stacked_digits
from stablegen_lib import augmentation, data, diffusion, latent, metrics, training, vae
from stablegen_lib.diffusion import NoiseSchedule
from stablegen_lib.stablegen import StableGen

ROWS = torch.randn(30, 4, generator=torch.Generator().manual_seed(0))
PICTURES = torch.zeros(4, 3, 8, 8)
plain = inspect.unwrap  # of innermost functions, without the tests' own checks of shapes
LEVELS = NoiseSchedule.linear(levels=1000)


@pytest.fixture(scope="module")
def judge():
    return metrics.AttributeClassifier.load(data.data_dir() / "weights" / "faces_classifier.safetensors")


@pytest.fixture(scope="module")
def faces():
    return examples.faces("test")[:40]


def small_vae():
    images = tiny.pictures()
    return vae.VAE.for_images(images, latent_dim=3, width=4), images


CLOUDS = (ROWS[:, :3], ROWS[0], ROWS[None], ROWS[:0])
CALLS = {
    "a seed of 3.0": (lambda: latent.draw(3, 5, seed=3.0), "seed must be a whole number"),
    "a ring of 1.5 modes": (lambda: data.ring(count=1.5), "count must be a whole number"),
    "no width": (lambda: StableGen.for_points(width=0), "width must be a whole number"),
    "-5 steps": (lambda: vae.train(*small_vae(), steps=-5), "steps must be"),
    "no batch": (lambda: vae.train(*small_vae(), steps=1, batch_size=0), "batch_size must be"),
    "-1 pictures": (lambda: augmentation.choose(tiny.pictures(), -1, 0), "count must be"),
    "a recipe without a batch": (lambda: training.Recipe("own", batch_size=0), "batch_size"),
    "saved every NaN steps": (
        lambda: training.train(tiny.point_model(), data.ring(), steps=1, save_every=float("nan")),
        "save_every must be a whole number"),
    "a step towards more noise": (
        lambda: diffusion.ddpm_step(LEVELS, ROWS, x0=ROWS, fresh=ROWS, t=400, to=500), "a level below t=400"),
    "noise that many share": (
        lambda: diffusion.add_noise(LEVELS, ROWS, noise=ROWS[:1], t=torch.arange(30)), "shape"),
    "6 against 6 times 1": (
        lambda: plain(vae.elbo)(log_likelihood=ROWS[:6, 0], kl=ROWS[:6, :1]), "one shape"),
    "noise of one row": (
        lambda: plain(vae.reparameterise)(mean=ROWS, log_variance=ROWS, noise=ROWS[0]), "one shape"),
    "one reconstruction for four": (
        lambda: plain(vae.log_likelihood)(PICTURES, reconstruction=PICTURES[:1], deviation=0.1), "one shape"),
    "labels 0 and 5": (
        lambda: latent.attribute_direction(ROWS, torch.arange(30) % 2 * 5), "labels must be yes or no"),
    "300 pictures with 20 conditions": (
        lambda: metrics.same_condition_spread(torch.zeros(300, 3, 8, 8), torch.ones(20, 4)),
        r"shape \(300, condition\)"),
    "no neighbours": (
        lambda: metrics.density_coverage(ROWS, ROWS, neighbours=0), "neighbours must be a whole number"),
    **{f"{measure.__name__} of {tuple(cloud.shape)}": (partial(measure, ROWS, cloud), "other|generated")
       for measure in (metrics.frechet_distance, metrics.kernel_distance, metrics.density_coverage)
       for cloud in CLOUDS},
}  # fmt: skip


@pytest.mark.parametrize(("call", "sentence"), CALLS.values(), ids=CALLS)
def test_what_cannot_be_is_refused_in_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


@pytest.mark.parametrize("ask", [
    lambda seed: latent.draw(3, 5, seed=seed),
    lambda seed: data.ring(samples=9, seed=seed).points,
    lambda seed: StableGen.for_points(width=4, seed=seed, device="cpu").sample(3, seed=seed),
    lambda seed: augmentation.choose(tiny.pictures(), 3, seed).images,
])  # fmt: skip
def test_a_seed_of_numpy_is_the_number_that_it_is(ask):
    assert torch.equal(ask(np.int64(3)), ask(3))
    assert not torch.equal(ask(np.int64(4)), ask(3))


@pytest.mark.parametrize(("spoil", "sentence"), [
    (lambda pixels: (pixels + 1) * 127.5, "must be pixels from -1 to 1"),
    (lambda pixels: pixels / 0, "must be finite pixels"),
    (lambda pixels: pixels * 5, "must be pixels from -1 to 1"),
])  # fmt: skip
def test_the_judge_says_nothing_about_what_is_no_picture(judge, faces, spoil, sentence):
    pixels = data.to_unit_range(faces.images)
    verdict = metrics.obeyed(judge, pixels, faces.conditions)
    assert torch.stack([*verdict.values()]).float().mean() > 0.95
    for ask in (metrics.features, lambda judge, images: judge(images),
                lambda judge, images: metrics.obeyed(judge, images, faces.conditions)):  # fmt: skip
        with pytest.raises(ValueError, match=sentence):
            ask(judge, spoil(pixels))


def test_numbers_are_read_from_whole_stacks_of_digits_only(judge):
    with pytest.raises(ValueError, match="images"):
        stacked_digits.read_numbers(judge, torch.zeros(3, 1, 28, 28))
