"""`matinee_export` is built in layers: a module imports only from its own folder and from what stands below it."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import matinee_export
import matinee_sample
from matinee_export.sources import imported_modules

LAYERS = (
    *("cli", "build", "study", "prepare", "bundle", "models", "embedding", "evaluation", "profile", "data", "encoders"),
    *("reports", "workspace", "sources", "log"),
)
"""Folders and modules of the package, highest first."""

PACKAGE = Path(matinee_export.__file__).parent
MODULES = {".".join(path.relative_to(PACKAGE).with_suffix("").parts): path for path in sorted(PACKAGE.rglob("*.py"))}
"""Every module of the package by its name in it, such as "data.clean"."""


def imported(path: Path) -> Iterator[str]:
    """Names in the package of what the module at `path` imports from it."""
    for name in imported_modules(path):
        package, _, rest = name.partition(".")
        if package == PACKAGE.name:
            yield rest or "__init__"


def test_every_folder_and_module_of_the_package_has_its_layer() -> None:
    assert {name.partition(".")[0] for name in MODULES} == {*LAYERS, "__init__"}


@pytest.mark.parametrize("layer", LAYERS)
def test_nothing_is_imported_from_a_layer_above(layer: str) -> None:
    allowed = {"__init__", *LAYERS[LAYERS.index(layer) :]}
    against = {
        f"{name} imports {other}"
        for name, path in MODULES.items()
        if name.partition(".")[0] == layer
        for other in imported(path)
        if other.partition(".")[0] not in allowed
    }
    assert not against


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: {other for other in imported(path) if other != name} for name, path in MODULES.items()}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_the_sample_stands_by_itself() -> None:
    for path in Path(matinee_sample.__file__).parent.rglob("*.py"):
        assert not list(imported(path)), path
