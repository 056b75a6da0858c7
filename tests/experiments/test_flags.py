"""Claims about the longer runs of lesson 15: stored whole, on the lesson's flags, measured as there."""

import hashlib
import shutil

import pytest
import torch
from places import DATA

from stablegen_experiments import flags
from stablegen_lib import data
from stablegen_lib.course.exercises import gaps_15

RUNS = flags.runs()
LEARNING, HELD_OUT = flags.split()
LEARNT, UNSEEN = (data.to_unit_range(part.images) for part in (LEARNING, HELD_OUT))


def test_the_split_is_the_lessons():
    assert (len(LEARNING), len(HELD_OUT)) == (198, 39)
    rows = torch.cat([LEARNT, UNSEEN]).flatten(1)
    assert gaps_15.is_new(torch.cdist(rows, rows) / rows.shape[1] ** 0.5, flags.TWIN).all()


def test_the_marks_are_those_of_the_gaps():
    crowd = torch.cat([LEARNT[:20], UNSEEN.flip(3)])
    found = flags.marks(crowd, learnt=LEARNT, unseen=UNSEEN)
    usual, near = (flags.metrics.nearest(images, LEARNT)[0] for images in (UNSEEN, crowd))
    assert found["variety"] == pytest.approx(float(gaps_15.variety(crowd, UNSEEN)))
    assert found["suspects"] == pytest.approx(float(gaps_15.suspects(near, usual)))
    assert found["suspects"] >= 20 / len(crowd)


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run["key"])
def test_a_stored_run_is_whole_and_measures_as_written(run):
    trial = flags.Trial(run["steps"], tuple(run["changes"]))
    assert run["key"] == trial.key
    assert run["learnt"] == len(LEARNING)
    assert run["about"]["command"].startswith("python -m stablegen_experiments.flags")
    images = flags.drawn(run)
    assert images.shape == (flags.DRAWN, 3, flags.SIZE, flags.SIZE)
    measured = flags.marks(data.to_unit_range(images), learnt=LEARNT, unseen=UNSEEN)
    assert measured == pytest.approx(run["marks"], abs=0.02)  # the stored pictures are bytes


def test_a_picture_that_was_changed_is_refused(tmp_path):
    run = RUNS[0]
    shutil.copy(DATA / "experiments" / run["pictures"], tmp_path)
    assert torch.equal(flags.drawn(run, tmp_path / "flags.jsonl"), flags.drawn(run))
    with open(tmp_path / run["pictures"], "ab") as sheet:
        sheet.write(b"x")
    with pytest.raises(ValueError, match="was changed"):
        flags.drawn(run, tmp_path / "flags.jsonl")


def test_a_short_run_writes_its_pictures_beside_its_results(tmp_path, monkeypatch):
    monkeypatch.setattr(flags, "WIDTH", 4)
    record = flags.measured(flags.Trial(2), tmp_path / "flags.jsonl")
    sheet = tmp_path / record["pictures"]
    assert record["sha256"] == hashlib.sha256(sheet.read_bytes()).hexdigest()
    assert flags.drawn(record, tmp_path / "flags.jsonl").shape == (flags.DRAWN, 3, 16, 16)
    assert record["key"] == "2 steps, translation and cutout"
    assert record["processor_seconds"] > 0


def test_without_changes_the_key_and_the_file_are_others():
    assert flags.Trial(8, changes=()).key == "8 steps, no changes"
    assert len({flags.Trial(8).key, flags.Trial(8, changes=()).key, flags.Trial(9).key}) == 3
