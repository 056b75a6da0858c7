"""The game between D and G, live: watch, stop, change the rules, draw your own data."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import ipywidgets

from stablegen_lib.data.gaussians import PointSet
from stablegen_lib.plumbing.bounds import FREE
from stablegen_lib.plumbing.doors import door
from stablegen_lib.widgets.controls import Setting, button
from stablegen_lib.widgets.duel import picture as duel_picture
from stablegen_lib.widgets.duel import strokes
from stablegen_lib.widgets.duel.controls import Controls
from stablegen_lib.widgets.duel.game import Game
from stablegen_lib.widgets.panel import Panel
from stablegen_lib.widgets.picture import Picture

PRESETS = (("ring of 8", "ring"), ("grid of 25", "grid"), ("two moons", "moons"))
DRAWING = ("your drawing", "drawing")
DRAW_NOW = "Draw on the plane with the mouse. The first stroke starts a new game; later ones add to its data."
ON_LINES = "A mode is here a place on a line: the places are evenly spaced."
RECIPE_FIELDS = {"penalty": "r1_gamma", "memory": "betas"}  # the others are called as in Recipe


class Duel(Panel):
    """D against G on points in the plane; the last line of a cell shows it.

    Everything on the screen can be done from Python too: ``duel.step_discriminator()``,
    ``duel.loss = "minimax"``, ``duel.advance(10)``, ``duel.playing = True``. While it plays, the
    page asks for each next frame when it has shown the last one. So the kernel answers in
    between, and without a page nothing plays. ``duel.game`` is the game itself.

    Args:
        dataset: "ring", "grid", "moons", or points of your own.
        seed: Decides the networks, the batches and every z.

    Attributes:
        playing: Whether it plays. An error in a move ends that.
        dataset: Name of the data set; assign "ring", "grid" or "moons" for a new game on it, or
            "drawing" to let the mouse draw.
        seed: Assign one for a new game.
        discriminator_learning_rate: Adam's step size for D, 0.00001 to 0.1.
        generator_learning_rate: The same for G.
        loss: What G minimises, "non_saturating" or "minimax".
        penalty: Weight gamma of D's slope at real points (R1), 0 to 1.
        memory: Adam's betas, (0.0, 0.99) or (0.9, 0.999).
        rounds_per_frame: How many rounds a frame is apart from the next, 1 to 50.
        interval: Milliseconds to wait after each frame, 0 to 2,000.
        slow_motion: Whether D and G get a frame each.
        slopes: Whether blue arrows show D's slope at real points, which the penalty charges.

    Raises:
        ValueError: If there is no data set of that name.
    """

    INVITATION = "Run this notebook to play."

    playing = Setting()
    dataset = Setting()
    seed = Setting()
    discriminator_learning_rate = Setting()
    generator_learning_rate = Setting()
    loss = Setting()
    penalty = Setting()
    memory = Setting()
    rounds_per_frame = Setting()
    interval = Setting()
    slow_motion = Setting()
    slopes = Setting()

    @door()
    def __init__(self, dataset: str | PointSet = "ring", *, seed: int = 0) -> None:
        self.game = Game(dataset, seed=seed)
        own = () if isinstance(dataset, str) else ((dataset.name, "own"),)
        self._own = None if isinstance(dataset, str) else dataset
        self._strokes: list[strokes.Stroke] = []
        self._turn_of_generator = False
        self.picture = Picture()
        self.picture.on_tick = self._next_frame
        self.picture.on_stroke = self._stroke_drawn
        self.controls = Controls([*own, *PRESETS, DRAWING], self._set)
        start = dataset if isinstance(dataset, str) else "own"
        self.controls.show(dataset=start, seed=seed, rounds_per_frame=5)
        self.controls.show_recipe(self.game.recipe)
        self._lay_out()
        self._show()

    def __repr__(self) -> str:
        return f"Duel({self.game.dataset.name!r}, round={self.game.round}, seed={self.seed})"

    def _lay_out(self) -> None:
        self.status, self.charge = ipywidgets.HTML(), ipywidgets.HTML()
        moves = [
            button("step D", "D moves once; G waits", self.step_discriminator, "step-forward"),
            button("step G", "G moves once; D waits", self.step_generator, "step-forward"),
            button("step both", "D moves, then G", self.advance, "fast-forward"),
            self.controls.playing,
            button("restart", "Back to untrained networks, and pause", self.restart, "undo"),
            button("new drawing", "Forget the strokes; the next one starts anew", self.new_drawing, "pencil"),
        ]
        buttons = ipywidgets.HBox(moves, layout={"flex_flow": "row wrap"})
        self._arrange([buttons, self.picture, self.status, self.charge, self.controls.settings()])

    # --- moves ------------------------------------------------------------------------------

    def step_discriminator(self) -> None:
        """D moves once. Like every move by hand, this pauses what plays."""
        self._by_hand(self.game.step_discriminator)

    def step_generator(self) -> None:
        """G moves once."""
        self._by_hand(self.game.step_generator)

    @door()
    def advance(self, rounds: int = 1) -> None:
        """D and G move so many times in turn; the last round is shown.

        Raises:
            ValueError: If there is less than one round to do.
            TrainingStopped: If a loss stops being finite.
        """
        self._by_hand(self.game.step, rounds)

    def restart(self) -> None:
        """Untrained networks again, from the same seed; settings and data stay."""
        self._pause()
        with self._acting("Not restarted"):
            self.game.reset()
            self._turn_of_generator = False

    def _by_hand(self, move: Callable[[], None], times: int = 1) -> None:
        self._pause()
        with self._acting("Stopped"):
            for _ in range(times):
                move()

    def _next_frame(self) -> None:
        """What the page calls for while it plays."""
        with self._acting("Stopped"):
            if self.slow_motion:
                move = self.game.step_generator if self._turn_of_generator else self.game.step_discriminator
                self._turn_of_generator = not self._turn_of_generator
                move()
            else:
                for _ in range(self.rounds_per_frame):
                    self.game.step()
            self._show()

    # --- data of one's own ------------------------------------------------------------------

    @door(stroke=FREE)
    def draw_stroke(self, stroke: strokes.Stroke) -> None:
        """Adds a line to the drawing, and puts that in place of the data.

        The first stroke starts a new game; from the second on the networks go on learning.

        Args:
            stroke: Points (x, y) in the units of the plane.

        Raises:
            ValueError: If the whole drawing is a single dot, or a coordinate is not finite.
        """
        with self._acting("The stroke was not used"):
            drawing = strokes.along_strokes([*self._strokes, stroke])
            self.game.use(drawing, reach=self.game.reach)
            if not self._strokes:
                self.game.reset()
            self._strokes.append(stroke)
            self.controls.show(dataset="drawing")
            self.picture.drawable = True

    def new_drawing(self) -> None:
        """Forgets the strokes so far. The data stay until the next stroke."""
        self.dataset = "drawing"

    def _stroke_drawn(self, points: list[tuple[float, float]]) -> None:
        self.draw_stroke(duel_picture.to_plane(points, self.game.reach))

    # --- settings ---------------------------------------------------------------------------

    def _value(self, name: str) -> Any:
        return self.controls.value(name)

    def _assign(self, name: str, value: Any) -> None:
        self._set(name, self.controls.checked(name, value))

    def _set(self, name: str, value: Any) -> None:
        with self._acting(f"{name} = {value!r} was refused"):
            if name == "dataset":
                self._choose(value)
            elif name == "seed":
                self.game.reset(value)
            elif name == "playing":
                self.picture.playing = value
            elif name == "interval":
                self.picture.interval = value
            elif name not in ("rounds_per_frame", "slow_motion", "slopes"):
                self.game.change(**{RECIPE_FIELDS.get(name, name): value})
            self.controls.show(**{name: value})

    def _choose(self, name: str) -> None:
        self._strokes = []
        self.picture.drawable = name == "drawing"
        if name != "drawing":
            self.game.use(self._own if name == "own" and self._own is not None else name)
            self.game.reset()

    # --- frames -----------------------------------------------------------------------------

    def still_png(self) -> bytes:
        """The newest frame, as a PNG file."""
        return self.png

    def description(self) -> str:
        """How the game stands, in words."""
        return duel_picture.describe(self.game)

    @contextmanager
    def _acting(self, what: str) -> Iterator[None]:
        """As ``_reporting``. Whatever goes wrong, an interrupt too, also pauses what plays."""
        try:
            with self._reporting(what):
                yield
                if not self.picture.playing:  # else the next frame shows it
                    self._show()
        except BaseException:
            self._pause()
            raise

    def _pause(self) -> None:
        self.picture.playing = False
        self.controls.show(playing=False)

    def _charge(self) -> str:
        """What the penalty R1 takes now."""
        squared = self.game.steepness()
        words = "R1 charges D half its squared slope at real points, times the slope penalty"
        return f"{words}: {squared:.2g} / 2 × {self.penalty:.2g} = {squared / 2 * self.penalty:.2g} nats."

    def _show(self) -> None:
        self.png = duel_picture.draw(self.game, self.slopes)
        self.picture.show(self.png, self.description())
        self.charge.value = self._charge()
        waiting = self.picture.drawable and not self._strokes
        on_lines = self.controls.value("dataset") in ("moons", "drawing")
        self.status.value = DRAW_NOW if waiting else ON_LINES if on_lines else ""
