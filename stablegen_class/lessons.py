"""A stored lesson as a teacher reads it: a title, what it needs, and sections of prose, code and results."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
SOLUTION = "<details><summary>Solution"
PREDICT = re.compile(r"\*\*Predict:?\*\*:?\s*(.*)", re.DOTALL)


@dataclass(frozen=True)
class Picture:
    """A stored picture: its bytes as in the notebook, and what it shows."""

    png: bytes
    alt: str

    @property
    def address(self) -> str:
        """The picture as a data URL, for pages that must open by double click."""
        return "data:image/png;base64," + base64.b64encode(self.png).decode()


@dataclass(frozen=True)
class Code:
    """A code cell with what it printed and drew."""

    source: str
    folded: bool
    text: str
    pictures: tuple[Picture, ...]


@dataclass
class Section:
    """A heading (level 2 or 3) and what stands below it: paragraphs of Markdown, and code."""

    heading: str
    level: int
    parts: list[str | Code] = field(default_factory=list)


@dataclass(frozen=True)
class Lesson:
    """A stored notebook.

    Args:
        path: Of the notebook, such as notebooks/04_log_loss.ipynb.
    """

    path: Path

    @property
    def number(self) -> str:
        """Two digits, such as "04"."""
        return self.path.name[:2]

    @cached_property
    def notebook(self) -> Any:
        """As nbformat reads it."""
        return nbformat.read(self.path, as_version=4)  # type: ignore[no-untyped-call]

    @cached_property
    def title(self) -> str:
        """Without the number: "The log-loss"."""
        return self._heading()[0]

    @cached_property
    def question(self) -> str:
        """What the lesson asks, as its title says it, or a line of its opening."""
        return self._heading()[1] or self.promise("The question of this lesson")

    def _heading(self) -> tuple[str, str]:
        line = self.notebook.cells[0].source.splitlines()[0]
        found = re.fullmatch(r"# \d\d · (.*?)(?:: (.*))?", line)
        if found is None:
            raise ValueError(
                f"{self.path.name} does not begin with '# NN · title: question', but with {line!r}."
            )
        return found[1], found[2] or ""

    @cached_property
    def opening(self) -> list[str]:
        """The paragraphs below the title: what it is about, what it needs, what one learns, running time."""
        return paragraphs(self.notebook.cells[0].source)[1:]

    def promise(self, start: str) -> str:
        """One of the bold lines of the opening, such as "You will be able to"; empty if there is none.

        Some lessons say "What you will be able to do." instead.
        """
        line = re.compile(rf"\*\*(?:What )?{start}(?: do)?[:.]?\*\*[:.]?\s*(.*)", re.DOTALL | re.IGNORECASE)
        found = (line.fullmatch(part) for part in self.opening)
        return next((match[1] for match in found if match), "")

    @cached_property
    def sections(self) -> list[Section]:
        """From the first heading of level 2 on."""
        sections: list[Section] = []
        for heading, part in _parts(self.notebook.cells[1:]):
            if heading:
                sections.append(Section(heading[1], len(heading[0])))
            elif sections:
                sections[-1].parts.append(part)
        return sections


def all_lessons(folder: Path = NOTEBOOKS) -> list[Lesson]:
    """Every lesson of a folder, in order."""
    return [Lesson(path) for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))]


def paragraphs(markdown: str) -> list[str]:
    """Blocks between blank lines; what stands between code fences or $$ stays one block."""
    blocks: list[str] = []
    is_open = False
    for block in re.split(r"\n\s*\n", markdown.strip()):
        if is_open:
            blocks[-1] += "\n\n" + block
        else:
            blocks.append(block)
        marks = len(re.findall(r"^```", block, re.MULTILINE)) + len(re.findall(r"\$\$", block))
        is_open ^= marks % 2 == 1
    return [block for block in blocks if block]


def _parts(cells: list[Any]) -> Iterator[tuple[tuple[str, str] | None, Any]]:
    """In turn headings (marks, text) and parts, flattened over the cells."""
    for cell in cells:
        if cell.cell_type == "code":
            yield None, _code(cell)
            continue
        if cell.source.startswith(SOLUTION):
            before, _, after = cell.source.partition("</details>")
            yield None, before + "</details>"
            rest = after
        else:
            rest = cell.source
        for block in paragraphs(rest):
            lines = block.split("\n", 1)
            heading = re.fullmatch(r"(#{2,3}) (.*)", lines[0])
            if heading:
                yield (heading[1], heading[2]), None
                lines = lines[1:]
            if lines and lines[-1].strip():
                yield None, "\n".join(lines)


def _code(cell: Any) -> Code:
    texts: list[str] = []
    pictures: list[Picture] = []
    for output in cell.outputs:
        data = output.get("data", {})
        if "image/png" in data:
            png = base64.b64decode(data["image/png"])
            pictures.append(Picture(png, data.get("text/plain", "").strip("'\"")))
        elif output.output_type == "stream" and output.name == "stdout":
            texts.append(output.text)
        elif (
            output.output_type == "execute_result" and "application/vnd.jupyter.widget-view+json" not in data
        ):
            texts.append(data.get("text/plain", ""))
    folded = bool(cell.metadata.get("jupyter", {}).get("source_hidden"))
    return Code(cell.source, folded, "".join(texts).rstrip(), tuple(pictures))
