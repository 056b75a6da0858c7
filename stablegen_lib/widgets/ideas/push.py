"""Lesson 03: what D gives G. D alone learns on the ring; arrows show where it pushes each made-up point."""

import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor

from stablegen_lib.data import gaussians
from stablegen_lib.plumbing.doors import door
from stablegen_lib.widgets.controls import Setting
from stablegen_lib.widgets.duel.game import SHOWN, Game
from stablegen_lib.widgets.duel.picture import to_plane
from stablegen_lib.widgets.duel.plane import draw_plane, draw_probe, frame
from stablegen_lib.widgets.ideas.base import Follower, slider
from stablegen_lib.widgets.picture import Points

D_STEPS, EACH = 200, 10  # D can make so many steps; it is looked at after every tenth
MOVES, STRIDE = 60, 0.1  # how often and how far the points follow their arrows, units of the plane per nat
Weights = dict[str, Tensor]


class PushOnRing(Follower):
    """D learns to tell the ring from a generator that stands still; each arrow is what D gives G there.

    That is minus the slope of G's loss: the slope of D's logit times the probability of "generated".

    The second slider lets the made-up points follow their arrows while D stands still. A probe tells
    D's answer and push at one place: click there, or use its two sliders. From Python:
    ``push.d_steps = 100``, ``push.moves = 20``, ``push.across = 1.5``, ``push.up = 0``.

    Args:
        seed: Decides both networks, the batches and every z.
    """

    INVITATION = "Run this notebook to let D learn."

    d_steps, moves, across, up = (Setting() for _ in range(4))

    @door()
    def __init__(self, seed: int = 0) -> None:
        self.game = Game(gaussians.ring(), seed=seed)  # the one of the lesson; the duel's heaps are wider
        self.reach = self.game.reach
        self._known: list[Weights] = [self._weights()]
        self._set_up(
            {
                "d_steps": slider("D's steps", 0, D_STEPS, EACH, 100),
                "moves": slider("points follow", 0, MOVES, 1, 0),
                "across": slider("probe: across", -self.reach, self.reach, 0.1, 1.0, digits=1),
                "up": slider("probe: up", -self.reach, self.reach, 0.1, 0.5, digits=1),
            }
        )
        self._let_drag(self._pointed)

    def points(self) -> Float[Tensor, "count 2"]:
        """The made-up points, after they have followed their arrows so many times."""
        points = self.game.generated(SHOWN)
        for _ in range(self.moves):
            points = points + STRIDE * self.game.arrows(points)
        return points

    def probe(self) -> tuple[float, tuple[float, float]]:
        """D's logit at the probe, and its push there in nats per unit: across and up."""
        place = self._place()
        with torch.no_grad():
            logit = self.game.model.discriminator(place.new_zeros(1, 0), place).item()
        across, up = self.game.arrows(place)[0].tolist()
        return logit, (across, up)

    def draw(self) -> Image.Image:
        """D's answers as a ground, points with arrows, and the probe."""
        picture = frame(self.reach).copy()
        draw_plane(picture, self.game, self.points())
        draw_probe(picture, self.reach, self._place(), self.game.arrows(self._place()))
        return picture

    def description(self) -> str:
        """D's answer and push at the probe, and where the points are, in words."""
        logit, (across, up) = self.probe()
        near = self.game.dataset.centres
        distance = float(torch.cdist(self.points(), near).min(dim=1).values.median())
        steps = self.d_steps // EACH * EACH
        return (
            f"D after {steps} steps. At ({self.across:.1f}, {self.up:.1f}) its logit is {logit:+.2f}, "
            f"and it pushes by ({across:+.2f}, {up:+.2f}). The points have followed {self.moves} times; "
            f"half of them are within {distance:.1f} of a place of the ring."
        )

    def _follow(self, name: str) -> None:
        if name in ("", "d_steps"):
            self._learn_to(self.d_steps // EACH)
        super()._follow(name)

    def _learn_to(self, entry: int) -> None:
        """D as it was after so many tens of steps; trained on where nobody has looked yet."""
        if len(self._known) <= entry:
            self.game.model.discriminator.load_state_dict(self._known[-1])
        while len(self._known) <= entry:
            for _ in range(EACH):
                self.game.step_discriminator()
            self._known.append(self._weights())
        self.game.model.discriminator.load_state_dict(self._known[entry])

    def _weights(self) -> Weights:
        state: Weights = self.game.model.discriminator.state_dict()
        return {name: tensor.detach().clone() for name, tensor in state.items()}

    def _place(self) -> Float[Tensor, "1 2"]:
        return torch.tensor([[self.across, self.up]])

    def _pointed(self, points: Points) -> None:
        size = self.picture.frame["size"]
        for x, y in to_plane(points[-1:], self.reach, size):
            self.across, self.up = round(x, 1), round(y, 1)
