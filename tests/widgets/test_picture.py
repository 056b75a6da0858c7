"""Claims about Picture: what goes to the browser, and what is believed of what comes back."""

import io

import pytest
import torch
from PIL import Image

from stablegen_lib.widgets.picture import Picture


def png(width=4, height=2, colour="red"):
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "PNG")
    return buffer.getvalue()


def hears(picture, **content):
    picture._handle_custom_msg(content, [])


def test_a_frame_carries_the_file_its_size_on_the_screen_and_its_description():
    picture = Picture(scale=10)
    picture.show(png(), "a red box")
    number = picture.frame["number"]
    assert picture.frame == {"png": png(), "size": (4, 2), "width": 40, "alt": "a red box", "number": number}


def test_a_frame_of_pixels_carries_three_bytes_for_each_row_by_row():
    picture = Picture(scale=3)
    pixels = torch.arange(2 * 5 * 3, dtype=torch.uint8).reshape(2, 5, 3)
    picture.show_pixels(pixels, "thirty numbers")
    assert picture.frame["rgb"] == bytes(range(30))
    assert (picture.frame["size"], picture.frame["width"]) == ((5, 2), 15)


def test_frames_are_numbered_so_that_the_browser_knows_the_newest():
    picture = Picture()
    numbers = []
    for _ in range(3):
        picture.show(png(), "the same red box again")
        numbers.append(picture.frame["number"])
    assert numbers == [1, 2, 3]


def test_what_is_no_picture_is_refused_and_the_old_one_stays():
    picture = Picture()
    picture.show(png(), "a red box")
    with pytest.raises(OSError, match="cannot identify"):
        picture.show(b"nonsense", "nothing")
    assert picture.frame["alt"] == "a red box"


def test_ticks_count_only_while_it_plays():
    picture, ticks = Picture(), []
    picture.on_tick = lambda: ticks.append(1)
    hears(picture, kind="tick")
    assert ticks == []
    picture.playing = True
    hears(picture, kind="tick")
    assert ticks == [1]


def test_an_error_at_a_tick_is_not_swallowed_by_us():
    picture = Picture()
    picture.on_tick = lambda: 1 / 0
    picture.playing = True
    with pytest.raises(ZeroDivisionError):
        picture._heard(picture, {"kind": "tick"}, [])


def test_strokes_arrive_only_when_drawing_is_allowed():
    picture, strokes = Picture(), []
    picture.on_stroke = strokes.append
    hears(picture, kind="stroke", points=[[0.25, 1]])
    assert strokes == []
    picture.drawable = True
    hears(picture, kind="stroke", points=[[0.25, 1], [0.5, 0]])
    assert strokes == [[(0.25, 1.0), (0.5, 0.0)]]


@pytest.mark.parametrize("points", [[], [[0.5, 1.5]], [[float("nan"), 0]], [[-0.1, 0]]])
def test_impossible_strokes_are_refused(points):
    picture = Picture()
    picture.drawable = True
    picture.on_stroke = lambda points: pytest.fail(f"believed {points}")
    with pytest.raises(ValueError, match="between"):
        picture._heard(picture, {"kind": "stroke", "points": points}, [])


def test_downloads_and_copies_go_to_the_browser_and_its_answer_comes_back(monkeypatch):
    picture, sent, answers = Picture(), [], []
    monkeypatch.setattr(picture, "send", lambda content, buffers=None: sent.append((content, buffers)))
    picture.on_copied = answers.append
    picture.download("a.png", b"bytes", "image/png")
    picture.copy("SG1")
    hears(picture, kind="copied", done=False)
    assert sent == [
        ({"kind": "download", "name": "a.png", "type": "image/png"}, [b"bytes"]),
        ({"kind": "copy", "text": "SG1"}, None),
    ]
    assert answers == [False]


def test_unknown_messages_do_nothing():
    picture = Picture()
    picture.playing = picture.drawable = True
    picture.on_tick = picture.on_stroke = lambda *_: pytest.fail("called")
    hears(picture, kind="run this")
    hears(picture)


def test_negative_intervals_are_refused():
    picture = Picture()
    with pytest.raises(Exception, match="interval"):
        picture.interval = -1
