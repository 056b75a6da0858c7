"""The pretend accelerator notices what a real one would refuse; with it: choices, networks, canaries."""

import copy
import dataclasses

import pretend
import pytest
import tiny
import torch
from torch import nn

from stablegen_lib import latent, training
from stablegen_lib.plumbing.devices import Network, choose_device
from stablegen_lib.stablegen import StableGen


@pytest.fixture
def marks():
    with pretend.accelerator() as marks:
        yield marks


@pytest.fixture
def chosen(marks, monkeypatch):
    monkeypatch.setenv("STABLEGEN_DEVICE", "cuda")
    return marks


# --- the pretend accelerator ----------------------------------------------------------------------------


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    "mix",
    [
        torch.add,
        torch.matmul,
        lambda a, b: torch.cat([a, b]),
        lambda a, b: a.add_(b),
        lambda a, b: torch.cat([a[:0], b]),
        torch.cdist,
        torch.equal,
        lambda a, b: torch.where(a > 0, a, b),
    ],
)
def test_two_devices_that_meet_are_noticed_in_both_directions(marks, mix, turned):
    pair = [torch.ones(3, 3), torch.ones(3, 3).to("cuda")]
    mix(pair[0], pair[0].clone())
    mix(pair[1], pair[1].clone())
    with pytest.raises(pretend.Met, match="met"):
        mix(*(pair[::-1] if turned else pair))


@pytest.mark.parametrize(
    "make",
    [
        lambda: torch.zeros(2, device="cuda"),
        lambda: torch.ones(2).cuda(),
        lambda: torch.ones(2).to(torch.device("cuda"), torch.float64),
        lambda: torch.ones(2).to(torch.zeros(1, device="cuda")),
        lambda: torch.tensor([1.0, 2.0], device="cuda", requires_grad=True),
        lambda: torch.as_tensor(torch.ones(2), device="cuda"),
        lambda: torch.randn(2, generator=torch.Generator("cuda"), device="cuda"),
        lambda: torch.zeros_like(torch.ones(2), device="cuda"),
        lambda: nn.Linear(1, 2).to("cuda").weight,
        lambda: nn.Linear(1, 2, device="cuda").weight,
        lambda: copy.deepcopy(nn.Linear(1, 2).cuda()).bias,
        lambda: copy.deepcopy(torch.ones(2, device="cuda")),
        lambda: nn.Linear(1, 2).cuda().state_dict()["weight"],
        lambda: torch.ones(4, device="cuda")[1:3].double() * 2,
        lambda: torch.empty(2, 0, device="cuda"),
    ],
)
def test_every_way_onto_the_accelerator_leads_back(marks, make):
    made = make()
    assert made in marks
    assert made.device.type == "cuda"
    assert made.is_cuda
    with pytest.raises(pretend.Met):
        made.detach().numpy()
    back = made.detach().cpu()
    assert back not in marks
    assert back.device.type == "cpu"
    back.numpy()


def test_gradients_lie_where_their_tensors_do(marks):
    layer, x = nn.Linear(2, 1).to("cuda"), torch.ones(3, 2, requires_grad=True)
    layer(x.to("cuda")).cpu().sum().backward()
    assert layer.weight.grad in marks
    assert x.grad not in marks
    assert torch.equal(x.grad, layer.weight.detach().cpu().expand(3, 2))


def test_a_generator_draws_for_its_own_device_only(marks):
    with pytest.raises(pretend.Met, match="generator"):
        torch.randn(2, generator=torch.Generator(), device="cuda")
    with pytest.raises(pretend.Met, match="generator"):
        torch.zeros(2, device="cuda").normal_(generator=torch.Generator())


def test_what_a_gpu_allows_is_allowed(marks):
    there = torch.arange(6.0, device="cuda").reshape(2, 3)
    assert (there * torch.tensor(2.0))[torch.tensor([1])].tolist() == [[6.0, 8.0, 10.0]]
    there.copy_(torch.zeros(2, 3))
    assert there in marks
    with pytest.raises(pretend.Met):
        torch.zeros(3)[torch.tensor([1], device="cuda")]


