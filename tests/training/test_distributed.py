"""Claims about several processes: together they make the steps of one, save once, resume, stop as one."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import shards
import tiny
import torch
from places import HELPERS, ROOT
from safetensors.torch import load_file
from torch import nn

from stablegen_lib import data, training
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training import distributed
from stablegen_lib.training import losses as recipe_loss
from stablegen_lib.training.batches import Batches
from stablegen_lib.training.shard import WHOLE, Shard

TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
# float32 keeps 24 bits, and two processes add in another order than one. Measured: at most 2e-6 of a
# gradient's largest entry. A share with neighbours or counts of its own is off by more than 1e-2 (below).
TOLERANCE = 2e-5
pytestmark = pytest.mark.skipif(os.name == "nt", reason="torchrun and gloo are used on POSIX systems here")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """What two processes under torchrun wrote; see shards.py."""
    path = tmp_path_factory.mktemp("shards")
    command = [*TORCHRUN, str(HELPERS / "shards.py"), str(path)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            errors = process.communicate(timeout=200)[1]
        finally:
            process.terminate()  # torchrun then ends its two processes; nothing if it is done
    assert process.returncode == 0, errors[-3000:]
    return path


def of_both(folder: Path, name: str) -> list[dict[str, torch.Tensor]]:
    return [load_file(folder / f"{name} {rank}.safetensors") for rank in range(2)]


def cancels(name: str, key: str) -> bool:
    """The last bias drops out of logit differences: its gradient is rounding noise, which Adam enlarges."""
    named = [n for n, _ in shards.made(name).discriminator.named_parameters()]
    biases = {f"gradient.discriminator.{named.index('realness.bias')}", "weight.discriminator.realness.bias"}
    return name.startswith("relativistic") and key in biases


@pytest.mark.parametrize("name", shards.CASES)
def test_two_processes_have_the_gradients_and_losses_of_one_and_the_same_weights(folder, name):
    alone, (first, second) = shards.trained(name), of_both(folder, name)
    assert tiny.equal(first, second)
    assert torch.equal(first.pop("random"), alone.pop("random"))
    gradients = [key for key in alone if key.startswith("gradient")]
    assert {key.split(".")[1] for key in gradients} == {"generator", "discriminator"}
    for key, expected in alone.items():
        if not cancels(name, key):
            close = TOLERANCE * expected.abs().max().item()
            torch.testing.assert_close(
                first[key], expected, rtol=0, atol=close, msg=lambda text, key=key: f"{key}: {text}"
            )


def test_a_share_that_ignores_the_others_has_other_gradients():
    """The other side: neighbours, counts and pairs of its own, as plain averaging would have them."""
    images, recipe = shards.CASES["the default recipe"]
    model = shards.made("the default recipe")

    def gradients(share: Shard) -> torch.Tensor:
        state = training.start(model, recipe, seed=3)
        x, real, z = Batches(model, images, torch.contiguous_format).draw(8, state.random, share)
        loss, penalty, _ = recipe_loss.discriminator_loss(
            model, x, real, model.generator(x, z).detach(), state
        )
        return torch.cat(
            [g.flatten() for g in torch.autograd.grad(loss + penalty, model.discriminator.parameters())]
        )

    whole, averaged = gradients(WHOLE), (gradients(Shard(0, 2)) + gradients(Shard(1, 2))) / 2
    assert (whole - averaged).abs().max() > 1e-2 * whole.abs().max() > 100 * TOLERANCE * whole.abs().max()


def test_turns_can_be_taken_one_by_one(folder):
    alone, (first, second) = shards.turn_by_turn(), of_both(folder, "others")
    for key, expected in alone.items():
        assert torch.equal(first[key], second[key])
        torch.testing.assert_close(first[key], expected, rtol=0, atol=TOLERANCE)


def test_only_the_first_process_saves(folder):
    assert [int(each["saves"]) for each in of_both(folder, "others")] == [2 + 1 + 2, 0]


def test_resumed_by_two_processes_equals_never_having_stopped_bit_for_bit(folder):
    unbroken, resumed = ((folder / f"{name} 2.safetensors").read_bytes() for name in ("unbroken", "resumed"))
    assert resumed == unbroken


def test_a_run_of_two_processes_goes_on_in_one_as_if_it_had_always_been_one(folder, tmp_path):
    shards.saved_and_resumed(tmp_path)
    expected, got = (
        load_file(path) for path in (tmp_path / "resumed 1.safetensors", folder / "resumed 2.safetensors")
    )
    assert expected.keys() == got.keys()
    assert torch.equal(expected["random"], got["random"])
    for key in expected:
        if key.startswith("model."):
            torch.testing.assert_close(got[key], expected[key], rtol=0, atol=TOLERANCE)
    model, state = training.resume(folder / "resumed 2", device="cpu")
    assert (state.number, state.shard) == (6, WHOLE)
    assert len(list(training.train(model, shards.IMAGES, steps=1, state=state))) == 1


def test_a_loss_that_is_not_finite_in_one_process_stops_both_with_the_same_words(folder):
    first, second = (bytes(each["stopped"].tolist()).decode() for each in of_both(folder, "others"))
    assert first == second
    assert "step 2: the discriminator's loss is nan" in first


def test_no_thread_of_the_process_group_outlives_it(folder):
    """While they did, one of some thirty processes ended with SIGABRT after all was done: a likely cause."""
    for rank in range(2):
        assert "gloo" not in (folder / f"threads {rank}").read_text()


# --- the page that says how to run it -------------------------------------------------------------------


def commands() -> list[str]:
    page = (ROOT / "docs" / "clusters.md").read_text(encoding="utf-8").replace("\\\n", " ")
    return re.findall(r"-m stablegen_lib\.training\.distributed (.+)", page)


def test_the_page_shows_commands():
    assert len(commands()) >= 3


@pytest.mark.parametrize("command", commands())
def test_every_command_of_the_page_is_understood(command):
    options = distributed._options(shlex.split(command))
    assert options.data in [*distributed.PICTURES, *distributed.POINTS]
    assert options.steps > 0


# --- one process, without torchrun ----------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_the_shares_make_up_the_batch_each_row_once_in_order(count):
    whole = torch.arange(12).reshape(6, 2)
    shares = [Shard(rank, count).rows(whole) for rank in range(count)]
    assert torch.equal(torch.cat(shares), whole)
    assert {len(share) for share in shares} == {6 // count}


def test_a_batch_that_cannot_be_shared_equally_is_refused():
    with pytest.raises(ValueError, match="4 processes can share equally was needed, and 6 came"):
        Shard(1, 4).rows(torch.zeros(6, 2))


def test_by_itself_a_process_gathers_nothing_but_its_own():
    own = torch.randn(3, requires_grad=True)
    assert WHOLE.gather(own) is own
    assert WHOLE.rows(own).shape == own.shape
    number = own.sum()
    assert WHOLE.mean(number) is number


def test_batch_statistics_are_refused_because_each_process_sees_only_its_rows():
    model = StableGen(nn.Linear(2, 2), nn.Sequential(nn.BatchNorm1d(2)), latent_dim=2, device="cpu")
    state = training.start(model, tiny.recipe())
    with pytest.raises(ValueError, match=r"without batch normalisation.*GroupNorm"):
        distributed.spread(model, state, Shard(0, 2))
    assert state.shard == WHOLE


def options(path: Path, *more: str) -> list[str]:
    return ["--data", "ring", "--width", "8", "--batch-size", "8", "--save-to", str(path), *more]


def test_the_command_trains_saves_and_goes_on_from_there(tmp_path, capsys):
    distributed.main(options(tmp_path / "unbroken", "--steps", "5"))
    for steps in ("2", "5", "5"):
        distributed.main(options(tmp_path / "resumed", "--steps", steps))
    assert re.findall(r"step (\d+)", capsys.readouterr().out) == ["5", "2", "5"]
    unbroken, resumed = ((tmp_path / f"{name}.safetensors").read_bytes() for name in ("unbroken", "resumed"))
    assert unbroken == resumed
    model, state = training.resume(tmp_path / "resumed", device="cpu")
    assert state.number == 5
    reference = StableGen.for_points(width=8, device="cpu")
    recipe = tiny.recipe(training.STABLE, batch_size=8, precision="auto")
    list(training.train(reference, data.ring(), steps=5, recipe=recipe))
    assert tiny.equal(model.state_dict(), reference.state_dict())


@pytest.mark.parametrize("change", [["--batch-size", "4"], ["--width", "16"], ["--recipe", "article"]])
def test_a_saved_run_with_other_options_is_refused_and_kept(tmp_path, change):
    distributed.main(options(tmp_path / "run", "--steps", "1"))
    before = (tmp_path / "run.safetensors").read_bytes()
    with pytest.raises(ValueError, match=r"holds a run with other options.*another --save-to"):
        distributed.main([*options(tmp_path / "run", "--steps", "2"), *change])
    assert (tmp_path / "run.safetensors").read_bytes() == before


@pytest.mark.parametrize(
    "wrong", [["--steps", "0"], ["--steps", "-3"], ["--steps", "1", "--save-every", "0"]]
)
def test_numbers_that_make_no_sense_are_refused(tmp_path, wrong, capsys):
    with pytest.raises(SystemExit):
        distributed.main(options(tmp_path / "run", *wrong))
    assert "a whole number of at least 1 was needed" in capsys.readouterr().err


def test_a_folder_of_pictures_can_be_trained_on(tmp_path):
    from PIL import Image

    (tmp_path / "own").mkdir()
    for shade in (0, 120, 255):
        Image.new("RGB", (32, 32), (shade, 0, 90)).save(tmp_path / "own" / f"{shade}.png")
    distributed.main([*options(tmp_path / "run", "--steps", "1"), "--data", str(tmp_path / "own")])
    assert training.resume(tmp_path / "run", device="cpu")[0].sample(2).shape == (2, 3, 32, 32)


# --- torchrun -------------------------------------------------------------------------------------------


def test_sigterm_to_torchrun_stops_both_after_the_same_step_and_saves_it(tmp_path):
    """What a cluster does before it takes the machine away."""
    command = [
        *TORCHRUN,
        "-m",
        "stablegen_lib.training.distributed",
        *options(tmp_path / "run", "--steps", "10000000"),
    ]
    with subprocess.Popen([*command, "--save-every", "50"], cwd=ROOT, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline().startswith("step 50:")
        process.send_signal(signal.SIGTERM)
        lines, began = process.stdout.read().splitlines(), time.monotonic()
        process.wait(60)
    assert time.monotonic() - began < 60
    last = int(re.match(r"step (\d+)", (lines or ["step 50"])[-1])[1])
    assert training.resume(tmp_path / "run", device="cpu")[1].number == last
    distributed.main(options(tmp_path / "run", "--steps", str(last + 1)))
    assert training.resume(tmp_path / "run", device="cpu")[1].number == last + 1
