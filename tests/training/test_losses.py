"""Claims about the recipe's options: what each one changes in a step, against formulas written out here."""

import copy
import dataclasses

import pytest
import tiny
import torch
import torch.nn.functional as F

from stablegen_lib import data, training
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training import losses as recipe_loss
from stablegen_lib.training.batches import Batches

IMAGES, POINTS = tiny.pictures(), data.ring(samples=60)
OPTIONS = {
    "relativistic": {"loss": "relativistic"},
    "relativistic, mismatched": {"loss": "relativistic", "mismatch": True},
    "label smoothing": {"label_smoothing": 0.2},
    "instance noise": {"instance_noise": 0.3, "instance_noise_steps": 5},
    "decay": {"decay_steps": 4, "learning_rate_decay": 0.1, "penalty_decay": 0.2, "r1_gamma": 0.5},
    "all": {
        "loss": "relativistic",
        "mismatch": True,
        "instance_noise": 0.3,
        "decay_steps": 4,
        "learning_rate_decay": 0.1,
        "r1_gamma": 0.5,
        "r2_gamma": 0.3,
        "penalty_every": 2,
    },
}


def model_for(dataset):
    return tiny.point_model() if dataset is POINTS else tiny.model(dataset)


def state_of(model, **changes):
    return training.start(model, tiny.recipe(**changes), seed=0)


def batch(model, size=6):
    random = torch.Generator().manual_seed(1)
    x, real, z = Batches(model, IMAGES, torch.contiguous_format).draw(size, random)
    return x, real, model.generator(x, z).detach()


def after(steps, dataset, **changes):
    model = model_for(dataset)
    taken = list(training.train(model, dataset, steps=steps, recipe=tiny.recipe(**changes), seed=0))
    return taken[-1], tiny.copied(model.state_dict())


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("dataset", [IMAGES, POINTS], ids=["images", "points"])
def test_each_option_changes_the_run(name, dataset):
    on = OPTIONS[name]
    if dataset is POINTS and "mismatch" in on:
        on = {**on, "mismatch": False}
    assert not tiny.equal(after(3, dataset, **on)[1], after(3, dataset)[1])


@pytest.mark.parametrize("name", OPTIONS)
def test_resuming_with_each_option_equals_never_having_stopped_bit_for_bit(tmp_path, name):
    _, whole = after(7, IMAGES, **OPTIONS[name])
    model = tiny.model(IMAGES)
    for step in training.train(model, IMAGES, steps=3, recipe=tiny.recipe(**OPTIONS[name]), seed=0):
        training.save_state(tmp_path / "run", model, step.state)
    resumed, state = training.resume(tmp_path / "run", device="cpu")
    for _ in training.train(resumed, IMAGES, steps=4, state=state):
        pass
    assert tiny.equal(resumed.state_dict(), whole)


def test_switched_off_the_options_draw_no_random_numbers_and_change_nothing():
    explicit = {"label_smoothing": 0.0, "instance_noise": 0.0, "decay_steps": 0, "learning_rate_decay": 0.1}
    step, weights = after(3, IMAGES, **explicit)
    plain_step, plain_weights = after(3, IMAGES)
    assert tiny.equal(weights, plain_weights)
    assert torch.equal(step.state.random.get_state(), plain_step.state.random.get_state())


def test_the_relativistic_loss_of_d_compares_pairs_of_one_condition():
    model = tiny.model(IMAGES)
    x, real, fake = batch(model)
    loss, _, answers = recipe_loss.discriminator_loss(
        model, x, real, fake, state_of(model, loss="relativistic")
    )
    lead = model.discriminator(x, real) - model.discriminator(x, fake)
    assert loss.item() == pytest.approx(F.softplus(-lead).mean().item(), rel=1e-5)
    assert answers[0] == pytest.approx(lead.sigmoid().mean().item(), rel=1e-5)
    assert sum(answers) == pytest.approx(1)


def test_a_mismatched_picture_is_compared_with_itself_under_its_own_condition():
    model = tiny.model(IMAGES)
    x, real, fake = batch(model)
    state = state_of(model, loss="relativistic", mismatch=True)
    loss, _, _ = recipe_loss.discriminator_loss(model, x, real, fake, state)
    real_logits, fake_logits = model.discriminator(x, real), model.discriminator(x, fake)
    leads = list(real_logits - fake_logits)
    for i in range(len(x)):
        if not torch.equal(x[i], x[i - 1]):
            leads.append(real_logits[i] - model.discriminator(x[i - 1 : i or None][:1], real[i : i + 1])[0])
    assert len(leads) > len(x)
    assert loss.item() == pytest.approx(F.softplus(-torch.stack(leads)).mean().item(), rel=1e-5)


