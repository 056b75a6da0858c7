"""Claims about the miniature Stable Diffusion: genuine diffusers parts, one more generator of this course."""

import subprocess
import sys
from itertools import islice

import examples
import pytest
import torch
from torch.testing import assert_close

from stablegen_lib import data, latent, latent_diffusion, metrics
from stablegen_lib.diffusion import NoiseSchedule
from stablegen_lib.latent_diffusion import editing as prompted_editing
from stablegen_lib.latent_diffusion.first_stage import set_scale, train_autoencoder
from stablegen_lib.latent_diffusion.prompted import PromptedGenerator
from stablegen_lib.latent_diffusion.training import PromptRun, train_prompts
from stablegen_lib.widgets import LatentExplorer
from stablegen_lib.widgets.prompter import Prompter
from stablegen_lib.words import captions

SHIPPED = data.data_dir() / "weights" / "latent_diffusion"
PROMPT = "a person with dark glasses and red hair"


def test_without_the_packages_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "diffusers", None)
    with pytest.raises(latent_diffusion.MissingPackages, match=r"Lessons 13 and 14 need .* pip install"):
        latent_diffusion.unet()


@pytest.fixture(scope="module", autouse=True)
def packages(request):
    if request.node.name.startswith("test_without"):
        return
    pytest.importorskip("diffusers", reason="the extra [diffusion] is not installed")
    pytest.importorskip("transformers", reason="the extra [diffusion] is not installed")


@pytest.fixture(scope="module")
def faces():
    return examples.faces("test")


@pytest.fixture(scope="module")
def pipeline():
    return latent_diffusion.untrained()


@pytest.fixture(scope="module")
def generator(pipeline, faces):
    return PromptedGenerator(pipeline, condition_names=faces.condition_names, steps=5)


def test_every_word_of_the_captions_is_one_token_between_two_ends(pipeline, faces):
    tokenizer = pipeline.tokenizer
    for word in captions.known_words():
        begin, token, end = tokenizer(word).input_ids
        assert (begin, end) == (tokenizer.bos_token_id, tokenizer.eos_token_id)
        assert tokenizer.convert_ids_to_tokens(token) == f"{word}</w>"
    texts = captions.captions(faces.conditions, faces.condition_names)
    assert max(len(ids) for ids in tokenizer(texts).input_ids) <= latent_diffusion.TOKENS
    assert len(tokenizer("moustache").input_ids) > 3


