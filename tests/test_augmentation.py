"""Augmentation changes pictures and not labels; sets, groups and pairs are what they say."""

import math

import examples
import pytest
import torch

from stablegen_experiments.intervals import paired_difference
from stablegen_lib import augmentation, data
from stablegen_lib.augmentation import Classical
from stablegen_lib.training import diff_augment

FACES = examples.faces("validation")[:300]
STILL = Classical(shift=0, mirror=False, brightness=0, colour=0, noise=0)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def pictures(count=6):
    return data.to_unit_range(FACES.images[:count])


def test_without_any_change_the_pictures_stay():
    assert torch.equal(STILL(pictures(), seeded()), pictures())


def test_changed_pictures_stay_in_range_and_differ_each_time():
    first, second = Classical()(pictures(), seeded(0)), Classical()(pictures(), seeded(1))
    assert first.abs().max() <= 1
    assert not torch.equal(first, second)
    assert torch.equal(first, Classical()(pictures(), seeded(0)))


def test_a_shift_repeats_the_border_and_moves_each_picture_by_itself():
    shift = Classical(shift=1, mirror=False, brightness=0, colour=0, noise=0)
    found = shift(pictures(40).clone(), seeded())
    padded = torch.nn.functional.pad(pictures(40), [1] * 4, mode="replicate")
    places = [padded[:, :, row : row + 16, column : column + 16] for row in range(3) for column in range(3)]
    same = torch.stack([(found == place).flatten(1).all(dim=1) for place in places])
    assert same.any(dim=0).all()
    assert same.any(dim=1).sum() > 4  # most of the nine shifts occur


def test_only_the_named_attributes_are_left_in_the_condition():
    few = augmentation.with_only(FACES, "hat", "glasses")
    assert few.condition_names == ("hat=no", "hat=yes", "glasses=none", "glasses=light", "glasses=dark")
    assert torch.equal(few.conditions[:, :2], FACES.conditions[:, FACES.groups["hat"]])
    with pytest.raises(ValueError, match=r"unknown attribute 'nose'"):
        augmentation.with_only(FACES, "nose")


def test_chosen_images_are_different_ones_and_the_seed_decides():
    numbered = data.ImageSet(FACES.images, torch.arange(300.0)[:, None], ("n=1",), "numbered")
    first = augmentation.choose(numbered, 50, 0).conditions[:, 0]
    assert len(first.unique()) == 50
    assert torch.equal(first, augmentation.choose(numbered, 50, 0).conditions[:, 0])
    assert not torch.equal(first, augmentation.choose(numbered, 50, 1).conditions[:, 0])


def test_joined_sets_need_equal_names():
    both = augmentation.joined(FACES[:3], FACES[3:5])
    assert torch.equal(both.images, FACES.images[:5])
    with pytest.raises(ValueError, match="equal condition names"):
        augmentation.joined(FACES, augmentation.with_only(FACES, "hat"))


class Echo:
    condition_names = ("hat=no", "hat=yes")

    def sample(self, *, conditions, seed):
        return conditions[:, :1, None, None].expand(-1, 3, 16, 16) * 2 - 1 + 0.0 * seed


def test_a_generated_example_carries_the_condition_it_was_asked_for():
    asked = torch.eye(2)
    made = augmentation.generated_examples(Echo(), asked, Echo.condition_names, seed=3)
    assert torch.equal(made.conditions, asked)
    assert made.images[0].min() == 255
    assert made.images[1].max() == 0


@pytest.mark.slow
def test_a_classifier_learns_from_extra_examples_what_the_real_ones_do_not_show():
    known = augmentation.with_only(examples.faces("train")[:2_000], "glasses")
    bare, dark = (known[known.conditions[:, column] == 1][:100] for column in (0, 2))
    test = augmentation.with_only(FACES, "glasses")
    groups = augmentation.group_numbers(test, "glasses")
    alone, helped = (augmentation.train_classifier(bare, extra=extra, steps=60) for extra in (None, dark))
    found = {label: augmentation.accuracy(alone, test[groups[label]], "glasses") for label in groups}
    assert found == {"none": 1.0, "light": 0.0, "dark": 0.0}
    assert augmentation.accuracy(helped, test[groups["dark"]], "glasses") > 0.9


