"""A lesson of a few cells, with everything that the kit for a class looks at."""

import base64
import io
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

OPENING = """# 04 · The log-loss: what do the two networks argue about?

It is one number.

**You need first:** lesson 03.

**You will be able to:** compute it; distrust it.

**Running time:** about 10 seconds."""
SECTION = """## 1. The formula

A **logit** is a number. It may be negative. See [lesson 03](03_discriminator.ipynb).

$$p = 1/(1+e^{-l})$$

**Predict:** which of them is
larger?"""
AFTER = """The second one. It is larger. <b>So</b> remember it.

### Inside

* one
* two"""
GAP = 'def half(x):\n    return ...  # your line\n\n\nhalf = course.gap("04.a", half)'
SOLVED = """<details><summary>Solution</summary>

```python
def half(x):
    return x / 2
```

</details>

And the text goes on."""
STUB = 'loss = ...\ncourse.check("04.1", loss)'
ALONE = "<details><summary>Solution</summary>\n\nMinus the logarithm.\n\n</details>"


def png(width: int = 40, height: int = 10) -> str:
    target = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(target, format="png")
    return base64.b64encode(target.getvalue()).decode()


def small_lesson(folder: Path) -> Path:
    picture = new_output("display_data", {"image/png": png(), "text/plain": "'A red bar, \"wide\" & low.'"})
    printed = new_output("stream", name="stdout", text="0.5 < 0.7\n")
    warned = new_output("stream", name="stderr", text="a progress bar")
    widget = new_output(
        "execute_result",
        {"application/vnd.jupyter.widget-view+json": {}, "image/png": png(), "text/plain": "'a slider'"},
        execution_count=1,
    )
    cells: list[Any] = [
        new_markdown_cell(OPENING),
        new_code_cell("SEED = 0"),
        new_markdown_cell(SECTION),
        new_code_cell("print(p)", outputs=[warned, printed, picture]),
        new_markdown_cell(AFTER),
        new_code_cell("draw()", metadata={"jupyter": {"source_hidden": True}}, outputs=[widget]),
        new_markdown_cell("## Try it"),
        new_code_cell(GAP),
        new_markdown_cell(SOLVED),
        new_code_cell(STUB),
        new_markdown_cell(ALONE),
        new_markdown_cell("## Sources\n\nA book."),
    ]
    path = folder / "04_log_loss.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path
