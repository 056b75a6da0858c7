"""Who may do what on `make demo`: everything needs the token, also what a browser never shows."""

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import voila
import websocket
from servers import PATIENCE, ROOT, Server, demo

WRONG = "0" * 48
IDLE = 3  # seconds; ten minutes in earnest


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    quick = (f"--MappingKernelManager.cull_idle_timeout={IDLE}", "--MappingKernelManager.cull_interval=1")
    with demo(tmp_path_factory.mktemp("access"), *quick) as started:
        yield started


@pytest.fixture
def channel(server: Server) -> Iterator[str]:
    """Where a page talks to its kernel. A connection with the token keeps the kernel from being culled."""
    with urllib.request.urlopen(server.address("voila/render/timeline.ipynb"), timeout=PATIENCE) as page:
        kernel = re.search(r'"kernelId": "([0-9a-f-]{36})"', page.read().decode())
    assert kernel
    path = f"api/kernels/{kernel[1]}/channels"
    connection = websocket.create_connection(socket_address(server, path, server.token), timeout=PATIENCE)
    yield path
    connection.close()


def socket_address(server: Server, path: str, token: str | None = None) -> str:
    address = f"{server.url}/{path}".replace("http:", "ws:", 1)
    return address if token is None else f"{address}?token={token}"


def status(server: Server, path: str, method: str = "GET", token: str | None = None) -> int:
    address = f"{server.url}/{path}" if token is None else f"{server.url}/{path}?token={token}"
    try:
        with urllib.request.urlopen(urllib.request.Request(address, method=method), timeout=30) as answer:
            return int(answer.status) if "login" not in answer.url else 403  # it was sent to the login page
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize("token", [None, WRONG, ""], ids=["no token", "wrong token", "empty token"])
def test_pages_need_the_right_token(server: Server, token: str | None) -> None:
    for path in ("", "voila/tree", "voila/render/explorer.ipynb"):
        assert status(server, path, token=token) == 403, path
    assert status(server, "", token=server.token) == 200


@pytest.mark.parametrize("token", [None, WRONG, ""], ids=["no token", "wrong token", "empty token"])
def test_a_stranger_cannot_talk_to_a_kernel(server: Server, channel: str, token: str | None) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        websocket.create_connection(socket_address(server, channel, token), timeout=30)
    assert refused.value.status_code == 403


def test_another_web_site_cannot_talk_to_a_kernel(server: Server, channel: str) -> None:
    """A page elsewhere sends no token, but the browser would send the cookie of the login along."""
    login = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with login.open(server.address("voila/tree"), timeout=30) as page:
        cookie = "; ".join(value.partition(";")[0] for value in page.headers.get_all("Set-Cookie"))
    address = socket_address(server, channel)
    websocket.create_connection(address, cookie=cookie, origin=server.url, timeout=30).close()
    with pytest.raises(websocket.WebSocketBadStatusException):
        websocket.create_connection(address, cookie=cookie, origin="http://example.org", timeout=30)


def test_a_stranger_cannot_stop_a_kernel(server: Server, channel: str) -> None:
    kernel = channel.removesuffix("/channels")
    stop = "voila/api/shutdown/" + kernel.rpartition("/")[2]
    for token in (None, WRONG):
        assert status(server, kernel, "DELETE", token) == 403
        assert status(server, stop, "POST", token) == 403
    assert status(server, kernel, token=server.token) == 200, "still there"
    assert status(server, stop, "POST", server.token) == 204
    assert status(server, kernel, token=server.token) == 404


@pytest.mark.parametrize("up", ["..", "%2e%2e", "..%2fdemo%2f..", "x/../.."])
def test_other_notebooks_and_files_are_not_served_even_with_the_token(server: Server, up: str) -> None:
    for path in ("notebooks/00_start_here.ipynb", "tools/demo.py", "README.md"):
        assert (ROOT / "demo" / ".." / path).is_file()
        for door in ("voila/render", "voila/files"):
            assert status(server, f"{door}/{up}/{path}", token=server.token) in (400, 403, 404), (door, path)
    assert (Path(voila.__file__).parent / "static" / ".." / "app.py").is_file()
    assert status(server, f"voila/static/{up}/app.py", token=server.token) in (403, 404)


def test_a_kernel_whose_page_is_gone_is_stopped_after_a_while(server: Server) -> None:
    with urllib.request.urlopen(server.address("voila/render/timeline.ipynb"), timeout=PATIENCE) as page:
        page.read()
    end = time.monotonic() + PATIENCE
    while server.process.children():
        assert time.monotonic() < end, "kernels without a page stay for ever"
        time.sleep(0.2)


def asked(server: Server, path: str, **headers: str) -> tuple[int, str]:
    """Status and text of a request with the token and headers of one's own, redirections not followed."""
    address = urllib.request.Request(server.address(path), headers=headers)
    try:
        with urllib.request.build_opener(StayHere).open(address, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


class StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


STRANGE = ("evil.example.org", "evil.example.org:80", "192.0.2.7", "127.0.0.1.example.org")


def test_a_name_that_somebody_else_gave_this_computer_is_refused(server: Server, channel: str) -> None:
    """A page elsewhere may have its own name lead here, and its script would then count as ours."""
    for host in STRANGE:
        for path in ("", "voila/tree", "voila/render/timeline.ipynb", channel.removesuffix("/channels")):
            assert asked(server, path, Host=host)[0] == 403, (host, path)
        with pytest.raises(websocket.WebSocketBadStatusException):
            websocket.create_connection(socket_address(server, channel, server.token), host=host, timeout=30)
    port = server.url.rpartition(":")[2]
    for own in ("localhost", "127.0.0.1", f"[::1]:{port}", f"localhost:{port}"):
        assert asked(server, "", Host=own)[0] == 200, own


def test_logging_out_leads_back_to_the_door(server: Server) -> None:
    assert asked(server, "logout")[0] == 302
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(), StayHere)
    browser.open(server.address("voila/tree"), timeout=30).close()
    browser.open(f"{server.url}/voila/tree", timeout=30).close()  # by its cookie
    for path, status_code in (("logout", 302), ("voila/tree", 302)):
        with pytest.raises(urllib.error.HTTPError) as sent_away:
            browser.open(f"{server.url}/{path}", timeout=30)
        sent_away.value.close()
        assert sent_away.value.code == status_code


@pytest.mark.parametrize("argument", ["--token=", "--Voila.auto_token=False"])
def test_without_a_token_it_does_not_start(tmp_path: Path, argument: str) -> None:
    command = [sys.executable, str(ROOT / "tools" / "demo.py"), "--no-browser", "--port=0", argument]
    ended = subprocess.run(
        command, env=os.environ | {"HOME": str(tmp_path)}, capture_output=True, text=True, timeout=PATIENCE
    )
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith("StableGen: the demo needs a token")
