"""The duel in the page plays the notebook's game: from the same seed, networks, batches and losses agree."""

from dataclasses import replace

import pytest
import torch
from javascript import ask

from stablegen_lib.widgets.duel.game import GAME, Game

# Rounding grows from step to step, as in any two programs that play this game.
FIRST_STEPS, ALL_STEPS = 1e-5, 1e-2  # nats: in the first 20 steps, and in all 100


def differences(python: list[tuple[int, float]], javascript: list[list[float]]) -> torch.Tensor:
    assert [number for number, _ in python] == [number for number, _ in javascript]
    return torch.tensor([abs(a - b) for (_, a), (_, b) in zip(python, javascript, strict=True)])


@pytest.mark.parametrize(("dataset", "seed"), [("ring", 0), ("grid", 5), ("moons", 3)])
def test_losses_follow_pytorchs_for_100_steps(dataset, seed):
    game = Game(dataset, seed=seed)
    for _ in range(100):
        game.step()
    answer = ask("duel", dataset=dataset, seed=seed, rules={}, moves=["both"] * 100)
    for name, losses in (("discriminator", game.discriminator_losses), ("generator", game.generator_losses)):
        apart = differences(losses, answer[name])
        print(f"{dataset}, {name}: at most {apart[:20].max():.1e} in 20 steps, {apart.max():.1e} in 100")
        assert apart[:20].max() < FIRST_STEPS
        assert apart.max() < ALL_STEPS


def test_other_rules_and_single_moves_agree_too():
    recipe = replace(GAME, loss="minimax", r1_gamma=0.5, generator_learning_rate=3e-4)
    game, moves = Game("ring", recipe=recipe, seed=1), ["D", "D", "G", "both", "G", "D", "both"]
    for move in moves:
        {"D": game.step_discriminator, "G": game.step_generator, "both": game.step}[move]()
    rules = {"loss": "minimax", "gamma": 0.5, "generatorRate": 3e-4}
    answer = ask("duel", dataset="ring", seed=1, rules=rules, moves=moves)
    assert differences(game.discriminator_losses, answer["discriminator"]).max() < FIRST_STEPS
    assert differences(game.generator_losses, answer["generator"]).max() < FIRST_STEPS
    points = game.generated(50)
    close = {"rtol": 0, "atol": 1e-4}
    torch.testing.assert_close(torch.tensor(answer["points"]).reshape(50, 2), points, **close)
    torch.testing.assert_close(torch.tensor(answer["arrows"]).reshape(50, 2), game.arrows(points), **close)
    torch.testing.assert_close(
        torch.tensor(answer["probabilities"]).reshape(8, 8), game.probabilities(8), **close
    )
    assert answer["scores"]["captured"] == game.scores().captured
    assert answer["scores"]["onModeMass"] == pytest.approx(game.scores().on_mode_mass, abs=0.002)