# --- the choice -----------------------------------------------------------------------------------------


def test_the_cpu_is_used_unless_something_else_was_chosen(marks, monkeypatch):
    monkeypatch.delenv("STABLEGEN_DEVICE", raising=False)
    assert StableGen.for_points(width=8).device == choose_device() == torch.device("cpu")
    monkeypatch.setenv("STABLEGEN_DEVICE", "auto")
    assert choose_device() == choose_device("auto") == torch.device("cuda")
    assert next(StableGen.for_points(width=8).generator.parameters()) in marks
    assert StableGen.for_points(width=8, device="cpu").device == torch.device("cpu")


@pytest.mark.parametrize(("name", "said"), [("toaster", "'toaster' stands there"), ("mps", "no such device")])
def test_a_choice_that_cannot_be_is_an_error(monkeypatch, name, said):
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    monkeypatch.setenv("STABLEGEN_DEVICE", name)
    with pytest.raises(ValueError, match=f"STABLEGEN_DEVICE.*{said}"):
        choose_device()


# --- networks bring their input along -------------------------------------------------------------------


def hand_made(model):
    """What cells 7, 9, 11, 18 and 43 of lesson 05 do: their tensors are made on the CPU."""
    x, z, real = torch.zeros(4, 0), torch.ones(4, 2), torch.zeros(4, 2)
    fake = model.generator(x, z)
    (model.discriminator(x, fake) - model.discriminator(x, real)).sum().backward()
    return torch.cdist(fake.detach(), real), model.discriminator(x, real).detach().numpy()


def test_lesson_05_breaks_on_a_gpu_when_networks_do_not_bring_their_input(chosen, monkeypatch):
    hand_made(StableGen.for_points(seed=0))
    monkeypatch.setattr(Network, "__call__", nn.Module.__call__)
    hand_made(StableGen.for_points(seed=0, device="cpu"))
    with pytest.raises(pretend.Met):
        hand_made(StableGen.for_points(seed=0))


def test_results_come_back_to_where_the_last_input_came_from(chosen):
    model = StableGen.for_points(seed=0)
    assert model.generator(torch.zeros(4, 0), torch.ones(4, 2)) not in chosen
    assert model.generator(torch.zeros(4, 0), torch.ones(4, 2).cuda()) in chosen
    assert model.generator(x=torch.zeros(4, 0).cuda(), z=torch.ones(4, 2)) not in chosen


def test_the_device_changes_no_number(chosen, tmp_path):
    recipe = dataclasses.replace(training.STABLE, precision="float32")
    trained = []
    for device in ("cpu", "cuda"):
        model = StableGen.for_images(tiny.pictures(), latent_dim=5, width=4, device=device)
        *_, step = training.train(model, tiny.pictures(), steps=2, recipe=recipe)
        training.save_state(tmp_path / "run", model, step.state)
        again, state = training.resume(tmp_path / "run", device=device)
        for _ in training.train(again, tiny.pictures(), steps=1, state=state):
            pass
        again.save(tmp_path / "model")
        trained.append(StableGen.load(tmp_path / "model", device="cpu").state_dict())
    assert tiny.equal(*trained)


def test_searches_and_directions_take_networks_from_anywhere(chosen):
    model = StableGen.for_points(seed=0)
    network = model.averaged_generator
    here = latent.invert(lambda z: network(torch.zeros(len(z), 0), z), torch.ones(2), 2, starts=2, steps=2)
    assert here.z not in chosen
    weight = network.latent_weight
    assert (latent.factorised_directions(weight, 2) @ weight.T) not in chosen
    directions = latent.pca_directions(network.layers[:2], 2, count=2, samples=9)
    assert directions not in chosen
