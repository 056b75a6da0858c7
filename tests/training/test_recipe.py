"""Claims about recipes: plain frozen numbers, checked once, the same after a trip through JSON."""

import dataclasses
import json
import re
import subprocess
import sys

import numpy
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from jaxtyping import TypeCheckError
from places import ROOT

from stablegen_lib.plumbing.devices import bfloat16_in_hardware
from stablegen_lib.training.recipe import ARTICLE, STABLE, Recipe

REFUSED = (ValueError, TypeCheckError)  # by the library, or earlier by the type checks of the tests
positive = st.floats(1e-8, 1e3)
share = st.floats(0, 1, exclude_max=True)
FIELDS = {
    "name": st.text(),
    "generator_learning_rate": positive,
    "discriminator_learning_rate": positive,
    "betas": st.tuples(share, share),
    "loss": st.sampled_from(["non_saturating", "minimax", "relativistic"]),
    "mismatch": st.booleans(),
    "r1_gamma": st.floats(0, 1e3),
    "r2_gamma": st.floats(0, 1e3),
    "penalty_every": st.integers(1, 100),
    "label_smoothing": share,
    "instance_noise": st.floats(0, 10),
    "instance_noise_steps": st.integers(1, 10_000),
    "diff_augment": st.sampled_from([(), ("colour",), ("cutout", "translation", "colour")]),
    "decay_steps": st.integers(0, 10_000),
    "learning_rate_decay": st.floats(1e-6, 1),
    "penalty_decay": st.floats(1e-6, 1),
    "averaging_decay": share,
    "batch_size": st.integers(1, 10_000),
    "precision": st.sampled_from(["auto", "float32", "bfloat16"]),
    "memory_format": st.sampled_from(["contiguous", "channels_last"]),
}


@given(st.fixed_dictionaries(FIELDS))
def test_a_recipe_is_the_same_after_a_trip_through_json(values):
    if values["loss"] == "relativistic":
        values = {**values, "label_smoothing": 0.0}
    recipe = Recipe(**values)
    assert Recipe.from_dict(json.loads(json.dumps(recipe.as_dict()))) == recipe


def test_every_field_makes_that_trip():
    assert {field.name for field in dataclasses.fields(Recipe)} == FIELDS.keys()


def test_a_recipe_cannot_be_changed_in_place():
    with pytest.raises(dataclasses.FrozenInstanceError):
        STABLE.batch_size = 1
    assert dataclasses.replace(STABLE, batch_size=1).batch_size == 1


def test_the_articles_recipe_is_plain_adam_and_the_plain_log_loss():
    assert ARTICLE.generator_learning_rate == ARTICLE.discriminator_learning_rate == 0.001
    defaults = torch.optim.Adam([torch.zeros(1)]).defaults
    assert (ARTICLE.betas, ARTICLE.generator_learning_rate) == (defaults["betas"], defaults["lr"])
    assert ARTICLE.loss == "non_saturating"
    assert not ARTICLE.mismatch
    assert ARTICLE.r1_gamma == ARTICLE.r2_gamma == ARTICLE.averaging_decay == 0


def test_the_stable_recipe_penalises_slopes_and_averages():
    assert STABLE.r1_gamma > 0
    assert STABLE.averaging_decay > 0


INFINITY, NAN = float("inf"), float("nan")
SINGLE = numpy.float32(0.1)  # would fail in JSON, when the first state is saved
WRONG = {
    "generator_learning_rate": [0, -1e-3, INFINITY, NAN, SINGLE, "0.1", None],
    "discriminator_learning_rate": [0.0, -1, INFINITY, NAN],
    "betas": [
        (1.0, 0.9),
        (0.9, 1.0),
        (-0.1, 0.9),
        (0.9,),
        (0.9, 0.9, 0.9),
        (),
        (NAN, 0.9),
        (SINGLE, 0.9),
        0.9,
    ],
    "loss": ["wasserstein", "", None],
    "mismatch": ["no", 1],
    "r1_gamma": [-1, INFINITY, NAN, SINGLE],
    "r2_gamma": [-1e-9, INFINITY, NAN],
    "memory_format": ["nhwc", ""],
    "penalty_every": [0, -1, 1.5, 2.0, True],
    "averaging_decay": [1, 1.0, -0.1, 2, NAN],
    "label_smoothing": [1, -0.1, NAN],
    "instance_noise": [-0.1, INFINITY, NAN],
    "instance_noise_steps": [0, -1, 1.5, True],
    "decay_steps": [-1, 1.5, True],
    "learning_rate_decay": [0, -0.1, 1.1, NAN],
    "penalty_decay": [0.0, 2, INFINITY],
    "batch_size": [0, -4, 16.0, True, "8"],
    "precision": ["float16", "double", ""],
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field in WRONG for value in WRONG[field]])
def test_a_number_out_of_range_is_refused_by_the_name_of_its_field(field, value):
    with pytest.raises(REFUSED, match=field) as caught:
        Recipe(name="wrong", **{field: value})
    if caught.type is ValueError:
        assert re.fullmatch(
            rf"Recipe\.{field} must be .+, and {re.escape(repr(value))} came\.", str(caught.value)
        )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("betas", (0.0, 0.0)),
        ("r1_gamma", 0.0),
        ("averaging_decay", 0.0),
        ("batch_size", 1),
        ("penalty_every", 1),
    ],
)
def test_the_ends_of_the_ranges_are_allowed(field, value):
    assert getattr(Recipe(name="edge", **{field: value}), field) == value


