"""Claims about saved runs: resuming equals never having stopped, and a bad file changes nothing."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
import tiny
import torch
from places import HELPERS, ROOT
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn

from stablegen_lib import data, training
from stablegen_lib.plumbing.files import FileProblem
from stablegen_lib.plumbing.tensors import read_tensors, tensor_file
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training.resuming import resume
from stablegen_lib.training.state import save_state, start

IMAGES, POINTS = tiny.pictures(), data.ring(samples=60)
# The penalty is due at every third step only: whoever loses count is noticed.
RECIPE = tiny.recipe(mismatch=True, r1_gamma=0.5, r2_gamma=0.1, penalty_every=3, averaging_decay=0.9)
VARIANTS = {
    "images": (IMAGES, {}),
    "images in bfloat16": (IMAGES, {"precision": "bfloat16"}),
    "images, channels last": (IMAGES, {"memory_format": "channels_last"}),
    "images, channels last in bfloat16": (
        IMAGES,
        {"memory_format": "channels_last", "precision": "bfloat16"},
    ),
    "without a condition": (tiny.pictures(kinds=0, channels=1), {"loss": "minimax"}),
    "points": (POINTS, {"precision": "bfloat16"}),
}


def made_for(dataset) -> StableGen:
    return tiny.point_model() if isinstance(dataset, data.PointSet) else tiny.model(dataset)


def run(model, dataset, steps, **options) -> list[training.Step]:
    return list(training.train(model, dataset, steps=steps, **options))


def everything(model: StableGen, state: training.TrainingState) -> dict[str, torch.Tensor]:
    """Weights, averaged weights, Adam's moments and step counts, random state, step number."""
    found = tiny.copied(model.state_dict())
    for who in ("generator_optimizer", "discriminator_optimizer"):
        for index, moments in getattr(state, who).state_dict()["state"].items():
            found |= {f"{who}.{index}.{name}": value.clone() for name, value in moments.items()}
    return found | {"random": state.random.get_state(), "number": torch.tensor(state.number)}


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A run on pictures, three steps old."""
    run(made_for(IMAGES), IMAGES, 3, recipe=RECIPE, save_to=tmp_path / "run")
    return tmp_path / "run.safetensors"


# --- resuming equals never having stopped ---------------------------------------------------------------


@pytest.mark.parametrize("name", VARIANTS)
def test_resuming_equals_never_having_stopped_bit_for_bit(tmp_path, name):
    dataset, changes = VARIANTS[name]
    recipe = tiny.recipe(RECIPE, **changes)
    unbroken = made_for(dataset)
    steps = run(unbroken, dataset, 8, recipe=recipe)
    run(made_for(dataset), dataset, 4, recipe=recipe, save_to=tmp_path / "run")
    resumed, state = resume(tmp_path / "run", device="cpu")
    assert (state.number, state.recipe) == (4, recipe)
    rest = run(resumed, dataset, 4, state=state)

    def losses(step):
        return step.number, step.discriminator_loss, step.generator_loss, step.penalty, step.real_probability

    assert list(map(losses, rest)) == list(map(losses, steps[4:]))
    expected, got = everything(unbroken, steps[-1].state), everything(resumed, state)
    assert any(key.endswith("exp_avg_sq") for key in got)
    assert tiny.equal(got, expected)


def test_the_restored_moments_and_counts_matter():
    """The other side of the claim above: without them, the run goes elsewhere."""
    unbroken, fresh = made_for(IMAGES), made_for(IMAGES)
    state = run(unbroken, IMAGES, 4, recipe=RECIPE)[-1].state
    forgetful = start(fresh, RECIPE)
    fresh.load_state_dict(unbroken.state_dict())
    forgetful.random.set_state(state.random.get_state())
    forgetful.number = state.number
    run(unbroken, IMAGES, 1, state=state)
    run(fresh, IMAGES, 1, state=forgetful)
    assert not tiny.equal(unbroken.state_dict(), fresh.state_dict())


IN_A_FRESH_PROCESS = """
import sys
from pathlib import Path
import torch
folder = Path(sys.argv[1])
sys.path.insert(0, sys.argv[2])
import tiny  # after it, as many threads as in the test
from stablegen_lib import training
images = tiny.pictures()
for name in ("float32", "bfloat16"):
    model, state = training.resume(folder / name, device="cpu")
    for step in training.train(model, images, steps=4, state=state, save_to=folder / f"{name} resumed"):
        pass
