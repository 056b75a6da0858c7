"""Photographs the web pages: ``python web/screenshots.py`` (after `make site`; needs a browser).

Writes docs/site.png, all of them side by side.
"""

import io
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "helpers"))
import servers  # noqa: E402
import site_pages  # noqa: E402

HEIGHT = 480  # pixels of a picture in the row
GAP = 16
LIVE = "document.querySelector('[data-live]')"


def nothing(page: Page) -> None:
    pass


def grid(page: Page) -> None:
    page.get_by_label("generator").select_option("portraits")
    page.wait_for_function(
        "document.querySelector('[data-live]').page.scene.name === 'portraits'", timeout=60_000
    )
    page.get_by_label("show").select_option("16")
    page.get_by_label("direction 1").press("End")
    page.wait_for_function(f"Boolean({LIVE}.page.many)")
    page.wait_for_timeout(1500)


def first_picture(page: Page) -> None:
    page.evaluate("document.documentElement.style.scrollBehavior = 'auto'")
    page.locator("article img").first.evaluate("node => node.scrollIntoView({block: 'center'})")
    page.wait_for_timeout(1500)  # it is loaded when it is near


def play(page: Page) -> None:
    page.get_by_role("button", name="play").click()
    page.wait_for_function(f"{LIVE}.page.game.round > 150", timeout=300_000)
    page.get_by_role("button", name="pause").click()


def draw(page: Page) -> None:
    page.get_by_role("button", name="Load the networks").click()
    page.get_by_text("finished").wait_for(timeout=300_000)


SHOTS: dict[str, tuple[str, int, int, str, Callable[[Page], None]]] = {
    # name: page, width, height, theme, what is done first
    "landing": ("index.html", 1000, 1000, "light", nothing),
    "phone": ("notebooks/04_log_loss.html", 360, 740, "light", first_picture),
    "explore": ("explore.html", 360, 740, "dark", grid),
    "duel": ("duel.html", 1000, 1000, "light", play),
    "prompter": ("prompter.html", 1000, 800, "dark", draw),
}


def main() -> None:
    """Takes them all."""
    row = []
    with site_pages.served() as address, sync_playwright() as run:
        browser = run.chromium.launch(executable_path=servers.chromium(), args=["--no-sandbox"])
        for name, (place, width, height, theme, prepare) in SHOTS.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.add_init_script(f"localStorage.setItem('theme', '{theme}')")
            page.goto(f"{address}/{place}")
            if page.query_selector("[data-live]"):
                page.wait_for_selector("[data-live][data-ready]")
                page.wait_for_timeout(1000)
            prepare(page)
            page.add_style_tag(content=".back-to-top { display: none !important }")  # it covers the faces
            if name == "explore":
                page.evaluate("document.activeElement.blur()")
                page.evaluate(f"scrollTo({{top: {LIVE}.offsetTop - 70, behavior: 'instant'}})")
                page.wait_for_timeout(2500)  # until the hint of the theme has gone
            shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            row.append(shot.resize((shot.width * HEIGHT // shot.height, HEIGHT), Image.Resampling.LANCZOS))
    width = sum(shot.width for shot in row) + GAP * (len(row) - 1)
    whole, left = Image.new("RGB", (width, HEIGHT), "white"), 0
    for shot in row:
        whole.paste(shot, (left, 0))
        left += shot.width + GAP
    whole.quantize(128).save(ROOT / "docs" / "site.png", optimize=True)


if __name__ == "__main__":
    main()