def test_the_folder_loads_in_a_fresh_process_with_only_diffusers_imported(pipeline, tmp_path):
    latent_diffusion.save(pipeline, tmp_path)
    code = f"""
import sys, torch
from diffusers import StableDiffusionPipeline
pipeline = StableDiffusionPipeline.from_pretrained({str(tmp_path)!r}, local_files_only=True)
pipeline.set_progress_bar_config(disable=True)
made = pipeline("a hat", num_inference_steps=2, output_type="pt", latents=torch.ones(1, 4, 8, 8)).images
print(tuple(made.shape), round(made.mean().item(), 3), "stablegen_lib" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ours = PromptedGenerator(latent_diffusion.load(tmp_path))
    here = ours.sample(prompt="a hat", z=torch.ones(1, 256), steps=2, guidance_scale=7.5)
    mean = round((here / 2 + 0.5).mean().item(), 3)
    assert done.stdout.strip() == f"(1, 3, 16, 16) {mean} False"


def test_saving_keeps_the_weights_to_half_precision_and_leaves_the_pipeline_as_it_was(pipeline, tmp_path):
    latent_diffusion.save(pipeline, tmp_path)
    again = latent_diffusion.load(tmp_path)
    for part in ("vae", "text_encoder", "unet"):
        ours, theirs = getattr(pipeline, part).state_dict(), getattr(again, part).state_dict()
        assert ours.keys() == theirs.keys()
        for name, tensor in ours.items():
            assert tensor.dtype == theirs[name].dtype
            assert_close(tensor, theirs[name], rtol=1e-3, atol=1e-4)


def test_a_saved_folder_does_not_say_from_which_path_its_parts_once_came(pipeline, tmp_path):
    latent_diffusion.save(pipeline, tmp_path / "first")
    latent_diffusion.save(latent_diffusion.load(tmp_path / "first"), tmp_path / "second")
    for folder in (tmp_path / "second", SHIPPED):
        texts = {file.name: file.read_text(encoding="utf-8") for file in folder.rglob("*.json")}
        assert {"model_index.json", "config.json", "tokenizer.json"} <= texts.keys()
        assert not [name for name, text in texts.items() if "_name_or_path" in text or str(tmp_path) in text]
    assert latent_diffusion.load(tmp_path / "second").unet.config.in_channels == 4


@pytest.mark.parametrize("name", ["/no/such/folder", "nowhere", "data"])
def test_a_folder_without_a_pipeline_is_refused(name):
    with pytest.raises(FileNotFoundError, match="holds no pipeline"):
        latent_diffusion.load(name)


def test_the_steps_by_hand_are_those_of_the_pipeline(generator):
    z = latent.draw(3, generator.latent_dim, seed=4)
    for scale in (1, 3.0):
        piped = generator.sample(prompt=PROMPT, z=z, guidance_scale=scale)
        by_hand = generator.film([PROMPT] * 3, z, guidance_scale=scale)
        assert len(by_hand) == 5
        assert_close(by_hand[-1], piped, atol=1e-3, rtol=0)
    assert (by_hand[-1] - by_hand[0]).abs().max() > 0.01


def test_the_prompt_decides_only_if_guidance_is_not_zero(generator):
    z = latent.draw(2, generator.latent_dim, seed=4)
    pictures = {
        (prompt, scale): generator.film([prompt] * 2, z, guidance_scale=scale)[-1]
        for prompt in (PROMPT, "no hat")
        for scale in (0, 1)
    }
    assert_close(pictures[PROMPT, 0], pictures["no hat", 0])
    assert (pictures[PROMPT, 1] - pictures["no hat", 1]).abs().max() > 1e-5


def test_it_samples_like_every_generator_of_this_course(generator, faces):
    judge = metrics.AttributeClassifier.load(data.data_dir() / "weights" / "faces_classifier.safetensors")
    made = generator.sample(conditions=faces.conditions[:3], seed=1)
    assert made.shape == (3, 3, 16, 16)
    assert -1 <= made.min() < made.max() <= 1
    assert torch.equal(made, generator.sample(conditions=faces.conditions[:3], seed=1))
    assert not torch.equal(made, generator.sample(conditions=faces.conditions[:3], seed=2))
    assert set(metrics.obeyed(judge, made, faces.conditions[:3])) == set(faces.groups)
    ends = latent.draw(2, generator.latent_dim, seed=0)
    walk = latent.slerp(ends[0], ends[1], torch.linspace(0, 1, 3))
    assert len(latent.step_lengths(generator.sample(prompt=PROMPT, z=walk))) == 2


def test_the_explorer_takes_it_as_it_is(generator):
    explorer = LatentExplorer(generator, directions={"first": torch.eye(256)[0]})
    assert "hat" in explorer.description()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"count": 0}, "at least 1"),
        ({"count": 2, "prompt": ["one"]}, "one number of samples"),
        ({"z": torch.zeros(2, 3)}, "z must have shape"),
        ({"z": torch.full((1, 256), float("nan"))}, "z must be finite"),
        ({"conditions": torch.zeros(1, 35), "prompt": "a hat"}, "both came"),
    ],
)
def test_what_does_not_fit_is_refused(generator, arguments, message):
    with pytest.raises(ValueError, match=message):
        generator.sample(**arguments)


# Training


def test_the_autoencoder_learns_to_redraw_and_its_scale_is_measured(faces):
    torch.manual_seed(0)
    autoencoder = latent_diffusion.autoencoder(width=8)
    images = data.to_unit_range(faces.images[:64])
    errors = [error for error, _ in train_autoencoder(autoencoder, images, steps=60, batch_size=16)]
    assert sum(errors[-5:]) < 0.6 * sum(errors[:5])
    factor = set_scale(autoencoder, images)
    maps = PromptedGenerator(latent_diffusion.assemble(
        autoencoder, latent_diffusion.text_encoder(1), latent_diffusion.unet(16))).encode(images)  # fmt: skip
    assert autoencoder.config.scaling_factor == factor
    assert maps.std().item() == pytest.approx(1, abs=1e-3)


def small_run():
    torch.manual_seed(0)
    return PromptRun(latent_diffusion.unet(width=16), latent_diffusion.text_encoder(layers=1))


def training(run, steps):
    maps = torch.randn(8, 4, 8, 8, generator=torch.Generator().manual_seed(0))
    values = [{"hat": "yes", "hair": "long"}] * 8
    words = latent_diffusion.tokenizer()
    return train_prompts(run, NoiseSchedule.cosine(), words, maps, values, steps=steps, batch_size=4)


def test_training_lowers_the_loss_and_the_average_follows():
    run = small_run()
    before = {name: value.clone() for name, value in run.averaged.state_dict().items()}
    losses = list(training(run, 60))
    assert run.number == len(losses) == 60
    assert sum(losses[-10:]) < 0.9 * sum(losses[:10])
    assert any(not torch.equal(value, before[name]) for name, value in run.averaged.state_dict().items())


def test_a_resumed_run_goes_on_as_if_it_had_never_stopped(tmp_path):
    straight, stopped, resumed = small_run(), small_run(), small_run()
    losses = list(training(straight, 6))
    first_half = list(islice(training(stopped, 6), 3))
    stopped.save(tmp_path / "run.safetensors")
    resumed.resume(tmp_path / "run.safetensors")
    assert first_half + list(training(resumed, 6)) == losses
    for name, value in straight.averaged.state_dict().items():
        assert torch.equal(value, resumed.averaged.state_dict()[name])


def test_a_foreign_file_is_no_run(tmp_path):
    metrics.AttributeClassifier(("a=1",), image_size=8, width=2).save(tmp_path / "judge.safetensors")
    with pytest.raises(ValueError, match="holds no run"):
        small_run().resume(tmp_path / "judge.safetensors")


# Editing


def test_inpainting_changes_nothing_outside_the_region(generator, faces):
    images, region = data.to_unit_range(faces.images[:2]), torch.zeros(16, 16, dtype=torch.bool)
    region[4:8, 2:14] = True
    drawn = prompted_editing.inpaint(generator, images, [PROMPT] * 2, region)
    assert torch.equal(drawn[:, :, ~region], images[:, :, ~region])
    assert not torch.equal(drawn[:, :, region], images[:, :, region])


def test_image_to_image_keeps_less_the_stronger_it_is(generator, faces):
    images = data.to_unit_range(faces.images[:4])
    redrawn = generator.decode(generator.encode(images))
    change = [
        (prompted_editing.image_to_image(generator, images, [PROMPT] * 4, strength=strength) - redrawn)
        .abs()
        .mean()
        for strength in (0, 0.4, 1)
    ]
    assert change[0] == 0
    assert 0 < change[1] < change[2]
    with pytest.raises(ValueError, match="strength must be a finite number of at least 0 and at most 1"):
        prompted_editing.image_to_image(generator, images, [PROMPT] * 4, strength=1.5)


def test_the_same_words_before_and_after_change_nothing(generator, faces):
    images = data.to_unit_range(faces.images[:2])
    same = prompted_editing.redraw(generator, images, before=[PROMPT] * 2, after=[PROMPT] * 2)
    assert_close(same, images)


def test_the_region_of_the_glasses_is_around_the_eyes_and_that_of_a_hat_on_top():
    faces = examples.faces("train")
    rows = {name: prompted_editing.region_of(faces, name).any(dim=1).nonzero() for name in ("glasses", "hat")}
    assert rows["glasses"].min() >= 4
    assert rows["glasses"].max() <= 11
    assert rows["hat"].min() <= 2


# The widget


def test_the_prompter_follows_prompt_guidance_seed_and_step(generator):
    prompter = Prompter(generator, count=2)
    seen = [prompter.still_png()]
    for name, value in (("prompt", "no hat"), ("guidance_scale", 6.0), ("seed", 3), ("step", 1)):
        setattr(prompter, name, value)
        assert getattr(prompter, name) == value
        seen.append(prompter.still_png())
    assert len(set(seen)) == len(seen)
    assert "after step 1 of 5" in prompter.description()
    assert prompter.picture.frame["alt"] == prompter.description()


def test_the_prompter_names_words_it_cannot_know(generator):
    prompter = Prompter(generator, "a person with a moustache", count=1)
    assert "moustache" in prompter.verdict.value
    with pytest.raises(AttributeError, match="no attribute 'hat'"):
        _ = prompter.hat


def test_the_prompter_marks_which_pictures_obey(generator):
    judge = metrics.AttributeClassifier.load(data.data_dir() / "weights" / "faces_classifier.safetensors")
    prompter = Prompter(generator, "a hat", judge=judge, count=3)
    line = prompter.verdict.value
    assert line.startswith("hat: ")
    assert line.count("✓") + line.count("✗") == 3


# What is shipped


@pytest.mark.skipif(not SHIPPED.is_dir(), reason="the weights are not trained yet")
def test_the_shipped_pipeline_obeys_its_prompts_nine_times_of_ten(faces):
    judge = metrics.AttributeClassifier.load(data.data_dir() / "weights" / "faces_classifier.safetensors")
    generator = PromptedGenerator.load(SHIPPED)
    texts = captions.captions(faces.conditions[:100], faces.condition_names)
    with torch.no_grad():
        verdicts = captions.obeys(texts, judge(generator.sample(prompt=texts)), faces.condition_names)
    for attribute in ("glasses", "hat", "hairColor"):
        assert verdicts[attribute].float().mean() >= 0.9


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


@pytest.mark.parametrize(
    "options",
    [
        {"steps": 0},
        {"steps": -3},
        {"steps": 1_001},
        {"guidance_scale": float("nan")},
        {"guidance_scale": -1.0},
    ],
)
def test_steps_and_guidance_that_cannot_be_are_refused_and_not_replaced(generator, pipeline, options):
    with pytest.raises(ValueError, match=r"steps|guidance_scale"):
        PromptedGenerator(pipeline, **options)
    with pytest.raises(ValueError, match=r"steps|guidance_scale"):
        generator.sample(1, **options)
