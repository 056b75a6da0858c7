"""Claims about PushOnRing: D alone learns, and its arrows are what the points follow."""

import pytest
import torch

from stablegen_lib import data
from stablegen_lib.widgets import PushOnRing
from stablegen_lib.widgets.duel.game import SHOWN, Game
from stablegen_lib.widgets.ideas.push import STRIDE


@pytest.fixture
def push():
    return PushOnRing(seed=3)


def test_d_is_the_one_of_a_game_in_which_only_d_moves(push):
    push.d_steps = 20
    game = Game(data.ring(), seed=3)
    for _ in range(20):
        game.step_discriminator()
    torch.testing.assert_close(push.game.probabilities(10), game.probabilities(10))
    torch.testing.assert_close(push.game.generated(5), Game(data.ring(), seed=3).generated(5))


def test_an_earlier_step_comes_back_exactly(push):
    earlier = push.game.probabilities(10)
    push.d_steps = 200
    assert not torch.allclose(push.game.probabilities(10), earlier)
    push.d_steps = 100
    torch.testing.assert_close(push.game.probabilities(10), earlier)


def test_points_follow_their_arrows_and_g_stands_still(push):
    start = push.game.generated(SHOWN)
    push.moves = 1
    torch.testing.assert_close(push.points(), start + STRIDE * push.game.arrows(start))
    near = torch.cdist(start, push.game.dataset.centres).min(dim=1).values.median()
    push.moves = 20
    assert torch.cdist(push.points(), push.game.dataset.centres).min(dim=1).values.median() < near
    torch.testing.assert_close(push.game.generated(SHOWN), start)


def test_the_probe_tells_the_logit_and_the_push_at_its_place(push):
    push.across, push.up = -1.2, 0.4
    place = torch.tensor([[-1.2, 0.4]])
    logit, pushed = push.probe()
    answer = push.game.model.discriminator(torch.zeros(1, 0), place).detach()
    assert logit == pytest.approx(float(answer), abs=1e-6)
    assert pushed == pytest.approx(tuple(push.game.arrows(place)[0].tolist()), abs=1e-6)
    assert f"At (-1.2, 0.4) its logit is {logit:+.2f}" in push.description()


def test_the_push_is_the_slope_of_the_logit_times_the_probability_of_generated(push):
    points = push.points()
    logits = push.game.model.discriminator(torch.zeros(len(points), 0), points).detach()
    wanted = push.game.slopes(points) * torch.sigmoid(-logits)[:, None]
    torch.testing.assert_close(push.game.arrows(points), wanted)


def test_a_click_moves_the_probe(push):
    width, height = push.picture.frame["size"]
    centre = [(64 + 420 / 2) / width, (34 + 420 / 2) / height]
    push.picture._heard(None, {"kind": "stroke", "points": [centre]}, [])
    assert (push.across, push.up) == (0, 0)
