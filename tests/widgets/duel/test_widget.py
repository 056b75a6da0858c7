"""Claims about the Duel, driven from Python and by the messages a browser would send."""

import base64
import io
import threading

import ipywidgets
import numpy as np
import pytest
import tiny
import torch
from PIL import Image

from stablegen_lib import data, training
from stablegen_lib.widgets.duel import picture as duel_picture
from stablegen_lib.widgets.duel.plane import LEFT, SIDE, TOP
from stablegen_lib.widgets.duel.widget import DRAW_NOW, ON_LINES, Duel

LINE = [(-1.0, 0.0), (1.0, 0.5)]


def tick(duel: Duel) -> None:
    """The page has shown the newest frame and asks for the next."""
    duel.picture._heard(None, {"kind": "tick", "number": duel.picture.frame["number"]}, [])


def stroke(duel: Duel, points) -> None:
    """Points in [0, 1] of the square of the plane, drawn with the mouse."""
    width, height = duel_picture.SIZE
    places = [[(LEFT + x * SIDE) / width, (TOP + y * SIDE) / height] for x, y in points]
    duel.picture._heard(None, {"kind": "stroke", "points": places}, [])


def shown(duel: Duel) -> bytes:
    return bytes(duel.picture.frame["png"])


def broken(duel: Duel) -> None:
    """From now on each loss is infinite."""
    with torch.no_grad():
        duel.game.model.discriminator.realness.bias.fill_(torch.inf)


def buttons(duel: Duel) -> dict[str, ipywidgets.Button]:
    return {child.description: child for child in duel.box.children[0].children}


# --- moves ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "losses"), [("step D", (1, 0)), ("step G", (0, 1)), ("step both", (1, 1))])
def test_each_button_makes_its_move_and_shows_it(name, losses):
    duel = Duel()
    before = shown(duel)
    buttons(duel)[name].click()
    assert (len(duel.game.discriminator_losses), len(duel.game.generator_losses)) == losses
    assert duel.game.round == 1
    assert shown(duel) == duel_picture.draw(duel.game) != before
    assert duel.picture.frame["alt"] == duel_picture.describe(duel.game)


def test_python_does_what_the_buttons_do():
    clicked, called = Duel(), Duel()
    for name in ("step D", "step G", "step both"):
        buttons(clicked)[name].click()
    called.step_discriminator()
    called.step_generator()
    called.advance()
    assert shown(clicked) == shown(called)
    assert tiny.equal(clicked.game.model.state_dict(), called.game.model.state_dict())


def test_advance_makes_so_many_rounds_and_one_frame():
    duel = Duel()
    number = duel.picture.frame["number"]
    duel.advance(7)
    assert duel.game.round == 7
    assert duel.picture.frame["number"] == number + 1
    with pytest.raises(ValueError, match="rounds must be a whole number of at least 1"):
        duel.advance(0)
    assert duel.game.round == 7


def test_restart_makes_the_game_new_and_keeps_the_settings():
    duel = Duel(seed=3)
    first = shown(duel)
    duel.loss, duel.playing = "minimax", True
    tick(duel)
    assert shown(duel) != first
    buttons(duel)["restart"].click()
    assert (duel.playing, duel.game.round, duel.loss, duel.seed) == (False, 0, "minimax", 3)
    duel.loss = "non_saturating"
    assert shown(duel) == first


# --- playing --------------------------------------------------------------------------------------------


def test_while_it_plays_each_shown_frame_brings_the_next_and_else_none():
    duel = Duel()
    tick(duel)
    assert duel.game.round == 0
    duel.playing = True
    assert duel.picture.playing
    duel.rounds_per_frame = 3
    for rounds in (3, 6):
        tick(duel)
        assert duel.game.round == rounds
        assert shown(duel) == duel_picture.draw(duel.game)
    duel.playing = False
    tick(duel)
    assert duel.game.round == 6


def test_the_play_button_plays_pauses_and_says_what_it_will_do():
    duel = Duel()
    play = duel.controls.playing
    assert play.description == "play"
    play.value = True  # as the browser does
    assert duel.picture.playing
    assert play.description == "pause"
    play.value = False
    assert not duel.picture.playing
    assert play.description == "play"


def test_a_frame_is_asked_for_once_however_often_the_page_asks():
    duel = Duel()
    duel.playing, duel.rounds_per_frame = True, 1
    asked = {"kind": "tick", "number": duel.picture.frame["number"]}
    for _ in range(3):
        duel.picture._heard(None, asked, [])
    assert duel.game.round == 1


def test_a_setting_moved_while_it_plays_draws_no_frame_of_its_own():
    duel = Duel()
    duel.playing = True
    number = duel.picture.frame["number"]
    duel.penalty = 0.5
    assert duel.picture.frame["number"] == number
    tick(duel)
    assert duel.picture.frame["number"] == number + 1
    duel.playing = False
    number = duel.picture.frame["number"]
    duel.penalty = 0.1
    assert duel.picture.frame["number"] == number + 1


