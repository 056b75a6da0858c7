"""A page with the explorer live in it, without a kernel or a server: one file with all that it needs.

The scripts are those of the course's site, `web/src`. Browsers refuse to load modules from a disk, so each
script goes into the page as a `data:` address, and an import map tells the browser where it is.
"""

import base64
import html
import json
import re
from pathlib import Path

from IPython.display import HTML

from stablegen_lib import plots
from stablegen_lib.generator import Generator
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.files import write_atomically
from stablegen_lib.sharing.card import as_html
from stablegen_lib.sharing.weights import page_scene, page_weights
from stablegen_lib.stablegen import StableGen

WEB = Path(__file__).resolve().parents[2] / "web"
ENTRY = "explorer/one_file.js"
IMPORT = re.compile(r'(from\s+)"(\.\.?/[^"]+)"')
TOP = re.compile(r'<h1>(.*?)</h1>\s*<div class="live" id="explorer">\s*<p>(<img [^>]*>)</p>', re.DOTALL)
ENLARGED = 6  # times, in the picture that stands there before the script runs


@door()
def export_page(model: StableGen, folder: str | Path, *, title: str, card: str, seed: int = 0) -> Path:
    """Writes a folder that can be opened, sent, or put on any host: page, model and model card.

    `index.html` opens by a double click and asks nobody for anything. It shows what a
    `LatentExplorer` of the same model shows, up to rounding, and opens its share codes. `model.safetensors`
    is for `StableGen.load`, `README.md` is the card. Files of these names are replaced; others stay.

    Args:
        model: Made by `StableGen.for_images`; its averaged generator is what the page draws with.
        folder: Made if it is not there.
        title: Stands above the page.
        card: Text of the model card, from `model_card`.
        seed: Of the picture that the page begins with.

    Returns:
        Where the page is.

    Raises:
        ValueError: If the title or the card is empty, or the generator is of another kind.
        FileNotFoundError: If the scripts of the site are missing: they come with the repository.
        OSError: If the folder cannot be written.
    """
    if not title.strip() or not card.strip():
        raise ValueError("a page needs a title and a model card, and one of them is empty.")
    if not isinstance(model.averaged_generator, Generator):
        raise ValueError("a generator of pictures was needed, made by StableGen.for_images; another came.")
    target = Path(folder).expanduser()
    scene = page_scene(model)
    images = scene.images(scene.start(count=16, seed=seed))
    weights = page_weights(model, scene, seed=seed, usual=[0] * len(scene.values))
    pieces = {
        "TITLE": html.escape(title.strip()),
        "CARD": as_html(card.strip()),
        "STYLE": (_web() / "static" / "site.css").read_text(encoding="utf-8"),
        "PICTURE": base64.b64encode(plots.to_png(images, 4, ENLARGED)).decode(),
        "IMPORTS": json.dumps({"imports": _scripts()}),
        "ENTRY": ENTRY,
        "WEIGHTS": base64.b64encode(weights).decode(),
    }
    frame = Path(__file__).with_name("page.html").read_text(encoding="utf-8")
    page = re.sub("@([A-Z]+)@", lambda found: pieces[found[1]], frame)
    model.save(target / "model", raw=False)
    write_atomically(target / "README.md", card.encode())
    write_atomically(target / "index.html", page.encode())
    return target / "index.html"


@door()
def preview(page: str | Path) -> HTML:
    """What a visitor of a page sees before its script runs: title and first pictures. The card is left out.

    Args:
        page: From `export_page`.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If `export_page` has not written it.
    """
    text = Path(page).expanduser().read_text(encoding="utf-8")
    found = TOP.search(text)
    if found is None:
        raise ValueError(f"a page of `export_page` was needed, and {Path(page).name} is another one.")
    frame = "border: 1px solid #999; border-radius: 6px; padding: 0 1em; max-width: 32em"
    top = f"<div style='{frame}'><h2>{found[1]}</h2><p>{found[2]}</p></div>"
    return HTML(top)  # type: ignore[no-untyped-call]


def _web() -> Path:
    if not WEB.is_dir():
        raise FileNotFoundError(
            f"the scripts of the page are missing: {WEB}. Clone the whole repository and install it with "
            "`pip install -e .`"
        )
    return WEB


def _scripts() -> dict[str, str]:
    """Every script that the entry needs: its name -> its text as an address."""
    source, waiting, found = _web() / "src", [ENTRY], dict[str, str]()
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        here = (source / name).parent
        needed: list[str] = []

        def by_name(match: re.Match[str], here: Path = here, needed: list[str] = needed) -> str:
            needed.append((here / match[2]).resolve().relative_to(source).as_posix())
            return f'{match[1]}"{needed[-1]}"'

        text = IMPORT.sub(by_name, (source / name).read_text(encoding="utf-8"))
        found[name] = "data:text/javascript;base64," + base64.b64encode(text.encode()).decode()
        waiting += needed
    return found
