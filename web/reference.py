"""Pages of the API reference: one for each room, written from its docstrings by Sphinx."""

import re
from importlib import import_module
from pathlib import Path

from stablegen_lib import LESSONS


def write(folder: Path) -> None:
    """`api/index.md`, and `api/<room>.md` for each room that a lesson opens."""
    (folder / "api").mkdir()
    rooms = {room: lesson for lesson, opened in LESSONS.items() for room in opened}
    for room, lesson in rooms.items():
        (folder / "api" / f"{room}.md").write_text(_page(room, lesson), encoding="utf-8")
    rows = "\n".join(
        f"| [{room}]({room}.md) | {lesson} | {_first_line(room)} |" for room, lesson in rooms.items()
    )
    listed = "\n".join(rooms)
    (folder / "api" / "index.md").write_text(
        "# The library\n\n"
        "`stablegen_lib` is a house of rooms, one for each idea. Every public function states the shapes of "
        "what goes in and comes out; they are checked while testing.\n\n"
        f"| room | lesson | |\n|---|---|---|\n{rows}\n\n"
        f"```{{toctree}}\n:hidden:\n\n{listed}\n```\n",
        encoding="utf-8",
    )


def _page(room: str, lesson: str) -> str:
    module = f"stablegen_lib.{room}"
    imported = "   :imported-members:\n" if hasattr(import_module(module), "__all__") else ""
    return (
        f"# `{room}`\n\nServes lesson {lesson}.\n\n"
        f"```{{eval-rst}}\n.. automodule:: {module}\n   :members:\n{imported}```\n"
    )


def _first_line(room: str) -> str:
    text = (import_module(f"stablegen_lib.{room}").__doc__ or "").strip().partition("\n")[0]
    return re.sub(r"^Lessons? [\d, and]+: ", "", text).replace("|", "\\|")
