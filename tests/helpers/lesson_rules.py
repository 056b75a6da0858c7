"""What a stored lesson must look like. Each rule yields the problems it sees in one notebook."""

import re
from collections.abc import Callable, Iterator

from nbformat import NotebookNode
from nbval.plugin import find_comment_markers, find_metadata_tags
from rebound import rebound

Rule = Callable[[NotebookNode], Iterator[str]]

LONGEST_CELL = 15  # lines that are not blank; folded cells too
MARKED_SHARE = 0.2
BOOLEAN = re.compile(r"(?:^|[\s:=])(?:True|False)\s*$", re.MULTILINE)
SECTION = re.compile(r"^## +\d+\. +(.*)$", re.MULTILINE)
DRAWS = re.compile(r"\bplots\.show\(|\bPictureSlider\(|\bdisplay\(")
REASON = re.compile(r"^# output depends on the machine: \S", re.MULTILINE)
# Built so that this file does not match itself.
FORBIDDEN_TEXT = re.compile(
    r"(?<![\w.])/(?:root|work|tmp|home|Users)/\w"  # paths of one machine
    r"|[A-Z]:\\Users\\"
    r"|(?:npmjs|pythonhosted|pypi|anaconda|yarnpkg)\.(?:org|com)|download\.pytorch\.org"  # package registries
)


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def prose(notebook: NotebookNode) -> str:
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def marks(cell: NotebookNode) -> dict[str, bool]:
    """What nbval was told about this cell: check=False, skip=True, check_exception=True."""
    told = dict(find_metadata_tags(cell.metadata)) | dict(find_comment_markers(cell.source))
    return {what: value for what, value in told.items() if (what, value) != ("check", True)}


def was_run_from_top_to_bottom(notebook: NotebookNode) -> Iterator[str]:
    counts = [cell.execution_count for cell in code_cells(notebook)]
    if None in counts:
        yield f"{counts.count(None)} code cells are stored unexecuted"
    elif counts != list(range(1, len(counts) + 1)):
        yield f"not run from top to bottom in one go: execution counts {counts}"


def stores_no_error(notebook: NotebookNode) -> Iterator[str]:
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if output.output_type == "error" and "check_exception" not in marks(cell):
                yield f"cell [{cell.execution_count}] is stored with {output.ename}: {output.evalue}"


def stores_no_stderr(notebook: NotebookNode) -> Iterator[str]:
    """nbval is told to ignore stderr (conftest.py), so a stored warning would stay unnoticed."""
    for cell in code_cells(notebook):
        if not marks(cell) and any(output.get("name") == "stderr" for output in cell.outputs):
            yield f"cell [{cell.execution_count}] is stored with text on stderr"


def is_folded(cell: NotebookNode) -> bool:
    """JupyterLab shows three dots in its place; a click opens it."""
    return bool(cell.metadata.get("jupyter", {}).get("source_hidden"))


def has_short_cells(notebook: NotebookNode) -> Iterator[str]:
    for cell in code_cells(notebook):
        lines = [line for line in cell.source.splitlines() if line.strip()]
        if len(lines) > LONGEST_CELL:
            yield f"cell [{cell.execution_count}] has {len(lines)} lines of code; at most {LONGEST_CELL}"


def folds_only_what_draws(notebook: NotebookNode) -> Iterator[str]:
    for cell in code_cells(notebook):
        if is_folded(cell) and not DRAWS.search(cell.source):
            yield f"cell [{cell.execution_count}] is folded away and draws nothing"


def prints_no_bare_boolean(notebook: NotebookNode) -> Iterator[str]:
    """A number says more: how much, and what chance would have given."""
    for cell in code_cells(notebook):
        for output in cell.outputs:
            text = output.get("text", "") + output.get("data", {}).get("text/plain", "")
            for found in BOOLEAN.findall(text):
                yield f"cell [{cell.execution_count}] prints {found.strip()!r}: print the number"


def lets_earlier_cells_run_again(notebook: NotebookNode) -> Iterator[str]:
    """A learner goes back, changes a cell and runs it: the names that it uses must still mean the same."""
    cells = code_cells(notebook)
    for found in rebound([cell.source for cell in cells]):
        user, culprit = (cells[number].execution_count for number in (found.user, found.culprit))
        change = f"the {found.kind} {found.name!r}, and [{culprit}] makes it a {found.new_kind}"
        yield f"cell [{user}] uses {change}: take another name there"


