"""Claims about the measures: each notices its own fault, and is blind where it says so."""

import examples
import pytest
import torch

from stablegen_lib import data, metrics
from stablegen_lib.data.image_set import replace_attribute

N = 300


@pytest.fixture(scope="module")
def judge():
    return metrics.AttributeClassifier.load(data.data_dir() / "weights" / "faces_classifier.safetensors")


@pytest.fixture(scope="module")
def ruler(judge):
    held_out = examples.faces("validation")
    return metrics.Yardstick(
        judge, training=examples.faces("train")[:4_000], reference=held_out[:N], other=held_out[N : 2 * N]
    )


@pytest.fixture(scope="module")
def fresh(ruler):
    """Real pictures that nobody measured with yet, with their conditions."""
    faces = examples.faces("test")[:N]
    return ruler.report(data.to_unit_range(faces.images), faces.conditions)


def cloud(count, features, *, seed, shift=0.0):
    return torch.randn(count, features, generator=torch.Generator().manual_seed(seed)) + shift


def test_the_kernel_distance_is_the_sum_over_pairs_that_its_definition_says():
    real, other = cloud(6, 3, seed=0).double(), cloud(5, 3, seed=1).double()

    def kernel(a, b):
        return float((a @ b / 3 + 1) ** 3)

    within = sum(kernel(a, b) for i, a in enumerate(real) for j, b in enumerate(real) if i != j) / 30
    within += sum(kernel(a, b) for i, a in enumerate(other) for j, b in enumerate(other) if i != j) / 20
    between = sum(kernel(a, b) for a in real for b in other) / 30
    assert metrics.kernel_distance(real, other) == pytest.approx(within - 2 * between, rel=1e-9)


def test_the_kernel_distance_of_one_kind_is_about_zero_at_every_count_and_a_shift_is_seen():
    for count in (50, 400):
        same = [
            metrics.kernel_distance(cloud(count, 8, seed=2 * k), cloud(count, 8, seed=2 * k + 1))
            for k in range(20)
        ]
        mean = sum(same) / len(same)
        moved = metrics.kernel_distance(cloud(count, 8, seed=0), cloud(count, 8, seed=1, shift=1.0))
        assert abs(mean) < 0.1 * moved
        assert min(same) < 0 < max(same), "without bias: on both sides of 0"


def test_both_distances_are_those_of_torchmetrics():
    """Its KernelInceptionDistance and FrechetInceptionDistance, 1.9.0, fed these numbers as features."""
    random = torch.Generator().manual_seed(0)
    real = torch.rand(400, 3, 2, 4, generator=random).flatten(1) * 2
    other = torch.rand(400, 3, 2, 4, generator=random).flatten(1) ** 1.5 * 2
    assert metrics.kernel_distance(real, other) == pytest.approx(0.72505188, rel=1e-5)
    assert metrics.frechet_distance(real, other) == pytest.approx(1.21080315, rel=1e-5)


def test_density_and_coverage_of_real_samples_are_near_one():
    found = metrics.density_coverage(cloud(500, 4, seed=0), cloud(500, 4, seed=1))
    assert 0.85 < found.density < 1.15
    assert 0.9 < found.coverage <= 1


def test_a_crowd_in_one_place_is_dense_and_covers_little():
    centre = 0.01 * cloud(500, 4, seed=1)
    found = metrics.density_coverage(cloud(500, 4, seed=0), centre)
    assert found.density > 1
    assert found.coverage < 0.2


def test_an_outlier_far_away_changes_neither():
    real, generated = cloud(300, 4, seed=0), cloud(300, 4, seed=1)
    before = metrics.density_coverage(real, generated)
    after = metrics.density_coverage(torch.cat([real, torch.full((1, 4), 50.0)]), generated)
    assert abs(after.density - before.density) < 0.02
    assert abs(after.coverage - before.coverage) < 0.02


@pytest.mark.parametrize("measure", [metrics.kernel_distance, metrics.density_coverage])
def test_features_that_are_no_numbers_or_too_few_are_refused(measure):
    broken = cloud(20, 3, seed=0)
    broken[3, 1] = torch.nan
    with pytest.raises(ValueError, match="finite"):
        measure(cloud(20, 3, seed=1), broken)
    with pytest.raises(ValueError, match="samples of each kind"):
        measure(cloud(20, 3, seed=1), cloud(1, 3, seed=0))


def test_copies_have_memorisation_zero_and_noise_is_far_from_everything():
    known, held_out = (cloud(100, 3 * 16, seed=s).view(100, 3, 4, 4).clamp(-1, 1) for s in (0, 1))
    assert metrics.memorisation_ratio(known[:20], training=known, held_out=held_out) < 0.01
    assert metrics.memorisation_ratio(held_out, training=known, held_out=held_out) == pytest.approx(1)
    assert metrics.memorisation_ratio(held_out.sign(), training=known, held_out=held_out) > 1.2
    few = torch.cat(
        [known[:5], held_out[5:]]
    )  # one in twenty is a copy: the tail sees it, the median does not
    assert metrics.memorisation_ratio(few, training=known, held_out=held_out) < 0.01
    assert metrics.memorisation_ratio(few, training=known, held_out=held_out, tail=0.5) > 0.98
    with pytest.raises(ValueError, match="copies"):
        metrics.memorisation_ratio(held_out, training=known, held_out=known)


