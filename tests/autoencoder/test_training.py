"""Claims about the autoencoder that a discriminator helps to train: networks, weight, loop, files."""

import math

import pytest
import tiny
import torch

from stablegen_lib import autoencoder, data, training


def pictures(count: int = 8, size: int = 16, channels: int = 3) -> torch.Tensor:
    return data.to_unit_range(tiny.pictures(count=count, size=size, channels=channels).images)


def small(**options) -> autoencoder.Autoencoder:
    return autoencoder.Autoencoder(**{"width": 8, **options})


# The networks.


@pytest.mark.parametrize(("halvings", "latent_channels", "channels"), [(1, 2, 3), (2, 4, 1), (3, 4, 3)])
def test_pictures_become_a_small_map_and_pictures_again(halvings, latent_channels, channels):
    y = pictures(channels=channels)
    model = small(halvings=halvings, latent_channels=latent_channels, channels=channels)
    side = 16 // 2**halvings
    assert model.maps(y).shape == (len(y), latent_channels, side, side)
    assert model.reconstruct(y).shape == y.shape
    assert model.reconstruct(y).abs().max() <= 1


def test_a_place_of_the_map_knows_its_neighbourhood_and_not_the_far_corner():
    model, y = small(), pictures(count=1, size=32)
    changed = y.clone()
    changed[..., -4:, -4:] *= -1
    before, after = model.maps(y), model.maps(changed)
    torch.testing.assert_close(before[..., 0, 0], after[..., 0, 0])
    assert not torch.allclose(before[..., -1, -1], after[..., -1, -1])


def test_one_logit_for_each_overlapping_patch_of_8_by_8_pixels():
    judge = autoencoder.PatchDiscriminator()
    y = pictures(count=1)
    assert judge(y).shape == (1, 8, 8)
    seen = torch.zeros_like(y).requires_grad_()
    judge(seen)[0, 4, 4].backward()
    reached = seen.grad.abs().sum(dim=(0, 1)).nonzero()
    sides = reached.max(dim=0).values - reached.min(dim=0).values + 1
    assert sides.tolist() == [8, 8]


@pytest.mark.parametrize(("halvings", "side"), [(1, 8), (2, 18), (3, 38)])
def test_a_verdict_sees_a_patch_of_this_side_and_no_more(halvings, side):
    y = torch.randn(1, 3, 96, 96, requires_grad=True)
    logits = autoencoder.PatchDiscriminator(width=4, halvings=halvings)(y)
    middle = logits.shape[-1] // 2
    logits[0, middle, middle].backward()
    seen = y.grad[0].abs().sum(dim=0) > 0
    assert (int(seen.any(dim=1).sum()), int(seen.any(dim=0).sum())) == (side, side)


def test_feature_maps_double_with_each_halving_up_to_the_widest():
    made = autoencoder.Autoencoder(halvings=3, width=4, widest=8)
    wide = [layer.out_channels for layer in made.encoder if isinstance(layer, torch.nn.Conv2d)]
    assert wide == [4, 8, 8, 8, 8, 8, 8, 8]
    same = autoencoder.Autoencoder(halvings=3, width=4)
    assert {layer.out_channels for layer in same.encoder[:-1] if isinstance(layer, torch.nn.Conv2d)} == {4}


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="latent_channels must be a whole number of at least 1"):
        small(latent_channels=0)
    with pytest.raises(ValueError, match="sides that 4 divides"):
        small().reconstruct(torch.zeros(1, 3, 18, 16))


def test_the_seed_decides_the_weights_and_nobody_elses_random_numbers_move():
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    first, same, other = small(seed=1), small(seed=1), small(seed=2)
    torch.testing.assert_close(torch.rand(1), expected)
    assert tiny.equal(first.state_dict(), same.state_dict())
    assert not tiny.equal(first.state_dict(), other.state_dict())


# The weight between the losses.


def test_the_weight_is_the_ratio_of_the_gradients_lengths():
    weights = torch.tensor([3.0, 4.0], requires_grad=True)
    reconstruction = (weights * torch.tensor([6.0, 8.0])).sum()  # gradient of length 10
    adversarial = (weights * torch.tensor([0.0, 2.0])).sum()  # of length 2
    told = {"reconstruction_loss": reconstruction, "last_layer": weights}
    weight = autoencoder.adaptive_weight(**told, adversarial_loss=adversarial)
    assert weight.item() == pytest.approx(5, rel=1e-4)
    assert not weight.requires_grad
    quieter = autoencoder.adaptive_weight(**told, adversarial_loss=adversarial / 10)
    assert quieter.item() == pytest.approx(50, rel=1e-4)  # whatever its units: the pull stays the same


def test_a_loss_without_gradient_does_not_make_the_weight_infinite():
    weights = torch.ones(2, requires_grad=True)
    told = {"reconstruction_loss": weights.sum(), "adversarial_loss": (0 * weights).sum()}
    assert autoencoder.adaptive_weight(**told, last_layer=weights).item() == 1e4


def test_both_losses_pull_equally_hard_at_the_last_layer():
    model, judge, y = small(), autoencoder.PatchDiscriminator(), pictures()
    redrawn = model.decode(model.encode(y)[0])
    losses = (redrawn - y).abs().mean(), -judge(redrawn).sigmoid().log().mean()
    told = dict(zip(("reconstruction_loss", "adversarial_loss"), losses, strict=True))
    weight = autoencoder.adaptive_weight(**told, last_layer=model.last_layer)
    pulls = [
        torch.autograd.grad(loss, model.last_layer, retain_graph=True)[0].norm()
        for loss in (losses[0], weight * losses[1])
    ]
    torch.testing.assert_close(*pulls, rtol=1e-3, atol=0)


# The loop.


