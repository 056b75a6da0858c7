"""A generator and its discriminator from a description: plain sizes that a file can hold."""

from typing import Any

from torch import Tensor, nn

from stablegen_lib.discriminator import Discriminator, PointDiscriminator, normalise_spectrally
from stablegen_lib.generator import Generator, PointGenerator
from stablegen_lib.plumbing.blueprints import on_paper
from stablegen_lib.plumbing.bounds import at_least
from stablegen_lib.plumbing.checks import came, whole
from stablegen_lib.plumbing.earlier import require_pair
from stablegen_lib.plumbing.files import FileProblem
from stablegen_lib.plumbing.header import Header

FORMAT = "stablegen-model-2"
PARTS = ("generator", "discriminator", "averaged_generator")
USUAL = {"depth": 2, "waves": 0, "spectral_norm": False}  # what a blueprint does not mention
KNOWN = {"kind", "latent_dim", "width", "image_size", "channels", "condition_names", *USUAL}


def other_than_usual(**options: int) -> dict[str, int]:
    """Those that a blueprint must mention; the others are left out, as in older files."""
    return {name: value for name, value in options.items() if value != USUAL[name]}


def judged(blueprint: dict[str, Any]) -> dict[str, Any]:
    """The blueprint itself.

    Raises:
        ValueError: If something in it is missing or cannot be.
    """
    sizes = ("image_size", "channels") if blueprint.get("kind") == "images" else ()
    for name in ("latent_dim", "width", *sizes):
        whole(f"{name} of a blueprint", blueprint.get(name), at_least(1))
    names = blueprint.get("condition_names")
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"condition_names of a blueprint must be a list of text, and {came(names)} came.")
    if blueprint.get("kind") not in ("images", "points"):
        raise ValueError(f"a blueprint of images or points was needed, and {blueprint.get('kind')!r} came.")
    return blueprint


def build(blueprint: dict[str, Any], *, condition_size: int) -> tuple[nn.Module, nn.Module]:
    """Generator and discriminator, untrained; torch's own random numbers decide the weights."""
    usual = {**USUAL, **blueprint}
    sizes = {"condition_size": condition_size, "width": blueprint["width"]}
    generator: nn.Module
    discriminator: nn.Module
    if blueprint["kind"] == "points":
        sizes["depth"] = usual["depth"]
        generator = PointGenerator(latent_dim=blueprint["latent_dim"], **sizes)
        discriminator = PointDiscriminator(waves=usual["waves"], **sizes)
    else:
        sizes |= {"image_size": blueprint["image_size"], "channels": blueprint["channels"]}
        generator = Generator(latent_dim=blueprint["latent_dim"], **sizes)
        discriminator = Discriminator(**sizes)
    return generator, normalise_spectrally(discriminator) if usual["spectral_norm"] else discriminator


def paper_pair(blueprint: dict[str, Any]) -> tuple[nn.Module, nn.Module]:
    """As ``build``, for a blueprint out of a file: every value must be known.

    Raises:
        ValueError: If one is not, or cannot be.
    """
    unknown = sorted(blueprint.keys() - KNOWN)
    if unknown:
        raise ValueError(f"{unknown[0]!r:.60} is unknown")
    return build(judged(blueprint), condition_size=len(blueprint["condition_names"]))


def paper_weights(pair: tuple[nn.Module, nn.Module]) -> dict[str, Tensor]:
    """What the ``state_dict`` of a model of these two is made of, its averaged generator too."""
    return nn.ModuleDict(dict(zip(PARTS, (*pair, pair[0]), strict=True))).state_dict()


def needed_weights(header: Header) -> dict[str, Tensor]:
    """What the file of a model must have; the generator in training may be left out."""
    blueprint = dict(header.description)
    if "format" not in blueprint:
        require_pair(header.path, blueprint)
    elif blueprint.pop("format") != FORMAT:
        raise FileProblem(f"{header.path} does not hold a model (format {FORMAT!r} was needed).")
    whole = paper_weights(on_paper(header.path, blueprint, lambda: paper_pair(blueprint)))
    raw = any(name.startswith("generator.") for name in header.tensors)
    return {name: tensor for name, tensor in whole.items() if raw or not name.startswith("generator.")}
