"""Files of version 0.1, where a model was two files: weights, and beside them a description with a digest."""

import hashlib
from pathlib import Path
from typing import Any

from stablegen_lib.plumbing.files import FileProblem, parse_description
from stablegen_lib.plumbing.header import LONGEST

FORMAT = "stablegen-model-1"


def require_pair(weights: Path, blueprint: dict[str, Any]) -> None:
    """Raises an error unless the file beside these weights describes exactly them.

    Args:
        weights: The ``.safetensors`` file.
        blueprint: What stands in its header.

    Raises:
        FileNotFoundError: If the ``.json`` beside it is missing.
        FileProblem: If that is damaged, or belongs to other weights.
    """
    beside = weights.with_name(f"{weights.name.removesuffix('.safetensors')}.json")
    if not beside.is_file():
        raise FileNotFoundError(f"{beside} does not exist. {weights.name} is of version 0.1, where a model "
                                "was two files: copy both.")  # fmt: skip
    description = parse_description(_text(beside), beside)
    if description.pop("format", None) != FORMAT:
        raise FileProblem(f"{beside} does not describe a model (format {FORMAT!r} was needed).")
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if description.pop("sha256", None) != digest or description != blueprint:
        raise FileProblem(f"{weights} and {beside} do not belong together. Restore both.")


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LONGEST:
            raise FileProblem(f"{path} is too long for a description. Restore it.")
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise FileProblem(f"{path} cannot be read ({error.strerror}). Check its permissions.") from None
