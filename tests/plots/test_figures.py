"""Claims about plots.py: what is drawn is what came in, and nothing leaks or passes in silence."""

import base64
import importlib
import io
import math
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from torch import Tensor

from stablegen_lib import plots
from stablegen_lib.plots import figures
from stablegen_lib.plots import live as live_figure

ALT = "A test figure: one line that rises from left to right."


class FakeShell:
    """Stands for the IPython shell: remembers what was published."""

    def __init__(self) -> None:
        self.display_pub = self
        self.messages: list[dict[str, object]] = []

    def publish(self, data, metadata=None, *, transient=None, update=False) -> None:
        self.messages.append({"data": data, "metadata": metadata, "transient": transient, "update": update})


@pytest.fixture
def shell(monkeypatch):
    fake = FakeShell()
    monkeypatch.setattr(live_figure, "_notebook", lambda: fake)
    return fake


@pytest.fixture(autouse=True)
def no_open_figures():
    plt.close("all")
    yield
    plt.close("all")


def line_figure(height: float = 1.0):
    figure, ax = plt.subplots(figsize=(3, 2))
    ax.plot([0, 1], [0, height])
    return figure


def decode(png: bytes) -> Tensor:
    return torch.from_numpy(np.array(Image.open(io.BytesIO(png))))


# --- the grid -----------------------------------------------------------------------------------


def test_rows_stand_under_each_other_with_their_names_at_the_left():
    dark, light = torch.full((4, 3, 16, 16), -1.0), torch.full((4, 3, 16, 16), 0.5)
    ax = plots.show_rows({"dark": dark, "light": light}, title="two rows")
    drawn = np.asarray(ax.images[0].get_array())
    assert drawn.shape == (33, 67, 3)
    assert drawn[0, 0, 0] == 0
    assert drawn[32, 66, 0] == 191
    names = {text.get_text(): text.get_position() for text in ax.texts}
    assert list(names) == ["dark", "light"]
    assert [y for _, y in names.values()] == [7.5, 24.5]
    assert all(x < 0 for x, _ in names.values())


@pytest.mark.parametrize(
    "rows",
    [
        {},
        {"three": torch.zeros(3, 3, 8, 8), "four": torch.zeros(4, 3, 8, 8)},
        {"small": torch.zeros(3, 3, 8, 8), "large": torch.zeros(3, 3, 16, 16)},
    ],
    ids=["none", "other counts", "other sizes"],
)
def test_rows_that_do_not_fit_are_refused(rows):
    with pytest.raises(ValueError, match=r"rows of as many images of one size|to go with rows"):
        plots.show_rows(rows)


def test_grid_places_image_k_at_its_row_and_column_and_white_between():
    images = torch.arange(10, dtype=torch.uint8).reshape(10, 1, 1, 1).expand(10, 3, 4, 5)
    grid = plots.to_grid(images, columns=4, padding=2)
    assert grid.shape == (3 * 4 + 2 * 2, 4 * 5 + 3 * 2, 3)
    for k in range(10):
        top, left = (k // 4) * 6, (k % 4) * 7
        assert (grid[top : top + 4, left : left + 5] == k).all()
    assert (grid[4:6] == 255).all()
    assert (grid[12:, 2 * 7 :] == 255).all(), "places without an image are white"


def test_grid_keeps_the_orientation_and_the_colour_order_of_an_image():
    image = torch.randint(0, 256, (1, 3, 4, 6), generator=torch.Generator().manual_seed(0)).to(torch.uint8)
    assert torch.equal(plots.to_grid(image).permute(2, 0, 1), image[0])


def test_float_range_maps_to_bytes_at_both_ends_and_is_clamped_beyond():
    values = torch.tensor([-7.0, -1.0, 0.0, 1.0, 7.0]).reshape(5, 1, 1, 1)
    assert plots.to_grid(values, padding=0)[0, :, 0].tolist() == [0, 0, 128, 255, 255]


def test_grey_image_becomes_three_equal_channels():
    grid = plots.to_grid(torch.rand(2, 1, 8, 8) * 2 - 1)
    assert torch.equal(grid[..., 0], grid[..., 1])
    assert torch.equal(grid[..., 0], grid[..., 2])


def test_grid_never_changes_its_input():
    images = torch.full((1, 3, 2, 2), 3.0)
    plots.to_grid(images)
    assert (images == 3.0).all()


@given(count=st.integers(1, 20), columns=st.integers(1, 9), padding=st.integers(0, 3), grey=st.booleans())
@settings(max_examples=25, deadline=None)
def test_every_pixel_of_every_image_is_in_the_grid_once(count, columns, padding, grey):
    images = torch.zeros(count, 1 if grey else 3, 3, 2, dtype=torch.uint8)
    grid = plots.to_grid(images, columns=columns, padding=padding)
    assert int((grid == 0).all(dim=2).sum()) == count * 6


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (torch.full((1, 3, 4, 4), math.nan), "NaN"),
        (torch.full((1, 3, 4, 4), math.inf), "infinity"),
        (torch.full((1, 3, 4, 4), 255.0), "0 to 255"),
        (torch.zeros(1, 2, 4, 4), "1 channel"),
        (torch.zeros(0, 3, 4, 4), "empty"),
        (torch.zeros(3, 4, 4), r"\(count, channel, height, width\)"),
        (torch.zeros(1, 3, 4, 4, dtype=torch.int64), "uint8"),
    ],
)
def test_what_is_no_image_is_refused_with_what_to_do(images, message):
    with pytest.raises(ValueError, match=message):
        plots.to_grid(images)


