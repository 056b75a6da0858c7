"""The components of Stable Diffusion from `diffusers` and `transformers`, at a tiny size.

An autoencoder makes pictures smaller, a text encoder turns words into vectors, a U-Net takes noise
away from the small picture while it looks at the words.
"""

import warnings
from importlib import import_module
from typing import Any, Literal

from stablegen_lib.plumbing.checks import require_parts
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.seeding import seeded
from stablegen_lib.words import byte_pairs
from stablegen_lib.words.vocabulary import FACES, Vocabulary

TEXT_WIDTH = 64
LEVELS = {16: 2, 64: 3}  # sizes that the autoencoder goes through, by the side of the pictures


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
def tokenizer(vocabulary: Vocabulary = FACES) -> Any:
    """A CLIP tokenizer over the words of our captions, each of them one token.

    Args:
        vocabulary: Whose words; it also says how many tokens there is room for.
    """
    merges = byte_pairs.learn_merges(vocabulary.words)
    return package("transformers").CLIPTokenizer(
        vocab=byte_pairs.vocabulary(merges), merges=merges, model_max_length=vocabulary.tokens
    )


@door()
def autoencoder(width: int = 24, side: int = 16) -> Any:
    """Between pictures of 3×16×16 and latent maps of 4×8×8 (of 3×64×64: 4×16×16), untrained.

    Args:
        width: Feature maps at the largest size, a multiple of 8; twice as many at the smaller ones.
        side: Of the pictures.

    Raises:
        ValueError: If there is no autoencoder for pictures of this size, or 8 does not divide the width.
    """
    _require_multiple("width", width, 8)
    if side not in LEVELS:
        raise ValueError(f"pictures of side {' or '.join(map(str, LEVELS))} were needed, and {side} came.")
    levels = LEVELS[side]
    return package("diffusers").AutoencoderKL(
        sample_size=side,
        latent_channels=4,
        block_out_channels=(width, 2 * width, 2 * width)[:levels],
        down_block_types=("DownEncoderBlock2D",) * levels,
        up_block_types=("UpDecoderBlock2D",) * levels,
        layers_per_block=1,
        norm_num_groups=8,
        mid_block_add_attention=False,  # the convolutions see the whole map as it is
    )


@door()
def text_encoder(layers: int = 2, vocabulary: Vocabulary = FACES) -> Any:
    """From the tokens of a prompt to one vector for each, untrained.

    Args:
        layers: Of the transformer.
        vocabulary: Whose words it reads (`tokenizer`).
    """
    transformers, words = package("transformers"), tokenizer(vocabulary)
    config = transformers.CLIPTextConfig(
        vocab_size=len(words),
        hidden_size=TEXT_WIDTH,
        intermediate_size=2 * TEXT_WIDTH,
        projection_dim=TEXT_WIDTH,
        num_hidden_layers=layers,
        num_attention_heads=2,
        max_position_embeddings=vocabulary.tokens,
        bos_token_id=words.bos_token_id,
        eos_token_id=words.eos_token_id,
        pad_token_id=words.pad_token_id,
    )
    return transformers.CLIPTextModel(config)


@door()
def unet(width: int = 64, side: int = 8, layers: int = 1, pooled: bool = True) -> Any:
    """Takes noise away from latent maps while it looks at the words, untrained.

    As in Stable Diffusion the attention to words stands at every size but the smallest of the way
    down and up, and in the middle.

    Args:
        width: Feature maps at the largest size, a multiple of 16; twice as many at the smaller one.
        side: Of the latent maps.
        layers: Blocks at each size.
        pooled: Whether a summary of all words is added to what the network knows of the time, too. It
            makes the summary itself, so a pipeline needs nothing for it.

    Source:
        Saharia et al. 2022, arXiv:2205.11487 (Imagen), for the summary.
    """
    _require_multiple("width", width, 16)
    return package("diffusers").UNet2DConditionModel(
        sample_size=side,
        in_channels=4,
        out_channels=4,
        block_out_channels=(width, 2 * width),
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        layers_per_block=layers,
        cross_attention_dim=TEXT_WIDTH,
        attention_head_dim=2,  # the name is historical: diffusers takes it for the number of heads
        norm_num_groups=16,
        addition_embed_type="text" if pooled else None,
        addition_embed_type_num_heads=2,
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
def assemble(autoencoder: Any, text_encoder: Any, unet: Any, vocabulary: Vocabulary = FACES) -> Any:
    """A genuine `StableDiffusionPipeline` of these parts, which are then ready to use.

    Args:
        autoencoder: Between pictures and latent maps.
        text_encoder: Its tokenizer is made here.
        unet: For the latent maps of this autoencoder and the vectors of this text encoder.
        vocabulary: Whose words the text encoder reads.
    """
    require_parts("autoencoder", autoencoder, "encode", "decode", "eval")
    require_parts("text_encoder", text_encoder, "get_input_embeddings", "eval")
    require_parts("unet", unet, "time_embedding", "eval")
    return quiet(
        package("diffusers").StableDiffusionPipeline(
            vae=autoencoder.eval(),
            text_encoder=text_encoder.eval(),
            tokenizer=tokenizer(vocabulary),
            unet=unet.eval(),
            scheduler=scheduler(),
            safety_checker=None,  # it judges photographs; ours are small drawings
            feature_extractor=None,
            requires_safety_checker=False,
        )
    )


@door()
def untrained(seed: int = 0) -> Any:
    """The whole pipeline with random weights: for tests, and to see that size is not skill."""
    with seeded(seed):
        return assemble(autoencoder(), text_encoder(), unet())


def quiet(pipeline: Any) -> Any:
    """Without progress bars."""
    require_parts("pipeline", pipeline, "set_progress_bar_config")
    pipeline.set_progress_bar_config(disable=True)
    return pipeline
