"""The flags of lesson 15: stored runs that differ in one thing, alarms that hear what they should."""

import re

import pytest
import torch
from places import DATA, ROOT

from stablegen_experiments import flags
from stablegen_experiments.augmentation import copies
from stablegen_experiments.records import read_records
from stablegen_lib import data

RUNS = {run["key"]: run for run in read_records(DATA / "experiments" / "flags.jsonl")}


@pytest.fixture(scope="module")
def parts():
    return tuple(data.to_unit_range(part.images) for part in flags.split(0))


def test_the_stored_runs_are_those_that_the_command_would_do():
    for trial in flags.trials([flags.STORED]):
        run = RUNS[trial.key]
        moments = [moment for moment in flags.MOMENTS if moment <= trial.steps]
        assert [row["step"] for row in run["along"]] == moments
        assert run["about"]["command"].startswith("python -m stablegen_experiments.flags --seeds 1")
        assert run["learnt"]["suspects"] == 1


NAMES = {"changed": "DiffAugment", "unchanged": "none",
         "resized": "DiffAugment, pixels doubled in place of transposed convolutions"}  # fmt: skip


def test_the_measurements_quote_the_stored_runs():
    text = (ROOT / "docs" / "measurements.md").read_text(encoding="utf-8")
    quoted = 0
    for way, name in NAMES.items():
        for row in RUNS[f"flags {way} {flags.STEPS[way]}, seed 1"]["along"]:
            surer = row["logits"]["learnt"] - row["logits"]["unseen"]
            line = (f"| {name} | {row['step']:,} | {row['variety']:.2f} | {row['suspects']:.2f} | "
                    f"{surer:.1f} | {row['checker']:.1f} |")  # fmt: skip
            quoted += line in text
            assert line in text or row["step"] == 750
    assert quoted == len(re.findall(r"^\| (?:none|DiffAugment).*\|$", text, re.MULTILINE))


def test_without_diff_augment_the_alarm_goes_off_and_d_knows_what_it_learnt():
    with_it, without = (
        {row["step"]: row for row in RUNS[f"flags {way} {flags.STEPS[way]}, seed 1"]["along"]}
        for way in ("changed", "unchanged")
    )
    assert with_it[3_000]["suspects"] < 0.1 < without[1_500]["suspects"] < without[3_000]["suspects"]
    surer = [run[1_500]["logits"]["learnt"] - run[1_500]["logits"]["unseen"] for run in (with_it, without)]
    assert surer[1] > 3 * surer[0]


@pytest.mark.parametrize("way", flags.WAYS)
def test_what_was_drawn_is_stored_row_by_row(way):
    rows = sum(moment <= flags.STEPS[way] for moment in flags.MOMENTS)
    assert copies.load(flags.pictures(way)).shape == (rows * flags.SHOWN, 3, 16, 16)


def test_ways_differ_in_one_thing():
    changed, unchanged, resized = (flags.recipe(way) for way in ("changed", "unchanged", "resized"))
    assert changed == resized
    assert unchanged.diff_augment == ()
    assert changed.diff_augment == ("translation", "cutout")
    learning, _ = flags.split(1)
    one, other = (flags.untrained(way, learning, 1) for way in ("changed", "resized"))
    torch.testing.assert_close(one.discriminator.state_dict(), other.discriminator.state_dict())
    torch.testing.assert_close(one.generator.start.state_dict(), other.generator.start.state_dict())


def test_the_split_holds_out_one_in_six_and_no_twin(parts):
    learnt, unseen = parts
    assert (len(learnt), len(unseen)) == (198, 39)
    assert float(flags.to_nearest(unseen, learnt).min()) >= flags.SAME


def test_an_even_map_becomes_a_chessboard_through_transposed_convolutions_only():
    learning, _ = flags.split(1)
    found = {}
    for way in ("changed", "resized"):
        network = flags.untrained(way, learning, 1).generator
        with torch.no_grad():
            inside = network.grow(torch.ones(1, 64, 8, 8))[..., 4:12, 4:12]  # away from the margins
        found[way] = flags.checker(inside)
    assert found["resized"] < 1e-6
    assert found["changed"] > 1e-3


def test_a_chessboard_is_heard_and_stripes_are_not():
    board = (torch.arange(16)[:, None] + torch.arange(16)) % 2 * 2.0 - 1
    assert flags.checker(board.expand(2, 3, 16, 16)) == 1
    stripes = (torch.arange(16) % 2 * 2.0 - 1).expand(2, 3, 16, 16)
    assert flags.checker(stripes) < 1e-6
    assert flags.checker(torch.ones(2, 3, 16, 16)) < 1e-6


def test_each_alarm_hears_the_cheat_that_it_was_built_for(parts):
    learnt, unseen = parts
    moved = learnt.roll(2, dims=3)
    moved[..., :2] = moved[..., 2:3]
    patched = torch.cat([learnt[..., :8], learnt.roll(1, dims=0)[..., 8:]], dim=3)
    heard = {
        (name, measure.__name__): flags.suspects(images, learnt, unseen, measure)
        for name, images in {"moved": moved, "patched": patched, "copied": learnt}.items()
        for measure in (flags.to_nearest, flags.to_nearest_moved, flags.to_patchwork)
    }
    assert [heard["copied", name] for name in ("to_nearest", "to_nearest_moved", "to_patchwork")] == [1, 1, 1]
    assert heard["moved", "to_nearest"] < 0.5
    assert heard["moved", "to_nearest_moved"] > 0.9  # at the margin two columns are lost
    assert heard["patched", "to_nearest"] < 0.2 < heard["patched", "to_patchwork"] == 1


def test_a_patchwork_comes_at_least_as_near_as_a_picture(parts):
    learnt, unseen = parts
    assert bool((flags.to_patchwork(unseen, learnt) <= flags.to_nearest(unseen, learnt) + 1e-4).all())
    assert bool((flags.to_nearest_moved(unseen, learnt) <= flags.to_nearest(unseen, learnt) + 1e-4).all())


@pytest.mark.parametrize("way", flags.WAYS)
def test_a_short_run_measures_at_its_end_and_stores_no_picture(way, monkeypatch):
    monkeypatch.setattr(flags, "pictures", lambda way: pytest.fail("nothing was to be stored"))
    found = flags.run(flags.Trial(way, 2, 1))
    (row,) = found["along"]
    assert row["step"] == 2
    assert set(found["learnt"]) < set(row)
    assert found["key"] == f"flags {way} 2, seed 1"
