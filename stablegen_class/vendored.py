"""What the pages need from npm, copied beside them, so that they open without a network."""

import shutil
from pathlib import Path

NODE_MODULES = Path(__file__).parent / "node_modules"
FILES = {
    "reveal.js/dist/reset.css": "reset.css",
    "reveal.js/dist/reveal.css": "reveal.css",
    "reveal.js/dist/reveal.js": "reveal.js",
    "reveal.js/plugin/notes/notes.js": "notes.js",
    "reveal.js/LICENSE": "reveal.LICENSE",
    "mathjax/es5/tex-svg-full.js": "mathjax.js",
    "mathjax/LICENSE": "mathjax.LICENSE",
}


class MissingPackages(RuntimeError):
    """Packages of npm are not installed."""


def vendor(folder: Path, node_modules: Path = NODE_MODULES) -> None:
    """Copies the files into a folder.

    Raises:
        MissingPackages: If one is not there; the message says what to run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for source, name in FILES.items():
        try:
            shutil.copyfile(node_modules / source, folder / name)
        except FileNotFoundError:
            raise MissingPackages(
                f"{source} is missing. Run `npm install --prefix stablegen_class` once (`make class` does)."
            ) from None
