"""Claims about the duel's game: who moves, what is kept, what the arrows and the scores mean."""

import dataclasses
import math

import pytest
import tiny
import torch

from stablegen_lib import data, log_loss, stability, training
from stablegen_lib.stablegen import StableGen
from stablegen_lib.widgets.duel import game as duel
from stablegen_lib.widgets.duel import strokes
from stablegen_lib.widgets.duel.game import GAME, Game

SMALL = dataclasses.replace(GAME, batch_size=8)


def new(dataset="ring", seed=0, rounds=0) -> Game:
    game = Game(dataset, recipe=SMALL, seed=seed)
    for _ in range(rounds):
        game.step()
    return game


def weights(game: Game) -> dict[str, torch.Tensor]:
    return tiny.copied(game.model.state_dict())


def moved(game: Game, before) -> set[str]:
    now = weights(game)
    return {name.split(".")[0] for name in before if not torch.equal(now[name], before[name])}


# --- moves ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("move", "who"),
    [
        (Game.step_discriminator, {"discriminator"}),
        (Game.step_generator, {"generator"}),
        (Game.step, {"discriminator", "generator"}),
    ],
)
def test_each_move_moves_its_player_and_counts_as_a_round(move, who):
    game = new()
    before = weights(game)
    move(game)
    assert moved(game, before) == who
    assert game.round == 1
    losses = {"discriminator": game.discriminator_losses, "generator": game.generator_losses}
    assert {name for name, kept in losses.items() if kept} == who
    assert all(kept[0][0] == 1 for kept in losses.values() if kept)


def test_a_game_of_steps_is_what_train_does():
    game = new(rounds=6)
    model = StableGen.for_points(seed=0, device="cpu")
    steps = list(training.train(model, game.dataset, steps=6, recipe=SMALL, seed=0))
    played, trained = ({n: t for n, t in weights.items() if "averaged" not in n}
                       for weights in (game.model.state_dict(), model.state_dict()))  # fmt: skip
    assert tiny.equal(played, trained)
    assert game.discriminator_losses == [(step.number, step.discriminator_loss) for step in steps]
    assert game.generator_losses == [(step.number, step.generator_loss) for step in steps]


def test_the_same_seed_gives_the_same_game_and_another_seed_another():
    games = [new(seed=seed, rounds=3) for seed in (1, 1, 2)]
    assert tiny.equal(weights(games[0]), weights(games[1]))
    assert torch.equal(games[0].generated(), games[1].generated())
    assert not tiny.equal(weights(games[0]), weights(games[2]))


def test_after_a_reset_the_game_is_as_if_new():
    game, fresh = new(rounds=12), new(rounds=2)
    game.reset()
    assert (game.round, game.discriminator_losses, len(game.score_history)) == (0, [], 1)
    game.step()
    game.step()
    assert tiny.equal(weights(game), weights(fresh))
    game.reset(seed=5)
    assert game.seed == 5
    assert tiny.equal(weights(game), weights(new(seed=5)))


def test_a_reset_keeps_settings_data_and_window():
    game = new("grid", rounds=1)
    game.change(loss="minimax", r1_gamma=0.3)
    game.use("ring", reach=7)
    game.reset()
    assert (game.recipe.loss, game.state.recipe.r1_gamma) == ("minimax", 0.3)
    assert game.dataset.name == "ring of 8"
    assert game.reach == 7


def test_the_shown_z_stay_the_same_from_round_to_round():
    game = new()
    z, before = game.z.clone(), game.generated()
    game.step_discriminator()
    assert torch.equal(game.generated(), before)
    game.step_generator()
    assert not torch.equal(game.generated(), before)
    assert torch.equal(game.z, z)
    torch.testing.assert_close(game.generated(3), game.generated(9)[:3])


# --- settings and data ----------------------------------------------------------------------------------


