"""Puts what the site shows into one folder, in the shape of the repository, so that links keep working.

Lessons stand in `notebooks/` there too: a link from one lesson to another serves JupyterLab, GitHub and
the site alike.
"""

import re
import shutil
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "web"
COLUMN = 736  # pixels that the text of a page is wide at most
DOCUMENTS = ("CHANGELOG.md", "CONTRIBUTING.md", "CITATION.cff", "LICENSE")
INSTALLED = {  # file below node_modules -> file on the site
    "onnxruntime-web/dist/ort.wasm.bundle.min.mjs": "vendor/ort.mjs",
    "onnxruntime-web/dist/ort-wasm-simd-threaded.wasm": "vendor/ort-wasm-simd-threaded.wasm",
}


class MissingPackages(RuntimeError):
    """npm has not installed what package.json lists."""


def stage(folder: Path) -> None:
    """Copies lessons, documents, data cards and pages; `_static` gets styles, scripts and vendored files."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(WEB / "pages", folder)
    for name in DOCUMENTS:
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(
        ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".*", "my_*", "*.py")
    )
    _lead_to_pages(folder / "notebooks" / "00_start_here.ipynb")
    shutil.copytree(ROOT / "docs", folder / "docs")
    for card in sorted((ROOT / "data").rglob("README.md")):
        place = folder / card.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(_without_missing(card.read_text(encoding="utf-8")), encoding="utf-8")
    _static(folder / "_static")


def _lead_to_pages(lesson: Path) -> None:
    """Links in stored HTML, the map of the course: Sphinx turns only those of the text into pages."""
    text = lesson.read_text(encoding="utf-8")
    text = re.sub(r'href=\\"(\d\d_\w+)\.ipynb\\"', r'href=\\"\1.html\\"', text)
    lesson.write_text(text, encoding="utf-8")


def fill(page: Path, **pieces: str) -> None:
    """Puts pieces where a page says `@NAME@`."""
    text = page.read_text(encoding="utf-8")
    for name, piece in pieces.items():
        text = text.replace(f"@{name.upper()}@", piece)
    page.write_text(text, encoding="utf-8")


def _static(static: Path) -> None:
    shutil.copytree(WEB / "static", static)
    shutil.copytree(WEB / "src", static / "src")
    (static / "live").mkdir(exist_ok=True)
    for widget in ("duel", "prompts"):  # where a page cannot run
        with Image.open(ROOT / "docs" / f"{widget}.png") as picture:
            picture.thumbnail((COLUMN, COLUMN), Image.Resampling.LANCZOS)
            picture.save(static / "live" / f"{widget}.webp", quality=80)
    for source, target in INSTALLED.items():
        place = WEB / "node_modules" / source
        if not place.is_file():
            raise MissingPackages(f"{place.relative_to(ROOT)} is not there: run 'npm install' in web/ first.")
        (static / target).parent.mkdir(exist_ok=True)
        shutil.copy(place, static / target)


def _without_missing(text: str) -> str:
    """Links to data files become plain text: the site carries the cards, not the data."""
    pages = lambda link: link.endswith((".md", ".ipynb")) or "://" in link  # noqa: E731
    return re.sub(r"\[([^\]]+)\]\(([^)]+)\)", lambda found: found[0] if pages(found[2]) else found[1], text)