def has_a_gap_in_every_section(notebook: NotebookNode) -> Iterator[str]:
    """Numbered sections only; one that is called optional may do without."""
    section, filled = "", True
    for cell in [*notebook.cells, None]:
        heading = SECTION.search(cell.source) if cell and cell.cell_type == "markdown" else None
        if heading or cell is None:
            if not filled and "optional" not in section:
                yield f"the section {section!r} has no gap"
            section, filled = heading[1] if heading else "", False
        elif cell.cell_type == "code" and "course.gap(" in cell.source:
            filled = True


def says_which_gaps_are_open(notebook: NotebookNode) -> Iterator[str]:
    source = "\n".join(cell.source for cell in code_cells(notebook))
    if "course.gap(" in source and "course.gaps(" not in source:
        yield "course.gaps(…) is missing near the end"


def names_the_plain_kernel(notebook: NotebookNode) -> Iterator[str]:
    name = notebook.metadata.get("kernelspec", {}).get("name")
    if name != "python3":
        yield f"kernelspec is {name!r}; only 'python3' exists on every machine"


def stores_no_widget_state(notebook: NotebookNode) -> Iterator[str]:
    if "widgets" in notebook.metadata:
        yield "metadata.widgets is stored; GitHub refuses to show it: run `make notebooks`"


def marks_few_cells_and_says_why(notebook: NotebookNode) -> Iterator[str]:
    marked = [cell for cell in code_cells(notebook) if marks(cell)]
    for cell in marked:
        if "skip" in marks(cell):
            yield f"cell [{cell.execution_count}] is skipped; every cell must at least run"
        if not (str(cell.metadata.get("reason", "")).strip() or REASON.search(cell.source)):
            yield f"cell [{cell.execution_count}] is marked {marks(cell)} without a reason in its metadata"
    if len(marked) > MARKED_SHARE * len(code_cells(notebook)):
        yield f"{len(marked)} of {len(code_cells(notebook))} cells are marked; at most {MARKED_SHARE:.0%}"


def describes_every_picture(notebook: NotebookNode) -> Iterator[str]:
    for cell in code_cells(notebook):
        for output in cell.outputs:
            for kind in {"image/png", "image/jpeg", "image/svg+xml"} & set(output.get("data", {})):
                if not output.metadata.get(kind, {}).get("alt", "").strip():
                    yield f"cell [{cell.execution_count}] shows a picture without alt text"
    for alt, source in re.findall(r"!\[([^\]]*)\]\(([^)]*)\)", prose(notebook)):
        if not alt.strip():
            yield f"the picture {source} in the text has no alt text"
        if re.match(r"(https?:)?//", source):
            yield f"the picture {source} is fetched from the network"


def has_the_usual_headings(notebook: NotebookNode) -> Iterator[str]:
    headings = re.findall(r"^(#+) +(.*)$", prose(notebook), re.MULTILINE)
    titles = [text for level, text in headings if level == "#"]
    first = notebook.cells[0] if notebook.cells else None
    if len(titles) != 1 or first is None or not first.source.startswith("# "):
        yield f"one title is needed, at the very top; found {titles}"
    for wanted in ("Try it", "Further research", "Sources"):
        if not any(wanted.lower() in text.lower() for level, text in headings if level != "#"):
            yield f"no heading with {wanted!r}"


def names_no_machine(notebook: NotebookNode) -> Iterator[str]:
    for cell in notebook.cells:
        texts = [cell.source]
        for output in cell.get("outputs", []):
            texts += [output.get("text", ""), *output.get("traceback", [])]
            texts += [str(value) for kind, value in output.get("data", {}).items() if "image" not in kind]
        for found in FORBIDDEN_TEXT.finditer("\n".join(texts)):
            yield f"names a machine path or package registry: {found.group()!r}"


RULES: tuple[Rule, ...] = (
    was_run_from_top_to_bottom,
    stores_no_error,
    stores_no_stderr,
    has_short_cells,
    folds_only_what_draws,
    prints_no_bare_boolean,
    lets_earlier_cells_run_again,
    has_a_gap_in_every_section,
    says_which_gaps_are_open,
    names_the_plain_kernel,
    stores_no_widget_state,
    marks_few_cells_and_says_why,
    describes_every_picture,
    has_the_usual_headings,
    names_no_machine,
)
