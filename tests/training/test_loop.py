"""Claims about the training loop: who moves when, by how much, and what is refused at the door."""

import copy
import dataclasses
import itertools
import math
from dataclasses import dataclass

import pytest
import tiny
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from stablegen_lib import data, log_loss, training
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training import losses
from stablegen_lib.training.batches import Batches

IMAGES = tiny.pictures()
POINTS = data.ring(samples=60)
DATA_SETS = {
    "colour with a condition": IMAGES,
    "grey": tiny.pictures(channels=1),
    "without a condition": tiny.pictures(kinds=0),
    "35 condition entries": tiny.pictures(kinds=35),
    "28 pixels": tiny.pictures(4, size=28, channels=1),
    "one picture": tiny.pictures(1, kinds=1),
    "points": POINTS,
}
RECIPES = {
    "article": tiny.recipe(training.ARTICLE),
    "R1": tiny.recipe(r1_gamma=0.5),
    "lazy R1 and R2": tiny.recipe(r1_gamma=0.5, r2_gamma=0.25, penalty_every=2, averaging_decay=0.9),
    "minimax": tiny.recipe(loss="minimax", betas=(0.0, 0.99)),
    "mismatch": tiny.recipe(mismatch=True, averaging_decay=0.5),
}


@dataclass
class Samples:
    """The least that a data set must have."""

    samples: Tensor
    conditions: Tensor


def made_for(dataset, seed: int = 0) -> StableGen:
    return tiny.point_model(seed) if isinstance(dataset, data.PointSet) else tiny.model(dataset, seed)


def run(model, dataset, steps: int, recipe=RECIPES["article"], **options) -> list[training.Step]:
    return list(training.train(model, dataset, steps=steps, recipe=recipe, **options))


def weights(module: nn.Module) -> list[Tensor]:
    return [parameter.detach().clone() for parameter in module.parameters()]


def moved(before: list[Tensor], module: nn.Module) -> list[bool]:
    return [not torch.equal(*pair) for pair in zip(before, weights(module), strict=True)]


# --- what every run does --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DATA_SETS)
@pytest.mark.parametrize("recipe", [training.ARTICLE, training.STABLE], ids=lambda recipe: recipe.name)
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_every_kind_of_data_trains_with_both_recipes_and_precisions(name, recipe, precision):
    dataset = DATA_SETS[name]
    model = made_for(dataset)
    networks = (model.generator, model.discriminator, model.averaged_generator)
    before = [weights(network) for network in networks]
    steps = run(model, dataset, 3, tiny.recipe(recipe, precision=precision))
    assert [step.number for step in steps] == [1, 2, 3]
    for step in steps:
        assert math.isfinite(step.discriminator_loss)
        assert step.discriminator_loss > 0
        assert math.isfinite(step.generator_loss)
        assert step.penalty >= 0
        assert 0 < step.fake_probability < 1
        assert 0 < step.real_probability < 1
        assert step.seconds > 0
    for old, network in zip(before, networks, strict=True):
        assert all(moved(old, network))
        assert all(p.isfinite().all() and p.dtype == torch.float32 for p in network.parameters())


def test_bfloat16_computes_coarser_than_float32():
    losses = {
        precision: run(made_for(IMAGES), IMAGES, 1, tiny.recipe(precision=precision))[0].discriminator_loss
        for precision in ("float32", "bfloat16")
    }
    assert losses["float32"] == pytest.approx(losses["bfloat16"], rel=0.01)
    assert losses["float32"] != losses["bfloat16"]


@pytest.mark.parametrize("hardware", [True, False])
def test_auto_precision_follows_the_hardware(monkeypatch, hardware):
    monkeypatch.setattr(training.state, "bfloat16_in_hardware", lambda device: hardware)
    automatic, asked = (
        run(made_for(IMAGES), IMAGES, 2, tiny.recipe(precision=precision))[-1].generator_loss
        for precision in ("auto", "bfloat16" if hardware else "float32")
    )
    assert automatic == asked


@pytest.mark.parametrize("asked", ["contiguous", "channels_last"])
def test_pixels_and_weights_lie_in_memory_as_the_recipe_asks(asked):
    model, seen = made_for(IMAGES), []
    model.discriminator.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[1]))
    run(model, IMAGES, 1, tiny.recipe(memory_format=asked))
    layout = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}[asked]
    weights_in_4_dimensions = [p for p in model.discriminator.parameters() if p.ndim == 4]
    assert weights_in_4_dimensions
    assert all(each.is_contiguous(memory_format=layout) for each in [seen[0], *weights_in_4_dimensions])


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_batches_of_pixels_lie_in_memory_as_asked_and_points_as_ever(layout):
    random = torch.Generator().manual_seed(0)
    _, real, _ = Batches(made_for(IMAGES), IMAGES, layout).draw(4, random)
    assert real.is_contiguous(memory_format=layout)
    assert real.abs().max() <= 1
    assert Batches(tiny.point_model(), POINTS, layout).draw(4, random)[1].is_contiguous()