def test_training_lowers_the_error():
    model, y = small(), torch.linspace(-0.9, 0.9, 8).view(8, 1, 1, 1).expand(8, 3, 16, 16)
    steps = list(autoencoder.train(model, y, steps=60, batch_size=8, learning_rate=0.01))
    assert [step.number for step in steps] == list(range(1, 61))
    assert steps[-1].error < 0.5 * steps[0].error
    assert {step.discriminator_loss for step in steps} == {0.0}


def test_the_discriminator_joins_when_told_and_learns_from_then_on():
    model, judge, y = small(), autoencoder.PatchDiscriminator(width=8), pictures()
    untrained = tiny.copied(judge.state_dict())
    run = autoencoder.train(model, y, steps=6, discriminator=judge, discriminator_from=4, batch_size=4)
    first = [next(run) for _ in range(3)]
    assert tiny.equal(judge.state_dict(), untrained)
    rest = list(run)
    assert not tiny.equal(judge.state_dict(), untrained)
    assert all(step.weight == step.generator_loss == step.discriminator_loss == 0 for step in first)
    assert all(min(step.weight, step.generator_loss, step.discriminator_loss) > 0 for step in rest)
    assert rest[0].discriminator_loss == pytest.approx(2 * math.log(2), abs=0.3)  # it cannot tell yet


def test_until_it_joins_nothing_differs_and_afterwards_something_does():
    y = pictures()

    def trained(**options) -> dict[str, torch.Tensor]:
        model = small()
        list(autoencoder.train(model, y, steps=4, batch_size=4, **options))
        return tiny.copied(model.state_dict())

    def judge() -> autoencoder.PatchDiscriminator:
        return autoencoder.PatchDiscriminator(width=8)

    assert tiny.equal(trained(), trained(discriminator=judge(), discriminator_from=5))
    assert tiny.equal(trained(), trained(discriminator=judge(), discriminator_weight=0.0))
    assert not tiny.equal(trained(), trained(discriminator=judge(), discriminator_from=2))
    assert not tiny.equal(trained(seed=1), trained())


def test_the_discriminators_step_leaves_the_autoencoder_alone():
    """With factor 0 its opinion has no weight, so only a leak of its own loss could move the decoder."""
    y, moved = pictures(), []
    for judge in (None, autoencoder.PatchDiscriminator(width=8)):
        model = small()
        list(autoencoder.train(model, y, steps=1, batch_size=4, discriminator=judge, discriminator_weight=0))
        moved.append(tiny.copied(model.state_dict()))
    assert tiny.equal(*moved)


def test_a_heavy_kl_empties_the_map_and_none_lets_it_grow():
    y, ends = pictures(), {}
    for kl_weight in (0.0, 1.0):
        run = autoencoder.train(small(), y, steps=40, batch_size=8, learning_rate=0.01, kl_weight=kl_weight)
        *_, end = run
        ends[kl_weight] = end.kl
    assert ends[1.0] < 1 < 5 < ends[0.0]


# Files.


def test_it_is_saved_and_loaded(tmp_path):
    model, y = small(latent_channels=2, seed=3), pictures()
    model.save(tmp_path / "mine.safetensors")
    loaded = autoencoder.Autoencoder.load(tmp_path / "mine.safetensors")
    assert tiny.equal(loaded.state_dict(), model.state_dict())
    assert loaded.blueprint == model.blueprint
    model.save(tmp_path / "half.safetensors", dtype="float16")
    coarse = autoencoder.Autoencoder.load(tmp_path / "half.safetensors")
    torch.testing.assert_close(coarse.reconstruct(y), model.reconstruct(y), atol=0.01, rtol=0)


def test_foreign_or_missing_files_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError):
        autoencoder.Autoencoder.load(tmp_path / "nothing.safetensors")
    with pytest.raises(ValueError, match="no autoencoder"):
        autoencoder.Autoencoder.load(data.data_dir() / "weights" / "faces_classifier.safetensors")


@pytest.mark.parametrize("who", ["autoencoder", "discriminator"])
def test_training_stops_before_a_loss_that_is_no_number_reaches_the_weights(who):
    model, judge = small(), autoencoder.PatchDiscriminator(width=4)
    with torch.no_grad():
        (model.encoder if who == "autoencoder" else judge.layers)[0].weight[0] = float("nan")
    with pytest.raises(training.TrainingStopped, match="step 1: the autoencoder's loss is nan"):
        next(autoencoder.train(model, pictures(), steps=2, discriminator=judge, batch_size=4))
    assert who == "autoencoder" or all(weight.isfinite().all() for weight in model.parameters())


def test_losses_that_hang_on_nothing_have_no_weight():
    layer = torch.ones(3, requires_grad=True)
    with pytest.raises(ValueError, match="hang on the decoder's last weights"):
        autoencoder.adaptive_weight(reconstruction_loss=layer.sum(), adversarial_loss=torch.tensor(1.0),
                                    last_layer=layer)  # fmt: skip


def test_each_of_the_two_has_its_own_learning_rate():
    def change(**rates):
        judge, model = autoencoder.PatchDiscriminator(width=4), small()
        before = [part.detach().clone() for part in (judge.layers[0].weight, model.last_layer)]
        list(autoencoder.train(model, pictures(), steps=1, discriminator=judge, batch_size=4, **rates))
        after = (judge.layers[0].weight, model.last_layer)
        return [(new - old).abs().max().item() for new, old in zip(after, before, strict=True)]

    both = change(learning_rate=1e-3)
    apart = change(learning_rate=1e-3, discriminator_learning_rate=1e-2)
    assert both == pytest.approx([1e-3, 1e-3], rel=0.1)  # Adam's first step is as long as its rate
    assert apart == pytest.approx([1e-2, 1e-3], rel=0.1)
