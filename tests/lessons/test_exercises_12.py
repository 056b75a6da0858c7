"""Claims about the exercises of lesson 12: stubs wait, solutions pass, typical mistakes get their hint."""

import math

import pytest
import torch
from folded import solved, verdict

from stablegen_lib.course import checking, missing_lines

NUMBERS = ["12.1", "12.2", "12.3"]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_folded_solution_is_right(number):
    assert verdict(number, solved("12", number, torch=torch)).state == "right"


@pytest.mark.parametrize("number", ["12.1", "12.2"])
def test_a_function_stub_is_not_yet(number):
    assert verdict(number, lambda *_: ...).state == "not yet"


def rule(change=lambda pixels, opinion: pixels.norm() / (opinion.norm() + 1e-4), *, limit=1e4, late=False):
    """Stable Diffusion's weight with one thing changed."""

    def weight(step, start, pixels, opinion, factor):
        ratio = change(pixels, opinion)
        ratio = ratio.clamp(max=limit) if isinstance(ratio, torch.Tensor) else ratio
        return 0.0 if step < start + late else factor * ratio

    return weight


def walk(layers, size=1):
    for kernel, stride in layers:
        size = (size - 1) * stride + kernel
    return size


@pytest.mark.parametrize("answer", ["decoder", ["decoder"], ("decoder",), frozenset({"decoder"})])
def test_the_decoder_may_be_named_in_any_way(answer):
    assert verdict("12.3", answer).state == "right"


@pytest.mark.parametrize(
    ("number", "mistake", "hint"),
    [
        ("12.1", rule(lambda p, o: o.norm() / p.norm()), "upside down"),
        ("12.1", rule(lambda p, o: (p**2).sum() / (o**2).sum()), "squared"),
        ("12.1", rule(lambda p, o: p.abs().mean() / o.abs().mean()), "norm"),
        ("12.1", rule(lambda p, o: p / o, limit=1e9), "one number"),
        ("12.1", rule(lambda p, o: p.norm()), "adaptive_weight"),
        ("12.1", rule(lambda p, o: p.norm() / o.norm()), "10⁻⁴"),
        ("12.1", lambda step, start, p, o, factor: p.norm() / (o.norm() + 1e-4), "factor"),
        ("12.1", lambda step, start, p, o, factor: factor * p.norm() / (o.norm() + 1e-4), "before step"),
        ("12.1", rule(late=True), "step `start` itself"),
        ("12.1", rule(limit=1e9), "at most 10,000"),
        (
            "12.1",
            lambda t, s, p, o, f: 0.0 if t < s else (f * p.norm() / (o.norm() + 1e-4)).clamp(max=1e4),
            "limit of 10,000 comes first",
        ),
        ("12.2", lambda layers: walk(layers), "last layer"),
        ("12.2", lambda layers: 1 + sum(kernel - 1 for kernel, _ in layers), "stride"),
        ("12.2", lambda layers: math.prod(stride for _, stride in layers), "two neighbouring"),
        ("12.2", lambda layers: 8, "for [(5, 3)]"),
        ("12.2", lambda layers: len(layers), "for [(4, 2)"),
        ("12.3", {"encoder", "decoder"}, "no picture to encode"),
        ("12.3", {"decoder", "discriminator"}, "training only"),
        ("12.3", set(), "something has to"),
        ("12.3", {"prior"}, "out of"),
        ("12.3", 3, "a set of names"),
    ],
)
def test_mistakes_get_their_hint(number, mistake, hint):
    assert verdict(number, mistake).state == "wrong"
    assert hint in verdict(number, mistake).message


def test_the_spread_of_a_channel_may_be_divided_by_the_number_of_values():
    def random_maps(maps, noise):
        middle = maps.mean(dim=(0, 2, 3), keepdim=True)
        return middle + maps.std(dim=(0, 2, 3), keepdim=True, correction=0) * noise

    assert checking.judge(missing_lines.find("12.f").exercise, random_maps).state == "right"


@pytest.mark.parametrize(
    "answer",
    [
        lambda pull, push: (pull.norm() / (push.norm() + 1e-6)).clamp(max=1e4),
        lambda pull, push: (pull.norm() / push.norm().clamp(min=1e-6)).clamp(max=1e4),
        lambda pull, push: (pull.norm() / push.norm()).clamp(max=1e4),
        lambda pull, push: torch.minimum(pull.norm() / push.norm(), torch.tensor(1e4)),
    ],
    ids=["added", "at least", "limited alone", "the smaller one"],
)
def test_the_adaptive_weight_may_keep_to_its_limit_in_any_way(answer):
    assert checking.judge(missing_lines.find("12.c").exercise, answer).state == "right"