def test_the_memory_format_changes_no_result():
    models = [made_for(IMAGES) for _ in range(2)]
    for model, asked in zip(models, ("contiguous", "channels_last"), strict=True):
        run(model, IMAGES, 3, tiny.recipe(memory_format=asked, r1_gamma=0.1))
    torch.testing.assert_close(models[0].state_dict(), models[1].state_dict(), rtol=1e-4, atol=2e-5)


def test_the_same_seed_gives_the_same_run_and_another_seed_another():
    models = [made_for(IMAGES) for _ in range(3)]
    for model, seed in zip(models, (1, 1, 2), strict=True):
        run(model, IMAGES, 3, seed=seed)
    assert tiny.equal(models[0].state_dict(), models[1].state_dict())
    assert not tiny.equal(models[0].state_dict(), models[2].state_dict())


def test_a_discriminator_that_cannot_tell_has_loss_2_log_2():
    model = made_for(IMAGES)
    with torch.no_grad():
        for parameter in [
            *model.discriminator.realness.parameters(),
            *model.discriminator.match.parameters(),
        ]:
            parameter.zero_()
    (step,) = run(model, IMAGES, 1, tiny.recipe(discriminator_learning_rate=1e-20))
    assert step.discriminator_loss == pytest.approx(2 * math.log(2))
    assert step.generator_loss == pytest.approx(math.log(2))
    assert step.real_probability == step.fake_probability == 0.5


def test_real_points_of_a_gaussian_are_learnt():
    """Two-sided: before, the points lie elsewhere; afterwards, their mean is that of the data."""
    random = torch.Generator().manual_seed(0)
    cloud = Samples(0.3 * torch.randn(500, 2, generator=random) + 2, torch.zeros(500, 0))
    model = StableGen.for_points(latent_dim=2, width=16, device="cpu")
    far = (model.sample(500).mean(dim=0) - 2).norm()
    recipe = tiny.recipe(
        generator_learning_rate=5e-3,
        discriminator_learning_rate=5e-3,
        betas=(0.0, 0.99),
        r1_gamma=0.1,
        averaging_decay=0.9,
        batch_size=64,
    )
    run(model, cloud, 150, recipe)
    assert (model.sample(500).mean(dim=0) - 2).norm() < 0.2 * far


# --- who moves when -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RECIPES)
def test_every_parameter_is_in_exactly_one_optimiser_and_the_average_in_none(name):
    model = made_for(IMAGES)
    state = training.start(model, RECIPES[name])
    owners = [
        id(parameter)
        for optimizer in (state.generator_optimizer, state.discriminator_optimizer)
        for group in optimizer.param_groups
        for parameter in group["params"]
    ]
    assert len(owners) == len(set(owners))
    trained = itertools.chain(model.generator.parameters(), model.discriminator.parameters())
    assert set(owners) == {id(parameter) for parameter in trained}
    assert set(owners).isdisjoint(id(p) for p in model.averaged_generator.parameters())


@pytest.mark.parametrize("name", RECIPES)
def test_in_its_turn_each_network_moves_and_the_others_stand_still(name):
    model, turns = made_for(IMAGES), []
    state = training.start(model, RECIPES[name])
    networks = (model.generator, model.discriminator, model.averaged_generator)
    earlier = {}

    def before(*_):
        earlier.update({network: weights(network) for network in networks})

    def after(who):
        changed = [moved(earlier[network], network) for network in networks]
        turns.append((who, *("all" if all(each) else any(each) for each in changed)))

    for optimizer, who in ((state.generator_optimizer, "G"), (state.discriminator_optimizer, "D")):
        optimizer.register_step_pre_hook(before)
        optimizer.register_step_post_hook(lambda *_, who=who: after(who))
    run(model, IMAGES, 2, state=state)
    assert turns == [("D", False, "all", False), ("G", "all", False, False)] * 2


