"""Claims about single turns of D and G, and about changing the recipe of a running state."""

import dataclasses
import math

import pytest
import tiny
import torch

from stablegen_lib import data, training
from stablegen_lib.training.batches import Batches

POINTS = data.ring(samples=60)
RECIPE = tiny.recipe(r1_gamma=0.3, r2_gamma=0.1, betas=(0.0, 0.99))


def begin(recipe=RECIPE, seed=0):
    model = tiny.point_model(seed)
    return model, Batches(model, POINTS, torch.contiguous_format), training.start(model, recipe, seed)


def moved(model, before) -> set[str]:
    """Which of the three networks differ from what they were."""
    now = model.state_dict()
    return {name.split(".")[0] for name in before if not torch.equal(now[name], before[name])}


def test_a_turn_of_d_moves_d_and_nothing_else():
    model, batches, state = begin()
    before = tiny.copied(model.state_dict())
    turn = training.discriminator_turn(model, batches, state)
    assert moved(model, before) == {"discriminator"}
    assert state.number == 0
    assert turn.penalty > 0
    assert turn.loss == pytest.approx(2 * math.log(2), abs=0.3)
    assert 0 < turn.fake_probability < 1


@pytest.mark.parametrize("shared", [True, False])
def test_a_turn_of_g_moves_g_and_nothing_else(shared):
    model, batches, state = begin()
    shown = training.discriminator_turn(model, batches, state).shown if shared else None
    before = tiny.copied(model.state_dict())
    loss = training.generator_turn(model, batches, state, shown)
    assert moved(model, before) == {"generator"}
    assert state.number == 0
    assert loss == pytest.approx(math.log(2), abs=0.3)
    assert all(p.requires_grad for p in model.discriminator.parameters())


def test_both_turns_on_one_batch_make_a_step_of_train():
    model, batches, state = begin()
    for _ in range(4):
        turn = training.discriminator_turn(model, batches, state)
        training.generator_turn(model, batches, state, turn.shown)
        state.number += 1
    whole, _, _ = begin()
    steps = list(training.train(whole, POINTS, steps=4, recipe=RECIPE))
    left, right = ({n: t for n, t in m.state_dict().items() if "averaged" not in n} for m in (model, whole))
    assert tiny.equal(left, right)
    assert steps[-1].discriminator_loss == turn.loss


def test_a_lone_turn_of_g_draws_a_batch_of_its_own():
    losses, random = [], []
    for shared in (True, False):
        model, batches, state = begin()
        turn = training.discriminator_turn(model, batches, state)
        between = state.random.get_state()
        losses.append(training.generator_turn(model, batches, state, turn.shown if shared else None))
        random.append(torch.equal(between, state.random.get_state()))
    assert losses[0] != losses[1]
    assert random == [True, False]


def test_generated_samples_serve_one_turn_of_g_only():
    model, batches, state = begin()
    turn = training.discriminator_turn(model, batches, state)
    training.generator_turn(model, batches, state, turn.shown)
    with pytest.raises(RuntimeError, match="second time"):
        training.generator_turn(model, batches, state, turn.shown)


def test_a_turn_whose_loss_is_not_finite_moves_nothing():
    model, batches, state = begin()
    with torch.no_grad():
        model.discriminator.realness.bias.fill_(math.nan)
    before = tiny.copied(model.state_dict())
    del before["discriminator.realness.bias"]  # NaN differs from itself
    with pytest.raises(training.TrainingStopped, match="discriminator"):
        training.discriminator_turn(model, batches, state)
    with pytest.raises(training.TrainingStopped, match="generator"):
        training.generator_turn(model, batches, state)
    assert moved(model, before) == set()


def test_turns_work_where_the_caller_switched_gradients_off():
    model, batches, state = begin()
    before = tiny.copied(model.state_dict())
    with torch.no_grad():
        turn = training.discriminator_turn(model, batches, state)
        training.generator_turn(model, batches, state, turn.shown)
    assert moved(model, before) == {"discriminator", "generator"}


# --- another recipe, halfway ----------------------------------------------------------------------------


def distance(name: str, **changes) -> float:
    """How far a network moves in the step after a change of the recipe."""
    model, batches, state = begin()
    training.discriminator_turn(model, batches, state)
    training.generator_turn(model, batches, state)
    training.change_recipe(state, dataclasses.replace(RECIPE, **changes))
    before = tiny.copied(model.state_dict())
    training.discriminator_turn(model, batches, state)
    training.generator_turn(model, batches, state)
    return sum(
        float((tensor - before[key]).abs().sum())
        for key, tensor in model.state_dict().items()
        if key.startswith(name)
    )


def test_a_changed_learning_rate_scales_the_next_move_of_its_network_only():
    old, new = distance("discriminator"), distance("discriminator", discriminator_learning_rate=1e-4)
    assert new == pytest.approx(old / 10, rel=1e-3)
    assert distance("discriminator", generator_learning_rate=1e-4) == old
    tenth = distance("generator", generator_learning_rate=1e-4) / distance("generator")
    assert tenth == pytest.approx(0.1, rel=1e-3)


@pytest.mark.parametrize("change", [{"loss": "minimax"}, {"betas": (0.9, 0.999)}])
def test_loss_and_betas_change_gs_next_move(change):
    assert distance("generator", **change) != distance("generator")


def test_a_changed_penalty_is_charged_from_the_next_turn_on():
    model, batches, state = begin()
    before = training.discriminator_turn(model, batches, state).penalty
    training.change_recipe(state, dataclasses.replace(RECIPE, r1_gamma=0.0, r2_gamma=0.0))
    assert before > 0
    assert training.discriminator_turn(model, batches, state).penalty == 0


def test_changing_to_the_same_recipe_changes_nothing():
    runs = []
    for change in (False, True):
        model, _, state = begin()
        list(training.train(model, POINTS, steps=2, state=state))
        if change:
            training.change_recipe(state, dataclasses.replace(RECIPE))
        list(training.train(model, POINTS, steps=2, state=state))
        runs.append(tiny.copied(model.state_dict()))
    assert tiny.equal(*runs)


def test_a_saved_run_goes_on_with_the_changed_recipe(tmp_path):
    model, _, state = begin()
    list(training.train(model, POINTS, steps=2, state=state))
    training.change_recipe(state, dataclasses.replace(RECIPE, generator_learning_rate=0.01, loss="minimax"))
    training.save_state(tmp_path / "run", model, state)
    list(training.train(model, POINTS, steps=2, state=state))
    resumed, later = training.resume(tmp_path / "run", device="cpu")
    list(training.train(resumed, POINTS, steps=2, state=later))
    assert later.recipe.generator_learning_rate == 0.01
    assert tiny.equal(model.state_dict(), resumed.state_dict())


def test_another_memory_format_is_refused_and_changes_nothing():
    _, _, state = begin()
    with pytest.raises(ValueError, match="memory_format='contiguous' to its end"):
        training.change_recipe(state, dataclasses.replace(RECIPE, memory_format="channels_last"))
    assert state.recipe == RECIPE
