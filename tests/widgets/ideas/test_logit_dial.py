"""Claims about LogitDial: the losses of lesson 04, and their slopes."""

import math
import re

import pytest

from stablegen_lib.widgets import LogitDial


@pytest.mark.parametrize("logit", [-8.0, 0.0, 2.5])
def test_losses_and_slopes_are_those_of_the_formulas(logit):
    p = 1 / (1 + math.exp(-logit))
    losses = LogitDial(logit).losses()
    assert losses["minimax"] == pytest.approx((math.log(1 - p), -p))
    assert losses["non-saturating"] == pytest.approx((-math.log(p), p - 1))


def test_dragging_in_either_chart_moves_the_logit():
    dial = LogitDial()
    for part, middle in ((dial.picture, (52 + 346) / 2), (dial.aside, (412 + 706) / 2 - 360)):
        part._heard(None, {"kind": "stroke", "points": [[0.0, 0.5], [middle / 360, 0.5]]}, [])
        assert dial.logit == 0
        part._heard(None, {"kind": "stroke", "points": [[1.0, 0.5]]}, [])
        assert dial.logit == 10


def test_the_words_hold_probability_losses_and_slopes():
    words = LogitDial(-8).description()
    assert "Logit -8.0: D says real with probability 0.0003." in words
    assert "minimax loss -0.0003 nats, slope -0.0003" in words
    assert "non-saturating loss +8.0003 nats, slope -0.9997" in words


@pytest.mark.parametrize("logit", [-10, -4, 0, 4, 10])
def test_what_is_tiny_is_never_told_as_nothing(logit):
    dial = LogitDial(logit)
    told = [float(number) for number in re.findall(r"[+-][\d.e-]*\d", dial.description())[1:]]
    exact = [number for pair in dial.losses().values() for number in pair]
    assert told == pytest.approx(exact, rel=0.5)