"""


def test_resuming_in_a_fresh_process_gives_the_same_file_byte_for_byte(tmp_path):
    for precision in ("float32", "bfloat16"):
        recipe, model = tiny.recipe(RECIPE, precision=precision), made_for(IMAGES)
        for step in training.train(model, IMAGES, steps=8, recipe=recipe):
            if step.number == 4:
                save_state(tmp_path / precision, model, step.state)
        save_state(tmp_path / f"{precision} unbroken", model, step.state)
    command = [sys.executable, "-c", IN_A_FRESH_PROCESS, str(tmp_path), str(HELPERS)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    for precision in ("float32", "bfloat16"):
        unbroken, resumed, early = (
            (tmp_path / f"{precision}{which}.safetensors").read_bytes()
            for which in (" unbroken", " resumed", "")
        )
        assert resumed == unbroken
        assert resumed != early


def test_resuming_again_and_again_equals_one_run(tmp_path):
    unbroken = made_for(POINTS)
    last = run(unbroken, POINTS, 6, recipe=RECIPE)[-1]
    run(made_for(POINTS), POINTS, 1, recipe=RECIPE, save_to=tmp_path / "run")
    for _ in range(5):
        model, state = resume(tmp_path / "run", device="cpu")
        run(model, POINTS, 1, state=state, save_to=tmp_path / "run")
    assert tiny.equal(everything(model, state), everything(unbroken, last.state))


def test_a_run_can_be_resumed_before_its_first_step(tmp_path):
    model, unbroken = made_for(IMAGES), made_for(IMAGES)
    save_state(tmp_path / "run", model, start(model, RECIPE, seed=3))
    resumed, state = resume(tmp_path / "run", device="cpu")
    assert state.number == 0
    run(resumed, IMAGES, 2, state=state)
    run(unbroken, IMAGES, 2, recipe=RECIPE, seed=3)
    assert tiny.equal(resumed.state_dict(), unbroken.state_dict())


def test_saving_in_the_middle_changes_nothing(tmp_path):
    with_saving, without = made_for(IMAGES), made_for(IMAGES)
    run(with_saving, IMAGES, 4, recipe=RECIPE, save_to=tmp_path / "run", save_every=1)
    run(without, IMAGES, 4, recipe=RECIPE)
    assert tiny.equal(with_saving.state_dict(), without.state_dict())


def test_a_resumed_run_does_not_depend_on_its_file_any_more(saved):
    model, state = resume(saved, device="cpu")
    before = everything(model, state)
    with saved.open("r+b") as file:
        file.write(b"\xff" * saved.stat().st_size)
    assert tiny.equal(everything(model, state), before)


def test_the_resumed_optimisers_move_the_resumed_model(saved):
    model, state = resume(saved, device="cpu")
    before = tiny.copied(model.state_dict())
    run(model, IMAGES, 1, state=state)
    after = model.state_dict()
    assert all(not torch.equal(before[name], after[name]) for name in before)


# --- networks of your own -------------------------------------------------------------------------------


class Tied(nn.Module):
    """Two layers that share their weight, with batch statistics between them."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.norm, self.second = nn.Linear(2, 2), nn.BatchNorm1d(2), nn.Linear(2, 2)
        self.second.weight = self.first.weight

    def forward(self, x: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        return self.second(self.norm(self.first(z)).relu())


def own_pair() -> StableGen:
    torch.manual_seed(0)
    discriminator = tiny.point_model().discriminator
    return StableGen(Tied(), discriminator, latent_dim=2, device="cpu")


def test_networks_of_your_own_are_resumed_into_an_equal_pair(tmp_path):
    unbroken, first = own_pair(), own_pair()
    last = run(unbroken, POINTS, 4, recipe=RECIPE)[-1]
    run(first, POINTS, 2, recipe=RECIPE, save_to=tmp_path / "own")
    with pytest.raises(ValueError, match="networks of your own"):
        resume(tmp_path / "own", device="cpu")
    pair = own_pair()
    resumed, state = resume(tmp_path / "own", model=pair)
    assert resumed is pair
    run(resumed, POINTS, 2, state=state)
    assert tiny.equal(everything(resumed, state), everything(unbroken, last.state))


def test_another_pair_is_refused_and_left_as_it_was(saved):
    pair = tiny.point_model()
    before = tiny.copied(pair.state_dict())
    with pytest.raises(ValueError, match="do not fit this model"):
        resume(saved, model=pair)
    assert tiny.equal(pair.state_dict(), before)


# --- the file -------------------------------------------------------------------------------------------


def test_the_file_is_safetensors_with_a_readable_description_and_no_pickle(saved):
    content = saved.read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    description = json.loads(header["__metadata__"]["stablegen"])
    assert description["number"] == 3
    assert training.Recipe.from_dict(description["recipe"]) == RECIPE
    with safe_open(saved, "pt") as file:
        names = set(file.keys())
    assert {"random", "generator_optimizer.0.exp_avg", "discriminator_optimizer.0.step"} <= names
    for mark in (b"pickle", b"torch._utils", b"\x80\x02", b"PK\x03\x04"):
        assert mark not in content[:8] + content[8 : 8 + len(json.dumps(header))]


@pytest.mark.parametrize("name", ["run", "run.safetensors", "run.v2", "ünïcode 人 ", "new/folder/run"])
def test_the_ending_is_added_when_it_is_missing(tmp_path, name):
    model = tiny.point_model()
    path = save_state(tmp_path / name, model, start(model, RECIPE))
    assert path == tensor_file(tmp_path / name)
    assert path.name.count(".safetensors") == 1
    for given in (tmp_path / name, str(tmp_path / name), path):
        assert tiny.equal(resume(given, device="cpu")[0].state_dict(), model.state_dict())


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("part", ["generator", "discriminator", "averaged_generator"])
def test_weights_that_are_not_finite_are_not_saved_over_good_ones(saved, part, value):
    model, state = resume(saved, device="cpu")
    before = saved.read_bytes()
    with torch.no_grad():
        list(getattr(model, part).parameters())[-1].view(-1)[0] = value
    with pytest.raises(ValueError, match=rf"{part}\..* not finite.* step 3 was not saved"):
        save_state(saved, model, state)
    assert saved.read_bytes() == before
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]


