"""Claims about the checks that the innermost loops make by themselves, and about a loss that is no number."""

import pytest
import torch

from stablegen_lib.plumbing.checks import extent, require_floats, require_input, require_same_shape
from stablegen_lib.plumbing.stopping import TrainingStopped, require_finite_loss, require_finite_weights

WEIGHT = torch.zeros(4, 3)


def test_a_network_takes_what_has_its_shape_and_type():
    require_input("z", torch.full((5, 3), float("nan")), None, 3, like=WEIGHT)  # values cost too much here
    require_input("z", torch.zeros(5, 3, dtype=torch.float64), None, 3, like=WEIGHT.double())


@pytest.mark.parametrize(
    "bad",
    [
        torch.zeros(5, 4),
        torch.zeros(3),
        torch.zeros(0, 3),
        torch.zeros(5, 3).double(),
        torch.zeros(5, 3).long(),
        [[0.0] * 3],
        None,
    ],
)
def test_a_network_refuses_the_rest_by_name(bad):
    with pytest.raises(
        ValueError, match=r"z must be a tensor of shape \(…, 3\) of torch.float32, and .* came"
    ):
        require_input("z", bad, None, 3, like=WEIGHT)


def test_autocast_makes_small_types_equal_and_leaves_float64():
    with torch.autocast("cpu", torch.bfloat16):
        require_input("z", torch.zeros(5, 3, dtype=torch.bfloat16), None, 3, like=WEIGHT)
        with pytest.raises(ValueError, match="float64"):
            require_input("z", torch.zeros(5, 3, dtype=torch.float64), None, 3, like=WEIGHT)
    with pytest.raises(ValueError, match="bfloat16"):
        require_input("z", torch.zeros(5, 3, dtype=torch.bfloat16), None, 3, like=WEIGHT)


def test_nothing_is_stretched_in_silence():
    require_same_shape(kl=torch.zeros(6), likelihood=torch.ones(6))
    with pytest.raises(ValueError, match=r"kl \(6,\), likelihood \(6, 1\)"):
        require_same_shape(kl=torch.zeros(6), likelihood=torch.ones(6, 1))
    with pytest.raises(
        ValueError, match=r"labels must be a tensor of floating-point numbers, and torch\.int64"
    ):
        require_floats(labels=torch.zeros(3, dtype=torch.long))


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_the_extent_shows_one_bad_value_among_many(bad):
    values = torch.zeros(1000)
    values[500] = bad
    low, high = extent(values)
    assert not (abs(low) < 1e9 and abs(high) < 1e9)


def test_a_loss_that_is_no_number_names_its_step():
    require_finite_loss(3, "discriminator", 0.5)
    with pytest.raises(TrainingStopped, match="step 3: the discriminator's loss is nan"):
        require_finite_loss(3, "discriminator", float("nan"))


def test_one_bad_weight_is_enough():
    require_finite_weights(3, "model", [torch.zeros(3), torch.ones(2)])
    with pytest.raises(TrainingStopped, match="step 3: a weight of the model"):
        require_finite_weights(3, "model", [torch.zeros(3), torch.tensor([1.0, float("inf")])])
