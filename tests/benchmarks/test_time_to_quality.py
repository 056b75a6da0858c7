"""Claims about the race against the tutorial's DCGAN: a fair peer, whole stored runs, quoted figures."""

import re
import statistics
import sys

import examples
import pytest
import tiny
import torch
from places import ROOT

from stablegen_experiments.records import read_records
from stablegen_lib import data
from stablegen_lib.training.recipe import Recipe

sys.path.insert(0, str(ROOT / "benchmarks"))
import dcgan
import quality_plot
import time_to_quality as quality


def curve(*points: tuple[float, float, float]) -> list[dict[str, float]]:
    return [
        {"seconds": seconds, "wall": 2 * seconds, "distance": distance, "as_asked": share}
        for seconds, distance, share in points
    ]


# --- the peer -------------------------------------------------------------------------------------------


def test_the_peer_is_the_tutorials_network_at_sixteen_pixels():
    """Layer by layer the end of the tutorial's generator, and the beginning of its discriminator."""
    model = dcgan.model(tiny.pictures(size=16), seed=0)
    grown = [layer for layer in model.generator.modules() if isinstance(layer, torch.nn.ConvTranspose2d)]
    assert [(layer.in_channels, layer.out_channels) for layer in grown] == [(103, 128), (128, 64), (64, 3)]
    shrunk = [layer for layer in model.discriminator.modules() if isinstance(layer, torch.nn.Conv2d)]
    assert [(layer.in_channels, layer.out_channels) for layer in shrunk] == [(6, 64), (64, 128), (128, 1)]
    assert all(layer.bias is None for layer in grown + shrunk)


def test_the_peers_weights_start_as_the_tutorials_do():
    model = dcgan.model(tiny.pictures(size=16), seed=0)
    for network in (model.generator, model.discriminator):
        for layer in network.modules():
            if isinstance(layer, torch.nn.Conv2d | torch.nn.ConvTranspose2d):
                assert layer.weight.std().item() == pytest.approx(0.02, rel=0.1)
            elif isinstance(layer, torch.nn.BatchNorm2d):
                assert layer.weight.mean().item() == pytest.approx(1, abs=0.02)
                assert layer.bias.abs().max() == 0


@pytest.mark.parametrize("size", [8, 16, 32, 64])
def test_the_peer_makes_pictures_of_every_size_and_one_probability_each(size):
    images = tiny.pictures(4, size=size)
    model = dcgan.model(images, seed=0, width=8)
    made = model.generator(images.conditions, torch.randn(4, dcgan.LATENT))
    assert made.shape == images.images.shape
    answers = model.discriminator(images.conditions, made)
    assert answers.shape == (4,)
    assert bool(((answers > 0) & (answers < 1)).all())


def test_the_peer_sees_the_condition_in_both_networks():
    images = tiny.pictures(8, size=16)
    model, z = dcgan.model(images, seed=0), torch.randn(8, dcgan.LATENT)
    pixels, other = data.to_unit_range(images.images), images.conditions.roll(1, dims=1)
    with torch.no_grad():
        assert not torch.equal(model.generator(images.conditions, z), model.generator(other, z))
        asked, wrong = (model.discriminator(x, pixels) for x in (images.conditions, other))
    assert not torch.equal(asked, wrong)


def test_the_peer_learns_and_the_same_seed_gives_the_same_run(monkeypatch):
    monkeypatch.setattr(dcgan, "BATCH", 8)
    images, runs = tiny.pictures(24, size=16), []
    for seed in (1, 1, 2):
        model = dcgan.model(images, seed, width=8)
        before = tiny.copied(model.state_dict())
        numbers = [number for number, _ in zip(dcgan.steps(model, images, seed), range(5), strict=False)]
        assert numbers == [1, 2, 3, 4, 5]  # so it goes on behind the 3 batches of one pass
        runs.append(tiny.copied(model.state_dict()))
        assert not torch.equal(before["generator.main.0.weight"], runs[-1]["generator.main.0.weight"])
        assert not torch.equal(before["discriminator.main.0.weight"], runs[-1]["discriminator.main.0.weight"])
    assert tiny.equal(runs[0], runs[1])
    assert not tiny.equal(runs[0], runs[2])


# --- the arithmetic -------------------------------------------------------------------------------------


def test_as_good_means_both_scores_and_the_first_time_counts():
    ours = curve((1, 900, 0.1), (2, 400, 0.2), (3, 500, 0.6), (4, 450, 0.7))
    aim = {"distance": 500, "as_asked": 0.5}
    assert quality.seconds_until(ours, aim) == 3
    assert quality.seconds_until(ours, aim, "wall") == 6
    assert quality.seconds_until(ours, {"distance": 399, "as_asked": 0.0}) == float("inf")


