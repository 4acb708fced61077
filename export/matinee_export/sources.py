"""Which source files a result depends on: a module's own and, through its imports, those of the modules it uses.

In: names of modules. Out: files, to be digested. Imports are read from the source, so nothing is run. Only the three
packages that results come from are followed; a package that is only passed through on the way to one of its modules is
not, or everything would depend on everything.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

OURS = ("matinee", "matinee_export", "matinee_sample")


def source_files(modules: Sequence[str]) -> list[Path]:
    """Return the files of `modules` and of everything of ours that they import, directly or not, in a fixed order.

    Args:
        modules: Full names; a package stands for its `__init__` and what that imports.

    Raises:
        ModuleNotFoundError: There is no such module.
    """
    found: dict[str, Path] = {}
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = _file(name)
            waiting.extend(imported_modules(found[name]))
    return [found[name] for name in sorted(found)]


def imported_modules(file: Path) -> Iterator[str]:
    """Yield the names of our modules that the source in `file` imports; a name imported from a module counts as it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if _is_ours(alias.name))
        elif isinstance(node, ast.ImportFrom) and node.module and _is_ours(node.module):
            members = [f"{node.module}.{alias.name}" for alias in node.names]
            modules = [name for name in members if _is_module(name)]
            yield from modules
            if len(modules) < len(members):
                yield node.module


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in OURS


@cache
def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _file(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"no module {name!r}", name=name)
    return Path(spec.origin)
