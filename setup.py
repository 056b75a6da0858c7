"""Puts the data that lessons 00 to 06 need into the wheel. Everything else stands in pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
CARRIED = (  # below data/
    "faces/README.md", "faces/SHA256SUMS", "faces/attributes.csv", "faces/images.webp",
    "faces/twins.csv", "faces/twins.webp",
    "digits/README.md", "digits/SHA256SUMS", "digits/attributes.csv", "digits/images.png",
    "weights/SHA256SUMS", "weights/faces.json", "weights/faces.safetensors",
    "weights/faces_unconditional.json", "weights/faces_unconditional.safetensors",
    "weights/faces_classifier.safetensors", "weights/faces_run.safetensors",
)  # fmt: skip


class WithData(build_py):
    """Also copies CARRIED to `stablegen_lib/shipped`, but not for `pip install -e`, which reads data/."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        for name in CARRIED:
            target = Path(self.build_lib, "stablegen_lib", "shipped", name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / "data" / name, target)

    def get_source_files(self) -> list[str]:
        return [*super().get_source_files(), *(f"data/{name}" for name in CARRIED)]


setup(cmdclass={"build_py": WithData})