def assert_refused(path: Path, message: str, error: type[Exception] = FileProblem) -> None:
    pair = made_for(IMAGES)
    before = tiny.copied(pair.state_dict())
    for options in ({}, {"model": pair}):
        with pytest.raises(error, match=message):
            resume(path, device="cpu", **options)
    assert tiny.equal(pair.state_dict(), before)


@pytest.mark.parametrize("share", [0, 0.001, 0.2, 0.7, 0.999])
def test_a_truncated_state_is_refused_and_changes_nothing(saved, share):
    content = saved.read_bytes()
    saved.write_bytes(content[: int(share * len(content))])
    assert_refused(saved, r"run\.safetensors is not a whole safetensors file")


def test_a_missing_state_is_named(tmp_path):
    assert_refused(tmp_path / "nowhere", r"nowhere\.safetensors does not exist", FileNotFoundError)


def test_a_foreign_file_is_refused(saved):
    save_file({"weight": torch.zeros(2)}, saved)
    assert_refused(saved, "StableGen did not write")


def test_a_saved_model_is_not_a_state_and_the_error_says_what_opens_it(tmp_path):
    path = tiny.model(IMAGES).save(tmp_path / "model")
    assert_refused(path, r"not a training state.*StableGen\.load")


def test_a_state_is_not_a_saved_model(saved):
    with pytest.raises(FileProblem, match="does not hold a model"):
        StableGen.load(saved, device="cpu")


def rewritten(path: Path, tensors: dict, **changes) -> None:
    old_tensors, description = read_tensors(path)
    description |= changes
    save_file({**old_tensors, **tensors}, path, {"stablegen": json.dumps(description)})


@pytest.mark.parametrize(
    "recipe",
    [{"name": "later", "betas": [0.9, 0.99], "a_field_of_the_future": 1}, {"betas": [0.9, 0.99]}],
)
def test_a_recipe_of_another_version_is_refused(saved, recipe):
    rewritten(saved, {}, recipe=recipe)
    assert_refused(saved, "another version of StableGen")


def test_a_recipe_with_impossible_numbers_is_refused(saved):
    rewritten(saved, {}, recipe={**RECIPE.as_dict(), "batch_size": 0})
    assert_refused(saved, "batch_size", ValueError)


def test_weights_of_another_shape_are_refused(saved):
    name = next(name for name in read_tensors(saved)[0] if name.startswith("model.generator"))
    rewritten(saved, {name: torch.zeros(1)})
    assert_refused(saved, "do not fit this model", ValueError)


def test_moments_of_another_shape_are_refused(saved):
    rewritten(saved, {"generator_optimizer.0.exp_avg": torch.zeros(1, 1, 1)})
    assert_refused(saved, "do not fit|another version|moments", ValueError)


def test_a_parameter_that_is_not_there_cannot_have_moments(saved):
    rewritten(saved, {"generator_optimizer.999.exp_avg": torch.zeros(2)})
    assert_refused(saved, "do not fit|another version|moments", ValueError)


@pytest.mark.parametrize("part", ["number", "recipe", "blueprint"])
def test_a_description_with_a_gap_is_refused(saved, part):
    tensors, description = read_tensors(saved)
    del description[part]
    save_file(tensors, saved, {"stablegen": json.dumps(description)})
    with pytest.raises(FileProblem, match=r"run\.safetensors"):
        resume(saved, device="cpu")


def test_a_state_without_its_random_numbers_is_refused(saved):
    tensors, description = read_tensors(saved)
    del tensors["random"]
    save_file(tensors, saved, {"stablegen": json.dumps(description)})
    assert_refused(saved, r"run\.safetensors")
