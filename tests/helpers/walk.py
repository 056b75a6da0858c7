"""Walks the public API with hostile arguments: a right result, or a sentence of ours, and nothing else.

    python tests/helpers/walk.py             every try that failed, and the counts
    python tests/helpers/walk.py latent.     only the names that begin so

It runs without the checks of shapes that the tests switch on: as in a reader's notebook.
"""

import argparse
import contextlib
import fnmatch
import importlib
import inspect
import io
import itertools
import json
import linecache
import math
import os
import time
import traceback
import typing
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from walk_calls import CALLS, ELSEWHERE, RECORDS
from walk_exceptions import EXCEPTIONS
from walk_mutations import EQUAL, REFUSED, Argument, Mutation, is_union, mutations
from walk_parts import a_file

import stablegen_lib
from stablegen_lib.plumbing.devices import Network

HERE = str(Path(__file__).parent / "walk_")
LIBRARY = str(Path(stablegen_lib.__file__).parent)
NETWORK = Network.__call__  # `forward` stands for it: a row of that name goes in by it
ROOMS = [*dict.fromkeys(room for rooms in stablegen_lib.LESSONS.values() for room in rooms)]
MODULES = (*ROOMS, "words.captions", "words.prompts", "words.byte_pairs", "words.vocabulary",
           "latent_diffusion.editing")  # fmt: skip


@dataclass(frozen=True)
class Try:
    where: str
    mutation: str
    verdict: str
    """"own words", "right", "raw", "wrong", or "excused" by `walk_exceptions.py`."""
    what: str


def public() -> dict[str, Callable[..., Any]]:
    """Every public function, constructor and method by its name: "latent.draw", "vae.VAE.sample"."""
    found: dict[str, Callable[..., Any]] = {}
    for room in MODULES:
        module = importlib.import_module(f"stablegen_lib.{room}")
        for name in getattr(module, "__all__", None) or _own(module):
            thing = getattr(module, name)
            if inspect.isclass(thing):
                found |= _of_class(f"{room}.{name}", thing)
            elif inspect.isroutine(thing):
                found[f"{room}.{name}"] = thing
    return {
        name: target for name, target in found.items() if name not in ELSEWHERE and _has_arguments(target)
    }


def _has_arguments(target: Callable[..., Any]) -> bool:
    """A method is still without its object here, unless it belongs to the class."""
    names = [name for name in inspect.signature(target).parameters if name != "self"]
    return bool(names)


def _own(module: Any) -> list[str]:
    return [name for name, value in vars(module).items() if not name.startswith("_")
            and getattr(value, "__module__", "") == module.__name__]  # fmt: skip


def _of_class(name: str, kind: type) -> dict[str, Callable[..., Any]]:
    if getattr(kind, "_is_protocol", False) or issubclass(kind, BaseException) or not _ours(kind):
        return {}
    methods = {} if name in RECORDS else {name: kind}
    for method, _ in inspect.getmembers(kind, inspect.isroutine):
        raw = inspect.getattr_static(kind, method)
        function = getattr(raw, "__func__", raw)
        if (
            (not method.startswith("_") or method == "__call__")
            and _ours(function)
            and function is not NETWORK
        ):
            methods[f"{name}.{method}"] = getattr(kind, method)
    return methods


def _ours(thing: Any) -> bool:
    return str(getattr(thing, "__module__", "")).startswith("stablegen_lib")


def tries(name: str, target: Callable[..., Any]) -> Iterator[Try]:
    """The good call, then every argument of it spoilt in every way that suits it."""
    good = CALLS[name]()
    good_result = _called(target, good)
    if isinstance(good_result, Exception):
        raise AssertionError(f"the good call of {name} failed") from good_result
    for argument in _arguments(target, good):
        for mutation in mutations(argument):
            arguments = {**CALLS[name](), argument.name: mutation.value}
            result = _called(target, arguments)
            verdict, what = _verdict(result, mutation, good_result)
            where = f"{name}({argument.name})"
            excuse = _excuse(where, mutation) if verdict == "wrong" else None
            yield Try(where, mutation.name, "excused" if excuse else verdict, excuse or what)


def _excuse(where: str, mutation: Mutation) -> str | None:
    """The place in the table that allows it; a raw error is never excused."""
    for places, names, _ in EXCEPTIONS:
        for place in places:
            if mutation.name in names and fnmatch.fnmatchcase(where, place):
                return place
    return None


def _arguments(target: Callable[..., Any], good: Mapping[str, Any]) -> Iterator[Argument]:
    function = target.__init__ if inspect.isclass(target) else inspect.unwrap(target)  # type: ignore[misc]
    hints = typing.get_type_hints(inspect.unwrap(function))
    dims = {name: _named_dims(hints.get(name)) for name in good}
    for name, value in good.items():
        if name != "self":
            others = [dim for other, of_other in dims.items() if other != name for dim in of_other]
            yield Argument(name, value, hints.get(name, Any), frozenset(others))