@pytest.mark.parametrize("has_it", [True, False])
def test_on_a_processor_bfloat16_is_used_where_it_is_built_in(monkeypatch, has_it):
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: has_it, raising=False)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False, raising=False)
    assert bfloat16_in_hardware(torch.device("cpu")) is has_it


def test_a_torch_without_these_probes_means_no(monkeypatch):
    for probe in ("_is_avx512_bf16_supported", "_is_amx_tile_supported"):
        monkeypatch.delattr(torch.cpu, probe, raising=False)
    assert bfloat16_in_hardware(torch.device("cpu")) is False


@pytest.mark.parametrize("has_it", [True, False])
def test_on_cuda_emulated_bfloat16_does_not_count(monkeypatch, has_it):
    def supported(including_emulation=True):
        return has_it or including_emulation

    monkeypatch.setattr(torch.cuda, "is_bf16_supported", supported)
    assert bfloat16_in_hardware(torch.device("cuda")) is has_it


def test_on_mps_float32_is_kept():
    assert bfloat16_in_hardware(torch.device("mps")) is False


def test_smooth_labels_are_refused_where_there_are_no_labels():
    assert Recipe(name="smooth", label_smoothing=0.1).label_smoothing == 0.1
    with pytest.raises(
        ValueError, match=r"label_smoothing must be 0 with the relativistic loss, and 0\.1 came"
    ):
        Recipe(name="smooth", loss="relativistic", label_smoothing=0.1)


def test_what_decays_falls_by_the_same_share_at_each_step_and_then_stays():
    recipe = Recipe(name="falling", decay_steps=100, learning_rate_decay=0.01, penalty_decay=0.5)
    rates = [recipe.learning_rates(number)[0] for number in (0, 50, 100, 1000)]
    assert rates == pytest.approx([1e-3, 1e-4, 1e-5, 1e-5])
    assert recipe.decayed(recipe.penalty_decay, 100) == 0.5
    assert recipe.decayed(recipe.penalty_decay, 50) == pytest.approx(0.5**0.5)


def test_both_networks_keep_the_ratio_of_their_rates():
    recipe = Recipe(name="uneven", generator_learning_rate=1e-3, discriminator_learning_rate=4e-3,
                    decay_steps=10, learning_rate_decay=0.1)  # fmt: skip
    assert recipe.learning_rates(7)[1] == pytest.approx(4 * recipe.learning_rates(7)[0])


@pytest.mark.parametrize("recipe", [ARTICLE, STABLE])
def test_without_decay_the_rates_are_exactly_the_recipes_own_for_ever(recipe):
    own = (recipe.generator_learning_rate, recipe.discriminator_learning_rate)
    assert recipe.learning_rates(0) == recipe.learning_rates(10**6) == own
    assert recipe.noise_left(0) == 0


def test_instance_noise_falls_in_a_straight_line_to_nothing():
    recipe = Recipe(name="noisy", instance_noise=0.4, instance_noise_steps=100)
    left = [recipe.noise_left(number) for number in (0, 25, 50, 100, 1000)]
    assert left == pytest.approx([0.4, 0.3, 0.2, 0, 0])


@pytest.mark.slow
def test_whole_numbers_of_numpy_become_pythons_own_in_a_recipe():
    """In a process of its own: the tests' check of annotations would stop them at the class."""
    lines = [
        "import json, numpy",
        "from stablegen_lib.training import Recipe",
        "recipe = Recipe('own', batch_size=numpy.int64(8), decay_steps=numpy.int32(0))",
        "assert recipe == Recipe('own', batch_size=8)",
        "print(type(recipe.batch_size), json.loads(json.dumps(recipe.as_dict()))['decay_steps'])",
    ]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("<class 'int'> 0\n", "")


@pytest.mark.parametrize("number", [-1, 1.5, None, "3", True])
def test_a_recipe_says_nothing_about_steps_that_cannot_be(number):
    for ask in (STABLE.learning_rates, STABLE.noise_left):
        with pytest.raises((ValueError, TypeCheckError), match="number"):
            ask(number)


def test_a_recipe_is_not_made_of_unknown_fields():
    with pytest.raises(ValueError, match=r"a recipe has no .*'speed'"):
        Recipe.from_dict({**STABLE.as_dict(), "speed": 3})
