"""Claims about every training loop: a loss that is no number ends it, and that step changes no weight."""

import math

import pytest
import torch

from stablegen_lib import augmentation, data, diffusion
from stablegen_lib.plumbing.stopping import TrainingStopped

NAN = math.nan


def spoilt(network):
    """One weight is no number any more."""
    with torch.no_grad():
        [*network.parameters()][-1].view(-1)[0] = NAN
    return network


def stops(steps, network, who):
    before = [weight.clone() for weight in network.parameters()]
    with pytest.raises(TrainingStopped, match=rf"step \d+: the {who}'s loss is nan"):
        list(steps)
    for old, now in zip(before, network.parameters(), strict=True):
        torch.testing.assert_close(now, old, equal_nan=True, rtol=0, atol=0)


def test_the_loop_of_points():
    model = spoilt(diffusion.PointDenoiser(8))
    stops(diffusion.train_points(model, diffusion.NoiseSchedule.linear(), torch.randn(9, 2), steps=3),
          model, "denoiser")  # fmt: skip


def test_the_loop_of_classifiers(monkeypatch):
    untrained = augmentation._untrained
    monkeypatch.setattr(augmentation, "_untrained", lambda *about: spoilt(untrained(*about)))
    pictures = data.ImageSet(torch.zeros(6, 3, 8, 8, dtype=torch.uint8), torch.eye(2).repeat(3, 1),
                             ("hat=no", "hat=yes"), "black")  # fmt: skip
    with pytest.raises(TrainingStopped, match="step 1: the classifier's loss is nan"):
        augmentation.train_classifier(pictures, steps=2)


@pytest.mark.parametrize(
    ("loop", "network", "who"),
    [
        ("train_autoencoder", lambda arguments: arguments["autoencoder"], "autoencoder"),
        ("train_prompts", lambda arguments: arguments["run"].unet, "U-Net"),
        ("train_patch", lambda arguments: arguments["model"], "network"),
    ],
)
def test_the_loops_of_lesson_13(loop, network, who):
    pytest.importorskip("diffusers", reason="the extra [diffusion] is not installed")
    from walk_prompted import PROMPTED

    from stablegen_lib import latent_diffusion

    arguments = PROMPTED[f"latent_diffusion.{loop}"]()
    stops(getattr(latent_diffusion, loop)(**arguments), spoilt(network(arguments)), who)
