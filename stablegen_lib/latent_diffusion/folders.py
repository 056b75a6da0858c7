"""A pipeline as a folder in `diffusers`' layout, which any program with `diffusers` loads."""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from stablegen_lib.latent_diffusion.components import package, quiet
from stablegen_lib.latent_diffusion.precision import storable
from stablegen_lib.plumbing import shipped, sums
from stablegen_lib.plumbing.checks import require_parts
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.files import named

LARGEST_FILE = "9MB"  # larger weights are stored in several files: this repository holds none above 10 MB


def save(pipeline: Any, folder: str | Path) -> None:
    """Writes the folder that any `diffusers` program loads, weights above 9 MB in several files.

    Autoencoder and U-Net are stored as float16, which halves them. The text encoder stays float32: whoever
    loads the folder without naming a type gets the first two as float32, but the text encoder as stored.

    Args:
        pipeline: In whatever number type; it stays as it is, to the last bit.
        folder: Made where it is missing. The parts of an earlier pipeline are replaced as a whole, since
            `diffusers` would read what is left of them; other files stay.

    Raises:
        ValueError: If ``folder`` has no name or is a file, or a weight is too large for float16 or no number.
        OSError: If the disk is full or the folder cannot be written; an earlier pipeline stays.
    """
    require_parts("pipeline", pipeline, "vae", "unet", "save_pretrained")
    if named(folder).is_file():
        raise ValueError(f"{folder} is a file. Give the name of a folder.")
    target, stored = named(folder), storable(pipeline)
    with TemporaryDirectory(prefix=f".{target.name}.", dir=_made(target.parent)) as name:
        beside = Path(name)
        stored.save_pretrained(beside, safe_serialization=True, max_shard_size=LARGEST_FILE)
        forget_origin(beside)
        (beside / sums.NAME).write_text(sums.written_sums(beside), encoding="utf-8")
        _move(beside, target)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _move(beside: Path, target: Path) -> None:
    """File by file, each whole; the checksums come last, so that a mixture is noticed by ``load``."""
    files = [path.relative_to(beside) for path in beside.rglob("*") if path.is_file()]
    for part in {file.parts[0] for file in files if len(file.parts) > 1}:
        for earlier in (target / part).rglob("*"):
            if earlier.is_file() and earlier.relative_to(target) not in files:
                earlier.unlink()  # diffusers would read an index of earlier shards
    for file in sorted(files, key=lambda file: file.name == sums.NAME):
        _made((target / file).parent)
        os.replace(beside / file, target / file)


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
        hint = shipped.how_to_get(folder, "")
        raise FileNotFoundError(f"{name} holds no pipeline (model_index.json is missing). {hint}".rstrip())
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