def test_the_speedup_is_the_peers_time_over_ours_and_0_if_we_never_get_there():
    record = {
        "curves": {
            quality.OURS: curve((1, 900, 0.1), (2, 400, 0.6)),
            "peer": curve((5, 950, 0.1), (20, 500, 0.5)),
            "better": curve((20, 300, 0.5)),
        }
    }
    assert quality.speedup(record, "peer") == 10
    assert quality.speedup(record, "peer", moment=0) == 5
    assert quality.speedup(record, "better") == 0


# --- the stored runs ------------------------------------------------------------------------------------

STORED = {"bfloat16": quality.RESULTS, "float32": quality.FLOAT32_RESULTS}
SEEDS = {"bfloat16": quality.SEEDS, "float32": quality.SEEDS[:2]}  # nine minutes each
BUDGETS = {"bfloat16": quality.BUDGETS, "float32": {**quality.BUDGETS, quality.TUTORIAL: 320}}


@pytest.fixture(scope="module", params=STORED)
def precision(request):
    return request.param


@pytest.fixture(scope="module")
def records(precision):
    return read_records(STORED[precision])


def test_all_seeds_are_stored_and_none_is_the_one_that_chose_the_budget(precision, records):
    assert sorted(record["seed"] for record in records) == list(SEEDS[precision])
    assert 0 not in quality.SEEDS


def test_all_were_scored_at_the_same_moments_up_to_their_budget(precision, records):
    for record in records:
        for name, budget in BUDGETS[precision].items():
            seconds = [point["seconds"] for point in record["curves"][name]]
            moments = [moment for moment in quality.MOMENTS if moment <= budget]
            assert len(seconds) == len(moments)
            late = [spent - moment for spent, moment in zip(seconds, moments, strict=True)]
            assert min(late) >= 0
            assert max(late) < 2  # the step under way is finished


def test_the_tutorials_dcgan_did_more_than_the_tutorials_five_passes(records):
    faces = len(examples.faces("train"))
    assert all(record["curves"][quality.TUTORIAL][-1]["images"] > 5 * faces for record in records)


def test_every_line_says_with_what_and_how_it_was_made(precision, records):
    for record in records:
        longer = "--tutorial-seconds 320 " if precision == "float32" else ""
        assert record["about"]["command"].endswith(f"time_to_quality.py {longer}--seeds {record['seed']}")
        assert {"torch", "python", "machine"} <= record["about"].keys()
        names = {name: Recipe.from_dict(recipe).name for name, recipe in record["recipes"].items()}
        assert names == {quality.OURS: "stable", quality.ARTICLE: "article"}


def test_the_picture_shows_every_stored_run():
    records = read_records(quality.RESULTS)
    figure = quality_plot.draw(records)
    for ax in figure.axes:
        assert len(ax.get_lines()) == len(records) * len(quality.BUDGETS) + 1  # and the floor
    assert quality_plot.PICTURE.stat().st_size > 10_000


QUOTED = {  # the sentences of the README that quote each file
    "bfloat16": r"Time to quality .*? The processor has bfloat16 in hardware",
    "float32": r"On a processor without it .*?\n",
}


def test_the_readme_quotes_the_stored_runs(precision, records):
    quoted = re.search(
        QUOTED[precision], (ROOT / "docs" / "measurements.md").read_text(encoding="utf-8"), re.DOTALL
    ).group()
    ratios, images = (
        [quality.speedup(record, quality.TUTORIAL, clock=clock) for record in records]
        for clock in ("seconds", "images")
    )
    assert re.search(r"\*\*([\d.]+) times\*\*", quoted).group(1) == f"{statistics.median(ratios):.1f}"
    peers, ours = (
        [record["curves"][name][-1] for record in records] for name in (quality.TUTORIAL, quality.OURS)
    )
    reached = [
        quality.seconds_until(record["curves"][quality.OURS], peer)
        for record, peer in zip(records, peers, strict=True)
    ]
    for values, digits in (
        (ratios, ".1f"),
        (images, ".1f"),
        ([peer["distance"] for peer in peers], ",.0f"),
        ([100 * peer["as_asked"] for peer in peers], ".0f"),
        (reached, ".1f"),
        ([our["distance"] for our in ours], ",.0f"),
    ):
        assert f"{min(values):{digits}} to {max(values):{digits}}" in quoted
    assert f"other real faces have {records[0]['real']['distance']:.0f}" in quoted