def _named_dims(hint: Any) -> set[str]:
    options = typing.get_args(hint) if is_union(hint) else (hint,)
    return {dim for option in options if hasattr(option, "dim_str") for dim in option.dim_str.split()
            if dim.isidentifier() and dim != "_"}  # fmt: skip


def _called(target: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    """What comes back, or the exception; of an iterator the first two steps."""
    options = dict(arguments)
    leading = [options.pop("self")] if "self" in options else []
    if isinstance(leading[0] if leading else None, Network) and target.__name__ == "forward":
        target = NETWORK
    if "*" in options:  # what stands before them can have no name either
        before = itertools.takewhile(lambda name: name in options, inspect.signature(target).parameters)
        leading += [*(options.pop(name) for name in tuple(before)), *options.pop("*")]
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            result = target(*leading, **options)
            return list(itertools.islice(result, 2)) if inspect.isgenerator(result) else result
    except Exception as error:
        return error


def _verdict(result: Any, mutation: Mutation, good: Any) -> tuple[str, str]:
    if isinstance(result, Exception):
        if _last(result).filename.startswith(HERE):
            return "right", "an error inside the function that was handed in"
        what = f"{type(result).__name__}: {result}"
        return ("raw" if mutation.deserves == EQUAL else "own words") if _own_words(result) else "raw", what
    if mutation.deserves == REFUSED:
        return "wrong", "accepted"
    if mutation.deserves == EQUAL and not _same(result, good):
        return "wrong", "another result"
    return ("right", "") if _sound(result) else ("wrong", "a number that is none")


def _own_words(error: Exception) -> bool:
    """Whether a `raise` of ours made it, and it says something."""
    last = _last(error)
    line = linecache.getline(last.filename, last.lineno or 0).strip()
    return last.filename.startswith(LIBRARY) and line.startswith("raise") and len(str(error)) > 20


def _last(error: Exception) -> traceback.FrameSummary:
    return traceback.extract_tb(error.__traceback__)[-1]


def _sound(result: Any) -> bool:
    if isinstance(result, Tensor):
        return not result.is_floating_point() or bool(result.isfinite().all())
    if isinstance(result, float):
        return math.isfinite(result)
    if isinstance(result, torch.nn.Module):
        return all(map(_sound, result.state_dict().values()))
    if isinstance(result, list | tuple):
        return all(map(_sound, result))
    if isinstance(result, dict):
        return all(map(_sound, result.values()))
    values = getattr(result, "__dict__", {}) if type(result).__module__.startswith("stablegen_lib") else {}
    return all(_sound(value) for name, value in values.items() if not name.startswith("_"))


def _same(result: Any, good: Any) -> bool:
    if isinstance(result, Tensor) and isinstance(good, Tensor):
        return torch.equal(result, good)
    if isinstance(result, float | int | str | bytes):
        return bool(result == good)
    return type(result) is type(good)


def walk(only: tuple[str, ...] = ("",), without: tuple[str, ...] = ()) -> Iterator[Try]:
    """Every try of the functions whose names begin in one of these ways, and in none of the others."""
    for name, target in public().items():
        if name.startswith(only) and not name.startswith(without) and name in CALLS:
            yield from tries(name, target)


def needless(done: list[Try]) -> list[str]:
    """Places of the table of exceptions that were walked through, and excused nothing."""
    used, walked = {each.what for each in done if each.verdict == "excused"}, {each.where for each in done}
    places = [place for group, _, _ in EXCEPTIONS for place in group]
    return [place for place in places if place not in used and fnmatch.filter(walked, place)]


def main() -> None:
    """Prints every try that failed, then the counts."""
    parser = argparse.ArgumentParser(description="Walk the public API with hostile arguments.")
    parser.add_argument("only", nargs="*", default=[""], help='names that begin so, such as "latent."')
    parser.add_argument("--without", nargs="*", default=[], help="but not those that begin so")
    parser.add_argument("--json", action="store_true", help="as one line for a program")
    asked = parser.parse_args()
    os.chdir(Path(a_file("here")).parent)  # some write where they are told to
    torch.set_num_threads(1)
    began = time.perf_counter()
    done = list(walk(tuple(asked.only), tuple(asked.without)))
    counts = Counter(each.verdict for each in done)
    failed = [each for each in done if each.verdict in ("raw", "wrong")]
    if asked.json:
        report = {"counts": counts, "needless": needless(done), "failed": [vars(each) for each in failed]}
        print(json.dumps(report))
        return
    for each in failed:
        print(f"{each.verdict}: {each.where} <- {each.mutation}: {each.what[:120]}")
    print(f"{len(done)} tries in {time.perf_counter() - began:.0f} s: {dict(counts)}")


if __name__ == "__main__":
    main()
