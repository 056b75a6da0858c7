"""Weighs the web pages: `python web/weigh.py` (after `make site`; needs a browser).

Prints what Chromium loads when a page is opened with nothing kept from before, and after a live part was
asked for. The server compresses text, scripts and WebAssembly, as most hosts do; weights and pictures are
sent as they are.
"""

import gzip
import sys
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "helpers"))
import servers  # noqa: E402
import site_pages  # noqa: E402

PACKED = {".html", ".css", ".js", ".mjs", ".json", ".svg", ".wasm"}
KINDS = {
    "Document": "page",
    "Stylesheet": "styles",
    "Script": "scripts",
    "Image": "pictures",
    "Fetch": "data",
}
SCREEN = {"width": 1280, "height": 900}
QUIET = 700  # milliseconds after the last byte, in which a script could still ask for something
Sizes = dict[str, list[int]]


@cache
def _compressed(path: str) -> bytes:
    return gzip.compress(Path(path).read_bytes(), mtime=0)


class Compressing(SimpleHTTPRequestHandler):
    """Sends files as a host on the web does."""

    def do_GET(self) -> None:
        path = self.translate_path(self.path)
        if not Path(path).is_file() or Path(path).suffix not in PACKED:
            super().do_GET()
            return
        content = _compressed(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


def opened(page: Page) -> None:
    """What the page does by itself."""


def generator(name: str) -> Callable[[Page], None]:
    """Chooses another generator."""

    def choose(page: Page) -> None:
        page.get_by_label("generator").select_option(name)

    return choose


def grid(page: Page) -> None:
    page.get_by_label("show").select_option("16")
    page.wait_for_function("Boolean(document.querySelector('[data-live]').page.many)")


def networks(page: Page) -> None:
    page.get_by_role("button", name="Load the networks").click()
    page.get_by_text("finished").wait_for(timeout=300_000)


WEIGHED: list[tuple[str, str, Callable[[Page], None]]] = [
    ("first page", "index.html", opened),
    ("lesson 04", "notebooks/04_log_loss.html", opened),
    ("lesson 06", "notebooks/06_latent_exploration.html", opened),
    ("explorer", "explore.html", opened),
    ("… peeps chosen", "explore.html", generator("peeps")),
    ("… a grid", "explore.html", grid),
    ("duel", "duel.html", opened),
    ("prompter", "prompter.html", opened),
    ("… loaded, four faces drawn", "prompter.html", networks),
]


def weigh(browser: Browser, address: str, then: Callable[[Page], None]) -> Sizes:
    """Kind of file -> bytes over the wire, and bytes unpacked."""
    page = browser.new_context(viewport=SCREEN).new_page()  # type: ignore[arg-type]
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    kinds, sizes = dict[str, str](), defaultdict[str, list[int]](lambda: [0, 0])

    def add(place: int, told: dict[str, object], name: str) -> None:
        sizes[kinds[str(told["requestId"])]][place] += int(str(told[name]))

    network.on("Network.responseReceived", lambda told: kinds.update({told["requestId"]: told["type"]}))
    network.on("Network.loadingFinished", lambda told: add(0, told, "encodedDataLength"))
    network.on("Network.dataReceived", lambda told: add(1, told, "dataLength"))
    page.goto(address, wait_until="networkidle")
    if page.query_selector("[data-live]"):
        page.wait_for_selector("[data-live][data-ready]")
    then(page)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(QUIET)
    page.context.close()
    return {KINDS.get(kind, "data"): both for kind, both in sizes.items()}


def main() -> None:
    """Prints the table."""
    kinds = list(KINDS.values())
    print(f"| kB over the wire (unpacked) | {' | '.join(kinds)} | all |")
    print("|---" * (len(kinds) + 2) + "|")
    with site_pages.served(handler=Compressing) as address, sync_playwright() as run:
        browser = run.chromium.launch(executable_path=servers.chromium(), args=["--no-sandbox"])
        for title, name, then in WEIGHED:
            sizes = weigh(browser, f"{address}/{name}", then)
            rows = [sizes.get(kind, [0, 0]) for kind in kinds]
            rows.append([sum(column) for column in zip(*rows, strict=True)])
            cells = [f"{wire / 1000:,.0f} ({whole / 1000:,.0f})" for wire, whole in rows]
            print(f"| {title} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