def test_pixels_a_little_out_of_range_are_clamped():
    images = torch.tensor([6.0, -6.0]).reshape(1, 1, 1, 2)
    assert plots.to_grid(images)[0, :, 0].tolist() == [255, 0]


@pytest.mark.parametrize("arguments", [{"columns": 0}, {"padding": -1}])
def test_impossible_layout_is_refused(arguments):
    with pytest.raises(ValueError, match=r"columns must be|padding must be"):
        plots.to_grid(torch.zeros(1, 3, 4, 4), **arguments)


def test_png_holds_the_grid_with_each_pixel_enlarged_exactly():
    images = torch.randint(0, 256, (3, 3, 4, 4), generator=torch.Generator().manual_seed(1)).to(torch.uint8)
    picture = decode(plots.to_png(images, columns=2, scale=5))
    grid = plots.to_grid(images, columns=2)
    assert torch.equal(picture, grid.repeat_interleave(5, 0).repeat_interleave(5, 1))


def test_png_scale_below_one_is_refused():
    with pytest.raises(ValueError, match="scale must be a whole number of at least 1"):
        plots.to_png(torch.zeros(1, 3, 4, 4), scale=0)


# --- figures ------------------------------------------------------------------------------------


def test_shown_images_are_drawn_without_smoothing_ticks_or_frame():
    ax = plots.show_images(torch.rand(9, 3, 8, 8), title="nine")
    assert ax.images[0].get_interpolation() == "nearest"
    assert not ax.axison
    assert ax.get_title() == "nine"
    assert ax.images[0].get_array().shape == (17, 71, 3)


def test_each_image_pixel_covers_a_whole_number_of_screen_pixels():
    images = torch.randint(0, 256, (6, 3, 16, 16), generator=torch.Generator().manual_seed(2)).to(torch.uint8)
    figure = plots.show_images(images, columns=3).get_figure()
    drawn = decode(live_figure.figure_png(figure))[..., :3]
    grid = plots.to_grid(images, columns=3)
    enlarged = grid.repeat_interleave(8, 0).repeat_interleave(8, 1)
    windows = [
        drawn[y : y + enlarged.shape[0], x : x + enlarged.shape[1]] for y in range(12) for x in range(12)
    ]
    assert any(w.shape == enlarged.shape and torch.equal(w, enlarged) for w in windows)


def test_images_can_be_drawn_into_given_axes():
    figure, (left, right) = plt.subplots(1, 2)
    assert plots.show_images(torch.zeros(1, 1, 8, 8), right) is right
    assert not left.images
    assert plt.get_fignums() == [figure.number]