def test_spread_counts_each_pair_of_equal_conditions_once():
    conditions = torch.tensor([[1.0, 0], [0, 1], [1, 0], [1, 0]])
    assert sorted(map(tuple, metrics.same_condition_pairs(conditions).T.tolist())) == [(0, 2), (0, 3), (2, 3)]
    images = torch.tensor([0.0, 0.9, 0.0, 1.0])[:, None, None, None].expand(-1, 3, 2, 2)
    assert metrics.same_condition_spread(images, conditions) == pytest.approx((2 / 3) ** 0.5)
    with pytest.raises(ValueError, match="equal conditions"):
        metrics.same_condition_spread(images[:2], conditions[:2])


def test_columns_are_chosen_by_attribute():
    faces = examples.faces("validation")[:10]
    hat, glasses = faces.groups["hat"], faces.groups["glasses"]
    both = torch.cat([faces.conditions[:, hat], faces.conditions[:, glasses]], dim=1)
    assert torch.equal(metrics.only(faces, "hat", "glasses"), both)
    assert torch.equal(metrics.only(faces), faces.conditions)
    with pytest.raises(ValueError, match="glasses"):
        metrics.only(faces, "monocle")


def test_fresh_real_pictures_are_as_good_as_the_real_ones_beside_them(fresh):
    assert fresh["Fréchet distance"] == pytest.approx(fresh.real["Fréchet distance"], rel=0.25)
    assert abs(fresh["coverage"] - fresh.real["coverage"]) < 0.05
    assert abs(fresh["as asked, all"] - fresh.real["as asked, all"]) < 0.06
    assert abs(fresh["memorisation"] - 1) < 0.25
    assert fresh.chance["as asked, all"] < 0.05 < 0.8 < fresh["as asked, all"]


def test_a_memoriser_is_noticed_by_memorisation_only(ruler, fresh):
    known = examples.faces("train")[:N]
    copied = ruler.report(data.to_unit_range(known.images), known.conditions)
    assert copied["memorisation"] < 0.01
    for blind in ("coverage", "as asked, all"):
        assert abs(copied[blind] - fresh[blind]) < 0.1, blind
    assert copied["Fréchet distance"] < 1.25 * fresh["Fréchet distance"]


def test_somebody_elses_conditions_are_noticed_by_obedience_only(ruler, fresh):
    faces = examples.faces("test")[:N]
    mixed = ruler.report(data.to_unit_range(faces.images), faces.conditions[torch.randperm(N)])
    assert mixed["as asked, all"] < 0.05
    assert mixed["as asked: glasses"] < mixed.chance["as asked: glasses"] + 0.05
    for blind in ("Fréchet distance", "kernel distance", "density", "coverage", "memorisation"):
        assert mixed[blind] == pytest.approx(fresh[blind], abs=1e-6), blind


def test_one_picture_for_everybody_has_no_spread_and_covers_nothing(ruler, fresh):
    faces = examples.faces("test")[:N]
    stuck = ruler.report(data.to_unit_range(faces.images[:1]).expand(N, -1, -1, -1), faces.conditions)
    assert stuck["spread, same x"] == 0 < fresh["spread, same x"]
    assert stuck["coverage"] < 0.1
    assert stuck["Fréchet distance"] > 5 * fresh["Fréchet distance"]


def test_the_table_names_n_and_every_measure_with_its_company(fresh):
    lines = str(fresh).splitlines()
    assert f"n = {N}" in lines[0]
    assert [line.split("  ")[0] for line in lines[1:]] == list(fresh.values)
    assert fresh.values.keys() == fresh.real.keys()
    assert fresh.chance.keys() == {name for name in fresh.values if name.startswith("as asked")}


def test_crowds_of_different_size_are_refused(ruler):
    faces = examples.faces("test")[: N - 1]
    with pytest.raises(ValueError, match="one size"):
        ruler.report(data.to_unit_range(faces.images), faces.conditions)


def test_report_is_the_yardstick_in_one_call(judge):
    held_out = examples.faces("validation")
    crowd = examples.faces("test")[:50]
    hats = replace_attribute(crowd.conditions, crowd.condition_names, attribute="hat", value="yes")
    found = metrics.report(
        data.to_unit_range(crowd.images), hats, judge=judge, training=held_out[:100],
        reference=held_out[100:150], other=held_out[150:200], same=("glasses", "hat"),
    )  # fmt: skip
    share = crowd.conditions[:, crowd.condition_names.index("hat=yes")].mean()
    assert found["as asked: hat"] == pytest.approx(float(share), abs=0.05)
    assert found.pairs[0] > found.pairs[1] > 0, "fewer kinds, more pairs"


def test_without_a_condition_all_pictures_are_of_one_kind():
    images = torch.linspace(-1, 1, 4 * 3 * 16).reshape(4, 3, 4, 4)
    assert metrics.same_condition_pairs(torch.zeros(4, 0)).shape == (2, 6)
    alike = metrics.same_condition_spread(images, torch.ones(4, 1))
    assert metrics.same_condition_spread(images, torch.zeros(4, 0)) == alike


@pytest.mark.parametrize("offset", [0.0, 1e3])
def test_the_distance_of_a_copy_is_zero_to_the_last_digit(offset):
    points = torch.randn(50, 4, generator=torch.Generator().manual_seed(0)) + offset
    distances, indices = metrics.nearest(points[10:20], points)
    assert distances.tolist() == [0.0] * 10
    assert indices.tolist() == list(range(10, 20))
