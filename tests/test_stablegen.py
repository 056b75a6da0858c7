"""Claims about the pair as one model: seeds, samples, and files that can be trusted."""

import copy
import math
from pathlib import Path

import pytest
import tiny
import torch
from hypothesis import given
from hypothesis import strategies as st
from jaxtyping import TypeCheckError
from safetensors.torch import load_file, save_file
from torch import nn

from stablegen_lib import training
from stablegen_lib.plumbing.devices import choose_device
from stablegen_lib.plumbing.files import FileProblem
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training.averaging import update_ema

REFUSED = (ValueError, TypeError, TypeCheckError)  # by the library, or earlier by the checks of the tests
IMAGES = tiny.pictures()  # 3 kinds, 8×8 in colour
MODEL = tiny.model(IMAGES)
X, Z = IMAGES.conditions[:4], torch.randn(4, 5, generator=torch.Generator().manual_seed(0))


def changed(model: StableGen) -> StableGen:
    """With three parts that all differ, as after training, so that no part can stand in for another."""
    with torch.no_grad():
        for number, part in enumerate((model.generator, model.discriminator, model.averaged_generator)):
            for parameter in part.parameters():
                parameter.add_(0.01 * (number + 1))
    return model


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    changed(tiny.model(IMAGES)).save(tmp_path / "model")
    return tmp_path / "model"


# --- making one -----------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_weights_and_another_seed_others():
    for make in (lambda seed: tiny.model(IMAGES, seed), tiny.point_model):
        assert tiny.equal(make(3).state_dict(), make(3).state_dict())
        assert not tiny.equal(make(3).state_dict(), make(4).state_dict())


def test_making_sampling_saving_and_training_leave_torchs_own_random_numbers_alone(tmp_path):
    torch.manual_seed(7)
    before = torch.get_rng_state()
    model = tiny.model(IMAGES, seed=1)
    model.sample(conditions=X)
    for _ in training.train(model, IMAGES, steps=2, recipe=tiny.recipe(), save_to=tmp_path / "run"):
        pass
    training.resume(tmp_path / "run", device="cpu")
    model.save(tmp_path / "model")
    StableGen.load(tmp_path / "model", device="cpu")
    assert torch.equal(torch.get_rng_state(), before)
    tiny.model(IMAGES, seed=1)
    expected = torch.Generator().manual_seed(7)
    assert torch.equal(torch.randn(3), torch.randn(3, generator=expected))


@pytest.mark.parametrize("size", [8, 16, 28, 32, 64])
@pytest.mark.parametrize(("channels", "kinds"), [(1, 0), (3, 3)])
def test_the_sizes_follow_from_the_images(size, channels, kinds):
    images = tiny.pictures(3, size=size, channels=channels, kinds=kinds)
    model = tiny.model(images)
    made = model.sample(2, conditions=images.conditions[:2])
    assert made.shape == (2, channels, size, size)
    assert model.condition_names == images.condition_names
    assert model.discriminator(images.conditions[:2], made).shape == (2,)


def test_images_of_a_size_that_cannot_be_made_are_refused():
    with pytest.raises(ValueError, match="12 came"):
        tiny.model(tiny.pictures(size=12))


@pytest.mark.parametrize("latent_dim", [0, -1])
def test_a_latent_vector_needs_a_length(latent_dim):
    with pytest.raises(ValueError, match=f"at least 1, and {latent_dim} came"):
        StableGen.for_points(latent_dim=latent_dim)
    with pytest.raises(ValueError, match=f"at least 1, and {latent_dim} came"):
        StableGen.for_images(IMAGES, latent_dim=latent_dim)


def test_the_averaged_generator_starts_as_a_copy_that_nothing_trains():
    model = tiny.model(IMAGES)
    assert tiny.equal(model.generator.state_dict(), model.averaged_generator.state_dict())
    assert not any(p.requires_grad for p in model.averaged_generator.parameters())
    assert all(p.requires_grad for p in model.generator.parameters())
    own = {p.data_ptr() for p in model.generator.parameters()}
    assert own.isdisjoint(p.data_ptr() for p in model.averaged_generator.parameters())


