"""A browser on the built site. `make site` builds it first."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import profile, started
from playwright.sync_api import BrowserContext, Page, Playwright
from site_pages import SITE, served


@pytest.fixture(scope="session", autouse=True)
def is_built() -> None:
    assert SITE.joinpath("index.html").is_file(), "there is no site to test: run 'make site' first"


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with served() as where:
        yield where


playwright = pytest.fixture(scope="module")(started)


@pytest.fixture(scope="module")
def context(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    folder = tmp_path_factory.mktemp("browser") / "profile"
    opened = profile(playwright, folder, width=1200, height=900)
    opened.set_default_timeout(120_000)
    yield opened
    opened.close()


class Watched:
    """A page, what it complained about, and what it asked other hosts for."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("request", lambda asked: self._asked(asked.url))

    def open(self, name: str) -> Page:
        self.page.goto(f"{self.address}/{name}", wait_until="load")
        return self.page

    def _asked(self, url: str) -> None:
        if url.startswith("http") and not url.startswith(self.address):
            self.foreign.append(url)


@pytest.fixture
def watched(context: BrowserContext, address: str) -> Iterator[Watched]:
    page = context.new_page()
    yield Watched(page, address)
    page.close()


@pytest.fixture(scope="session")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what Python computes and JavaScript reads."""
    return tmp_path_factory.mktemp("expected")
