"""Servers that the browser tests talk to, each with a HOME of its own: JupyterLab and the demo."""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
from places import HELPERS, ROOT

PATIENCE = 180  # seconds for things that take two on an idle machine; other tests may keep every core busy


@dataclass(frozen=True)
class Server:
    """A running server, and where it writes what it has to say."""

    url: str
    token: str
    folder: Path
    guard: subprocess.Popen[bytes]

    @property
    def process(self) -> psutil.Process:
        """The server itself; its children are kernels."""
        (started,) = psutil.Process(self.guard.pid).children()
        return started

    def address(self, path: str = "") -> str:
        return f"{self.url}/{path}{'&' if '?' in path else '?'}token={self.token}"

    def status(self, path: str, *, token: bool) -> int:
        """The HTTP status of a request, redirections not followed."""
        request = self.address(path) if token else f"{self.url}/{path}"
        try:
            with urllib.request.build_opener(_StayHere).open(request, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def json(self, path: str) -> object:
        with urllib.request.urlopen(self.address(path), timeout=30) as answer:
            return json.load(answer)


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def chromium() -> str:
    """The browser to drive: STABLEGEN_CHROMIUM, or the first Chromium, Chrome or Edge there is."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
    mac = "/Applications/{0}.app/Contents/MacOS/{0}"
    named = os.environ.get("STABLEGEN_CHROMIUM")
    places = (
        [named]
        if named
        else [*map(shutil.which, names), *(mac.format(n) for n in ("Chromium", "Google Chrome"))]
    )
    for place in places:
        if place and Path(place).is_file():
            return place
    raise RuntimeError(
        f"no browser: {named or 'Chromium, Chrome and Edge'} was not found. Install one (Debian, Ubuntu: "
        "apt-get install chromium), name it with STABLEGEN_CHROMIUM, or leave the browser tests out: "
        'make test PYTEST_ARGS="--ignore=tests/browser".'
    )


def write_notebook(path: Path, *cells: str) -> None:
    """A notebook with these code cells."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells], metadata={"kernelspec": kernel}
    )
    nbformat.write(made, path)


@contextmanager
def jupyterlab(folder: Path) -> Iterator[Server]:
    """JupyterLab as `make course` starts it, on a copy of the notebooks: it saves what it opens."""
    work = folder / "work"
    shutil.copytree(ROOT / "notebooks", work, ignore=shutil.ignore_patterns(".ipynb_checkpoints", "my_*"))
    port, token = _free_port(), secrets.token_hex(16)
    command = [sys.executable, "-m", "jupyterlab", f"--config={ROOT / 'tools' / 'jupyter_lab_config.py'}"]
    command += [
        "--no-browser",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={token}",
    ]
    command += [f"--ServerApp.root_dir={work}", "--LabApp.default_url=/lab"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    with _running(command, folder, _own_home(folder)) as process:
        server = Server(f"http://127.0.0.1:{port}", token, work, process)
        _wait_for(server, "api/status")
        yield server


@contextmanager
def demo(folder: Path, *more: str) -> Iterator[Server]:
    """What `make demo` starts, with the token that it prints."""
    port = _free_port()
    command = [sys.executable, str(ROOT / "tools" / "demo.py"), "--no-browser", f"--port={port}", *more]
    with _running(command, folder, _own_home(folder)) as process:
        server = Server(f"http://127.0.0.1:{port}", _printed_token(folder, process), folder, process)
        _wait_for(server, "")
        yield server


def log(folder: Path) -> str:
    return (folder / "server.log").read_text(encoding="utf-8", errors="replace")


@contextmanager
def _running(
    command: list[str], folder: Path, environment: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """The command under a guard, which ends it and its kernels when we close the pipe, or die."""
    guarded = [sys.executable, str(HELPERS / "guard.py"), *command]
    with open(folder / "server.log", "w") as output:
        guard = subprocess.Popen(
            guarded,
            env=environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C in the terminal reaches the tests only
        )
        try:
            yield guard
        finally:
            assert guard.stdin is not None
            guard.stdin.close()
            guard.wait(PATIENCE)


def _own_home(folder: Path) -> dict[str, str]:
    home = folder / "home"
    home.mkdir()
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "PYTEST", "XDG"))
    }
    return kept | {
        "HOME": str(home),
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "STABLEGEN_PROGRESS": str(folder / "progress"),
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": "1",
    }


def _printed_token(folder: Path, process: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if found := re.search(r"token=([0-9a-f]{20,})", log(folder)):
            return found[1]
        time.sleep(0.2)
    raise RuntimeError(f"the demo printed no token:\n{log(folder)}")


def _wait_for(server: Server, path: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.guard.poll() is None:
        try:
            if server.status(path, token=True) == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"{server.url} did not start:\n{log(server.folder.parent)}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