def test_heat_map_shows_the_value_at_the_place_it_belongs_to():
    _, ax = plt.subplots()
    plots.heat_map(ax, lambda p: (p[:, 0] > 1).float() * (p[:, 1] > 5).float(), (0, 2, 4, 6), resolution=4)
    values = np.asarray(ax.images[0].get_array())  # origin "lower": row 0 is the bottom
    expected = np.zeros((4, 4))
    expected[2:, 2:] = 1
    assert np.array_equal(values, expected)
    assert ax.images[0].origin == "lower"
    assert list(ax.images[0].get_extent()) == [0, 2, 4, 6]


def test_heat_map_has_white_at_one_half_and_a_fixed_scale():
    _, ax = plt.subplots()
    plots.heat_map(ax, lambda p: torch.full((len(p),), 0.7), (0, 1, 0, 1))
    assert ax.images[0].get_clim() == (0.0, 1.0)
    middle, low, high = (np.array(plots.PROBABILITY_COLOURS(v)[:3]) for v in (0.5, 0.0, 1.0))
    assert (middle > 0.98).all()
    assert low[0] > low[2], "0 is orange"
    assert high[2] > high[0], "1 is blue"


def test_heat_map_function_runs_without_gradients_and_may_have_parameters():
    weight = torch.ones(2, requires_grad=True)
    grad_enabled = []

    def probability(p: Tensor) -> Tensor:
        grad_enabled.append(torch.is_grad_enabled())
        return torch.sigmoid(p @ weight)

    _, ax = plt.subplots()
    plots.heat_map(ax, probability, (-1, 1, -1, 1), resolution=3)
    assert grad_enabled == [False]


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda p: 5 * p[:, 0], "sigmoid"),
        (lambda p: p[:, 0] * math.nan, "probabilities|finite numbers"),
        (lambda p: torch.zeros(len(p), 1), "what function gives must be a tensor of shape"),
    ],
)
def test_heat_map_refuses_what_is_no_probability(function, message):
    _, ax = plt.subplots()
    with pytest.raises(ValueError, match=message):
        plots.heat_map(ax, function, (-1, 1, -1, 1))


@pytest.mark.parametrize("extent", [(1, -1, -1, 1), (-1, 1, 1, 1)])
def test_heat_map_refuses_an_empty_region(extent):
    _, ax = plt.subplots()
    with pytest.raises(ValueError, match="left < right"):
        plots.heat_map(ax, lambda p: p[:, 0] * 0, extent)


def test_real_and_generated_points_differ_in_colour_marker_and_legend():
    _, ax = plt.subplots()
    plots.points(ax, real=torch.zeros(3, 2), generated=torch.ones(4, 2))
    real, generated = ax.collections
    assert len(real.get_offsets()) == 3
    assert len(generated.get_offsets()) == 4
    assert not np.allclose(real.get_facecolor()[0][:3], generated.get_edgecolor()[0][:3])
    assert len(real.get_paths()[0]) != len(generated.get_paths()[0])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["real", "generated"]


def test_points_on_a_heat_map_leave_its_limits_alone():
    _, ax = plt.subplots()
    plots.heat_map(ax, lambda p: p[:, 0] * 0, (-1, 1, -2, 2))
    plots.points(ax, generated=torch.full((1, 2), 50.0))
    assert ax.get_xlim() == (-1, 1)
    assert ax.get_ylim() == (-2, 2)


def test_points_without_a_map_set_their_own_limits():
    _, ax = plt.subplots()
    plots.points(ax, generated=torch.tensor([[50.0, 50.0], [60.0, 60.0]]))
    assert ax.get_xlim()[0] > 40
    assert ax.get_xlim()[1] > 60


def test_points_refuses_nothing_and_nan():
    _, ax = plt.subplots()
    with pytest.raises(ValueError, match="give real"):
        plots.points(ax)
    with pytest.raises(ValueError, match="generated must be finite"):
        plots.points(ax, generated=torch.tensor([[0.0, math.nan]]))