def test_changed_settings_hold_from_the_next_move_on():
    still, game = new(rounds=2), new(rounds=2)
    game.change(generator_learning_rate=1e-5)
    before = weights(game)
    for each in (still, game):
        each.step_generator()
    steps = [
        sum(float((weights(each)[n] - before[n]).abs().sum()) for n in before if n.startswith("generator"))
        for each in (still, game)
    ]
    assert steps[1] == pytest.approx(steps[0] / 100, rel=0.01)


def test_a_setting_out_of_range_is_refused_and_nothing_changes():
    game = new()
    with pytest.raises(ValueError, match="r1_gamma must be"):
        game.change(r1_gamma=-1.0)
    with pytest.raises(TypeError, match="unknown"):
        game.change(unknown=1)
    assert game.recipe == game.state.recipe == SMALL


@pytest.mark.parametrize(("name", "modes"), [("ring", 8), ("grid", 25), ("moons", 50)])
def test_presets_have_known_modes_inside_the_window(name, modes):
    game = new(name)
    assert game.scores().modes == modes
    assert float(game.dataset.centres.abs().max()) < game.reach


def test_an_unknown_data_set_is_refused():
    with pytest.raises(ValueError, match="'ring', 'grid', 'moons'"):
        Game("rings")
    game = new()
    with pytest.raises(ValueError, match="PointSet"):
        game.use("rings")
    assert game.dataset.name == "ring of 8"


def test_new_data_reach_d_and_leave_the_networks_where_they_are():
    far = data.ring(count=1, radius=50.0)
    game, other = new(rounds=3), new(rounds=3)
    game.use(far)
    assert tiny.equal(weights(game), weights(other))
    assert game.round == 3
    assert game.reach == 51
    assert game.scores().modes == 1
    game.step_discriminator()
    other.step_discriminator()
    assert game.discriminator_losses[-1] != other.discriminator_losses[-1]


def test_a_drawing_is_learnt():
    game = Game(strokes.along_strokes([[(1.0, -1.0), (1.0, 1.0)]]), seed=0)
    before = game.scores().on_mode_mass
    for _ in range(300):
        game.step()
    assert before < 0.3
    assert game.scores().on_mode_mass > 0.5


# --- what is shown --------------------------------------------------------------------------------------


def test_probabilities_are_those_of_d_with_the_top_of_the_plane_first():
    game = new(rounds=2)
    grid = game.probabilities(4)
    cell = game.reach / 2

    def asked(x, y):
        return game.model.discriminator(torch.zeros(1, 0), torch.tensor([[x, y]])).sigmoid().item()

    assert grid.shape == (4, 4)
    assert grid[0, 0].item() == pytest.approx(asked(-1.5 * cell, 1.5 * cell), abs=1e-6)
    assert grid[0, 3].item() == pytest.approx(asked(1.5 * cell, 1.5 * cell), abs=1e-6)
    assert grid[3, 1].item() == pytest.approx(asked(-0.5 * cell, -1.5 * cell), abs=1e-6)


class Slope(torch.nn.Module):
    """D(y) = 3 · first coordinate + offset: its slope is known everywhere."""

    def __init__(self, offset: float) -> None:
        super().__init__()
        self.offset = offset

    def forward(self, x, y):
        return 3 * y[:, 0] + self.offset


@pytest.mark.parametrize("logit", [-30.0, 0.0, 30.0])
@pytest.mark.parametrize("loss", ["non_saturating", "minimax"])
def test_arrows_are_ds_slope_times_what_the_loss_lets_through(loss, logit):
    game = new()
    game.change(loss=loss)
    game.model.discriminator = Slope(logit)
    pushes = game.arrows(torch.zeros(5, 2))
    probability = 1 / (1 + math.exp(-logit))
    expected = 3 * (1 - probability if loss == "non_saturating" else probability)
    torch.testing.assert_close(pushes, torch.tensor([[expected, 0.0]] * 5))


