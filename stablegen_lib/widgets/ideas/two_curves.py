"""Lesson 03: two densities p and q on a line, log p − log q, and what a trained D answers."""

import math

import ipywidgets
import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor, nn

from stablegen_lib import log_loss
from stablegen_lib.plots import BLUE, ORANGE
from stablegen_lib.plumbing.bounds import FREE
from stablegen_lib.plumbing.doors import door
from stablegen_lib.widgets.controls import Setting, button
from stablegen_lib.widgets.ideas.base import Follower, page, slider
from stablegen_lib.widgets.picture import Points
from stablegen_lib.widgets.small_chart import GREY, INK, Chart

REACH = 6.0  # the line goes from -6 to 6
SIZE, UPPER, LOWER = (520, 520), (52, 50, 506, 210), (52, 292, 506, 486)
HIGHEST = 12.0  # logit
BATCH, RATE, PER_FRAME, ENOUGH = 128, 0.01, 20, 400  # ENOUGH: steps after the last change of p or q
KINDS = (("p", "real", BLUE, 0), ("q", "made up", ORANGE, 6))  # the last: length of dashes
SEEN = 0.02  # density from which samples are found


class TwoCurves(Follower):
    """Real numbers fall as p says, made-up ones as q; a small D learns to tell them apart.

    Drag a curve, or use the sliders: at first D keeps its old answers, then it learns on from
    samples until it has made 400 steps. From Python: ``curves.q_place = 3``, ``curves.learn(400)``.

    Args:
        seed: Decides D's first weights and all samples.
    """

    INVITATION = "Run this notebook to drag the curves."

    p_place, p_width, q_place, q_width, learning = (Setting() for _ in range(5))

    @door()
    def __init__(self, seed: int = 0) -> None:
        self._random = torch.Generator().manual_seed(seed)
        self._grabbed: tuple[tuple[float, float], str] | None = None
        self._seed = seed
        controls = {
            "p_place": slider("p (real): place", -4.0, 4.0, 0.1, 0.0, digits=1),
            "p_width": slider("p: width", 0.3, 2.0, 0.1, 1.0, digits=1),
            "q_place": slider("q (made up): place", -4.0, 4.0, 0.1, 1.5, digits=1),
            "q_width": slider("q: width", 0.3, 2.0, 0.1, 0.7, digits=1),
            "learning": ipywidgets.Checkbox(True, description="D learns on after a change", indent=False),
        }
        self.controls = controls
        self._new_network()
        self.learn(ENOUGH, show=False)
        self._set_up(controls, [button("forget", "A new D that knows nothing", self.forget, "eraser")])
        self._let_drag(self._dragged)
        self.picture.on_tick = self._next_frame

    @door()
    def learn(self, steps: int, show: bool = True) -> None:
        """Trains D for so many steps on new samples of both kinds."""
        with self._one_thread():
            for _ in range(steps):
                samples = torch.cat([self._samples(name) for name in "pq"])
                real, fake = self.network(samples).split(BATCH)
                loss = log_loss.discriminator_loss(real_logits=real, fake_logits=fake)
                self._optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                self._optimizer.step()
        self.steps += steps
        if show:
            self._follow("")

    def forget(self) -> None:
        """Puts an untrained D in place of the old one."""
        with self._reporting("D stays as it was"):
            self._new_network()
            self._follow("forget")

    @door(places=FREE)
    def best(self, places: Float[Tensor, " place"]) -> Float[Tensor, " place"]:
        """Log p − log q: what the best possible D answers."""
        return self._log_density("p", places) - self._log_density("q", places)

    @door(places=FREE)
    @torch.no_grad()
    def answers(self, places: Float[Tensor, " place"]) -> Float[Tensor, " place"]:
        """D's logits now."""
        logits: Tensor = self.network(places.float()[:, None])[:, 0]
        return logits

    def error(self) -> float:
        """Mean distance of D's logit from the best one, where both kinds of samples fall; NaN: nowhere."""
        seen = self._seen(line := _line())
        return float((self.answers(line) - self.best(line))[seen].abs().mean())

    def draw(self) -> Image.Image:
        """Densities above, logits below; grey is where both kinds of samples fall."""
        picture, line = page(*SIZE), _line()
        axes = {"across": (-REACH, REACH), "xlabel": "place y"}
        upper = Chart(picture, UPPER, up=(0, 1.4), **axes)  # type: ignore[arg-type]
        lower = Chart(picture, LOWER, up=(-HIGHEST, HIGHEST), **axes)  # type: ignore[arg-type]
        both = line[self._seen(line)].tolist()
        for chart in (upper, lower):
            if both:
                chart.band(both[0], both[-1], "#e6e6e6")
        for row, (name, kind, colour, dash) in enumerate(KINDS):
            density = self._log_density(name, line).exp()
            upper.line(_points(line, density), colour, dash)
            upper.key(row, f"{name}, {kind} (density)", colour, dash)
        lower.level(0, GREY)
        for row, (values, words, colour, dash) in enumerate((
            (self.best(line), "the best answer, log p - log q (logit)", INK, 3),
            (self.answers(line), f"D after {self.steps} steps (logit)", BLUE, 0),
        )):  # fmt: skip
            lower.line(_points(line, values), colour, dash, cut=True)
            lower.key(row, words, colour, dash)
        return picture

    def description(self) -> str:
        """The curves, and how far D is from the best answer, in words."""
        off = self.error()
        told = "nowhere do both kinds fall" if math.isnan(off) else (
            f"where both kinds fall, its logit is {off:.1f} off on average")  # fmt: skip
        return (
            f"p lies at {self.p_place:.1f} with width {self.p_width:.1f}, q at {self.q_place:.1f} with width "
            f"{self.q_width:.1f}. D after {self.steps} steps: {told}."
        )

    def _follow(self, name: str) -> None:
        if name in ("p_place", "p_width", "q_place", "q_width"):
            self._due = ENOUGH
        if name:
            self.picture.playing = bool(self.learning and self._due)
        super()._follow(name)

    def _next_frame(self) -> None:
        """What the page calls for while D learns."""
        with self._reporting("D stopped learning"):
            self._due = max(0, self._due - PER_FRAME)
            self.picture.playing = bool(self._due)
            self.learn(PER_FRAME)

    def _new_network(self) -> None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self._seed)
            hidden = 24
            self.network = nn.Sequential(
                nn.Linear(1, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh(), nn.Linear(hidden, 1)
            )
        self._optimizer = torch.optim.Adam(self.network.parameters(), lr=RATE)
        self.steps, self._due = 0, ENOUGH

    def _log_density(self, name: str, places: Tensor) -> Tensor:
        width: float = self._value(f"{name}_width")
        away = (places - self._value(f"{name}_place")) / width
        log_density: Tensor = -away.square() / 2 - math.log(width * math.sqrt(2 * math.pi))
        return log_density

    def _samples(self, name: str) -> Tensor:
        noise = torch.randn(BATCH, 1, generator=self._random)
        width, place = float(self._value(f"{name}_width")), float(self._value(f"{name}_place"))
        return noise * width + place

    def _seen(self, places: Tensor) -> Tensor:
        p, q = (self._log_density(name, places).exp() for name in "pq")
        return (p > SEEN) & (q > SEEN)

    def _dragged(self, points: Points) -> None:
        """The curve nearest to where the drag began follows the pointer."""
        first, last = (_place(across) for across, _ in (points[0], points[-1]))
        if self._grabbed is None or self._grabbed[0] != points[0]:
            name = min("pq", key=lambda name: abs(self._value(f"{name}_place") - first))
            self._grabbed = points[0], name
        setattr(self, f"{self._grabbed[1]}_place", round(min(max(last, -4.0), 4.0), 1))


def _line() -> Tensor:
    return torch.linspace(-REACH, REACH, 241)


def _points(places: Tensor, values: Tensor) -> list[tuple[float, float]]:
    return list(zip(places.tolist(), values.tolist(), strict=True))


def _place(across: float) -> float:
    share = (across * SIZE[0] - UPPER[0]) / (UPPER[2] - UPPER[0])
    return (2 * min(max(share, 0.0), 1.0) - 1) * REACH
