"""Figures of lessons: pictures in a grid, curves of losses, points, heat maps."""

import math
from collections.abc import Callable, Mapping, Sequence

import matplotlib.pyplot as plt
import torch
from jaxtyping import Float, Shaped
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from torch import Tensor

from stablegen_lib.plots.grid import to_grid
from stablegen_lib.plots.live import DOTS_PER_INCH
from stablegen_lib.plumbing.bounds import ANY, FREE, at_least
from stablegen_lib.plumbing.doors import door

BLUE, ORANGE = "#0072B2", "#D55E00"  # real and D; generated and G
PROBABILITY_COLOURS = LinearSegmentedColormap.from_list("probability", ["#F5C39C", "#FFFFFF", "#9CCDEA"])
SCREEN_WIDTH = 560  # pixels, about; a grid is enlarged to it in whole steps


@door()
def show_images(
    images: Shaped[Tensor, "count channel height width"],
    ax: Axes | None = None,
    columns: int = 8,
    title: str = "",
) -> Axes:
    """Draws images as a grid with sharp pixels and no ticks.

    Args:
        images: uint8, or floats in [-1, 1] (what lies outside is clamped); grey or colour.
        ax: Where to draw. None makes a figure of the right size; pass it on to `show`.
        columns: Images per row.
        title: What the picture shows; best a finding.

    Raises:
        ValueError: As in `to_grid`.
    """
    grid = to_grid(images, columns)
    if ax is None:
        ax = _axes_of_whole_pixels(width=grid.shape[1], height=grid.shape[0])
    ax.imshow(grid.numpy(), interpolation="nearest")
    ax.set_axis_off()
    ax.set_title(title, fontsize=11)
    return ax


@door()
def show_rows(rows: Mapping[str, Shaped[Tensor, "count channel height width"]], title: str = "") -> Axes:
    """Draws rows of images under each other, each with its name at the left; picture n below picture n.

    Args:
        rows: What a row is called, and its images in [-1, 1]; as many in each row. Few images are drawn
            large: eight of 16×16 pixels get 64 pixels on the screen each.
        title: What the picture shows; best a finding.

    Raises:
        ValueError: If there is no row, or the rows differ in length or in the size of their images.
    """
    shapes = {tuple(images.shape) for images in rows.values()}
    if len(shapes) != 1:
        raise ValueError(f"rows of as many images of one size were needed; {sorted(shapes) or 'none'} came.")
    ((count, _, height, _),) = shapes
    ax = show_images(torch.cat(list(rows.values())), columns=count, title=title)
    for number, name in enumerate(rows):
        middle = number * (height + 1) + (height - 1) / 2
        ax.text(-0.01, middle, name, ha="right", va="center", fontsize=10,
                transform=ax.get_yaxis_transform())  # fmt: skip
    return ax


@door(extent=FREE, resolution=at_least(2))
def heat_map(
    ax: Axes,
    function: Callable[[Float[Tensor, "n 2"]], Float[Tensor, " n"]],
    extent: tuple[float | int, float | int, float | int, float | int],
    resolution: int = 80,
) -> Axes:
    """Colours the plane by a probability: blue near 1, white at 0.5, orange near 0.

    Args:
        ax: Where to draw.
        function: Maps points to probabilities in [0, 1]. For a discriminator D that gives
            logits: `lambda points: torch.sigmoid(D(x, points))`. Called once, without gradients.
        extent: Left, right, bottom and top of the region.
        resolution: Cells per side.

    Raises:
        ValueError: If the region is empty, or the function gives another number of values,
            NaN, or values outside [0, 1] (logits instead of probabilities, say).
    """
    left, right, bottom, top = map(float, extent)
    if not (left < right and bottom < top):
        raise ValueError(f"left < right and bottom < top were needed, and {extent} came.")
    across, up = _cell_centres(left, right, resolution), _cell_centres(bottom, top, resolution)
    points = torch.cartesian_prod(up, across).flip(1)  # row by row from the bottom, each point as (x, y)
    with torch.no_grad():
        values = _probabilities(function(points), count=len(points))
    mesh = ax.imshow(
        values.reshape(resolution, resolution).numpy(),
        extent=(left, right, bottom, top),
        origin="lower",
        interpolation="nearest",
        cmap=PROBABILITY_COLOURS,
        vmin=0.0,
        vmax=1.0,
    )
    ax.figure.colorbar(mesh, ax=ax, label="probability of being real", ticks=[0.0, 0.5, 1.0], shrink=0.8)
    ax.set(xlabel="first coordinate", ylabel="second coordinate")
    return ax


