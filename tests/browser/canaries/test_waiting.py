"""Waits ten minutes for something that never comes. test_interrupted.py stops it earlier, in several ways."""

import os
from pathlib import Path

from playwright.sync_api import Page
from servers import Server


def test_a_page_that_never_says_it(lab: Server, voila: Server, page: Page) -> None:
    page.goto(voila.address("voila/render/timeline.ipynb"), timeout=600_000)
    page.locator("canvas.stablegen-picture").first.wait_for(timeout=600_000)
    Path(os.environ["STABLEGEN_AWAITED"]).touch()
    page.get_by_text("what nobody writes").wait_for(timeout=600_000)
