"""Lesson 00: a game. One face after the other, shuffled: real or made up?"""

import math

import torch
from jaxtyping import Shaped
from PIL import Image, ImageDraw
from torch import Tensor

from stablegen_lib import plots
from stablegen_lib.plots import BLUE, ORANGE
from stablegen_lib.plumbing.doors import door
from stablegen_lib.widgets.controls import button
from stablegen_lib.widgets.ideas.base import Follower, page
from stablegen_lib.widgets.small_chart import GREY, INK, font

FACE, SMALL, STEP, TOP = 240, 48, 56, 22  # pixels
ROUNDS = 16
COLUMNS = 8


class RealOrMadeUp(Follower):
    """Asks about pictures in random order, keeps the score, and shows the answers.

    For each picture a coin decides which kind comes. From Python: ``game.answer(real=True)``,
    ``game.restart()``, ``game.right``.

    Args:
        real: Pictures of the data set; uint8, or floats in [-1, 1].
        made_up: As many pictures of a generator, or more, or fewer.
        rounds: How many questions, up to 16.
        seed: Decides coins and order; ``restart`` takes the next one.

    Raises:
        ValueError: If there are fewer pictures of a kind than rounds, or a number is out of its range.
    """

    INVITATION = "Run this notebook to play."
    CUT, ASIDE = (
        FACE + 20,
        "The pictures so far: blue if real, orange if made up, struck out if wrong.",
    )

    @door()
    def __init__(
        self,
        real: Shaped[Tensor, "count channel height width"],
        made_up: Shaped[Tensor, "others channel height width"],
        *,
        rounds: int = ROUNDS,
        seed: int = 0,
    ) -> None:
        if rounds > min(ROUNDS, len(real), len(made_up)):
            raise ValueError(
                f"1 to {ROUNDS} rounds, and as many pictures of each kind, were needed; "
                f"{rounds} rounds, {len(real)} real and {len(made_up)} made-up pictures came."
            )
        self._pictures, self.rounds, self._seed = {True: real, False: made_up}, rounds, seed
        self._deal()
        self._buttons = [
            button("real", "this one was drawn for the data set", lambda: self.answer(real=True)),
            button("made up", "a network made this one up", lambda: self.answer(real=False)),
        ]
        self._again = button("new game", "other pictures, score back to 0", self.restart, "refresh")
        self._set_up({}, [*self._buttons, self._again])

    @property
    def right(self) -> int:
        """How many of the answers so far were right."""
        return sum(said == truth for said, truth in zip(self.answers, self.truths, strict=False))

    @door()
    def answer(self, *, real: bool) -> None:
        """Answers for the picture that is shown.

        Raises:
            ValueError: If the game is over.
        """
        with self._reporting("Not counted"):
            if len(self.answers) == self.rounds:
                raise ValueError("this game is over; press new game, or call restart().")
            self.answers.append(real)
            self._follow("answer")

    def restart(self) -> None:
        """Another game with other pictures, from the next seed."""
        self._seed += 1
        self._deal()
        self._moved_on()

    def draw(self) -> Image.Image:
        """The present picture, large, and beside it the ones before, each with its answer."""
        picture = page(FACE + 40 + COLUMNS * STEP, FACE + TOP)
        pen = ImageDraw.Draw(picture)
        if len(self.answers) < self.rounds:
            pen.text((4, TOP / 2), "real or made up?", fill=INK, font=font(14), anchor="lm")
            picture.paste(self._shown(len(self.answers), FACE), (0, TOP))
        else:
            pen.text((4, TOP + 20), f"{self.right} of {self.rounds} right", fill=INK, font=font(24))
        left = FACE + 40
        pen.text((left, TOP / 2), "blue: was real; orange: was made up; struck out: you were wrong", fill=INK,
                 font=font(13), anchor="lm")  # fmt: skip
        for number in range(self.rounds):
            place = left + number % COLUMNS * STEP, TOP + 10 + number // COLUMNS * (STEP + 20)
            self._draw_answered(picture, number, place)
        return picture

    def description(self) -> str:
        """Score and last answer in words."""
        done = len(self.answers)
        if not done:
            return f"Picture 1 of {self.rounds}: is it real or made up? No answer yet."
        truth = "real" if self.truths[done - 1] else "made up"
        verdict = "right" if self.answers[-1] == self.truths[done - 1] else "wrong"
        score = f"That one was {truth}: you were {verdict}. {self.right} of {done} right"
        if done < self.rounds:
            return f"{score}. Picture {done + 1} of {self.rounds}: real or made up?"
        chance = lucky(self.right, self.rounds)
        return f"{score}. Somebody who only guesses gets as many or more in {chance:.0%} of all games."

    def __repr__(self) -> str:
        return f"RealOrMadeUp({self.right} of {len(self.answers)} right, {self.rounds} rounds)"

    def _deal(self) -> None:
        random = torch.Generator().manual_seed(self._seed)
        self.truths = (torch.rand(self.rounds, generator=random) < 0.5).tolist()
        orders = {kind: torch.randperm(len(all_), generator=random) for kind, all_ in self._pictures.items()}
        self._dealt = [self._pictures[truth][orders[truth][i]] for i, truth in enumerate(self.truths)]
        self.answers: list[bool] = []

    def _moved_on(self) -> None:
        with self._reporting("No new game"):
            self._follow("restart")

    def _follow(self, name: str) -> None:
        over = len(self.answers) == self.rounds
        for choice in self._buttons:
            choice.disabled = over
        super()._follow(name)

    def _shown(self, number: int, side: int) -> Image.Image:
        grid = Image.fromarray(plots.to_grid(self._dealt[number][None], 1).numpy())
        scale = max(1, side // grid.width)
        return grid.resize((grid.width * scale, grid.height * scale), Image.Resampling.NEAREST)

    def _draw_answered(self, picture: Image.Image, number: int, place: tuple[int, int]) -> None:
        pen, (x, y) = ImageDraw.Draw(picture), place
        box = (x - 3, y - 3, x + SMALL + 2, y + SMALL + 2)
        if number >= len(self.answers):
            pen.rectangle(box, outline="#dddddd")
            return
        truth = self.truths[number]
        pen.rectangle(box, fill=BLUE if truth else ORANGE)
        picture.paste(self._shown(number, SMALL), place)
        pen.text((x + SMALL / 2, y + SMALL + 11), "real" if truth else "made up", fill=INK, font=font(11),
                 anchor="mm")  # fmt: skip
        if self.answers[number] != truth:
            pen.line((x, y, x + SMALL, y + SMALL), fill=GREY, width=5)
            pen.line((x, y, x + SMALL, y + SMALL), fill="white", width=2)


def lucky(right: int, rounds: int) -> float:
    """The probability that coin tosses get as many right, or more.

    >>> lucky(15, 16), lucky(0, 16)
    (0.0002593994140625, 1.0)
    """
    return float(sum(math.comb(rounds, count) for count in range(right, rounds + 1)) / 2**rounds)
