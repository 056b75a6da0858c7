"""Names that a later cell of a lesson gives to something of another kind.

Whoever goes back and runs an earlier cell again meets the new thing there, and an error.
"""

import ast
import symtable
from collections.abc import Iterator
from dataclasses import dataclass

LITERALS: dict[type[ast.expr], str] = {
    ast.Dict: "dictionary", ast.DictComp: "dictionary", ast.List: "list", ast.ListComp: "list",
    ast.Set: "set", ast.SetComp: "set", ast.Tuple: "tuple", ast.Lambda: "function",
}  # fmt: skip
FIXED = ("function", "import")  # what may not even be replaced by its like


@dataclass(frozen=True)
class Rebound:
    """Cell ``user`` takes ``name`` from before, and cell ``culprit`` binds it anew; cells count from 0."""

    user: int
    name: str
    kind: str
    culprit: int
    new_kind: str


def rebound(sources: list[str]) -> Iterator[Rebound]:
    """The first user of each name that a later cell spoils, for the code cells of a lesson in order."""
    bound, seen = [bindings(source) for source in sources], set[tuple[str, int]]()
    for user, source in enumerate(sources):
        for name in sorted(taken(source)):
            kinds = [bound[cell][name] for cell in range(user) if name in bound[cell]]
            for culprit in range(user + 1, len(sources)):
                new = bound[culprit].get(name)
                if not kinds or new is None or (name, culprit) in seen:
                    continue
                if new != kinds[-1] or new in FIXED:
                    seen.add((name, culprit))
                    yield Rebound(user, name, kinds[-1], culprit, new)


def bindings(source: str) -> dict[str, str]:
    """What a cell leaves behind: names, and of what kind they are, as far as the code tells."""
    found: dict[str, str] = {}
    for statement in _statements(ast.parse(source).body):
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            found[statement.name] = "function"
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            found |= {(name.asname or name.name).split(".")[0]: "import" for name in statement.names}
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                found |= _assigned(target, statement.value)
        elif isinstance(statement, ast.For):
            found |= _assigned(statement.target, None)
        elif isinstance(statement, ast.With):
            for item in statement.items:
                found |= _assigned(item.optional_vars, None)
    return found


def taken(source: str) -> set[str]:
    """Names that a cell uses and does not bind itself."""
    top = symtable.symtable(source, "cell", "exec")
    return {name for name in _used(top) if name not in bindings(source)}


def _used(table: symtable.SymbolTable) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (table.get_type() == "module" or symbol.is_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _used(child)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """All that run at the top of a cell, also those in loops."""
    for statement in body:
        yield statement
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef):
            for part in ("body", "orelse", "finalbody"):
                yield from _statements(getattr(statement, part, []))


def _assigned(target: ast.expr | None, value: ast.expr | None) -> dict[str, str]:
    if isinstance(target, ast.Name):
        return {target.id: _kind(value)}
    if isinstance(target, ast.Starred):
        return _assigned(target.value, None)
    if not isinstance(target, ast.Tuple | ast.List):
        return {}
    parts = value.elts if isinstance(value, ast.Tuple) else [None] * len(target.elts)
    if len(parts) != len(target.elts):
        parts = [None] * len(target.elts)
    found: dict[str, str] = {}
    for inner, part in zip(target.elts, parts, strict=True):
        found |= _assigned(inner, part)
    return found


def _kind(value: ast.expr | None) -> str:
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "course.gap":
        return "function"
    return LITERALS.get(type(value), "value") if value is not None else "value"