def test_its_text_holds_sizes_and_no_address():
    assert repr(MODEL) == repr(tiny.model(IMAGES))
    assert "0x" not in repr(MODEL)
    assert f"{sum(p.numel() for p in MODEL.generator.parameters()):,}" in repr(MODEL)


# --- devices --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cuda", "mps", "chosen"),
    [(True, True, "cuda"), (True, False, "cuda"), (False, True, "mps"), (False, False, "cpu")],
)
def test_auto_takes_cuda_then_mps_then_the_cpu(monkeypatch, cuda, mps, chosen):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert choose_device("auto") == torch.device(chosen)
    assert choose_device("cpu") == choose_device(torch.device("cpu")) == torch.device("cpu")


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has CUDA")
@pytest.mark.skipif(torch.cuda.is_available(), reason="there is one")
def test_asking_for_a_gpu_that_is_not_there_is_a_clear_error():
    with pytest.raises(ValueError, match="device is 'cuda', and PyTorch finds no such device here"):
        StableGen.for_points(width=8, device="cuda")


def test_a_device_that_torch_does_not_know_is_an_error():
    with pytest.raises(ValueError, match="device must be cpu, cuda, mps or auto, and 'toaster' stands there"):
        StableGen.for_points(width=8, device="toaster")


# --- sampling -------------------------------------------------------------------------------------------


def test_samples_are_float32_images_in_range_on_the_cpu_without_gradient():
    images = MODEL.sample(conditions=X, z=1e6 * Z)
    assert images.shape == (4, 3, 8, 8)
    assert (images.dtype, images.device.type, images.requires_grad) == (torch.float32, "cpu", False)
    assert images.abs().max() <= 1


def test_the_same_seed_gives_the_same_samples_and_another_seed_others():
    assert torch.equal(MODEL.sample(conditions=X, seed=1), MODEL.sample(conditions=X, seed=1))
    assert not torch.equal(MODEL.sample(conditions=X, seed=1), MODEL.sample(conditions=X, seed=2))


def test_samples_follow_the_condition():
    same_z = Z[:1].expand(3, -1)
    images = MODEL.sample(conditions=torch.eye(3), z=same_z)
    assert len({image.numpy().tobytes() for image in images}) == 3


def test_many_samples_are_made_in_chunks_that_equal_the_whole():
    random = torch.Generator().manual_seed(0)
    x, z = torch.rand(600, 3, generator=random), torch.randn(600, 5, generator=random)
    with torch.no_grad():
        whole = MODEL.averaged_generator(x, z)
    torch.testing.assert_close(MODEL.sample(conditions=x, z=z), whole, rtol=1e-5, atol=1e-6)
    sizes = []
    generator = copy.deepcopy(MODEL.averaged_generator)
    generator.register_forward_hook(lambda _, inputs, __: sizes.append(len(inputs[0])))
    chunked = StableGen(generator, nn.Identity(), latent_dim=5, condition_names=IMAGES.condition_names)
    chunked.sample(conditions=x, z=z)
    assert sum(sizes) == 600
    assert max(sizes) < 600


def test_the_averaged_generator_draws_unless_the_one_in_training_is_asked_for():
    model = changed(tiny.model(IMAGES))
    with torch.no_grad():
        torch.testing.assert_close(model.sample(conditions=X, z=Z), model.averaged_generator(X, Z))
        torch.testing.assert_close(model.sample(conditions=X, z=Z, averaged=False), model.generator(X, Z))
    difference = model.sample(conditions=X, z=Z) - model.sample(conditions=X, z=Z, averaged=False)
    assert difference.abs().max() > 1e-4


