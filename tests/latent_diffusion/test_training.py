"""Claims about the training of the U-Net: its target, what moves and what does not, how it goes on."""

import json
from itertools import islice

import pytest
import torch
from safetensors.torch import save_file
from torch.testing import assert_close

from stablegen_lib import latent_diffusion, metrics
from stablegen_lib.diffusion import NoiseSchedule
from stablegen_lib.latent_diffusion.caption_bank import CaptionBank
from stablegen_lib.latent_diffusion.training import PromptRun, train_prompts
from stablegen_lib.plumbing.files import FileProblem
from stablegen_lib.plumbing.tensors import read_tensors

VALUES = [{"hat": hat, "hair": hair} for hat in ("yes", "no") for hair in ("long", "short")] * 2
MAPS = torch.randn(8, 4, 8, 8, generator=torch.Generator().manual_seed(0))


@pytest.fixture(scope="module")
def words():
    return latent_diffusion.tokenizer()


@pytest.fixture(scope="module")
def bank(words):
    return CaptionBank(VALUES, words, each=3)


def small_run(width: int = 16, text_learns: bool = True, seed: int = 0) -> PromptRun:
    torch.manual_seed(seed)
    return PromptRun(
        latent_diffusion.unet(width=width), latent_diffusion.text_encoder(layers=1), text_learns=text_learns
    )


def training(run, steps, words, values=VALUES, **options):
    return train_prompts(
        run, NoiseSchedule.cosine(), words, MAPS, values, steps=steps, batch_size=4, **options
    )


def weights(run):
    networks = {"now": run.unet, "averaged": run.averaged, "text": run.text_encoder}
    return {
        f"{place}.{name}": value.clone()
        for place, network in networks.items()
        for name, value in network.state_dict().items()
    }


def equal(one, other):
    return one.keys() == other.keys() and all(torch.equal(value, other[name]) for name, value in one.items())


def test_training_lowers_the_loss_and_the_average_follows(words):
    run = small_run()
    before = weights(run)
    losses = list(training(run, 60, words))
    assert run.number == len(losses) == 60
    assert sum(losses[-10:]) < 0.9 * sum(losses[:10])
    assert any(
        not torch.equal(value, before[name]) for name, value in weights(run).items() if "averaged" in name
    )


def test_the_target_is_the_velocity_of_the_scheduler_that_the_pipeline_samples_with(words, bank):
    run, scheduler = small_run(), latent_diffusion.scheduler()
    random = torch.Generator().manual_seed(2 * 1_000_003)  # the first step's own numbers, for seed 2
    chosen = torch.randint(len(MAPS), (4,), generator=random)
    ids, _ = bank.draw(chosen, random)
    t = torch.randint(1000, (4,), generator=random)
    noise = torch.randn(4, 4, 8, 8, generator=random)
    with torch.no_grad():
        predicted = run.unet(
            scheduler.add_noise(MAPS[chosen], noise, t), t, encoder_hidden_states=run.text_encoder(ids)[0]
        ).sample
    expected = (predicted - scheduler.get_velocity(MAPS[chosen], noise, t)).square().mean().item()
    assert next(training(run, 5, words, bank, seed=2)) == pytest.approx(expected, rel=1e-4)


def test_the_average_is_a_running_one_that_forgets_quickly_at_first(words):
    run = small_run()
    run.learning_rate = 1.0  # so that the weights move visibly
    slow = run.averaged.state_dict()["0.conv_in.weight"].clone()
    for number, _ in enumerate(training(run, 3, words, decay=0.3), start=1):
        decay = min(0.3, (1 + number) / (10 + number))
        slow = decay * slow + (1 - decay) * run.unet.conv_in.weight.detach()
        assert_close(run.averaged[0].conv_in.weight, slow)


def test_a_text_encoder_that_was_trained_before_stays_as_it_is(words, bank):
    run = small_run(text_learns=False)
    text = {name: value.clone() for name, value in run.text_encoder.state_dict().items()}
    unet = run.unet.conv_in.weight.clone()
    list(training(run, 3, words, bank))
    assert equal(text, run.text_encoder.state_dict())
    assert not torch.equal(unet, run.unet.conv_in.weight)
    assert all(parameter.grad is None for parameter in run.text_encoder.parameters())
    assert len(run.averaged) == 1
    assert not run.text_encoder.training


def test_a_text_encoder_that_learns_moves(words):
    run = small_run()
    before = run.text_encoder.get_input_embeddings().weight.clone()
    list(training(run, 3, words))
    assert not torch.equal(before, run.text_encoder.get_input_embeddings().weight)


def test_a_unet_that_was_loaded_to_be_used_learns_again(words):
    run = small_run()
    again = PromptRun(run.averaged[0], run.text_encoder, text_learns=False)
    before = again.unet.conv_in.weight.clone()
    list(training(again, 2, words))
    assert not torch.equal(before, again.unet.conv_in.weight)


@pytest.mark.parametrize("text_learns", [True, False])
@pytest.mark.parametrize("banked", [True, False])
def test_a_resumed_run_goes_on_as_if_it_had_never_stopped(words, bank, tmp_path, text_learns, banked):
    values = bank if banked else VALUES
    straight, stopped = (small_run(text_learns=text_learns) for _ in range(2))
    resumed = small_run(text_learns=text_learns, seed=1)  # whatever it begins with, also another text encoder
    losses = list(training(straight, 6, words, values))
    first_half = list(islice(training(stopped, 6, words, values), 3))
    stopped.save(tmp_path / "run.safetensors")
    resumed.resume(tmp_path / "run.safetensors")
    assert resumed.number == 3
    assert first_half + list(training(resumed, 6, words, values)) == losses
    assert equal(weights(straight), weights(resumed))


def test_a_run_without_what_adam_remembers_is_refused(words, tmp_path):
    path, run = tmp_path / "run.safetensors", small_run()
    list(training(run, 1, words))
    run.save(path)
    tensors, description = read_tensors(path)
    kept = {name: tensor for name, tensor in tensors.items() if not name.startswith("optimizer.")}
    assert len(kept) < len(tensors)
    save_file(kept, path, {"stablegen": json.dumps(description)})  # without a checksum, as in version 0.1
    with pytest.raises(FileProblem, match="names, shapes or types differ"):
        small_run().resume(path)


def test_16_bits_change_little(words, bank):
    exact, half = (list(training(small_run(), 4, words, bank, bfloat16=short)) for short in (False, True))
    assert exact != half
    assert half == pytest.approx(exact, rel=0.03)


def test_a_foreign_file_is_no_run(tmp_path):
    metrics.AttributeClassifier(("a=1",), image_size=8, width=2).save(tmp_path / "judge.safetensors")
    with pytest.raises(ValueError, match="holds no run"):
        small_run().resume(tmp_path / "judge.safetensors")


@pytest.mark.parametrize("other", [{"width": 32}, {"text_learns": False}])
def test_a_run_of_other_networks_is_refused_and_changes_nothing(tmp_path, other):
    small_run(**other).save(tmp_path / "run.safetensors")
    run = small_run(seed=1)
    before = weights(run)
    with pytest.raises(ValueError, match="these weights do not fit this model"):
        run.resume(tmp_path / "run.safetensors")
    assert equal(before, weights(run))
    assert run.number == 0
