"""Is everything there that the lessons need? One line per item, with a fix beside each ✗."""

import hashlib
import importlib
import importlib.metadata
import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from stablegen_lib.plumbing import shipped

ROOT = Path(__file__).resolve().parents[2]
INSTALL = "run `make course` in the project's folder (conda: `conda env update -f environment.yml`)"
RESTORE = "restore it with `git checkout -- data` in the project's folder"
PYTHON = "3.11"
MEMORY = 2.0  # GB that should be free
DATA_SETS = ("faces", "digits", "peeps", "portraits", "flags")
PAGES = ("jupyterlab", "voila")  # where the library alone is installed, another program shows the page


@dataclass(frozen=True)
class Item:
    """One line: what was looked at, whether it is fine, and what to do if not."""

    ok: bool
    text: str
    fix: str = ""

    def __str__(self) -> str:
        return f"✓ {self.text}" if self.ok else f"✗ {self.text}: {self.fix}"


@dataclass(frozen=True, repr=False)
class Environment:
    """All items together."""

    items: tuple[Item, ...]

    @property
    def ok(self) -> bool:
        """True when nothing is left to fix."""
        return all(item.ok for item in self.items)

    def __repr__(self) -> str:
        broken = sum(not item.ok for item in self.items)
        return f"Environment({'ready' if not broken else f'{broken} to fix'})"


def check_environment() -> Environment:
    """Prints one line for each thing the lessons need: ✓, or ✗ with a fix. Never raises for them.

    Returns:
        The same as an object; `.ok` is True when nothing is left to fix.
    """
    found = Environment((*_programs(), *_files(), *_machine()))
    for item in found.items:
        print(item)
    return found


def _programs() -> list[Item]:
    version = platform.python_version()
    fine = _release(version) >= _release(PYTHON)
    items = [
        Item(fine, f"Python {version}", f"version {PYTHON} or newer is needed; install it, then {INSTALL}")
    ]
    if _away():
        return items + [_package(name, least) for name, least in _requirements_of_the_wheel()]
    items += [_package(name, least) for name, least in _requirements(ROOT / "pyproject.toml")]
    items.append(_package("jupyterlab_widgets", "3.0"))  # without it JupyterLab shows no sliders
    return items


def _away() -> bool:
    """The library was installed without its repository."""
    return not (ROOT / "notebooks").is_dir() and not (ROOT / "data").is_dir()


def _requirements(pyproject: Path) -> list[tuple[str, str]]:
    """The packages the course needs with their least versions, as pyproject.toml names them."""
    try:
        import tomllib  # new in Python 3.11, and older ones shall get as far as their own ✗

        with pyproject.open("rb") as file:
            lines = tomllib.load(file)["project"]["dependencies"]
    except (ImportError, OSError, KeyError, ValueError):
        return [("torch", "2.10")]  # damaged: _files says so
    return _ranges(lines)


def _requirements_of_the_wheel() -> list[tuple[str, str]]:
    try:
        lines = importlib.metadata.requires("stablegen") or []
    except importlib.metadata.PackageNotFoundError:
        return [("torch", "2.10")]
    needed = _ranges([line for line in lines if "extra ==" not in line])
    return [(name, least) for name, least in needed if name not in PAGES]


def _ranges(lines: list[str]) -> list[tuple[str, str]]:
    matches = [re.match(r"([\w-]+)\s*>=\s*([\d.]+)", line) for line in lines]
    return [(match[1], match[2]) for match in matches if match]


def _package(name: str, least: str) -> Item:
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return Item(False, f"{name} is not installed", INSTALL)
    fine = _release(version) >= _release(least)
    return Item(fine, f"{name} {version}", f"version {least} or newer is needed; {INSTALL}")


def _release(version: str) -> tuple[int, ...]:
    """The numbers that a version starts with: "2.13.0+cpu" is (2, 13, 0)."""
    match = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in match[0].split(".")) if match else ()


def _files() -> list[Item]:
    if _away() and shipped.FOLDER.is_dir():
        return [*map(_data_set, sorted(path.parent for path in shipped.FOLDER.glob("*/attributes.csv")))]
    if _away():
        fix = "clone the repository and run `make course` in it"
        return [Item(False, "the library is not used from its repository, so there is no data", fix)]
    weights = sorted((ROOT / "data" / "weights").glob("*.safetensors"))
    text = f"trained weights ({len(weights)})" if weights else "trained weights are missing from data/weights"
    return [*[_data_set(ROOT / "data" / name) for name in DATA_SETS], Item(bool(weights), text, RESTORE)]


def _data_set(folder: Path) -> Item:
    """Compares the files with the checksums in SHA256SUMS, whose lines are "checksum  name"."""
    name = f"data/{folder.name}"
    try:
        lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").split("\n")
        sums = [line.split(maxsplit=1) for line in lines if line.strip()]
        changed = [file for right, file in sums if _sha256(folder / file) != right]
    except OSError as error:
        return Item(False, f"{name}: {Path(error.filename or folder).name} is missing or unreadable", RESTORE)
    except ValueError:
        return Item(False, f"{name}: SHA256SUMS is damaged", RESTORE)
    if changed or not sums:
        return Item(False, f"{name}: {', '.join(changed) or 'SHA256SUMS'} is not as it was shipped", RESTORE)
    return Item(True, f"{name}, checksums agree")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _machine() -> list[Item]:
    items = [Item(True, f"{_cores()} processor cores")]
    free = _free_memory()
    if free is not None:
        text, fix = f"{free:.1f} GB of memory free", f"about {MEMORY:.0f} GB are needed; close other programs"
        items.append(Item(free >= MEMORY, text, fix))
    try:
        devices = importlib.import_module("stablegen_lib.plumbing.devices")
        return [*items, _device(devices)]
    except Exception as error:  # a damaged installation fails in many ways
        return [*items, Item(False, f"torch does not start ({type(error).__name__}: {error})", INSTALL)]


def _device(devices: ModuleType) -> Item:
    fastest = devices.fastest_device().type
    try:
        device = devices.choose_device().type
    except ValueError as error:
        return Item(False, str(error).rstrip("."), "choose one that is there, or leave it out for the CPU")
    hint = "" if device == fastest else f" ({fastest.upper()} is there too: {devices.CHOICE}={fastest})"
    return Item(True, f"device: {device.upper()}{hint}")


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _free_memory() -> float | None:
    """In GB; None where it is not cheaply known. psutil comes with Jupyter's kernel."""
    try:
        return float(importlib.import_module("psutil").virtual_memory().available) / 1e9
    except (ImportError, OSError, AttributeError):
        return None