def test_the_seed_decides_the_classifier():
    hats = augmentation.with_only(FACES, "hat")
    first, again, other = (augmentation.train_classifier(hats, steps=5, seed=seed) for seed in (0, 0, 1))
    assert torch.equal(first.answer.weight, again.answer.weight)
    assert not torch.equal(first.answer.weight, other.answer.weight)


def test_extra_examples_of_another_kind_are_refused():
    with pytest.raises(ValueError, match="equal condition names"):
        augmentation.train_classifier(augmentation.with_only(FACES, "hat"), extra=FACES)


def test_labels_come_from_the_classifier_and_unsure_ones_are_left_out():
    known = augmentation.with_only(FACES, "glasses")
    classifier = augmentation.train_classifier(known, steps=60)
    labelled = augmentation.labelled_by(classifier, known)
    agree = (labelled.conditions == known.conditions).all(dim=1).float().mean()
    assert agree.item() == pytest.approx(augmentation.accuracy(classifier, known, "glasses"))
    sure = augmentation.labelled_by(classifier, known, confidence=0.99)
    assert 0 < len(sure) < len(labelled)


def test_groups_hold_every_image_once():
    groups = augmentation.group_numbers(FACES, "hat", "mouth")
    assert sorted(groups) == ["no, happy", "no, sad", "yes, happy", "yes, sad"]
    assert sorted(torch.cat(list(groups.values())).tolist()) == list(range(300))
    worn = FACES.conditions[groups["yes, sad"]][:, FACES.groups["hat"]]
    assert worn[:, 1].all()


def test_a_paired_difference_is_students_interval():
    found = paired_difference([2.0, 4.0, 6.0], [1.0, 2.0, 3.0])
    half = 4.303 * 1 / math.sqrt(3)
    assert (found.mean, found.pairs, found.better) == (2, 3, 3)
    assert found.low == pytest.approx(2 - half)
    assert found.high == pytest.approx(2 + half)
    assert str(found) == "+2.000 (-0.484 to +4.484; 3 of 3)"


@pytest.mark.parametrize(("ours", "theirs"), [([1.0], [2.0]), ([1.0, 2.0], [1.0]), ([0.0] * 31, [0.0] * 31)])
def test_pairs_must_fit_and_be_a_few(ours, theirs):
    with pytest.raises(ValueError, match="2 to 30 pairs"):
        paired_difference(ours, theirs)


def test_diff_augment_changes_nothing_without_a_policy():
    images = pictures()
    assert diff_augment.diff_augment(images, diff_augment.draw(6, seeded()), ()) is images


@pytest.mark.parametrize("change", diff_augment.ALL)
def test_the_same_draws_make_the_same_change_to_real_and_generated(change):
    draws = diff_augment.draw(6, seeded())
    first, second = (diff_augment.diff_augment(pictures(), draws, (change,)) for _ in range(2))
    assert torch.equal(first, second)
    assert not torch.equal(first, pictures())


@pytest.mark.parametrize("change", diff_augment.ALL)
def test_a_gradient_comes_through(change):
    images = pictures().requires_grad_()
    diff_augment.diff_augment(images, diff_augment.draw(6, seeded()), (change,)).square().sum().backward()
    assert (images.grad != 0).float().mean() > 0.3


def test_a_middle_draw_leaves_colours_and_place():
    draws = torch.full((6, diff_augment.DRAWS), 0.5)
    same = diff_augment.diff_augment(pictures(), draws, ("colour", "translation"))
    torch.testing.assert_close(same, pictures())


def test_a_hole_covers_a_quarter_in_the_middle_and_less_at_the_edge():
    ones = torch.ones(2, 3, 16, 16)
    draws = torch.zeros(2, diff_augment.DRAWS)
    draws[0, 5:] = 0.5
    left = diff_augment.cutout(ones, draws).mean(dim=(1, 2, 3))
    assert left[0] == pytest.approx(1 - 64 / 256)
    assert left[1] == pytest.approx(1 - 16 / 256)


def test_unknown_changes_and_points_are_refused():
    with pytest.raises(ValueError, match="unknown change 'spin'"):
        diff_augment.diff_augment(pictures(), diff_augment.draw(6, seeded()), ("spin",))
