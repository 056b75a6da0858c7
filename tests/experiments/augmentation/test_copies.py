"""Lesson 10's copies: the stored picture holds what the table of `trials.py` measured."""

import pytest
import torch

from stablegen_experiments.augmentation import copies, trials, ways
from stablegen_experiments.records import read_records
from stablegen_lib import data


def test_what_is_stored_comes_back_but_for_half_a_shade(tmp_path):
    pictures = 2 * torch.rand(2 * copies.COLUMNS, 3, 16, 16, generator=torch.Generator().manual_seed(0)) - 1
    copies.store(pictures, tmp_path / "pictures.png")
    assert copies.load(tmp_path / "pictures.png") == pytest.approx(pictures, abs=0.5 / 127.5 + 1e-6)


@pytest.mark.parametrize(("path", "augmented"), [(copies.PICTURES, False), (copies.AUGMENTED, True)])
def test_the_stored_faces_copy_as_much_as_the_stored_trial(path, augmented):
    table = trials.scores(read_records(trials.RESULTS), "longer", copies.FACES, augmented=augmented)
    found = ways.copying(copies.load(path), copies.known())["nearest, 1 %"]
    assert len(copies.load(path)) == copies.MADE
    assert found == pytest.approx(table["generated"]["nearest, 1 %"][copies.SEED], abs=0.02)


def test_a_known_face_is_its_own_nearest_and_other_people_are_farther():
    distance, which = copies.to_nearest(data.to_unit_range(copies.known().images))
    assert distance.max() == 0
    assert torch.equal(which, torch.arange(copies.FACES))
    assert copies.to_nearest(copies.people())[0].min() > 1


@pytest.mark.slow
def test_a_generator_of_the_known_faces_draws_as_many_as_are_stored():
    assert copies.made(steps=1).shape == copies.load().shape
