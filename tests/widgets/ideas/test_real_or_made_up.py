"""Claims about RealOrMadeUp: shuffled fairly, scored rightly, over when it is over."""

import pytest
import torch

from stablegen_lib.widgets import RealOrMadeUp
from stablegen_lib.widgets.ideas.real_or_made_up import lucky

REAL, MADE_UP = torch.full((20, 3, 8, 8), 0.9), torch.full((20, 3, 8, 8), -0.9)


def make(**changes) -> RealOrMadeUp:
    return RealOrMadeUp(REAL, MADE_UP, **changes)


def test_what_is_shown_is_what_the_coin_chose():
    game = make()
    for truth, picture in zip(game.truths, game._dealt, strict=True):
        assert torch.equal(picture, REAL[0] if truth else MADE_UP[0])
    assert 3 <= sum(game.truths) <= 13


def test_no_picture_comes_twice_in_a_game():
    numbers = torch.arange(20.0).reshape(20, 1, 1, 1).expand(-1, 3, 8, 8) / 20
    dealt = RealOrMadeUp(numbers, -numbers - 0.01)._dealt
    assert len({float(picture[0, 0, 0]) for picture in dealt}) == 16


def test_right_answers_count_and_the_words_tell_the_truth():
    game = make()
    game.answer(real=game.truths[0])
    assert game.right == 1
    game.answer(real=not game.truths[1])
    assert game.right == 1
    assert "you were wrong. 1 of 2 right. Picture 3 of 16" in game.description()
    assert game.picture.frame["alt"] == game.description()


def test_the_end_tells_how_often_luck_does_as_well():
    game = make(rounds=4)
    for truth in game.truths:
        game.answer(real=truth)
    assert "4 of 4 right. Somebody who only guesses gets as many or more in 6% of all games." in (
        game.description()
    )
    assert all(button.disabled for button in game._buttons)
    with pytest.raises(ValueError, match="game is over"):
        game.answer(real=True)
    game._again.click()
    assert (game.right, game.answers) == (0, [])
    assert not any(button.disabled for button in game._buttons)


def test_the_buttons_answer():
    game = make()
    game._buttons[0].click()
    game._buttons[1].click()
    assert game.answers == [True, False]


def test_another_seed_shuffles_anew_and_the_same_does_not():
    assert make(seed=1).truths == make(seed=1).truths != make(seed=2).truths


@pytest.mark.parametrize(("rounds", "message"), [(0, "at least 1"), (17, "1 to 16 rounds")])
def test_too_many_rounds_or_none_are_refused(rounds, message):
    with pytest.raises(ValueError, match=message):
        make(rounds=rounds)


def test_luck_is_the_binomial_tail():
    assert lucky(8, 16) == pytest.approx(0.598, abs=1e-3)
