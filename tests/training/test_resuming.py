"""Claims about going on with a run: every field counts, another torch is told, and so is a second writer."""

import json
import warnings

import pytest
import tiny
from safetensors.torch import save_file

from stablegen_lib import training
from stablegen_lib.plumbing.files import FileProblem
from stablegen_lib.plumbing.tensors import read_tensors

PICTURES, RECIPE = tiny.pictures(count=12, size=8), tiny.recipe()


@pytest.fixture
def saved(tmp_path):
    train(tmp_path / "run", tiny.model(PICTURES))
    return tmp_path / "run.safetensors"


def train(path, model, steps=2, **options):
    return list(training.train(model, PICTURES, steps=steps, recipe=RECIPE, save_to=path, **options))


def rewritten(path, lost="nothing", **changes) -> None:
    tensors, description = read_tensors(path)
    kept = {name: tensor for name, tensor in tensors.items() if not name.startswith(lost)}
    save_file(kept, path, {"stablegen": json.dumps(description | changes)})


@pytest.mark.parametrize("number", [-5, 1.5, float("nan"), True, "3", None, 10**15])
def test_a_number_that_no_step_has_is_refused(saved, number):
    rewritten(saved, number=number)
    with pytest.raises(FileProblem, match=r"run\.safetensors.*number"):
        training.resume(saved, device="cpu")


@pytest.mark.parametrize("lost", ["generator_optimizer", "discriminator_optimizer.0.exp_avg_sq", "random"])
def test_a_state_without_all_that_adam_remembers_is_refused(saved, lost):
    rewritten(saved, lost)
    with pytest.raises(FileProblem, match="names, shapes or types differ"):
        training.resume(saved, device="cpu")
    with pytest.raises(FileProblem, match="names, shapes or types differ"):
        training.resume(saved, model=tiny.model(PICTURES))


@pytest.mark.parametrize(("name", "there"), [("torch", "1.0"), ("precision", "another")])
def test_another_torch_or_precision_is_told(saved, name, there):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        training.resume(saved, device="cpu")
    rewritten(saved, **{name: there})
    with pytest.warns(UserWarning, match=f"computed with {name} {there}"):
        training.resume(saved, device="cpu")


def test_two_runs_that_save_to_one_name_are_told(tmp_path):
    steps = training.train(tiny.model(PICTURES), PICTURES, steps=3, recipe=RECIPE, save_to=tmp_path / "run",
                           save_every=1)  # fmt: skip
    next(steps)
    next(steps)  # alone, nobody is warned
    train(tmp_path / "run", tiny.model(PICTURES))
    with pytest.warns(UserWarning, match="written by another run"):
        next(steps)