@door()
def points(
    ax: Axes,
    *,
    real: Float[Tensor, "real_count 2"] | None = None,
    generated: Float[Tensor, "generated_count 2"] | None = None,
) -> Axes:
    """Draws points of the plane: real ones as blue dots, generated ones as orange crosses.

    Args:
        ax: Where to draw; a heat map below stays visible, and its limits are kept.
        real: Points of the data set.
        generated: Points of the generator.

    Raises:
        ValueError: If both are missing, or a coordinate is NaN or infinite.
    """
    if real is None and generated is None:
        raise ValueError("points to draw were needed: give real=..., generated=..., or both.")
    on_a_map = bool(ax.images)
    limits = (*ax.get_xlim(), *ax.get_ylim())
    if real is not None:
        ax.scatter(*_coordinates(real), s=14, c=BLUE, edgecolors="white", linewidths=0.4, label="real")
    if generated is not None:
        x, y = _coordinates(generated)
        ax.scatter(x, y, s=16, c=ORANGE, marker="x", linewidths=1.0, label="generated")
    ax.set(xlabel="first coordinate", ylabel="second coordinate", aspect="equal")
    if on_a_map:
        ax.axis(limits)
    ax.legend(loc="upper right", framealpha=0.9)
    return ax


@door(steps=FREE, discriminator=ANY, generator=ANY)
def loss_curves(
    ax: Axes,
    *,
    steps: Sequence[int] | Shaped[Tensor, " steps"],
    discriminator: Sequence[float] | Shaped[Tensor, " steps"],
    generator: Sequence[float] | Shaped[Tensor, " steps"],
    smoothing: int = 1,
    ties: bool = True,
) -> Axes:
    """Draws both losses, with dotted lines where they lie when D cannot tell real from generated.

    Args:
        ax: Where to draw.
        steps: Step numbers.
        discriminator: D's loss per step in nats, the *sum* of its two terms: 2 log 2 at the tie.
        generator: G's non-saturating loss per step in nats: log 2 at the tie.
        smoothing: Steps per running mean; above 1 the raw curve stays visible, paler.
            A loss that is not finite leaves a gap.
        ties: Whether to draw the dotted lines. False for a recipe with ``mismatch``: there D also
            sees real samples under a wrong condition, and can tell those.

    Raises:
        ValueError: If there is no step, or the lengths differ.
    """
    lengths = (len(steps), len(discriminator), len(generator))
    if len(set(lengths)) != 1 or lengths[0] == 0:
        raise ValueError("steps, discriminator and generator of one length above 0 were needed; "
                         f"lengths {lengths} came.")  # fmt: skip
    numbers = torch.as_tensor(steps).cpu().numpy()
    for name, losses, colour, style, tie, tie_name in (
        ("discriminator", discriminator, BLUE, "-", 2 * math.log(2), "2 log 2"),
        ("generator", generator, ORANGE, "--", math.log(2), "log 2"),
    ):
        values = torch.as_tensor(losses, dtype=torch.float64).detach().cpu()
        if smoothing > 1:
            ax.plot(numbers, values.numpy(), color=colour, alpha=0.25, linewidth=0.8)
        ax.plot(numbers, _running_mean(values, smoothing).numpy(), style, color=colour, label=name)
        if ties:
            told = f"{name} at the tie: {tie_name}"
            ax.axhline(tie, color=colour, linestyle=":", linewidth=1.2, label=told)
    ax.set(xlabel="step", ylabel="loss (nats)")
    ax.legend(framealpha=0.9, fontsize=9)
    return ax


def _axes_of_whole_pixels(*, width: int, height: int) -> Axes:
    """Axes in which each image pixel covers the same whole number of screen pixels."""
    enlarge = max(1, min(8, SCREEN_WIDTH // width))
    inches = enlarge * width / DOTS_PER_INCH, enlarge * height / DOTS_PER_INCH
    return plt.figure(figsize=inches, dpi=DOTS_PER_INCH).add_axes((0.0, 0.0, 1.0, 1.0))


def _cell_centres(low: float, high: float, count: int) -> Tensor:
    return low + (high - low) * (torch.arange(count) + 0.5) / count


def _probabilities(values: Tensor, count: int) -> Tensor:
    if values.shape != (count,):
        raise ValueError(
            f"one probability for each of {count} points was needed, shape {tuple(values.shape)} came."
        )
    values = values.detach().float().cpu()
    if not bool(((values >= 0) & (values <= 1)).all()):  # NaN fails this too
        raise ValueError(
            f"probabilities in [0, 1] were needed, {values.min():.3g} to {values.max():.3g} came. "
            "For logits, pass lambda points: torch.sigmoid(D(x, points))."
        )
    return values


def _coordinates(where: Tensor) -> tuple[Tensor, Tensor]:
    x, y = where.detach().cpu().unbind(dim=1)
    return x, y


def _running_mean(values: Tensor, window: int) -> Tensor:
    """Mean of each value and up to `window` - 1 before it."""
    sums = torch.nn.functional.pad(values, (window - 1, 0)).unfold(0, window, 1).sum(dim=1)
    return sums / torch.arange(1, len(values) + 1).clamp(max=window)
