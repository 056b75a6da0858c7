"""Claims about fused training: what is shared is one thing, what moves it is the gradients we say."""

import copy

import pytest
import tiny
import torch

from stablegen_experiments.survival import fused
from stablegen_lib import data, log_loss, training
from stablegen_lib.stablegen import StableGen

RECIPE = tiny.recipe(name="tiny", batch_size=16)


def pair(**options):
    return StableGen.for_points(width=8, seed=1, device="cpu", **options)


def trained(way, steps=3, recipe=RECIPE, model=None):
    model = model or pair()
    for _ in fused.train(model, data.ring(), way=way, steps=steps, recipe=recipe, seed=2):
        pass
    return model


def test_a_shared_trunk_is_all_hidden_layers_but_the_first():
    model = fused.share_trunk(pair(depth=3))
    own = {id(weight) for weight in model.generator.parameters()}
    shared = [name for name, weight in model.discriminator.named_parameters() if id(weight) in own]
    assert shared == ["features.2.weight", "features.2.bias", "features.4.weight", "features.4.bias"]


def test_what_cannot_share_is_refused():
    with pytest.raises(ValueError, match="at least two hidden layers"):
        fused.share_trunk(pair(depth=1))
    with pytest.raises(ValueError, match="for_points"):
        fused.share_trunk(StableGen.for_images(tiny.pictures(), width=4, device="cpu"))


@pytest.mark.parametrize("way", fused.WAYS)
def test_only_a_trunk_is_shared_and_it_stays_so(way):
    model = trained(way)
    same = model.generator.layers[2] is model.discriminator.features[2]
    assert same == ("trunk" in way)
    assert all(weight.isfinite().all() for weight in model.state_dict().values())


def test_one_step_takes_both_gradients_at_the_same_weights():
    before, after = pair(), trained("one step", steps=1)
    random = torch.Generator().manual_seed(2)
    torch.randint(len(data.ring()), (16,), generator=random)  # the real samples are drawn first
    z, x = torch.randn(16, 2, generator=random), torch.zeros(16, 0)
    fake = before.generator(x, z)
    log_loss.non_saturating_loss(before.discriminator(x, fake)).backward()
    torch.optim.Adam(before.generator.parameters(), lr=1e-3).step()  # D has not moved before
    for mine, theirs in zip(before.generator.parameters(), after.generator.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs)


def test_in_turn_the_same_draws_give_the_first_step_of_the_ordinary_loop():
    """With a trunk D's turn comes first: then G's loss is that of the D that has just moved."""
    ordinary, one_step = pair(), trained("one step", steps=1)
    for _ in training.train(ordinary, data.ring(), steps=1, recipe=RECIPE, seed=2):
        pass
    for mine, theirs in zip(
        ordinary.discriminator.parameters(), one_step.discriminator.parameters(), strict=True
    ):
        torch.testing.assert_close(mine, theirs)
    moved = zip(ordinary.generator.parameters(), one_step.generator.parameters(), strict=True)
    assert any(not torch.allclose(mine, theirs, atol=1e-6) for mine, theirs in moved)


def test_the_generators_loss_never_moves_what_belongs_to_the_discriminator_alone():
    model = pair()
    losses = fused._losses(model, torch.zeros(4, 0), torch.randn(4, 2), torch.randn(4, 2), 0.0)
    losses[1].backward()
    assert all(weight.grad is None for weight in model.discriminator.parameters())
    assert all(weight.grad is not None for weight in model.generator.parameters())


def test_a_shared_trunk_gets_the_sum_of_both_gradients():
    model = fused.share_trunk(pair())
    losses = fused._losses(model, torch.zeros(4, 0), torch.randn(4, 2), torch.randn(4, 2), 0.0)
    trunk = model.generator.layers[2].weight
    wanted = sum(torch.autograd.grad(loss, trunk, retain_graph=True)[0] for loss in losses)
    fused._move_both(model, torch.optim.Adam([trunk], lr=1e-3), losses)
    torch.testing.assert_close(trunk.grad, wanted)


def test_the_penalty_counts():
    plain = trained("one step", recipe=RECIPE)
    with_penalty = trained("one step", recipe=tiny.recipe(name="tiny", batch_size=16, r1_gamma=5.0))
    mine, theirs = (copy.deepcopy(m.discriminator.realness.weight) for m in (plain, with_penalty))
    assert not torch.allclose(mine, theirs)


def test_a_wrong_way_and_a_wrong_loss_are_refused_at_once():
    for way, recipe in (("together", RECIPE), ("one step", tiny.recipe(loss="minimax"))):
        with pytest.raises(ValueError, match="were needed"):
            fused.train(pair(), data.ring(), way=way, steps=1, recipe=recipe)
    with pytest.raises(ValueError, match="-1 came"):
        fused.train(pair(), data.ring(), way="trunk", steps=-1, recipe=RECIPE)


def test_a_loss_that_is_not_finite_stops_the_run():
    wild = tiny.recipe(generator_learning_rate=1e30, discriminator_learning_rate=1e30)
    for way in fused.WAYS:
        with pytest.raises(training.TrainingStopped):
            trained(way, steps=60, recipe=wild)
