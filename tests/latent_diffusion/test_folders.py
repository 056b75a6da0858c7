"""Claims about saved pipelines: any program with diffusers loads them, and no file is too large."""

import json
import subprocess
import sys

import pytest
import torch
from torch.testing import assert_close

from stablegen_lib import data, latent_diffusion
from stablegen_lib.latent_diffusion.prompted import PromptedGenerator
from stablegen_lib.words.vocabulary import PORTRAITS

SHIPPED = data.data_dir() / "weights" / "latent_diffusion"
LARGEST = 9_500_000  # bytes, with the header of a file; CI refuses 10 MB


@pytest.fixture(scope="module")
def pipeline():
    return latent_diffusion.untrained()


@pytest.fixture(scope="module")
def large():
    """As wide as the one for portraits."""
    torch.manual_seed(0)
    return latent_diffusion.assemble(
        latent_diffusion.autoencoder(8, 64),
        latent_diffusion.text_encoder(1, PORTRAITS),
        latent_diffusion.unet(96, 16),
        PORTRAITS,
    )


def weights_in(folder):
    return sorted(file.name for file in folder.iterdir() if "safetensors" in file.name)


def same(one, other):
    for part in ("vae", "text_encoder", "unet"):
        ours, theirs = getattr(one, part).state_dict(), getattr(other, part).state_dict()
        assert ours.keys() == theirs.keys()
        for name, tensor in ours.items():
            assert tensor.dtype == theirs[name].dtype
            assert_close(tensor, theirs[name], rtol=1e-3, atol=1e-4)


def test_the_folder_loads_in_a_fresh_process_with_only_diffusers_imported(pipeline, tmp_path):
    latent_diffusion.save(pipeline, tmp_path)
    code = f"""
import sys, torch
from diffusers import StableDiffusionPipeline
pipeline = StableDiffusionPipeline.from_pretrained({str(tmp_path)!r}, local_files_only=True)
pipeline.set_progress_bar_config(disable=True)
for prompt in ("a person with a hat", "a person"):
    made = pipeline(prompt, num_inference_steps=2, output_type="pt", latents=torch.ones(1, 4, 8, 8)).images
    print(tuple(made.shape), round(made.mean().item(), 4))
print("stablegen_lib" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ours = PromptedGenerator(latent_diffusion.load(tmp_path))
    here = ours.sample(
        prompt=["a person with a hat", "a person"], z=torch.ones(2, 256), steps=2, guidance_scale=7.5
    )
    first, second = (round(picture.mean().item(), 4) for picture in here / 2 + 0.5)
    assert first != second
    assert done.stdout.splitlines() == [f"(1, 3, 16, 16) {first}", f"(1, 3, 16, 16) {second}", "False"]


def test_saving_keeps_the_weights_to_half_precision_and_leaves_the_pipeline_as_it_was(pipeline, tmp_path):
    latent_diffusion.save(pipeline, tmp_path)
    same(pipeline, latent_diffusion.load(tmp_path))
    assert pipeline.unet.dtype == torch.float32
    assert latent_diffusion.load(tmp_path, half=True).unet.dtype == torch.float16


def test_a_large_unet_is_stored_in_several_files_and_obeys_its_prompt_after_a_plain_load(large, tmp_path):
    from diffusers import StableDiffusionPipeline  # optional, so not at the top

    latent_diffusion.save(large, tmp_path)
    sizes = {file.name: file.stat().st_size for file in tmp_path.rglob("*.safetensors")}
    assert sum(name.startswith("diffusion_pytorch_model-0000") for name in sizes) == 2
    assert max(sizes.values()) < LARGEST
    plain = latent_diffusion.quiet(StableDiffusionPipeline.from_pretrained(tmp_path, local_files_only=True))
    same(large, plain)
    one, same_prompt, other = (
        plain(prompt, num_inference_steps=2, output_type="pt", latents=torch.ones(1, 4, 16, 16)).images
        for prompt in ("a portrait with glasses", "a portrait with glasses", "a portrait")
    )
    assert torch.equal(one, same_prompt)
    assert (one - other).abs().max() > 1e-4


def test_what_is_saved_over_an_earlier_pipeline_replaces_its_files_and_no_others(pipeline, large, tmp_path):
    (tmp_path / "guidance.json").write_text("{}")
    for saved, count in ((pipeline, 1), (large, 3), (pipeline, 1)):  # 3: two parts and their index
        latent_diffusion.save(saved, tmp_path)
        assert len(weights_in(tmp_path / "unet")) == count
        same(saved, latent_diffusion.load(tmp_path))
    assert (tmp_path / "guidance.json").read_text() == "{}"
    parts = {"scheduler", "text_encoder", "tokenizer", "unet", "vae"}
    assert {path.name for path in tmp_path.iterdir()} == parts | {
        "guidance.json", "model_index.json", "SHA256SUMS"
    }  # fmt: skip


def test_a_full_disk_leaves_the_earlier_pipeline_and_the_one_in_memory(pipeline, tmp_path, monkeypatch):
    latent_diffusion.save(pipeline, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pipeline.text_encoder, "save_pretrained", full)
    with pytest.raises(OSError, match="No space"):
        latent_diffusion.save(pipeline, tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
    assert pipeline.unet.dtype == pipeline.vae.dtype == torch.float32


def test_a_saved_folder_does_not_say_from_which_path_its_parts_once_came(pipeline, tmp_path):
    latent_diffusion.save(pipeline, tmp_path / "first")
    latent_diffusion.save(latent_diffusion.load(tmp_path / "first"), tmp_path / "second")
    for folder in (tmp_path / "second", SHIPPED):
        texts = {file.name: file.read_text(encoding="utf-8") for file in folder.rglob("*.json")}
        assert {"model_index.json", "config.json", "tokenizer.json"} <= texts.keys()
        assert not [name for name, text in texts.items() if "_name_or_path" in text or str(tmp_path) in text]
    assert json.loads((tmp_path / "second" / "unet" / "config.json").read_text())["in_channels"] == 4


@pytest.mark.parametrize("name", ["/no/such/folder", "nowhere", "data"])
def test_a_folder_without_a_pipeline_is_refused(name):
    with pytest.raises(FileNotFoundError, match="holds no pipeline"):
        latent_diffusion.load(name)


def test_a_flipped_bit_in_a_folder_is_noticed_and_a_save_leaves_nothing_beside_it(pipeline, tmp_path):
    latent_diffusion.save(pipeline, tmp_path / "tiny")
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]
    weights = tmp_path / "tiny" / "unet" / "diffusion_pytorch_model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-100] ^= 1
    weights.write_bytes(content)
    with pytest.raises(
        ValueError, match=r"diffusion_pytorch_model\.safetensors was changed after it was saved"
    ):
        latent_diffusion.load(tmp_path / "tiny")