def test_loss_curves_draw_both_losses_and_the_two_ties():
    _, ax = plt.subplots()
    plots.loss_curves(ax, steps=[0, 10], discriminator=[1.0, 1.2], generator=torch.tensor([3.0, 2.0]))
    lines = {line.get_label(): line for line in ax.lines}
    assert list(lines["discriminator"].get_ydata()) == [1.0, 1.2]
    assert list(lines["generator"].get_ydata()) == [3.0, 2.0]
    assert lines["discriminator at the tie: 2 log 2"].get_ydata()[0] == pytest.approx(2 * math.log(2))
    assert lines["generator at the tie: log 2"].get_ydata()[0] == pytest.approx(math.log(2))
    assert lines["generator at the tie: log 2"].get_linestyle() == ":"
    assert lines["discriminator"].get_linestyle() != lines["generator"].get_linestyle()
    assert ax.get_xlabel() == "step"
    assert ax.get_ylabel() == "loss (nats)"


def test_loss_curves_leave_out_ties_that_do_not_hold():
    _, ax = plt.subplots()
    plots.loss_curves(ax, steps=[0, 10], discriminator=[1.0, 1.2], generator=[3.0, 2.0], ties=False)
    assert [line.get_label() for line in ax.lines] == ["discriminator", "generator"]


def test_smoothing_is_the_mean_of_the_last_steps_and_starts_with_what_there_is():
    values = torch.tensor([4.0, 0.0, 2.0, 6.0], dtype=torch.float64)
    assert figures._running_mean(values, 2).tolist() == [4.0, 2.0, 1.0, 4.0]
    assert torch.equal(figures._running_mean(values, 1), values)
    assert figures._running_mean(values, 9)[-1] == 3.0


def test_smoothing_spoils_only_the_steps_that_contain_a_nan():
    values = torch.tensor([1.0, math.nan, 1.0, 1.0], dtype=torch.float64)
    assert figures._running_mean(values, 2).isnan().tolist() == [False, True, True, False]


def test_smoothed_curves_keep_the_raw_ones_visible():
    _, ax = plt.subplots()
    plots.loss_curves(ax, steps=range(4), discriminator=[1.0] * 4, generator=[1.0] * 4, smoothing=3)
    assert sum(line.get_alpha() == 0.25 for line in ax.lines) == 2


@pytest.mark.parametrize("lengths", [(0, 0, 0), (2, 2, 3), (1, 2, 2)])
def test_loss_curves_refuse_lengths_that_do_not_agree(lengths):
    _, ax = plt.subplots()
    a, b, c = lengths
    with pytest.raises(ValueError, match="of one length"):
        plots.loss_curves(ax, steps=[0] * a, discriminator=[0.0] * b, generator=[0.0] * c)


# --- showing ------------------------------------------------------------------------------------


def test_show_publishes_the_picture_with_its_description_and_closes_the_figure(shell):
    plots.show(line_figure(), alt=ALT)
    (message,) = shell.messages
    assert decode(base64.b64decode(message["data"]["image/png"])).ndim == 3
    assert message["data"]["text/plain"] == ALT
    assert message["metadata"] == {"image/png": {"alt": ALT}}
    assert plt.get_fignums() == []


def test_show_takes_axes_for_their_figure(shell):
    plots.show(plots.show_images(torch.zeros(1, 3, 8, 8)), alt=ALT)
    assert len(shell.messages) == 1
    assert plt.get_fignums() == []


def test_equal_figures_give_equal_bytes_and_different_ones_do_not():
    pngs = [live_figure.figure_png(line_figure(height)) for height in (1.0, 1.0, 2.0)]
    assert pngs[0] == pngs[1]
    assert pngs[0] != pngs[2]


@pytest.mark.parametrize("alt", ["", "   ", "a plot", " " * 30])
def test_a_figure_without_a_description_is_refused(alt, shell):
    figure = line_figure()
    with pytest.raises(ValueError, match="at least 20 characters"):
        plots.show(figure, alt=alt)
    with pytest.raises(ValueError, match="at least 20 characters"):
        plots.LiveFigure(alt=alt)
    assert shell.messages == []


def test_outside_ipython_show_prints_the_description(capsys, monkeypatch):
    monkeypatch.setattr(live_figure, "_notebook", lambda: None)
    plots.show(line_figure(), alt=ALT)
    assert capsys.readouterr().out == ALT + "\n"
    assert plt.get_fignums() == []


def test_a_missing_ipython_is_no_error(monkeypatch):
    monkeypatch.setitem(sys.modules, "IPython.core.getipython", None)
    module = importlib.import_module("stablegen_lib.plots.live")
    assert module._notebook() is None


