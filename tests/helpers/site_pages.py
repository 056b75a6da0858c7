"""The built site: where it is (STABLEGEN_SITE names another place), its pages, and a server for it."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from places import ROOT

SITE = Path(os.environ.get("STABLEGEN_SITE") or ROOT / "build" / "site")
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path = SITE, handler: type[SimpleHTTPRequestHandler] = _Quiet) -> Iterator[str]:
    """The address of a server that ends with the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Page(HTMLParser):
    """What a page links to, what can be linked to in it, and its pictures.

    Attributes:
        links: Addresses in `href` and `src`.
        anchors: Names of places.
        undescribed: Addresses of pictures without alt text.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.undescribed: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self.anchors |= {value for name in ("id", "name") if (value := found.get(name))}
        self.links += [value for name in ("href", "src") if (value := found.get(name))]
        if tag == "img" and not found.get("alt"):
            self.undescribed.append(found.get("src") or "")