@pytest.mark.parametrize("name", RECIPES)
def test_no_gradient_of_one_half_reaches_the_network_of_the_other(name):
    model, seen = made_for(IMAGES), []
    state = training.start(model, RECIPES[name])

    def gradients(module):
        return [p.grad is not None and bool(p.grad.abs().sum() > 0) for p in module.parameters()]

    def in_ds_turn(*_):
        seen.append(("D", any(gradients(model.generator)), all(gradients(model.discriminator))))
        model.discriminator.zero_grad(set_to_none=True)  # so that G's half shows what it adds

    def in_gs_turn(*_):
        seen.append(("G", all(gradients(model.generator)), any(gradients(model.discriminator))))
        model.generator.zero_grad(set_to_none=True)

    # After the step, because D's optimiser still needs the gradients that are taken away here.
    state.discriminator_optimizer.register_step_post_hook(in_ds_turn)
    state.generator_optimizer.register_step_post_hook(in_gs_turn)
    run(model, IMAGES, 2, state=state)
    assert seen == [("D", False, True), ("G", True, False)] * 2
    assert not any(p.grad is not None for p in model.averaged_generator.parameters())


def test_gradients_of_an_earlier_step_do_not_add_up():
    left, right = made_for(IMAGES), made_for(IMAGES)
    for parameter in itertools.chain(left.generator.parameters(), left.discriminator.parameters()):
        parameter.grad = torch.full_like(parameter, 1e3)
    run(left, IMAGES, 1)
    run(right, IMAGES, 1)
    assert tiny.equal(left.state_dict(), right.state_dict())


def test_frozen_and_moving_parameters_keep_their_flags(monkeypatch):
    model = made_for(IMAGES)
    frozen = model.discriminator.realness.bias.requires_grad_(False)
    before = frozen.clone()

    def flags():
        return [p.requires_grad for p in itertools.chain(*(part.parameters() for part in parts))]

    parts = (model.generator, model.discriminator, model.averaged_generator)
    expected = flags()
    run(model, IMAGES, 2)
    assert flags() == expected
    assert torch.equal(frozen, before)

    def fail(logits):
        raise ZeroDivisionError

    monkeypatch.setitem(log_loss.GENERATOR_LOSSES, "non_saturating", fail)
    with pytest.raises(ZeroDivisionError):
        run(model, IMAGES, 1)
    assert flags() == expected


def test_the_data_are_only_read():
    samples, conditions = POINTS.points.clone().requires_grad_(), torch.zeros(60, 0, requires_grad=True)
    run(tiny.point_model(), Samples(samples, conditions), 2, RECIPES["R1"])
    assert samples.grad is None
    assert conditions.grad is None
    assert torch.equal(samples.detach(), POINTS.points)
    before = IMAGES.images.clone(), IMAGES.conditions.clone()
    run(made_for(IMAGES), IMAGES, 2, RECIPES["mismatch"])
    assert torch.equal(IMAGES.images, before[0])
    assert torch.equal(IMAGES.conditions, before[1])


# --- by how much: an independent implementation ---------------------------------------------------------


class PlainLoop:
    """The same mathematics as a beginner would write it: two D passes, BCE, unfused Adam, no tricks."""

    def __init__(self, model: StableGen, recipe: training.Recipe, seed: int) -> None:
        self.generator = copy.deepcopy(model.generator)
        self.discriminator = copy.deepcopy(model.discriminator)
        self.averaged = copy.deepcopy(list(model.averaged_generator.parameters()))
        self.latent_dim, self.recipe, self.number = model.latent_dim, recipe, 0
        self.random = torch.Generator().manual_seed(seed)
        self.adam_g = torch.optim.Adam(
            self.generator.parameters(), lr=recipe.generator_learning_rate, betas=recipe.betas, fused=False
        )
        self.adam_d = torch.optim.Adam(
            self.discriminator.parameters(),
            lr=recipe.discriminator_learning_rate,
            betas=recipe.betas,
            fused=False,
        )

    def draw(self, dataset) -> tuple[Tensor, Tensor, Tensor]:
        size = self.recipe.batch_size
        chosen = torch.randint(len(dataset.samples), (size,), generator=self.random)
        z = torch.randn(size, self.latent_dim, generator=self.random)
        real = dataset.samples[chosen]
        if real.dtype == torch.uint8:
            real = 2 * (real / 255) - 1
        return dataset.conditions[chosen], real.contiguous(), z

    def penalty(self, gamma: float, x: Tensor, y: Tensor) -> Tensor:
        y = y.clone().requires_grad_(True)
        (slope,) = torch.autograd.grad(self.discriminator(x, y).sum(), y, create_graph=True)
        return gamma / 2 * torch.stack([each.pow(2).sum() for each in slope]).mean()

    def step(self, dataset) -> tuple[float, float, float]:
        recipe, discriminator = self.recipe, self.discriminator
        x, real, z = self.draw(dataset)
        fake = self.generator(x, z)
        one, zero = torch.ones(recipe.batch_size), torch.zeros(recipe.batch_size)
        bce = F.binary_cross_entropy_with_logits
        d_loss = bce(discriminator(x, real), one)
        fakes = [discriminator(x, fake.detach())]
        if recipe.mismatch:
            pairs = [(x[i - 1], y) for i, y in enumerate(real) if not torch.equal(x[i - 1], x[i])]
            fakes += [discriminator(other[None], y[None]) for other, y in pairs]
        d_loss = d_loss + bce(torch.cat(fakes), torch.zeros(sum(len(part) for part in fakes)))
        penalty = torch.zeros(())
        if self.number % recipe.penalty_every == 0:
            due = self.penalty(recipe.r1_gamma, x, real) + self.penalty(recipe.r2_gamma, x, fake.detach())
            penalty = due * recipe.penalty_every
        self.adam_d.zero_grad()
        (d_loss + penalty).backward()
        self.adam_d.step()

        logits = discriminator(x, self.generator(x, z))
        g_loss = bce(logits, one) if recipe.loss == "non_saturating" else -bce(logits, zero)
        self.adam_g.zero_grad()
        g_loss.backward()
        self.adam_g.step()

        self.number += 1
        decay = min(recipe.averaging_decay, (1 + self.number) / (10 + self.number))
        for slow, fast in zip(self.averaged, self.generator.parameters(), strict=True):
            slow.data = decay * slow.data + (1 - decay) * fast.data
        return d_loss.item(), g_loss.item(), penalty.item()


