"""The first page, from pieces of the README: what it is, a live explorer, lessons as cards, ways to start."""

import base64
import html
import io
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps
from staging import ROOT, fill

sys.path.insert(0, str(ROOT / "tools"))
import services

PICTURES = {  # lesson -> the cell whose stored picture stands on its card; else the first picture
    "00": "00-same-z-check", "01": "01-half-way", "02": "02-maps-plot", "03": "03-look-check",
    "04": "04-minimax-plot", "05": "05-duel", "06": "06-strips", "07": "07-dirac-show",
    "08": "08-peeps-show", "09": "09-colour-show", "10": "10-gap-made-show", "11": "11-shipped-show",
    "12": "12-random-show", "13": "13-prompts", "14": "14-figure", "15": "15-suspects-show",
}  # fmt: skip
CARD = (240, 130)  # pixels that a card's picture takes on the screen
SHOWN = "(max-width: 32rem) 85vw, 15rem"  # how wide a card is: one in a row on a phone
SIZES = (1, 2)  # times that: for plain screens, and for fine or wide ones
ROW = re.compile(r"^\| (\d\d) \| \[([^\]]+)\]\(([^)]+)\) \| ([^|]+) \| ([\d.]+) \|", re.MULTILINE)


@dataclass(frozen=True)
class Lesson:
    """One row of the README's table."""

    number: str
    title: str
    file: str
    question: str
    minutes: str


def lessons() -> list[Lesson]:
    """The README's table of lessons."""
    return [Lesson(*found) for found in ROW.findall((ROOT / "README.md").read_text(encoding="utf-8"))]


def write(folder: Path) -> None:
    """Fills the places that `pages/index.md` leaves open."""
    cards = "\n".join(_card(lesson, folder) for lesson in lessons())
    contents = "\n".join(lesson.file.removesuffix(".ipynb") for lesson in lessons())
    fill(folder / "index.md", cards=f'<ul class="cards">\n{cards}\n</ul>', toc=contents, online=_online())


def _online() -> str:
    """Links to the services that run the course, or what to do where nothing names the repository."""
    try:
        found = services.addresses(services.repository(), "00_start_here.ipynb")
    except services.NoAddress:
        return "**Run it elsewhere.** The branch `hosted` opens in Colab, Kaggle, Binder and Codespaces."
    links = ", ".join(f"[{name}]({address})" for name, address in found.items())
    return f"**Run it elsewhere.** Open lesson 00 in {links}; in Colab and Kaggle run the first cell first."


def _card(lesson: Lesson, folder: Path) -> str:
    alt = _thumbnails(lesson, folder / "_static" / "cards")
    address = lesson.file.replace(".ipynb", ".html")
    wide, high = CARD
    files = {times * wide: f"_static/cards/{lesson.number}-{times}.webp" for times in SIZES}
    offered = ", ".join(f"{file} {width}w" for width, file in files.items())
    return (
        f'<li class="card"><a href="{address}"><img src="{files[wide]}" srcset="{offered}" sizes="{SHOWN}" '
        f'width="{wide}" height="{high}" loading="lazy" alt="{html.escape(alt)}"><span class="card-title">'
        f"{lesson.number} · {html.escape(lesson.title)}</span></a><p>{html.escape(lesson.question)}</p>"
        f'<p class="minutes">{_minutes(lesson.minutes)}</p></li>'
    )


def _minutes(minutes: str) -> str:
    return "runs in under a minute" if float(minutes) < 1 else f"runs in {minutes} minutes"


def _thumbnails(lesson: Lesson, folder: Path) -> str:
    """Writes small copies of the lesson's picture; returns its description."""
    cells = json.loads((ROOT / lesson.file).read_text(encoding="utf-8"))["cells"]
    found = {
        cell["id"]: output
        for cell in reversed(cells)
        for output in reversed(cell.get("outputs", ()))
        if "image/png" in output.get("data", ())
    }
    output = found.get(PICTURES[lesson.number]) or list(found.values())[-1]
    picture = Image.open(io.BytesIO(base64.b64decode(output["data"]["image/png"]))).convert("RGB")
    folder.mkdir(parents=True, exist_ok=True)
    for times in SIZES:
        wide, high = (times * side for side in CARD)
        small = ImageOps.pad(picture, (wide, high), Image.Resampling.LANCZOS, color="white")
        small.save(folder / f"{lesson.number}-{times}.webp", quality=80)
    return str(output["metadata"]["image/png"]["alt"])
