"""What a visitor does on a page, and what can be seen there."""

import base64
import io
import time
from collections.abc import Callable

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page
from servers import PATIENCE, Server

PICTURE = "canvas.stablegen-picture"
PROMPTS = """() => [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')]
    .filter(cell => cell.querySelector('.jp-InputArea .cm-content')?.innerText.trim())
    .map(cell => cell.querySelector('.jp-InputPrompt').innerText)"""
PIXELS = "canvas => canvas.toDataURL('image/png')"


def until(true: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Waits for something; the time limit is for a machine that is very busy."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.05)


def run_notebook(page: Page, lab: Server, name: str) -> None:
    """Opens a notebook in JupyterLab and runs all its cells."""
    page.goto(lab.address(f"lab/tree/{name}?reset"))
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=1000 * PATIENCE)
    until(lambda: _kernel(lab, name) == "idle", f"the kernel of {name} starts")
    for _ in range(5):  # JupyterLab drops the command silently while it connects
        page.locator(".jp-Notebook .jp-Cell").first.click()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.wait_for_timeout(1500)
        if any(mark in prompt for prompt in page.evaluate(PROMPTS) for mark in "*0123456789"):
            break
    until(lambda: _finished(page, lab, name), f"all cells of {name} are done", 5 * PATIENCE)
    bad = page.locator(
        '[data-mime-type="application/vnd.jupyter.error"], [data-mime-type="application/vnd.jupyter.stderr"]'
    )
    assert bad.count() == 0, bad.all_inner_texts()


def run_cell(page: Page, lab: Server, name: str, number: int) -> str:
    """Runs one cell, counted from 0, and returns its text output."""
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(number)
    before = cell.locator(".jp-InputPrompt").inner_text()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    until(lambda: cell.locator(".jp-InputPrompt").inner_text() not in (before, "[*]:"), f"cell {number} runs")
    return cell.locator(".jp-OutputArea").inner_text()


def picture(page: Page, number: int = 0) -> Locator:
    found = page.locator(PICTURE).nth(number)
    until(lambda: found.count() and found.get_attribute("data-number"), "the picture is on the page")
    return found


def picture_beside(knob: Locator) -> Locator:
    """The picture of the widget that this slider belongs to."""
    widget = knob.locator(f"xpath=ancestor::*[.//canvas[contains(@class, '{PICTURE.split('.')[1]}')]][1]")
    found = widget.locator(PICTURE).first
    until(lambda: found.count() and found.get_attribute("data-number"), "the picture is on the page")
    return found


def number_of(image: Locator) -> int:
    """Which frame is on the screen, counted from 1."""
    return int(image.get_attribute("data-number") or 0)


def pixels(image: Locator) -> np.ndarray:
    """What the browser shows, pixel by pixel, before enlarging."""
    url = image.evaluate(PIXELS)
    return decoded(base64.b64decode(url.split(",")[1]))


def decoded(png: bytes) -> np.ndarray:
    return np.array(Image.open(io.BytesIO(png)).convert("RGB"))


def settled(image: Locator) -> np.ndarray:
    """The pixels, once no new frame has come for half a second."""
    last, since = number_of(image), time.monotonic()
    end = since + PATIENCE
    while time.monotonic() - since < 0.5:
        assert time.monotonic() < end, "new frames keep coming: the picture never settles"
        if number_of(image) != last:
            last, since = number_of(image), time.monotonic()
        time.sleep(0.05)
    return pixels(image)


def handle(page: Page, label: str) -> Locator:
    """The handle of a slider, found by the name that a screen reader says."""
    found = page.get_by_role("slider", name=label, exact=True)
    found.first.wait_for(timeout=1000 * PATIENCE)
    return found.first


def drag(page: Page, knob: Locator, across: int, events: int = 12) -> None:
    """Drags a slider's handle by so many pixels."""
    knob.focus()  # scrolls it into view, which JupyterLab's windowed notebook needs
    box = knob.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + across, y, steps=events)
    page.mouse.up()


def readout(knob: Locator) -> str:
    """The number beside a slider."""
    row = knob.locator("xpath=ancestor::*[contains(concat(' ', @class, ' '), ' widget-slider ')][1]")
    return row.locator(".widget-readout").inner_text()


def press(page: Page, label: str) -> None:
    """Clicks the button with this text."""
    page.locator(".stablegen-panel button", has_text=label).first.click()


def _kernel(lab: Server, name: str) -> str:
    sessions = [session for session in lab.json("api/sessions") if session["path"] == name]  # type: ignore[attr-defined]
    return (
        sessions[0]["kernel"]["execution_state"] if sessions and sessions[0]["kernel"]["connections"] else ""
    )


def _finished(page: Page, lab: Server, name: str) -> bool:
    return _kernel(lab, name) == "idle" and all(
        prompt.strip("[]: \u00a0\n").isdigit() for prompt in page.evaluate(PROMPTS)
    )