@pytest.mark.parametrize("name", RECIPES)
@pytest.mark.parametrize("dataset", [IMAGES, POINTS], ids=["images", "points"])
def test_steps_equal_those_of_a_plain_loop(name, dataset):
    recipe, model = RECIPES[name], made_for(dataset)
    if recipe.mismatch and dataset is POINTS:
        recipe = tiny.recipe(recipe, mismatch=False)  # nothing to mismatch: the flag has no effect there
    plain = PlainLoop(model, recipe, seed=5)
    start = weights(model.generator)
    for step in training.train(model, dataset, steps=4, recipe=RECIPES[name], seed=5):
        d_loss, g_loss, penalty = plain.step(dataset)
        assert step.discriminator_loss == pytest.approx(d_loss, rel=1e-4)
        assert step.generator_loss == pytest.approx(g_loss, rel=1e-4)
        assert step.penalty == pytest.approx(penalty, rel=1e-3, abs=1e-9)
    tolerance = {"rtol": 1e-4, "atol": 2e-5}  # a step moves a weight by 1e-3
    torch.testing.assert_close(weights(model.generator), weights(plain.generator), **tolerance)
    torch.testing.assert_close(weights(model.discriminator), weights(plain.discriminator), **tolerance)
    torch.testing.assert_close(weights(model.averaged_generator), plain.averaged, **tolerance)
    gone = max((old - new).abs().max() for old, new in zip(start, plain.generator.parameters(), strict=True))
    assert gone > 50 * tolerance["atol"]


