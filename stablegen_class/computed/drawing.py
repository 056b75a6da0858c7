"""What several lessons' pictures are drawn with: pictures of the library's kind, and points of the plane."""

from jaxtyping import Float
from matplotlib.figure import Figure
from torch import Tensor

from stablegen_lib import plots


def pictures(images: Float[Tensor, "count channel height width"], columns: int = 1) -> Figure:
    """Pictures in [-1, 1] in a grid; grey around them, so that a white one has an edge."""
    rows = -(-len(images) // columns)
    figure = Figure(figsize=(1.9, 1.9) if columns == 1 else (3.4, 0.95 * rows), facecolor="0.75")
    plots.show_images(images, figure.subplots(), columns=columns)
    return figure


def plane(
    *,
    real: Float[Tensor, "some 2"] | None = None,
    generated: Float[Tensor, "others 2"] | None = None,
    limits: tuple[float | int, float | int] = (-2.8, 2.8),
) -> Figure:
    """Real points as dots, generated ones as crosses; the question says which is which, not a legend."""
    figure = Figure(figsize=(2.6, 2.6))
    ax = figure.subplots()
    plots.points(ax, real=real, generated=generated)
    legend = ax.get_legend()
    if legend is not None:
        legend.remove()
    ax.set(xlim=limits, ylim=limits, aspect="equal")
    return figure
