"""Claims about FaultDial: each dial does its fault, and the measures are those of the library."""

import pytest
import tiny
import torch

from stablegen_lib.data import to_unit_range
from stablegen_lib.metrics import AttributeClassifier
from stablegen_lib.widgets import FaultDial


@pytest.fixture(scope="module")
def dial():
    training, reference, other = (tiny.pictures(count, seed=seed) for seed, count in enumerate((60, 20, 20)))
    torch.manual_seed(0)
    judge = AttributeClassifier(training.condition_names, image_size=8, width=4)
    images = tiny.pictures(20, seed=5)
    crowds = {"training": training, "reference": reference, "other": other}
    return FaultDial(to_unit_range(images.images), images.conditions, judge=judge, **crowds, modes="kind")


@pytest.fixture(autouse=True)
def _all_off(dial):
    yield
    dial.blur = dial.noise = dial.copies = dial.dropped = 0


def test_with_all_dials_at_zero_nothing_is_spoilt_and_nothing_notices(dial):
    torch.testing.assert_close(dial.spoilt(), dial.images)
    assert dial.noticed() == []
    assert "No measure notices anything." in dial.description()


def test_blur_takes_contrast_away_and_noise_adds_some(dial):
    spread = dial.images.std()
    dial.blur = 1
    assert dial.spoilt().std() < 0.7 * spread
    dial.blur, dial.noise = 0, 0.5
    change = (dial.spoilt() - dial.images).abs().mean()
    assert 0.1 < change < 0.5


def test_copies_are_training_pictures_of_that_share(dial):
    dial.copies = 0.5
    known = to_unit_range(tiny.pictures(60, seed=0).images)
    nearest = torch.cdist(dial.spoilt().flatten(1), known.flatten(1)).min(dim=1).values
    assert int((nearest < 1e-2).sum()) == 10
    dial.copies = 1
    assert dial.report["memorisation"] < 0.01
    assert "memorisation" in dial.noticed()


def test_a_dropped_value_is_no_longer_dealt_out(dial):
    dial.dropped = 1
    kinds = dial.conditions.argmax(dim=1)
    shown = dial._dealt()
    assert (kinds[shown] >= 1).all()
    kept = kinds >= 1
    assert torch.equal(shown[kept], torch.arange(20)[kept]), "the others stay where they are"


def test_every_move_measures_anew_as_the_library_does(dial):
    dial.copies = 1
    assert dial.report.values == dial._ruler.report(dial.spoilt(), dial.conditions).values
    told = f"{len(dial.noticed())} of 7 measures notice: {', '.join(dial.noticed())}."
    words = "Blur 0.00, noise 0.00, 100% copies, 0 kinds left out; 20 pictures."
    assert dial.description() == f"{words} {told}"


def test_a_move_lets_the_judge_look_at_the_pictures_once(dial):
    looks = []
    hook = dial._ruler.judge.features.register_forward_hook(lambda *_: looks.append(1))
    dial.blur = 0.3
    hook.remove()
    assert len(looks) == 1


def test_too_few_real_pictures_are_refused(dial):
    few, enough = tiny.pictures(5), tiny.pictures(20)
    crowds = {"training": tiny.pictures(60), "reference": few, "other": enough}
    with pytest.raises(ValueError, match="20 held-out pictures of each kind were needed; 5 and 20 came"):
        FaultDial(dial.images, dial.conditions, judge=dial._ruler.judge, **crowds, modes="kind")
