"""Photographs the widgets for the README: ``python tools/screenshots.py`` (needs a browser).

Opens each demonstration of `make demo` in Chromium, brings it into an interesting state, and
writes docs/explorer.png, docs/duel.png and docs/timeline.png.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "helpers"))
import hands  # noqa: E402
import servers  # noqa: E402


def explorer(page: Page) -> None:
    page.get_by_role("combobox", name="show").select_option("a grid of 16")
    for menu, number in (("hair colour", 4), ("skin", 5), ("background", 2)):
        page.get_by_role("combobox", name=menu).select_option(index=number)
        hands.settled(hands.picture(page))
    for _ in range(2):
        hands.press(page, "keep")
        hands.drag(page, hands.handle(page, "direction 2"), 20)
        hands.settled(hands.picture(page))
    hands.press(page, "keep")
    page.locator(".stablegen-scroll").evaluate("column => { column.scrollTop = 0; }")


def duel(page: Page) -> None:
    hands.press(page, "play")
    hands.until(lambda: hands.number_of(hands.picture(page)) > 90, "it plays a while")
    hands.press(page, "pause")


def timeline(page: Page) -> None:
    hands.drag(page, hands.handle(page, "step"), -130)


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        servers.demo(Path(folder)) as demo,
        sync_playwright() as run,
    ):
        browser = run.chromium.launch(executable_path=servers.chromium(), args=["--no-sandbox"])
        for prepare, height in ((explorer, 1090), (duel, 1180), (timeline, 640)):
            page = browser.new_page(viewport={"width": 1280, "height": height})
            address = demo.address(f"voila/render/{prepare.__name__}.ipynb")
            page.goto(address, timeout=servers.PATIENCE * 1000)
            hands.picture(page)
            prepare(page)
            hands.settled(hands.picture(page))
            page.mouse.move(0, 0)
            page.screenshot(path=str(ROOT / "docs" / f"{prepare.__name__}.png"))
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
