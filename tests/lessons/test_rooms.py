"""Lesson, room, exercises and tests belong together: whoever has found one finds the others."""

import ast
import importlib
import pkgutil
import re
from types import ModuleType

import nbformat
import pytest
from lesson_rules import code_cells
from places import NOTEBOOKS, ROOT

import stablegen_lib
from stablegen_lib import LESSONS

LIBRARY, TESTS = ROOT / "stablegen_lib", ROOT / "tests"
PAIRS = [(number, room) for number, rooms in LESSONS.items() for room in rooms]
OF_NO_LESSON = {"pair", "plumbing"}  # what others share
MOST_ENTRIES = 25  # that `ls stablegen_lib` shows
MOST_LINES = 251  # of a file


def rooms() -> set[str]:
    return {found.name for found in pkgutil.iter_modules(stablegen_lib.__path__)}


def imports(tree: ast.AST) -> set[str]:
    """The modules that are imported, and for `from package import name` also `package.name`."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def lesson(number: str) -> ast.Module:
    (path,) = NOTEBOOKS.glob(f"{number}_*.ipynb")
    cells = code_cells(nbformat.read(path, as_version=4))
    return ast.parse("\n".join(cell.source for cell in cells))


def test_every_notebook_is_in_the_table_and_the_other_way_round():
    assert [path.name[:2] for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))] == list(LESSONS)


def test_every_room_is_somewhere_in_the_table():
    assert {room for _, room in PAIRS} == rooms() - OF_NO_LESSON


@pytest.mark.parametrize(("number", "room"), PAIRS)
def test_a_room_says_which_lesson_it_belongs_to(number: str, room: str):
    text = importlib.import_module(f"stablegen_lib.{room}").__doc__ or ""
    assert re.search(rf"\blessons?\b[^.:]*\b{number}\b", text, re.IGNORECASE)


@pytest.mark.parametrize(("number", "room"), PAIRS)
def test_a_lesson_imports_the_room_it_is_about(number: str, room: str):
    assert f"stablegen_lib.{room}" in imports(lesson(number))


@pytest.mark.parametrize("number", LESSONS)
def test_a_lesson_has_exercises_and_they_are_tested(number: str):
    assert (LIBRARY / "course" / "exercises" / f"lesson_{number}.py").is_file()
    assert (TESTS / "lessons" / f"test_exercises_{number}.py").is_file()


@pytest.mark.parametrize("room", sorted(rooms()))
def test_a_room_has_tests_under_its_name(room: str):
    assert (TESTS / f"test_{room}.py").is_file() or list((TESTS / room).glob("**/test_*.py"))


@pytest.mark.parametrize("number", LESSONS)
def test_a_lesson_imports_rooms_and_nothing_deeper(number: str):
    deep = [
        node.module
        for node in ast.walk(lesson(number))
        if isinstance(node, ast.ImportFrom) and re.match(r"stablegen_\w+\.\w+\.", node.module or "")
    ]
    assert deep == []


def packages() -> list[ModuleType]:
    """Every package of the two, with the top one."""
    found = []
    for top in ("stablegen_lib", "stablegen_experiments"):
        found.append(importlib.import_module(top))
        for module in pkgutil.walk_packages(found[-1].__path__, f"{top}."):
            if module.ispkg:
                found.append(importlib.import_module(module.name))
    return found


@pytest.mark.parametrize("package", packages(), ids=lambda package: package.__name__)
def test_a_package_exports_what_exists_and_no_name_twice(package: ModuleType):
    exported = getattr(package, "__all__", [])
    assert [name for name in exported if not hasattr(package, name)] == []
    files = {module.name for module in pkgutil.iter_modules(package.__path__)}
    assert files & set(exported) == set(), "a file of that name hides behind the function"


def test_the_library_can_be_taken_in_at_a_glance():
    shown = [path.name for path in LIBRARY.iterdir() if path.name != "__pycache__"]
    assert len(shown) <= MOST_ENTRIES, sorted(shown)
    lines = {path: path.read_text(encoding="utf-8").count("\n") for path in LIBRARY.rglob("*.py")}
    assert {str(path): count for path, count in lines.items() if count > MOST_LINES} == {}


def test_a_room_names_all_its_files():
    for room in sorted(path.parent for path in (ROOT / "stablegen_lib").glob("*/__init__.py")):
        text = (room / "__init__.py").read_text(encoding="utf-8").partition('"""\n')[0]
        files = {path.name for path in room.glob("*.py")} - {"__init__.py"}
        missing = {name for name in files if f"`{name}`" not in text and f"`{name[:-3]}`" not in text}
        assert missing == set(), room.name
