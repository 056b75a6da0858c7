"""Claims about the curve of guidance: it belongs to the shipped weights, and the default was read from it."""

import inspect

import examples
import pytest
import torch

from stablegen_experiments import guidance
from stablegen_lib import data, metrics
from stablegen_lib.latent_diffusion.prompted import PromptedGenerator

FARTHEST = 200  # Fréchet distance that the recommended guidance may cost; real faces have 81, the GAN 176
ASKED, REAL = examples.faces("validation")[:150], examples.faces("test")
CURVE = guidance.curve()
BY_SCALE = {row["guidance"]: row for row in CURVE}
DEFAULT = inspect.signature(PromptedGenerator).parameters["guidance_scale"].default


class Sketcher:
    """Draws the very faces whose conditions come, or the same in another order."""

    def __init__(self, shift: int) -> None:
        self.shift = shift

    def sample(self, *, conditions, seed, steps, guidance_scale):
        rows = (conditions[:, None] == ASKED.conditions).all(dim=2).int().argmax(dim=1)
        return data.to_unit_range(ASKED.images[rows.roll(self.shift)])


def point(shift):
    judge = metrics.AttributeClassifier.load(data.data_dir() / "weights" / "faces_classifier.safetensors")
    return guidance.point(Sketcher(shift), judge, asked=ASKED, real=REAL, guidance=2.0)


@pytest.mark.slow
def test_who_swaps_the_faces_keeps_distance_and_coverage_and_loses_obedience():
    right, swapped = point(0), point(1)
    assert right["distance"] == pytest.approx(swapped["distance"], rel=0.01)
    assert right["coverage"] == pytest.approx(swapped["coverage"], abs=0.02)
    assert min(right["obeyed"].values()) > 0.85
    assert swapped["obeyed"]["hair colour"] < 0.5
    assert (right["guidance"], right["count"]) == (2.0, 150)


def test_the_stored_curve_belongs_to_the_shipped_weights_and_reaches_to_8():
    assert {1, 1.25, 1.5, 2, 3, 5, 8} <= BY_SCALE.keys()
    assert {row["count"] for row in CURVE} == {2_000}
    assert {row["steps"] for row in CURVE} == {20}
    sums = (guidance.WEIGHTS / "latent_diffusion" / "SHA256SUMS").read_text(encoding="utf-8")
    assert f"{guidance.fingerprint()}" in sums


def test_the_default_guidance_is_the_largest_measured_one_that_stays_near_real_faces():
    near = [row["guidance"] for row in CURVE if row["guidance"] >= 1 and row["distance"] <= FARTHEST]
    assert max(near) == DEFAULT


def test_with_more_guidance_faces_are_always_farther_from_real_ones():
    distances = torch.tensor([row["distance"] for row in CURVE if row["guidance"] >= 1])
    assert (distances.diff() > 0).all()