# --- live figures -------------------------------------------------------------------------------


def test_live_figure_shows_the_first_and_the_newest_state_and_skips_between(shell):
    drawn = []
    with plots.LiveFigure(alt=ALT, seconds=3600) as live:
        for number in range(5):
            live.update(lambda number=number: drawn.append(number) or line_figure(number))
    assert drawn == [0, 4]
    assert live.frames == 2
    assert [message["update"] for message in shell.messages] == [False, True, True]
    first, *others = (message["transient"] for message in shell.messages)
    assert first != {}
    assert others == [first, first]
    assert shell.messages[-1]["data"]["text/plain"] == ALT
    assert plt.get_fignums() == []


def test_live_figure_takes_its_place_on_entering_before_anything_is_drawn_or_printed(shell):
    with plots.LiveFigure(alt=ALT, seconds=3600) as live:
        (place,) = shell.messages
        assert set(place["data"]) == {"text/plain"}
        assert place["transient"]
        assert not place["update"]
        assert live.frames == 0


def test_live_figure_that_was_shown_before_entering_keeps_its_place(shell):
    live = plots.LiveFigure(alt=ALT, seconds=3600)
    live.update(line_figure(1))
    with live:
        live.update(line_figure(2))
    assert [message["update"] for message in shell.messages] == [False, True]


def test_live_figure_shows_every_state_when_no_time_between_is_asked(shell):
    with plots.LiveFigure(alt=ALT, seconds=0.0) as live:
        for number in range(3):
            live.update(line_figure(number))
    assert live.frames == 3


def test_live_figure_shows_at_once_when_forced_and_not_again_at_the_end(shell):
    with plots.LiveFigure(alt=ALT, seconds=3600) as live:
        live.update(line_figure(1))
        live.update(line_figure(2))
        live.update(line_figure(3), force=True)
    assert len(shell.messages) == 3


def test_figures_that_are_skipped_are_closed_too(shell):
    live = plots.LiveFigure(alt=ALT, seconds=3600)
    for number in range(3):
        live.update(line_figure(number))
        assert plt.get_fignums() == []
    assert len(shell.messages) == 1


def test_a_skipped_figure_can_still_be_shown_at_the_end(shell):
    with plots.LiveFigure(alt=ALT, seconds=3600) as live:
        live.update(line_figure(1))
        live.update(line_figure(2))
    expected = base64.b64encode(live_figure.figure_png(line_figure(2))).decode()
    assert shell.messages[-1]["data"]["image/png"] == expected


def test_an_interruption_still_shows_the_newest_state_and_goes_on_upwards(shell):
    def interrupted_training() -> None:
        with plots.LiveFigure(alt=ALT, seconds=3600) as live:
            live.update(line_figure(1))
            live.update(line_figure(2))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted_training()
    assert len(shell.messages) == 3


def test_live_figure_does_nothing_without_ipython(capsys, monkeypatch):
    monkeypatch.setattr(live_figure, "_notebook", lambda: None)
    with plots.LiveFigure(alt=ALT) as live:
        live.update(line_figure)
    assert live.frames == 0
    assert capsys.readouterr().out == ""
    assert plt.get_fignums() == []


# --- to_gif -------------------------------------------------------------------------------------


def test_a_gif_has_a_frame_for_each_different_picture_and_its_colours():
    grey = [plots.to_png(torch.full((1, 1, 4, 4), value), 1, 2) for value in (-1.0, 0.0, 1.0)]
    film = Image.open(io.BytesIO(plots.to_gif(grey, milliseconds=100)))
    assert (film.n_frames, film.size, film.info["duration"], film.info["loop"]) == (3, (8, 8), 100, 0)
    levels = []
    for number in range(3):
        film.seek(number)
        levels.append(film.convert("L").getpixel((3, 3)))
    assert levels == [0, 128, 255]


def test_an_empty_or_too_fast_film_is_refused():
    with pytest.raises(ValueError, match="at least one picture"):
        plots.to_gif([])
    with pytest.raises(ValueError, match="milliseconds must be a whole number of at least 20"):
        plots.to_gif([plots.to_png(torch.zeros(1, 1, 4, 4))], milliseconds=10)
