"""The files of the live pages, made again only when something that they come from has changed."""

import hashlib
import json
import shutil
from pathlib import Path

from staging import ROOT, WEB

WEIGHTS = ROOT / "data" / "weights"
FACTS = "facts.json"


def write(folder: Path, kept: Path) -> dict[str, str]:
    """Puts the exported networks into a folder.

    Args:
        folder: Of the pages.
        kept: Where they stay from one build to the next.

    Returns:
        What pages say about them, by name.
    """
    now, stamp = _state(), kept / "stamp"
    if not stamp.is_file() or stamp.read_text() != now:
        shutil.rmtree(kept, ignore_errors=True)
        facts = _export(kept / "live")
        (kept / FACTS).write_text(json.dumps(facts))
        stamp.write_text(now)
    shutil.copytree(kept / "live", folder, dirs_exist_ok=True)
    facts = json.loads((kept / FACTS).read_text())
    return {str(name): str(fact) for name, fact in facts.items()}


def _export(folder: Path) -> dict[str, str]:
    import export_generators  # with PyTorch, which takes seconds to import
    import export_prompter

    said = export_generators.write(folder)
    return {**said, "steps": str(export_prompter.write(folder).steps)}


def _state() -> str:
    """Changes with the weights, the library, the exporters and the versions that are asked for."""
    sources = [
        *WEB.glob("export*.py"), *(ROOT / "stablegen_lib").rglob("*.py"), ROOT / "constraints.txt",
        *WEIGHTS.glob("*"), *(WEIGHTS / "latent_diffusion").rglob("*"),
    ]  # fmt: skip
    digest = hashlib.sha256()
    for path in sorted(sources):
        if path.is_file():
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()
