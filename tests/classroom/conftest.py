"""The kit, built once from the stored lessons, and a browser that opens its files by double click."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import FLAGS, started
from playwright.sync_api import Browser, Page, Playwright
from servers import chromium

from stablegen_class import build, vendored
from stablegen_class.vendored import MissingPackages


@pytest.fixture(scope="session")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `make class` makes."""
    folder = tmp_path_factory.mktemp("kit") / "class"
    try:
        vendored.vendor(folder)
    except MissingPackages as error:
        pytest.skip(str(error))
    build.build(folder)
    return folder


playwright = pytest.fixture(scope="module")(started)


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    opened = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    yield opened
    opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that may neither complain nor ask for anything but files."""
    opened, errors, foreign = browser.new_page(viewport={"width": 1280, "height": 720}), [], []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    opened.on("request", lambda asked: foreign.append(asked.url) if not _is_local(asked.url) else None)
    yield opened
    opened.close()
    assert not errors, errors
    assert not foreign, f"the page asked the network for {foreign}"


def _is_local(url: str) -> bool:
    return url.startswith(("file:", "data:", "blob:"))
