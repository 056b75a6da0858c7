"""Claims about TwoCurves: D finds log p − log q, keeps it when the curves move, and learns on."""

import numpy as np
import pytest
import torch

from stablegen_lib.widgets import TwoCurves
from stablegen_lib.widgets.ideas.two_curves import ENOUGH, HIGHEST, LOWER, PER_FRAME, SIZE, UPPER


@pytest.fixture
def curves():
    return TwoCurves()


def tick(curves):
    curves.picture._heard(None, {"kind": "tick", "number": curves.picture.frame["number"]}, [])


def across(place: float) -> float:
    """Where a place of the line is in the picture."""
    return (UPPER[0] + (UPPER[2] - UPPER[0]) * (place / 6 + 1) / 2) / SIZE[0]


def test_the_best_answer_is_that_of_the_distributions(curves):
    places = torch.linspace(-6, 6, 25)
    p, q = torch.distributions.Normal(0.0, 1.0), torch.distributions.Normal(1.5, 0.7)
    torch.testing.assert_close(curves.best(places), p.log_prob(places) - q.log_prob(places))


def test_the_best_answer_ends_where_it_leaves_the_chart(curves):
    """At -4 it is 32: along the edge, where 12 is, nothing is drawn."""
    assert float(curves.best(torch.tensor([-4.0]))) > HIGHEST
    picture = np.asarray(curves.draw().convert("L"))
    left, top, right, _ = LOWER
    column = round(left + (right - left) * (-4 / 6 + 1) / 2)
    assert (picture[top + 2 : top + 12, column - 10 : column + 10] == 255).all()


def test_learning_brings_d_near_the_best_answer_where_samples_fall(curves):
    assert curves.steps == ENOUGH
    learned = curves.error()
    curves.forget()
    assert curves.error() > 2 * learned
    assert learned < 0.5


def test_a_moved_curve_leaves_d_behind_until_it_has_learned_on(curves):
    places = torch.linspace(-3, 3, 7)
    before, error = curves.answers(places), curves.error()
    curves.q_place = -1.5
    torch.testing.assert_close(curves.answers(places), before)
    assert curves.error() > 3 * error
    assert curves.picture.playing, "the page may ask for the next frame"
    for _ in range(ENOUGH // PER_FRAME):
        tick(curves)
    assert curves.steps == 2 * ENOUGH
    assert not curves.picture.playing, "enough is enough"
    assert curves.error() < 0.5


def test_d_stands_still_when_it_is_told_to(curves):
    curves.learning = False
    curves.p_place = 2.0
    assert not curves.picture.playing
    tick(curves)
    assert curves.steps == ENOUGH


def test_a_drag_moves_the_curve_that_was_grabbed_even_past_the_other(curves):
    start = [across(0.1), 0.3]
    for place in (1.0, 2.0, 3.0):
        curves.picture._heard(None, {"kind": "stroke", "points": [start, [across(place), 0.3]]}, [])
    assert (curves.p_place, curves.q_place) == (3.0, 1.5)
    curves.picture._heard(None, {"kind": "stroke", "points": [[across(1.2), 0.3], [0.0, 0.3]]}, [])
    assert (curves.p_place, curves.q_place) == (3.0, -4.0), "the sliders' end holds"


def test_the_same_seed_gives_the_same_d(curves):
    places = torch.linspace(-3, 3, 7)
    torch.testing.assert_close(TwoCurves().answers(places), curves.answers(places))
    assert not torch.allclose(TwoCurves(seed=1).answers(places), curves.answers(places))


def test_without_a_place_where_both_fall_the_words_say_so(curves):
    curves.p_place, curves.p_width, curves.q_place, curves.q_width = -4, 0.3, 4, 0.3
    assert "nowhere do both kinds fall" in curves.description()