@pytest.mark.parametrize("by_hand", ["step D", "step G", "step both", "restart"])
def test_a_move_by_hand_pauses(by_hand):
    duel = Duel()
    duel.playing = True
    buttons(duel)[by_hand].click()
    assert not duel.playing
    assert not duel.picture.playing
    assert duel.controls.playing.description == "play"


def test_in_slow_motion_d_and_g_get_a_frame_each():
    duel = Duel()
    duel.slow_motion = duel.playing = True
    seen = []
    for _ in range(4):
        tick(duel)
        seen.append((len(duel.game.discriminator_losses), len(duel.game.generator_losses)))
    assert seen == [(1, 0), (1, 1), (2, 1), (2, 2)]


def test_the_pause_per_frame_reaches_the_page():
    duel = Duel()
    assert duel.picture.interval == 0
    duel.controls.interval.value = 250
    assert duel.picture.interval == duel.interval == 250


# --- errors ---------------------------------------------------------------------------------------------


def test_a_game_that_blows_up_while_playing_pauses_says_so_and_raises():
    duel = Duel()
    duel.playing = True
    tick(duel)
    assert duel.message.value == ""
    broken(duel)
    with pytest.raises(training.TrainingStopped):
        tick(duel)
    assert not duel.playing
    assert not duel.picture.playing
    assert "TrainingStopped" in duel.message.value
    assert 'role="alert"' in duel.message.value
    duel.restart()
    assert duel.message.value == ""
    duel.advance(2)
    assert duel.game.round == 2


def test_an_interrupt_while_playing_pauses(monkeypatch):
    duel = Duel()
    duel.playing = True

    def pressed():
        raise KeyboardInterrupt

    monkeypatch.setattr(duel.game, "step", pressed)
    with pytest.raises(KeyboardInterrupt):
        tick(duel)
    assert not duel.playing
    assert not duel.picture.playing


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("loss", "hinge", r"one of \['non_saturating', 'minimax'\]"),
        ("dataset", "rings", "one of"),
        ("penalty", 1.5, "between 0 and 1"),
        ("penalty", float("nan"), "between 0 and 1"),
        ("generator_learning_rate", 0.5, "between 1e-05 and 0.1"),
        ("rounds_per_frame", 0, "between 1 and 50"),
        ("memory", (0.5, 0.5), "one of"),
    ],
)
def test_a_setting_that_its_control_cannot_show_is_refused(name, value, message):
    duel = Duel()
    before, recipe = getattr(duel, name), duel.game.recipe
    with pytest.raises(ValueError, match=message):
        setattr(duel, name, value)
    assert getattr(duel, name) == before
    assert duel.game.recipe == recipe


def test_slopes_at_real_points_are_drawn_on_demand_and_their_charge_is_told():
    duel = Duel()
    duel.advance(5)
    before = shown(duel)
    duel.slopes = True
    assert shown(duel) == duel_picture.draw(duel.game, slopes=True) != before
    duel.penalty = 0.5
    squared = duel.game.steepness()
    assert f"{squared:.2g} / 2 × 0.5 = {squared / 4:.2g} nats." in duel.charge.value
    duel.slopes, duel.penalty = False, 0.02
    assert shown(duel) == before


# --- settings -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("discriminator_learning_rate", 0.01, "discriminator_learning_rate"),
        ("generator_learning_rate", 0.0003, "generator_learning_rate"),
        ("loss", "minimax", "loss"),
        ("penalty", 0.5, "r1_gamma"),
        ("memory", (0.9, 0.999), "betas"),
    ],
)
@pytest.mark.parametrize("by", ["python", "control"])
def test_each_setting_changes_its_field_of_the_running_recipe(name, value, field, by):
    duel = Duel()
    duel.advance(2)
    old = duel.game.recipe.as_dict()
    if by == "python":
        setattr(duel, name, value)
    else:
        getattr(duel.controls, name).value = value
    new = duel.game.state.recipe.as_dict()
    assert {key for key in new if new[key] != old[key]} == {field}
    assert new[field] == pytest.approx(value) if not isinstance(value, str) else new[field] == value
    assert getattr(duel, name) == getattr(duel.controls, name).value == value
    assert duel.game.round == 2


def test_whole_numbers_are_taken_where_fractions_are():
    duel = Duel()
    duel.penalty = 1
    duel.memory = (0, 0.99)
    duel.advance()
    assert (duel.penalty, duel.memory) == (1.0, (0.0, 0.99))


def test_another_seed_or_data_set_starts_a_new_game():
    duel = Duel()
    duel.advance(3)
    duel.seed = 4
    assert (duel.game.round, duel.game.seed) == (0, 4)
    duel.advance(2)
    duel.dataset = "grid"
    assert (duel.game.round, duel.game.seed, duel.game.dataset.name) == (0, 4, "grid of 25")
    assert shown(duel) == shown(Duel("grid", seed=4))


