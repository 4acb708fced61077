"""Finds the source files that a result depends on: those of some modules and of all modules that they import.

In: names of modules. Out: files, of which a digest is part of a step's key. Imports are read from the source, so no
module is executed. Only the packages in OURS are followed. If only modules of a package are imported from it, the
package's `__init__` is left out, since through it every module would depend on every other.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

OURS = ("matinee", "matinee_export", "matinee_sample")


def source_files(modules: Sequence[str]) -> list[Path]:
    """Return the files of `modules` and of all modules of OURS that they import, directly or not, sorted by module.

    Args:
        modules: Full names; a package means its `__init__`.

    Raises:
        ModuleNotFoundError: A name in `modules` is no module.
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
    """Yield the modules of OURS that the source in `file` imports; a name imported from a module yields the module."""
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
