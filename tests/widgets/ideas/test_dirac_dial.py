"""Claims about DiracDial: it plays the library's smallest game, and says how that ends."""

import pytest
import torch

from stablegen_lib.stability import simulate
from stablegen_lib.widgets import DiracDial
from stablegen_lib.widgets.ideas.dirac_dial import PLANE, SIZE, STEPS


def test_the_path_is_that_of_the_library():
    dial = DiracDial(gamma=0.5, rate=0.4)
    dial.loss, dial.turns, dial.theta, dial.psi = "minimax", "simultaneous", 0.5, -1.0
    wanted = simulate(
        torch.tensor([0.5, -1.0]), steps=STEPS, rate=0.4, gamma=0.5, turns="simultaneous", loss="minimax"
    )
    torch.testing.assert_close(dial.path(), wanted)


@pytest.mark.parametrize(
    ("gamma", "turns", "end"),
    [
        (0.0, "simultaneous", "runs away"),
        (0.0, "alternating", "goes round and round"),
        (0.5, "alternating", "comes to rest"),
    ],
)
def test_the_words_say_how_it_ends(gamma, turns, end):
    dial = DiracDial(gamma=gamma, rate=0.5)
    dial.theta, dial.psi, dial.turns = 0.1, 0.1, turns
    assert f"The game {end}" in dial.description()


def test_far_from_the_end_even_an_unbraked_game_comes_nearer():
    assert "The game comes nearer, slowly" in DiracDial(rate=0.2).description()


def test_the_words_hold_the_eigenvalues():
    assert "eigenvalues 0.00 ± 0.50i" in DiracDial().description()
    assert "eigenvalues -0.13." in DiracDial(gamma=2).description(), "no turning from gamma 1 on"


def test_a_click_in_the_plane_starts_there():
    dial = DiracDial()
    left, top, right, bottom = PLANE
    at = [(left + 0.75 * (right - left)) / 380, (top + 0.25 * (bottom - top)) / SIZE[1]]
    dial.picture._heard(None, {"kind": "stroke", "points": [at]}, [])
    assert (dial.theta, dial.psi) == (1.5, 1.5)
    dial.aside._heard(None, {"kind": "stroke", "points": [[0.5, 0.5]]}, [])
    assert (dial.theta, dial.psi) == (1.5, 1.5), "the other chart is no place to start"
