"""Waits ten minutes for something that never comes. test_interrupted.py stops it earlier, each time otherwise."""

from playwright.sync_api import Page
from servers import Server


def test_a_page_that_never_says_it(lab: Server, voila: Server, page: Page) -> None:
    page.goto(voila.address("voila/render/timeline.ipynb"))
    page.locator("canvas.stablegen-picture").first.wait_for(timeout=600_000)
    print("\nwaiting", flush=True)
    page.get_by_text("what nobody writes").wait_for(timeout=600_000)