def test_without_a_condition_a_number_is_enough():
    images = tiny.pictures(kinds=0)
    model = tiny.model(images)
    assert model.sample(3).shape == (3, 3, 8, 8)
    assert torch.equal(model.sample(3), model.sample(3, conditions=torch.zeros(3, 0)))
    assert tiny.point_model().sample(5).shape == (5, 2)


WRONG_CALLS = {
    "nothing": {},
    "no condition": {"count": 4},
    "only z": {"z": Z},
    "another number of conditions": {"count": 3, "conditions": X},
    "another number of z": {"conditions": X, "z": Z[:3]},
    "a condition too short": {"conditions": X[:, :2]},
    "a condition too long": {"conditions": torch.cat([X, X], dim=1)},
    "one condition without a batch": {"conditions": X[0]},
    "z too short": {"conditions": X, "z": Z[:, :4]},
    "z without a batch": {"conditions": X[:1], "z": Z[0]},
    "no samples": {"count": 0, "conditions": X[:0]},
    "no samples, by number": {"count": 0},
    "no samples beside four": {"count": 0, "conditions": X},
    "less than none": {"count": -1},
    "less than none beside four": {"count": -4, "conditions": X},
    "z with NaN": {"conditions": X, "z": Z.index_fill(1, torch.tensor([2]), math.nan)},
    "z with infinity": {"conditions": X, "z": Z / 0},
    "a condition with NaN": {"conditions": X * math.nan},
    "text": {"count": "4", "conditions": X},
}


@pytest.mark.parametrize("name", WRONG_CALLS)
def test_calls_that_do_not_fit_are_refused(name):
    with pytest.raises(REFUSED):
        MODEL.sample(**WRONG_CALLS[name])


def test_the_errors_say_what_was_needed_and_what_came():
    with pytest.raises(ValueError, match=r"needs conditions of shape \(4, 3\).*none came"):
        MODEL.sample(4)
    with pytest.raises(ValueError, match=r"conditions must have shape \(count, 3\), and \(4, 2\) came"):
        MODEL.sample(conditions=X[:, :2])
    with pytest.raises(ValueError, match=r"at least 1.*\[3, 4\] came"):
        MODEL.sample(3, conditions=X)
    with pytest.raises(ValueError, match=r"at least 1.*nothing came"):
        tiny.point_model().sample()
    with pytest.raises(ValueError, match="count must be a whole number of at least 1, and 0 came"):
        tiny.point_model().sample(0)


@given(st.integers(1, 9), st.sampled_from([torch.float64, torch.float32, torch.bfloat16]), st.booleans())
def test_vectors_of_any_precision_layout_and_history_are_taken(count, dtype, with_gradient):
    random = torch.Generator().manual_seed(count)
    z = torch.randn(5, count, generator=random).T.to(dtype).requires_grad_(with_gradient)  # not contiguous
    x = torch.rand(2 * count, 3, generator=random)[::2].to(dtype).requires_grad_(with_gradient)
    images = MODEL.sample(conditions=x, z=z)
    expected = MODEL.sample(
        conditions=x.detach().float().contiguous(), z=z.detach().float().clone(), count=count
    )
    torch.testing.assert_close(images, expected, rtol=1e-5, atol=1e-6)
    assert not images.requires_grad
    assert x.grad is None
    assert z.grad is None