class WithBatchStatistics(nn.Module):
    """A discriminator of the learner's own, which does not judge samples one by one."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.LeakyReLU(0.2), nn.Linear(8, 1))

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return self.layers(y).squeeze(1)


def test_a_discriminator_with_batch_statistics_judges_real_and_fake_in_passes_of_their_own():
    torch.manual_seed(0)
    model = StableGen(tiny.point_model().generator, WithBatchStatistics(), latent_dim=2, device="cpu")
    plain = PlainLoop(model, RECIPES["article"], seed=5)
    for step in training.train(model, POINTS, steps=3, recipe=RECIPES["article"], seed=5):
        d_loss, g_loss, _ = plain.step(POINTS)
        assert (step.discriminator_loss, step.generator_loss) == pytest.approx((d_loss, g_loss), rel=1e-4)
    x, y = torch.zeros(8, 0), POINTS.points[:8]
    together, apart = model.discriminator(x, y)[:4], model.discriminator(x[:4], y[:4])
    assert (together - apart).abs().max() > 1e-3  # so that it does matter


def test_each_learning_rate_belongs_to_its_network():
    for slow, fast in (("generator", "discriminator"), ("discriminator", "generator")):
        model = made_for(IMAGES)
        before = {part: weights(getattr(model, part)) for part in (slow, fast)}
        run(model, IMAGES, 1, tiny.recipe(**{f"{slow}_learning_rate": 1e-20, f"{fast}_learning_rate": 1e-2}))
        assert not any(moved(before[slow], getattr(model, slow)))
        assert all(moved(before[fast], getattr(model, fast)))


def test_the_generator_minimises_the_loss_that_the_recipe_names():
    first = {}
    for loss in ("non_saturating", "minimax"):
        model = made_for(IMAGES)
        with torch.no_grad():
            model.discriminator.realness.bias -= 30  # every fake has been spotted
        state = training.start(model, tiny.recipe(loss=loss, discriminator_learning_rate=1e-20))
        gradients = []
        state.generator_optimizer.register_step_pre_hook(
            lambda *_, model=model, kept=gradients: kept.extend(
                p.grad.norm() for p in model.generator.parameters()
            )
        )
        (step,) = run(model, IMAGES, 1, state=state)
        first[loss] = step.generator_loss, max(gradients)
    assert first["non_saturating"][0] == pytest.approx(30, abs=1)
    assert first["minimax"][0] == pytest.approx(0, abs=1e-9)
    assert first["minimax"][1] < 1e-9 < 1e-4 < first["non_saturating"][1]


def test_the_losses_are_those_of_log_loss():
    named = {"non_saturating": log_loss.non_saturating_loss, "minimax": log_loss.minimax_loss}
    assert named == log_loss.GENERATOR_LOSSES


def test_a_lazy_penalty_is_charged_every_so_many_steps_times_their_number(monkeypatch):
    one = lambda critic, samples: 0 * critic(samples).sum() + 1  # noqa: E731
    monkeypatch.setattr(losses.stability, "slope_penalty", one)
    steps = run(made_for(IMAGES), IMAGES, 7, tiny.recipe(r1_gamma=0.5, r2_gamma=0.25, penalty_every=3))
    assert [step.penalty for step in steps] == [2.25, 0, 0, 2.25, 0, 0, 2.25]
    steps = run(made_for(IMAGES), IMAGES, 2, tiny.recipe(r1_gamma=0.5, r2_gamma=0.25))
    assert [step.penalty for step in steps] == [0.75, 0.75]
    assert [step.penalty for step in run(made_for(IMAGES), IMAGES, 2)] == [0, 0]


def test_r1_is_taken_at_real_and_r2_at_generated_samples(monkeypatch):
    seen = []

    def spy(critic, samples):
        seen.append(samples.detach().clone())
        return critic(samples).sum() * 0

    monkeypatch.setattr(losses.stability, "slope_penalty", spy)
    model = made_for(IMAGES)
    drawn = PlainLoop(model, RECIPES["article"], seed=0)
    x, real, z = drawn.draw(IMAGES)
    fake = model.generator(x, z).detach()
    run(model, IMAGES, 1, tiny.recipe(r1_gamma=1.0, r2_gamma=1.0))
    torch.testing.assert_close(seen, [real, fake])
    for gammas, at in (({"r1_gamma": 1.0}, real), ({"r2_gamma": 1.0}, fake)):
        seen.clear()
        run(made_for(IMAGES), IMAGES, 1, tiny.recipe(**gammas))
        torch.testing.assert_close(seen, [at])


def test_the_average_follows_fast_at_first_and_slowly_later():
    model = made_for(IMAGES)
    decays = []
    state = training.start(model, tiny.recipe(averaging_decay=0.5))
    before = weights(model.averaged_generator)[0]
    for step in training.train(model, IMAGES, steps=12, state=state):
        after, now = weights(model.averaged_generator)[0], weights(model.generator)[0]
        decays.append(((after - now) / (before - now)).median().item())
        before = after
        assert step.number == len(decays)
    expected = [min(0.5, (1 + number) / (10 + number)) for number in range(1, 13)]
    assert decays == pytest.approx(expected, abs=0.01)
    assert expected[0] < expected[5] < expected[-1] == 0.5


def test_without_averaging_the_average_is_a_copy():
    model = made_for(IMAGES)
    run(model, IMAGES, 3, tiny.recipe(averaging_decay=0.0))
    assert tiny.equal(model.generator.state_dict(), model.averaged_generator.state_dict())


def test_conditions_stay_beside_their_samples():
    """Each grey level has its own condition; the discriminator must never see them mixed."""
    levels = torch.tensor([0, 127, 255], dtype=torch.uint8)
    images = data.ImageSet(
        levels[:, None, None, None].expand(3, 1, 8, 8).contiguous(),
        torch.eye(3),
        ("grey=dark", "grey=middle", "grey=bright"),
        "levels",
    )
    model, pairs = made_for(images), []
    model.discriminator.register_forward_pre_hook(lambda _, inputs: pairs.append(inputs))
    run(model, images, 5, tiny.recipe(batch_size=8))
    expected = levels / 127.5 - 1
    for x, y in pairs[::2]:  # D's turn: 8 real samples first
        assert len(x) == 16
        torch.testing.assert_close(y[:8].mean(dim=(1, 2, 3)), expected[x[:8].argmax(dim=1)])
    assert len({tuple(x[:8].argmax(dim=1).tolist()) for x, _ in pairs}) > 1


# --- the loop -------------------------------------------------------------------------------------------


def test_steps_are_finished_when_they_are_yielded_and_the_next_one_waits():
    model = made_for(IMAGES)
    steps = training.train(model, IMAGES, steps=2, recipe=RECIPES["article"])
    start = tiny.copied(model.state_dict())
    assert tiny.equal(model.state_dict(), start)  # nothing happens before the first next
    first = next(steps)
    after = tiny.copied(model.state_dict())
    assert first.number == first.state.number == 1
    assert not tiny.equal(after, start)
    assert tiny.equal(model.state_dict(), after)
    assert next(steps).number == 2
    assert list(steps) == []


def test_stopping_early_and_going_on_with_the_state_equals_one_run():
    whole, parts = made_for(IMAGES), made_for(IMAGES)
    recipe = RECIPES["lazy R1 and R2"]
    losses = [step.discriminator_loss for step in run(whole, IMAGES, 5, recipe)]
    for first in training.train(parts, IMAGES, steps=100, recipe=recipe):
        if first.number == 3:
            break
    rest = run(parts, IMAGES, 2, training.ARTICLE, state=first.state, seed=99)  # both are ignored then
    assert [step.discriminator_loss for step in rest] == losses[3:]
    assert tiny.equal(whole.state_dict(), parts.state_dict())


def test_training_works_where_the_caller_switched_gradients_off():
    models = [made_for(IMAGES) for _ in range(2)]
    with torch.no_grad():
        run(models[0], IMAGES, 2, RECIPES["R1"])
        assert not torch.is_grad_enabled()
    run(models[1], IMAGES, 2, RECIPES["R1"])
    assert tiny.equal(models[0].state_dict(), models[1].state_dict())


def test_a_step_prints_without_addresses():
    (step,) = run(made_for(IMAGES), IMAGES, 1)
    assert "0x" not in repr(step) + repr(step.state)
    assert repr(step.state) == "TrainingState(recipe='article', number=1)"


def test_no_steps_do_nothing(tmp_path):
    model = made_for(IMAGES)
    before = tiny.copied(model.state_dict())
    assert run(model, IMAGES, 0, save_to=tmp_path / "run") == []
    assert tiny.equal(model.state_dict(), before)
    assert list(tmp_path.iterdir()) == []


# --- refused at the door: at the call, not at the first step --------------------------------------------


def assert_refused_at_the_call(message: str, model, dataset, **options) -> None:
    before = tiny.copied(model.state_dict())
    with pytest.raises((ValueError, TypeError, OSError), match=message):
        training.train(model, dataset, **{"steps": 1, "recipe": RECIPES["article"], **options})
    assert tiny.equal(model.state_dict(), before)


def test_pictures_that_do_not_fit_the_model_are_refused():
    model = made_for(IMAGES)
    assert_refused_at_the_call(r"\(3, 8, 8\).*\(3, 16, 16\).*for_images", model, tiny.pictures(size=16))
    assert_refused_at_the_call(r"\(3, 8, 8\).*\(1, 8, 8\)", model, tiny.pictures(channels=1))
    assert_refused_at_the_call(r"3 condition entries.*\(12, 4\)", model, tiny.pictures(kinds=4))
    assert_refused_at_the_call(r"3 condition entries.*\(12, 0\)", model, tiny.pictures(kinds=0))
    assert_refused_at_the_call("condition entries", model, POINTS)
    assert_refused_at_the_call(r"\(3, 8, 8\).*\(2,\)", made_for(tiny.pictures(kinds=0)), POINTS)
    assert_refused_at_the_call("condition", tiny.point_model(), IMAGES)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_points_and_conditions_that_are_not_finite_are_refused(value):
    points = POINTS.points.clone()
    points[17, 1] = value
    assert_refused_at_the_call("finite", tiny.point_model(), Samples(points, POINTS.conditions))
    conditions = IMAGES.conditions.clone()
    conditions[11, 2] = value
    assert_refused_at_the_call("finite", made_for(IMAGES), Samples(IMAGES.images, conditions))
    conditions = IMAGES.conditions * value
    assert_refused_at_the_call("finite", made_for(IMAGES), Samples(IMAGES.images, conditions))


def test_empty_and_unequal_data_are_refused():
    model = tiny.point_model()
    assert_refused_at_the_call("at least one; 0 and 0", model, Samples(torch.zeros(0, 2), torch.zeros(0, 0)))
    assert_refused_at_the_call("60 and 59", model, Samples(POINTS.points, torch.zeros(59, 0)))


def test_pixels_of_another_range_or_kind_are_refused():
    model = made_for(IMAGES)
    floats = IMAGES.images.float()
    assert_refused_at_the_call("-1 to 1", model, Samples(floats, IMAGES.conditions))
    assert_refused_at_the_call(
        "bytes or finite numbers", model, Samples(IMAGES.images.long(), IMAGES.conditions)
    )
    mapped = Samples(floats / 127.5 - 1, IMAGES.conditions)
    assert len(run(model, mapped, 1)) == 1


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16, torch.float16])
def test_points_and_conditions_of_any_precision_are_taken(dtype):
    steps = run(tiny.point_model(), Samples(POINTS.points.to(dtype), POINTS.conditions.to(dtype)), 1)
    assert math.isfinite(steps[0].discriminator_loss)
    steps = run(made_for(IMAGES), Samples(IMAGES.images, IMAGES.conditions.to(dtype)), 1)
    assert math.isfinite(steps[0].discriminator_loss)


@pytest.mark.parametrize("steps", [-1, 2.5, "3"])
def test_numbers_of_steps_that_make_no_sense_are_refused(steps):
    assert_refused_at_the_call(
        "steps must be|integer|steps|not supported", tiny.point_model(), POINTS, steps=steps
    )


@pytest.mark.parametrize("save_every", [0, -5])
def test_saving_every_zero_steps_is_refused(save_every):
    said = f"at least 1, and {save_every} came"
    assert_refused_at_the_call(said, tiny.point_model(), POINTS, save_every=save_every)


def test_the_state_of_another_model_is_refused():
    model, other = tiny.point_model(), tiny.point_model()
    state = training.start(other, RECIPES["article"])
    assert_refused_at_the_call("belongs to another model", model, POINTS, state=state)
    assert len(run(other, POINTS, 1, state=state)) == 1


def test_a_place_where_nothing_can_be_saved_is_refused(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "folder.safetensors").mkdir()
    for place in ("file/run", "folder"):
        assert_refused_at_the_call(place.split("/")[0], tiny.point_model(), POINTS, save_to=tmp_path / place)


@settings(max_examples=25)
@given(
    st.integers(1, 5),
    st.integers(0, 3),
    st.integers(1, 9),
    st.booleans(),
    st.sampled_from(["float32", "bfloat16"]),
)
def test_any_small_set_of_bytes_trains(count, kinds, batch_size, mismatch, precision):
    images = tiny.pictures(count, channels=1, kinds=kinds, seed=count)
    recipe = tiny.recipe(batch_size=batch_size, mismatch=mismatch, precision=precision, r1_gamma=0.1)
    (step,) = run(made_for(images), images, 1, recipe)
    assert math.isfinite(step.discriminator_loss + step.generator_loss + step.penalty)


# --- when it goes wrong ---------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["discriminator", "generator"])
def test_a_loss_that_is_not_finite_stops_the_run_and_names_the_step(tmp_path, part):
    model, reference = made_for(IMAGES), made_for(IMAGES)
    run(reference, IMAGES, 2)
    steps = training.train(
        model, IMAGES, steps=9, recipe=RECIPES["article"], save_to=tmp_path / "run", save_every=2
    )
    assert [next(steps).number for _ in range(3)] == [1, 2, 3]
    with torch.no_grad():
        next(getattr(model, part).parameters()).fill_(math.nan)
    with pytest.raises(training.TrainingStopped, match=r"step 4: the discriminator's loss is (nan|inf)"):
        next(steps)
    resumed, state = training.resume(tmp_path / "run", device="cpu")
    assert state.number == 2
    assert tiny.equal(resumed.state_dict(), reference.state_dict())
    run(resumed, IMAGES, 3, state=state)
    run(reference_goes_on := made_for(IMAGES), IMAGES, 5)
    assert tiny.equal(resumed.state_dict(), reference_goes_on.state_dict())


def test_a_generators_loss_that_is_not_finite_is_reported_as_the_generators(monkeypatch):
    model = made_for(IMAGES)
    monkeypatch.setitem(log_loss.GENERATOR_LOSSES, "non_saturating", lambda logits: logits.sum() * math.inf)
    before = weights(model.generator)
    with pytest.raises(training.TrainingStopped, match=r"step 1: the generator's loss is"):
        run(model, IMAGES, 1)
    assert not any(moved(before, model.generator))


def test_a_run_that_blows_up_by_itself_stops_with_a_name_and_keeps_the_last_good_state(tmp_path):
    model = tiny.point_model()
    wild = tiny.recipe(generator_learning_rate=1e6, discriminator_learning_rate=1e6)
    steps = []
    run_wild = training.train(model, POINTS, steps=50, recipe=wild, save_to=tmp_path / "run", save_every=1)
    with pytest.raises((training.TrainingStopped, ValueError), match=r"step \d+") as caught:
        steps.extend(step.number for step in run_wild)
    _, state = training.resume(tmp_path / "run", device="cpu")
    assert state.number == steps[-1]
    assert f"step {steps[-1] + 1}" in str(caught.value)


def test_a_full_disk_in_the_middle_of_a_run_keeps_the_earlier_state(tmp_path, monkeypatch):
    model = tiny.point_model()
    steps = training.train(
        model, POINTS, steps=9, recipe=RECIPES["article"], save_to=tmp_path / "run", save_every=2
    )
    for _ in range(3):
        next(steps)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        next(steps)
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["run.safetensors"]
    resumed, state = training.resume(tmp_path / "run", device="cpu")
    assert state.number == 2
    run(resumed, POINTS, 2, state=state)
    assert tiny.equal(resumed.state_dict(), model.state_dict())  # the step itself had been done


# --- saving along the way -------------------------------------------------------------------------------


def test_the_state_is_saved_every_so_many_steps_and_at_the_end(tmp_path):
    numbers = []
    for _ in training.train(
        tiny.point_model(),
        POINTS,
        steps=7,
        recipe=RECIPES["article"],
        save_to=tmp_path / "new" / "run",
        save_every=3,
    ):
        saved = list((tmp_path / "new").glob("*.safetensors"))
        numbers.append(training.resume(saved[0], device="cpu")[1].number if saved else 0)
    assert numbers == [0, 0, 3, 3, 3, 6, 7]


@pytest.mark.parametrize("equal", [True, False])
def test_only_a_condition_that_differs_is_a_mismatch(equal):
    images = tiny.pictures(8, kinds=2)
    kinds = torch.zeros(8, dtype=torch.long) if equal else torch.arange(8) % 2
    images = dataclasses.replace(images, conditions=torch.nn.functional.one_hot(kinds, 2).float())
    losses = []
    for mismatch in (True, False):
        (step,) = training.train(
            tiny.model(images), images, steps=1, recipe=tiny.recipe(mismatch=mismatch, batch_size=16)
        )
        losses.append(step.discriminator_loss)
    assert (losses[0] == losses[1]) == equal


class BlowsUp(nn.Module):
    """A generator whose loss is finite where its gradient is not: the root of 0."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(2))

    def forward(self, x: Tensor, z: Tensor) -> Tensor:
        return z + self.weight.abs().sqrt()


