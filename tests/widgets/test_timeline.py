"""Claims about the Timeline widget, driven from Python as a browser would drive it."""

import base64
import io

import numpy as np
import pytest
import torch
from PIL import Image

from stablegen_lib import plots
from stablegen_lib.training.snapshots import Snapshot, Snapshots
from stablegen_lib.widgets.timeline import BOX, Timeline

NUMBERS = (1, 10, 50, 100)


def snapshots(count=4):
    random = torch.Generator().manual_seed(0)
    made = Snapshots(conditions=torch.zeros(count, 0))
    made.snapshots = [
        Snapshot(n, torch.randint(256, (count, 3, 8, 8), generator=random, dtype=torch.uint8))
        for n in NUMBERS
    ]
    made.losses = [(n, 1.3 - n / 200, 0.7 + n / 100) for n in range(1, 121)]
    return made


def pixels(png):
    return np.array(Image.open(io.BytesIO(png)).convert("RGB"))


def mark(timeline):
    """The column of the dark line in the chart."""
    chart = pixels(timeline.chart.frame["png"]).astype(int)
    dark = (chart[BOX[1] + 2 : BOX[3] - 2].sum(axis=2) < 120).mean(axis=0)
    return int(dark.argmax())


def test_it_opens_at_the_last_snapshot():
    made = snapshots()
    timeline = Timeline(made)
    assert timeline.step == 100
    assert timeline.picture.frame["png"] == plots.to_png(made.snapshots[-1].images, 2, 1)


def test_scrubbing_on_the_page_shows_that_step_and_moves_the_mark():
    made = snapshots()
    timeline = Timeline(made)
    late = mark(timeline)
    timeline.slider.set_state({"index": 1})  # what the message of a dragged slider calls
    assert timeline.step == 10
    assert timeline.picture.frame["png"] == plots.to_png(made.snapshots[1].images, 2, 1)
    assert mark(timeline) < late
    timeline.step = 1
    assert mark(timeline) == BOX[0]


def test_a_step_between_snapshots_goes_to_the_one_before():
    timeline = Timeline(snapshots())
    timeline.step = 99
    assert timeline.step == 50
    timeline.step = 120
    assert timeline.step == 100


def test_playing_runs_from_the_first_to_the_last_and_stops():
    timeline = Timeline(snapshots())
    timeline.playing = True
    seen = [timeline.step]
    while timeline.playing and len(seen) < 20:
        timeline.picture._handle_custom_msg({"kind": "tick"}, [])
        seen.append(timeline.step)
    assert seen == [1, 10, 50, 100, 100]
    assert not timeline.play.value


def test_playing_goes_on_from_the_middle_and_can_be_paused():
    timeline = Timeline(snapshots())
    timeline.step = 10
    timeline.play.set_state({"value": True})
    assert timeline.playing
    timeline.picture._handle_custom_msg({"kind": "tick"}, [])
    timeline.play.set_state({"value": False})
    timeline.picture._handle_custom_msg({"kind": "tick"}, [])
    assert timeline.step == 50


def test_words_name_the_step_and_its_losses():
    timeline = Timeline(snapshots())
    timeline.step = 10
    words = "4 pictures after step 10. Losses at that step: D 1.25, G 0.80."
    assert timeline.picture.frame["alt"] == words
    assert words in timeline.status.value
    assert "mark at step 10" in timeline.chart.frame["alt"]


def test_a_page_without_a_kernel_gets_pictures_and_losses():
    timeline = Timeline(snapshots())
    bundle, metadata = timeline._repr_mimebundle_()
    assert bundle["text/plain"].startswith("Timeline(4 snapshots, step 100)")
    assert "Run this notebook" in metadata["image/png"]["alt"]
    assert pixels(base64.b64decode(bundle["image/png"])).shape[1] > 700


def test_later_recording_does_not_move_the_timeline():
    made = snapshots()
    timeline = Timeline(made)
    made.snapshots.clear()
    timeline.step = 1
    assert timeline.step == 1


@pytest.mark.parametrize("number", [0, 121, -5])
def test_steps_outside_the_run_are_refused(number):
    timeline = Timeline(snapshots())
    with pytest.raises(ValueError, match="from 1 to 120"):
        timeline.step = number
    assert timeline.step == 100


def test_losses_that_are_not_finite_leave_a_gap_not_an_error():
    made = snapshots()
    made.losses[3] = (4, float("nan"), float("inf"))
    Timeline(made).step = 10


def test_ties_that_do_not_hold_can_be_left_out():
    with_ties, without = (np.asarray(Timeline(snapshots(), ties=ties)._base) for ties in (True, False))
    assert (without != 255).sum() < (with_ties != 255).sum()


def test_a_run_of_one_step_can_be_shown():
    made = snapshots()
    made.snapshots, made.losses = made.snapshots[:1], made.losses[:1]
    assert Timeline(made).step == 1


def test_nothing_recorded_is_refused_with_a_cure():
    with pytest.raises(ValueError, match=r"call snapshots\.record"):
        Timeline(Snapshots(conditions=torch.zeros(1, 0)))
