"""The components of Stable Diffusion from `diffusers` and `transformers`, at a tiny size.

An autoencoder makes pictures smaller, a text encoder turns words into vectors, a U-Net takes noise
away from the small picture while it looks at the words.
"""

import json
import os
import tempfile
import warnings
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import torch

from stablegen_lib.latent_diffusion.precision import storable
from stablegen_lib.plumbing import sums
from stablegen_lib.plumbing.checks import require_parts
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.files import named
from stablegen_lib.plumbing.seeding import seeded
from stablegen_lib.words import byte_pairs, captions

TOKENS = 32  # length of a prompt; the longest caption has 29 with both ends
TEXT_WIDTH = 64


class MissingPackages(ImportError):
    """diffusers or transformers is not installed; the message says what to do."""


@door()
def package(name: Literal["diffusers", "transformers"]) -> Any:
    """The package, imported when it is first needed, with its chatter turned off.

    Raises:
        MissingPackages: If it, or something that it needs, is not installed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # notes to their own developers
            module: Any = import_module(name)
            logging = import_module(f"{name}.utils.logging")
    except ImportError as error:
        raise MissingPackages(
            "Lessons 13 and 14 need diffusers and transformers: install them with 'make diffusion', or with "
            f"pip install -c constraints.txt -e '.[diffusion]', then restart the kernel ({error})."
        ) from error
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    return module


@door()
def tokenizer() -> Any:
    """A CLIP tokenizer over the words of our captions, each of them one token."""
    merges = byte_pairs.learn_merges(captions.known_words())
    return package("transformers").CLIPTokenizer(
        vocab=byte_pairs.vocabulary(merges), merges=merges, model_max_length=TOKENS
    )


@door()
def autoencoder(width: int = 24) -> Any:
    """Between pictures of 3×16×16 and latent maps of 4×8×8, untrained; 8 must divide the width."""
    _require_multiple("width", width, 8)
    return package("diffusers").AutoencoderKL(
        sample_size=16,
        latent_channels=4,
        block_out_channels=(width, 2 * width),
        down_block_types=("DownEncoderBlock2D", "DownEncoderBlock2D"),
        up_block_types=("UpDecoderBlock2D", "UpDecoderBlock2D"),
        layers_per_block=1,
        norm_num_groups=8,
        mid_block_add_attention=False,  # the convolutions see the whole 8×8 map as it is
    )


@door()
def text_encoder(layers: int = 2) -> Any:
    """From the tokens of a prompt to one vector for each, untrained."""
    transformers, words = package("transformers"), tokenizer()
    config = transformers.CLIPTextConfig(
        vocab_size=len(words),
        hidden_size=TEXT_WIDTH,
        intermediate_size=2 * TEXT_WIDTH,
        projection_dim=TEXT_WIDTH,
        num_hidden_layers=layers,
        num_attention_heads=2,
        max_position_embeddings=TOKENS,
        bos_token_id=words.bos_token_id,
        eos_token_id=words.eos_token_id,
        pad_token_id=words.pad_token_id,
    )
    return transformers.CLIPTextModel(config)


@door()
def unet(width: int = 64) -> Any:
    """Takes noise away from latent maps while it looks at the words, untrained.

    As in Stable Diffusion the attention to words stands at every size but the smallest of the way
    down and up, and in the middle. 16 must divide the width.
    """
    _require_multiple("width", width, 16)
    return package("diffusers").UNet2DConditionModel(
        sample_size=8,
        in_channels=4,
        out_channels=4,
        block_out_channels=(width, 2 * width),
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        layers_per_block=1,
        cross_attention_dim=TEXT_WIDTH,
        attention_head_dim=2,  # the name is historical: diffusers takes it for the number of heads
        norm_num_groups=16,
    )


def _require_multiple(name: str, value: int, unit: int) -> None:
    if value % unit:
        raise ValueError(f"{name} must be a multiple of {unit}, and {value} came.")


def scheduler() -> Any:
    """DDIM over a cosine schedule; the U-Net predicts the velocity."""
    return package("diffusers").DDIMScheduler(
        beta_schedule="squaredcos_cap_v2",
        prediction_type="v_prediction",
        timestep_spacing="trailing",
        steps_offset=1,  # only for other spacings, but the pipeline insists on it
        clip_sample=False,
    )


@door()
def assemble(autoencoder: Any, text_encoder: Any, unet: Any) -> Any:
    """A genuine `StableDiffusionPipeline` of these parts."""
    require_parts("autoencoder", autoencoder, "encode", "decode", "eval")
    require_parts("text_encoder", text_encoder, "get_input_embeddings", "eval")
    require_parts("unet", unet, "time_embedding", "eval")
    return quiet(
        package("diffusers").StableDiffusionPipeline(
            vae=autoencoder.eval(),
            text_encoder=text_encoder.eval(),
            tokenizer=tokenizer(),
            unet=unet.eval(),
            scheduler=scheduler(),
            safety_checker=None,  # it judges photographs; ours are drawings of 16×16 pixels
            feature_extractor=None,
            requires_safety_checker=False,
        )
    )


@door()
def untrained(seed: int = 0) -> Any:
    """The whole pipeline with random weights: for tests, and to see that size is not skill."""
    with seeded(seed):
        return assemble(autoencoder(), text_encoder(), unet())


def save(pipeline: Any, folder: str | Path) -> None:
    """Writes the folder that any `diffusers` program loads.

    Autoencoder and U-Net are stored as float16, which halves them. The text encoder stays float32: whoever
    loads the folder without naming a type gets the first two as float32, but the text encoder as stored.
    The pipeline itself stays as it is, in whatever number type.

    Raises:
        ValueError: If a weight is too large for float16, or is no number.
    """
    require_parts("pipeline", pipeline, "vae", "unet", "save_pretrained")
    if named(folder).is_file():
        raise ValueError(f"{folder} is a file. Give the name of a folder.")
    target, stored = named(folder), storable(pipeline)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=_made(target.parent)) as name:
        beside = Path(name)
        stored.save_pretrained(beside, safe_serialization=True)
        forget_origin(beside)
        (beside / sums.NAME).write_text(sums.written_sums(beside), encoding="utf-8")
        _move(beside, target)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _move(beside: Path, target: Path) -> None:
    """File by file, each whole; the checksums come last, so that a mixture is noticed by ``load``."""
    files = [path for path in beside.rglob("*") if path.is_file()]
    for path in sorted(files, key=lambda path: path.name == sums.NAME):
        place = target / path.relative_to(beside)
        _made(place.parent)
        os.replace(path, place)


@door()
def forget_origin(folder: Path) -> None:
    """Takes out of a saved folder where its parts were once loaded from: a path of this machine."""
    for file in (folder / "model_index.json", *folder.glob("*/config.json")):
        content = json.loads(file.read_text(encoding="utf-8"))
        content.pop("_name_or_path", None)
        file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


@door()
def load(name: str | Path, *, half: bool = False) -> Any:
    """A pipeline from a folder in diffusers' layout, or by its name on a model hub.

    A folder is read without any network. A name such as "organisation/model" is downloaded by
    diffusers, several GB for a real Stable Diffusion, and wants a GPU.

    Args:
        name: A folder, or a name on the hub.
        half: Keep the weights in float16: for a GPU.

    Raises:
        FileNotFoundError: If the name looks like a path and no pipeline is there.
        ValueError: If a file in the folder is not the one that its SHA256SUMS lists.
    """
    folder = Path(name)
    is_local = (folder / "model_index.json").is_file()
    if not is_local and (folder.is_absolute() or folder.exists() or str(name).count("/") != 1):
        raise FileNotFoundError(f"{name} holds no pipeline (model_index.json is missing).")
    if is_local:
        sums.require_all(folder)
    package("transformers")  # first, so that diffusers imports it without its notes about image processors
    loader = package("diffusers").StableDiffusionPipeline
    return quiet(
        loader.from_pretrained(
            name,
            dtype=torch.float16 if half else torch.float32,
            local_files_only=is_local,
            use_safetensors=True,  # never pickle
        )
    )


def quiet(pipeline: Any) -> Any:
    """Without progress bars."""
    require_parts("pipeline", pipeline, "set_progress_bar_config")
    pipeline.set_progress_bar_config(disable=True)
    return pipeline