def test_points_of_ones_own_can_be_played_and_returned_to():
    own = data.ring(count=3)
    duel = Duel(own)
    assert duel.game.dataset is own
    duel.dataset = "moons"
    assert duel.status.value == ON_LINES
    assert duel.game.dataset is not own
    duel.dataset = "own"
    assert duel.game.dataset is own
    assert duel.status.value == ""
    with pytest.raises(ValueError, match="one of"):
        Duel().dataset = "own"


def test_an_unknown_data_set_is_refused_at_the_start():
    with pytest.raises(ValueError, match="'ring', 'grid', 'moons'"):
        Duel("rings")


# --- drawing --------------------------------------------------------------------------------------------


def test_strokes_count_only_after_drawing_was_chosen():
    duel = Duel()
    stroke(duel, [(0.2, 0.5), (0.8, 0.5)])
    assert duel.game.dataset.name == "ring of 8"
    assert not duel.picture.drawable
    duel.dataset = "drawing"
    assert duel.picture.drawable
    assert duel.status.value == DRAW_NOW
    assert duel.game.dataset.name == "ring of 8"  # until the first stroke
    stroke(duel, [(0.25, 0.5), (0.75, 0.5)])
    assert duel.game.dataset.name == "drawing"
    assert duel.status.value == ON_LINES
    torch.testing.assert_close(duel.game.dataset.centres[0], torch.tensor([-1.5, 0.0]))
    torch.testing.assert_close(duel.game.dataset.centres[-1], torch.tensor([1.5, 0.0]))


def test_the_first_stroke_starts_a_new_game_and_later_ones_join_it():
    duel = Duel()
    duel.advance(3)
    duel.draw_stroke(LINE)
    assert duel.game.round == 0
    duel.advance(3)
    places = len(duel.game.dataset.centres)
    duel.draw_stroke([(0.0, 2.0)])
    assert duel.game.round == 3
    assert len(duel.game.dataset.centres) == places + 1
    buttons(duel)["new drawing"].click()
    assert duel.status.value == DRAW_NOW
    duel.draw_stroke(LINE)
    assert duel.game.round == 0
    assert len(duel.game.dataset.centres) == places


def test_the_window_stays_while_somebody_draws():
    duel = Duel("grid")
    duel.dataset = "drawing"
    stroke(duel, [(0.4, 0.5), (0.6, 0.5)])
    assert duel.game.reach == 5
    assert duel.game.dataset.centres[0].tolist() == pytest.approx([-1.0, 0.0], abs=1e-5)


@pytest.mark.parametrize("points", [[(0.5, 0.5)], [(1.2, 0.5), (1.3, 0.5)]], ids=["dot", "beside the plane"])
def test_a_drawing_of_less_than_two_places_is_refused_and_said(points):
    duel = Duel()
    duel.dataset = "drawing"
    with pytest.raises(ValueError, match="at least two places"):
        stroke(duel, points)
    assert "Draw a line" in duel.message.value
    assert duel.game.dataset.name == "ring of 8"
    stroke(duel, [(0.2, 0.2), (0.8, 0.2)])
    assert duel.message.value == ""
    assert duel.game.dataset.name == "drawing"


# --- for everybody --------------------------------------------------------------------------------------


def test_every_control_has_a_name():
    duel = Duel()
    controls = [*duel.controls._all.values(), *buttons(duel).values()]
    assert len(controls) == 18
    assert all(len(control.description) >= 4 for control in controls)
    assert all(child.tooltip for child in buttons(duel).values())


def test_without_a_kernel_a_still_picture_and_a_sentence_stand_there():
    duel = Duel()
    duel.advance(2)
    content, metadata = duel._repr_mimebundle_()
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(content["image/png"]))).convert("RGB"))
    newest = np.asarray(Image.open(io.BytesIO(duel.still_png())).convert("RGB"))
    assert np.array_equal(picture[24 : 24 + newest.shape[0], : newest.shape[1]], newest), "below its caption"
    assert content["text/plain"] == "Duel('ring of 8', round=2, seed=0) – Run this notebook to play."
    assert metadata["image/png"]["alt"].startswith("Round 2 on ring of 8")


def test_a_frame_is_computed_on_one_core_and_leaves_the_caller_his():
    duel, seen = Duel(), []
    step = duel.game.step
    duel.game.step = lambda: (seen.append(torch.get_num_threads()), step())
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        duel.advance()
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
    assert seen == [1]


def test_nothing_runs_between_frames():
    threads = threading.active_count()
    duel = Duel()
    duel.playing = True
    tick(duel)
    assert threading.active_count() == threads
    assert duel.game.round == 5
