"""Files of version 0.1, where a model was two files: weights, and beside them a description with a digest."""

import hashlib
from pathlib import Path
from typing import Any

from stablegen_lib.plumbing.files import FileProblem, parse_description

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
    description = parse_description(beside.read_text(encoding="utf-8", errors="replace"), beside)
    if description.pop("format", None) != FORMAT:
        raise FileProblem(f"{beside} does not describe a model (format {FORMAT!r} was needed).")
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    if description.pop("sha256", None) != digest or description != blueprint:
        raise FileProblem(f"{weights} and {beside} do not belong together. Restore both.")
