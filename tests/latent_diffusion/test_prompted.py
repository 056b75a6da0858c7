"""Claims about the miniature Stable Diffusion: genuine diffusers parts, one more generator of this course."""

import examples
import pytest
import torch
from torch.testing import assert_close

from stablegen_lib import data, latent, latent_diffusion, metrics
from stablegen_lib.latent_diffusion import editing as prompted_editing
from stablegen_lib.latent_diffusion.prompted import PromptedGenerator
from stablegen_lib.widgets import LatentExplorer
from stablegen_lib.widgets.prompter import Prompter
from stablegen_lib.words import captions

SHIPPED = data.data_dir() / "weights" / "latent_diffusion"
PROMPT = "a person with dark glasses and red hair"


@pytest.fixture(scope="module")
def faces():
    return examples.faces("test")


@pytest.fixture(scope="module")
def pipeline():
    return latent_diffusion.untrained()


@pytest.fixture(scope="module")
def generator(pipeline, faces):
    return PromptedGenerator(pipeline, condition_names=faces.condition_names, steps=5)


def test_the_steps_by_hand_are_those_of_the_pipeline(generator):
    z = latent.draw(3, generator.latent_dim, seed=4)
    for scale in (0, 0.5, 1, 3.0):
        piped = generator.sample(prompt=PROMPT, z=z, guidance_scale=scale)
        by_hand = generator.film([PROMPT] * 3, z, guidance_scale=scale)
        assert len(by_hand) == 5
        assert_close(by_hand[-1], piped, atol=1e-3, rtol=0)
    assert (by_hand[-1] - by_hand[0]).abs().max() > 0.01


def test_the_prompt_decides_only_if_guidance_is_not_zero(generator):
    z = latent.draw(2, generator.latent_dim, seed=4)
    pictures = {
        (prompt, scale): generator.sample(prompt=prompt, z=z, guidance_scale=scale)
        for prompt in (PROMPT, "no hat")
        for scale in (0, 1)
    }
    assert_close(pictures[PROMPT, 0], pictures["no hat", 0])
    assert_close(pictures[PROMPT, 0], generator.sample(z=z, guidance_scale=1), atol=1e-3, rtol=0)
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
