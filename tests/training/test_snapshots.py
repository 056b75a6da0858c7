"""Claims about Snapshots: what is kept of a run, and that a file gives it back."""

import dataclasses
from itertools import pairwise

import pytest
import tiny
import torch

from stablegen_lib import training
from stablegen_lib.training.snapshots import Snapshots

IMAGES = tiny.pictures()


@dataclasses.dataclass
class Step:
    number: int
    discriminator_loss: float = 1.0
    generator_loss: float = 0.5


class Counter:
    """Draws as many pixels of value 1 as it has been asked."""

    def __init__(self):
        self.asked = 0

    def sample(self, *, conditions, seed):
        self.asked += 1
        return torch.full((len(conditions), 1, 2, 2), min(1.0, self.asked / 100))


def recorded(steps=30, **changes):
    model = tiny.model(IMAGES)
    snapshots = Snapshots(conditions=IMAGES.conditions[:4], **changes)
    for step in training.train(model, IMAGES, steps=steps, recipe=tiny.recipe()):
        snapshots.record(model, step)
    return snapshots, model


def test_the_last_pictures_are_those_of_the_model_with_the_fixed_z():
    snapshots, model = recorded(steps=5, seed=3)
    images = model.sample(conditions=IMAGES.conditions[:4], seed=3)
    assert torch.equal(snapshots.snapshots[-1].images, ((images + 1) * 127.5).round().to(torch.uint8))


def test_distances_grow_with_the_step_and_every_loss_is_kept():
    snapshots, model = Snapshots(conditions=torch.zeros(1, 0)), Counter()
    for number in range(1, 1001):
        snapshots.record(model, Step(number))
    numbers = [shot.number for shot in snapshots.snapshots]
    assert numbers[:5] == [1, 2, 3, 4, 5]
    gaps = [later - earlier for earlier, later in pairwise(numbers)]
    assert gaps == sorted(gaps)
    assert 40 < len(snapshots) < 80
    assert model.asked == len(snapshots), "no picture is drawn only to be thrown away"
    assert len(snapshots.losses) == 1000


def test_finish_keeps_the_last_step_once():
    snapshots, model = Snapshots(conditions=torch.zeros(1, 0), growth=10.0), Counter()
    for number in range(1, 16):
        snapshots.record(model, Step(number))
    assert [shot.number for shot in snapshots.snapshots] == [1, 10]
    assert [shot.number for shot in snapshots.finish(model).finish(model).snapshots] == [1, 10, 15]


def test_recording_changes_nothing_in_the_run():
    _, watched = recorded(steps=6)
    alone = tiny.model(IMAGES)
    for _ in training.train(alone, IMAGES, steps=6, recipe=tiny.recipe()):
        pass
    assert tiny.equal(watched.state_dict(), alone.state_dict())


def test_a_file_gives_everything_back(tmp_path):
    snapshots, _ = recorded(seed=2)
    snapshots.save(tmp_path / "run.safetensors")
    loaded = Snapshots.load(tmp_path / "run.safetensors")
    assert loaded.losses == snapshots.losses
    assert (loaded.seed, loaded.growth) == (2, 1.1)
    assert torch.equal(loaded.conditions, snapshots.conditions)
    for one, other in zip(loaded.snapshots, snapshots.snapshots, strict=True):
        assert one.number == other.number
        assert torch.equal(one.images, other.images)


def test_wrong_files_and_empty_records_are_refused(tmp_path):
    with pytest.raises(ValueError, match="no step has been recorded"):
        Snapshots(conditions=torch.zeros(1, 0)).save(tmp_path / "empty.safetensors")
    with pytest.raises(FileNotFoundError):
        Snapshots.load(tmp_path / "empty.safetensors")
    tiny.model(IMAGES).save(tmp_path / "model")
    with pytest.raises(ValueError, match=r"no snapshots|StableGen did not write"):
        Snapshots.load(tmp_path / "model.safetensors")


def test_steps_of_another_run_are_refused():
    snapshots, model = Snapshots(conditions=torch.zeros(1, 0)), Counter()
    snapshots.record(model, Step(4))
    for number in (4, 1):
        with pytest.raises(ValueError, match="after 4"):
            snapshots.record(model, Step(number))


def test_bad_settings_and_models_are_refused():
    with pytest.raises(ValueError, match="conditions must not be empty"):
        Snapshots(conditions=torch.zeros(0, 3))
    with pytest.raises(ValueError, match="growth must be a finite number above 1"):
        Snapshots(conditions=torch.zeros(1, 3), growth=1.0)
    with pytest.raises(ValueError, match="makes pictures"):
        Snapshots(conditions=torch.zeros(1, 0)).record(tiny.point_model(), Step(1))


def test_repr_says_how_much_is_kept():
    snapshots, _ = recorded(steps=3)
    assert repr(snapshots) == "Snapshots(3 of 4 pictures each, up to step 3)"
