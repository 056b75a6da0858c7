"""Claims about the duel's picture: what it shows, where, and for whom."""

import dataclasses
import io
import math

import numpy as np
import pytest
import torch
from PIL import Image, ImageColor

from stablegen_lib.data.gaussians import PointSet
from stablegen_lib.plots import BLUE, ORANGE
from stablegen_lib.widgets.duel import picture as duel_picture
from stablegen_lib.widgets.duel.game import GAME, Game
from stablegen_lib.widgets.duel.plane import LEFT, SIDE, TOP
from stablegen_lib.widgets.small_chart import Chart, ticks

INSIDE = np.s_[TOP : TOP + SIDE, LEFT : LEFT + SIDE]


def new(rounds=0, dataset="ring") -> Game:
    game = Game(dataset, recipe=dataclasses.replace(GAME, batch_size=8))
    for _ in range(rounds):
        game.step()
    return game


def pixels(game: Game) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(duel_picture.draw(game))).convert("RGB")).astype(int)


class Fixed(torch.nn.Module):
    """Gives the same whatever it is asked."""

    def __init__(self, answer) -> None:
        super().__init__()
        self.answer = answer

    def forward(self, x, y):
        return self.answer(y)


def at(*places) -> torch.nn.Module:
    points = torch.tensor(places)
    return Fixed(lambda z: points[torch.arange(len(z)) % len(points)])


def with_logits(game: Game, logits) -> Game:
    game.model.discriminator = Fixed(logits)
    return game


def near(picture, x, y, colour, reach=3.0) -> bool:
    """Whether a colour is met within 5 pixels of a point of the plane."""
    column, row = round(LEFT + (x / reach + 1) / 2 * SIDE), round(TOP + (1 - y / reach) / 2 * SIDE)
    patch = picture[row - 5 : row + 6, column - 5 : column + 6]
    return bool((abs(patch - ImageColor.getrgb(colour)).max(axis=2) < 40).any())


def test_a_frame_is_a_png_of_the_named_size():
    picture = Image.open(io.BytesIO(duel_picture.draw(new())))
    assert picture.format == "PNG"
    assert picture.size == duel_picture.SIZE
    assert picture.convert("RGB").getpixel((1, 1)) == (255, 255, 255)


def test_the_same_state_gives_the_same_bytes_and_another_state_others():
    game = new(rounds=3)
    assert duel_picture.draw(game) == duel_picture.draw(game) == duel_picture.draw(new(rounds=3))
    before = duel_picture.draw(game)
    game.step()
    assert duel_picture.draw(game) != before


def test_points_stand_where_their_coordinates_say():
    spot = torch.tensor([[2.0, 1.0]])
    game = with_logits(new(dataset=PointSet(spot, spot, 0.1, "spot")), lambda y: 0 * y[:, 0])
    game.model.generator = at([-1.0, 2.0])
    game.use(game.dataset, reach=3)
    picture = pixels(game)
    assert near(picture, 2.0, 1.0, BLUE)
    assert near(picture, -1.0, 2.0, ORANGE)
    for x, y in ((2.0, -1.0), (1.0, 2.0), (-2.0, 1.0), (2.0, 2.0)):
        assert not near(picture, x, y, BLUE)
        assert not near(picture, x, y, ORANGE)


def test_ground_that_d_calls_real_is_blue_and_the_rest_orange_and_striped():
    game = with_logits(new(), lambda y: 20 * y[:, 1])
    game.model.generator = at([50.0, 50.0])
    patch = pixels(game)[INSIDE]
    upper, lower = patch[10:60, 150:190], patch[-60:-10, 150:190]
    assert (upper[..., 2] > upper[..., 0]).all()
    assert (lower[..., 0] > lower[..., 2]).all()
    assert len(np.unique(upper.reshape(-1, 3), axis=0)) == 1  # plain
    assert len(np.unique(lower.reshape(-1, 3), axis=0)) == 2  # striped: colour is not the only sign


def test_a_line_runs_where_d_cannot_tell():
    game = with_logits(new(), lambda y: 20 * y[:, 1] + 20)
    game.model.generator = at([50.0, 50.0])
    patch = pixels(game)[INSIDE]
    grey = (abs(patch - 128).max(axis=2) < 4).mean(axis=1)
    row = round(SIDE * (1 + 1 / 3) / 2)  # second coordinate −1, at a border of cells
    assert grey[row] > 0.8
    assert np.delete(grey, row).max() < 0.1