def test_a_small_step_along_the_arrows_lowers_gs_loss_and_against_them_raises_it():
    game = new(rounds=20)
    points = game.generated(50)
    push = game.arrows(points)

    def loss(where):
        logits = game.model.discriminator(torch.zeros(50, 0), where)
        return log_loss.GENERATOR_LOSSES["non_saturating"](logits).item()

    step = 0.01 * push / push.norm(dim=1, keepdim=True)
    assert loss(points + step) < loss(points) < loss(points - step)


def test_looking_changes_nothing():
    game, other = new(rounds=2), new(rounds=2)
    game.probabilities(8)
    game.arrows(game.generated())
    game.scores()
    game.step()
    other.step()
    assert tiny.equal(weights(game), weights(other))
    assert all(p.grad is None or p.requires_grad for p in game.model.discriminator.parameters())


# --- scores and histories -------------------------------------------------------------------------------


class Put(torch.nn.Module):
    """G(z): the given points, again and again."""

    def __init__(self, points) -> None:
        super().__init__()
        self.points = points

    def forward(self, x, z):
        return self.points[torch.arange(len(z)) % len(self.points)]


def test_scores_tell_collapse_from_success():
    game = new()
    ring = game.dataset
    scored = {}
    for name, points in {"all": ring.centres, "one": ring.centres[:1], "none": torch.zeros(1, 2)}.items():
        game.model.generator = Put(points)
        game.use(ring)
        scored[name] = (game.scores().captured, game.scores().on_mode_mass)
    assert scored == {"all": (8, 1.0), "one": (1, 1.0), "none": (0, 0.0)}


def test_scores_follow_every_move():
    game = new()
    game.scores()
    game.model.generator = Put(game.dataset.centres)
    game.step_discriminator()
    assert game.scores().captured == 8


def test_scores_are_kept_every_ten_rounds_and_at_the_start():
    game = new(rounds=25)
    assert [number for number, _ in game.score_history] == [0, 10, 20]
    game.use("grid")
    game.use("ring")
    assert [number for number, _ in game.score_history] == [0, 10, 20, 25]


def test_histories_stay_short_and_keep_both_ends(monkeypatch):
    monkeypatch.setattr(duel, "LONGEST", 20)
    game = new(rounds=200)
    for history in (game.discriminator_losses, game.generator_losses):
        numbers = [number for number, _ in history]
        assert 10 <= len(numbers) <= 20
        assert numbers == sorted(numbers)
        assert numbers[0] == 1
        assert numbers[-1] == 200


def test_moves_in_turn_keep_the_losses_of_both():
    game = new()
    for _ in range(450):
        game.step_discriminator()
        game.step_generator()
    assert len(game.discriminator_losses) == len(game.generator_losses) > 200
    assert game.generator_losses[-1][0] == 900
    assert game.discriminator_losses[-1][0] == 899


def test_a_loss_that_is_not_finite_stops_the_game_with_a_reason():
    game = new(rounds=2)
    with torch.no_grad():
        game.model.discriminator.realness.bias.fill_(math.inf)
    with pytest.raises(training.TrainingStopped, match="step 3: the discriminator's loss is inf"):
        game.step()
    assert game.round == 2
    game.reset()
    game.step()
    assert game.round == 1


def test_a_game_prints_without_addresses():
    assert repr(new(rounds=1)) == "Game('ring of 8', round=1, seed=0)"


def test_the_penalty_charges_half_the_steepness_at_real_points():
    game = Game(seed=1)
    for _ in range(20):
        game.step()
    points = game.dataset.points[:200]
    wanted = stability.r1_penalty(lambda y: game.model.discriminator(y.new_zeros(len(y), 0), y), points)
    assert game.steepness() / 2 == pytest.approx(float(wanted.detach()), rel=1e-4)
    assert game.slopes(points).square().sum(dim=1).mean() == pytest.approx(game.steepness(), rel=1e-5)
