"""Claims about StampPad: stamp by stamp it computes a transposed convolution."""

import pytest
import torch
import torch.nn.functional as F

from stablegen_lib.widgets import StampPad


@pytest.mark.parametrize("stamp", ["letter", "block", "flat", "tent"])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_when_all_is_stamped_the_paper_is_that_of_torch(stamp, stride):
    inputs = torch.rand(3, 5, generator=torch.Generator().manual_seed(0))
    pad = StampPad(inputs, stamp)
    pad.stride, pad.stamped = stride, inputs.numel()
    wanted = F.conv_transpose2d(inputs[None, None], pad.kernel()[None, None], stride=stride)[0, 0]
    torch.testing.assert_close(pad.paper(), wanted)


def test_each_step_adds_one_stamp_with_its_input_as_ink():
    inputs = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    pad = StampPad(inputs)
    pad.stamped = 2
    before = pad.paper()
    pad.stamped = 3
    added = torch.zeros(6, 6)
    added[2:6, 0:4] = 3 * pad.kernel()
    torch.testing.assert_close(pad.paper() - before, added)
    assert pad.place == (1, 0)


def test_overlap_is_told():
    pad = StampPad(torch.ones(4, 4), "flat")
    assert "With stride 2 the stamps overlap unevenly." in pad.description()
    pad.stride = 3
    assert "With stride 3 the stamps do not overlap." in pad.description()
    pad.stamp, pad.stride = "tent", 2
    assert pad.description().endswith("the stamps overlap.")


def test_a_click_on_an_input_stamps_up_to_it():
    pad = StampPad(torch.ones(4, 4))
    cell = 320 // 4
    at = [(2.5 * cell) / 340, (28 + 1.5 * cell) / 348]
    pad.picture._heard(None, {"kind": "stroke", "points": [at, at]}, [])
    assert pad.stamped == 4 + 3
    pad.aside._heard(None, {"kind": "stroke", "points": [[0.5, 0.5]]}, [])
    assert pad.stamped == 7, "the paper is not an input"


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (torch.ones(13, 2), "at most 12"),
        (torch.ones(1, 1), "at most 12"),
        (torch.tensor([[1.0, torch.nan]]), "inputs"),
    ],
)
def test_maps_that_cannot_be_shown_are_refused(inputs, message):
    with pytest.raises(ValueError, match=message):
        StampPad(inputs)


def test_an_unknown_stamp_is_refused():
    with pytest.raises(ValueError, match="one of"):
        StampPad(torch.ones(2, 2), "heart")