@pytest.mark.parametrize("axis", [0, 1], ids=["across", "up"])
def test_an_arrow_leads_where_the_push_goes_and_vanishes_with_it(axis):
    def ink(slope):
        """Dark pixels towards smaller and towards greater coordinates."""
        game = with_logits(new(), lambda y: slope * y[:, axis])
        game.model.generator = at([0.0, 0.0])
        dark = pixels(game)[INSIDE].max(axis=2) < 80
        along = dark if axis == 0 else dark[::-1].T
        return along[:, : SIDE // 2 - 8].sum(), along[:, SIDE // 2 + 8 :].sum()

    assert ink(0.0) == (0, 0)
    smaller, greater = ink(2.0)
    assert smaller == 0 < greater
    smaller, greater = ink(-2.0)
    assert greater == 0 < smaller
    assert ink(2.0)[1] > ink(0.6)[1]


def test_points_outside_the_window_or_not_finite_are_left_out():
    def frame(*places):
        game = with_logits(new(), lambda y: 0 * y[:, 0])
        game.model.generator = at(*places)
        return pixels(game)

    far, farther = frame([50.0, 0.0]), frame([0.0, -500.0])
    assert np.array_equal(far, farther)
    assert not np.array_equal(far, frame([0.0, 0.0]))
    game = with_logits(new(), lambda y: 0 * y[:, 0])
    game.scores()  # those of the round before; new ones would refuse the points
    game.model.generator = at([math.nan, 0.0], [0.0, math.inf])
    assert np.array_equal(pixels(game)[INSIDE], far[INSIDE])


def test_curves_lie_as_high_as_their_values():
    picture = Image.new("RGB", (200, 200), "white")
    chart = Chart(picture, (50, 10, 190, 110), across=(0, 10), up=(0, 2), xlabel="round")
    chart.line([(0, 0.5), (10, 0.5)], "#FF0000")
    chart.line([(0, 1.5), (10, 1.5)], "#00FF00", dash=6)
    chart.level(1.0, "#0000FF")
    chart.level(3.0, "#FF00FF")
    drawn = np.asarray(picture).astype(int)

    def rows_and_share(colour):
        rows, columns = np.where((drawn == colour).all(axis=2))
        return rows.mean() if len(rows) else None, len(set(columns)) / 140

    (red, red_share), (green, green_share) = rows_and_share((255, 0, 0)), rows_and_share((0, 255, 0))
    assert red == pytest.approx(85, abs=1)
    assert green == pytest.approx(35, abs=1)
    assert red_share > 0.97
    assert 0.3 < green_share < 0.7  # dashed
    assert rows_and_share((0, 0, 255))[0] == pytest.approx(60, abs=1)
    assert rows_and_share((255, 0, 255))[0] is None


def test_a_value_beyond_the_chart_is_drawn_at_its_edge_and_one_that_is_missing_not_at_all():
    picture = Image.new("RGB", (200, 200), "white")
    chart = Chart(picture, (50, 10, 190, 110), across=(0, 10), up=(0, 2), xlabel="round")
    chart.line([(0, 9.0), (10, 9.0)], "#FF0000")
    chart.line([(0, math.nan), (10, math.inf)], "#00FF00")
    drawn = np.asarray(picture)
    assert np.where((drawn == (255, 0, 0)).all(axis=2))[0].mean() == pytest.approx(10, abs=1)
    assert not (drawn == (0, 255, 0)).all(axis=2).any()


@pytest.mark.parametrize(
    ("low", "high"), [(0, 1), (-3, 3), (-5, 5), (0, 100), (0, 123_456), (-0.7, 2), (0, 9.99)]
)
def test_ticks_are_few_round_and_inside(low, high):
    values = ticks(low, high)
    assert 2 <= len(values) <= 6
    assert all(low <= value <= high for value in values)
    step = values[1] - values[0]
    assert round(step / 10 ** math.floor(math.log10(step) + 1e-9), 6) in (1, 2, 5)


def test_the_scores_and_losses_are_drawn_as_they_come():
    start, later = pixels(new()), pixels(new(rounds=30))
    for box in (duel_picture.SCORES_BOX, duel_picture.LOSSES_BOX):
        left, top, right, bottom = box
        assert not np.array_equal(start[top:bottom, left:right], later[top:bottom, left:right])


def test_coverage_is_dashed_and_on_mode_mass_is_not():
    game = new()
    game.model.generator = at(*game.dataset.centres[:4].tolist(), *[[9.0, 9.0]] * 12)  # 0.5 and 0.25
    game.use("ring")
    game.state.number = 100
    left, top, right, bottom = duel_picture.SCORES_BOX
    chart = pixels(game)[top:bottom, left:right]

    def share(colour):
        return (abs(chart - ImageColor.getrgb(colour)).max(axis=2) < 20).any(axis=0).mean()

    assert 0.3 < share(duel_picture.GREEN) < 0.7
    assert share(duel_picture.PURPLE) > 0.97


@pytest.mark.parametrize("loss", ["non_saturating", "minimax"])
def test_every_recipe_and_data_set_can_be_drawn(loss):
    for dataset in ("ring", "grid", "moons"):
        game = new(dataset=dataset)
        game.change(loss=loss)
        game.step_generator()
        assert pixels(game)[INSIDE].std() > 1


def test_the_description_says_how_the_game_stands():
    game = new()
    words = duel_picture.describe(game)
    assert words.startswith("Round 0 on ring of 8: ")
    assert f"{game.scores().captured} of 8 modes" in words
    assert "loss" not in words
    game.step_generator()
    words = duel_picture.describe(game)
    assert f"G's last loss is {game.generator_losses[-1][1]:.2f}." in words
    assert "D's last loss" not in words


def test_a_loss_of_nearly_nothing_has_no_sign():
    game = new()
    game.generator_losses.append((1, -0.001))
    assert "G's last loss is 0.00." in duel_picture.describe(game)


def test_places_in_the_picture_become_points_of_the_plane():
    width, height = duel_picture.SIZE

    def place(across, down):
        return (LEFT + across * SIDE) / width, (TOP + down * SIDE) / height

    inside, beside = (
        [place(0.25, 0.0001), place(0.5, 0.5)],
        [(0.99, 0.5), place(-0.01, 0.5), place(0.5, 1.01)],
    )
    points = duel_picture.to_plane([*inside, *beside], reach=3)
    assert points == [pytest.approx((-1.5, 3.0), abs=1e-3), pytest.approx((0.0, 0.0), abs=1e-6)]
