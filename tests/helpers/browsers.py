"""How the browser of tests and benchmarks is started: quiet, and asking nobody for updates."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import BrowserContext, Playwright, sync_playwright
from servers import chromium

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def started() -> Iterator[Playwright]:
    """A fixture for one file of tests, not for the whole run: while it lives, no other can be started in

    the process, and an event loop runs in it, so that `asyncio.run` fails in whatever test comes later.
    """
    with sync_playwright() as running:
        yield running


def profile(playwright: Playwright, folder: Path, *, width: int, height: int) -> BrowserContext:
    """A browser with a profile of its own in this folder: a clipboard, downloads, nothing remembered."""
    return playwright.chromium.launch_persistent_context(
        str(folder),
        executable_path=chromium(),
        headless=True,
        args=FLAGS,
        viewport={"width": width, "height": height},
        permissions=["clipboard-read", "clipboard-write"],
        accept_downloads=True,
    )
