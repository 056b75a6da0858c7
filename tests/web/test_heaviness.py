"""No page is heavier than it needs to be, as `web/weigh.py` measures it in Chromium."""

import sys

import pytest
from browsers import FLAGS
from places import ROOT
from servers import chromium
from site_pages import PAGES, served

sys.path.insert(0, str(ROOT / "web"))
import weigh

LESSONS = [name for name in PAGES if name.startswith("notebooks/")]
# Of pictures: those that are shown and larger than the place that they take, also on a screen twice as fine.
TOO_LARGE = """() => [...document.images]
  .filter((image) => image.complete && image.clientWidth)
  .filter((image) => getComputedStyle(image).imageRendering !== "pixelated")
  .filter((image) => image.naturalWidth > 2.1 * image.clientWidth)
  .map((image) => `${image.currentSrc}: ${image.naturalWidth} for ${image.clientWidth}`)"""
MOST = {"index.html": 2_600, "explore.html": 2_400, "duel.html": 150, "prompter.html": 100}  # kB


@pytest.fixture(scope="module")
def browser(playwright):
    opened = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def compressing():
    with served(handler=weigh.Compressing) as address:
        yield address


@pytest.mark.parametrize(("name", "most"), MOST.items())
def test_a_live_page_loads_its_weights_and_little_else(browser, compressing, name, most):
    sizes = weigh.weigh(browser, f"{compressing}/{name}", weigh.opened)
    wire = {kind: transferred for kind, (transferred, _) in sizes.items()}
    print(f"{name}: {sum(wire.values()):,} bytes, {wire}")
    assert sum(wire.values()) < 1000 * most


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_opens_with_less_than_a_photograph(browser, compressing, name):
    sizes = weigh.weigh(browser, f"{compressing}/{name}", weigh.opened)
    whole = sum(transferred for transferred, _ in sizes.values())
    print(f"{name}: {whole:,} bytes")
    assert whole < 350_000


@pytest.mark.parametrize("name", ["index.html", "notebooks/05_training_loop.html"])
def test_pictures_are_stored_in_the_size_that_they_are_shown(watched, name):
    page = watched.open(name)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.images.length") > 0
    assert page.evaluate(TOO_LARGE) == []