def test_the_relativistic_loss_of_g_is_that_of_d_with_the_roles_exchanged():
    model = tiny.model(IMAGES)
    x, real, fake = batch(model)
    fake = fake.requires_grad_(True)
    loss = recipe_loss.generator_loss(model, x, real, fake, state_of(model, loss="relativistic"))
    expected = F.softplus(model.discriminator(x, real) - model.discriminator(x, fake)).mean()
    assert loss.item() == pytest.approx(expected.item(), rel=1e-5)
    (slope,) = torch.autograd.grad(loss, fake)
    (expected_slope,) = torch.autograd.grad(expected, fake)
    torch.testing.assert_close(slope, expected_slope)


def test_smooth_labels_are_one_sided():
    model = tiny.model(IMAGES)
    x, real, fake = batch(model)
    loss, _, _ = recipe_loss.discriminator_loss(model, x, real, fake, state_of(model, label_smoothing=0.1))
    real_logits, fake_logits = model.discriminator(x, real), model.discriminator(x, fake)
    bce = F.binary_cross_entropy_with_logits
    expected = bce(real_logits, torch.full_like(real_logits, 0.9)) + bce(fake_logits, torch.zeros(len(x)))
    assert loss.item() == pytest.approx(expected.item(), rel=1e-5)


def test_instance_noise_has_the_size_that_is_left_and_both_players_see_it(monkeypatch):
    model = model_for(POINTS)
    state = state_of(model, instance_noise=0.5, instance_noise_steps=10)
    still = torch.zeros(4000, 2)
    for number, deviation in ((0, 0.5), (5, 0.25)):
        state.number = number
        assert recipe_loss.noisy(still, state).std().item() == pytest.approx(deviation, rel=0.05)
    state.number = 10
    assert torch.equal(recipe_loss.noisy(still, state), still)
    state.number, seen = 0, []
    monkeypatch.setattr(recipe_loss, "noisy", lambda samples, state: seen.append(len(samples)) or samples)
    x = torch.zeros(3, 0)
    recipe_loss.discriminator_loss(model, x, still[:3], still[:3], state)
    assert len(seen) == 2
    recipe_loss.generator_loss(model, x, still[:3], still[:3], state)
    assert len(seen) == 3


def test_g_learns_through_the_noise():
    model = tiny.model(IMAGES)
    x, real, fake = batch(model)
    fake = fake.requires_grad_(True)
    recipe_loss.generator_loss(model, x, real, fake, state_of(model, instance_noise=0.5)).backward()
    assert fake.grad.abs().sum() > 0


def test_rates_and_penalties_decay_over_a_run():
    recipe = {"decay_steps": 4, "learning_rate_decay": 0.01, "penalty_decay": 0.01, "r1_gamma": 1.0}
    model, rates = tiny.model(IMAGES), []
    for step in training.train(model, IMAGES, steps=6, recipe=tiny.recipe(**recipe), seed=0):
        groups = [
            *step.state.generator_optimizer.param_groups,
            *step.state.discriminator_optimizer.param_groups,
        ]
        assert groups[0]["lr"] == groups[1]["lr"]
        rates.append(groups[0]["lr"])
    assert rates == pytest.approx([1e-3 * 0.01 ** (min(number, 4) / 4) for number in range(6)])
    x, real, fake = batch(model)
    state = state_of(model, **recipe)
    whole = recipe_loss.discriminator_loss(model, x, real, fake, state)[1].item()
    state.number = 4
    assert recipe_loss.discriminator_loss(model, x, real, fake, state)[1].item() == pytest.approx(
        0.01 * whole
    )


def test_a_relativistic_step_works_with_batch_statistics_in_d():
    model = tiny.point_model()
    layers = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 1))

    class Judge(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = layers

        def forward(self, x, y):
            return self.layers(y).squeeze(1)

    own = StableGen(copy.deepcopy(model.generator), Judge(), latent_dim=2, device="cpu")
    steps = list(training.train(own, POINTS, steps=2, recipe=tiny.recipe(loss="relativistic", mismatch=True)))
    assert [step.number for step in steps] == [1, 2]


def test_old_states_without_the_new_fields_are_still_read():
    old = {
        name: value
        for name, value in training.STABLE.as_dict().items()
        if name not in ("label_smoothing", "instance_noise", "instance_noise_steps", "decay_steps",
                        "learning_rate_decay", "penalty_decay")
    }  # fmt: skip
    assert training.Recipe.from_dict(old) == dataclasses.replace(training.STABLE)