class OwnGenerator(nn.Module):
    """A learner's own network, with batch statistics and dropout inside."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, 2))

    def forward(self, x: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        return self.layers(z)


def test_sampling_from_a_network_with_batch_statistics_and_dropout_is_repeatable_and_changes_nothing():
    torch.manual_seed(0)
    model = StableGen(OwnGenerator(), nn.Linear(2, 1), latent_dim=2, device="cpu")
    before = tiny.copied(model.state_dict())
    first = model.sample(4)
    assert torch.equal(model.sample(4), first)
    torch.testing.assert_close(model.sample(1), first[:1])
    assert tiny.equal(model.state_dict(), before)
    assert model.generator.training


# --- the running average --------------------------------------------------------------------------------


def test_the_average_moves_one_minus_decay_of_the_way():
    slow, fast = nn.Linear(2, 2), nn.Linear(2, 2)
    expected = [0.9 * a + 0.1 * b for a, b in zip(slow.parameters(), fast.parameters(), strict=True)]
    goal = tiny.copied(fast.state_dict())
    update_ema(slow, fast, 0.9)
    torch.testing.assert_close(list(slow.parameters()), expected)
    assert tiny.equal(fast.state_dict(), goal)


def test_decay_0_copies_and_decay_1_stays():
    slow, fast = nn.Linear(2, 2), nn.Linear(2, 2)
    before = tiny.copied(slow.state_dict())
    update_ema(slow, fast, 1.0)
    assert tiny.equal(slow.state_dict(), before)
    update_ema(slow, fast, 0.0)
    assert tiny.equal(slow.state_dict(), fast.state_dict())


def test_batch_statistics_are_copied_not_averaged():
    slow, fast = nn.BatchNorm1d(2), nn.BatchNorm1d(2)
    fast.running_mean += 1
    fast.num_batches_tracked += 5
    update_ema(slow, fast, 0.9)
    assert torch.equal(slow.running_mean, torch.ones(2))
    assert slow.num_batches_tracked == 5


@pytest.mark.parametrize("other", [nn.Linear(2, 2, bias=False), nn.Linear(2, 3), nn.BatchNorm1d(2)])
def test_networks_of_different_shapes_are_not_averaged(other):
    slow = nn.Linear(2, 2)
    before = tiny.copied(slow.state_dict())
    with pytest.raises(ValueError, match="two networks of the same kind"):
        update_ema(slow, other, 0.9)
    assert tiny.equal(slow.state_dict(), before)


# --- files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kinds", [0, 3])
def test_a_model_comes_back_exactly(tmp_path, kinds):
    images = tiny.pictures(kinds=kinds)
    model = changed(tiny.model(images))
    model.save(tmp_path / "model")
    back = StableGen.load(tmp_path / "model", device="cpu")
    assert tiny.equal(back.state_dict(), model.state_dict())
    assert (back.latent_dim, back.condition_names) == (model.latent_dim, model.condition_names)
    x = images.conditions[:4]
    for averaged in (True, False):
        pictures = (one.sample(conditions=x, seed=3, averaged=averaged) for one in (model, back))
        assert torch.equal(*pictures)


def test_a_point_model_comes_back_exactly_and_can_be_trained_on(tmp_path):
    model = changed(tiny.point_model())
    model.save(tmp_path / "points")
    back = StableGen.load(tmp_path / "points", device="cpu")
    assert tiny.equal(back.state_dict(), model.state_dict())
    assert all(p.requires_grad for part in (back.generator, back.discriminator) for p in part.parameters())
    assert not any(p.requires_grad for p in back.averaged_generator.parameters())


def test_half_precision_halves_the_file_and_keeps_three_digits(tmp_path):
    model = changed(StableGen.for_images(IMAGES, latent_dim=5, width=16, device="cpu"))
    full, half = model.save(tmp_path / "full"), model.save(tmp_path / "half", dtype="float16")
    assert half.stat().st_size < 0.6 * full.stat().st_size
    back = StableGen.load(half, device="cpu").state_dict()
    assert {tensor.dtype for tensor in back.values()} == {torch.float32}
    torch.testing.assert_close(back, model.state_dict(), rtol=1e-3, atol=1e-6)
    assert not tiny.equal(back, model.state_dict())


def test_without_the_raw_generator_the_file_is_smaller_and_the_average_takes_its_place(tmp_path):
    model = changed(tiny.model(IMAGES))
    whole, small = model.save(tmp_path / "whole"), model.save(tmp_path / "small", raw=False)
    assert small.stat().st_size < 0.8 * whole.stat().st_size
    back = StableGen.load(small, device="cpu")
    assert tiny.equal(back.discriminator.state_dict(), model.discriminator.state_dict())
    assert tiny.equal(back.averaged_generator.state_dict(), model.averaged_generator.state_dict())
    assert tiny.equal(back.generator.state_dict(), model.averaged_generator.state_dict())
    assert not tiny.equal(back.generator.state_dict(), model.generator.state_dict())


def test_saving_changes_nothing_and_saving_twice_gives_the_same_bytes(tmp_path):
    model = changed(tiny.model(IMAGES))
    before = tiny.copied(model.state_dict())
    one, two = model.save(tmp_path / "one"), model.save(tmp_path / "two")
    assert one.read_bytes() == two.read_bytes()
    assert tiny.equal(model.state_dict(), before)


def test_loading_leaves_the_file_behind(saved):
    model = StableGen.load(saved, device="cpu")
    before = tiny.copied(model.state_dict())
    weights = Path(f"{saved}.safetensors")
    weights.write_bytes(b"\xff" * weights.stat().st_size)
    assert tiny.equal(model.state_dict(), before)


def test_the_name_opens_it_with_and_without_its_ending(saved):
    expected = StableGen.load(saved, device="cpu").state_dict()
    for name in (str(saved), f"{saved}.safetensors", Path(f"{saved}.safetensors")):
        assert tiny.equal(StableGen.load(name, device="cpu").state_dict(), expected)
    again = MODEL.save(saved.with_name("again.safetensors"))
    assert again == saved.with_name("again.safetensors")
    assert tiny.equal(StableGen.load(again, device="cpu").state_dict(), MODEL.state_dict())


@pytest.mark.parametrize("name", ["faces.v2", "dot.", "space ", "ünïcode 人", "new/folder/faces"])
def test_unusual_names_are_kept(tmp_path, name):
    MODEL.save(tmp_path / name)
    assert (tmp_path / f"{name}.safetensors").is_file()
    loaded = StableGen.load(tmp_path / name, device="cpu")
    assert loaded.condition_names == IMAGES.condition_names
    assert tiny.equal(loaded.state_dict(), MODEL.state_dict())


def test_a_model_is_one_file(saved):
    assert [path.name for path in saved.parent.iterdir()] == ["model.safetensors"]


def assert_refused(path: Path, message: str, error: type[Exception] = FileProblem) -> None:
    with pytest.raises(error, match=message) as caught:
        StableGen.load(path, device="cpu")
    assert path.name in str(caught.value)  # the message names the file


@pytest.mark.parametrize("share", [0, 0.001, 0.3, 0.99])
def test_truncated_weights_are_refused(saved, share):
    weights = Path(f"{saved}.safetensors")
    content = weights.read_bytes()
    weights.write_bytes(content[: int(share * len(content))])
    assert_refused(saved, "not a whole safetensors file")
    weights.write_bytes(content)
    StableGen.load(saved, device="cpu")


@pytest.mark.parametrize("place", [-5, -2000])
def test_a_single_changed_bit_is_noticed(saved, place):
    weights = Path(f"{saved}.safetensors")
    content = bytearray(weights.read_bytes())
    content[place] ^= 1
    weights.write_bytes(content)
    assert_refused(saved, "was changed after it was saved")


def test_a_description_changed_by_hand_is_noticed(saved):
    weights = Path(f"{saved}.safetensors")
    content = weights.read_bytes()
    for own, other, message in (
        (rb"\"width\": 4", rb"\"width\": 5", "no network of this version fits"),
        (rb"\"width\": 4", rb"\"width\": 6", "do not fit this model"),
        (rb"kind=0", rb"kind=7", "was changed after it was saved"),
    ):
        assert own in content
        weights.write_bytes(content.replace(own, other))
        assert_refused(saved, message)


def with_description(path: Path, description: str) -> None:
    """The same tensors under another description, without a checksum, as other programs would write them."""
    save_file(load_file(path), path, {"stablegen": description})


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[1]", "not a JSON object"),
        ('{"format": "stablegen-model-99"}', "does not hold a model"),
        ('{"format": ["stablegen-model-2"]}', "does not hold a model"),
    ],
)
def test_another_description_is_refused(saved, description, message):
    with_description(Path(f"{saved}.safetensors"), description)
    assert_refused(saved, message)


def test_a_missing_file_is_named(saved):
    Path(f"{saved}.safetensors").unlink()
    assert_refused(saved, r"\.safetensors does not exist", FileNotFoundError)


def test_foreign_weights_are_refused(saved):
    save_file({"weight": torch.zeros(2)}, f"{saved}.safetensors")
    assert_refused(saved, "StableGen did not write")


def test_weights_that_do_not_fit_change_nothing():
    model = changed(tiny.model(IMAGES))
    before = tiny.copied(model.state_dict())
    name = next(iter(before))
    good = tiny.model(IMAGES, seed=1).state_dict()
    for wrong in (
        {},
        tiny.point_model().state_dict(),
        {key: value for key, value in good.items() if key != name},
        {**good, "extra": torch.zeros(1)},
        {**good, name: torch.zeros(1)},
        {**good, name: good[name].T},
    ):
        with pytest.raises(ValueError, match="do not fit this model"):
            model.load_state_dict(wrong)
        assert tiny.equal(model.state_dict(), before)
    model.load_state_dict(good)
    assert tiny.equal(model.state_dict(), good)


def test_a_model_of_own_networks_samples_but_says_that_it_cannot_be_saved(tmp_path):
    model = StableGen(OwnGenerator(), nn.Linear(2, 1), latent_dim=2, device="cpu")
    assert model.sample(3).shape == (3, 2)
    with pytest.raises(ValueError, match="networks of your own"):
        model.save(tmp_path / "own")
    assert list(tmp_path.iterdir()) == []


def test_the_weights_of_every_part_are_named_after_it():
    names = {name.partition(".")[0] for name in MODEL.state_dict()}
    assert names == {"generator", "discriminator", "averaged_generator"}
    count = sum(len(part.state_dict()) for part in (MODEL.generator, MODEL.discriminator, MODEL.generator))
    assert len(MODEL.state_dict()) == count


def test_truncation_shrinks_z_and_nothing_else():
    model = tiny.model(IMAGES)
    z = torch.randn(len(X), model.latent_dim, generator=torch.Generator().manual_seed(5))
    truncated = model.sample(conditions=X, seed=5, truncation_psi=0.5)
    assert torch.equal(truncated, model.sample(conditions=X, z=0.5 * z))
    assert not torch.equal(truncated, model.sample(conditions=X, seed=5))
    middle = model.sample(conditions=X[:1].repeat(3, 1), seed=5, truncation_psi=0)
    torch.testing.assert_close(middle[0], middle[2])


@pytest.mark.parametrize("psi", [-0.1, 2.1, math.nan])
def test_truncation_outside_its_range_is_refused(psi):
    with pytest.raises(
        ValueError, match="truncation_psi must be a finite number of at least 0 and at most 2"
    ):
        tiny.model(IMAGES).sample(conditions=X, truncation_psi=psi)


def test_looking_at_the_generator_in_training_changes_nothing_in_it():
    torch.manual_seed(0)

    class OwnGenerator(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 2))

        def forward(self, x, z):
            return self.layers(z)

    model = StableGen(OwnGenerator(), nn.Linear(2, 1), latent_dim=2, device="cpu")
    model.generator.layers[2].eval()  # somebody's own choice, to be kept
    before, modes = tiny.copied(model.generator.state_dict()), [p.training for p in model.generator.modules()]
    first, again = (model.sample(8, averaged=False) for _ in range(2))
    assert torch.equal(first, again)
    assert tiny.equal(before, model.generator.state_dict())
    assert [part.training for part in model.generator.modules()] == modes
    model.generator(torch.zeros(8, 0), torch.randn(8, 2))  # a real step does move them
    assert not tiny.equal(before, model.generator.state_dict())
