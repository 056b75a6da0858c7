"""Claims about pipelines in float16 and bfloat16: they do what one in float32 does, and stay as they are."""

import copy
import subprocess
import sys

import pytest
import torch

from stablegen_lib import latent, latent_diffusion
from stablegen_lib.latent_diffusion import PromptedGenerator, editing

pytest.importorskip("diffusers", reason="the extra [diffusion] is not installed")
pytest.importorskip("transformers", reason="the extra [diffusion] is not installed")

KINDS = [torch.float16, torch.bfloat16]
PARTS = ("vae", "unet", "text_encoder")
PROMPT = "a person with dark glasses and red hair"


@pytest.fixture(scope="module")
def pipeline():
    return latent_diffusion.untrained()


def in_precision(pipeline, kind):
    parts = {name: copy.deepcopy(getattr(pipeline, name)).to(kind) for name in PARTS}
    return latent_diffusion.assemble(parts["vae"], parts["text_encoder"], parts["unet"])


@pytest.fixture(scope="module", params=KINDS, ids=str)
def halved(request, pipeline):
    return in_precision(pipeline, request.param)


def test_it_samples_encodes_films_and_edits_near_what_float32_does(pipeline, halved):
    whole, half = (PromptedGenerator(one, steps=5) for one in (pipeline, halved))
    z = latent.draw(2, whole.latent_dim, seed=4)
    images = whole.sample(prompt=PROMPT, z=z)
    pairs = [
        (images, half.sample(prompt=PROMPT, z=z)),
        (whole.encode(images), half.encode(images)),
        (whole.film([PROMPT] * 2, z)[-1], half.film([PROMPT] * 2, z)[-1]),
        (editing.find_noise(whole, images, [PROMPT] * 2), editing.find_noise(half, images, [PROMPT] * 2)),
        (whole.read([PROMPT]), half.read([PROMPT])),
    ]
    for exact, near in pairs:
        assert near.dtype == torch.float32
        assert 0 < (near - exact).abs().max() < 0.2 * exact.std() + 0.02


def test_the_steps_by_hand_are_those_of_the_pipeline(halved):
    generator = PromptedGenerator(halved, steps=5)
    z = latent.draw(2, generator.latent_dim, seed=4)
    by_hand, piped = generator.film([PROMPT] * 2, z)[-1], generator.sample(prompt=PROMPT, z=z)
    assert (by_hand - piped).abs().max() < 0.1


def test_saving_leaves_the_pipeline_as_it_is_to_the_last_bit(pipeline, halved, tmp_path):
    for one in (pipeline, halved):
        before = {name: copy.deepcopy(getattr(one, name).state_dict()) for name in PARTS}
        networks = {name: getattr(one, name) for name in PARTS}
        latent_diffusion.save(one, tmp_path / str(one.unet.dtype))
        for name in PARTS:
            assert getattr(one, name) is networks[name]
            for weight, tensor in getattr(one, name).state_dict().items():
                assert tensor.dtype == before[name][weight].dtype
                assert torch.equal(tensor, before[name][weight]), weight


def test_what_a_pipeline_in_half_saved_loads_with_only_diffusers_imported(halved, tmp_path):
    latent_diffusion.save(halved, tmp_path / "half")
    code = f"""
from diffusers import StableDiffusionPipeline
pipeline = StableDiffusionPipeline.from_pretrained({str(tmp_path / "half")!r}, local_files_only=True)
pipeline.set_progress_bar_config(disable=True)
made = pipeline("a hat", num_inference_steps=2, output_type="pt").images
print(tuple(made.shape), made.dtype)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(1, 3, 16, 16) torch.float32"


def test_loading_in_half_samples(pipeline, tmp_path):
    latent_diffusion.save(pipeline, tmp_path)
    generator = PromptedGenerator(latent_diffusion.load(tmp_path, half=True), steps=2)
    assert generator.pipeline.unet.dtype == generator.pipeline.text_encoder.dtype == torch.float16
    assert generator.sample(2, prompt=PROMPT).shape == (2, 3, 16, 16)


def test_networks_of_different_types_are_refused_in_a_sentence(pipeline):
    mixed = in_precision(pipeline, torch.float32)
    mixed.unet.half()
    with pytest.raises(ValueError, match=r"encoder in float32, unet in float16, vae in float32\. Choose"):
        PromptedGenerator(mixed, steps=2).sample(prompt=PROMPT)


@pytest.mark.parametrize("value", [70_000.0, float("nan")])
def test_weights_that_float16_cannot_hold_are_not_saved(pipeline, tmp_path, value):
    large = in_precision(pipeline, torch.float32)
    with torch.no_grad():
        next(large.unet.parameters()).view(-1)[0] = value
    with pytest.raises(ValueError, match=r"not saved: conv_in\.weight of its unet holds NaN, infinity or"):
        latent_diffusion.save(large, tmp_path / "large")
    assert not (tmp_path / "large").exists()
