"""A browser, and servers for it. On failure a screenshot is kept, and its place is printed."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import profile, started
from playwright.sync_api import BrowserContext, Page, Playwright
from servers import Server, demo, jupyterlab

SCREENSHOTS = Path(os.environ.get("STABLEGEN_SCREENSHOTS") or tempfile.gettempdir()) / "stablegen-screenshots"


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with jupyterlab(tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest.fixture(scope="session")
def voila(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with demo(tmp_path_factory.mktemp("demo")) as server:
        yield server


playwright = pytest.fixture(scope="module")(started)


@pytest.fixture
def context(playwright: Playwright, tmp_path: Path) -> Iterator[BrowserContext]:
    opened = profile(playwright, tmp_path / "browser", width=1400, height=1100)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    opened, errors, foreign = context.pages[0], [], []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("request", lambda asked: foreign.append(asked.url) if _is_foreign(asked.url) else None)
    yield opened
    if getattr(request.node, "failed", False):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        for number, shown in enumerate(context.pages):
            place = SCREENSHOTS / f"{request.node.name}-{number}.png"
            shown.screenshot(path=str(place))
            print(f"screenshot: {place}")
    assert not errors, errors
    assert not foreign, f"the page asked the network for {foreign}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call" and report.failed:
        item.failed = True
    return report


def _is_foreign(url: str) -> bool:
    return url.startswith("http") and "://127.0.0.1:" not in url