@pytest.mark.parametrize("saved", [False, True])
def test_a_run_does_not_end_with_weights_that_are_no_numbers(tmp_path, saved):
    model = StableGen(BlowsUp(), tiny.point_model().discriminator, latent_dim=2, device="cpu")
    target = tmp_path / "run" if saved else None
    run = training.train(model, POINTS, steps=1, recipe=RECIPES["article"], save_to=target)
    with pytest.raises(training.TrainingStopped, match="step 1: a weight of the model"):
        next(run)
    assert not list(tmp_path.iterdir())


class Answers(nn.Module):
    """A discriminator of somebody's own, with what stands at its end."""

    def __init__(self, end: nn.Module) -> None:
        super().__init__()
        self.layers, self.end = nn.Linear(2, 1), end

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return self.end(self.layers(y)).squeeze(1).float()


@pytest.mark.parametrize("end", [nn.Sigmoid(), nn.LogSigmoid(), nn.Sequential(nn.Sigmoid(), nn.Flatten())])
def test_a_sigmoid_at_the_end_of_the_discriminator_is_told_once(end):
    model = StableGen(tiny.point_model().generator, Answers(end), latent_dim=2, device="cpu")
    run = training.train(model, POINTS, steps=2, recipe=RECIPES["article"])
    with pytest.warns(UserWarning, match="D ends in a sigmoid"):
        next(run)
    next(run)  # a second warning would be an error here


@pytest.mark.parametrize("end", [nn.Identity(), nn.Tanh(), nn.Hardtanh(0, 1)])
def test_other_answers_are_taken_as_they_are_even_between_0_and_1(end):
    model = StableGen(tiny.point_model().generator, Answers(end), latent_dim=2, device="cpu")
    next(training.train(model, POINTS, steps=1, recipe=RECIPES["article"]))
